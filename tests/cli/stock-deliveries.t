#!/bin/sh
# Goods issues from deliveries: they are movements, and nothing counts twice.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T18:00:00Z
cat >sync.conf <<'END'
[stock]
source = deliveries
damping = 0s
[unit "CAR"]
base = PCE
factor = 6
END
sed '/^source/d' sync.conf >documents.conf
export SAP_OMETRIA_CONFIG=$T/sync.conf

# idoc NUMBER MESTYP TIME: the segments come by standard input.
idoc() {
	printf '<X><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT><DOCNUM>%016d</DOCNUM><IDOCTYP>X</IDOCTYP><MESTYP>%s</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>%s</CRETIM></EDI_DC40>%s</IDOC></X>\n' \
	    "$1" "$2" "$3" "$(cat)"
}
# delivery NUMBER TIME ISSUED ITEM...: goods issue at ISSUED (or -); each item is
# NUMBER:MATERIAL:QUANTITY:UNIT[:PARENT[:MORE]]
delivery() {
	number=$1 time=$2 issued=$3
	shift 3
	{
		printf '<E1EDL20 SEGMENT="1"><VBELN>0080000001</VBELN>'
		[ "$issued" = - ] ||
			printf '<E1EDT13 SEGMENT="1"><QUALF>006</QUALF><ISDD>20260302</ISDD><ISDZ>%s</ISDZ></E1EDT13>' "$issued"
		for item in "$@"; do
			echo "$item" | awk -F : '{
				printf "<E1EDL24 SEGMENT=\"1\"><POSNR>%06d</POSNR><MATNR>%s</MATNR><WERKS>1100</WERKS><LGORT>0001</LGORT><LFIMG>%s</LFIMG><VRKME>%s</VRKME>%s<VGBEL>0000000900</VGBEL><VGPOS>000010</VGPOS>%s</E1EDL24>",
				    $1, $2, $3, $4, $5 == "" ? "" : "<HIPOS>" $5 "</HIPOS>", $6 }'
		done
		printf '</E1EDL20>'
	} | idoc "$number" DESADV "$time"
}
# moved NUMBER TIME TYPE MATERIAL QUANTITY
moved() {
	printf '<E1BP2017_GM_HEAD_01 SEGMENT="1"><PSTNG_DATE>20260302</PSTNG_DATE></E1BP2017_GM_HEAD_01><E1BP2017_GM_ITEM_CREATE SEGMENT="1"><MATERIAL>%s</MATERIAL><PLANT>1100</PLANT><STGE_LOC>0001</STGE_LOC><MOVE_TYPE>%s</MOVE_TYPE><ENTRY_QNT>%s</ENTRY_QNT><ENTRY_UOM>PCE</ENTRY_UOM></E1BP2017_GM_ITEM_CREATE>' \
	    "$4" "$3" "$5" | idoc "$1" MBGMCR "$2"
}
# line: what comes, through the line; the answer is the stock of 42.
line() {
	idoc-parse -q -s s.db - | sku-normalise -q -s s.db |
	    order-aggregate -q -s s.db | stock-aggregate -q -s s.db >out
	stock
}
stock() {
	sqlite3 s.db "SELECT quantity / 1000.0 FROM stock WHERE item = '42'"
}
# The rule or outcome of each record of an IDoc.
outcomes() {
	sqlite3 s.db "SELECT coalesce(rule, outcome) FROM idoc_record AS r
	    JOIN idoc AS i ON i.id = r.idoc WHERE docnum = printf('%016d', $1)
	    ORDER BY r" | tr '\n' ' '
}

delivery 1 100000 100000 10:000000000000000042:2:PCE >issued
is "$(SAP_OMETRIA_CONFIG=documents.conf idoc-parse -q issued | jq -r .type)" \
    shipment 'by default a delivery is a shipment alone'
is "$(idoc-parse -q issued | jq -r '[.type, .id, .src.r] | join(" ")')" \
    'shipment 80000001 1
stock_movement delivery-80000001-10 2' 'else a movement as well'
idoc-parse -q issued | sed -n 2p >record
is "$(jq -r '[.delivery, .material, .plant, .location, .sign, .quantity, .unit, .posted_at] | join(" ")' record)" \
    '80000001 000000000000000042 1100 0001 - 2 PCE 2026-03-02T10:00:00Z' \
    'of its item, at the time of the goods issue'
is "$(delivery 1 090000 - 10:42:2:PCE | idoc-parse -q | jq -r 'select(.delivery) | "\(.quantity) \(.posted_at)"')" \
    '0 null' 'of nothing while that is not posted'
is "$(delivery 1 100000 100000 10:42:6:PCE 900001:42:4:PCE:10 900002:42:2:PCE:10 20:43:1:PCE |
    idoc-parse -q | jq -r 'select(.delivery) | "\(.id) \(.quantity)"' | tr '\n' ' ')" \
    'delivery-80000001-10 0 delivery-80000001-900001 4 delivery-80000001-900002 2 delivery-80000001-20 1 ' \
    'an item whose batch splits carry its quantity is not one of them'
is "$(delivery 1 100000 100000 '10:42:1:PCE::<E1EDL26 SEGMENT="1"><SHKZG>X</SHKZG></E1EDL26>' |
    idoc-parse -q | jq -r 'select(.delivery) | "\(.sign) \(.stock_type)"')" \
    '+ other' 'what comes back cannot be sold yet'
is "$(delivery 1 100000 100000 10::1:PCE | idoc-parse -q | jq -r .type)" \
    shipment 'an item without a material moves nothing'
printf '[stock]\nsource = deliveries\n[map "DESADV"]\nstock_movement.location = E1EDL24/LGPBE\nshipment.carrier = E1EDL20/VSTEL\n' >map.conf
is "$(sed 's,<LGORT>.*</LGORT>,<LGPBE>0009</LGPBE>,; s,<VBELN>,<VSTEL>P</VSTEL><VBELN>,' issued |
    idoc-parse -q -c map.conf | jq -r '.carrier // .location' | tr '\n' ' ')" \
    'P 0009 ' 'rows of a configuration for either record'
sed '/^source/d' map.conf | sed 's/^\[stock\]$//' >wrong.conf
rc_is 78 'and none for a record that is not made' idoc-parse -c wrong.conf issued

# --- folded ---

printf '{"v":1,"type":"stock_level","id":"42:1100:0001","sku":"42","plant":"1100","location":"0001","quantity":"10","as_of":"2026-03-02T07:00:00Z"}\n' |
    stock-aggregate -q -s s.db >out
is "$(delivery 11 090000 - 10:42:2:PCE | line)" 10.0 'a delivery that is planned'
is "$(delivery 12 100000 100000 10:42:2:PCE | line)" 8.0 'its goods issue'
is "$(outcomes 11):$(outcomes 12)" '0 0 :0 0 ' 'all records are settled as folded'
is "$(moved 13 100100 601 42 2 | line):$(outcomes 13)" '8.0:source-deliveries ' \
    'the material document of it is ignored, by name'
is "$(moved 14 100200 101 42 5 | line)" 13.0 'another kind of movement counts'
is "$(delivery 15 101000 100000 10:42:2:PCE | line)" 13.0 'the same goods issue again'
is "$(delivery 16 110000 - 10:42:2:PCE | line)" 15.0 'taken back'
is "$(delivery 17 103000 100000 10:42:2:PCE | line)" 15.0 \
    'an older message that comes late changes nothing'
is "$(outcomes 17)" '1 1 ' 'and is settled as superseded'
is "$(delivery 18 120000 120000 10:42:1:CAR | line)" 9.0 'issued again, a box of six'
is "$(sqlite3 s.db 'SELECT count(*) FROM exception WHERE open AND code LIKE "stock%"')" 0 \
    'none of it is an exception'
SAP_OMETRIA_CONFIG=$T/documents.conf
export SAP_OMETRIA_NOW=2026-03-02T09:00:00Z
stock-aggregate -q -s s.db <record >out
is "$?:$(stock)" 0:9.0 'where documents are the source the record of a delivery is ignored'

# --- the source changes ---

rm -f s.db*
at() {
	export SAP_OMETRIA_NOW="2026-03-02T$1:00Z"
}
at 10:30
printf '{"v":1,"type":"stock_level","id":"42:1100:0001","sku":"42","plant":"1100","location":"0001","quantity":"10","as_of":"2026-03-02T07:00:00Z"}\n' |
    stock-aggregate -q -s s.db >out
is "$(delivery 21 100000 100000 10:42:2:PCE | line)" 10.0 \
    'a delivery, whose material document is still to come'
at 11:00
SAP_OMETRIA_CONFIG=$T/sync.conf
is "$(line </dev/null)" 10.0 'now deliveries are the source'
is "$(moved 22 100500 601 42 2 | line):$(outcomes 22)" '8.0:0 ' \
    'a document that was posted before still counts'
is "$(delivery 23 110500 100000 10:42:2:PCE | line):$(outcomes 23)" \
    '8.0:0 source-documents ' 'its delivery does not'
is "$(delivery 24 113000 113000 10:42:3:PCE | sed s/0080000001/0080000002/ |
    line)" 5.0 'one that leaves now does'
is "$(moved 25 113100 601 42 3 | line):$(outcomes 25)" \
    '5.0:source-deliveries ' 'and its document does not'
at 12:00
is "$(line </dev/null)" 5.0 'later runs know since when'
is "$(moved 26 105500 601 42 1 | line)" 4.0 'as well'
done_testing

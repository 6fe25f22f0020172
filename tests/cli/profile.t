#!/bin/sh
# sync-audit profile: a clean extract has no finding; each fault that is planted
# in it is found, by its own check and by that count alone.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-05T12:00:00Z
unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
cd "$T" || exit 71

# record TYPE ID DOCNUM MESTYP KEYS: the DOCNUM is the second of the day, too.
record() {
	printf '{"v":1,"type":"%s","id":"%s","seq":"202603020600%02d.%016d",' \
	    "$1" "$2" "$3" "$3"
	printf '"src":{"sys":"ECC","client":"100","docnum":"%016d",' "$3"
	printf '"mestyp":"%s","idoctyp":"X","file":"a","n":1,"r":1},%s}\n' \
	    "$4" "$5"
}
customer() { # ID DOCNUM KEYS
	record customer "$1" "$2" DEBMAS '"kunnr":"'"$1"'","one_time":false,"deleted":false,'"$3"
}
contact_point() { # ID DOCNUM KEYS
	record contact_point "KNA1:$1" "$2" ADRMAS '"object":"KNA1","object_id":"'"$1"'","customer":"'"$1"'",'"$3"
}
order() { # ID DOCNUM CUSTOMER-KEYS LINES TOTAL [KEYS]
	record order "$1" "$2" ORDERS '"stage":"confirmed","web_order":"'"$1"'","sales_document":"8'"$1"'","kind":"order","placed_at":"2026-03-02T06:00:00Z","currency":"GBP",'"${6:-}"'"customer":{'"$3"'},"status":"open","totals":{"subtotal":"10.00","grand_total":"'"$5"'"},"lines":['"$4"']'
}
line() { # NUMBER MATERIAL
	printf '{"line":"%s","material":"%s","quantity":"1","unit":"PCE","unit_price":"10.00","subtotal":"10.00"}' \
	    "$1" "$2"
}
product() { # MATERIAL DOCNUM [KEYS]
	record product "$1" "$2" MATMAS '"material":"'"$1"'"'"${3:-}"
}
shipment() { # DELIVERY DOCNUM ORDER LINE QUANTITY UNIT
	record shipment "$1" "$2" DESADV '"posted_at":"2026-03-02T06:00:00Z","lines":[{"line":"10","sales_document":"8'"$3"'","sales_line":"'"$4"'","material":"M1","quantity":"'"$5"'","unit":"'"$6"'"}]'
}
movement() { # ID DOCNUM TYPE PLANT QUANTITY [SIGN]
	record stock_movement "$1" "$2" MBGMCR '"material":"M1","plant":"'"$4"'","location":"0001","movement_type":"'"$3"'",'"${6-\"sign\":\"+\",}"'"stock_type":"unrestricted","quantity":"'"$5"'","unit":"PCE","posted_at":"2026-03-03T06:00:00Z"'
}
credit() { # ID DOCNUM ORDER QUANTITY
	record invoice "$1" "$2" INVOIC '"kind":"credit","refers_to":{"sales_document":"8'"$3"'"},"date":"2026-03-03","currency":"GBP","lines":[{"line":"10","sales_line":"10","material":"M1","quantity":"'"$4"'","net":"10.00"}]'
}
# idoc DOCNUM TYPE MESTYP [CONTROL]: an IDoc of the segments of its input.
idoc() {
	{
		printf 'CONTROL MANDT=100|DOCNUM=%016d|IDOCTYP=%s|MESTYP=%s|SNDPRN=ECC|CREDAT=20260302|CRETIM=0600%02d%s\n' \
		    "$1" "$2" "$3" "$1" "${4:-}"
		cat
	} | awk -v form="${form:-xml}" -v width=cut -f "$ROOT/tests/idoc.awk" \
	    "$ROOT/lib/idoc/segments.tsv" -
}
material() { # DOCNUM [CONTROL]
	idoc "$1" MATMAS05 MATMAS "${2:-}"
}

name='"first_name":"Ann","last_name":"Lee","country":"GB","postcode":"LS1 4AP"'
phone='"phone":"+441134960101"'
# Another customer with all that one has.
whole() { # ID DOCNUM [KEYS]
	customer "$1" "$2" "$name,$phone${3:-}"
	contact_point "$1" $(($2 + 1)) '"emails":[{"address":"c'"$1"'@example.com","default":true}]'
}

mkdir base
{
	whole 1001 1
	product M1 3
	order 100001 4 '"id":"1001"' "$(line 10 M1)" 10.00
	shipment 700001 5 100001 10 1 PCE
	movement 2026-1-1 6 101 1100 5
	printf '{"v":1,"type":"stock_level","id":"M1:1100:0001","material":"M1","plant":"1100","location":"0001","quantity":"9","as_of":"2026-03-02T05:00:00Z"}\n'
} >base/1.jsonl
touch -d 2026-03-02T07:00:00Z base/1.jsonl

# found: the checks of the last run that found something, with their counts.
found() {
	jq -r '.checks[] | select(.count > 0) | "\(.check) \(.count)"' "$T/out"
}

rc_is 0 'a clean extract' sync-audit profile --json base
is "$(found)" '' 'no check finds anything'
is "$(jq -c '[.files, .idocs, .records, .in_them.customers, .in_them.orders]' out)" \
    '[1,0,7,1,1]' 'what is in it'
jq -r '.checks[].check' out | sort >checks
: >planted

# fault WANT DESC FILE: the file comes behind the clean extract.
fault() {
	rm -rf in
	cp -Rp base in
	cp -p "$3" in
	touch -d 2026-03-02T08:00:00Z in/2*
	rc_is 1 "$2" sync-audit profile -q --json in
	is "$(found | tr '\n' ' ' | sed 's/ $//')" "$1" "$2: found, and nothing else"
	printf '%s\n' "$1" | tr ' ' '\n' | grep '[a-z]' \
	    >>planted
}

# --- IDocs ---
material 7 <<'END' | head -n 16 >2.xml
 E1MARAM MATNR=M2
  E1MAKTM SPRAS=E|MAKTX=Boots
  E1MAKTM SPRAS=D|MAKTX=Stiefel
END
fault 'idoc-unreadable 1' 'a truncated IDoc' 2.xml
material 7 <<'END' | sed "s/BOOTS/$(printf '\377')/" >2.xml
 E1MARAM MATNR=M2
  E1MAKTM SPRAS=E|MAKTX=BOOTS
END
fault 'idoc-encoding 1' 'bytes that are no UTF-8' 2.xml
idoc 7 DEBMAS07 DEBMAS <<'END' | sed 's/Lee/\&/' >2.xml
 E1KNA1M KUNNR=0000001002|NAME1=Lee
END
fault 'customer-malformed 1' 'a customer that cannot be read' 2.xml
echo '{"v":1,' >2.jsonl
fault 'record-invalid 1' 'a line that is no record' 2.jsonl
at() { # TIME: of the records that pass
	sed 's/"seq":"202603020600[0-9]*/"seq":"20260302'"$1/"
}
product M2 7 | at 050000 >2.jsonl
fault 'idoc-late 1' 'an IDoc behind a newer one' 2.jsonl
product M1 7 | at 050000 >2.jsonl
fault 'idoc-overtaken 1' 'an IDoc behind a newer one of the same object' 2.jsonl
{
	product M1 7 | at 050000
	product M1 8 | at 060003 # at the same time
	product M2 9 | at 060004 # behind a newer one of another message
	product M4 3 | at 050000 | sed 's/"client":"100"/"client":"200"/'
	product M3 10
	product M3 10 ',"ean":"1"' | sed 's/"r":1/"r":2/' # of one IDoc
} >2.jsonl
fault 'idoc-overtaken 1' 'one of many that are in order' 2.jsonl
product M2 12 >2.jsonl
fault 'idoc-gap 5' 'missing numbers' 2.jsonl
{
	product M2 1007
	product M3 2009
} | at 060059 >2.jsonl
fault 'idoc-gap 1000' 'a thousand missing numbers, and another block' 2.jsonl
product M1 3 >2.jsonl
fault 'idoc-duplicate 1' 'the same again' 2.jsonl
product M1 3 ',"ean":"1"' >2.jsonl
fault 'idoc-number-reused 1' 'a number with other content' 2.jsonl
material 7 '|TEST=X' <<'END' >2.xml
 E1MARAM MATNR=M2
END
fault 'idoc-test 1' 'a test' 2.xml
material 7 <<'END' | sed 's/<EDI_DC40 SEGMENT="1">//; /^<TABNAM/,/EDI_DC40>/d' >2.xml
 E1MARAM MATNR=M2
END
fault 'idoc-no-control 1' 'no control record' 2.xml
idoc 7 ZTHING01 ZTHING <<'END' >2.xml
 Z1THING NAME=x
END
fault 'idoc-unmapped 1' 'a message that nothing reads' 2.xml
material 7 <<'END' >2.xml
 E1MARAM MATNR=M2
  Z1MARA ZZCLUB=A
  Z1MARA ZZCLUB=B
END
fault 'segment-custom 2' 'segments of the client' 2.xml
material 7 <<'END' >2.xml
 E1MARAM MATNR=M2
  E1MBEWM BWKEY=1100
END
fault 'segment-unmapped 1' 'a standard segment that nothing reads' 2.xml

# --- values ---
product M2 7 ',"titles":{"EN":"M#tze"}' >2.jsonl
fault 'text-damaged 1' 'a lost character' 2.jsonl
dated() { # DATE
	material 7 <<END
 E1MARAM MATNR=M2|LAEDA=$1
END
}
dated 20260231 >2.xml
fault 'date-invalid 1' 'a day that was none' 2.xml
(form=flat; dated 20260231) >2.txt
fault 'date-invalid 1' 'the same in a flat file' 2.txt
dated 18500101 >2.xml
fault 'date-implausible 1' 'a change long ago' 2.xml
{
	material 7 <<'END'
 E1MARAM MATNR=M2|ERSDA=18991231|LAEDA=21010101
END
	material 8 <<'END'
 E1MARAM MATNR=M3|ERSDA=19000101|LAEDA=21001231
END
} >2.xml
fault 'date-implausible 2' 'a day before the first one, and one behind the last' 2.xml
idoc 7 DEBMAS07 DEBMAS <<'END' >2.xml
 E1KNA1M KUNNR=0000001001|NAME1=Ann|NAME2=Lee|LAND1=QQ|PSTLZ=LS1 4AP|TELF1=+44 113 4960101
END
fault 'country-invalid 1' 'a country that is none' 2.xml
customer 1001 7 "$(echo "$name" | sed 's/LS1/LS/'),$phone" >2.jsonl
fault 'postcode-invalid 1' 'a postcode of no form' 2.jsonl
contact_point 1001 7 '"emails":[{"address":"c1001@example.com","default":true},{"address":"nobody"}]' >2.jsonl
fault 'email-invalid 1' 'an address that is none' 2.jsonl
contact_point 1001 7 '"emails":[{"address":"c1001@example.com","default":true}],"phones":[{"number":"12"}]' >2.jsonl
fault 'phone-invalid 1' 'a phone number that is none' 2.jsonl

# --- customers ---
customer 1002 7 "$name" >2.jsonl
fault 'customer-unreachable 1' 'neither e-mail nor phone' 2.jsonl
customer 1002 7 "$name,$phone" >2.jsonl
fault 'customer-no-email 1' 'no e-mail address' 2.jsonl
whole 1002 7 | sed 's/,"phone":"[^"]*"//' >2.jsonl
fault 'customer-no-phone 1' 'no phone' 2.jsonl
whole 1002 7 | sed 's/c1002@/C1001@/' >2.jsonl
fault 'customer-shared-email 2' 'a shared address' 2.jsonl
whole 1002 7 | sed 's/"deleted":false/"deleted":true/' >2.jsonl
fault 'customer-deleted 1' 'a deletion flag' 2.jsonl
{
	customer 1002 7 "$name"
	customer 1003 8 "$name,$phone"
	whole 1004 9 | sed 's/,"phone":"[^"]*"//'
	whole 1005 11 ',"sales_areas":[{"sales_org":"1000","channel":"10","deleted":true}]'
} | sed 's/"deleted":false/"deleted":true/' >2.jsonl
whole 1006 13 | sed 's/"one_time":false/"one_time":true/; s/c1006@/c1001@/' >>2.jsonl
fault 'customer-deleted 4' 'who is not to be reached lacks nothing, and shares nothing' 2.jsonl
whole 1002 7 ',"sales_areas":[{"sales_org":"1000","channel":"10","deleted":true}]' >2.jsonl
fault 'area-deleted 1' 'deleted in a sales area' 2.jsonl
{
	whole 1002 7 | sed 's/"deleted":false/"deleted":true/'
	customer 1002 9 "$name,$phone"
} >2.jsonl
fault 'customer-flag-cleared 1' 'a flag that was taken back' 2.jsonl
long=0123456789012345678901234567890123456789012345678901234567890123456789
whole 1002 7 | sed "s/Lee/$long/" >2.jsonl
fault 'contact-field-cut 1' 'a name that is too long' 2.jsonl

# --- orders ---
{
	customer 1002 7 "$name" | sed 's/"one_time":false/"one_time":true/'
	order 100002 8 '"id":"1002"' "$(line 10 M1)" 10.00
} >2.jsonl
fault 'order-one-time 1' 'a one-time account in use' 2.jsonl
order 100002 7 '"one_time":true' "$(line 10 M1)" 10.00 | sed 's/"one_time":true//2' |
    sed 's/"customer":{"one_time":true}/"customer":{}/' >2.jsonl
fault 'order-no-customer 1' 'an order of nobody' 2.jsonl
order 100002 7 '"id":"1099"' "$(line 10 M1)" 10.00 >2.jsonl
fault 'order-unknown-customer 1' 'an order of somebody unknown' 2.jsonl
ok 'orders alone' sync-audit profile -q --json 2.jsonl
is "$(found)" '' 'say nothing about customers'
{ # its own number first, then the shop's, behind so many that it was written
	order 100002 7 '"id":"1099"' "$(line 10 M1)" 10.00 |
	    sed 's/"id":"100002"/"id":"8100002"/; s/"web_order":"100002",//'
	order 300000 7 '"id":"1001"' "$(line 10 M1)" 10.00 | awk '{
		for (i = 2; i < 700; i++) {
			line = $0
			gsub(/300000/, 300000 + i, line)
			sub(/"r":1/, "\"r\":" i, line)
			print line
		}
	}'
	order 100002 8 '"id":"1099"' "$(line 10 M1)" 10.00
} >2.jsonl
fault 'order-unknown-customer 1' 'an order that has left its first number' 2.jsonl
is "$(jq .in_them.orders out)" 700 'it is one order'
order 100002 7 '"id":"1001"' "$(line 10 M1)" 12.00 >2.jsonl
fault 'order-totals-mismatch 1' 'totals that do not add up' 2.jsonl
order 100002 7 '"id":"1001"' '{"line":"10","quantity":"1","unit":"PCE","unit_price":"10.00","subtotal":"10.00"}' 10.00 >2.jsonl
fault 'order-no-sku 1' 'a line without a material' 2.jsonl
order 1234567890123456789012345678901234567890 7 '"id":"1001"' "$(line 10 M1)" 10.00 >2.jsonl
fault 'order-id-invalid 1' 'a number that is too long' 2.jsonl
{
	whole 1002 7
	order 100001 9 '"id":"1002"' "$(line 10 M1)" 10.00 | sed 's/8100001/9100001/'
} >2.jsonl
fault 'order-two-customers 1' 'one web order of two customers' 2.jsonl
{
	whole 1002 7
	printf '{"v":1,"type":"order","id":"100009","stage":"provisional","web_order":"100009","placed_at":"2026-03-02T06:00:00Z","currency":"GBP","customer":{"email":"c1002@example.com"},"status":"open","totals":{"subtotal":"10.00","grand_total":"10.00"},"lines":[%s]}\n' "$(line 10 M1)"
} >2.jsonl
fault 'order-unconfirmed 1' 'an order that SAP does not confirm' 2.jsonl
credit 900001 7 100077 1 >2.jsonl
fault 'order-unknown-original 1' 'a credit memo of an unknown order' 2.jsonl
credit 900001 7 100001 2 >2.jsonl
fault 'order-over-credited 1' 'more credited than ordered' 2.jsonl
{
	order 100002 7 '"id":"1001"' "$(line 10 M1),$(line 20 M1)" 20.00 | sed 's/"subtotal":"10.00","grand/"subtotal":"20.00","grand/'
	order 100002 8 '"id":"1001"' "$(line 10 M1)" 10.00
} >2.jsonl
fault 'order-line-vanished 1' 'a line that is gone' 2.jsonl
shipment 700002 7 100077 10 1 PCE >2.jsonl
fault 'shipment-without-order 1' 'a delivery of an unknown order' 2.jsonl
shipment 700002 7 100001 77 1 PCE >2.jsonl
fault 'shipment-unknown-line 1' 'a delivery of an unknown item' 2.jsonl
shipment 700001 7 100001 10 3 PCE >2.jsonl
fault 'shipment-over 1' 'too much' 2.jsonl
shipment 700001 7 100001 10 1 KGM >2.jsonl
fault 'shipment-unit 1' 'a unit that cannot be compared' 2.jsonl

shipment 700001 7 100001 10 1 PCE | sed 's/"posted_at":"[^"]*"/"reversed":true/' >2.jsonl
fault 'shipment-reversed 1' 'goods issue taken back' 2.jsonl

# --- products and stock ---
product 000012 7 >2.jsonl
fault 'sku-padded 1' 'leading zeros' 2.jsonl
{
	product 000012 7
	product 12 8
} >2.jsonl
fault 'sku-padded 1 sku-spellings 1' 'two spellings of a number' 2.jsonl
{
	product A-1 7
	product A1 8
} >2.jsonl
printf '[sku]\nstrip = "-"\n' >sync.conf
SAP_OMETRIA_CONFIG=$T/sync.conf
export SAP_OMETRIA_CONFIG
fault 'sku-collision 1' 'two materials with one SKU' 2.jsonl
unset SAP_OMETRIA_CONFIG
product m1 7 >2.jsonl
fault 'sku-twins 2' 'SKUs that differ by case' 2.jsonl
product M2 7 ',"deleted":true' >2.jsonl
fault 'product-deleted 1' 'a product that is gone' 2.jsonl
{
	movement 2026-2-1 7 Z99 1100 1 ''
	movement 2026-3-1 8 Z99 1100 1 ''
} >2.jsonl
fault 'stock-unknown-movement 2' 'movements of a type that nobody knows' 2.jsonl
movement 2026-1-1 7 101 1100 6 >2.jsonl
fault 'stock-conflict 1' 'a movement with two contents' 2.jsonl
movement 2026-2-1 7 101 1200 1 >2.jsonl
fault 'stock-no-baseline 1' 'a plant without a snapshot' 2.jsonl
movement 2026-2-1 7 601 1100 99 '"sign":"-",' >2.jsonl
fault 'stock-negative 1' 'less than nothing' 2.jsonl
order 100002 7 '"id":"1001"' "$(line 10 M1)" 10.00 '"payment_method":"'$long'",' >2.jsonl
fault 'field-limit 1' 'a method that is too long' 2.jsonl

is "$(sort -u planted | grep -v '^[0-9]*$' | tr '\n' ' ')" "$(tr '\n' ' ' <checks)" \
    'a fault of every kind was planted'

# --- standard input ---

# checks FILE: what was found, with examples; a file is named as it came.
checks() { jq -c '[.records, .idocs, .in_them, .volumes, .checks]' "$1"; }
rm -rf in
cp -Rp base in
product m1 7 >in/2.jsonl
touch -d 2026-03-02T08:00:00Z in/2.jsonl
rc_is 1 'records of a folder' sync-audit profile -q --json in
cp out files
rc_is 1 'and the same of a pipe' sh -c 'cat in/*.jsonl | sync-audit profile -q --json -'
is "$(checks out)" "$(checks files)" 'are the same audit'
rc_is 1 'one file behind another one, on standard input' \
    sync-audit profile -q --json base - <in/2.jsonl
is "$(checks out)" "$(checks files)" 'come in that order'
material 7 <<'END' >2.xml
 E1MARAM MATNR=M2
END
ok 'IDocs on standard input' sync-audit profile -q --json - <2.xml
is "$(jq -c '[.idocs, .in_them.materials]' out)" '[1,1]' 'are read twice, too'
material 8 <<'END' | head -n 16 >>2.xml
 E1MARAM MATNR=M3
  E1MAKTM SPRAS=E|MAKTX=Boots
  E1MAKTM SPRAS=D|MAKTX=Stiefel
END
idoc-parse -q 2.xml >records 2>line.err
rc_is 1 'what idoc-parse made of IDocs' sync-audit profile -q --json - <records
is "$(found) $(jq -r '.checks[0].examples[0], .idocs, .records' out | tr '\n' ' ')" \
    'idoc-unreadable 1 idoc-truncated 0000000000000008 1 1 ' \
    'what it could not read is a finding'
rc_is 64 'standard input twice' sync-audit profile - - </dev/null
like "$(cat err)" 'there is one of' 'is refused'
ok 'nothing on it' sync-audit profile - </dev/null
TMPDIR=$T/none sync-audit profile - <2.xml >out 2>err
is $? 73 'no place to keep it'

# --- segments of the client, in flat files ---

cat >report <<'END'
BEGIN_SEGMENT_SECTION
BEGIN_IDOC DEBMAS07
BEGIN_SEGMENT Z2KNA1E000
SEGMENTTYPE Z1KNA1E
LEVEL 02
BEGIN_FIELDS
NAME MAIL
TYPE CHARACTER
LENGTH 000030
CHARACTER_FIRST 000064

END_FIELDS
END_SEGMENT
END_IDOC
END_SEGMENT_SECTION
END
printf '[map "DEBMAS"]\ncustomer.email = Z1KNA1E/MAIL\n' >map.conf
{
	form=flat
	idoc 7 DEBMAS07 DEBMAS <<'END'
 E1KNA1M MSGFN=005|KUNNR=0000001002|NAME1=Ann|NAME2=Lee|LAND1=GB
END
	printf '%-30s100%016d%06d%06d%02d%s\n' Z2KNA1E000 7 2 1 3 c1002@example.com
} >2.txt
rc_is 1 'a flat file with a segment that nobody knows' \
    sync-audit profile -q --json -c map.conf 2.txt
is "$(found | tr '\n' ' ')" 'customer-malformed 1 ' \
    'whose field is asked for'
rc_is 1 'with the report of SAP about it' \
    sync-audit profile -q --json -c map.conf --segments report 2.txt
is "$(found | tr '\n' ' ') $(jq .in_them.customers out)" 'customer-no-phone 1  1' \
    'it can be read'
rc_is 66 'a report that is not there' \
    sync-audit profile --segments nothing 2.txt
rc_is 64 'segments of other commands' sync-audit status --segments report

# --- the manual, and what is refused ---

sync-audit profile -q --json base | jq -r '.checks[] |
    "\(.check) \(.what); of all \(.unit). Effect: \(.effect). Rule: \(.rule)."' |
    tr -s ' \n' '\n\n' >want
mandoc -T ascii -O width=1000 "$ROOT/man/sap-ometria-profile.7" |
    sed "s/.$(printf '\b')//g" |
    sed -n '/idoc-unreadable/,/^SEE ALSO/p' | sed '$d' | tr -s ' \n' '\n\n' |
    sed '/^$/d' >got
is "$(cat got)" "$(cat want)" 'sap-ometria-profile(7) says what the checks are'

rc_is 66 'a file that is not there' sync-audit profile nothing
rc_is 64 'no file' sync-audit profile
rc_is 64 'a device' sync-audit profile /dev/null
mkdir empty temporary
TMPDIR=$T/temporary
export TMPDIR
rc_is 0 'an empty folder' sync-audit profile empty
like "$(cat out)" '^0 files: 0 IDocs, 0 records$' 'and nothing in it'
rc_is 1 'nothing but words' sync-audit profile -q "$ROOT/README"
like "$(cat out)" '^idoc-unreadable +1 ' 'is a finding'
is "$(ls temporary)" '' 'nothing is left behind'
contact_point 1001 7 '"emails":[{"address":"c1001@example.com","default":true},{"address":"nobody"}]' >in/2.jsonl
for form in --json -q; do
	sync-audit profile "$form" in >out
	is "$(grep -cE '@example|Ann|Lee|LS1|4960101' out)" 0 \
	    "no personal data ($form)"
done
done_testing

#!/bin/sh
# One inbox, one line and one Ometria with a fault of every kind that an
# exception can tell: each is found under its code and about its subject, and
# nothing else is.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

cd "$T" || exit 71
unset CREDENTIALS_DIRECTORY
export SAP_OMETRIA_STATE="$T/sync.db" SAP_OMETRIA_CONFIG="$T/sync.conf"
cat >sync.conf <<'END'
[ometria]
rate = 0
settle = 1ms
gap = 0s
retry = 10ms
timeout = 2s
visible-within = 0s
[sku]
map = map.csv
strip = "-"
[stock]
skew = 0s
END
printf 'MAPPED,OLD\n' >map.csv
mkdir in
: >planted

# plant CODE SUBJECT: what is to be found in the end.
plant() { printf '%s\t%s\n' "$1" "$2" >>planted; }

# --- files ---

# idoc NUMBER MESTYP IDOCTYP SEGMENTS: one as XML.
idoc() {
	printf '<%s><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>' "$3"
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>%s</IDOCTYP>' "$1" "$3"
	printf '<MESTYP>%s</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT>' "$2"
	printf '<CRETIM>070000</CRETIM></EDI_DC40>%s</IDOC></%s>\n' "$4" "$3"
}
customer_segment() {
	printf '<E1KNA1M SEGMENT="1"><MSGFN>005</MSGFN><KUNNR>%s</KUNNR>' "$1"
	printf '<LAND1>GB</LAND1><NAME1>%s</NAME1><TELF1>%s</TELF1></E1KNA1M>' \
	    "$2" '+441134960000'
}
head_segment='<E1EDK01 SEGMENT="1"><BELNR>1</BELNR>'

idoc 1 DEBMAS DEBMAS07 "$(customer_segment 0000001001 Good)" >in/good.xml
idoc 2 ORDERS ORDERS05 "$head_segment" >in/malformed.xml
plant idoc-malformed idoc:0000000000000002
idoc 3 ORDERS ORDERS05 "$head_segment" | sed 's/<BELNR>.*/<BEL/' >in/truncated.xml
plant idoc-truncated idoc:0000000000000003
{
	idoc 4 ORDERS ORDERS05 '' | sed 's/<.IDOC>.*//'
	printf '%s</E1EDK01><E1EDP01 SEGMENT="1"><POSEX>10</POSEX><E1EDP19 SEGMENT="1"><QUALF>002</QUALF><IDTNR>77</IDTNR><KTEXT>' "$head_segment"
	awk 'BEGIN { for (i = 0; i < 50000; i++) printf "%0100d", 0 }'
	echo '</KTEXT></E1EDP19></E1EDP01></IDOC></ORDERS05>'
} >in/large.xml
plant idoc-too-large idoc:0000000000000004
{
	echo '<!DOCTYPE x [<!ENTITY a "b">]>'
	idoc 5 ORDERS ORDERS05 "$head_segment</E1EDK01>"
} >in/hostile.xml
plant idoc-hostile idoc:0000000000000005
idoc 6 ORDERS ORDERS05 \
    "$head_segment<BSTNK>$(printf '\377')</BSTNK></E1EDK01>" >in/encoding.xml
plant idoc-encoding idoc:0000000000000006
idoc 7 ZNEWS ZNEWS01 '<Z1NEWS SEGMENT="1"><A>1</A></Z1NEWS>' >in/unmapped.xml
plant idoc-unmapped message:ZNEWS
{
	printf '%-10s100%016d750 30%-4s%-60s%-30s%-49s%-10s\n' EDI_DC40 11 1 \
	    WMMBID02 WMMBXY '' ECC
	printf '%-30s100%-30s%s\n' E2MBXYH '' 20260302 E2MBXYI '' ''
} >in/flat.txt
plant idoc-no-layout idoc:0000000000000011
idoc 9 DEBMAS DEBMAS07 "$(customer_segment 0000001009 Good)" |
    sed 's,</NAME1>,,' >in/customer.xml
plant customer-malformed customer:1009
echo 'not an IDoc' >in/notes.txt
plant file-unreadable file:in/notes.txt
echo '{"v":1,"type":"order"' >in/shop.jsonl
plant record-invalid 'line:in/shop.jsonl#1'

export SAP_OMETRIA_NOW=2026-03-02T08:00:00Z
parse() { idoc-parse -q --settle 0 in 2>>parse.err; }
line() {
	sku-normalise | customer-aggregate -q | order-aggregate -q |
	    stock-aggregate -q | ometria-push -q --url "$SANDBOX_URL" \
		--api-key-file key >>line.out 2>>line.err
}
sandbox_start --rate 0 --data-rate 0
parse | line
idoc 8 DEBMAS DEBMAS07 "$(customer_segment 0000001008 Good)" >in/number.xml
parse | line
idoc 8 DEBMAS DEBMAS07 "$(customer_segment 0000001008 Other)" >in/number.xml
plant idoc-number-reused idoc:0000000000000008
parse | line

# --- records ---

echo 100 >number
# record TYPE ID REST: of an IDoc of its own, each later than the one before.
record() {
	number=$(($(cat number) + 1))
	echo "$number" >number
	printf '{"v":1,"type":"%s","id":"%s","seq":"20260302080%03d.%016d",' \
	    "$1" "$2" "$number" "$number"
	printf '"src":{"sys":"ECC","client":"100","docnum":"%016d",' "$number"
	printf '"mestyp":"M","n":1,"r":1},%s}\n' "$3"
}
customer() {
	record customer "$1" "\"kunnr\":\"$1\",\"last_name\":\"Good\",$2"
}
mail() { printf '"email":"c%s@example.com"' "$1"; }
# order ID DOCUMENT LINES [REST]
order() {
	record order "$1" "\"stage\":\"confirmed\",\"web_order\":\"$1\",\"sales_document\":\"$2\",\"placed_at\":\"2026-03-02T08:00:00Z\",\"currency\":\"GBP\",\"customer\":{\"id\":\"${4:-1001}\"},\"lines\":[$3],\"totals\":{\"subtotal\":\"9.00\",\"grand_total\":\"9.00\"}"
}
item() {
	printf '{"line":"%s","sku":"77","quantity":"%s","unit":"%s","subtotal":"9.00","total":"9.00"}' \
	    "$1" "$2" "${3:-ST}"
}
# shipment ID DOCUMENT LINE QUANTITY [UNIT]
shipment() {
	record shipment "$1" "${6-\"posted_at\":\"2026-03-02T08:00:00Z\",}\"lines\":[{\"line\":\"10\",\"sales_document\":\"$2\",\"sales_line\":\"$3\",\"quantity\":\"$4\",\"unit\":\"${5:-ST}\"}]"
}
credit() {
	record invoice "$1" "\"kind\":\"credit\",\"currency\":\"GBP\",\"refers_to\":{\"sales_document\":\"$2\"},\"lines\":[{\"line\":\"10\",\"sales_line\":\"10\",\"quantity\":\"$3\",\"net\":\"9.00\"}]"
}
# movement ID MATERIAL PLANT REST
movement() {
	record stock_movement "$1" "\"material\":\"$2\",\"plant\":\"$3\",\"location\":\"0001\",\"unit\":\"ST\",\"posted_at\":\"2026-03-02T08:00:00Z\",$4"
}
level() {
	record stock_level "$1:1100:0001" "\"material\":\"$1\",\"plant\":\"1100\",\"location\":\"0001\",\"quantity\":\"$2\",\"as_of\":\"2026-03-02T$3:00Z\""
}

# What comes first, and is as it should be.
{
	customer 1001 "$(mail 1001)"
	customer 2003 "$(mail 2003),\"deleted\":true"
	customer 2006 "$(mail 2006)"
	customer 2007 "$(mail 2007)"
	record product MAPPED '"material":"MAPPED"'
	order W4001 5001 "$(item 10 1),$(item 20 1)"
	order W4002 5002 "$(item 10 1)"
	order W4005 5005 "$(item 10 1)"
	order W4006 5006 "$(item 10 1)"
	shipment 8006 5006 10 1
	level 78 5 07:00
	level 79 5 07:00
} | line
is "$(sync-audit exceptions | wc -l)" "$(($(wc -l <planted) + 1))" \
    'the files have what was planted'

customer 2001 '"first_name":"Good"' >faults
plant customer-no-identity customer:2001
customer 2002 "$(mail 1001)" >>faults
plant customer-shared-email customer:1001
customer 2003 "$(mail 2003),\"deleted\":false" >>faults
plant customer-flag-cleared customer:2003
customer 2004 "$(mail 2004),\"privacy_block\":true" >>faults
plant deletion-request customer:2004
customer 2005 "$(mail 2004)" >>faults
plant customer-suppressed customer:2005
customer 2006 "$(mail 2006),\"one_time\":true" >>faults
plant customer-one-time customer:2006
customer 2008 "$(mail 2008),\"first_name\":\"$(printf '%0300d' 0)\"" >>faults
plant contact-field-cut customer:2008
customer 2009 "$(mail 2009),\"country\":\"G1\"" >>faults
plant customer-rejected customer:2009
long=$(printf '%0300d' 0 | tr 0 9)
customer "$long" "$(mail 2010),\"deleted\":true" >>faults
plant push-limit "contact:$long"
plant deletion-overdue "customer:$long"

record product A-1 '"material":"A-1"' >>faults
record product A1 '"material":"A1"' >>faults
plant sku-collision sku:A1
printf 'MAPPED,NEW\n' >map.csv
plant sku-mapping-changed material:MAPPED
record stock_movement 2026-1-1 '"plant":"1100","quantity":"1","sign":"+"' >>faults
plant sku-missing stock_movement:2026-1-1

order W4003 5003 "$(item 10 1)" | sed 's/"grand_total":"9.00"/"grand_total":"8.00"/' >>faults
plant order-totals-mismatch order:W4003
order "W$(printf '%040d' 0)" 5004 "$(item 10 1)" >>faults
plant order-id-invalid order:5004
order W4004 '' "$(item 10 1)" | jq -c '.stage = "provisional" | del(.src, .seq,
    .sales_document)' >>faults
plant order-unconfirmed order:W4004
order W4001 5001 "$(item 10 1)" >>faults
plant order-line-vanished order:W4001
order W4002 5009 "$(item 10 1)" 1008 >>faults
plant order-two-customers order:5009
credit 9001 5099 1 >>faults
plant order-unknown-original invoice:9001
credit 9002 5005 2 >>faults
plant order-over-credited order:W4005

order W4010 5010 "$(item 10 1)" >>faults
shipment 8010 5010 10 2 >>faults
plant shipment-over order:W4010
order W4011 5011 "$(item 10 1)" >>faults
shipment 8011 5011 90 1 >>faults
plant shipment-unknown-line shipment:8011
shipment 8012 5012 10 1 >>faults
plant shipment-without-order shipment:8012
shipment 8006 5006 10 1 ST '' >>faults
plant shipment-reversed order:W4006
order W4013 5013 "$(item 10 1 CAR)" >>faults
shipment 8013 5013 10 1 >>faults
plant shipment-unit shipment:8013

movement 2026-2-1 80 1200 '"quantity":"1","sign":"+"' >>faults
plant stock-no-baseline plant:1200
movement 2026-3-1 78 1100 '"quantity":"9","sign":"-"' >>faults
plant stock-negative sku:78
movement 2026-4-1 79 1100 '"quantity":"1","movement_type":"Z41"' >>faults
plant stock-unknown-movement movement_type:Z41
movement 2026-5-1 79 1100 '"quantity":"1","sign":"+"' >>faults
movement 2026-5-1 79 1100 '"quantity":"2","sign":"+"' >>faults
plant stock-conflict stock_movement:2026-5-1
level 79 1 07:59 >>faults
plant stock-drift stock_level:79:1100:0001

# Desired records, as a filter without a state gives them.
printf '{"v":1,"type":"desired","id":"order:X1","kind":"order","body":{"order_id":"X1","placed_at":"2026-03-01T09:00:00Z","status":"confirmed","valid":true,"currency":"gbp","subtotal":"1.00","grand_total":"1.00","lines":[{"sku":"77","quantity":"1","unit_price":"1.00"}]}}\n' >>faults
plant push-rejected order:X1
printf '{"v":1,"type":"desired","id":"custom_event:shipped-X2","kind":"custom_event","body":{"event":"order_shipped","event_id":"shipped-X2","at":"2026-03-02T01:00:00Z","email":"x2@example.com","order_id":"X2"}}\n' >>faults
plant event-late custom_event:shipped-X2
SAP_OMETRIA_NOW=2026-03-02T08:10:00Z
line <faults

# --- Ometria ---

# A record that is lost, and one that somebody else has changed; that they are
# sent again is not to be seen, which would close both.
export SAP_OMETRIA_CONFIRM=none
order W4020 5020 "$(item 10 1)" | line
order W4021 5021 "$(item 10 1)" | line
sqlite3 sandbox.db "DELETE FROM record WHERE id = 'W4020';
    UPDATE record SET body = replace(body, '\"status\":\"confirmed\"',
	'\"status\":\"pending\"') WHERE id = 'W4021'"
plant push-missing order:W4020
plant push-differs order:W4021
sync-audit verify --all --url "$SANDBOX_URL" --api-key-file key >verify.out 2>&1

# A record that its aggregator did not get.
level 79 1 08:00 | ometria-push -q --url "$SANDBOX_URL" --api-key-file key \
    >>line.out 2>>line.err
plant stage-missing type:stock_level

# An error that names no record.
sandbox_stop
sandbox_start --rate 0 --data-rate 0 --set errors=flat
{
	customer 2020 "$(mail 2020)"
	customer 2021 "$(mail 2021),\"country\":\"G1\""
} | line
plant push-unconfirmed errors:ometria
plant push-missing contact:2021

# Time passes, and the key is refused.
sandbox_stop
sandbox_start --rate 0 --data-rate 0 --fault 401@1
SAP_OMETRIA_NOW=2026-03-03T09:00:00Z
order W4022 5022 "$(item 10 1)" | line
plant push-refused-key key:ometria

# A tool that dies of one IDoc, three times; by the real clock, for what is older
# than the machine's start counts as stopped with it.
unset SAP_OMETRIA_NOW
mkdir poison
idoc 10 DEBMAS DEBMAS07 "$(customer_segment 0000001010 Good)" >poison/poison.xml
runs() { sqlite3 -cmd '.timeout 10000' sync.db "SELECT count(*) FROM run
    WHERE tool = 'customer-aggregate' AND pid = $1"; }
mkfifo to
for i in 1 2 3; do
	customer-aggregate -q <to >/dev/null &
	tool=$!
	exec 3>to
	until_is 1 runs "$tool" >/dev/null
	idoc-parse -q --settle 0 poison >/dev/null 2>>parse.err
	kill -KILL "$tool"
	wait "$tool" 2>/dev/null
	exec 3>&-
done
idoc-parse -q --settle 0 poison >/dev/null 2>>parse.err
plant idoc-set-aside idoc:0000000000000010
plant customer-malformed customer:1010

sync-audit exceptions | sed 1d | cut -f 1,4 | sort >found
is "$(cut -c 1-60 found)" "$(sort planted | cut -c 1-60)" \
    'each is found about its subject, and nothing else'
cut -f 1 planted | sort | uniq -c >counts
while read -r count code; do
	is "$(sync-audit exceptions --code "$code" | sed 1d | wc -l)" "$count" "$code"
done <counts
sync-audit catalogue | sed 1d | cut -f 1 | sort >codes
cut -f 1 planted | sort -u | comm -23 codes - | while read -r code; do
	grep -rlF -e "$code" "$ROOT/tests" | grep -q . || echo "$code"
done >lacking
is "$(cat lacking)" '' 'every other code of the catalogue has a test of its own'
done_testing

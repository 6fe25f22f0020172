#!/bin/sh
# order-aggregate at the shell: two stages, identity, one fulfilment event,
# settlement; with a state and without.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
docnum=700000

# order ID SEQ STAGE REST..., shipment ID SEQ REST...: one record of SAP.
record() {
	docnum=$((docnum + 1))
	printf '{"v":1,"type":"%s","id":"%s","seq":"%s.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"M","r":1},%s}\n' \
	    "$1" "$2" "$3" "$docnum" "$docnum" "$4"
}
lines='"lines":[{"line":"10","material":"000000000000012345","quantity":"2.000","unit":"PCE","unit_price":"20.00","subtotal":"40.00"},{"line":"20","material":"SCARF-RED","quantity":"1.000","unit":"PCE","unit_price":"15.00","subtotal":"15.00"}]'
totals='"totals":{"subtotal":"55.00","discount":"-5.00","shipping":"4.00","tax":"10.80","grand_total":"64.80"}'
head='"placed_at":"2026-03-02T08:00:00Z","currency":"GBP"'
ships() {
	printf '"posted_at":"%s","carrier":"Post","tracking_number":"T%s","lines":[{"line":"10","sales_document":"5000001","sales_line":"%s","quantity":"%s","unit":"PCE"}]' \
	    "$1" "$2" "$2" "$3"
}

cat >shop <<EOF
{"v":1,"type":"order","id":"W100001","stage":"provisional","web_order":"W100001",$head,"customer":{"email":"a@example.com"},"coupon":"SPRING","payment_method":"card","channel":"mobile app","lines":[{"sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"sku":"SCARF-RED","quantity":"1","unit_price":"15.00"}],$totals}
EOF
record order W100001 20260302080500 "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"sales_document\":\"5000001\",\"sales_area\":{\"sales_org\":\"1000\",\"channel\":\"10\"},$head,\"customer\":{\"id\":\"1001\"},$lines,$totals" >sap
record order W100001 20260302090000 '"stage":"rejected","web_order":"W100001","sales_document":"5000001"' >refused
record shipment 8001 20260302100000 "$(ships 2026-03-02T10:00:00Z 10 2)" >ship1
record shipment 8002 20260302110000 "$(ships 2026-03-02T11:00:00Z 20 1)" >ship2
record shipment 8002 20260302113000 "$(ships '' 20 1)" >back

# The bodies of what leaves in the end.
body() { jq -c 'select(.type == "desired" and .kind == "'"$1"'") | .body' "$T/out"; }
field() { body "$1" | jq -r "$2"; }
codes() { jq -r 'select(.type == "exception") | .code' "$T/out" | tr '\n' ' '; }
sql() { sqlite3 s.db "$1"; }
fold() { cat "$@" | order-aggregate -s s.db; }

ok 'the shop alone' sh -c 'order-aggregate <shop'
is "$(jq -r '[.id, .kind, .urgent] | join("|")' "$T/out")" \
    'order:W100001|order|true' 'a pending order is urgent'
is "$(field order '[.status, .valid, .grand_total, .customer.email, .lines[0].subtotal] | join("|")')" \
    'pending|true|64.80|a@example.com|40.00' 'with what the shop knows'

cat >uk.conf <<'EOF'
[sales-area "1000/10"]
store = example.com/uk
[order]
pending-valid = no
totals-mismatch = withhold
EOF
ok 'pending-valid = no' sh -c 'order-aggregate -c uk.conf <shop'
is "$(field order .valid)" false 'a pending order does not count'
ok 'the shop, then SAP' sh -c 'cat shop sap | order-aggregate -c uk.conf'
is "$(field order '[.status, .valid, .store, .channel, .coupon, .payment_method, .customer.id, .customer.email, .lines[0].sku, .lines[0].title, .properties.sap_sales_document] | join("|")')" \
    'confirmed|true|example.com/uk|mobile app|SPRING|card|1001|a@example.com|12345|Shirt|5000001' \
    'SAP enriches, nothing of the shop is lost'
body order >first
ok 'SAP, then the shop' sh -c 'cat sap shop | order-aggregate -c uk.conf'
is "$(body order)" "$(cat first)" 'is the same order'
ok 'SAP refuses' sh -c 'cat shop refused | order-aggregate'
is "$(field order '[.status, .valid, .grand_total] | join("|")')" \
    'cancelled|false|64.80' 'cancelled, not valid, last totals'
ok 'a refusal before the order' sh -c 'cat refused shop | order-aggregate'
is "$(field order .status)" cancelled 'stands'

ok 'one of two deliveries' sh -c 'cat shop sap ship1 | order-aggregate'
is "$(field order .status)" part_shipped 'part_shipped'
is "$(body custom_event)" '' 'no event'
all='{"event":"order_shipped","event_id":"shipped-W100001","at":"2026-03-02T11:00:00Z","customer_id":"1001","order_id":"W100001","carrier":"Post","tracking_number":"T20","delivery_count":2,"tracking_numbers":"T10,T20"}'
for order in 'shop sap ship1 ship2' 'ship2 ship1 sap shop' 'ship1 shop ship2 sap' 'sap ship2 ship1 shop'; do
	# shellcheck disable=SC2086
	cat $order | order-aggregate >"$T/out"
	is "$(field order .status) $(body custom_event)" "shipped $all" \
	    "one event: $order"
done
like "$(codes)" '^$' 'and nothing to remark'
rc_is 1 'a delivery before its order' sh -c 'cat ship1 | order-aggregate'
is "$(codes)" 'shipment-without-order ' 'is remarked'

# --- with a state ---

rc_is 0 'one run a message' fold shop
is "$(jq -r .rev "$T/out")" 1 'the first revision'
rc_is 0 'the same line again' fold shop
is "$(cat "$T/out")" '' 'gives nothing'
rc_is 0 'SAP confirms' fold sap
is "$(field order .status) $(jq -r .rev "$T/out")" 'confirmed 2' 'the second revision'
rc_is 0 'and again' fold sap
is "$(cat "$T/out")" '' 'gives nothing'
is "$(sql 'SELECT provisional_at IS NOT NULL, confirmed_at IS NOT NULL FROM orders')" \
    '1|1' 'no deadline is left'
rc_is 0 'both deliveries' fold ship1 ship2
is "$(body custom_event)" "$all" 'the event is due'
is "$(field order .status)" shipped 'the order is shipped'
rc_is 0 'goods issue taken back before the event left' fold back
is "$(field order .status)" part_shipped 'part_shipped again'
is "$(sql "SELECT withheld IS NOT NULL FROM outbox WHERE id = 'shipped-W100001'")" \
    1 'the event is withdrawn'
record shipment 8002 20260302114500 "$(ships 2026-03-02T11:40:00Z 20 1)" >again
rc_is 0 'posted again' fold again
is "$(sql "SELECT withheld IS NULL FROM outbox WHERE id = 'shipped-W100001'")" \
    1 'the event is due again'
sql "UPDATE outbox SET intent_rev = rev, accepted_rev = rev, state = 0"
record shipment 8002 20260302114600 "$(ships '' 20 1)" >back2
rc_is 1 'taken back after the event left' fold back2
is "$(codes)" 'shipment-reversed ' 'is an exception'
is "$(sql "SELECT json_extract(body, '\$.status') FROM outbox WHERE id = 'W100001'")" \
    shipped 'the order stays shipped'
record shipment 8002 20260302114700 "$(ships 2026-03-02T11:46:00Z 20 1)" >again2
rc_is 0 'posted once more' fold again2
is "$(body custom_event)" '' 'no second event'
is "$(sql "SELECT count(*) FROM outbox WHERE kind = 3")|$(sql "SELECT open FROM exception WHERE code = 'shipment-reversed'")" \
    '1|0' 'and the exception is healed'
record shipment 8002 20260302105000 "$(ships 2026-03-02T10:50:00Z 20 1)" >late
rc_is 0 'an older message of that delivery' fold late
is "$(cat "$T/out")|$(sql 'SELECT count(*) FROM idoc_record WHERE outcome = 1')" \
    '|1' 'is superseded'
is "$(sql 'SELECT count(*) FROM idoc_record')" 9 'each record has one outcome'

# --- early deliveries ---

rm -f s.db*
rc_is 1 'a delivery first' fold ship1 ship2
is "$(sql "SELECT count(*) FROM exception WHERE code = 'shipment-without-order' AND open")" \
    2 'two remarks stand'
rc_is 0 'then the order' fold sap
is "$(sql "SELECT count(*) FROM exception WHERE open")" 0 'healed'
is "$(field order .status)" shipped 'and shipped'

rm -f s.db*
rc_is 0 'deliveries and their order in one batch' fold ship1 ship2 sap
is "$(sql 'SELECT count(*) FROM exception')" 0 'nothing was ever wrong'

# --- identity ---

record order 5000001 20260302080400 "\"stage\":\"confirmed\",\"sales_document\":\"5000001\",$head,\"customer\":{\"id\":\"1001\"},$lines,$totals" >plain
rm -f s.db*
rc_is 0 'no web number at first' fold plain
is "$(field order .order_id)" 5000001 'the sales document is the id'
rc_is 0 'the web number comes before anything was sent' fold shop sap
is "$(field order .order_id)" W100001 'it becomes the id'
is "$(sql "SELECT withheld IS NOT NULL FROM outbox WHERE id = '5000001'")" 1 \
    'the other one never leaves'
rc_is 0 'a delivery' fold ship1
is "$(field order '.order_id + " " + .status')" 'W100001 part_shipped' \
    'finds it by its sales document'

rm -f s.db*
fold plain >/dev/null
sql 'UPDATE outbox SET intent_rev = rev'
rc_is 0 'the web number comes after it was sent' fold sap
is "$(field order '[.order_id, .properties.web_order] | join("|")')" \
    '5000001|W100001' 'it is a property'
rc_is 0 'the record of the shop' fold shop
is "$(field order '[.order_id, .coupon] | join("|")')" '5000001|SPRING' \
    'joins that order'

rm -f s.db*
fold plain >/dev/null
fold shop >/dev/null
sql 'UPDATE outbox SET intent_rev = rev'
rc_is 1 'both were sent before SAP says that they are one' fold sap
is "$(field order '[.order_id, .status, .valid] | join("|")' | tr '\n' ' ')" \
    '5000001|cancelled|false W100001|confirmed|true ' 'the sales document is void'
is "$(codes)" 'order-id-invalid ' 'with an exception'

rm -f s.db*
record order W100001 20260302080600 "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"sales_document\":\"5000002\",$head,\"customer\":{\"id\":\"1002\"},$lines,$totals" >other
rc_is 1 'two sold-to parties under one web number' fold sap other
is "$(codes)" 'order-two-customers ' 'are an exception'
is "$(field order '[.customer.id, .grand_total] | join("|")')" '1001|64.80' \
    'and are not merged'

for id in ann@example.com '+44 20 7946 0000' 1234567890123456789012345678901234567; do
	printf '{"v":1,"type":"order","id":"%s","stage":"provisional","web_order":"%s"}\n' "$id" "$id" >bad
	rc_is 1 "no order id: $id" sh -c 'order-aggregate <bad'
	is "$(codes)" 'order-id-invalid ' 'is an exception'
	is "$(grep -cF -- "$id" "$T/out" "$T/err" | tr '\n' ' ')" \
	    "$T/out:0 $T/err:0 " 'that does not repeat it'
done

record order W100009 20260302080500 "\"stage\":\"confirmed\",\"web_order\":\"W100009\",\"sales_document\":\"5000009\",$head,\"customer\":{\"id\":\"9000\",\"one_time\":true,\"first_name\":\"Sam\",\"email\":\"s@example.com\"},$lines,$totals" >guest
ok 'a one-time customer' sh -c 'order-aggregate <guest'
is "$(body order | jq -c .customer) $(jq -r '.customer' "$T/out")" \
    '{"email":"s@example.com","first_name":"Sam"} null' 'is a guest'

# --- totals, returns, what is not its own ---

sed 's/"grand_total":"64.80"/"grand_total":"64.81"/' sap >wrong
rc_is 1 'totals that are a cent apart' sh -c 'order-aggregate <wrong'
is "$(codes)$(field order .grand_total)" 'order-totals-mismatch 64.81' 'are sent'
rc_is 1 'or' sh -c 'order-aggregate -c uk.conf <wrong'
is "$(codes)$(body order)" 'order-totals-mismatch ' 'withheld'
rm -f s.db*
rc_is 1 'with a state' sh -c 'order-aggregate -c uk.conf -s s.db <wrong'
record order W100001 20260302080700 "\"stage\":\"changed\",\"sales_document\":\"5000001\",$totals" >right
rc_is 0 'the corrected totals' sh -c 'order-aggregate -c uk.conf -s s.db <right'
is "$(field order .grand_total) $(sql 'SELECT withheld IS NULL FROM outbox')" \
    '64.80 1' 'let it go'
is "$(sql 'SELECT count(*) FROM exception WHERE open')" 0 'and heal'

is "$(jq -r 'select(.type == "exception") | .message' "$T/out" | head -1)" '' 'nothing is wrong then'
sh -c 'order-aggregate <wrong' >wrong.out
is "$(jq -r 'select(.type == "exception") | .message' wrong.out)" \
    'totals do not add up to grand total 64.81: the difference is -0.01' 'the difference is told'
printf '[order]\ntotals-tolerance = 1\nbase-currency = USD\n' >near.conf
rc_is 0 'a cent may be tolerated' sh -c 'order-aggregate -c near.conf <wrong'
record order W100001 20260302080700 '"stage":"changed","sales_document":"5000001","lines":[{"line":"20","action":"change","rejected":"Z1"}]' >less
rc_is 1 'a line less, of unknown tax' sh -c 'cat sap less | order-aggregate'
is "$(codes)$(field order .grand_total)" 'order-totals-mismatch 64.80' 'leaves the last totals'
sed 's/"subtotal":"\([0-9]*\).00"}/"subtotal":"\1.00","tax":"2.00"}/g' sap >taxed
rc_is 0 'of known tax' sh -c 'cat less taxed | order-aggregate'
is "$(field order '[.subtotal, .discount, .shipping, .tax, .grand_total] | join("|")')" \
    '40.00|-5.00|4.00|8.80|47.80' 'is taken off with it'
sed 's/"currency":"GBP"/"currency":"GBP","base_currency":"USD","exchange_rate":"1.25"/' sap >rate
ok 'a rate to the base currency' sh -c 'order-aggregate -c near.conf <rate'
is "$(field order '[.currency, .grand_total, .totals.base.grand_total, .totals.local.grand_total, .lines[1].totals.base.subtotal] | join("|")')" \
    'GBP|64.80|81.00|64.80|18.75' 'gives both'

record order 60001 20260302080500 '"stage":"confirmed","kind":"return","sales_document":"60001"' >return
rc_is 0 'a return order that names no original' sh -c 'order-aggregate -s s.db <return'
is "$(cat "$T/out")$(sql "SELECT rule FROM idoc_record WHERE rule LIKE 'return%'")" \
    return-without-original 'is ignored by that rule'
record order 60002 20260302120000 '"stage":"confirmed","kind":"return","sales_document":"60002","refers_to":{"sales_document":"5000001"},"lines":[{"line":"10","sales_document":"5000001","sales_line":"20","quantity":"1"}]' >return
record invoice 9003 20260302121000 '"kind":"credit","refers_to":{"sales_document":"60002"},"lines":[{"line":"10","sales_document":"60002","sales_line":"10","quantity":"1","net":"15.00","tax":"3.00"}]' >billed
for messages in 'sap return billed' 'billed return sap' 'return sap billed' 'billed sap return' 'return billed sap' 'sap billed return'; do
	rm -f r.db*
	for message in $messages; do
		order-aggregate -s r.db <$message >"$T/out"
	done
	is "$(field order '[.status, .lines[1].quantity_refunded, .lines[1].refunded, .properties.return_requested] | join("|")') $(sqlite3 r.db 'SELECT count(*) FROM exception WHERE open; SELECT count(*) FROM outbox WHERE kind = 2')" \
	    "partial_refund|1|18.00|1 0
1" "a return and its credit memo: $messages"
	rc_is 0 "at once: $messages" sh -c "cat $messages | order-aggregate"
done
rm -f r.db*
rc_is 1 'a return of an unknown order' sh -c 'order-aggregate -s r.db <return'
is "$(codes)$(jq -r .id "$T/out")" 'order-unknown-original order-unknown-original:order:60002' 'waits'
sed 's/"lines".*//; s/,$/,"status":"cancelled"}/; s/20260302120000/20260302130000/' return >withdrawn
rc_is 0 'its cancellation' sh -c 'order-aggregate -s r.db <withdrawn'
is "$(sqlite3 r.db 'SELECT count(*) FROM exception WHERE open')" 0 'takes that back'
record invoice 9001 20260302130000 '"kind":"credit","refers_to":{"sales_document":"5000001"},"lines":[{"line":"10","sales_line":"10","quantity":"1","net":"20.00","tax":"4.00"}]' >credit
rc_is 0 'a credit memo' sh -c 'order-aggregate -s s.db <credit'
is "$(field order '[.status, .lines[0].quantity_refunded, .lines[0].refunded] | join("|")')" \
    'partial_refund|1|24.00' 'is a partial refund'
record invoice 9002 20260302131000 '"kind":"cancellation","refers_to":{"invoice":"9001"}' >undo
rc_is 0 'its cancellation' sh -c 'order-aggregate -s s.db <undo'
is "$(field order .status)" confirmed 'takes it back'

rm -f s.db*
rc_is 1 'a credit memo of an unknown order' fold credit
is "$(codes)" 'order-unknown-original ' 'is remarked'
rc_is 0 'its cancellation' fold undo
rc_is 0 'and then the order' fold sap
is "$(field order .status) $(sql 'SELECT count(*) FROM exception WHERE open')" \
    'confirmed 0' 'nothing waits any more'
ok 'the credit memo before its order without a state' \
    sh -c 'cat credit sap | order-aggregate'
is "$(field order .status)$(codes)" partial_refund 'waits for nothing'

{
	echo '{"v":1,"type":"customer","id":"1001"}'
	cat shop
	echo '{"v":1,"type":"stock_level","id":"A:1:2","sku":"A"}'
} >mixed
ok 'other records' sh -c 'order-aggregate <mixed'
is "$(grep -c '"customer","id":"1001"\|"stock_level"' "$T/out")" 2 'pass'
rc_is 1 'a line of garbage' sh -c '{ echo garbage; cat shop; } | order-aggregate'
is "$(codes)$(field order .order_id)" 'record-invalid W100001' 'costs that line'
rc_is 1 'an order of no known stage' \
    sh -c 'echo "{\"v\":1,\"type\":\"order\",\"id\":\"W100001\"}" | order-aggregate'
is "$(codes)" 'record-invalid ' 'is an exception'
rc_is 64 'operands' order-aggregate shop
rc_is 74 'a full disk' sh -c 'order-aggregate <shop >/dev/full'
done_testing

#!/bin/sh
# order-aggregate with a state: deadlines that heal, orders that are no sale, ids
# and customers that do not fit, and no contact made of an order.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
docnum=700000

# record TYPE ID SEQ REST: one record of SAP.
record() {
	docnum=$((docnum + 1))
	printf '{"v":1,"type":"%s","id":"%s","seq":"%s.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"M","r":1},%s}\n' \
	    "$1" "$2" "$3" "$docnum" "$docnum" "$4"
}
shop() {
	printf '{"v":1,"type":"order","id":"W100001","seq":"%s","stage":"provisional","web_order":"W100001","currency":"GBP","customer":{"email":"a@example.com"},%s}\n' "$1" "$2"
}
lines='"lines":[{"line":"10","sku":"12345","quantity":"2","subtotal":"40.00"}]'
web='"web_order":"W100001"'
fold() { cat "$1" | order-aggregate -s s.db; }
sql() { sqlite3 s.db "$1"; }
body() { jq -c 'select(.type == "desired" and .kind == "order") | .body' "$T/out"; }
codes() { jq -r 'select(.type == "exception") | .code' "$T/out" | tr '\n' ' '; }
late() { sql "SELECT open, resolution FROM exception WHERE code = 'order-unconfirmed'"; }
outcomes() { sql "SELECT outcome || ':' || coalesce(rule, '') FROM idoc_record WHERE outcome IS NOT NULL ORDER BY rowid" | tr '\n' ' '; }

# --- SAP is silent ---

shop 20260302080000 "$lines" >basket
shop 20260302083500 '"status":"cancelled"' >taken_back
record order W100001 20260302083500 "\"stage\":\"rejected\",$web" >refused
record order W100001 20260302083500 "\"stage\":\"confirmed\",$web,\"sales_document\":\"1\",$lines" >confirmed
record order W100001 20260302083500 "\"stage\":\"confirmed\",$web,\"sales_document\":\"1\",\"order_type\":\"KL\",$lines" >gift

for answer in confirmed refused taken_back gift; do
	rm -f s.db*
	export SAP_OMETRIA_NOW=2026-03-02T08:00:00Z
	rc_is 0 'the shop' fold basket
	export SAP_OMETRIA_NOW=2026-03-02T08:29:59Z
	rc_is 0 'within half an hour' fold /dev/null
	is "$(late)" '' 'nothing is late'
	export SAP_OMETRIA_NOW=2026-03-02T08:30:01Z
	fold /dev/null
	is "$(late)" '1|' 'half an hour later it is'
	export SAP_OMETRIA_NOW=2026-03-02T08:40:00Z
	rc_is 0 "$answer" fold "$answer"
	is "$(late)" '0|healed' 'heals it'
	export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
	rc_is 0 'and later' fold /dev/null
	is "$(sql 'SELECT count(*) FROM exception')" 1 'nothing is late again'
done

# --- no sale ---

rm -f s.db*
rc_is 0 'a gift that the shop does not know' fold gift
is "$(cat "$T/out")" '' 'does not leave'
is "$(sql 'SELECT outcome, rule FROM idoc_record')" '4|no-sale' 'by a rule'
rc_is 0 'the shop knows it after all' fold basket
is "$(body | jq -r '[.status, .valid, .customer.email] | join("|")')" \
    'confirmed|false|a@example.com' 'it leaves, not valid'

rm -f s.db*
rc_is 0 'a sale' fold confirmed
record order W100001 20260302090000 "\"stage\":\"confirmed\",$web,\"sales_document\":\"1\",\"order_type\":\"KL\",$lines" >became
rc_is 0 'that becomes a gift' fold became
is "$(body | jq -r '[.status, .valid] | join("|")')" 'confirmed|false' \
    'is not valid any more'

# --- ids and customers ---

rm -f s.db*
record order 1 20260302080000 '"stage":"confirmed","web_order":"+442079460000","sales_document":"1","lines":[]' >phone
rc_is 1 'a phone number as order number' fold phone
is "$(codes)$(sql 'SELECT outcome FROM idoc_record')" 'order-id-invalid 3' \
    'is the outcome of its record'
is "$(sql "SELECT count(*) FROM exception WHERE id LIKE '%7946%' OR message LIKE '%7946%'")" \
    0 'and not repeated'
rc_is 1 'the same IDoc, once more' fold phone
is "$(codes)" 'order-id-invalid ' 'is tried again'

rm -f s.db*
record order 5 20260302080000 "\"stage\":\"confirmed\",\"sales_document\":\"5\",\"customer\":{\"id\":\"1001\"},$lines" >plain
record order W100001 20260302081000 "\"stage\":\"confirmed\",$web,\"sales_document\":\"6\",\"customer\":{\"id\":\"1002\"},$lines" >other
record order W100001 20260302082000 "\"stage\":\"changed\",$web,\"sales_document\":\"5\"" >joins
rc_is 0 'an order of one customer' fold plain
rc_is 0 'and a web order of another' fold other
rc_is 1 'that turn out to be one' fold joins
is "$(codes)" 'order-two-customers ' 'are an exception'
is "$(sql 'SELECT id, customer FROM orders ORDER BY id' | tr '\n' ' ')" \
    '5|1001 W100001|1002 ' 'and stay two'

# --- no contact is made of an order ---

rm -f s.db*
name='"customer":{"id":"1001","email":"n@example.com","first_name":"Nora","last_name":"Novak"}'
record order 7 20260302080000 "\"stage\":\"confirmed\",\"sales_document\":\"7\",$name,\"shipping_address\":{\"city\":\"Leeds\"},$lines" >named
record order 7 20260302090000 "\"stage\":\"confirmed\",\"sales_document\":\"7\",$name,\"shipping_address\":{\"city\":\"York\"},$lines" >moved
record customer 1001 20260302070000 '"kunnr":"0000001001","first_name":"Ann","city":"Hull","email":"ann@example.com"' >customer
through() { cat "$@" | customer-aggregate -s s.db | order-aggregate -s s.db; }
rc_is 0 'a customer' through customer
contact=$(sql 'SELECT kind, id, rev, body FROM outbox WHERE kind = 1')
like "$contact" Ann 'is a contact'
rc_is 0 'orders of hers with another name and new addresses' through named moved
is "$(body | tail -n 1 | jq -r '[.customer.id, .customer.first_name, .shipping_address.city] | join("|")')" \
    '1001||York' 'carry her number, no name'
is "$(sql 'SELECT kind, id, rev, body FROM outbox WHERE kind = 1')" "$contact" \
    'and change nothing of her contact'
is "$(sql 'SELECT count(*) FROM outbox')" 2 'one contact, one order'
is "$(sql "SELECT count(*) FROM outbox WHERE body LIKE '%Novak%'")" 0 \
    'the name is nowhere'
done_testing

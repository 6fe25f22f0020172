#!/bin/sh
# order-aggregate and the one fulfilment event, where the state matters: grace,
# guests, ids that change, deliveries of several orders, units that come late.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
docnum=700000

# order ID SEQ REST, shipment ID SEQ REST: one record of SAP.
record() {
	docnum=$((docnum + 1))
	printf '{"v":1,"type":"%s","id":"%s","seq":"%s.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"M","r":1},%s}\n' \
	    "$1" "$2" "$3" "$docnum" "$docnum" "$4"
}
# confirmed ID SEQ DOCUMENT LINES [REST]: an order of SAP.
confirmed() {
	record order "$1" "$2" "\"stage\":\"confirmed\",\"web_order\":\"$1\",\"sales_document\":\"$3\",\"lines\":[$4],\"totals\":{\"subtotal\":\"9.00\",\"grand_total\":\"9.00\"}${5:-,\"customer\":{\"id\":\"1001\"\}}"
}
line() { printf '{"line":"%s","sku":"%s","quantity":"%s","unit":"%s","subtotal":"9.00"}' "$1" "$2" "$3" "$4"; }
# posted ID DAY ITEMS, taken ID DAY ITEMS: a delivery, and its reversal.
posted() {
	record shipment "$1" "202603${2}100000" "\"posted_at\":\"2026-03-${2}T10:00:00Z\",\"tracking_number\":\"T$1\",\"lines\":[$3]"
}
taken() { record shipment "$1" "202603${2}100000" "\"lines\":[$3]"; }
item() { printf '{"line":"%s","sales_document":"%s","sales_line":"%s","quantity":"%s","unit":"%s"}' "$1" "$2" "$1" "$3" "$4"; }

body() { jq -c 'select(.type == "desired" and .kind == "'"$1"'") | .body' "$T/out"; }
status() { body order | jq -r '.order_id + " " + .status' | tr '\n' ' '; }
codes() { jq -r 'select(.type == "exception") | .code' "$T/out" | tr '\n' ' '; }
sql() { sqlite3 s.db "$1"; }
fold() { cat "$@" | order-aggregate -c conf -s s.db; }
fresh() { rm -f s.db*; : >conf; SAP_OMETRIA_NOW=2026-03-02T12:00:00Z; }
at() { SAP_OMETRIA_NOW=2026-03-02T${1}Z; }
sent() { sql "UPDATE outbox SET intent_rev = rev, accepted_rev = rev, accepted_hash = hash, state = 0 WHERE withheld IS NULL OR withheld <= unixepoch('$SAP_OMETRIA_NOW')"; }
# Kind and id of what may leave now, in order.
due() {
	sql "SELECT kind || ' ' || id || ' ' || coalesce(json_extract(body, '\$.status'), 'event') FROM outbox WHERE state > 0 AND (withheld IS NULL OR withheld <= unixepoch('$SAP_OMETRIA_NOW')) ORDER BY kind, id" |
	    tr '\n' ';'
}

# --- one delivery, two orders; and what the event waits for ---

fresh
confirmed W10001 20260301090000 5001 "$(line 10 A 2 PCE)" >one
confirmed W10002 20260301090100 5002 "$(line 10 A 1 PCE),$(line 20 B 1 PCE)" >two
posted 801 02 "$(item 10 5001 2 PCE),{\"line\":\"20\",\"sales_document\":\"5002\",\"sales_line\":\"10\",\"quantity\":\"1\",\"unit\":\"PCE\"}" >both
posted 802 03 "$(item 20 5002 1 PCE)" >rest
rc_is 0 'one delivery for two orders' fold one two both
is "$(status)" 'W10001 shipped W10002 part_shipped ' 'each by its own lines'
is "$(body custom_event | jq -r .event_id)" shipped-W10001 'one event'
is "$(sql "SELECT needs, customer FROM outbox WHERE kind = 3")" 'W10001|1001' \
    'that waits for its order and its customer'
rc_is 0 'the rest of the other' fold rest
is "$(status)$(body custom_event | jq -r '[.event_id, .tracking_numbers, .delivery_count] | join(" ")')" \
    'W10002 shipped shipped-W10002 T801,T802 2' 'has the other event'
rc_is 0 'all of it again' fold one two both rest
is "$(cat "$T/out")$(sql 'SELECT count(*) FROM outbox WHERE kind = 3')" 2 \
    'gives nothing'

# --- grace ---

fresh
printf '[order]\nfulfil-grace = 10m\n' >conf
fold one >"$T/out"
sent
posted 801 02 "$(item 10 5001 2 PCE)" >ship1
at 12:01:00
rc_is 0 'complete, with a grace' fold ship1
is "$(due)" '' 'neither event nor status leave'
at 12:10:59
is "$(due)" '' 'not a second too early'
at 12:11:00
is "$(due)" '2 W10001 shipped;3 shipped-W10001 event;' 'both when it is over'
at 12:05:00
confirmed W10001 20260302120400 5003 "$(line 10 B 1 PCE)" >more
rc_is 0 'another document within it' fold more
is "$(due)" '2 W10001 part_shipped;' 'takes the event back and lets the order go'
sent
posted 803 03 "$(item 10 5003 1 PCE)" >ship3
at 12:20:00
rc_is 0 'despatched, too' fold ship3
is "$(due)" '' 'begins a new grace'
rc_is 0 'a change of nothing within it' fold ship1
at 12:29:59
is "$(due)" '' 'which nothing shortens'
at 12:30:00
is "$(due)" '2 W10001 shipped;3 shipped-W10001 event;' 'or lengthens'
sent
is "$(sql "SELECT json_extract(body, '\$.delivery_count') FROM outbox WHERE kind = 3")" \
    2 'of both deliveries'
taken 803 04 "$(item 10 5003 1 PCE)" >back
rc_is 1 'taken back after it' fold back
is "$(codes)$(due)" 'shipment-reversed ' 'is said, and nothing leaves'
posted 803 05 "$(item 10 5003 1 PCE)" >again
rc_is 0 'and posted again' fold again
is "$(due)$(sql 'SELECT count(*) FROM exception WHERE open')" 0 'heals, no second event'

fresh
printf '[order]\nfulfil-grace = 10m\n' >conf
rc_is 0 'an order that was never sent' fold one ship1
is "$(due)" '2 W10001 shipped;' 'does not wait, its event does'

fresh
printf '[order]\nfulfil-grace = 10m\n' >conf
fold one >"$T/out"
sent
fold ship1 >"$T/out"
record invoice 9001 20260302130000 '"kind":"credit","refers_to":{"sales_document":"5001"},"lines":[{"line":"10","sales_line":"10","quantity":"1","net":"4.50"}]' >credit
rc_is 0 'a refund within the grace' fold credit
is "$(due)" '2 W10001 partial_refund;' 'is not kept back'

# --- guests ---

fresh
confirmed W10001 20260301090000 5001 "$(line 10 A 2 PCE)" ',"customer":{"id":"9000","one_time":true}' >nobody
rc_is 0 'a guest without an address' fold nobody ship1
is "$(status)$(body custom_event)" 'W10001 shipped ' 'has no event'
echo '{"v":1,"type":"order","id":"W10001","stage":"provisional","web_order":"W10001","customer":{"email":"a@example.com"},"lines":[{"sku":"A","quantity":"2"}]}' >shop
rc_is 0 'until the shop says it' fold shop
is "$(body custom_event | jq -r '[.email, .customer_id, .at] | join("|")')" \
    'a@example.com||2026-03-02T10:00:00Z' 'then it has'

# --- ids that change ---

fresh
record order 5001 20260301090000 "\"stage\":\"confirmed\",\"sales_document\":\"5001\",\"customer\":{\"id\":\"1001\"},\"lines\":[$(line 10 A 2 PCE)]" >plain
rc_is 0 'shipped under its sales document' fold plain ship1
is "$(due)" '2 5001 shipped;3 shipped-5001 event;' 'and told'
sent
rc_is 0 'the shop has it under its own number' fold shop
rc_is 1 'which SAP names late' fold one
is "$(due)" '2 5001 cancelled;2 W10001 shipped;' 'the order moves, the event does not'
confirmed W10009 20260301100000 5001 "$(line 10 A 2 PCE)" >renamed
fold renamed >"$T/out"
is "$(due)" '2 5001 cancelled;2 W10009 shipped;' 'and not at the next number'
is "$(sql "SELECT count(*) FROM outbox WHERE kind = 3 AND (withheld IS NULL OR state = 0)")" \
    1 'one event in all'

# --- rejected rest ---

fresh
record order W10002 20260305000000 '"stage":"changed","sales_document":"5002","lines":[{"line":"20","action":"change","rejected":"Z1"}]' >reject
rc_is 0 'the rest is rejected' fold one two both reject
is "$(body custom_event | jq -r 'select(.order_id == "W10002") | .at')" \
    2026-03-02T10:00:00Z 'the event has the time of the last goods issue'
fresh
confirmed W10001 20260305000000 5001 '{"line":"10","sku":"A","quantity":"2","unit":"PCE","rejected":"Z1"}' ',"status":"cancelled"' >reject
posted 801 02 "$(item 10 5001 1 PCE)" >half
rc_is 0 'of the only line' fold one half reject
is "$(status)$(body order | jq -c '[.valid, .lines[0].quantity, .grand_total]')" \
    'W10001 shipped [true,"2","9.00"]' 'goods have left: it is not cancelled'

# --- units ---

fresh
confirmed W10001 20260301090000 5001 "$(line 10 A 2 CAR)" >boxes
posted 801 02 "$(item 10 5001 12 PCE)" >pieces
rc_is 1 'ordered in boxes, shipped in pieces' fold boxes pieces
is "$(status)$(codes)" 'W10001 confirmed shipment-unit ' 'without a conversion'
printf '[unit "CAR"]\nbase = PCE\nfactor = 0\n' >wrong
rc_is 78 'a factor of zero' order-aggregate -c wrong </dev/null
printf '[unit "A:CAR"]\nbase = PCE\nfactor = 6\n' >conf
confirmed W10007 20260301090000 5007 "$(line 10 A 1 PCE)" >other
rc_is 0 'with the next record after the configuration says it' fold other
is "$(status)" 'W10007 confirmed W10001 shipped ' 'it counts'
is "$(sql 'SELECT count(*) FROM exception WHERE open')$(body custom_event | jq -r .event_id)" \
    0shipped-W10001 'healed, and the event is there'
done_testing

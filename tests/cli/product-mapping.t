#!/bin/sh
# A new mapping heals the past: what was folded under one SKU leaves under the
# other, and the one that is nobody's is retired in Ometria.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
# line [MAP]: what stands in the outbox after the line has run.
line() {
	sku-normalise -q -s s.db ${1:+--map "$1"} >normal
	stock-aggregate -q -s s.db <normal >out
	sqlite3 s.db 'SELECT body FROM outbox ORDER BY id'
}
# All that waits has reached Ometria.
sent() {
	sqlite3 s.db 'UPDATE outbox SET state = 0, intent_rev = rev,
	    accepted_rev = rev, accepted_hash = hash'
}
level() {
	printf '{"v":1,"type":"stock_level","id":"%s:1100:0001","material":"%s","sku":"%s","plant":"1100","location":"0001","quantity":"5","as_of":"2026-03-02T08:00:00Z"}\n' "$1" "$1" "$1"
}
product() {
	printf '{"v":1,"type":"product","id":"%s","seq":"20260302080000.0000000000000001","material":"%s"%s}\n' "$1" "$1" "$2"
}
is "$(level 42 | line)" '{"sku":"42","in_stock":true,"merge":true}' 'in stock'
echo 42,RED >map
is "$(line map </dev/null)" '{"sku":"RED","in_stock":true,"merge":true}' \
    'a row heals the past; what Ometria never had is not sent to it'
like "$(cat out)" '"id":"product:RED"' 'and leaves at once'
sent
echo 42,BLUE >map
is "$(line map </dev/null)" '{"sku":"BLUE","in_stock":true,"merge":true}
{"sku":"RED","active":false,"merge":true}' 'another row: the old product is retired, the new one sent'
is "$(line map </dev/null; cat out)" '{"sku":"BLUE","in_stock":true,"merge":true}
{"sku":"RED","active":false,"merge":true}' 'once'
sent
echo 42,RED >map
is "$(line map </dev/null)" '{"sku":"BLUE","active":false,"merge":true}
{"sku":"RED","in_stock":true,"active":true,"merge":true}' 'and back: it is active again'
sent
{ product 43 ',"parent":"RED"'; level 43; } | line map >out
echo 42,GREEN >map
is "$(line map </dev/null | grep -v BLUE)" '{"sku":"43","in_stock":true,"merge":true}
{"sku":"GREEN","in_stock":true,"merge":true}
{"sku":"RED","active":false,"merge":true}' 'variants follow their parent'
is "$(sqlite3 s.db "SELECT parent FROM product WHERE item = '43'")" GREEN 'to its new SKU'
sent

# Two of one SKU: the one that keeps it is sent, nothing is retired.
printf '42,GREEN\n43,GREEN\n' >map
is "$(line map </dev/null | grep -v BLUE)" '{"sku":"43","active":false,"merge":true}
{"sku":"GREEN","in_stock":true,"merge":true}
{"sku":"RED","active":false,"merge":true}' 'who lost its SKU has none'
is "$(sqlite3 s.db 'SELECT item FROM product WHERE sku IS NULL')" 42 'until a row settles it'
printf '42,GREEN\n' >map
is "$(line map </dev/null | head -n 1)" '{"sku":"43","in_stock":true,"active":true,"merge":true}' 'then it is back'
done_testing

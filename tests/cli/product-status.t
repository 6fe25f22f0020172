#!/bin/sh
# What SAP says of a product beside its stock: deletion, and statuses that are
# as good as one.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf"
printf '[product]\ninactive-status = 01,Z9\n' >sync.conf
echo 0 >number
# product KEYS: the next record of SKU A, and whether it is active then.
product() {
	n=$(($(cat number) + 1))
	echo "$n" >number
	printf '{"v":1,"type":"product","id":"A","seq":"20260302080000.%016d","material":"A"%s}\n' "$n" "$1" |
	    stock-aggregate -q -s s.db >out
	sqlite3 s.db "SELECT json_extract(body, '$.active') FROM outbox WHERE id = 'A'"
}
is "$(product ',"deleted":false')" '' 'a product that was never deleted: nothing is said of it'
is "$(product ',"status":"02"')" '' 'nor with a status that means nothing'
is "$(product ',"status":"Z9"')" 0 'a status of the list: not active'
is "$(product ',"status":"02"')" 1 'taken back: active'
is "$(product ',"deleted":true')" 0 'flagged for deletion'
is "$(product ',"deleted":true,"status":"01"')" 0 'both'
is "$(product '')" 0 'a mention: both still'
is "$(product ',"deleted":false')" 1 'neither'
# In another order of arrival the same: the newest counts, and what was.
rm -f s.db*
printf '{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000009","material":"A","deleted":false}\n{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000008","material":"A","status":"01"}\n' |
    stock-aggregate -q -s s.db >out
is "$(sqlite3 s.db "SELECT json_extract(body, '$.active') FROM outbox WHERE id = 'A'")" 1 \
    'an older status that comes late is known to have been'

# What the list says later counts for what was said before.
active() {
	stock-aggregate -q -s s.db </dev/null >out
	sqlite3 s.db "SELECT json_extract(body, '$.active') FROM outbox WHERE id = 'A'"
}
rm -f s.db*
is "$(product ',"status":"05"')" '' 'a status that is not in the list'
printf '[product]\ninactive-status = 05\n' >sync.conf
is "$(active)" 0 'it is added: not active, without a new record'
is "$(active)$(cat out)" 0 'once'
printf '[product]\n' >sync.conf
is "$(active)" 1 'it is taken out: active again'
for n in $(seq 1200); do
	printf '{"v":1,"type":"product","id":"P%s","seq":"20260302080000.0000000000000001","material":"P%s","status":"05"}\n' "$n" "$n"
done | stock-aggregate -q -s s.db >out
printf '[product]\ninactive-status = 05\n' >sync.conf
stock-aggregate -q -s s.db </dev/null >out
is "$(sqlite3 s.db "SELECT count(*) FROM outbox WHERE NOT json_extract(body, '$.active')")" 1201 \
    'more of them than a batch'

# A variant that is only named keeps what is known of it.
rm -f s.db*
{
	printf '{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000001","material":"A","deleted":true}\n'
	printf '{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000002","material":"A","parent":"G"}\n'
} | stock-aggregate -q -s s.db >out
is "$(sqlite3 s.db 'SELECT deleted, parent FROM product')" '1|G' 'a mention is no description'
done_testing

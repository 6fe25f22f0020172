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
is "$(product '')" '' 'a product that was never deleted: nothing is said of it'
is "$(product ',"status":"02"')" '' 'nor with a status that means nothing'
is "$(product ',"status":"Z9"')" 0 'a status of the list: not active'
is "$(product ',"status":"02"')" 1 'taken back: active'
is "$(product ',"deleted":true')" 0 'flagged for deletion'
is "$(product ',"deleted":true,"status":"01"')" 0 'both'
is "$(product '')" 1 'neither'
# In another order of arrival the same: the newest counts, and what was.
rm -f s.db*
printf '{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000009","material":"A"}\n{"v":1,"type":"product","id":"A","seq":"20260302080000.0000000000000008","material":"A","status":"01"}\n' |
    stock-aggregate -q -s s.db >out
is "$(sqlite3 s.db "SELECT json_extract(body, '$.active') FROM outbox WHERE id = 'A'")" 1 \
    'an older status that comes late is known to have been'
done_testing

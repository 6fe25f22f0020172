#!/bin/sh
# The file of variants and their parents, beside what SAP says.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf" SAP_OMETRIA_NOW=2026-03-05T12:00:00Z
printf '[product]\nparents = parents.csv\n[sku]\nstrip = "-"\n' >sync.conf
level() {
	printf '{"v":1,"type":"stock_level","id":"%s:1100:0001","material":"%s","plant":"1100","location":"0001","quantity":"%s","as_of":"2026-03-02T0%s:00:00Z"}\n' "$1" "$1" "$2" "$3"
}
# fold: what Ometria should have of G and H, in this order.
fold() {
	stock-aggregate -q -s s.db >out
	sqlite3 s.db "SELECT id || ' ' || json_extract(body, '$.in_stock') FROM outbox
	    WHERE id IN ('G', 'H') ORDER BY id" | tr '\n' ' '
}
printf 'Variant;Parent\n# red\n00-12;G\nV2;G\n' >parents.csv
is "$({ level 12 0 8; level V2 4 8; } | fold)" 'G 1 ' 'a parent is in stock when any variant is'
is "$(level V2 0 9 | fold)" 'G 0 ' 'and out when all are out'
printf '12;G\nV2;H\n' >parents.csv
is "$(fold </dev/null)" 'G 0 H 0 ' 'a changed row counts without a new record'
is "$({ level 12 0 9; level V2 5 9; } | fold)" 'G 0 H 0 ' 'the same time again: the smaller counts'
printf '12;G\nV2;H\nV3;H\n' >parents.csv
is "$(level V3 7 9 | fold)" 'G 0 H 1 ' 'a variant that comes later'
is "$(printf '{"v":1,"type":"product","id":"V3","seq":"20260302080000.0000000000000001","material":"V3","deleted":false,"parent":"G"}\n' | fold)" \
    'G 0 H 1 ' 'the file goes before SAP'
printf '12;G\nV2;H\n' >parents.csv
is "$(fold </dev/null)" 'G 1 H 0 ' 'where it says nothing, SAP counts'
printf '12;G\nV2;H\n' >parents.csv
rm -f t.db*
echo 'H,HEAD' >map
printf '{"v":1,"type":"product","id":"H","seq":"20260302080000.0000000000000001","material":"H"}\n' >parent
{ cat parent; level V2 5 8; } | sku-normalise -q -s t.db | stock-aggregate -q -s t.db >out
sku-normalise -q -s t.db --map map </dev/null | stock-aggregate -q -s t.db >out
is "$(sqlite3 t.db "SELECT parent FROM product WHERE item = 'V2'")" HEAD \
    'a parent by the SKU that the mapping gives it'
wrong() {
	printf '%b' "$1" >parents.csv
	stock-aggregate -s s.db </dev/null >out 2>err
	is "$?: $(cat err)" "78: stock-aggregate: $T/parents.csv:$2" "$2"
}
wrong '1\n' '1: a row is variant and parent, two cells'
wrong '1,\n' '1: a row has an empty cell'
wrong '1,2\n0001,3\n' '2: the variant has another parent in a row before or behind'
wrong '1,2\n2,3\n' '1: the parent is a variant of another parent'
rm parents.csv
rc_is 66 'a file that is not there' stock-aggregate -s s.db
done_testing

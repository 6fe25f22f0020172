#!/bin/sh
# A material of two numbers, MATNR and a long one: one SKU, one stock, whichever
# number a message names.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-05T12:00:00Z
both='"material":"TYRE-205","matnr":"000000000000000815"'
long='"material":"TYRE-205"'
short='"material":"000000000000000815"'
number=0
# said TYPE ID MATERIAL KEYS: a record of SAP's.
said() {
	number=$((number + 1))
	printf '{"v":1,"type":"%s","id":"%s","seq":"202603020%05d.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"X","n":1,"r":1},%s%s}\n' \
	    "$1" "$2" "$number" "$number" "$number" "$3" "$4"
}
moved() {
	said stock_movement "2026-$1-1" "$2" ",\"plant\":\"1100\",\"location\":\"0001\",\"movement_type\":\"101\",\"sign\":\"$3\",\"stock_type\":\"unrestricted\",\"quantity\":\"$4\",\"posted_at\":\"2026-03-02T0$1:00:00Z\""
}
level() {
	said stock_level "X:1100:0001" "$1" ",\"plant\":\"1100\",\"location\":\"0001\",\"quantity\":\"$2\",\"as_of\":\"2026-03-02T0$3:00:00Z\""
}
through() {
	sku-normalise -q -s s.db >normal || [ $? -eq 1 ]
	stock-aggregate -q -s s.db <normal >out || [ $? -eq 1 ]
}
stock() {
	sqlite3 s.db "SELECT coalesce(p.sku, '-') || ' ' || (s.quantity / 1000) FROM stock AS s
	    JOIN product AS p ON p.item = s.item ORDER BY p.sku" | tr '\n' ';'
}
open_of() {
	sqlite3 s.db "SELECT code || ' ' || id FROM exception WHERE open
	    AND code <> 'stock-drift' ORDER BY 1" | tr '\n' ';'
}

# --- every order of arrival of a snapshot and two movements ---

level "$long" 10 1 >list
moved 2 "$short" - 4 >issue
moved 3 "$both" + 1 >receipt
said product TYPE "$both" ',"titles":{"EN":"Tyre"},"deleted":false' >material
for order in 'list issue receipt material' 'issue list material receipt' \
    'material issue list receipt' 'issue receipt list material' \
    'receipt list issue material'; do
	rm -f s.db*
	for record in $order; do
		through <"$record"
	done
	is "$(stock)$(open_of)" 'TYRE-205 7;' "one stock: $order"
done
is "$(sqlite3 s.db "SELECT id || ' ' || json_extract(body, '$.in_stock')
    FROM outbox" | tr '\n' ';')" 'TYRE-205 1;' 'and one product'
rm -f s.db*
cat issue receipt list >lines
through <lines
is "$(stock)" 'TYRE-205 7;' 'in one batch as well'

# --- stock that was known under the short number ---

rm -f s.db*
{ level "$short" 5 1; } | through
is "$(stock)" '815 5;' 'a short number alone'
through <material
is "$(stock)" 'TYRE-205 5;' 'that turns out to have a long one'
is "$(sqlite3 s.db 'SELECT id || " " || body FROM outbox')" \
    'TYRE-205 {"sku":"TYRE-205","in_stock":true,"merge":true}' \
    'is the product of the long one'
said product TYPE "$both" ',"ean":"4006381333931"' | through
printf '{"v":1,"type":"order","id":"T1","lines":[{"line":"1","ean":"4006381333931"},{"line":"2",%s},{"line":"3",%s}]}\n' \
    "$short" "$long" | sku-normalise -q -s s.db >out
is "$(jq -r '.lines[].sku' out | tr '\n' ' ')" 'TYRE-205 TYRE-205 TYRE-205 ' \
    'lines by EAN, short and long number'

# --- a mapping may name either number ---

for name in 815 TYRE-205; do
	printf 'material,sku\n%s,SHOP-1\n' "$name" >map
	sku-normalise -q -s s.db --map map </dev/null >out || [ $? -eq 1 ]
	stock-aggregate -q -s s.db </dev/null >out || [ $? -eq 1 ]
	is "$(stock)" 'SHOP-1 5;' "a mapping of $name"
	printf '{"v":1,"type":"order","id":"T1","lines":[{%s}]}\n' "$both" |
	    sku-normalise -q -s s.db --map map >out
	is "$(jq -r '.lines[].sku' out)" SHOP-1 'that a line of both follows'
	is "$(printf '{"v":1,"type":"order","id":"T1","lines":[{%s}]}\n' "$both" |
	    sku-normalise --map map | jq -r '.lines[].sku')" SHOP-1 \
	    'with a state or without'
done
sku-normalise -q -s s.db </dev/null >out || [ $? -eq 1 ]
stock-aggregate -q -s s.db </dev/null >out || [ $? -eq 1 ]
is "$(stock)" 'TYRE-205 5;' 'the long number again when it is gone'

# --- what is wrong ---

sync-audit resolve -q -s s.db --why meant material:815 >resolved
said product TYPE '"material":"TYRE-206","matnr":"815"' '' | through
is "$(open_of) $(stock)" 'sku-mapping-changed 815; TYRE-206 5;' \
    'another long number is told, and holds'
said product TYPE '"material":"TYRE-206","matnr":"816"' '' | through
is "$(open_of)" 'sku-collision TYRE-206;sku-mapping-changed 815;' \
    'two materials of one long number'
said product TYPE '"material":"TYRE-207","matnr":"816"' '' | through
is "$(open_of)" 'sku-mapping-changed 815;sku-mapping-changed 816;' \
    'until one has another'
said product TYPE '"material":"816","matnr":"817"' '' | through
is "$(open_of | tr ';' '\n' | grep ambig)" 'material-ambiguous 816' \
    'a long number that is the MATNR of another'
done_testing

#!/bin/sh
# Orders whose product turns out later, or turns out to be another one, are sent
# again with it.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
src() {
	echo >>said
	number=$(wc -l <said)
	printf '"seq":"2026030208%04d.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"X","n":1,"r":1}' \
	    "$number" "$number" "$number"
}
# sold ID LINE-KEYS
sold() {
	printf '{"v":1,"type":"order","id":"%s",%s,"stage":"confirmed","sales_document":"%s","currency":"GBP","placed_at":"2026-03-02T08:00:00Z","totals":{"subtotal":"5.00","grand_total":"5.00"},"lines":[{"line":"1",%s,"quantity":"1","unit_price":"5.00","subtotal":"5.00","total":"5.00"}]}\n' \
	    "$1" "$(src)" "$1" "$2"
}
article() {
	printf '{"v":1,"type":"product","id":"%s",%s,"material":"%s"%s}\n' \
	    "$1" "$(src)" "$1" "${2:+,\"ean\":\"$2\"}${3:+,\"matnr\":\"$3\"}"
}
through() {
	sku-normalise -q -s s.db "$@" >normal || [ $? -eq 1 ]
	order-aggregate -q -s s.db <normal >out || [ $? -eq 1 ]
}
products() {
	sqlite3 s.db "SELECT id || ' ' || coalesce(json_extract(body,
	    '$.lines[0].sku'), '-') FROM outbox WHERE kind = 2 ORDER BY id" |
	    tr '\n' ';'
}
open_of() {
	sqlite3 s.db 'SELECT code || " " || id FROM exception WHERE open
	    ORDER BY 1' | tr '\n' ';'
}
sold T1 '"ean":"4006381333931"' | through
is "$(sqlite3 s.db 'SELECT DISTINCT kind FROM outbox')" 2 'orders are of the kind'
is "$(products)$(open_of)" 'T1 -;sku-missing T1;' \
    'an EAN that nobody has: the order leaves, which is told'
article 13 5012345678962 | through
is "$(products)" 'T1 -;' 'another one does not help'
article 12 04006381333931 | through
is "$(products)$(open_of)" 'T1 12;' 'its material comes: the product is sent'
is "$(jq -c 'select(.type == "desired") | [.id, .body.lines[0].sku]' out)" \
    '["order:T1","12"]' \
    'at once'
article 14 4006381333931 | through
is "$(products)$(open_of)" \
    'T1 -;ean-collision 4006381333931;sku-missing T1;' 'two have it'
article 12 96385074 | through
is "$(products)$(open_of)" 'T1 14;' 'and one of them no longer'
printf '14,SHOE\n' >map
through --map map </dev/null
is "$(products)" 'T1 SHOE;' 'by its mapping'
through </dev/null
is "$(products)" 'T1 14;' 'that is gone'

# --- material numbers ---

rm -f s.db*
{ sold A '"material":"000000000000000815"'; sold B '"material":"00A12"'
	sold C '"material":"0A12"'; sold D '"material":"77"'; } | through
is "$(products)" 'A 815;B 00A12;C 0A12;D 77;' 'what the numbers say'
printf '00A12,SHOE\n' >map
through --map map </dev/null
is "$(products)" 'A 815;B SHOE;C 0A12;D 77;' 'a mapping reaches orders of before'
is "$(jq -r 'select(.type == "desired").id' out | tr '\n' ' ')" 'order:B ' 'those that it is about'
article TYRE-205 '' 815 | through --map map
is "$(products)" 'A TYRE-205;B SHOE;C 0A12;D 77;' 'a long number as well'
printf '00A12,SHOE\n77,SHOE\n' >map
through --map map </dev/null
is "$(products)" 'A TYRE-205;B SHOE;C 0A12;D -;' 'the later of two loses it'
printf '00A12,SHOE\n77,BOOT\n' >map
through --map map </dev/null
is "$(products)" 'A TYRE-205;B SHOE;C 0A12;D BOOT;' 'until a row gives it its own'
is "$(sqlite3 s.db 'SELECT (SELECT count(*) FROM order_anew_number) +
    (SELECT count(*) FROM order_anew_pass) + (SELECT count(*) FROM
    order_anew_due) + (SELECT count(*) FROM sku WHERE moved & 2)')" 0 \
    'and nothing waits any more'
through --map map </dev/null
is "$(cat out)" '' 'nor is anything said again'

# --- while the input pauses ---

rm -f s.db*
sold T1 '"ean":"4006381333931"' | through
mkfifo pipe
order-aggregate -q -s s.db <pipe >out.live &
pid=$!
exec 3>pipe
article 12 4006381333931 | sku-normalise -q -s s.db >/dev/null
is "$(until_is 1 grep -c '"sku":"12"' out.live)" 1 'a running tool takes note'
exec 3>&-
wait "$pid"
done_testing

#!/bin/sh
# [product] master = sap: whole products, when they may leave and in which order.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/products.sh"

src='"src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"%s","n":1,"r":1}'
# said MESTYP MATERIAL KEYS: a record of SAP's.
said() {
	echo >>said
	number=$(wc -l <said)
	# shellcheck disable=SC2059
	printf '{"v":1,"type":"product","id":"%s","seq":"20260302080000.%016d",'"$src"',"material":"%s",%s}\n' \
	    "$2" "$number" "$number" "$1" "$2" "$3"
}
described() {
	said MATMAS "$1" "\"titles\":{\"EN\":\"Title of $1\"},\"deleted\":${3:-false}${2:+,\"parent\":\"$2\"},\"attributes\":{\"category\":\"C1\"},\"sales_areas\":[{\"sales_org\":\"1000\",\"channel\":\"10\",\"deleted\":false}]"
}
# priced MATERIAL AMOUNT FROM TO
priced() {
	said COND_A "$1" "\"prices\":[{\"sales_org\":\"1000\",\"channel\":\"10\",\"condition\":\"PR00\",\"table\":\"304\",\"from\":\"${3:-2026-01-01}\",\"to\":\"${4:-2026-12-31}\",\"price\":\"$2\",\"currency\":\"GBP\",\"deleted\":false}]"
}
level() {
	printf '{"v":1,"type":"stock_level","id":"%s:1100:0001","material":"%s","plant":"1100","location":"0001","quantity":"%s","as_of":"2026-03-02T0%s:00:00Z"}\n' "$1" "$1" "$2" "$3"
}
# What waits, in its order: SKU, price, parent.
waits() {
	sqlite3 s.db "SELECT id || ' ' || coalesce(json_extract(body, '$.price'), '-')
	    || coalesce(' ' || json_extract(body, '$.parent'), '') FROM outbox
	    ORDER BY lane, queued_at, n" | tr '\n' ';'
}

described G >g
described V1 G >v1
described V2 G >v2
priced V1 20.00 >p1
priced V2 18.50 >p2

fold <g
is "$(waits) $(open_of)" ' G no price is known;' 'nothing without a price'
fold <v1
is "$(waits) $(open_of)" ' G no price is known;V1 no price is known;' \
    'nor a variant'
fold <p1
is "$(waits) $(open_of)" 'G 20.00;V1 20.00 G; ' \
    'the price of a variant lets both go, the parent first'
cat v2 p2 | fold
is "$(waits) $(open_of)" 'G 18.50;V1 20.00 G;V2 18.50 G; ' \
    'a parent has the lowest price of its variants'
sandbox_start --rate 0 --data-rate 0
push
is "$(sandbox_dump | grep '^product G ' | sed 's/^[^{]*//' |
    jq -cS 'del(.["@type"])')" \
    '{"attributes":[{"id":"C1","label":"C1","type":"category"}],"currency":"GBP","id":"G","is_active":true,"is_variant":false,"listings":[{"currency":"GBP","is_active":true,"price":18.5,"store":"example.com/uk","title":"Title of G"}],"price":18.5,"title":"Title of G"}' \
    'Ometria has the parent whole'
is "$(has V1 is_variant parent_id listings)" '[true,"G",null]' \
    'and a variant below it, without listings'
is "$(sandbox_dump --history | awk -F '\t' '$3 == "product" { print $4 }' |
    tr '\n' ' ')" 'G V1 V2 ' 'in this order'

# --- what changes ---

{ level V1 0 8; level V2 3 8; } | fold
is "$(sqlite3 s.db "SELECT group_concat(lane) FROM outbox WHERE state = 1")" \
    1,0,1 'what is out of stock is urgent; in stock it was so far'
push
level V2 0 9 | fold
is "$(sqlite3 s.db "SELECT group_concat(id || lane) FROM outbox WHERE state = 1")" \
    'G0,V20' 'a flip is urgent'
push
is "$(has G is_in_stock attributes)$(has V2 is_in_stock price)" \
    '[false,[{"id":"C1","label":"C1","type":"category"}]][false,18.5]' \
    'and takes no attribute away'
echo '{"v":1,"type":"product","id":"G","sku":"G","url":"https://example.com/g","titles":{"EN":"Grand"}}' | fold
push
is "$(has G url title is_active)" '["https://example.com/g","Title of G",true]' \
    'the shop says what SAP does not'
{ priced V2 15.00 2026-04-01; priced V2 18.50 2026-01-01 2026-03-31; } | fold
is "$(sqlite3 s.db 'SELECT count(*) FROM outbox WHERE state = 1')" 0 \
    'a price that has not begun'
SAP_OMETRIA_NOW=2026-03-31T22:59:59Z fold </dev/null
is "$(sqlite3 s.db 'SELECT count(*) FROM outbox WHERE state = 1')" 0 \
    'nor a second before, in the zone of SAP'
SAP_OMETRIA_NOW=2026-03-31T23:00:00Z fold </dev/null
push
is "$(has G price listings[0].price)$(has V2 price)" '[15,15][15]' \
    'begins with its day, for the parent as well'
said COND_A V2 '"prices":[{"sales_org":"1000","channel":"10","condition":"PR00","table":"304","from":"2026-04-01","deleted":true},{"sales_org":"1000","channel":"10","condition":"PR00","table":"304","from":"2026-01-01","deleted":true}]' |
    fold
push
is "$(has G price)$(has V2 price attributes[0].id) $(open_of)" \
    '[20][15,"C1"] V2 no price is known;' \
    'a price that is taken away is told, and stays in Ometria'
priced G 17.00 | fold
push
is "$(has G price)$(has V1 price)$(has V2 price) $(open_of)" '[17][20][17] ' \
    "a variant without a price has its parent's"
described V2 G true | fold
push
is "$(has V2 is_active)$(has G is_active)" '[false][true]' 'a deletion flag'
described V2 G | fold
push
is "$(has V2 is_active)" '[true]' 'that is taken back'
sed -i 's/master = sap/master = shop/' sync.conf
fold </dev/null
is "$(sqlite3 s.db "SELECT body FROM outbox WHERE id = 'V2'")" \
    '{"sku":"V2","in_stock":false,"active":true,"merge":true}' \
    'the shop is the master again: availability alone'
sed -i 's/master = shop/master = sap/' sync.conf
fold </dev/null
push
is "$(has V2 price attributes[0].id)" '[17,"C1"]' 'and SAP, with all it said'

# --- what does not leave ---

rm -f s.db*
described V1 G | fold
priced V1 20.00 | fold
is "$(waits)$(open_of)" 'V1 its parent is not complete;' \
    'a variant waits for its parent'
described G | fold
is "$(waits)$(open_of)" 'G 20.00;V1 20.00 G;' 'until it comes'
said MATMAS RAW '"titles":{"EN":"Raw"},"deleted":false,"sales_areas":[{"sales_org":"9000","channel":"10","deleted":false}]' |
    fold
level LOOSE 3 8 | fold
is "$(waits)$(open_of)" 'G 20.00;V1 20.00 G;' \
    'neither what no store sells, nor stock that no record speaks of'

{ described SELF SELF; priced SELF 5.00; } | fold
is "$(waits)$(open_of)" 'G 20.00;V1 20.00 G;SELF 5.00;' \
    'what is said to be its own variant is none'

# --- without a state ---

{ described A1 G; priced A1 20.00; described G; } >all
is "$(stock-aggregate -q <all | jq -r 'select(.body) | "\(.body.sku) \(.body.price)"' |
    tr '\n' ';')" 'G 20.00;A1 20.00;' 'as a filter: the parent first'
sandbox_stop
done_testing

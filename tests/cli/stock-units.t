#!/bin/sh
# Movements in another unit than their stock is kept in.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
: >no.conf
printf '[unit "CAR"]\nbase = PCE\nfactor = 6\n' >box.conf
printf '[unit "CAR"]\nfactor = 0\n' >wrong.conf

src() {
	printf '"seq":"20260302080000.%016d","src":{"sys":"E","client":"100","docnum":"%016d","mestyp":"%s","r":1}' \
	    "$1" "$1" "$2"
}
# moves NUMBER SIGN QUANTITY UNIT
moves() {
	printf '{"v":1,"type":"stock_movement","id":"2026-%s-1",%s,"material":"000000000000000042","plant":"1100","location":"0001","movement_type":"601","sign":"%s","quantity":"%s","unit":"%s","posted_at":"2026-03-02T09:00:00Z"}\n' \
	    "$1" "$(src "$1" WMMBXY)" "$2" "$3" "$4"
}
fold() {
	stock-aggregate -q -c "$1" -s s.db >out
}
stock() {
	sqlite3 s.db "SELECT quantity / 1000.0 FROM stock WHERE item = '42'"
}
open_codes() {
	sqlite3 s.db 'SELECT code FROM exception WHERE open'
}

{
	printf '{"v":1,"type":"product","id":"42",%s,"material":"000000000000000042","unit":"ST"}\n' \
	    "$(src 1 MATMAS)"
	printf '{"v":1,"type":"stock_level","id":"42:1100:0001","sku":"42","plant":"1100","location":"0001","quantity":"14","as_of":"2026-03-02T07:00:00Z"}\n'
} | fold no.conf
moves 2 - 2 PCE | fold no.conf
is "$?:$(stock)" 0:12.0 'pieces by another name'
moves 3 - 1 CAR | fold no.conf
is "$?:$(stock):$(open_codes)" 1:12.0:stock-unit \
    'a box that nobody has explained: nothing is counted'
like "$(cat out)" '"subject":{"type":"unit","id":"42:CAR"}' \
    'it is named as a section of the configuration would be'
moves 3 - 1 CAR | fold box.conf
is "$?:$(stock)" 0:6.0 'read again with its unit in the configuration'
is "$(open_codes)" '' 'the exception is closed'
moves 3 - 1 CAR | fold box.conf
is "$?:$(stock)" 0:6.0 'a duplicate, in the unit in which it came'
moves 4 - 1 CAR | fold box.conf
is "$(jq -c 'select(.kind == "product").body' out)" \
    '{"sku":"42","in_stock":false,"merge":true}' 'the next box is the last one'

# The base unit is kept in mind while nobody says another one.
mkfifo pipe
stock-aggregate -q -c box.conf -s s.db <pipe >followed &
follower=$!
exec 9>pipe
printf '{"v":1,"type":"stock_level","id":"42:1100:0001","sku":"42","plant":"1100","location":"0001","quantity":"90","as_of":"2026-03-02T08:00:00Z"}\n' >&9
is "$(until_is 76.0 stock)" 76.0 'counted anew: two pieces and two boxes have left since'
moves 5 - 1 CAR >&9
is "$(until_is 70.0 stock)" 70.0 'another one'
moves 6 - 1 CAR >&9
is "$(until_is 64.0 stock)" 64.0 'and one'
printf '{"v":1,"type":"product","id":"42",%s,"material":"000000000000000042","unit":"CAR"}\n' \
    "$(src 7 MATMAS)" | fold box.conf
moves 8 - 1 CAR >&9
is "$(until_is 63.0 stock)" 63.0 \
    'another process has said that boxes are its base unit'
exec 9>&-
wait $follower

rc_is 78 'a factor that is none' stock-aggregate -c wrong.conf
done_testing

#!/bin/sh
# A SKU that goes in and out of stock: it is damped, said once, and comes back.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
cat >sync.conf <<'END'
[stock]
skew = 0s
flips = 3
damping = 10m
END
export SAP_OMETRIA_CONFIG=$T/sync.conf

# moves TIME DOCUMENT SIGN [SKU]: one unit; the answer is what is said of it.
moves() {
	export SAP_OMETRIA_NOW="2026-03-02T$1:00Z"
	printf '{"v":1,"type":"stock_movement","id":"2026-%s-1","seq":"20260302080000.%016d","sku":"%s","plant":"1100","location":"0001","movement_type":"601","sign":"%s","quantity":"1","posted_at":"2026-03-02T08:00:00Z"}\n' \
	    "$2" "$2" "${4:-42}" "$3" | said
}
# passes TIME: a run that has nothing to do but what is due.
passes() {
	export SAP_OMETRIA_NOW="2026-03-02T$1:00Z"
	said </dev/null
}
said() {
	stock-aggregate -q -s s.db >out
	jq -r '.exception // .code // (.body | "\(.sku) \(.in_stock)")' out |
	    tr '\n' ';'
}
open_exceptions() {
	sqlite3 s.db "SELECT code || ' ' || id || ' ' || count FROM exception
	    WHERE open"
}

export SAP_OMETRIA_NOW=2026-03-02T07:00:00Z
for sku in 42 43; do
	printf '{"v":1,"type":"stock_level","id":"%s:1100:0001","sku":"%s","plant":"1100","location":"0001","quantity":"1","as_of":"2026-03-02T07:00:00Z"}\n' \
	    $sku $sku
done >levels
is "$(said <levels)" '42 true;43 true;' 'both are in stock'
is "$(moves 09:00 1 -)" '42 false;' 'out'
is "$(moves 09:01 2 +)" '42 true;' 'and back'
is "$(moves 09:02 3 - 43)" '43 false;' 'another SKU is counted by itself'
is "$(moves 09:02 4 -)" 'stock-flapping;42 false;' \
    'out for the second time: that is said at once, and that it flaps'
is "$(moves 09:03 5 +)" '' 'that it is back is held'
is "$(moves 09:04 6 +)" '' 'also when more comes'
is "$(moves 09:05 7 + 43)" '43 true;' 'the other one is not'
is "$(moves 09:06 8 - && moves 09:07 9 -)" '' \
    'out while it is held: Ometria has that already'
is "$(moves 09:08 10 +)" '' 'back again: it begins anew'
is "$(open_exceptions)" 'stock-flapping 42 1' 'the exception was raised once'
is "$(passes 09:17)" '' 'nine minutes later it is still held'
is "$(open_exceptions)" 'stock-flapping 42 1' 'and flapping'
is "$(passes 09:18)" '42 true;' 'after ten it is in stock'
is "$(open_exceptions)" '' 'and no flapping one any more'
is "$(moves 09:19 11 -)" '42 false;' 'from then on it is like any other'
is "$(moves 09:20 12 +)" '42 true;' 'both ways'

# Held, and then the configuration says otherwise.
is "$(moves 09:21 13 -; moves 09:22 14 +)" 'stock-flapping;42 false;' 'held'
sed 's/^damping.*/damping = 0s/' sync.conf >no.conf
SAP_OMETRIA_CONFIG=$T/no.conf
is "$(passes 09:23):$(open_exceptions)" '42 true;:' \
    'without damping nothing is held, and nothing flaps'
last_flip() {
	sqlite3 s.db "SELECT time(at, 'unixepoch'), in_stock, count(*) OVER ()
	    FROM availability_flip ORDER BY at DESC LIMIT 1"
}
is "$(moves 09:24 15 -):$(last_flip)" '42 false;:09:24:00|0|13' \
    'what is not damped is counted, too'
SAP_OMETRIA_NOW=2026-05-31T09:22:00Z
is "$(said </dev/null):$(last_flip)" ':09:24:00|0|1' 'for ninety days'
SAP_OMETRIA_NOW=2026-05-31T09:24:00Z
is "$(said </dev/null):$(last_flip)" ':' 'and no longer'
done_testing

#!/bin/sh
# stock-aggregate with a state: flips only, and the same end in any order.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
state=$T/sync.db

# movement DOCNUM MATERIAL PLANT SIGN QUANTITY HH:MM
movement() {
	printf '{"v":1,"type":"stock_movement","id":"2026-%s-1",' "$1"
	printf '"seq":"20260302080000.%016d",' "$1"
	printf '"src":{"sys":"E","client":"100","docnum":"%016d",' "$1"
	printf '"mestyp":"MBGMCR","r":1},"material":"%s",' "$2"
	printf '"plant":"%s","location":"0001","movement_type":"601",' "$3"
	printf '"sign":"%s","quantity":"%s",' "$4" "$5"
	printf '"posted_at":"2026-03-02T%s:00Z"}\n' "$6"
}

# level SKU PLANT QUANTITY HH:MM
level() {
	printf '{"v":1,"type":"stock_level","id":"%s:%s:0001",' "$1" "$2"
	printf '"seq":"20260302070000.0000000000000000",'
	printf '"sku":"%s","plant":"%s","location":"0001",' "$1" "$2"
	printf '"quantity":"%s","as_of":"2026-03-02T%s:00Z"}\n' "$3" "$4"
}

fold() {
	stock-aggregate -s "$state"
}

bodies() {
	sed -n 's/.*"body":\(.*\)}$/\1/p' "$1"
}

open_codes() {
	sqlite3 "$state" 'SELECT code, id FROM exception WHERE open = 1
	    ORDER BY code, id'
}

level 42 1100 5 06:00 | fold >"$T/out"
is "$(bodies "$T/out")" '{"sku":"42","in_stock":true,"merge":true}' \
    'the first known value is sent'
like "$(cat "$T/out")" '"rev":1,"urgent":true' 'urgently'
movement 1 000000000000000042 1100 - 4 07:00 | fold >"$T/out"
is "$?:$(cat "$T/out")" 0: 'a movement that flips nothing sends nothing'
movement 2 42 1100 - 1 07:10 | fold >"$T/out"
is "$(bodies "$T/out")" '{"sku":"42","in_stock":false,"merge":true}' \
    'the last one sold is a flip'
movement 2 42 1100 - 1 07:10 | fold >"$T/out"
is "$?:$(cat "$T/out")" 0: 'the same movement again is none'
movement 3 42 1100 - 1 07:20 | fold >"$T/out"
is "$?:$(open_codes)" '1:stock-negative|42' 'less than nothing is a remark'
movement 4 42 1100 + 3 07:30 | fold >"$T/out"
is "$(open_codes):$(bodies "$T/out")" \
    ':{"sku":"42","in_stock":true,"merge":true}' 'healed, and back in stock'

movement 5 77 1200 + 3 07:30 | fold >"$T/out"
is "$?:$(open_codes):$(bodies "$T/out")" '1:stock-no-baseline|1200:' \
    'a plant without a snapshot: nothing is known'
level 77 1200 2 07:00 | fold >"$T/out"
is "$(open_codes):$(bodies "$T/out")" \
    ':{"sku":"77","in_stock":true,"merge":true}' 'until a snapshot comes'
is "$(sqlite3 "$state" 'SELECT quantity FROM stock WHERE item = 77')" 5000 \
    'the movement behind the snapshot applies on top of it'
movement 6 77 1200 - 3 06:59 | fold >"$T/out"
is "$?:$(sqlite3 "$state" 'SELECT quantity FROM stock WHERE item = 77')" \
    0:5000 'one that the snapshot covers does not'
is "$(sqlite3 "$state" 'SELECT count(*) FROM idoc
    WHERE id NOT IN (SELECT idoc FROM idoc_record)')" 0 \
    'every record has an outcome'

# A snapshot that the movements do not explain.
movement 40 88 1100 - 1 08:00 >"$T/one"
{ level 88 1100 5 06:00; cat "$T/one"; level 88 1100 4 09:00; } | fold >"$T/out"
is "$?:$(open_codes)" 0: 'a snapshot that the movements explain'
{ movement 41 88 1100 - 1 10:00; level 88 1100 1 11:00; } | fold >"$T/out"
is "$?:$(open_codes)" '1:stock-drift|88:1100:0001' 'one that they do not'
like "$(cat "$T/out")" 'the snapshot has 1, the ledger 3' 'has the numbers'
{ movement 42 88 1100 + 9 11:58; level 88 1100 1 12:00; } | fold >"$T/out"
is "$?:$(open_codes)" 0: \
    'the next heals it; a receipt within skew may be missing in it'

# A snapshot that knows the SKU alone, and a material number that gives it.
cat >"$T/conf" <<'EOF'
[sku]
strip = "-"
EOF
{ level AB 1100 1 06:00; movement 20 A-B 1100 - 1 08:00; } >"$T/forth"
{ movement 20 A-B 1100 - 1 08:00; level AB 1100 1 06:00; } >"$T/back"
want='{"sku":"AB","in_stock":false,"merge":true}'
stock-aggregate -c "$T/conf" <"$T/forth" >"$T/out"
is "$(bodies "$T/out")" "$want" 'snapshot by SKU, movement by material'
stock-aggregate -c "$T/conf" <"$T/back" >"$T/out"
is "$(bodies "$T/out")" "$want" 'in either order'

# Any order of arrival, in one run or several: one end. The model is the sum.
awk 'BEGIN {
	srand(7)
	for (i = 1; i <= 120; i++) {
		m = int(rand() * 9) + 1; p = 1100 + 100 * int(rand() * 2)
		q = int(rand() * 6) + 1; s = rand() < 0.45 ? "+" : "-"
		printf "m %d %s %d %s %d %02d:%02d\n", 100 + i,
		    (rand() < 0.5 ? m : sprintf("%018d", m)), p, s, q,
		    int(rand() * 12), int(rand() * 60)
	}
	for (m = 1; m <= 9; m++)
		for (p = 1100; p <= 1200; p += 100)
			for (h = 1; h <= 5; h += 4)
				printf "l %d %d %d %02d:00\n", m, p,
				    int(rand() * 12), h
}' | while read -r kind a b c d e f; do
	case $kind in
	m) movement "$a" "$b" "$c" "$d" "$e" "$f" ;;
	l) level "$a" "$b" "$c" "$d" ;;
	esac
done >"$T/events"
jq -rs '
	def qty: .quantity | tonumber;
	map(. + {k: ((.material // .sku) | sub("^0+"; "")) })
	| [group_by(.k)[] | {k: .[0].k, total: ([group_by(.plant)[]
	    | (map(select(.type == "stock_level")) | max_by(.as_of)) as $base
	    | ($base | qty) + ([.[] | select(.type == "stock_movement" and
		.posted_at > $base.as_of)
		| qty * (if .sign == "+" then 1 else -1 end)] | add // 0)]
	    | add)}]
	| sort_by(.k)[] | "\(.k) \(.total >= 1)"' <"$T/events" >"$T/model"
like "$(cat "$T/model")" true 'the model has something in stock'
like "$(cat "$T/model")" false 'and something out of it'

ends() {
	sed -n 's/.*{"sku":"\([^"]*\)","in_stock":\([a-z]*\).*/\1 \2/p' "$1"
}

cat >"$T/noskew" <<'EOF'
[stock]
skew = 0s
EOF
wrong=0
for seed in 1 2 3 4 5 6 7 8; do
	awk -v s="$seed" 'BEGIN { srand(s) } { print rand() "\t" $0 }' \
	    "$T/events" | sort -n | cut -f 2- >"$T/mixed"
	stock-aggregate -c "$T/noskew" <"$T/mixed" >"$T/out" 2>&1
	ends "$T/out" | cmp -s - "$T/model" || wrong=$((wrong + 1))
	rm -f "$state"*
	split -l 40 "$T/mixed" "$T/part."
	for part in "$T"/part.*; do
		stock-aggregate -c "$T/noskew" -s "$state" <"$part" >/dev/null
	done
	sqlite3 "$state" 'SELECT body FROM outbox ORDER BY id' >"$T/out"
	ends "$T/out" | cmp -s - "$T/model" || wrong=$((wrong + 1))
done
is "$wrong" 0 'eight orders of arrival, with and without a state: the model'

# With hysteresis and skew there is no such model, but still one end.
cat >"$T/slow" <<'EOF'
[stock]
threshold = 2
restock = 8
skew = 1h
EOF
for seed in 1 2 3 4 5 6; do
	awk -v s="$seed" 'BEGIN { srand(s) } { print rand() "\t" $0 }' \
	    "$T/events" | sort -n | cut -f 2- >"$T/mixed"
	stock-aggregate -c "$T/slow" <"$T/mixed" >"$T/out" 2>&1
	ends "$T/out" >"$T/ends.$seed"
done
is "$(cat "$T"/ends.* | sort | uniq -c | awk '$1 != 6' | wc -l)" 0 \
    'hysteresis ends alike in any order'

# SAP's stock list.
rm -f "$state"*
cat >"$T/list" <<'EOF'
Stock on hand;;;;;
Material;Description;Plant;Storage Location;Unrestricted;Special Stock
000000000000000042;"Shirt; red";1100;0001;1.200,5;
42;Shirt;1100;0001;10;
42;Shirt;1100;0001;99;E
AB;Scarf;1100;0001;2-;
43;Scarf;1100;0002;0;
EOF
printf '[stock]\ndecimal = comma\n' >"$T/comma"
list() {
	stock-aggregate -c "$T/comma" -s "$state" --levels "$@" >"$T/out"
}
{ level 42 1100 5 06:00; level 77 1100 5 06:00; level 78 1200 5 06:00; } |
    fold >"$T/out"
list "$T/list" --as-of 2026-03-02T06:03:00Z --partial
is "$?:$(sqlite3 "$state" 'SELECT item, location, quantity FROM stock
    ORDER BY item')" '1:42|0001|1210500
43|0002|0
77|0001|5000
78|0001|5000
AB|0001|-2000' 'a list: rows added up, special stock left out'
list "$T/list" --as-of 2026-03-02T07:00:00Z
is "$?:$(bodies "$T/out")" \
    '1:{"sku":"77","in_stock":false,"merge":true}' \
    'what a whole list does not hold is out, in its plants alone'
list "$T/list" --as-of 2026-03-02T07:00:00Z
is "$(bodies "$T/out")" '' 'the same list again says nothing'
movement 60 99 1100 + 9 06:30 | fold >"$T/out"
movement 61 99 1100 + 3 08:00 | fold >>"$T/out"
is "$(bodies "$T/out"):$(sqlite3 "$state" 'SELECT base, quantity FROM stock
    WHERE item = 99')" '{"sku":"99","in_stock":true,"merge":true}:0|3000' \
    'what comes later was counted as well: there was none'
movement 62 99 1200 + 3 08:00 | fold >"$T/out"
is "$(sqlite3 "$state" 'SELECT base, quantity FROM stock
    WHERE item = 99 AND plant = 1200')" '|3000' 'not so in another plant'
{ printf '\357\273\277MATNR\tWERKS\tLGORT\tLABST\n'
	printf '78\t1200\t0001\tmany\n42\t1200\t0001\t3\n'
} >"$T/bad"
list "$T/bad" --as-of 2026-03-02T08:00:00Z
is "$?:$(sqlite3 "$state" "SELECT quantity FROM stock WHERE item = 78")" \
    1:5000 'a list with a bad row is not taken to be whole'
like "$(cat "$T/out")" 'bad:2.: the quantity is no number' 'the row is named'

# Not to be read is also what adds up to more than SAP can have.
printf 'MATNR;WERKS;LGORT;LABST\n' >"$T/much"
i=0
while [ $i -lt 3 ]; do
	echo '42;1100;0001;4.000.000.000.000.000' >>"$T/much"
	i=$((i + 1))
done
list "$T/much" --as-of 2026-03-02T08:30:00Z
is "$?:$(sqlite3 "$state" "SELECT count(*) FROM stock
    WHERE base_at = unixepoch('2026-03-02T08:30:00Z')")" 1:0 \
    'a sum beyond all numbers: no stock is taken, and none to be absent'
like "$(cat "$T/out")" 'stock_level .42:1100:0001.: the quantity is no number' \
    'the sum is named'

# The columns by the headings of the client, and saved in other code pages.
cat >"$T/columns" <<'EOF'
[stock]
decimal = comma
[levels]
encoding = ISO-8859-1
material = Artikel
quantity = Verfügbar, Menge (frei)
EOF
cat >"$T/german" <<'EOF'
Werk;Artikel;Material;LABST;Menge (frei);Lagerort
1100;4711;9;7;1.000,5;0001
1100;Größe-1;9;7;2;0001
EOF
sed 's/Menge (frei)/Verfügbar/' "$T/german" | iconv -f UTF-8 -t ISO-8859-1 >"$T/latin"
iconv -f UTF-8 -t UTF-16 "$T/german" >"$T/wide"
for page in german latin wide; do
	rm -f "$state"*
	stock-aggregate -c "$T/columns" -s "$state" --levels "$T/$page" \
	    --as-of 2026-03-02T08:00:00Z >"$T/out"
	is "$?:$(sqlite3 "$state" 'SELECT item, quantity FROM stock
	    ORDER BY item')" '0:4711|1000500
Größe-1|2000' "headings of the client's: $page"
done
echo 'MATNR;WERKS;LABST' >"$T/sap"
rc_is 65 'they take the place of the built-in ones' \
    stock-aggregate -c "$T/columns" --levels "$T/sap"
printf '[levels]\nencoding = klingon\n' >"$T/klingon"
rc_is 78 'nobody knows the encoding' \
    stock-aggregate -c "$T/klingon" --levels "$T/german"

echo nothing >"$T/none"
rc_is 65 'a list without headings' stock-aggregate --levels "$T/none"
head -n 2 "$T/list" >"$T/none"
rc_is 65 'nor with nothing but headings' stock-aggregate --levels "$T/none"
rc_is 0 'unless it is partial' stock-aggregate --levels "$T/none" --partial
printf 'MATNR;WERKS;LABST;Unrestricted\n1;1100;5;6\n' >"$T/twice"
rc_is 65 'two columns of stock' stock-aggregate --levels "$T/twice"
printf 'MATNR;WERKS;LABST\n4,00638E+12;1100;5\n1\0002;1100;5\n2E5;1100;5\n' >"$T/sheet"
stock-aggregate --levels "$T/sheet" >"$T/out"
is "$?:$(jq -r '.body.sku // .message' "$T/out" | sed "s|$T/||")" \
    "1:stock_level 'sheet:2': neither a material number nor a SKU
stock_level 'sheet:3': neither material nor plant
2E5" 'rows that a spreadsheet or a broken transfer has spoilt are named'
rc_is 64 'a list of the future' \
    stock-aggregate --now 2026-03-02T08:00:00Z --levels "$T/sheet" \
	--as-of 2026-03-02T08:06:00Z
rc_is 66 'no list' stock-aggregate --levels "$T/absent"
rc_is 64 'no time' stock-aggregate --levels "$T/list" --as-of noon
rc_is 64 'a time without a list' stock-aggregate --as-of 2026-03-02T08:00:00Z

rc_is 64 'operands are refused' stock-aggregate file
rc_is 74 'a full disk is said' sh -c '
	printf "%s\n" "{\"v\":1,\"type\":\"order\",\"id\":\"W1\"}" |
	    stock-aggregate >/dev/full'
done_testing

#!/bin/sh
# sync-audit diff on files: every class of difference is found, once, and by no
# other class.
. "$(dirname "$0")/../lib.sh"

command -v jq >/dev/null || skip_all 'jq is not installed'

NOW='--now 2026-03-02T12:00:00Z'
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG

desired() { # KIND ID BODY
	printf '{"v":1,"type":"desired","id":"%s:%s","kind":"%s","body":%s}\n' \
	    "$1" "$2" "$1" "$3"
}
order_body() { # ID CUSTOMER STATUS SKU
	printf '{"order_id":"%s","placed_at":"2026-03-01T08:00:00Z",' "$1"
	printf '"status":"%s","valid":true,"currency":"GBP",' "$3"
	printf '"subtotal":"40.00","tax":"8.00","grand_total":"48.00",'
	printf '"customer":{"id":"%s"},"lines":[{"sku":"%s",' "$2" "$4"
	printf '"quantity":"2","unit_price":"20.00"}]}'
}
contact_body() { # ID E-MAIL LAST-NAME [MORE]
	printf '{"customer_id":"%s","email":"%s","last_name":"%s"%s}' \
	    "$1" "$2" "$3" "${4:-}"
}
order() { # ID CUSTOMER STATUS SKU [MONEY [TIME]]
	printf '{"@type":"order","id":"%s","timestamp":"%s",' "$1" \
	    "${6:-2026-03-01T08:00:00Z}"
	printf '"status":"%s","is_valid":true,"currency":"GBP",' "$3"
	printf '"subtotal":%s,"tax":8,"grand_total":48.00,' "${5:-40.00}"
	printf '"customer":{"id":"%s","email":"of@their.own"},' "$2"
	printf '"lineitems":[{"product_id":"%s","sku":"%s",' "$4" "$4"
	printf '"quantity":2,"unit_price":20.0}]}\n'
}
contact() { # ID E-MAIL LAST-NAME [MORE]
	printf '{"@type":"contact","@collection":"%s","id":"%s",' \
	    "${5:-sap}" "$1"
	printf '"customer_id":"%s","email":"%s","lastname":"%s"%s}\n' \
	    "$1" "$2" "$3" "${4:-}"
}
product() { # ID MORE
	printf '{"@type":"product","id":"%s"%s}\n' "$1" "${2:-}"
}
compare() {
	# shellcheck disable=SC2086
	sync-audit diff $NOW --sap "$T/sap.jsonl" --ometria "$T/ometria.jsonl" \
	    "$@"
}
# class, kind, id and field of each finding
found() {
	sed 1d "$T/out" | cut -f 1-4 | tr '\t' ' '
}

# --- nothing differs: values, not spellings ---

out='"opt_out":true,"force":true'
{
	desired order W1 "$(order_body W1 11 shipped 12345)"
	desired order W2 "$(order_body W2 12 confirmed 12345)"
	desired contact 11 "$(contact_body 11 ann@example.com Lee)"
	desired contact 12 "$(contact_body 12 bob@example.com Poe ",$out")"
	desired product 12345 '{"sku":"12345","in_stock":true,"merge":true}'
	desired order W2 "$(order_body W2 12 shipped 12345)"
	desired custom_event shipped-W1 '{"event_id":"shipped-W1"}'
} >"$T/sap.jsonl"
{
	order W2 12 shipped 12345 '"40.0"' '2026-03-01 09:00:00+01'
	order W1 11 shipped 12345 40 2026-03-01T08:00:00+00:00
	product 12345 ',"is_in_stock":true,"title":"Shirt"'
	contact 12 bob@example.com Poe \
	    ',"marketing_optin":"EXPLICITLY_OPTEDOUT"'
	contact 11 ann@example.com Lee
	contact 11 ann@example.com Lee # as on two pages that overlap
	contact 99 ann@example.com Lee '' shop
} >"$T/ometria.jsonl"
ok 'the same' compare
is "$(cat "$T/out" | tr '\t' ' ')" 'class kind id field sap ometria age' \
    'a header and no more'
is "$(cat "$T/err")" 'sync-audit: 5 on both sides, no difference' 'is said'
compare --json -q >"$T/out" 2>"$T/err"
is "$?.$(cat "$T/out" "$T/err")" 0. 'and nothing at all as JSON, quietly'

# --- a fault of every class, each in records of its own ---

cp "$T/sap.jsonl" "$T/good.sap"
cp "$T/ometria.jsonl" "$T/good.ometria"
{
	desired order F01 "$(order_body F01 11 shipped 12345)"
	desired order F03 "$(order_body F03 11 shipped 12345)"
	desired order F04 "$(order_body F04 11 shipped 12345)"
	desired order F05 "$(order_body F05 11 shipped 12345)"
	desired order F06 "$(order_body F06 11 shipped 12345)"
	desired order F08 "$(order_body F08 11 shipped 12345)"
	desired order F09 "$(order_body F09 11 confirmed 12345)"
	desired order F07 "$(order_body F07 11 shipped 12345)"
	desired contact 21 "$(contact_body 21 del@example.com Lost ",$out")"
	desired contact 22 "$(contact_body 22 two@example.com One)"
	desired contact 23 "$(contact_body 23 TWO@example.com Two)"
	desired contact 24 "$(contact_body 24 name@example.com Smith)"
	desired product 777 '{"sku":"777","in_stock":true,"merge":true}'
	desired product 888 '{"sku":"888","active":false,"merge":true}'
	desired product 999 '{"sku":"999","in_stock":true,"merge":true}'
} >>"$T/sap.jsonl"
{
	# F01 is missing
	order F02 11 shipped 12345 # SAP knows nothing of it
	order F03 12 shipped 12345 # somebody else's
	order F04 11 pending 12345 # has not moved
	order F05 11 shipped 000012345 # padded in a line
	order F06 11 shipped 12345 41.00 # other money
	order F08 11 shipped 12345 40.00 '2026-03-01 09:00:00+02' # an hour off
	order F09 11 shipped 12345 # further than SAP has it
	order F07 11 shipped 12345
	order F07 11 shipped 12345 40.0 # twice, and not the same
	contact 21 del@example.com Lost
	contact 22 two@example.com One
	contact 23 TWO@example.com Two # the address is shared
	contact 24 name@example.com Smythe
	product 777 ',"is_in_stock":true'
	product 0000000777 ',"is_in_stock":true' # a twin of 777
	product 888 ',"is_active":true'
	product 00999 ',"is_in_stock":true' # a twin alone
	product X-1 ',"is_in_stock":true' # SAP knows nothing of it
} >>"$T/ometria.jsonl"
rc_is 1 'faults of every class' compare
found >"$T/found"
cat >"$T/want" <<'END'
ambiguous order F07 
deletion contact 21 marketing_optin
deletion product 888 is_active
differs contact 24 lastname
differs order F06 subtotal
differs order F08 timestamp
differs order F09 status
duplicate-email contact 23 email
missing order F01 
padded-sku order F05 lineitems[0].product_id
padded-sku order F05 lineitems[0].sku
padded-sku product 00999 id
padded-sku product 0000000777 id
status order F04 status
unexpected order F02 
unexpected product X-1 
wrong-customer order F03 customer.id
END
is "$(sort "$T/found")" "$(sort "$T/want")" \
    'each is found once, and by its class alone'
is "$(sed 's/.*both sides, //' "$T/err")" '1 missing, 2 unexpected, 1 wrong-customer, 3 padded-sku, 2 deletion, 1 status, 4 differs, 1 duplicate-email, 1 ambiguous' \
    'and counted by record'
is "$(grep -c '^status order F04 status$' "$T/found")" 1 \
    'what never moved is told by its status'
is "$(sed -n 's/^status.*F04	status	\(.*\)	\(.*\)	$/\1 \2/p' "$T/out")" \
    'shipped pending' 'with both values'

# --- the same by another way ---

jq -r 'select(.type == "desired" and .kind == "order") | .body.order_id' \
    "$T/sap.jsonl" | sort -u >"$T/sap.ids"
jq -r 'select(.["@type"] == "order") | .id' "$T/ometria.jsonl" | sort -u \
    >"$T/ometria.ids"
is "$(grep '^missing order' "$T/found" | cut -d ' ' -f 3)" \
    "$(comm -23 "$T/sap.ids" "$T/ometria.ids")" 'jq misses the same orders'
is "$(grep '^unexpected order' "$T/found" | cut -d ' ' -f 3)" \
    "$(comm -13 "$T/sap.ids" "$T/ometria.ids")" 'and does not expect the same'
is "$(jq -r 'select(.["@type"] == "contact" and .["@collection"] == "sap")
    | .id + " " + (.email | ascii_downcase)' "$T/ometria.jsonl" | sort -u |
    cut -d ' ' -f 2 | sort | uniq -d | wc -l)" \
    "$(grep -c '^duplicate-email' "$T/found")" 'as many addresses are shared'

# --- what is printed ---

like "$(cat "$T/out")" '^differs	contact	24	lastname	S\*\*\*	S\*\*\*	$' \
    'a name is masked'
[ "$(grep -c 'example.com\|Smythe' "$T/out")" -eq 0 ]
is $? 0 'so are all that tell who it is'
rc_is 1 'unmasked' compare --unmask
like "$(cat "$T/out")" '^differs	contact	24	lastname	Smith	Smythe	$' \
    'it is told'
rc_is 1 'as JSON' compare --json
is "$(jq -s 'map(select(.class == "padded-sku") | .id) | unique | length' \
    "$T/out")" 3 'the same findings'
is "$(jq -c 'select(.id == "F06")' "$T/out")" \
    '{"class":"differs","kind":"order","id":"F06","field":"subtotal","sap":"40.00","ometria":"41.00"}' \
    'an object each'
rc_is 1 'one kind alone' compare --kind product
is "$(found | cut -d ' ' -f 2 | sort -u)" product 'has no other in it'

# --- revenue of both sides, by day and channel ---

# sale ID DAY CHANNEL VALID AMOUNT: the same order on both sides, or on one.
sale_sap() {
	desired order "$1" "$(order_body "$1" 11 "$(status_of "$4")" 12345 |
	    sed "s/2026-03-01T08/$2/; s/\"valid\":true/\"valid\":$4/
		s/\"grand_total\":\"48.00\"/$3\"grand_total\":\"$5\"/")"
}
sale_ometria() {
	order "$1" 11 "$(status_of "$4")" 12345 |
	    sed "s/2026-03-01T08/$2/; s/\"is_valid\":true/\"is_valid\":$4/
		s/\"grand_total\":48.00/$3\"grand_total\":$5/"
}
status_of() { [ "$1" = true ] && echo shipped || echo cancelled; }
store='"store":"shop.example\/uk","channel":"in store",'
{
	sale_sap R1 2026-03-01T23 '' true 10.10
	sale_sap R2 2026-03-01T00 '' true 0.20
	sale_sap R3 2026-03-02T08 '' true 7.00
	sale_sap R4 2026-03-02T08 "$store" true 5.00
	sale_sap R5 2026-03-01T08 '' false 99.00
	sale_sap R6 2026-03-01T08 '' true 3.00
	sale_sap 0123456789012345678901234567890123456 2026-03-01T08 '' true 9
} >"$T/sap.jsonl"
{
	sale_ometria R1 2026-03-01T23 '"channel":"online",' true 10.1
	sale_ometria R2 2026-03-01T00 '' true '"0.2"'
	sale_ometria R3 2026-03-02T08 '' true 7.010000000000001
	sale_ometria R4 2026-03-02T08 "$store" false 5
	sale_ometria R5 2026-03-01T08 '' false 99
	sale_ometria R7 2026-03-03T08 '' true 1e1
} >"$T/ometria.jsonl"
rc_is 1 'revenue' compare --revenue
is "$(sed -n 's/^revenue	//p' "$T/out" | tr '\t' '|')" \
    'order|2026-03-01|GBP no store, online|13.3|10.3|
order|2026-03-02|GBP no store, online|7|7.01|
order|2026-03-02|GBP shop.example/uk, in store|5|0|
order|2026-03-03|GBP no store, online|0|10|' \
    'of valid orders that leave, by value; no channel is online'
rc_is 1 'in a window, as JSON' compare --revenue --json --since 2026-03-03
is "$(jq -c 'select(.class == "revenue")' "$T/out")" \
    '{"class":"revenue","kind":"order","id":"2026-03-03","field":"GBP no store, online","sap":"0","ometria":"10"}' \
    'only what is in it'
cp "$T/sap.jsonl" "$T/all.sap"
grep -v R6 "$T/all.sap" | grep R2 >"$T/sap.jsonl"
grep R2 "$T/ometria.jsonl" >"$T/one" && mv "$T/one" "$T/ometria.jsonl"
ok 'revenue that is the same' compare --revenue
like "$(cat "$T/out")" '^revenue	order	2026-03-01	.*	0.2	0.2	$' 'is no difference'
rc_is 64 'revenue without orders' compare --revenue --kind product
printf 'id,status\nR2,shipped\n' >"$T/ometria.jsonl"
rc_is 65 'revenue of CSV without amounts' compare --revenue --kind order
like "$(cat "$T/err")" "needs the column 'timestamp'" 'names what is not there'

# --- what never leaves is neither missing nor unexpected ---

cp "$T/good.sap" "$T/sap.jsonl"
cp "$T/good.ometria" "$T/ometria.jsonl"
desired order LONG "$(order_body 0123456789012345678901234567890123456 11 \
    shipped 12345)" >>"$T/sap.jsonl"
ok 'an order whose number is too long for Ometria' compare
like "$(cat "$T/err")" ': 1 break a limit of Ometria' 'is told apart'
order LONG 11 shipped 12345 >>"$T/ometria.jsonl"
ok 'also when something is there' compare

# --- windows ---

cp "$T/good.sap" "$T/sap.jsonl"
cp "$T/good.ometria" "$T/ometria.jsonl"
desired order OLD "$(order_body OLD 11 shipped 12345 |
    sed 's/2026-03-01T/2026-02-01T/')" >>"$T/sap.jsonl"
rc_is 1 'an old order that is missing' compare --kind order
ok 'is not looked for since a later day' compare --kind order --since 2026-03-01
ok 'nor is anything later than the window' compare --kind order \
    --before 2026-02-01T08:00:00Z
rc_is 1 'but in its own window' compare --kind order --since 2026-02-01 \
    --before 2026-02-02
is "$(found)" 'missing order OLD ' 'it is'

# --- CSV ---

cat >"$T/orders.csv" <<'END'
id,timestamp,customer.id,status,subtotal,is_valid,lineitems
W2,2026-03-01T08:00:00+00:00,12,shipped,40,true,"[{""product_id"":""12345"",""sku"":""12345"",""quantity"":2,""unit_price"":20}]"
W1,2026-03-01T08:00:00Z,11,pending,40.0,true,
END
cp "$T/good.sap" "$T/sap.jsonl"
csv() {
	# shellcheck disable=SC2086
	sync-audit diff $NOW --sap "$T/sap.jsonl" --ometria "$T/orders.csv" "$@"
}
rc_is 1 'a CSV export with dotted names' csv --kind order
is "$(found)" 'status order W1 status
status order W1 lineitems' 'is compared in the columns that it has'
sed -i 's/pending/shipped/; s/true,$/true,"[{""product_id"":""12345"",""sku"":""12345"",""quantity"":2,""unit_price"":""20.00""}]"/' \
    "$T/orders.csv"
ok 'and is the same when they are' csv --kind order
printf 'id;email;lastname\r\n11;ann@example.com;"Lee"\r\n12;bob@example.com;Poe\r\n' \
    >"$T/orders.csv"
ok 'semicolons, quotes, carriage returns' csv --kind contact
rc_is 65 'CSV of no known kind' csv
like "$(cat "$T/err")" "Ometria's export:2: .*--kind" 'asks for it'

# --- bad ends ---

rc_is 66 'an export that is not there' sync-audit diff --kind order \
    --sap "$T/sap.jsonl" --ometria "$T/none"
echo '{"@type":"order","id":"W1"' >"$T/ometria.jsonl"
rc_is 65 'an export that is cut off' compare --kind order
cp "$T/good.ometria" "$T/ometria.jsonl"
echo '{"v":1,"type":"desired","id":"order:W9","kind":"order"' >>"$T/sap.jsonl"
rc_is 65 'a broken record of SAP' compare
like "$(cat "$T/err")" "SAP's records:8: " 'names its line'
rc_is 64 'a kind that there is not' compare --kind orders
rc_is 64 'a time that is none' compare --since yesterday
rc_is 64 'two sources of one side' compare --url http://127.0.0.1:1/v2
if [ -e /dev/full ]; then
	cp "$T/good.sap" "$T/sap.jsonl"
	compare >/dev/full 2>"$T/err"
	is $? 74 'a full disk'
fi
TMPDIR=$T/none compare >"$T/out" 2>"$T/err"
is $? 0 'little is sorted in memory, without a file'

# --- more than memory is meant for ---

seq 1 40000 | awk '{ id = $1 * 7919 % 40000
    printf "{\"@type\":\"product\",\"id\":\"A%05d\",\"is_in_stock\":true}\n",
    id }' >"$T/ometria.jsonl"
seq 1 40000 | awk '{ id = $1 * 104729 % 40000; if (id != 4711)
    printf "{\"v\":1,\"type\":\"desired\",\"id\":\"product:A%05d\"," \
    "\"kind\":\"product\",\"body\":{\"sku\":\"A%05d\",\"in_stock\":%s}}\n",
    id, id, id == 815 ? "false" : "true" }' >"$T/sap.jsonl"
rc_is 1 'many records in orders of their own' compare
is "$(found)" 'differs product A00815 is_in_stock
unexpected product A04711 ' 'are compared'
TMPDIR=$T/none compare >"$T/out" 2>"$T/err"
is $? 73 'not without a place for them'
like "$(cat "$T/err")" 'cannot sort in a temporary file: No such' 'as is told'
done_testing

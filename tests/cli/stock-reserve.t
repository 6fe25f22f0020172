#!/bin/sh
# Stock that open orders keep back, folded by one process or by two.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
cat >sync.conf <<'END'
[stock]
reserve = yes
damping = 0s
reserve-grace = 0s
[plant "1100"]
sellable = yes
[unit "CAR"]
base = PCE
factor = 4
END
sed 's/^reserve = .*/reserve = no/' sync.conf >off.conf
export SAP_OMETRIA_CONFIG=$T/sync.conf
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z

echo 10 >number
src() {
	number=$(($(cat number) + 1))
	echo $number >number
	printf '"seq":"20260302%06d.%016d","src":{"sys":"E","client":"100","docnum":"%016d","mestyp":"%s","r":1}' \
	    $number $number $number "$1"
}
# order ID STAGE LINE...: each LINE is NUMBER:MATERIAL:QUANTITY:UNIT[:REJECTED]
order() {
	id=$1 stage=$2 lines=
	shift 2
	for line in "$@"; do
		lines="$lines${lines:+,}$(echo "$line" | awk -F : '{
			printf "{\"line\":\"%s\",\"sku\":\"%d\",\"material\":\"%s\",\"quantity\":\"%s\",\"unit\":\"%s\",\"total\":\"%d.00\"%s}",
			    $1, $2, $2, $3, $4, $3, $5 == "" ? "" : ",\"rejected\":\"" $5 "\"" }')"
	done
	printf '{"v":1,"type":"order","id":"%s",%s,"stage":"%s","sales_document":"%s","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","lines":[%s]}\n' \
	    "$id" "$(src ORDERS)" "$stage" "$id" "$lines"
}
# shipment DELIVERY DOCUMENT LINE MATERIAL QUANTITY
shipment() {
	printf '{"v":1,"type":"shipment","id":"%s",%s,"posted_at":"2026-03-02T10:00:00Z","lines":[{"line":"10","sales_document":"%s","sales_line":"%s","material":"%s","quantity":"%s","unit":"PCE"}]}\n' \
	    "$1" "$(src DESADV)" "$2" "$3" "$4" "$5"
}
# level SKU QUANTITY
level() {
	printf '{"v":1,"type":"stock_level","id":"%s:1100:","seq":"20260302070000.0000000000000000","sku":"%s","plant":"1100","quantity":"%s","as_of":"2026-03-02T07:00:00Z"}\n' \
	    "$1" "$1" "$2"
}
line() {
	order-aggregate -q -s s.db | stock-aggregate -q -s s.db >out
	said
}
said() {
	jq -r 'select(.kind == "product") | .body |
	    "\(.sku) \(if .in_stock then "in" else "out" end)"' out |
	    tr '\n' ';'
}
reserved() {
	sqlite3 s.db 'SELECT order_id, item, quantity / 1000.0 FROM reservation
	    ORDER BY 1, 2' | tr '\n' ' '
}

is "$({ level 42 5; level 43 1; } | line)" '42 in;43 in;' 'stock as counted'
is "$(order 900 provisional 10:000000000000000042:9:PCE | line)" '' \
    'an order that SAP has not confirmed keeps nothing back'
is "$(order 901 confirmed 10:000000000000000042:2:PCE 20:43:1:PCE 30:42:3:PCE |
    line)" '42 out;43 out;' 'a confirmed one does, all of its lines'
is "$(reserved)" '901|42|5.0 901|43|1.0 ' 'by material'
is "$(order 901 changed 10:000000000000000042:2:PCE 20:43:1:PCE 30:42:3:PCE:Z1 |
    line)" '42 in;' 'a line that is rejected does not'
is "$(shipment 801 901 10 42 1 | line):$(reserved)" \
    ':901|42|1.0 901|43|1.0 ' 'what has left is not ordered any more'
is "$(order 902 confirmed 10:42:1:CAR | line)" '42 out;' \
    'a box of four, in pieces'
is "$(reserved)" '901|42|1.0 901|43|1.0 902|42|4.0 ' 'over all orders'
is "$(sqlite3 s.db 'SELECT count(*) FROM reservation WHERE by_sku')" 0 \
    'by material where there is one'
is "$(order 905 confirmed 10:43:1:PCE | sed 's/"material":"43",//' |
    order-aggregate -q -s s.db >out && level 43 2 | sed 's/T07:/T08:/g' |
    stock-aggregate -q -s s.db >out && said)" '' \
    'an order that knows the SKU alone: both pieces are spoken for'
is "$(order 905 rejected 10:43:1:PCE:Z1 | line)" '43 in;' 'one is free again'
is "$(level 43 1 | sed 's/T07:/T09:/g' | line)" '43 out;' 'and is gone'
is "$(order 902 rejected 10:42:1:CAR:Z1 | line):$(reserved)" \
    '42 in;:901|42|1.0 901|43|1.0 ' 'a cancelled order keeps nothing'

# In two lines: what the other one has left is found without a record.
order 903 confirmed 10:42:4:PCE | order-aggregate -q -s s.db >out
is "$(said)" '' 'orders alone say nothing of products'
is "$(stock-aggregate -q -s s.db </dev/null >out && said)" '42 out;' \
    'the next run of stock finds what they keep back'
is "$(stock-aggregate -q -s s.db </dev/null >out && said)" '' 'once'

# While it follows its input, in its next pause.
mkfifo pipe
stock-aggregate -q -s s.db <pipe >followed &
follower=$!
exec 9>pipe
order 903 rejected 10:42:4:PCE:Z1 | order-aggregate -q -s s.db >out
is "$(until_is 1 grep -c '"in_stock":true' followed)" 1 \
    'one that follows its input finds it'
exec 9>&-
wait $follower

# Off, and on again: what was folded in between counts.
SAP_OMETRIA_CONFIG=$T/off.conf
is "$(order 904 confirmed 10:42:4:PCE | line)" '43 in;' \
    'switched off: only the stock counts'
SAP_OMETRIA_CONFIG=$T/sync.conf
is "$(line </dev/null)" '42 out;43 out;' 'switched on again'
is "$(reserved)" '901|42|1.0 901|43|1.0 904|42|4.0 ' 'for all orders there are'

# What has left is kept back until its movement is there, or should be.
printf '[stock]\nreserve = yes\ndamping = 0s\nskew = 0s\n' >grace.conf
SAP_OMETRIA_CONFIG=$T/grace.conf
# gone DOCUMENT: a piece of 50 is sold.
gone() {
	printf '{"v":1,"type":"stock_movement","id":"2026-%s-1",%s,"material":"50","plant":"1100","movement_type":"601","sign":"-","quantity":"1","unit":"PCE","posted_at":"2026-03-02T10:00:00Z"}\n' \
	    "$1" "$(src MBGMCR)"
}
is "$(level 50 1 | line)" '50 in;' 'one piece'
is "$(order 910 confirmed 10:50:1:PCE | line)" '50 out;' 'and it is spoken for'
is "$(shipment 810 910 10 50 1 | line):$(reserved)" \
    ':901|42|1.0 901|43|1.0 904|42|4.0 910|50|1.0 ' \
    'it has left: nothing is said before its movement comes'
is "$(gone 1 | line)" '' 'nor when that comes'
export SAP_OMETRIA_NOW=2026-03-02T12:15:00Z
is "$(level 50 1 | sed 's/T07:/T11:/g' | line)" '50 in;' \
    'a quarter of an hour later it is forgotten'
is "$(sqlite3 s.db "SELECT count(*) FROM reservation WHERE item = '50'")" 0 \
    'all of it'
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
SAP_OMETRIA_CONFIG=$T/sync.conf

# One movement counts once, however often its SKU is looked at.
counts() {
	sync-audit exceptions -s s.db --json | jq -r 'select(.code ==
	    "stock-negative" and .subject.id == "51").count'
}
is "$(level 51 1 | line)" '51 in;' 'one piece'
is "$(gone 2 | sed 's/"50"/"51"/; s/"quantity":"1"/"quantity":"2"/' | line):$(counts)" \
    '51 out;:1' 'two were sold'
is "$(order 911 confirmed 10:51:1:PCE | line):$(counts)" :1 \
    'an order for it is no second sale'
is "$(gone 3 | sed 's/"50"/"51"/' | line):$(counts)" :2 'another one is'

# Nothing was heard of them for a month.
export SAP_OMETRIA_NOW=2026-04-01T07:59:59Z
is "$(line </dev/null)" '' 'a month later, to the second, they still count'
export SAP_OMETRIA_NOW=2026-04-01T08:00:00Z
is "$(line </dev/null):$(reserved)" '42 in;43 in;:' 'then they are not waited for'
is "$(order 901 changed 10:42:9:PCE 20:43:1:PCE | line):$(reserved)" : \
    'nor when something of them comes'
done_testing

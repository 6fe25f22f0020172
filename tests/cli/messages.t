#!/bin/sh
# What IDocs of each message type come to at the other end of the filters.
. "$(dirname "$0")/../lib.sh"

golden=$ROOT/tests/golden/idoc-parse
cd "$T" || exit 1

# The desired record of a kind, one of its body's members.
member() {
	jq -r "select(.type == \"desired\" and .kind == \"$1\") | .body$2" "$T/out" |
	    tail -n 1
}
orders() {
	idoc-parse "$@" | sku-normalise | order-aggregate
}
# The IDoc number N of a golden case.
idoc_at() {
	echo '<X>'
	awk -v n="$2" '/<IDOC / { k++ } k == n; /<\/IDOC>/ && k == n { exit }' \
	    "$golden/$1/in.xml"
	echo '</X>'
}

idoc_at invoic 2 >credit.xml
idoc_at invoic 3 >undo.xml
idoc_at invoic 4 >negative.xml
rc_is 0 'an order and its credit memo' orders "$golden/ordrsp/in.xml" credit.xml
is "$(member order .status) $(member order .valid)" 'refunded false' \
    'a credit memo for the request that it bills refunds the order'
is "$(member order '.lines[0].refunded')" 96.00 'gross'
rc_is 0 'and its cancellation' orders "$golden/ordrsp/in.xml" credit.xml undo.xml
is "$(member order .status)" confirmed 'takes the refund back'
rc_is 0 'the credit memo first' orders credit.xml "$golden/ordrsp/in.xml"
is "$(member order .status)" refunded 'comes to the same'
rc_is 0 'a credit memo of negative amounts' orders "$golden/ordrsp/in.xml" negative.xml
is "$(member order .status)" refunded 'is a credit memo as well'

sed 's/0000001003/0000001004/' "$golden/adrmas-flat/in.txt" >address.txt
rc_is 0 'a customer and its addresses' \
    sh -c "idoc-parse '$golden/debmas/in.xml' address.txt | customer-aggregate"
is "$(member contact .email) $(member contact .phone)" \
    'first@example.com +447700900123' \
    'the first address that can be used, the default number'

idoc-parse "$golden/ordrsp/in.xml" "$golden/shpcon/in.xml" | sku-normalise |
    grep '"id":"W100003"\|"id":"84000013"' >returned
rc_is 0 'a returns delivery of the order' sh -c 'order-aggregate <returned'
is "$(member order .status)" confirmed 'despatches nothing'
grep 84000013 returned >alone
rc_is 0 'nor does it wait for an order' sh -c 'order-aggregate <alone'

idoc-parse "$golden/orders/in.xml" | sku-normalise | sed -n 3p >surcharge
rc_is 1 'a total that does not follow' sh -c 'order-aggregate <surcharge'
is "$(jq -r 'select(.type == "exception") | .code' "$T/out")" \
    order-totals-mismatch 'is remarked'

tills=$golden/wpubon
cp "$tills/conf" till.conf
idoc-parse -c till.conf "$tills/in.xml" | sku-normalise >receipts
rc_is 1 'receipts of tills' sh -c 'order-aggregate -c till.conf <receipts'
is "$(jq -r 'select(.kind == "order") | .id' "$T/out" | sort | tr '\n' ' ')" \
    'order:7708-3-4711-20260302 order:T042-1-B00000009-20260701 order:T042-1-B00000010-20260302 ' \
    'are orders, but those of returns alone'
is "$(jq -r 'select(.id == "order:7708-3-4711-20260302") | .body | [.store, .channel, .grand_total, .customer.id, .valid] | join(" ")' "$T/out")" \
    'example.com/shops in store 123.00 1003 true' 'of their store'
is "$(jq -r 'select(.type == "exception") | [.code, .subject.id] | join(" ")' "$T/out")" \
    'order-unknown-original 7708-3-4712-20260302
sku-missing 7708-3-4711-20260302
order-totals-mismatch T042-1-B00000010-20260302' \
    'a condition in no list, an EAN of no product, a return of an unknown receipt'
rc_is 0 'card numbers and names' grep -c 4111111111111111 "$tills/in.xml"
is "$(grep -c '4111\|Clerk\|Doe' receipts)" 0 'never leave'
done_testing

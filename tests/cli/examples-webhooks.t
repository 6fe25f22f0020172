#!/bin/sh
# The webhook filters: what the shops' systems send becomes provisional orders
# that the line takes and Ometria holds, with totals that add up.
. "$(dirname "$0")/../lib.sh"

filters=$ROOT/examples/webhooks
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71

provisional() {
	jq -c -L "$filters" --arg store example.com/uk -f "$filters/$1.jq"
}

# field NAME FILTER of the record.
field() { provisional "$1" <"$filters/samples/$1.json" | jq -c "$2"; }

is "$(field shopify '[.id, .placed_at, .customer, .coupon, .totals]')" \
    '["W100201","2026-03-02T08:01:05Z",{"email":"ann.lee@example.com","id":"1001"},"SPRING10",{"subtotal":"85.00","discount":"-8.50","shipping":"3.95","tax":"16.10","grand_total":"96.55"}]' \
    'shopify: order, time in UTC, customer of SAP, totals'
is "$(field shopify '[.lines[] | [.sku, .quantity, .unit_price, .subtotal]]')" \
    '[["12345","2","20.00","40.00"],["20001","1","45.00","45.00"]]' \
    'shopify: lines, but for a gift card'
is "$(field magento '[.id, .placed_at, .customer, .totals.discount]')" \
    '["W100202","2026-03-02T08:05:00Z",{"email":"jan.vos@example.com","first_name":"Jan","last_name":"Vos"},"-6.01"]' \
    'magento: a guest, with names'
is "$(field magento '[.lines[] | [.sku, .quantity, .unit_price]]')" \
    '[["1000-RED-M","2","20.05"],["20001","1","20.00"]]' \
    'magento: of a configurable product its parent alone'
is "$(field commerce-cloud '[.id, .placed_at, .customer.id, .totals]')" \
    '["W100203","2026-03-02T08:10:30Z","1002",{"subtotal":"92.67","discount":"-11.00","shipping":"5.00","tax":"17.33","grand_total":"104.00"}]' \
    'commerce-cloud: totals of gross prices'
is "$(jq '.taxes_included = true | .total_price = "80.45"' \
    "$filters/samples/shopify.json" | provisional shopify | jq -c .totals)" \
    '{"subtotal":"68.90","discount":"-8.50","shipping":"3.95","tax":"16.10","grand_total":"80.45"}' \
    'shopify: prices with tax'
is "$(jq '.state = "canceled"' "$filters/samples/magento.json" |
    provisional magento | jq -r .status)" cancelled 'magento: cancelled'
rc_is 5 'a payload without a time is refused' sh -c \
    "echo '{\"name\":\"#1\"}' | jq -c -L '$filters' --arg store s -f '$filters/shopify.jq'"

# --- what orders of shops are like ---

# as SHOP CHANGE FILTER: what becomes of the sample so changed; it goes to the
# line below under a number of its own.
: >all.jsonl
as() {
	jq "$2" "$filters/samples/$1.json" |
	    jq -c -L "$filters" --arg store example.com/uk ${money:+--arg money $money} \
		-f "$filters/$1.jq" >record
	jq -c --arg id "W1003$(wc -l <all.jsonl)" '.id = $id | .web_order = $id' record >>all.jsonl
	jq -c "$3" record
}
guest='[.customer, (.customer | has("id"))]'
is "$(as shopify '.customer = null | .note = "as a guest"' "$guest")" \
    '[{"email":"ann.lee@example.com","first_name":"Ann","last_name":"Lee"},false]' \
    'shopify: a guest, with names'
is "$(as magento '.customer_is_guest = 0 | .extension_attributes.sap_customer = "1004"' "$guest")" \
    '[{"email":"jan.vos@example.com","id":"1004"},true]' 'magento: a customer, without'
is "$(as commerce-cloud '.guest = true | .customerInfo.c_sapCustomer = null' "$guest")" \
    '[{"email":"mo.khan@example.com","first_name":"Mo","last_name":"Khan"},false]' \
    'commerce-cloud: a guest, with names'

# Discounts of a line, of the order and of its shipping are one sum.
is "$(as shopify '.total_discounts = "12.45" | .total_price = "92.60"
    | .line_items[0].total_discount = "4.00" | .discount_codes += [{code: "FREESHIP",
	amount: "3.95", type: "shipping"}]' '[.totals.discount, .coupon]')" \
    '["-12.45","SPRING10"]' 'shopify: discounts on a line and on shipping'
is "$(as magento '.discount_tax_compensation_amount = 1.0 | .grand_total = .grand_total + 1' \
    '[.totals.discount, .totals.tax]')" '["-6.01","13.40"]' \
    'magento: a discount on prices with tax'
is "$(as commerce-cloud '.orderPriceAdjustments += [{price: -1.5}] | .orderTotal -= 1.5' \
    .totals.discount)" '"-12.50"' 'commerce-cloud: two discounts of the order'

# A tip is no part of the sale, whether the sum of the lines counts it or not.
tipped='.total_tip_received = "5.00" | .total_price = "101.55"
    | .line_items += [{id: 866550314, sku: null, title: "Tip", quantity: 1, price: "5.00"}]'
sale='["85.00","96.55",2]'
of_sale='[.totals.subtotal, .totals.grand_total, (.lines | length)]'
is "$(as shopify "$tipped" "$of_sale")" "$sale" 'shopify: a tip is none of the order'
is "$(as shopify "$tipped"' | .total_line_items_price = "90.00"' "$of_sale")" "$sale" \
    'shopify: nor one among the lines'
is "$(as shopify "$tipped"' | .total_line_items_price = "90.00"
    | .taxes_included = true | .total_price = "85.45"' "$of_sale")" \
    '["68.90","80.45",2]' 'shopify: nor with prices that have tax'

# What was paid with credit was ordered all the same.
paid() {
	as magento ".grand_total = 41.44 | $1 += {customer_balance_amount: 20,
	    gift_cards_amount: 7.5, reward_currency_amount: \"2.5000\"}" .totals.grand_total
}
is "$(paid .extension_attributes)" '"71.44"' 'magento: store credit, gift card, points'
is "$(paid .)" '"71.44"' 'magento: the same of a plug-in'
is "$(as magento '.grand_total = 0 | .extension_attributes.customer_balance_amount = 71.44' \
    .totals.grand_total)" '"71.44"' 'magento: nothing left to pay'

# Cancelled, and refunded: the first is the shop's to say, the second is SAP's.
is "$(as shopify '.cancelled_at = "2026-03-02T10:00:00+01:00"' .status)" \
    '"cancelled"' 'shopify: cancelled'
is "$(as shopify '.financial_status = "partially_refunded" | .refunds = [{id: 1,
    refund_line_items: [{line_item_id: 866550311, quantity: 1, subtotal: 20.0}]}]' \
    '[.status, .lines[0].quantity, .totals.grand_total]')" '["open","2","96.55"]' \
    'shopify: a refund changes nothing of what was ordered'
is "$(as magento '.total_refunded = 20.05 | .items[0].qty_refunded = 1' \
    '[.status, .lines[0].quantity]')" '["open","2"]' 'magento: nor there'
is "$(as commerce-cloud '.status = "cancelled"' .status)" '"cancelled"' \
    'commerce-cloud: cancelled'

# Currencies: the buyer's, one without decimals, one with three.
presentment='.presentment_currency = "EUR"
    | .total_line_items_price_set.presentment_money.amount = "100.00"
    | .total_discounts_set.presentment_money.amount = "10.00"
    | .total_tax_set.presentment_money.amount = "18.90"
    | .total_shipping_price_set.presentment_money.amount = "4.50"
    | .total_price_set.presentment_money.amount = "113.40"
    | .line_items[0].price_set.presentment_money.amount = "23.50"'
is "$(as shopify "$presentment" '[.currency, .totals.grand_total]')" \
    '["GBP","96.55"]' 'shopify: the amounts of the shop'
is "$(money=presentment && as shopify "$presentment" '[.currency, .totals, .lines[0].subtotal]')" \
    '["EUR",{"subtotal":"100.00","discount":"-10.00","shipping":"4.50","tax":"18.90","grand_total":"113.40"},"47.00"]' \
    'shopify: those that the buyer saw'
is "$(money=presentment && as shopify "$presentment"' | .total_tip_received = "8.51"
    | .total_price = "105.06" | .total_price_set.presentment_money.amount = "123.40"' \
    .totals.grand_total)" '"113.40"' 'shopify: and their tip'
is "$(as magento '.order_currency_code = "JPY" | .base_currency_code = "EUR"
    | .subtotal = 6000 | .discount_amount = -600 | .shipping_amount = 500
    | .tax_amount = 590 | .grand_total = 6490 | .base_grand_total = 40.1
    | .items |= map(.price = 3000 | .row_total = 3000)' \
    '[.currency, .totals.grand_total, .lines[0].unit_price]')" '["JPY","6490","3000"]' \
    'magento: the currency of the order, without decimals'
is "$(as commerce-cloud '.currency = "KWD" | .taxation = "net" | .taxTotal = 0
    | .shippingTotal = 1.125 | .orderPriceAdjustments = [] | .orderTotal = 3.5
    | .productItems = [.productItems[0] | .basePrice = 2.375 | .quantity = 1
	| .priceAdjustments = []]' '[.totals.subtotal, .totals.discount, .totals.grand_total]')" \
    '["2.375","0.000","3.500"]' 'commerce-cloud: one with three'
order-aggregate <all.jsonl | jq -c 'select(.type == "exception")' >wrong
is "$(cat wrong)" '' 'all of their totals add up'
is "$(jq -r .id all.jsonl | sort -u | wc -l)" 21 'of each'

sandbox_start
for shop in shopify magento commerce-cloud; do
	provisional $shop <"$filters/samples/$shop.json"
done >in.jsonl
is "$(wc -l <in.jsonl | tr -d ' ')" 3 'a line each'
order-aggregate -s sync.db <in.jsonl | ometria-push -q -s sync.db \
    --api-key-file key --url "$SANDBOX_URL" >left
is "$(cat left)" '' 'no exception: totals add up'
is "$(sandbox_dump | sed -n 's/^order [^{]*//p' |
    jq -r '[.id, .status, .customer.id, .grand_total] | @tsv' | tr '\t' '|')" \
    'W100201|pending|1001|96.55
W100202|pending||71.44
W100203|pending|1002|104' 'Ometria holds the three'
sandbox_stop
done_testing

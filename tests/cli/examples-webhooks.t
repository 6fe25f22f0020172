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

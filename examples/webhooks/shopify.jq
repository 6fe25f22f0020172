# Shopify, webhook orders/create (REST order): one provisional order.
#
#	jq -c -L . --arg store example.com/uk -f shopify.jq payload.json
#
# order          what of the payload
# id, web_order  name without "#": what the buyer, SAP and the tracker know
# placed_at      processed_at, else created_at
# customer       email; names only of guests (no customer.id); the id is SAP's,
#                from the customer's note "sap:1234", when the shop knows it
# discount       minus total_discounts
# shipping       total_shipping_price_set, before discounts
# tax            total_tax; prices are without it unless taxes_included
# lines          line_items, sku, title, quantity, price; gift cards have no
#                SKU and are left out, as are lines with quantity 0
include "provisional";

. as $order
| ($order.taxes_included // false) as $gross
| provisional(
    ($order.name | ltrimstr("#"));
    ($order.processed_at // $order.created_at))
+ { currency: $order.currency }
+ { customer: (
      { email: ($order.email // $order.contact_email) }
      + (($order.customer.note // "") | sap_customer)
      + (if $order.customer.id == null then
          { first_name: $order.billing_address.first_name,
            last_name: $order.billing_address.last_name }
        else {} end) | compact) }
+ { status: "open", store: $store, channel: "online" }
+ ({ coupon: ($order.discount_codes // [])[0].code,
     payment_method: ($order.payment_gateway_names // [])[0],
     shipping_method: ($order.shipping_lines // [])[0].title,
     shipping_address: ($order.shipping_address | shopify_address),
     billing_address: ($order.billing_address | shopify_address) } | compact)
+ { totals: (
      ($order.total_line_items_price | money)
      - (if $gross then ($order.total_tax | money) else 0 end)
      | . as $subtotal
      | { subtotal: ($subtotal | amount),
          discount: (-($order.total_discounts | money) | amount),
          shipping: ($order.total_shipping_price_set.shop_money.amount // "0"
            | money | amount),
          tax: ($order.total_tax | money | amount),
          grand_total: ($order.total_price | money | amount) }) }
+ { lines: [
      $order.line_items[]
      | select(.quantity > 0 and (.sku // "") != "")
      | { line: (.id | tostring), sku, title,
          quantity: (.quantity | tostring),
          unit_price: (.price | money | amount),
          subtotal: (((.price | money) * .quantity) | amount) } | compact ] }

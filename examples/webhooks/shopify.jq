# Shopify, webhook orders/create (REST order): one provisional order.
#
#	jq -c -L . --arg store example.com/uk -f shopify.jq payload.json
#
# Amounts are those of the shop's currency; with --arg money presentment, of the
# currency that the buyer saw, which is that of the order in SAP where the shop
# sells in many. orders/updated and orders/cancelled have the same payload.
#
# order          what of the payload
# id, web_order  name without "#": what the buyer, SAP and the tracker know
# placed_at      processed_at, else created_at
# customer       email; names only of guests (no customer.id); the id is SAP's,
#                from the customer's note "sap:1234", when the shop knows it
# coupon         the first of discount_codes
# payment        the first of payment_gateway_names; shipping the first of
#                shipping_lines, by its title
# addresses      city, province, postcode and country: no street, no name
# status         cancelled when there is a cancelled_at
# discount       minus total_discounts: of the order, its lines and its shipping
# shipping       total_shipping_price_set, before discounts
# tax            total_tax; prices are without it unless taxes_included
# tip            total_tip_received is no part of the sale and in no total here;
#                Shopify says it in the shop's currency alone, so that in the
#                buyer's it is worked out from what total_price is in both
# lines          line_items, sku, title, quantity, price; gift cards have no
#                SKU and are left out, as are tips and lines with quantity 0
# refunds        none of it: SAP's credit memos say what was refunded
include "provisional";

. as $order
| ($ARGS.named.money // "shop") as $whose
# total_tax_set, say, in that currency, else total_tax.
| def sum($name): .[$name + "_set"][$whose + "_money"].amount // .[$name] | money;
  (if $whose == "presentment" then $order.presentment_currency else null end
    // $order.currency) as $currency
| def amount: amount_in($currency);
  ($order.taxes_included // false) as $gross
| ($order | sum("total_price")) as $total
| ($order.total_tip_received | money
    | if . == 0 or $whose == "shop" then . else
        . * $total / ($order.total_price | money) | amount | money end) as $tip
# Whether the prices of the lines count the tip is not documented: it shows when
# they make up the total already.
| ($order | sum("total_line_items_price") - sum("total_discounts")
    + sum("total_shipping_price") + if $gross then 0 else sum("total_tax") end
    | if . == $total then $tip else 0 end) as $tip_in_lines
| provisional(
    ($order.name | ltrimstr("#"));
    ($order.processed_at // $order.created_at))
+ { currency: $currency }
+ { customer: (
      { email: ($order.email // $order.contact_email) }
      + (($order.customer.note // "") | sap_customer)
      + (if $order.customer.id == null then
          { first_name: $order.billing_address.first_name,
            last_name: $order.billing_address.last_name }
        else {} end) | compact) }
+ { status: (if $order.cancelled_at then "cancelled" else "open" end),
    store: $store, channel: "online" }
+ ({ coupon: ($order.discount_codes // [])[0].code,
     payment_method: ($order.payment_gateway_names // [])[0],
     shipping_method: ($order.shipping_lines // [])[0].title,
     shipping_address: ($order.shipping_address | shopify_address),
     billing_address: ($order.billing_address | shopify_address) } | compact)
+ { totals: (
      ($order | sum("total_line_items_price")
        - $tip_in_lines - if $gross then sum("total_tax") else 0 end)
      | . as $subtotal
      | { subtotal: ($subtotal | amount),
          discount: (-($order | sum("total_discounts")) | amount),
          shipping: ($order | sum("total_shipping_price") | amount),
          tax: ($order | sum("total_tax") | amount),
          grand_total: ($total - $tip | amount) }) }
+ { lines: [
      $order.line_items[]
      | select(.quantity > 0 and (.sku // "") != "")
      | { line: (.id | tostring), sku, title,
          quantity: (.quantity | tostring),
          unit_price: (sum("price") | amount),
          subtotal: (sum("price") * .quantity | amount) } | compact ] }

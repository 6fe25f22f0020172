# Magento 2 and Adobe Commerce, an order of GET /V1/orders/:id (or the same
# object from a plug-in's webhook): one provisional order.
#
#	jq -c -L . --arg store example.com/uk -f magento.jq order.json
#
# order          what of the payload
# id, web_order  increment_id
# placed_at      created_at, which Magento keeps in UTC without saying so
# currency       order_currency_code, in which the buyer pays; the amounts are
#                those without "base_"
# coupon         coupon_code
# payment        payment.method; shipping shipping_description
# addresses      city, region, postcode and country: no street, no name
# status         cancelled when the state is canceled
# customer       customer_email; names only of guests (customer_is_guest); the
#                id is extension_attributes.sap_customer, where a shop has it
# discount       discount_amount, which is negative already
# shipping       shipping_amount
# tax            tax_amount, with the tax that a discount on prices with tax has
#                saved (discount_tax_compensation_amount, and of shipping)
# total          grand_total, and what of it was paid with store credit, gift cards
#                or reward points, which Magento takes off: the
#                customer_balance_amount, gift_cards_amount and
#                reward_currency_amount of extension_attributes; a plug-in's own
#                object may have them beside grand_total
# lines          items without a parent (of a configurable product the parent
#                bears price and the SKU of the variant), quantity, price
# refunds        none of it: SAP's credit memos say what was refunded
include "provisional";

. as $order
| def amount: amount_in($order.order_currency_code);
  provisional(
    $order.increment_id;
    ($order.created_at | sub(" "; "T") + "Z"))
+ { currency: $order.order_currency_code }
+ { customer: (
      { email: $order.customer_email }
      + ({ id: $order.extension_attributes.sap_customer } | compact)
      + (if $order.customer_is_guest == 1 then
          { first_name: $order.billing_address.firstname,
            last_name: $order.billing_address.lastname }
        else {} end) | compact) }
+ { status: (if $order.state == "canceled" then "cancelled" else "open" end),
    store: $store, channel: "online" }
+ ({ coupon: $order.coupon_code,
     payment_method: $order.payment.method,
     shipping_method: $order.shipping_description,
     shipping_address: (
       ($order.extension_attributes.shipping_assignments // [])[0]
       .shipping.address | magento_address),
     billing_address: ($order.billing_address | magento_address) } | compact)
+ { totals: {
      subtotal: ($order.subtotal | money | amount),
      discount: ($order.discount_amount | money | amount),
      shipping: ($order.shipping_amount | money | amount),
      tax: ([$order.tax_amount, $order.discount_tax_compensation_amount,
          $order.shipping_discount_tax_compensation_amount]
        | map(money) | add | amount),
      grand_total: ([$order.grand_total, ("customer_balance_amount",
          "gift_cards_amount", "reward_currency_amount"
          | $order.extension_attributes[.] // $order[.])]
        | map(money) | add | amount) } }
+ { lines: [
      $order.items[]
      | select(.parent_item_id == null and .qty_ordered > 0)
      | { line: (.item_id | tostring), sku, title: .name,
          quantity: (.qty_ordered | tostring),
          unit_price: (.price | money | amount),
          subtotal: (.row_total | money | amount) } | compact ] }

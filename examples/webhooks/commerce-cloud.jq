# Salesforce B2C Commerce, an order of the Orders API (SCAPI, camel case): one
# provisional order.
#
#	jq -c -L . --arg store example.com/uk -f commerce-cloud.jq order.json
#
# order          what of the payload
# id, web_order  orderNo
# placed_at      creationDate
# currency       the order's, of the site where it was placed
# coupon         the first of couponItems
# payment        the first of paymentInstruments; shipping the first of shipments
# addresses      city, state, postcode and country: no street, no name
# status         cancelled when the status is
# customer       customerInfo.email; names only of guests; the id is the custom
#                property c_sapCustomer of customerInfo, where a shop has it
# discount       the price adjustments of the order and of its products
# shipping       shippingTotal
# tax            taxTotal; prices are without it unless taxation is "gross"
# lines          productItems, basePrice; bonus products have the price 0
# refunds        none of it: SAP's credit memos say what was refunded
include "provisional";

. as $order
| def amount: amount_in($order.currency);
  ($order.taxation == "gross") as $gross
| ([$order.orderPriceAdjustments[]?.price,
    $order.productItems[].priceAdjustments[]?.price]
   | map(money) | add // 0) as $discount
| provisional($order.orderNo; $order.creationDate)
+ { currency: $order.currency }
+ { customer: (
      { email: $order.customerInfo.email,
        id: $order.customerInfo.c_sapCustomer }
      + (if $order.guest then
          { first_name: $order.billingAddress.firstName,
            last_name: $order.billingAddress.lastName }
        else {} end) | compact) }
+ { status: (if $order.status == "cancelled" then "cancelled"
             else "open" end),
    store: $store, channel: "online" }
+ ({ coupon: ($order.couponItems // [])[0].code,
     payment_method: ($order.paymentInstruments // [])[0].paymentMethodId,
     shipping_method: ($order.shipments // [])[0].shippingMethod.name,
     shipping_address:
       (($order.shipments // [])[0].shippingAddress | cloud_address),
     billing_address: ($order.billingAddress | cloud_address) } | compact)
+ { totals: (
      ([$order.productItems[] | (.basePrice | money) * .quantity] | add)
      as $goods
      | ($order.taxTotal | money) as $tax
      | { subtotal: ($goods - (if $gross then $tax else 0 end) | amount),
          discount: ($discount | amount),
          shipping: ($order.shippingTotal | money | amount),
          tax: ($tax | amount),
          grand_total: ($order.orderTotal | money | amount) }) }
+ { lines: [
      $order.productItems[]
      | { line: (.position // .itemId | tostring), sku: .productId,
          title: .productName, quantity: (.quantity | tostring),
          unit_price: (.basePrice | money | amount),
          subtotal: (((.basePrice | money) * .quantity) | amount) }
      | compact ] }

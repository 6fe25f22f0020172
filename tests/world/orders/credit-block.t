#!/bin/sh
# "The shop took the order and the money, SAP did not: the account is blocked
# for credit, sales rejected it at nine. She must not count as a buyer." SAP's
# refusal takes the whole document back; the shop's order leaves once more,
# cancelled and not valid, with its last lines and totals. Whether or not a
# confirmation was on its way before changes nothing.
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"coupon":"SPRING","payment_method":"card","channel":"mobile app","lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"line":"2","sku":"SCARF-RED","title":"Scarf","quantity":"1","unit_price":"15.00"}],"totals":{"subtotal":"55.00","tax":"11.00","grand_total":"66.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00
	sums 55.00 11.00 66.00
} | sap confirmed ORDRSP ORDERS05 20260302080500
{
	sales 005#####01 W10##### 00001##### ACTION=001
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00 ABGRU=Z1
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00 ABGRU=Z1
} | sap refused ORDRSP ORDERS05 20260302090000
comes_to <<'END'
order W10#####: cancelled, not valid, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order
in_the_line
in_the_line backwards
done_testing

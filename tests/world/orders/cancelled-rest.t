#!/bin/sh
# "Two of three lines left, then the buyer gave up on the scarf and we rejected
# it in the sales order. With that her order is complete: she must get her one
# mail now, and it must say when the last parcel left, not when we cancelled."
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"coupon":"SPRING","payment_method":"card","channel":"mobile app","lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"line":"2","sku":"SCARF-RED","title":"Scarf","quantity":"1","unit_price":"15.00"},{"line":"3","sku":"20001","title":"Jumper","quantity":"1","unit_price":"45.00"}],"totals":{"subtotal":"100.00","tax":"20.00","grand_total":"120.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00
	item 005#####01 000030 000000000000020001 1.000 45.00 45.00
	sums 100.00 20.00 120.00
} | sap confirmed ORDRSP ORDERS05 20260302080500
{
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 000000000000012345 2.000 005#####01 000010
} | sap first DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260303 090000
	goods 000010 000000000000020001 1.000 005#####01 000030
} | sap second DESADV DELVRY07 20260303090500
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00 ABGRU=Z2
	item 005#####01 000030 000000000000020001 1.000 45.00 45.00
	sums 85.00 17.00 102.00
} | sap cancelled-rest ORDRSP ORDERS05 20260304100000
comes_to <<'END'
event shipped-W10##### at 2026-03-03T09:00:00Z: 2 parcels, last PP2
order W10#####: shipped, 102.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  30 20001 x1 45.00
END
in_every_order
in_the_line
in_the_line backwards
done_testing

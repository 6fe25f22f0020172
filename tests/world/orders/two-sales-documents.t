#!/bin/sh
# "One web order, two sales documents: the shirts come from the warehouse, the
# scarf from a supplier. To her it is one order, and she must get one mail when
# both are on their way."
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"coupon":"SPRING","payment_method":"card","channel":"mobile app","lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"line":"2","sku":"SCARF-RED","title":"Scarf","quantity":"1","unit_price":"15.00"}],"totals":{"subtotal":"55.00","tax":"11.00","grand_total":"66.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	sums 40.00 8.00 48.00
} | sap warehouse ORDRSP ORDERS05 20260302080500
{
	sales 005#####02 W10##### 00001#####
	item 005#####02 000010 SCARF-RED 1.000 15.00 15.00
	sums 15.00 3.00 18.00
} | sap supplier ORDRSP ORDERS05 20260302080700
{
	delivery 0080#####1 PP1 20260303 150000
	goods 000010 000000000000012345 2.000 005#####01 000010
} | sap shirts DESADV DELVRY07 20260303150500
{
	delivery 0080#####2 PP2 20260302 090000
	goods 000010 SCARF-RED 1.000 005#####02 000010
} | sap scarf DESADV DELVRY07 20260302090500
comes_to <<'END'
event shipped-W10##### at 2026-03-03T15:00:00Z: 2 parcels, last PP1
order W10#####: shipped, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01,5#####02
  10 12345 x2 40.00
  10 SCARF-RED x1 15.00
END
in_every_order
in_the_line
done_testing

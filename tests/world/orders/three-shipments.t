#!/bin/sh
# "One order, three parcels on two days: warehouse, warehouse, and the shirt
# that was late. She must get one mail that her order has shipped, when the last
# parcel has left, and not three." The order is part_shipped until then; the
# event bears the last goods issue and counts three parcels.
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"payment_method":"card","lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"line":"2","sku":"SCARF-RED","title":"Scarf","quantity":"1","unit_price":"15.00"}],"totals":{"subtotal":"55.00","tax":"11.00","grand_total":"66.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00
	sums 55.00 11.00 66.00
} | sap confirmed ORDRSP ORDERS05 20260302080500
{
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 000000000000012345 1.000 005#####01 000010
} | sap first DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260303 090000
	goods 000010 SCARF-RED 1.000 005#####01 000020
} | sap second DESADV DELVRY07 20260303090500
{
	delivery 0080#####3 PP3 20260304 101500
	goods 000010 000000000000012345 1.000 005#####01 000010
} | sap third DESADV DELVRY07 20260304102000

comes_to <<'END'
event shipped-W10##### at 2026-03-04T10:15:00Z: 3 parcels, last PP3
order W10#####: shipped, 66.00; customer 1#####; mail ann#####@example.com; paid by card; store example.com/uk; channel online; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order
in_the_line
in_the_line backwards
done_testing

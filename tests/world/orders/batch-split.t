#!/bin/sh
# "The warehouse picks by batch: her two shirts came from two batches, and the
# delivery says two, one and one. That is two shirts, not four."
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
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 000000000000012345 0.000 005#####01 000010
	goods 900001 000000000000012345 1.000 005#####01 000010 'CHARG=B1|HIPOS=000010'
	goods 900002 000000000000012345 1.000 005#####01 000010 'CHARG=B2|HIPOS=000010'
} | sap shirts DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260302 160000
	goods 000010 SCARF-RED 1.000 005#####01 000020
	goods 900001 SCARF-RED 1.000 005#####01 000020 'CHARG=B3|HIPOS=000010'
} | sap scarf DESADV DELVRY07 20260302160500
comes_to <<'END'
event shipped-W10##### at 2026-03-02T16:00:00Z: 2 parcels, last PP2
order W10#####: shipped, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order
in_the_line
in_the_line backwards
done_testing

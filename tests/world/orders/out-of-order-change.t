#!/bin/sh
# "SAP's messages overtake each other: the change of eleven is here before the
# one of ten, and both before the confirmation of eight. What counts is what
# sales entered last." At ten the shirts became three, at eleven four, and the
# scarf was taken out.
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
	sales 005#####01 W10##### 00001##### ACTION=002
	item 005#####01 000010 000000000000012345 3.000 20.00 60.00 ACTION=002
	sums 75.00 15.00 90.00
} | sap change-of-ten ORDCHG ORDERS05 20260302100000
{
	sales 005#####01 W10##### 00001##### ACTION=002
	item 005#####01 000010 000000000000012345 4.000 20.00 80.00 ACTION=002
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00 ACTION=003
	item 005#####01 000030 000000000000020001 1.000 45.00 45.00 ACTION=001
	sums 125.00 25.00 150.00
} | sap change-of-eleven ORDCHG ORDERS05 20260302110000
comes_to <<'END'
order W10#####: confirmed, 150.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x4 80.00
  30 20001 x1 45.00
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# "Somebody put the shirts of another web order under this one's number. Sales
# gave that sales document its right number; the scarf stays where it was, and
# each of the two orders is worth what is left in it."
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"coupon":"SPRING","lines":[{"line":"1","sku":"SCARF-RED","quantity":"1","unit_price":"15.00"}],"totals":{"subtotal":"15.00","tax":"3.00","grand_total":"18.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	sums 40.00 8.00 48.00
} | sap shirts ORDRSP ORDERS05 20260302080500
{
	sales 005#####02 W10##### 00001#####
	item 005#####02 000010 SCARF-RED 1.000 15.00 15.00
	sums 15.00 3.00 18.00
} | sap scarf ORDRSP ORDERS05 20260302080700
sales 005#####01 W20##### 00001##### ACTION=002 |
    sap shirts-elsewhere ORDCHG ORDERS05 20260302100000
{
	delivery 0080#####2 PP2 20260303 150000
	goods 000010 SCARF-RED 1.000 005#####02 000010
} | sap scarf-leaves DESADV DELVRY07 20260303150500
comes_to <<'END'
event shipped-W10##### at 2026-03-03T15:00:00Z: 1 parcel, last PP2
order W10#####: shipped, 18.00; customer 1#####; mail ann#####@example.com; coupon SPRING; store example.com/uk; channel online; documents 5#####02
  10 SCARF-RED x1 15.00
order W20#####: confirmed, 48.00; customer 1#####; store example.com/uk; channel online; documents 5#####01
  10 12345 x2 40.00
END
in_every_order
in_the_line
done_testing

#!/bin/sh
# "Goods issue was posted, then taken back: wrong parcel. Next day it really
# left." The newest word of SAP about a delivery counts, whenever it comes.
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
	goods 000010 000000000000012345 2.000 005#####01 000010
	goods 000020 SCARF-RED 1.000 005#####01 000020
} | sap posted DESADV DELVRY07 20260302150500
{
	delivery 0080#####1 PP1
	goods 000010 000000000000012345 2.000 005#####01 000010
	goods 000020 SCARF-RED 1.000 005#####01 000020
} | sap taken-back DESADV DELVRY07 20260302160000
comes_to <<'END'
order W10#####: confirmed, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order

# Delivered in between: the event that left stays, and the reversal is said.
# What Ometria was told once cannot be unsaid: the order stays shipped, and no
# second event leaves, however often the parcel does.
comes_to <<'END'
event shipped-W10##### at 2026-03-02T15:00:00Z: 1 parcel, last PP1
exception shipment-reversed order W10#####
order W10#####: shipped, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_the_line

{
	delivery 0080#####1 PP9 20260303 110000
	goods 000010 000000000000012345 2.000 005#####01 000010
	goods 000020 SCARF-RED 1.000 005#####01 000020
} | sap posted-again DESADV DELVRY07 20260303110500
comes_to <<'END'
event shipped-W10##### at 2026-03-03T11:00:00Z: 1 parcel, last PP9
order W10#####: shipped, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order
sed 's/0303T11/0302T15/; s/-03T11/-02T15/; s/PP9/PP1/' expected >first
mv first expected
in_the_line
done_testing

#!/bin/sh
# "She ordered twice within the hour, the warehouse put both into one parcel,
# and the rest of the second one into another." Each order has its own event.
. "$(dirname "$0")/../lib.sh"

{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 1.000 20.00 20.00
	sums 20.00 4.00 24.00
} | sap first-order ORDRSP ORDERS05 20260302080500
{
	sales 005#####02 W11##### 00001#####
	item 005#####02 000010 000000000000012345 1.000 20.00 20.00
	item 005#####02 000020 SCARF-RED 1.000 15.00 15.00
	sums 35.00 7.00 42.00
} | sap second-order ORDRSP ORDERS05 20260302083000
{
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 000000000000012345 1.000 005#####01 000010
	goods 000020 000000000000012345 1.000 005#####02 000010
} | sap both DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260303 150000
	goods 000010 SCARF-RED 1.000 005#####02 000020
} | sap rest DESADV DELVRY07 20260303150500
comes_to <<'END'
event shipped-W10##### at 2026-03-02T15:00:00Z: 1 parcel, last PP1
event shipped-W11##### at 2026-03-03T15:00:00Z: 2 parcels, last PP2
order W10#####: shipped, 24.00; customer 1#####; store example.com/uk; channel online; documents 5#####01
  10 12345 x1 20.00
order W11#####: shipped, 42.00; customer 1#####; store example.com/uk; channel online; documents 5#####02
  10 12345 x1 20.00
  20 SCARF-RED x1 15.00
END
in_every_order
in_the_line
done_testing

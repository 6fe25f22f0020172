#!/bin/sh
# "A parcel left for an order that nobody here has heard of: half of it is for
# an order that we know. Tell somebody, and do not forget it." The known order
# is shipped; the delivery stands as an exception until its other order comes.
. "$(dirname "$0")/../lib.sh"

{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 1.000 20.00 20.00
	sums 20.00 4.00 24.00
} | sap known ORDRSP ORDERS05 20260302080500
{
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 000000000000012345 1.000 005#####01 000010
	goods 000020 SCARF-RED 1.000 005#####99 000010
} | sap both DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260302 160000
	goods 000010 SCARF-RED 1.000 005#####98 000010
} | sap unknown DESADV DELVRY07 20260302160500
comes_to <<'END'
event shipped-W10##### at 2026-03-02T15:00:00Z: 1 parcel, last PP1
exception shipment-without-order shipment 80#####1
exception shipment-without-order shipment 80#####2
order W10#####: shipped, 24.00; customer 1#####; store example.com/uk; channel online; documents 5#####01
  10 12345 x1 20.00
END
in_every_order
in_the_line

{
	sales 005#####99 W11##### 00001#####
	item 005#####99 000010 SCARF-RED 1.000 15.00 15.00
	sums 15.00 3.00 18.00
} | sap found ORDRSP ORDERS05 20260304080500
comes_to <<'END'
event shipped-W10##### at 2026-03-02T15:00:00Z: 1 parcel, last PP1
event shipped-W11##### at 2026-03-02T15:00:00Z: 1 parcel, last PP1
exception shipment-without-order shipment 80#####2
order W10#####: shipped, 24.00; customer 1#####; store example.com/uk; channel online; documents 5#####01
  10 12345 x1 20.00
order W11#####: shipped, 18.00; customer 1#####; store example.com/uk; channel online; documents 5#####99
  10 SCARF-RED x1 15.00
END
in_every_order
done_testing

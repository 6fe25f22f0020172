#!/bin/sh
# "She bought at the till in Leeds, and by phone a week later. She has no web
# order number there, but it is her money all the same: it belongs to what she
# is worth to us." An order born in SAP keeps its sales document's number; the
# sales area says store and channel.
. "$(dirname "$0")/../lib.sh"

area=20
{
	sales 005#####01 '' 00001#####
	item 005#####01 000010 000000000000012345 1.000 20.00 20.00
	sums 20.00 4.00 24.00
} | sap till ORDRSP ORDERS05 20260302080500
{
	sales 005#####02 PHONE 00001#####
	item 005#####02 000010 SCARF-RED 1.000 15.00 15.00
	sums 15.00 3.00 18.00
} | sap phone ORDRSP ORDERS05 20260302090500
{
	delivery 0080#####1 PP1 20260303 090000
	goods 000010 SCARF-RED 1.000 005#####02 000010
} | sap parcel DESADV DELVRY07 20260303090500
{
	sales 005#####01 '' 00001##### ACTION=002
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00 ACTION=002
	sums 40.00 8.00 48.00
} | sap one-more ORDCHG ORDERS05 20260302081500
comes_to <<'END'
event shipped-5#####02 at 2026-03-03T09:00:00Z: 1 parcel, last PP1
order 5#####01: confirmed, 48.00; customer 1#####; store example.com/leeds; channel in store; documents 5#####01
  10 12345 x2 40.00
order 5#####02: shipped, 18.00; customer 1#####; store example.com/leeds; channel in store; documents 5#####02
  10 SCARF-RED x1 15.00
END
in_every_order
in_the_line
done_testing

#!/bin/sh
# "A gift box with two candles and a cup: SAP keeps the box as the main item and
# its contents as components below it, and writes a price beside each of them. We
# sold one box for thirty pounds, and it has shipped when its contents have."
. "$(dirname "$0")/../lib.sh"

{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 GIFT-BOX 1.000 30.00 30.00
	item 005#####01 000020 CANDLE 2.000 10.00 20.00 UEPOS=000010
	item 005#####01 000030 CUP 1.000 10.00 10.00 UEPOS=000010
	sums 30.00 6.00 36.00
} | sap confirmed ORDRSP ORDERS05 20260302080500
{
	delivery 0080#####1 PP1 20260302 150000
	goods 000010 CANDLE 2.000 005#####01 000020
} | sap candles DESADV DELVRY07 20260302150500
{
	delivery 0080#####2 PP2 20260303 150000
	goods 000010 CUP 1.000 005#####01 000030
} | sap cup DESADV DELVRY07 20260303150500
comes_to <<'END'
event shipped-W10##### at 2026-03-03T15:00:00Z: 2 parcels, last PP2
order W10#####: shipped, 36.00; customer 1#####; store example.com/uk; channel online; documents 5#####01
  10 GIFT-BOX x1 30.00
  20 CANDLE x2 0.00
  30 CUP x1 0.00
END
in_every_order
in_the_line
done_testing

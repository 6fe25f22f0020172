#!/bin/sh
# "ECC pads the material number, the price list does not": one product.
. "$(dirname "$0")/products.sh"

material padded 20260302080000 00000000000001#####
priced unpadded 20260302080100 1##### 12.00
counted count 2026-03-02T06:00:00Z 1#####:1100:0001:2
moved padded 20260302090000 601:00000000000001#####:1100:0001:2
comes_to <<'END'
1##### 12 active out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

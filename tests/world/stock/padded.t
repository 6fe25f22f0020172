#!/bin/sh
# "ECC pads the material number, the count does not": one SKU all the same.
. "$(dirname "$0")/stock.sh"

counted count 2026-03-02T06:00:00Z 1#####:1100:0001:3
moved padded 20260302090000 601:00000000000001#####:1100:0001:2
moved unpadded 20260302100000 601:1#####:1100:0001:1
comes_to <<'END'
1##### out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# "The cancellation of the goods issue was there before the goods issue."
. "$(dirname "$0")/stock.sh"

counted count 2026-03-02T06:00:00Z S#####:1100:0001:1 T#####:1100:0001:1
moved issue 20260302090000 601:S#####:1100:0001:1 601:T#####:1100:0001:1
moved cancelled 20260302100000 602:S#####:1100:0001:1
comes_to <<'END'
S##### in
T##### out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

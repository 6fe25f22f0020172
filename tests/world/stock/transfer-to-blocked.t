#!/bin/sh
# "All of it went to the plant that sells nothing, then some came back."
. "$(dirname "$0")/stock.sh"

counted count 2026-03-02T06:00:00Z S#####:1100:0001:4 S#####:1900:0001:0 \
    T#####:1100:0001:4 T#####:1900:0001:0
moved away 20260302090000 \
    '301:S#####:1100:0001:4:MOVE_PLANT=1900|MOVE_STLOC=0001' \
    '301:T#####:1100:0001:4:MOVE_PLANT=1900|MOVE_STLOC=0001'
moved back 20260302100000 \
    '301:S#####:1900:0001:1:MOVE_PLANT=1100|MOVE_STLOC=0001'
comes_to <<'END'
S##### in
T##### out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

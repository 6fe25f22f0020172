#!/bin/sh
# "One sale before the count, one after it." The count has the first already.
. "$(dirname "$0")/stock.sh"

counted first 2026-03-02T06:00:00Z S#####:1100:0001:3 T#####:1100:0001:3
moved before 20260302090000 601:S#####:1100:0001:2 601:T#####:1100:0001:1
counted second 2026-03-02T12:00:00Z S#####:1100:0001:1 T#####:1100:0001:2
moved after 20260302130000 601:S#####:1100:0001:1 601:T#####:1100:0001:1
comes_to <<'END'
S##### out
T##### in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

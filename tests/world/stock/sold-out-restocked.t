#!/bin/sh
# "We counted two, sold both, and in the afternoon three came in."
. "$(dirname "$0")/stock.sh"

counted count 2026-03-02T06:00:00Z S#####:1100:0001:2
moved sold 20260302090000 601:S#####:1100:0001:2
moved received 20260302150000 101:S#####:1100:0001:3
comes_to <<'END'
S##### in
END
in_every_order
in_the_line
in_the_line backwards
moved sold-again 20260302160000 601:S#####:1100:0001:3
comes_to <<'END'
S##### out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

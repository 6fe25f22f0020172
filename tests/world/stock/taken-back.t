#!/bin/sh
# "The goods had left, were counted as gone, and then the goods issue was
# cancelled": they are there again at once, not with the next count.
. "$(dirname "$0")/stock.sh"

cat >>"$T/sync.conf" <<'END'
source = deliveries
END

counted count 2026-03-02T06:00:00Z S#####:1100:0001:2
tells gone 20260302090000 090000
counted recount 2026-03-02T09:30:00Z S#####:1100:0001:0
tells taken-back 20260302100000
movements_alone
comes_to <<'END'
S##### in
END
in_every_order
in_the_line
in_the_line backwards
tells gone-again 20260302110000 110000
movements_alone
comes_to <<'END'
S##### out
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# "Our SAP tells of a delivery when it is planned, when the goods leave and when
# that is taken back; the warehouse sends the material documents as well."
. "$(dirname "$0")/stock.sh"

cat >>"$T/sync.conf" <<'END'
source = deliveries
END

counted count 2026-03-02T06:00:00Z S#####:1100:0001:2
tells planned 20260302080000
tells gone 20260302090000 090000
moved document 20260302090100 601:S#####:1100:0001:2
movements_alone
comes_to <<'END'
S##### out
END
in_every_order
in_the_line
in_the_line backwards
tells taken-back 20260302100000
moved cancelled 20260302100100 602:S#####:1100:0001:2
movements_alone
comes_to <<'END'
S##### in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# "Two of our interfaces send materials: one all of them, one the status and one
# the deletion flag alone." Each word counts until there is a newer one of the
# same thing.
. "$(dirname "$0")/products.sh"

sed -i 's/^master = sap$/&\ninactive-status = 01/' sync.conf
material new 20260302080000 A##### MSTAE=01
material new-too 20260302080000 B##### LVORM=X
reduced free 20260302090000 A##### MSTAE=
reduced stopped 20260302090000 B##### MSTAE=01
reduced back 20260302100000 B##### LVORM=
priced price 20260302080100 A##### 9.90
priced price-too 20260302080200 B##### 4.00
comes_to <<'END'
A##### 9.9 active in
B##### 4 inactive in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

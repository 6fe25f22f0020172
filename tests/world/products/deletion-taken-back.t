#!/bin/sh
# "It was flagged for deletion by mistake": in the end the newest word counts.
. "$(dirname "$0")/products.sh"

material new 20260302080000 A#####
material flagged 20260302090000 A##### LVORM=X
material back 20260302100000 A#####
material gone 20260302110000 B##### LVORM=X
priced price 20260302080100 A##### 9.90
priced price 20260302080200 B##### 4.00
comes_to <<'END'
A##### 9.9 active in
B##### 4 inactive in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# "A new price from April, a wrong one taken back, one that has ended": what
# holds on the day counts, whatever came when.
. "$(dirname "$0")/products.sh"

material hat 20260302080000 A#####
priced first 20260302080100 A##### 20.00 20260101
priced second 20260302080200 A##### 22.00 20260305 20260331
priced april 20260302080300 A##### 15.00 20260401
priced wrong 20260302080400 A##### 2.20 20260301 20260310
priced taken-back 20260302080500 A##### 2.20 20260301 20260310 "KMEIN=PCE|LOEVM_KO=X"
comes_to <<'END'
A##### 22 active in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

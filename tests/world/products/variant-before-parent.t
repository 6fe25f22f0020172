#!/bin/sh
# "The red hat came before the hat": the parent leaves first all the same, with
# the lowest price of its variants.
. "$(dirname "$0")/products.sh"

material red 20260302080000 R##### SATNR=G#####
priced red-price 20260302080300 R##### 20.00
material blue 20260302080100 B##### SATNR=G#####
priced blue-price 20260302080400 B##### 18.50
material generic 20260302080200 G#####
counted count 2026-03-02T06:00:00Z R#####:1100:0001:2 B#####:1100:0001:0
comes_to <<'END'
B##### 18.5 active out below G#####
G##### 18.5 active in
R##### 20 active in below G#####
END
in_every_order
in_the_line
parents_first
in_the_line backwards
parents_first
done_testing

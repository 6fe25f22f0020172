#!/bin/sh
# "SAP has no price for it yet": it waits, and so does what hangs on it.
. "$(dirname "$0")/products.sh"

material hat 20260302080000 A#####
material scarf 20260302080100 B##### SATNR=G#####
priced scarf-price 20260302080200 B##### 30.00
priced carton 20260302080300 A##### 200.00 20260101 99991231 KMEIN=CAR
counted count 2026-03-02T06:00:00Z A#####:1100:0001:2
comes_to <<'END'
exception product-incomplete sku A#####
exception product-incomplete sku B#####
END
in_every_order
in_the_line
done_testing

#!/bin/sh
# "The goods issue of Monday was counted, and cancelled on Tuesday": the
# cancellation has Monday's posting date, but the goods are back on Tuesday.
. "$(dirname "$0")/stock.sh"

counted count 2026-03-01T06:00:00Z S#####:1100:0001:1
moved issue 20260302090000 601:S#####:1100:0001:1
counted recount 2026-03-03T02:00:00Z S#####:1100:0001:0
sap cancelled MBGMCR MBGMCR03 20260303100000 <<'END'
 E1BP2017_GM_HEAD_01 PSTNG_DATE=20260302
 E1BP2017_GM_CODE GM_CODE=06
 E1BP2017_GM_ITEM_CREATE MATERIAL=S#####|PLANT=1100|STGE_LOC=0001|MOVE_TYPE=602|ENTRY_QNT=1|ENTRY_UOM=PCE
END
comes_to <<'END'
S##### in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

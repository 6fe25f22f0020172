#!/bin/sh
# "SAP sends the documents of a day at night, the stock list is of the evening":
# a segment of our own says when each was entered, so that the list holds what
# it holds.
. "$(dirname "$0")/stock.sh"

cat >>"$T/sync.conf" <<'END'
[map "MBGMCR"]
stock_movement.posted_at = E1BP2017_GM_ITEM_CREATE/Z1MKPF/CPUDT+CPUTM : date-time
END
# entered NAME CODE MATERIAL TYPE TIME: of Monday, by a message of that night.
entered() {
	sap "$1" MBGMCR MBGMCR03 20260302233000 <<-END
	 E1BP2017_GM_HEAD_01 PSTNG_DATE=20260302
	 E1BP2017_GM_CODE GM_CODE=$2
	 E1BP2017_GM_ITEM_CREATE MATERIAL=$3|PLANT=1100|STGE_LOC=0001|MOVE_TYPE=$4|ENTRY_QNT=1|ENTRY_UOM=PCE
	  Z1MKPF CPUDT=20260302|CPUTM=$5
	END
}

counted count 2026-03-01T18:00:00Z S#####:1100:0001:2 C#####:1100:0001:0
entered sold 04 S##### 601 090000
entered cancelled 06 C##### 602 100000
counted recount 2026-03-02T18:00:00Z S#####:1100:0001:1 C#####:1100:0001:0
comes_to <<'END'
C##### out
S##### in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

#!/bin/sh
# Tools alone, short of memory or of room on the disk at their N-th call: they
# end with the exit code for it and one line, or do without.
#
# CRASH_POINTS: "all" for each of the first 400 allocations; otherwise some of them.
. "$(dirname "$0")/../lib.sh"

if [ -n "${SAN:-}" ]; then
	echo "1..0 # SKIP sanitizers and preloading exclude each other"
	exit 0
fi

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
cp -R "$ROOT/examples/inbox" in
idoc-parse -q -s whole.db in 2>/dev/null | sku-normalise -s whole.db |
    customer-aggregate -s whole.db | order-aggregate -s whole.db |
    stock-aggregate -s whole.db >desired
idoc-parse -q in 2>/dev/null | sku-normalise >records
(umask 077 && echo key >key)
# An order that is held in a file while it is read, and its records as well.
awk 'BEGIN {
	print "<ORDERS05><IDOC><EDI_DC40><DOCNUM>77</DOCNUM><MESTYP>ORDERS</MESTYP></EDI_DC40>"
	print "<E1EDK01 SEGMENT=\"1\"><BELNR>0000050077</BELNR><CURCY>GBP</CURCY></E1EDK01>"
	print "<E1EDK02 SEGMENT=\"1\"><QUALF>002</QUALF><BELNR>50077</BELNR></E1EDK02>"
	for (i = 1; i <= 9000; i++)
		printf "<E1EDP01 SEGMENT=\"1\"><POSEX>%06d</POSEX><MENGE>1</MENGE><E1EDP19><QUALF>002</QUALF><IDTNR>%018d</IDTNR></E1EDP19></E1EDP01>\n", i, i
	print "</IDOC></ORDERS05>" }' >large.xml
# What Ometria has, too much of it to be sorted in memory.
awk 'BEGIN { for (i = 0; i < 60000; i++)
	printf "{\"@type\":\"order\",\"id\":\"W%06d\",\"status\":\"shipped\",\"grand_total\":1,\"properties\":{\"filler\":\"%0400d\"}}\n", i * 7919 % 60000, i
	}' >ometria.jsonl

# short WHAT AT TOOL...: a run that meets it; 0 = none, `calls` counts.
short() {
	what=$1 at=$2
	shift 2
	rm -f calls s.db* copy.db*
	cp whole.db s.db
	KILLPOINT_COUNTER=$T/calls KILLPOINT_AT=$at KILLPOINT_WHAT=$what \
	    LD_PRELOAD=$BUILD/tests/killpoint.so "$@" <"$input" >out 2>err
}
# meets AT TOOL...: it did without, or ended with $code and lines like $line.
meets() {
	at=$1
	shift
	short "$what" "$at" "$@"
	rc=$?
	if [ $rc -ne "$code" ]; then
		[ $rc -eq $normal ] || wrong="$wrong $at:$rc"
		return
	fi
	met=$((met + 1))
	grep -vxFf usual err >said
	lines=$(grep -c . said)
	[ "$lines" -ge 1 ] && [ "$lines" -le "$most" ] &&
		! grep -qvE "$line" said ||
		wrong="$wrong $at:$(tail -n 1 err)"
}
# is_said WHAT CODE LINE TOOL...: at some points of a run, or at points of its
# start, by $step.
is_said() {
	what=$1 code=$2 line=$3
	shift 3
	short "$what" 0 "$@"
	normal=$?
	cp err usual
	# Two processes of a comparison may both say it.
	[ "${2:-}" = diff ] && most=2 || most=1
	total=$(od -An -tu8 calls | tr -d ' ')
	met=0
	wrong=
	if [ "$step" -gt 0 ]; then
		points=$(seq 1 "$step" 400)
	else
		points=$(awk -v total="$total" 'BEGIN {
			for (i = 0; i < 7; i++)
				print 1 + int(total * i / 7) }')
	fi
	for point in $points; do
		meets "$point" "$@"
	done
	is "$wrong" '' "$what: $*"
	ok "of $total calls" test "$met" -ge 1
}

step=0
while read -r room input tool; do
	# shellcheck disable=SC2086
	is_said memory 71 '^[a-z-]+: out of memory$' $tool
	[ "$room" = no ] ||
		# shellcheck disable=SC2086
		is_said room 74 'No space left on device|disk is full' $tool
done <<'END'
no desired idoc-parse -q in
yes desired idoc-parse -q large.xml
yes desired idoc-parse -q -s s.db large.xml
no records sku-normalise -q
no records customer-aggregate -q
no records order-aggregate -q
no records stock-aggregate -q
yes desired ometria-push -q -s s.db --drain --api-key-file key --url http://127.0.0.1:9/v2 --timeout 1ms
no desired ometria-push -q -n -s s.db
no desired sync-audit status -q -s s.db
no desired sync-audit balance -q -s s.db
no desired sync-audit exceptions -q -s s.db
yes desired sync-audit backup -q -s s.db copy.db
yes desired sync-audit metrics -q -s s.db copy.db
yes desired sync-audit diff -q -s s.db --ometria ometria.jsonl --kind order
END

# Reading the configuration: a zone or an expression is not wrong for want of
# memory.
step=7 input=/dev/null
[ "${CRASH_POINTS:-}" != all ] || step=1
is_said memory 71 '^[a-z-]+: out of memory$' order-aggregate -q
is_said memory 71 '^[a-z-]+: out of memory$' idoc-parse -q -
done_testing

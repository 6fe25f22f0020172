#!/bin/sh
# The crash sweep: the line is killed at a write, fsync, rename, unlink or send,
# run again, and has to end where a run that was never killed ends: the same
# Ometria, single events, a balance that holds, an inbox that is archived.
#
# CRASH_POINTS: how many points, spread over the run (default 150), or "all".
. "$(dirname "$0")/../lib.sh"

if [ -n "${SAN:-}" ]; then
	# A preloaded library and a sanitizer's runtime exclude each other; the
	# plain build runs this test.
	echo "1..0 # SKIP sanitizers and preloading exclude each other"
	exit 0
fi

points=${CRASH_POINTS:-150}
sweep=$ROOT/tests/crash
mkdir "$T/inbox"
# Master data first: an order that left before its customer was known keeps the
# shop's e-mail address, which is right, but would differ from the reference.
for file in 14-customer-moved.xml 15-address-moved.xml 16-customer-late.xml \
    18-deletion.xml 19-broken.xml; do
	cp "$ROOT/examples/inbox/$file" "$T/inbox/00-$file"
done
for file in 05-stock-levels.jsonl 06-shop-orders.jsonl 09-shipment-part-1.xml \
    10-shipment-part-2.xml 11-shipment-part-3.xml 12-goods-movements.xml; do
	cp "$ROOT/examples/inbox/$file" "$T/inbox/"
done
awk '/<IDOC / { n++ } n <= 6' "$ROOT/examples/inbox/07-orders-uk.xml" \
    >"$T/inbox/07-orders-uk.xml"
echo '</ORDERS05>' >>"$T/inbox/07-orders-uk.xml"

ok 'a run that nobody kills' sh "$sweep/point" 0 "$T/reference" "$T/inbox"
like "$(cat "$T/reference/balance")" '^balance: 0$' 'its balance holds'
like "$(cat "$T/reference/events")" '^shipped-W100005$' 'its event was sent'
is "$(sort -u "$T/reference/events")" "$(cat "$T/reference/events")" \
    'its events are single'
total=$(od -An -tu8 "$T/reference/calls" | tr -d ' ')
# The reference ran twice, preloaded once: the count is of one run.
[ "$points" != all ] || points=$total
[ "$points" -le "$total" ] || points=$total
note "$points of $total points"

i=0
while [ "$i" -lt "$points" ]; do
	echo $((1 + i * total / points))
	i=$((i + 1))
done >"$T/points"
xargs -P "${JOBS:-2}" -I @ sh "$sweep/point" @ "$T/@" "$T/inbox" <"$T/points"

# What point N left behind, against the reference: one line of what differs.
differs() {
	for part in holds events balance left; do
		cmp -s "$T/reference/$part" "$T/$1/$part" || printf ' %s' "$part"
	done
}
while read -r point; do
	wrong=$(differs "$point")
	is "$wrong" "" "killed at effect $point: the rerun heals it"
	[ -z "$wrong" ] || for part in $wrong; do
		note "$part:"
		diff "$T/reference/$part" "$T/$point/$part" | head -n 6 | sed 's/^/#   /'
	done
done <"$T/points"
done_testing

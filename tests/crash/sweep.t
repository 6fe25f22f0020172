#!/bin/sh
# The crash sweep: the line is killed at a write, fsync, rename, unlink, connect,
# send or receive, run again, and has to end where a run that was never killed
# ends: the same Ometria, single events, a balance that holds, a person erased,
# an inbox that is archived. The same of the line as a service, which then ends
# when it is told to. The same with a loss of power, which forgets what was not
# synced, with a disk that is full from there on, and without memory: these two
# say so, with the exit code for it.
#
# CRASH_POINTS: "all" for every one of the small run and many of the others;
# otherwise so many are spread over it (default 50), and some over the others.
. "$(dirname "$0")/../lib.sh"

if [ -n "${SAN:-}" ]; then
	# A preloaded library and a sanitizer's runtime exclude each other; the
	# plain build runs this test.
	echo "1..0 # SKIP sanitizers and preloading exclude each other"
	exit 0
fi

points=${CRASH_POINTS:-50}
jobs=${JOBS:-$(($(nproc) * 3))}
sweep=$ROOT/tests/crash
mkdir "$T/small"
# Master data first: an order that left before its customer was known keeps the
# shop's e-mail address, which is right, but would differ from the reference.
for file in 03-addresses.xml 14-customer-moved.xml 15-address-moved.xml \
    16-customer-late.xml 18-deletion.xml 19-broken.xml; do
	cp "$ROOT/examples/inbox/$file" "$T/small/00-$file"
done
for file in 05-stock-levels.jsonl 06-shop-orders.jsonl 09-shipment-part-1.xml \
    10-shipment-part-2.xml 11-shipment-part-3.xml 12-goods-movements.xml; do
	cp "$ROOT/examples/inbox/$file" "$T/small/"
done
awk '/<IDOC / { n++ } n <= 6' "$ROOT/examples/inbox/07-orders-uk.xml" \
    >"$T/small/07-orders-uk.xml"
echo '</ORDERS05>' >>"$T/small/07-orders-uk.xml"

# The large one: the same orders under other numbers, thirty times.
mkdir "$T/large"
cp "$T/small"/* "$T/large"
i=10
while [ $i -lt 40 ]; do
	sed "s/W1000/W1${i}0/g; s/00050000/000500$i/g; s/<DOCNUM>00000000007000/<DOCNUM>0000000000${i}70/" \
	    "$T/small/07-orders-uk.xml" >"$T/large/07-orders-uk-$i.xml"
	i=$((i + 1))
done

# Points of the run whose reference is DIR, one a line.
spread() {
	total=$(od -An -tu8 "$1/calls" | tr -d ' ')
	awk -v points="$2" -v total="$total" 'BEGIN {
		n = points == "all" || points > total ? total : points
		for (i = 0; i < n; i++)
			print 1 + int(i * total / n)
	}'
}
# What a point left behind, against the reference: what differs.
differs() {
	for part in holds events balance left; do
		cmp -s "$1/$part" "$2/$part" || printf ' %s' "$part"
	done
}
# said_so HOW DIR: whoever was short of something said so and exited with its
# code, or was told by a pipe that somebody else had.
said_so() {
	case $1 in
	room) code=74 line='No space left|disk is full' ;;
	memory) code=71 line='^[a-z-]+: out of memory$' ;;
	*) return ;;
	esac
	grep -vxE "0|1|141|$code" "$2/first.codes" | sed 's/^/code /'
	[ "$(grep -cE "$line" "$2/first.err")" -ge \
	    "$(grep -cx $code "$2/first.codes")" ] || echo 'too few lines'
	grep -vE "$line" "$2/first.err"
}
# check_point REFERENCE DIR DESC
check_point() {
	wrong=$(differs "$1" "$2")
	is "$wrong" "" "$3"
	for part in $wrong; do
		diag "$part:"
		diff "$1/$part" "$2/$part" | diag_lines 6
	done
}
# run_points HOW INBOX [REFERENCE]: those of $T/points, several at a time, for they
# wait most of the time.
run_points() {
	xargs -P "$jobs" -I @ sh "$sweep/point" "$1" @ "$T/@" "$2" ${3:+"$3"} \
	    <"$T/points"
}
# sweep_run HOW SIZE FEW MANY
sweep_run() {
	reference=$T/$1-$2
	what="$1, $2"
	few=$3
	[ "$points" != all ] || few=$4
	ok "$what: a run that nothing ends" \
	    sh "$sweep/point" "$1" 0 "$reference" "$T/$2"
	like "$(cat "$reference/balance")" '^balance: 0$' 'its balance holds'
	like "$(cat "$reference/balance")" '^asked to erase: 1$' \
	    'Ometria was asked to erase a person'
	like "$(cat "$reference/events")" '^shipped-W100005$' 'its event was sent'
	is "$(sort -u "$reference/events")" "$(cat "$reference/events")" \
	    'its events are single'
	spread "$reference" "$few" >"$T/points"
	note "$(wc -l <"$T/points") of $total points"
	run_points "$1" "$T/$2"
	while read -r point; do
		check_point "$reference" "$T/$point" \
		    "$what: ended at $point, the rerun heals it"
		wrong=$(said_so "$1" "$T/$point")
		[ -z "$wrong" ] || is "$wrong" "" "$what: at $point it is said"
		rm -rf "${T:?}/$point"
	done <"$T/points"
}

sweep_run killed small "$points" all

# ended CODES: those that are none of a line that a signal ends. A tool whose
# reader was the first to end may be told so by the pipe.
ended() {
	grep -qx 143 "$1" || echo 'no 143'
	grep -vxE '141|143' "$1"
}

# The line as a service comes to the same end as the one that cron starts.
reference=$T/killed-small
sh "$sweep/point" service 0 "$T/service" "$T/small" "$reference"
check_point "$reference" "$T/service" 'as a service'
is "$(ended "$T/service/first.codes")" '' 'which a signal ends'
few=9
[ "$points" != all ] || few=120
spread "$T/service" $few >"$T/points"
note "$(wc -l <"$T/points") of $total points"
run_points service "$T/small" "$reference"
while read -r point; do
	check_point "$reference" "$T/$point" \
	    "service, small: ended at $point, the next one heals it"
	is "$(ended "$T/$point/again.codes")" '' 'which a signal ends'
	rm -rf "${T:?}/$point"
done <"$T/points"

sweep_run unsynced small 40 300
sweep_run room small 10 60
sweep_run memory small 10 60

for jump in 2 3700 90000 40000000; do
	sh "$sweep/point" clock $jump "$T/$jump" "$T/small"
	check_point "$reference" "$T/$jump" "the clock jumps by $jump s"
	is "$(grep -c '^[01]$' "$T/$jump/first.codes")" 6 'which no tool minds'
done

# That the sweep would notice: as if nothing were ever synced, an event that had
# left shortly before is forgotten, and leaves again. How far a run is at a point
# differs, so many are tried, until one shows it.
reference=$T/unsynced-small
total=$(od -An -tu8 "$reference/calls" | tr -d ' ')
noticed=0
for part in 84 88 92 96 $(seq 72 99); do
	rm -rf "${T:?}/$part"
	sh "$sweep/point" nosync $((total * part / 100)) "$T/$part" "$T/small"
	case $(differs "$reference" "$T/$part") in
	*' events'*) noticed=1 && break ;;
	esac
done
ok 'what was not synced is lost, which is noticed' test $noticed -gt 0

sweep_run killed large 5 40
sweep_run unsynced large 5 40
done_testing

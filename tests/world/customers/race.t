#!/bin/sh
# Two lines at once on one state, two pushers, and an Ometria that is slow and
# loses connections: fifty customers whose master data and orders change at
# random (fixed seeds) and come out of order.
. "$(dirname "$0")/../../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
unset SAP_OMETRIA_STATE
SAP_OMETRIA_CONFIG=$T/sync.conf
export SAP_OMETRIA_CONFIG
cat >"$T/sync.conf" <<'END'
[ometria]
rate = 0
batch = 7
settle = 1ms
retry = 1ms
END
cd "$T" || exit 71
ROUNDS=6

# What each line reads in each round, in files LINE.ROUND, from one stream of
# changes that are dealt out at random. A contact bears its number as its name;
# the total of an order is the number of the newest master record of its
# customer that came before it in its line, or anywhere in a round before.
# facts: "newest CUSTOMER NUMBER".
deal() {
	awk -v seed="$1" -v rounds="$ROUNDS" '
	function random(n) {
		seed = (seed * 16807) % 2147483647
		return seed % n
	}
	function own(line, customer) {
		if (known[line, customer] > before[customer])
			return known[line, customer]
		return before[customer]
	}
	function seq(n) {
		return sprintf("20260302060000.%016d", n)
	}
	function master(line, customer,   n) {
		# One in four is older than what came before.
		n = random(4) == 0 ? number - random(400) : number
		if (n < 1 || (n in used))
			n = number
		used[n] = 1
		if (n > newest[customer])
			newest[customer] = n
		if (n > known[line, customer])
			known[line, customer] = n
		printf "{\"v\":1,\"type\":\"customer\",\"id\":\"%d\",\"seq\":\"%s\",\"kunnr\":\"%010d\",\"function\":\"005\",\"deleted\":false,\"first_name\":\"Ada\",\"last_name\":\"N%d\",\"email\":\"c%d@example.com\",\"country\":\"GB\"}\n",
		    customer, seq(n), customer, n, customer >(file)
	}
	function order(line, customer,   n, id) {
		n = own(line, customer)
		if (n == 0)
			return
		id = sprintf("W%d%d%02d", customer, line, ++orders[line, customer])
		# The shop hands over one in two, in the urgent lane.
		if (random(3) == 0 || last[line, customer] == "") {
			last[line, customer] = id
			if (random(2) == 0) {
				printf "{\"v\":1,\"type\":\"order\",\"id\":\"%s\",\"seq\":\"%s\",\"stage\":\"provisional\",\"web_order\":\"%s\",\"kind\":\"order\",\"placed_at\":\"2026-03-02T07:00:00Z\",\"currency\":\"GBP\",\"customer\":{\"id\":\"%d\"},\"totals\":{\"subtotal\":\"%d.00\",\"grand_total\":\"%d.00\"},\"lines\":[{\"line\":\"1\",\"sku\":\"A1\",\"quantity\":\"1\",\"unit_price\":\"%d.00\",\"subtotal\":\"%d.00\",\"total\":\"%d.00\"}]}\n",
				    id, seq(number), id, customer, n, n, n, n, n >file
				return
			}
		}
		id = last[line, customer]
		printf "{\"v\":1,\"type\":\"order\",\"id\":\"%s\",\"seq\":\"%s\",\"stage\":\"confirmed\",\"web_order\":\"%s\",\"sales_document\":\"9%s\",\"kind\":\"order\",\"placed_at\":\"2026-03-02T07:00:00Z\",\"currency\":\"GBP\",\"customer\":{\"id\":\"%d\"},\"totals\":{\"subtotal\":\"%d.00\",\"grand_total\":\"%d.00\"},\"lines\":[{\"line\":\"10\",\"material\":\"A1\",\"quantity\":\"1\",\"unit\":\"PCE\",\"unit_price\":\"%d.00\",\"subtotal\":\"%d.00\",\"total\":\"%d.00\"}]}\n",
		    id, seq(number), id, substr(id, 2), customer, n, n, n, n, n >file
		if (random(3) == 0)
			printf "{\"v\":1,\"type\":\"shipment\",\"id\":\"8%s\",\"seq\":\"%s\",\"posted_at\":\"2026-03-02T09:00:00Z\",\"tracking_number\":\"P1\",\"lines\":[{\"line\":\"10\",\"sales_document\":\"9%s\",\"sales_line\":\"10\",\"material\":\"A1\",\"quantity\":\"1\",\"unit\":\"PCE\"}]}\n",
			    substr(id, 2), seq(number), substr(id, 2) >file
	}
	BEGIN {
		for (round = 1; round <= rounds; round++) {
			for (i = 0; i < 160; i++) {
				line = 1 + random(2)
				file = line "." round
				customer = 1001 + random(50)
				number++
				if (random(2) == 0)
					master(line, customer)
				else
					order(line, customer)
			}
			for (customer in newest)
				before[customer] = newest[customer]
		}
		for (customer in newest)
			print "newest", customer, "N" newest[customer]
	}' | sort
}

# One line of the two: its rounds, each a pipeline of its own. The rounds of the
# two go together, as the marks of the orders want it.
line() {
	sku-normalise <"$1.$2" |
	    customer-aggregate -q -s sync.db |
	    order-aggregate -q -s sync.db |
	    ometria-push -q -s sync.db --confirm none --url "$SANDBOX_URL" --api-key-file key \
		>>"out.$1" 2>>"err.$1"
	rc=$?
	# Done, with findings, or the other pusher was at it.
	case $rc in
	0 | 1 | 75) ;;
	*) echo "round $2: exit code $rc" >>"wrong.$1" ;;
	esac
	echo "$rc" >>"codes.$1"
}

# Orders and events that were accepted before the contact they come after.
early() {
	sandbox_dump --history | awk -F '\t' '
	function part(text, start,   at) {
		at = index(text, start)
		if (at == 0)
			return ""
		text = substr(text, at + length(start))
		match(text, /^[A-Za-z0-9.-]*/)
		return substr(text, 1, RLENGTH)
	}
	$3 == "contact" {
		accepted[$4] = substr(part($5, "\"lastname\":\""), 2) + 0
	}
	$3 == "order" {
		placed[$4] = 1
		customer = substr($4, 2, 4)
		orders++
		if (part($5, "\"grand_total\":") + 0 > accepted[customer])
			print "order", $4, part($5, "\"grand_total\":"),
			    "after", accepted[customer] + 0
	}
	$3 == "custom_event" {
		id = $4
		sub(/.*shipped-/, "", id)
		events++
		if (!(id in placed))
			print "event", $4
		if (sent[$4]++)
			print "twice", $4
	}
	END {
		if (orders < 100 || events < 20)
			print orders + 0 " orders, " events + 0 " events"
	}'
}

# Nothing waits in Ometria's queue any more.
processed() {
	until_is 0 sqlite3 sandbox.db 'SELECT count(*) FROM queue' >queue
}

# What is left leaves; what Ometria turned round is found by verify, and sent
# once more: a sample of what is still in Ometria's queue would take that away.
settle() {
	ok "$1: what was left leaves" \
	    ometria-push -q -s sync.db --confirm none --drain --url "$SANDBOX_URL" --api-key-file key
	processed
	tries=0
	until sync-audit verify -q -s sync.db --url "$SANDBOX_URL" \
	    --api-key-file key >verified 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 30 ] || break
		ometria-push -q -s sync.db --confirm none --drain --url "$SANDBOX_URL" \
		    --api-key-file key >>verified 2>&1
		processed
	done
	echo "$tries" >turns
}

# A pusher that follows has the state to itself: those of the lines hand over.
# They begin when it has its lock, which is looked for without taking it.
has_lock() {
	[ -e sync.db-push ] &&
	    grep -c ":$(stat -c %i sync.db-push) " /proc/locks
}
follow() {
	mkfifo pipe
	ometria-push -q --follow -s sync.db --confirm none --url "$SANDBOX_URL" \
	    --api-key-file key <pipe >>out.follow 2>&1 &
	follower=$!
	exec 8>pipe
	until_is 1 has_lock >locks
}
end_following() {
	exec 8>&-
	wait "$follower"
	case $? in
	0 | 1) ;;
	*) echo "follower: exit code $?" >>wrong.0 ;;
	esac
	rm -f pipe
}

# race SEED [follow] [SANDBOX ARGS...]
race() {
	seed=$1
	shift
	rm -f sync.db* sandbox.db* ./*.[0-9] wrong.* codes.*
	deal "$seed" >newest
	how=
	[ "${1:-}" != follow ] || {
		how=$1
		shift
	}
	sandbox_start --rate 0 --data-rate 0 "$@"
	[ -z "$how" ] || follow
	round=0
	while [ $((round += 1)) -le "$ROUNDS" ]; do
		line 1 "$round" &
		other=$!
		line 2 "$round"
		wait "$other"
	done
	[ -z "$how" ] || end_following
	settle "seed $seed $how $*"
	is "$(cat wrong.* 2>/dev/null)" "" "no tool failed"
	is "$(early)" "" 'no order before its contact, no event before its order or twice'
	is "$(sandbox_dump | grep '^contact sap ' |
	    sed 's/^contact sap \([0-9]*\).*"lastname":"\([^"]*\)".*/newest \1 \2/' |
	    sort)" "$(cat newest)" 'the contacts are the newest'
	is "$(sqlite3 sync.db 'SELECT count(*) FROM outbox WHERE state <> 0')" 0 \
	    'nothing waits'
	sandbox_stop
}

faults=500@5,reset@9,reset-after@14,slow@1-40:15,reset-after@23-24,429@31,reset-after@55,slow@60-90:10,reset-after@70
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
race 4711 --fault "$faults"
is "$(cat codes.* | sort -u | grep -c 75)" 1 'the pushers did meet'
race 815 --set without-merge=merge --fault "$faults"
race 99 follow --fault "$faults"
is "$(sort -u codes.*)" 75 'every line met the one that follows'

# Ometria processes what waits in any order: an older revision may come last.
cat >>sync.conf <<'END'
gap = 0s
visible-within = 0s
END
# On a slow machine it has to wait longer, to have more than one to turn round.
for delay in 700 3000 9000; do
	race 7 --delay "$delay" --set queue-order=shuffled \
	    --set batch-order=shuffled --set seed=5
	[ "$(cat turns)" -eq 0 ] || break
done
ok 'Ometria did turn revisions round' test "$(cat turns)" -gt 0
race 8 follow --delay 700 --set queue-order=reversed
done_testing

#!/bin/sh
# "One broken master record: nothing of that customer goes out until the next good
# one, and everybody else is served." Four messages of a customer (good, broken,
# the next good one, an order) in each of their 24 orders, a run of the line
# after each message.
. "$(dirname "$0")/../../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf"
printf '[ometria]\nrate = 0\nsettle = 1ms\nretry = 1ms\n' >sync.conf

# One customer an order of arrival: 2001 to 2024, step.1 to step.4.
awk 'BEGIN {
	split("good broken next order", name, " ")
	for (a = 1; a <= 4; a++) for (b = 1; b <= 4; b++)
	for (c = 1; c <= 4; c++) for (d = 1; d <= 4; d++) {
		if (a == b || a == c || a == d || b == c || b == d || c == d)
			continue
		n++
		print 2000 + n, name[a], name[b], name[c], name[d]
	}
}' >arrivals
awk '
function customer(id, seq, last) {
	return sprintf("{\"v\":1,\"type\":\"customer\",\"id\":\"%d\",\"seq\":\"20260302%d0000.%016d\",\"src\":{\"sys\":\"ECC\",\"client\":\"100\",\"docnum\":\"%016d\",\"mestyp\":\"DEBMAS\",\"idoctyp\":\"DEBMAS07\",\"file\":\"a.xml\",\"n\":1,\"r\":1},\"kunnr\":\"%010d\",\"function\":\"005\",\"last_name\":\"%s\",\"email\":\"%s%d@example.com\"}", id, seq, id * 10 + seq, id * 10 + seq, id, last, last, id)
}
function make(what, id) {
	if (what == "good") return customer(id, 10, "Old")
	if (what == "next") return customer(id, 30, "New")
	if (what == "broken")
		return sprintf("{\"v\":1,\"type\":\"exception\",\"id\":\"customer-malformed:customer:%d\",\"seq\":\"20260302200000.%016d\",\"src\":{\"sys\":\"ECC\",\"client\":\"100\",\"docnum\":\"%016d\",\"mestyp\":\"DEBMAS\",\"idoctyp\":\"DEBMAS07\",\"file\":\"b.xml\",\"n\":1,\"r\":1},\"code\":\"customer-malformed\",\"severity\":\"critical\",\"subject\":{\"type\":\"customer\",\"id\":\"%d\"},\"customer\":\"%d\",\"message\":\"broken\",\"settles\":true}", id, id * 10 + 20, id * 10 + 20, id, id)
	return sprintf("{\"v\":1,\"type\":\"order\",\"id\":\"W9%d\",\"stage\":\"provisional\",\"web_order\":\"W9%d\",\"kind\":\"order\",\"placed_at\":\"2026-03-02T08:00:00Z\",\"currency\":\"GBP\",\"customer\":{\"id\":\"%d\"},\"totals\":{\"subtotal\":\"1.00\",\"grand_total\":\"1.00\"},\"lines\":[{\"line\":\"1\",\"sku\":\"A1\",\"quantity\":\"1\",\"unit_price\":\"1.00\",\"subtotal\":\"1.00\",\"total\":\"1.00\"}]}", id, id, id)
}
{ for (k = 1; k <= 4; k++) print make($(k + 1), $1) >("step." k) }' arrivals
is "$(wc -l <step.4 | tr -d ' ')" 24 '24 orders of arrival'

orders() { sandbox_dump | sed -n 's/^order W9\([0-9]*\) .*/\1/p' | sort; }
# What may have left by step k: of whom the order has come, and no broken record
# without the next good one.
may_leave() {
	awk -v k="$1" '{
		order = broken = next_one = 0
		for (i = 2; i <= k + 1; i++) {
			order += $i == "order"
			broken += $i == "broken"
			next_one += $i == "next"
		}
		if (order && (!broken || next_one)) print $1
	}' arrivals | sort
}
sandbox_start --rate 0 --data-rate 0
step=0
gone=
while [ $((step += 1)) -le 4 ]; do
	customer-aggregate -q -s s.db <step.$step | order-aggregate -q -s s.db |
	    ometria-push -q -s s.db --url "$SANDBOX_URL" --api-key-file key >said 2>&1
	# Those that may leave, and those that left before they were held.
	{
		may_leave "$step"
		printf '%s\n' "$gone"
	} | grep . | sort -u >may
	is "$(orders)" "$(cat may)" "step $step: the orders of who is held wait, all others are there"
	gone=$(orders)
done
is "$(orders | wc -l | tr -d ' ')" 24 'in the end all are there'
is "$(sandbox_dump | grep '^contact sap ' | grep -vc '"lastname":"New"')" 0 \
    'every contact is the newest'
is "$(sqlite3 s.db 'SELECT count(*) FROM hold')" 0 'nobody is held'
is "$(sqlite3 s.db 'SELECT count(*) FROM exception WHERE open')" 0 'and nothing is open'
sandbox_stop
done_testing

#!/bin/sh
# Master data has a lane of its own: whatever number of orders waits, a customer's
# update leaves with the next batch.
#	BURST  how many orders (default 10000)
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_NOW NOTIFY_SOCKET WATCHDOG_USEC
cd "$T" || exit 71
cat >sync.conf <<'END'
[ometria]
rate = 20
connections = 1
settle = 10ms
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
orders=${BURST:-10000}
sandbox_start --rate 0 --data-rate 0
push() { ometria-push -s sync.db --url "$SANDBOX_URL" --api-key-file key "$@"; }
pushes() { sandbox_dump --journal | awk '$3 ~ /\/push$/' | wc -l; }
# The number of the push that brought the contact.
contact_push() {
	sandbox_dump --journal | awk -F '\t' '$3 ~ /\/push$/ { n++ }
	    $5 == "contact" { print n; exit }'
}
held() { sandbox_dump | grep -c '^contact '; }
# three: whether three batches are there.
three() { [ "$(pushes)" -ge 3 ] && echo yes; }

# The burst, in a state of its own that nothing can be sent from.
awk -v n="$orders" 'BEGIN {
	for (i = 1; i <= n; i++)
		printf "{\"v\":1,\"type\":\"desired\",\"id\":\"order:B%d\",\"kind\":\"order\",\"customer\":\"C%d\",\"body\":{\"order_id\":\"B%d\",\"status\":\"confirmed\",\"valid\":true,\"placed_at\":\"2026-03-02T08:00:00Z\",\"currency\":\"GBP\",\"subtotal\":\"1.00\",\"grand_total\":\"1.00\",\"lines\":[{\"sku\":\"A\",\"quantity\":\"1\",\"unit_price\":\"1.00\"}]}}\n", i, i % 97, i
}' | ometria-push -q -s sync.db --url http://127.0.0.1:9/v2 --api-key-file /none \
    >/dev/null 2>&1
is "$(sqlite3 sync.db 'SELECT count(*) FROM outbox WHERE state = 1')" "$orders" \
    'the burst waits'

ometria-push -q --drain -s sync.db --url "$SANDBOX_URL" --api-key-file key \
    >out 2>err &
pusher=$!
is "$(until_is yes three)" yes 'orders are leaving'
echo '{"v":1,"type":"desired","id":"contact:C5","kind":"contact","customer":"C5","body":{"customer_id":"C5","email":"c5@example.com","last_name":"C5"}}' |
    push -q >two 2>&1
is $? 75 'a customer changes meanwhile'
# Not fewer than there were when the update was committed.
before=$(pushes)
is "$(until_is 1 held)" 1 'the update arrives'
kill -TERM "$pusher"
wait "$pusher" 2>/dev/null
is $? 143 'the burst is stopped'
number=$(contact_push)
like "$number" '^[0-9]+$' 'in a push of its own'
ok "one batch was on the way, the update was the next ($number, $before before)" \
    [ "$number" -le $((before + 2)) ]
ok 'orders were still waiting' [ "$(sqlite3 sync.db \
    'SELECT count(*) FROM outbox WHERE state <> 0')" -gt 0 ]
done_testing

#!/bin/sh
# Events: late ones are told of, and no more leave at once than Ometria lets in;
# what is sent again on request.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
sandbox_start --rate 0 --data-rate 0
push() { ometria-push -q -s s.db --rate 0 --api-key-file key --url "$SANDBOX_URL" "$@"; }
# events FROM TO TIME
events() {
	awk -v from="$1" -v to="$2" -v at="$3" 'BEGIN { for (i = from; i <= to; i++)
	    printf "{\"v\":1,\"type\":\"desired\",\"id\":\"custom_event:shipped-W%d\",\"kind\":\"custom_event\",\"body\":{\"event\":\"order_shipped\",\"event_id\":\"shipped-W%d\",\"at\":\"%s\",\"email\":\"a@example.com\",\"order_id\":\"W%d\"}}\n", i, i, at, i }'
}
order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","body":{"order_id":"%s","status":"%s","valid":true,"placed_at":"2026-03-02T08:00:00Z","currency":"GBP","subtotal":"1.00","grand_total":"1.00","lines":[{"sku":"A","quantity":"1","unit_price":"1.00"}]}}\n' "$1" "$1" "${2:-confirmed}"
}
count() { sandbox_dump --history | awk -F '\t' -v kind="$1" '$3 == kind { n++ } END { print n + 0 }'; }
open() { sqlite3 s.db "SELECT id FROM exception WHERE open AND code = 'event-late' ORDER BY 1" | tr '\n' ' '; }

# --- age ---

{
	events 1 1 2026-03-02T12:00:00Z
	events 2 2 2026-03-02T08:00:00Z
	events 3 3 2026-03-02T07:59:59Z
} | push --now 2026-03-02T12:00:00Z >out
is "$(count custom_event)" 3 'late or not, they are sent'
is "$(open)" 'shipped-W3 ' 'over four hours: its automation does not start'
like "$(cat out)" '"code":"event-late"' 'as a record, too'

# --- pace ---

rm -f s.db*
{
	events 1001 2250 2026-03-02T12:00:00Z
	order W9000
} | push --now 2026-03-02T12:00:00Z >out
is "$(count custom_event)" 1003 'a thousand leave, whatever waits'
is "$(count order)" 1 'and keep nothing else back'
order W9000 shipped | ometria-push -q -s s.db --now 2026-03-02T12:04:58Z \
    --api-key-file /nowhere >out 2>&1
sqlite3 s.db 'UPDATE outbox SET lane = 2 WHERE kind = 2' # of the backfill
push --drain --now 2026-03-02T12:04:59Z
is "$(count custom_event)" 1003 'for five minutes'
is "$(count order)" 2 'and keep back nothing in a slower lane'
push --drain --now 2026-03-02T12:05:01Z
is "$(count custom_event)" 1253 'then the others leave'
is "$(sandbox_dump --history | awk -F '\t' '$3 == "custom_event"' | cut -f 4 | sort | uniq -d | wc -l | tr -d ' ')" 0 \
    'each once'

# --- again ---

order W9001 | push >out
is "$(count order)" 3 'a second order'
rc_is 0 'one order again' push --drain --resend order:W9001
is "$(count order)" 4 'is sent'
rc_is 0 'all orders again' push --drain --resend order --resend product
is "$(count order)" 6 'are sent'
rc_is 0 'and then no more' push --drain
is "$(count order)" 6 'without being asked'
rc_is 64 'events are not sent again' push --drain --resend custom_event:shipped-W1
rc_is 64 'a kind that is none' push --drain --resend orders
is "$(count custom_event)" 1253 'none was'
sandbox_stop

# --- looked for ---

# A batch of which the answer was lost, and one of which changed since: each of
# the others is looked for, the few first ones twice, with one pause for all.
rm -f s.db* sandbox.db*
sandbox_start --rate 0 --data-rate 0 --fault reset@1
events 1 100 2026-03-02T12:00:00Z |
    push --now 2026-03-02T12:00:00Z --timeout 100ms >out 2>&1
sandbox_stop
sandbox_start --rate 0 --data-rate 0
events 7 7 2026-03-02T12:00:01Z | push --now 2026-03-02T12:00:02Z >out
looked() { sandbox_dump --journal | awk -F '\t' '$3 ~ /custom-events/ { n++ } END { print n + 0 }'; }
is "$(looked)" 103 'a hundred events that may be there are looked for'
is "$(count custom_event)" 100 'and leave when they are not'
sandbox_stop
done_testing

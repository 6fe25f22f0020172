#!/bin/sh
# Ometria and the network misbehave in every way there is an order for: each
# time it ends with the same holdings, no event twice, and a balance that holds.
. "$(dirname "$0")/../lib.sh"
. "$ROOT/tests/cli/faults.sh"

settings connections=8
for plan in 500@1-3 429@1-4 503@2-6 500@1,503@3,429@5,500@7,502@9,500@11 \
    reset@1-3 reset@2,reset@4,reset@6,reset@8,reset@10,reset@12 \
    reset-after@1 reset-after@3-5 "reset-after@$event" 408@2 slow@2:200 \
    reset-after@2,reset@4,500@6,reset-after@8,429@10,reset-after@12; do
	fresh --fault "$plan"
	rc_is 0 "$plan" push --drain
	same "$plan"
done

# What no record earns: the batch is cut until everything has arrived. One push
# at a time, so that it is known which batch is met.
settings connections=1
fresh
push -q --drain >/dev/null
first=$(large 1)
second=$(large 2)
third=$(large 3)
like "$first $second $third" '^[0-9]+ [0-9]+ [0-9]+$' 'some pushes are large'
for plan in "400@$second" "413@$first-$((first + 1))" "422@$third"; do
	fresh --fault "$plan"
	rc_is 0 "$plan" push --drain
	same "$plan"
done

settings connections=8
for plan in 401@3 403@9; do
	fresh --fault "$plan"
	rc_is 77 "$plan: the key is refused on the way" push --drain
	like "$(cat out)" '"code":"push-refused-key"' 'with an exception'
	rc_is 0 'and taken again' push --drain
	same "$plan"
	is "$(sync-audit exceptions -s s.db | grep -c push-refused-key)" 0 \
	    'which is closed'
done

# From the first push of events on, which is known when they leave in one order.
settings timeout=1s connections=1
for plan in 500@1+ "500@$event+" "reset@$event+"; do
	fresh --fault "$plan"
	rc_is 69 "$plan: it gives up for now" push --drain
	like "$(cat err)" 'everything is kept' 'and says what that means'
	sandbox_stop
	sandbox_start --rate 0 --data-rate 0
	rc_is 0 'the next run delivers' push --drain
	same "$plan"
done
settings timeout=60s connections=8

# Asynchronous: what is accepted shows later, also what was asked for.
settings settle=400ms
for plan in slow@1:1 "reset-after@$event"; do
	fresh --delay 150 --fault "$plan"
	rc_is 0 "processed later, $plan" push --drain
	same "processed later, $plan"
done
settings settle=1ms

# Ometria goes away under a request, and comes back.
settings timeout=1s
fresh --fault slow@5:50000
push --drain >/dev/null 2>away.err &
pusher=$!
has_four() { [ "$(sandbox_dump --history | cut -f 2 | sort -u | wc -l)" -ge 4 ]; }
wait_for has_four
rc_is 75 'a second pusher meanwhile' push --drain
sandbox_stop
wait "$pusher"
is $? 69 'it goes away'
like "$(cat away.err)" 'cannot reach Ometria' 'which is told'
rc_is 69 'and stays away' push --drain
settings timeout=60s
sandbox_start --rate 0 --data-rate 0
rc_is 0 'it is back' push --drain
same 'gone and back'

# The whole line at once.
fresh --fault 500@2,reset-after@4,429@6,reset-after@10
rm -f s.db*
aggregate | push >/dev/null 2>&1
same 'the whole line'
aggregate | push >/dev/null 2>err
like "$(cat err)" 'nothing to send' 'the whole inbox again: nothing to send'

# --- records that Ometria refuses ---

order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","body":{"order_id":"%s","placed_at":"2026-03-01T09:00:00Z","status":"confirmed","valid":true,"currency":"%s","subtotal":"1","grand_total":"1","customer":{"email":"%s@example.com"},"lines":[{"sku":"1","quantity":"1","unit_price":"1"}]}}\n' \
	    "$1" "$1" "$2" "$1"
}
poisoned() {
	for i in 01 02 03 04 05 06 07 08 09 10 11 12 13; do
		if [ "$i" = 08 ]; then order "P1$i" gbp; else order "P1$i" GBP; fi
	done
}
for plan in slow@1:1 reset-after@1-3 500@2; do
	sandbox_stop
	rm -f sandbox.db* s.db*
	sandbox_start --rate 0 --data-rate 0 --fault "$plan"
	poisoned | push >out 2>err
	is $? 1 "$plan, and one order of 13 is poison: done, with findings"
	is "$(sandbox_dump | grep -c '^order ')" 12 'twelve are there'
	is "$(sync-audit exceptions -s s.db | cut -f 1,4,8)" \
	    "code	subject	message
push-rejected	order:P108	not a valid value (root > currency)" \
	    'one exception, in the words of Ometria'
	rc_is 0 'it is not tried again' push --drain
	like "$(cat err)" 'nothing to send, 0 waiting, 0 held, 1 refused' 'by itself'
	order P108 GBP | push >out 2>err
	is $? 0 'mended'
	is "$(sandbox_dump | grep -c '^order ')" 13 'it arrives'
	is "$(sync-audit exceptions -s s.db | grep -c P108)" 0 \
	    'and the exception is closed'
done

# The list of errors is no longer than 100 rows.
sandbox_stop
rm -f sandbox.db* s.db*
sandbox_start --rate 0 --data-rate 0
sed 's/^batch.*/batch = 100/' sync.conf >wide.conf
{
	for i in 1 2 3; do order "G$i" GBP; done
	awk 'BEGIN { for (i = 1; i <= 230; i++) print i }' |
	    while read -r i; do order "X$i" gbp; done
	order G4 GBP
} | push -c wide.conf >out 2>err
is $? 1 'more are refused than the list can hold'
is "$(sync-audit exceptions -s s.db | grep -c '^push-rejected')" 230 'all are found'
is "$(sandbox_dump | grep -c '^order G')" 4 'the good ones are there'
rc_is 0 'again' push --drain
like "$(cat err)" 'nothing to send, 0 waiting, 0 held, 230 refused' 'nothing is left'

# --- a copy in the pipe that is older than the state ---

sandbox_stop
rm -f sandbox.db* s.db*
sandbox_start --rate 0 --data-rate 0
order W1 GBP | push >out 2>err
order W1 EUR >other
ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file /nowhere <other >out 2>err
is $? 66 'a new revision does not leave'
order W1 GBP >back
rc_is 0 'the one of before is desired again' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <back'
sed 's/"kind":"order",/&"rev":2,/' other >late
rc_is 0 'the line of the other comes late' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <late'
like "$(cat err)" 'nothing to send' 'it does not come back'
is "$(sandbox_dump --history | grep -c .)" 1 'one record was ever sent'

# --- the rate, in any second, over runs on one state ---

unset SAP_OMETRIA_NOW
# One to spare: requests do not all travel at the same speed.
settings rate=4 batch=1
in_turns() {
	sandbox_stop
	rm -f sandbox.db* s.db*
	sandbox_start --rate 5 --data-rate 5
	for i in 1 2 3 4 5 6; do order "R10$i" GBP; done | push >out 2>err &
	pusher=$!
	for i in 7 8 9; do order "R10$i" GBP; done | push >/dev/null 2>&1
	wait "$pusher"
	for i in 1 2 3 4; do order "R20$i" GBP; done | push >/dev/null 2>&1
	push --drain >/dev/null 2>&1
	most=$(sqlite3 sandbox.db 'SELECT max(n)
	    FROM (SELECT count(*) AS n FROM journal GROUP BY time)')
}
# On a machine that stands still at times requests arrive together that left one
# by one: pushers without a rate would fail each of the tries.
tries=4
until in_turns && [ "$(pushes_of 429)" -eq 0 ] && [ "$most" -le 5 ]; do
	tries=$((tries - 1))
	[ "$tries" -gt 0 ] || break
	note "once more: $most requests in a second, $(pushes_of 429) too many"
done
is "$(sandbox_dump | grep -c '^order ')" 13 'two pushers at a time, then two in a row'
is "$(pushes_of 429)" 0 'none of their requests was one too many'
is "$(sandbox_dump --journal | grep -c '/push	202')" 13 'one push a record'
ok 'polls and pushes have one rate' test "$most" -le 5
unset SAP_OMETRIA_CONFIG

# --- a file that cannot be read does not keep the others waiting ---

idoc-parse -s p.db /proc/self/mem in >out 2>err
is $? 1 'a file with a read error'
like "$(cat err)" '^idoc-parse: /proc/self/mem: file-unreadable: .*Input/output error' \
    'is an exception'
is "$(cut -d '"' -f 6 out | sort | uniq -c | awk '{ print $2 }' | tr '\n' ' ')" \
    'contact_point customer exception order product shipment stock_level stock_movement ' \
    'the others are read'
ok 'the sandbox ends cleanly' sandbox_stop
done_testing

#!/bin/sh
# Answers to questions that are no answers, and what others do to the account:
# nothing is taken for true that Ometria did not say.
. "$(dirname "$0")/../lib.sh"
. "$ROOT/tests/cli/faults.sh"

plan() { curl -sS --data-binary "$1" "${SANDBOX_URL%/v2}/_sandbox/fault"; }

# A push of events without an answer: whether they arrived is asked, and until
# that is known they neither leave again nor count as there.
for lost in reset reset-after; do
	for lie in 200-after 400 207 302 html,200-after truncated,200-after; do
		# What is there is said to be there.
		[ "$lost $lie" != 'reset-after 200-after' ] || continue
		rule='@1+;path=/custom-events/*/*'
		fresh --fault "$lost@$event,$(echo "$lie" | sed "s#,#$rule,#")$rule"
		rc_is 76 "$lost, $lie: no answer to a look-up" push --drain
		like "$(cat err)" 'unexpected answer to a look-up' 'it is told'
		plan ''
		push --drain >out 2>err
		same "$lost, $lie"
	done
done

# Events that are refused although they were stored, all or but for the one that
# is to blame: none leaves again, and what is not there is found.
for status in 400-after 413-after 422-after; do
	fresh --fault "$status@$event"
	rc_is 1 "$status: events are refused and there" push --drain
	like "$(cat out)" '"code":"push-unconfirmed"' 'which is told'
	is "$(sync-audit exceptions -s s.db | grep -c push-)" 0 'and is over when they were seen'
	same "$status"
done

# A page of somebody in between, or half a list, once.
for page in html truncated empty; do
	fresh --fault "$page@1-2;path=/push/_errors"
	rc_is 0 "$page in place of the list of errors" push --drain
	same "$page in place of the list"
done
fresh --fault 'html@1+;path=/push/_errors'
rc_is 76 'and a page each time' push --drain
like "$(cat err)" 'list at /push/_errors is not a JSON array' 'is no list'
is "$(sandbox_dump --journal | cut -f 2,3 | grep -c /push/_errors)" 4 \
    'when it was asked for four times'
plan ''
rc_is 0 'everything is kept' push --drain
same 'a page each time'

# --- the list of errors, pushed over by others ---

order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","body":{"order_id":"%s","placed_at":"2026-03-01T09:00:00Z","status":"confirmed","valid":true,"currency":"%s","subtotal":"1","grand_total":"1","customer":{"email":"%s@example.com"},"lines":[{"sku":"1","quantity":"1","unit_price":"1"}]}}\n' \
	    "$1" "$1" "$2" "$1"
}
others() {
	jq -nc '[range(100) | {"@type": "product", id: "other-\(.)"}]' >others
	curl -sS -o others.out -H 'X-Ometria-Auth: sandbox-key' \
	    --data-binary @others "$SANDBOX_URL/push"
}
crowded() {
	sandbox_stop
	rm -f sandbox.db* s.db*
	# The run ends before it has seen the list.
	sandbox_start --rate 0 --data-rate 0 --now "$1" \
	    --fault '207@1;path=/push/_errors'
	{
		order A1 GBP
		order A2 gbp
	} | push >out 2>err
	curl -sS -o now.out --data-binary "$2" "${SANDBOX_URL%/v2}/_sandbox/now"
	others
	sed 's/^retry.*/&\nvisible-within = 1ms/' sync.conf >soon.conf
	SAP_OMETRIA_CONFIG=$T/soon.conf push --drain --confirm none >out 2>err
}
crowded 2026-03-02T12:00:00Z +1m
is "$(sync-audit exceptions -s s.db | cut -f 1,4 | grep A2)" 'push-rejected	order:A2' \
    'what others pushed out of the list is looked for, and sent once more'
is "$(sandbox_dump --journal | cut -f 2-4 | grep -c 'GET	/v2/orders/A[12]	')" \
    "$(sandbox_dump --journal | cut -f 2-4 | grep -c 'GET	/v2/orders/A')" 'and nothing else'
like "$(sandbox_dump --journal)" 'GET	/v2/orders/A1	200' 'also what is there'
crowded 2026-03-02T09:00:00Z +1m
is "$(sandbox_dump --journal | grep -c 'GET	/v2/orders')" 0 \
    'a list that is full of what happened long before says nothing about ours'

# --- what is read back ---

for lie in 200-after 207 302 400 empty html truncated; do
	fresh
	order B1 GBP | push -q >out 2>err
	plan "$lie@1+;path=/*/*,$lie@1+;path=/*/*/*,$lie@1+;path=/*"
	[ "$lie" != 200-after ] || sqlite3 sandbox.db "DELETE FROM record WHERE id = 'B1'"
	sync-audit verify -s s.db --all --url "$SANDBOX_URL" \
	    --api-key-file key >out 2>err
	is $? 76 "$lie: no answer to a read-back"
	is "$(sync-audit exceptions -s s.db | grep -c B1)" 0 'which says nothing about the order'
done

# What is read back as a sample holds no run up where it cannot be read.
for lie in 405 403 html; do
	fresh --fault "$lie@1+;path=/orders/*"
	order C1 GBP | push >out 2>err
	is $? 1 "$lie to a sample: done, with findings"
	is "$(sync-audit exceptions -s s.db | cut -f 1,4 | grep '^push-')" 'push-unconfirmed	sample:ometria' \
	    'which is told'
	plan ''
	order C2 GBP | push >out 2>err
	is "$(sync-audit exceptions -s s.db | grep -c '^push-')" 0 'until it can be read'
done

# --- pauses, and where else to go ---

for word in seconds date absurd; do
	fresh --fault '429@1,503@2' --set retry-after=$word --set error-body=html
	rc_is 0 "Retry-After: $word" push --drain
	same "Retry-After: $word"
done
fresh --fault '307@1,302@2,301-after@3'
for i in 1 2 3; do
	rc_is 76 'a redirect is no answer' push --drain
done
is "$(sandbox_dump --journal | grep -c moved)" 0 'and is not followed'
rc_is 0 'what was stored all the same' push --drain
same 'behind redirects'

# --- a pause that is longer than a run ---

pushes() { sandbox_dump --journal | grep -c '	POST	/v2/push	'; }
settings timeout=1s
fresh --fault '429@1' --set retry-after=hour
rc_is 69 'Ometria asks for an hour' push --drain
rc_is 69 'the next run does not ask' push --drain
like "$(cat err)" 'asked for a pause of another 3[56][0-9]+ s; everything is kept' 'and says so'
is "$(pushes)" 1 'it was asked once'
requests() { sandbox_dump --journal | wc -l; }
asked=$(requests)
rc_is 69 'verify does not ask either' sync-audit verify -s s.db --all \
    --url "$SANDBOX_URL" --api-key-file key
like "$(cat err)" 'asked for a pause of another 3[56][0-9]+ s' 'and says so'
rc_is 69 'nor does diff' sync-audit diff -s s.db --url "$SANDBOX_URL" \
    --api-key-file key
like "$(cat err)" 'asked for a pause of another 3[56][0-9]+ s' 'which says so, too'
is "$(requests)" "$asked" 'nothing was asked'
rc_is 69 'nor when the clock is a minute from it' push --drain --now 2026-03-02T12:59:00Z
is "$(pushes)" 1 'once all the same'
rc_is 0 'then it is over' push --drain --now 2026-03-02T13:00:10Z
same 'after a long pause'
fresh --fault '429@1' --set retry-after=hour
rc_is 69 'an hour again' push --drain
rc_is 0 'but not for a clock that was set back' push --drain --now 2026-03-01T11:00:00Z
# One that verify was asked for is one of all.
fresh
rc_is 0 'all is sent' push --drain
plan '429@1;path=/*/*'
curl -sS -o set.out --data-binary retry-after=hour "${SANDBOX_URL%/v2}/_sandbox/set"
rc_is 69 'verify is asked to pause' sync-audit verify -s s.db --all \
    --url "$SANDBOX_URL" --api-key-file key
echo '{"v":1,"type":"desired","id":"product:9","kind":"product","body":{"sku":"9","in_stock":true,"merge":true}}' |
    push >out 2>err
is $? 69 'a push pauses with it'
like "$(cat err)" 'asked for a pause' 'and says so'
settings timeout=60s

ok 'the sandbox ends cleanly' sandbox_stop
done_testing

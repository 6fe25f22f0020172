#!/bin/sh
# What Ometria accepted and does not show: ometria-push reads back what is in
# doubt, sync-audit verify all of it.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
# When an event happened that is not late.
fresh=$(date -u +%Y-%m-%dT%H:%M:%SZ)
unset CREDENTIALS_DIRECTORY
cat >sync.conf <<'END'
[ometria]
rate = 0
settle = 1ms
gap = 0s
retry = 10ms
timeout = 300ms
visible-within = 0s
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
# What verify finds is not to be found by a push before it.
export SAP_OMETRIA_CONFIRM=none

contact() {
	printf '{"v":1,"type":"desired","id":"contact:%s","kind":"contact","body":{"customer_id":"%s","email":"c%s@example.com","last_name":"%s"}}\n' \
	    "$1" "$1" "$1" "$2"
}
order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","customer":"%s","body":{"order_id":"%s","placed_at":"2026-03-01T09:00:00Z","status":"%s","valid":true,"currency":"GBP","subtotal":"64.80","grand_total":"64.80","customer":{"id":"%s"},"lines":[{"sku":"12345","quantity":"1","unit_price":"64.80"}]}}\n' \
	    "$1" "$2" "$1" "${3:-confirmed}" "$2"
}
event() {
	printf '{"v":1,"type":"desired","id":"custom_event:shipped-%s","kind":"custom_event","customer":"%s","body":{"event":"order_shipped","event_id":"shipped-%s","at":"'"$fresh"'","customer_id":"%s","order_id":"%s"}}\n' \
	    "$1" "$2" "$1" "$2" "$1"
}
product() {
	printf '{"v":1,"type":"desired","id":"product:%s","kind":"product","body":{"sku":"%s","in_stock":true,"merge":true}}\n' "$1" "$1"
}
push() {
	ometria-push -q -s s.db --url "$SANDBOX_URL" --api-key-file key "$@" <in
}
verify() {
	sync-audit verify -s s.db --url "$SANDBOX_URL" --api-key-file key "$@"
}
# What Ometria does not tell: it lost a record.
lose() {
	sqlite3 sandbox.db "DELETE FROM record WHERE id = '$1'"
}
# An older revision is processed behind the newer one.
overtake() {
	curl -sf -o overtake.out -H "X-Ometria-Auth: $SANDBOX_KEY" \
	    -H 'Content-Type: application/json' -d "$1" "$SANDBOX_URL/push"
	processed
}
waiting() { sqlite3 sandbox.db 'SELECT count(*) FROM queue'; }
# Its queue is empty.
processed() { until_is 0 waiting >/dev/null; }
# Both revisions of a contact are processed, the last that came first.
last_first() {
	sandbox_stop
	sqlite3 sandbox.db 'UPDATE queue SET due = 0'
	sandbox_start --rate 0 --data-rate 0 --delay 86400000 \
	    --set queue-order=reversed
	processed
}
sent() { sandbox_dump --history | awk -F '\t' -v id="$1" '$4 == id' | wc -l; }
open_ones() {
	sync-audit exceptions -s s.db | awk -F '\t' 'NR > 1 && $1 != "backlog" { print $1, $4 }' | sort
}
fresh() {
	sandbox_stop
	rm -f sandbox.db* s.db*
	sandbox_start --rate 0 --data-rate 0 "$@"
}

fresh
{ contact 7 Doe; contact 8 Roe; order W1 7; event W1 7; product 12345; } >in
ok 'five records leave' push
is "$(sandbox_dump --journal | cut -f 2,3 | grep -c 'GET	/v2/[ocp][^_]*$')" 0 \
    'and are not read back'
rc_is 0 'verify' verify
is "$(sed -n 's/  */ /gp' out | head -n 5)" ' looked at same not yet missing differ sent again
product 1 1 0 0 0 0
contact 2 2 0 0 0 0
order 1 1 0 0 0 0
custom_event 1 1 0 0 0 0' 'all is there'
like "$(cat out)" '^Contacts older in Ometria than in SAP: 0 of 2$' 'no contact is stale'
rc_is 0 'verify again' verify
like "$(sed -n 's/  */ /gp' out)" '^contact 0 0 0 0 0 0$' 'what was verified is not asked for'
rc_is 0 'all of it' verify --all
like "$(sed -n 's/  */ /gp' out)" '^contact 2 2 0 0 0 0$' 'unless it is wanted'

lose W1
lose 8
overtake '[{"@type":"contact","@collection":"sap","id":"7","customer_id":"7","email":"c7@example.com","lastname":"Dove"}]'
rc_is 1 'a look that changes nothing' verify --all -n
is "$(sed -n '/^$/q;p' out | cut -f 1-3,5)" 'verdict	kind	id	fields
differs	contact	7	lastname
missing	contact	8	
missing	order	W1	' 'tells what is missing and what differs'
like "$(cat out)" '^Contacts older in Ometria than in SAP: 2 of 2$' 'two contacts are stale'
is "$(open_ones)" '' 'it raised nothing'
rc_is 0 'nothing waits' push
is "$(sent W1) $(sent 8)" '1 1' 'nothing is sent again'

rc_is 1 'the real one' verify --all --json
is "$(jq -c 'select(.verdict) | [.verdict, .kind, .id, .fields]' out)" '["differs","contact","7",["lastname"]]
["missing","contact","8",[]]
["missing","order","W1",[]]' 'says the same'
is "$(jq -c 'select(.kinds) | [.kinds.contact, .decay.stale, .decay.contacts]' out)" \
    '[{"looked":2,"same":0,"not_yet":0,"missing":1,"differ":1,"sent_again":2},2,2]' \
    'in numbers'
is "$(open_ones)" 'push-differs contact:7
push-missing contact:8
push-missing order:W1' 'and raises it'
: >in
ok 'the next push' push
is "$(sandbox_dump | grep -c 'Doe\|Roe\|W1')" 4 'mends it'
rc_is 0 'which is seen' verify
is "$(open_ones)" '' 'and closes the exceptions'

overtake '[{"@type":"contact","@collection":"sap","id":"7","customer_id":"7","email":"c7@example.com","lastname":"Dove"}]'
rc_is 1 'somebody else writes the contact' verify --all
ok 'it is sent once more' push
overtake '[{"@type":"contact","@collection":"sap","id":"7","customer_id":"7","email":"c7@example.com","lastname":"Dove"}]'
rc_is 1 'and so does he' verify --all
like "$(sed -n 's/  */ /gp' out)" '^contact 2 1 0 0 1 0$' 'it is told, and left so'
ok 'nothing to push' push
is "$(sandbox_dump | grep -c Dove)" 1 'nobody fights'

# An event must not arrive twice.
lose shipped-W1
rc_is 1 'an event that is not there' verify --all
ok 'is sent once more' push
is "$(sandbox_dump --history | grep -c shipped-W1)" 2 'as Ometria lost it'
is "$(sandbox_dump --journal | tail -n 4 | cut -f 2-4 | tr '\n' ' ')" \
    'GET	/v2/custom-events/order_shipped/shipped-W1	404 GET	/v2/custom-events/order_shipped/shipped-W1	404 POST	/v2/push	202 GET	/v2/push/_errors	200 ' \
    'after it was looked for twice'

# What is young may still come.
fresh --delay 86400000
sed 's/^visible.*/visible-within = 15m/' sync.conf >patient.conf
{ contact 7 Doe; order W1 7; } >in
SAP_OMETRIA_NOW=2026-03-02T08:00:00Z rc_is 0 'two records' push -c patient.conf
rc_is 0 'are not shown yet' verify -c patient.conf --now 2026-03-02T08:14:59Z
like "$(sed -n 's/  */ /gp' out)" '^order 1 0 1 0 0 0$' 'which is no difference'
like "$(cat out)" '^ *up to 1h  *1$' 'but a stale contact'
rc_is 1 'later it is' verify -c patient.conf --now 2026-03-02T08:15:00Z
like "$(sed -n 's/  */ /gp' out)" '^order 1 0 0 1 0 1$' 'missing'

# An opt-out counts when it is seen.
fresh --delay 86400000
printf '{"v":1,"type":"customer","id":"1","seq":"20260301080000.1","kunnr":"0000000001","first_name":"Ann","last_name":"Doe","deleted":false}\n{"v":1,"type":"contact_point","id":"KNA1:1","seq":"20260301080000.2","object":"KNA1","object_id":"1","customer":"1","emails":[{"address":"ann@example.com"}]}\n{"v":1,"type":"customer","id":"1","seq":"20260301080000.3","kunnr":"0000000001","first_name":"Ann","last_name":"Doe","deleted":true}\n' |
    customer-aggregate -q -s s.db --now 2026-03-02T08:00:00Z >/dev/null
: >in
rc_is 0 'an opt-out is accepted' push -c patient.conf --now 2026-03-02T08:00:01Z
sync-audit status -q -s s.db --now 2026-03-03T09:00:00Z >/dev/null
is "$(open_ones)" 'deletion-overdue customer:1' 'and overdue, since it does not show'
sandbox_stop
sqlite3 sandbox.db 'UPDATE queue SET due = 0'
sandbox_start --rate 0 --data-rate 0
processed
rc_is 0 'it shows' verify -c patient.conf --now 2026-03-03T09:00:01Z
is "$(open_ones)" '' 'and is overdue no longer'

# The older of two revisions is processed last. Without a gap it ends there, and
# what is read back puts it right.
fresh --delay 86400000
contact 7 Doe >in
ok 'a contact' push
contact 7 Roe >in
ok 'and its next revision' push
is "$(sent 7)" 2 'both leave'
last_first
is "$(sandbox_dump | grep -c '^contact.*Doe')" 1 'the older one stands'
: >in
rc_is 1 'which is found' verify
like "$(sed -n 's/  */ /gp' out)" '^contact 1 0 0 0 1 1$' 'and queued'
ok 'pushed' push
last_first
is "$(sandbox_dump | grep -c '^contact.*Roe')" 1 'the newest stands'
rc_is 0 'and is seen' verify

# With one, the next revision waits for the former, unless that was seen.
fresh --delay 86400000
sed 's/^gap.*/gap = 1h/' sync.conf >gap.conf
contact 7 Doe >in
ok 'a contact' push -c gap.conf --now 2026-03-02T08:00:00Z
contact 7 Roe >in
order W1 7 >>in
ok 'its next revision' push -c gap.conf --now 2026-03-02T08:59:59Z
is "$(sent 7) $(sent W1)" '1 0' 'waits for the gap, and the order for it'
: >in
ok 'a second later' push -c gap.conf --now 2026-03-02T09:00:00Z
is "$(sent 7) $(sent W1)" '2 1' 'both leave'
last_first
rc_is 1 'the older one stands again' verify -c gap.conf --all --now 2026-03-02T09:00:00Z
ok 'a push' push -c gap.conf --now 2026-03-02T09:00:00Z
is "$(sent 7)" 2 'keeps the gap'
ok 'after it' push -c gap.conf --now 2026-03-02T10:00:00Z
last_first
rc_is 0 'the newest shows' verify -c gap.conf --now 2026-03-02T10:00:00Z
contact 7 Poe >in
ok 'a revision behind one that was seen' push -c gap.conf --now 2026-03-02T10:00:01Z
is "$(sent 7)" 4 'leaves at once'

# However Ometria reads and shows what is not documented.
for reading in 'without-merge=replace' 'without-merge=merge money=string' \
    'without-merge=replace times=offset internal=present' \
    'without-merge=merge times=blank filters=ignored'; do
	set --
	for switch in $reading; do
		set -- "$@" --set "$switch"
	done
	fresh "$@"
	{ contact 7 Doe; order W1 7; event W1 7; product 12345; } >in
	ok "$reading: four records" push --confirm all
	{ contact 7 Roe; order W1 7 shipped; } >in
	ok 'a change' push
	rc_is 0 'shows' verify --all
	is "$(sed -n 's/  */ /gp' out | awk '$2 == $3 { n += $2 } END { print n }')" 4 'all of it'
	is "$(open_ones)" '' 'nothing is wrong'
done

# What an order or a contact says no longer goes, also where records are merged to
# their depth; where null is nothing, verify tells.
guest() { order "$1" "" "$2" | sed 's/"customer":{"id":""}/"customer":{"email":"g@example.com"}/; s/"customer":"",//'; }
for reading in 'without-merge=replace merge-depth=shallow' \
    'without-merge=merge merge-depth=shallow' 'without-merge=merge merge-depth=deep'; do
	set --
	for switch in $reading; do
		set -- "$@" --set "$switch"
	done
	fresh "$@"
	{ order W1 7; contact 8 Doe | sed 's/"last_name"/"phone":"+441134960000",&/'; } >in
	ok "$reading: an order with a number, a contact with a telephone" push
	{ guest W1 shipped; contact 8 Doe; } >in
	ok 'both lose it' push
	is "$(sandbox_dump | grep -c '"id":"7"\|+4411')" 0 'and so does Ometria'
	rc_is 0 'as it shows' verify --all
done
fresh --set without-merge=merge --set merge-depth=deep
order W1 7 >in
ok 'an order with a number' push
guest W1 shipped >in
ok 'one without' push
overtake '[{"@type":"order","id":"W1","customer":{"id":"7"}}]'
rc_is 1 'that keeps it' verify --all --json
is "$(jq -c 'select(.verdict) | [.verdict, .id, .fields]' out)" \
    '["differs","W1",["customer.id"]]' 'is told by verify'

# Each fourth record is lost without a word.
fresh --set drop=4
{ contact 7 Doe; contact 8 Doe; contact 9 Doe; contact 10 Doe; order W1 9; order W2 10; } >in
rc_is 1 'a record is lost' push --confirm all
is "$(sandbox_dump | grep -c '^contact\|^order')" 6 'and was sent once more'
is "$(open_ones)" '' 'until it showed'

# Without a word about it, a few of what left are read back.
unset SAP_OMETRIA_CONFIRM
read_back() { sandbox_dump --journal | cut -f 2,3 | grep 'GET	/v2/[ocp][^_]*$' | cut -d / -f 3 | sort | uniq -c | tr -s ' \n' ' '; }
fresh
{ for i in 1 2 3 4 5; do contact "$i" Doe; order "W$i" "$i"; event "W$i" "$i"; product "$i"; done; } >in
ok 'five of each kind' push
is "$(read_back)" ' 3 contacts 3 orders 3 products ' 'three of each are read back, but of events'
: >in
ok 'nothing new' push
is "$(read_back)" ' 3 contacts 3 orders 3 products ' 'is nothing to read back'
fresh --set drop=4
{ contact 7 Doe; contact 8 Doe; contact 9 Doe; contact 10 Doe; } >in
rc_is 1 'a record is lost' push
is "$(sandbox_dump | grep -c '^contact')" 4 'and was sent once more'
is "$(open_ones)" '' 'until it showed'
fresh --delay 86400000
{ contact 7 Doe; order W1 7; } >in
rc_is 0 'records that do not show yet' push -c patient.conf
is "$(sent W1)" 1 'hold nothing up'
is "$(read_back)" ' 1 contacts 1 orders ' 'and are looked for once in a run'
contact 8 Doe >in
rc_is 0 'another one' push -c patient.conf
is "$(read_back)" ' 2 contacts 2 orders ' 'is not asked for before they were seen'
is "$(sqlite3 s.db 'SELECT group_concat(id) FROM (SELECT id FROM outbox WHERE confirmed_rev < rev ORDER BY kind, id)')" \
    '7,W1' 'they do not count as confirmed'
export SAP_OMETRIA_CONFIRM=none

# The answer does not add up: all of it was stored nevertheless.
fresh --set counts=one-less
{ contact 7 Doe; contact 8 Doe; order W1 7; } >in
rc_is 1 'answers that count one less' push
is "$(open_ones)" '' 'are settled by reading back'
is "$(sent 7) $(sent 8) $(sent W1)" '1 1 1' 'nothing is sent again'

# Errors that name no record: one of two is refused.
fresh --set errors=flat
contact 7 Doe >in
contact 8 Roe | sed 's/"last_name"/"country":"G1","last_name"/' >>in
rc_is 1 'an error without a name' push
is "$(open_ones)" 'push-missing contact:8
push-unconfirmed errors:ometria' 'is found by what does not show'
is "$(sent 7) $(sent 8)" '1 2' 'which is sent once more'
contact 8 Roe >in
rc_is 0 'the contact is mended' push --confirm all
is "$(open_ones)" '' 'and all is well'

# A service reads back meanwhile.
fresh --delay 300
mkfifo pipe
ometria-push -q --follow --confirm all -c patient.conf -s s.db --url "$SANDBOX_URL" \
    --api-key-file key <pipe >said 2>err &
follower=$!
exec 8>pipe
{ contact 7 Doe; order W1 7; product 12345; } >&8
confirmed() {
	sqlite3 s.db "PRAGMA busy_timeout = 5000;
	    SELECT count(*) FROM outbox WHERE verified_rev = rev" | tail -n 1
}
is "$(until_is 3 confirmed)" 3 'a service sees all of it'
exec 8>&-
wait "$follower"
is "$?" 0 'and ends well'
is "$(sandbox_dump --journal | awk -F '\t' '/GET.*sap\/7\t200/ { seen = 1 }
    /POST.*\torder\t/ { print seen ? "behind" : "ahead" }')" behind \
    'the order left behind the contact'

# Many are read page by page.
fresh
awk 'BEGIN { for (i = 1; i <= 600; i++) printf "{\"v\":1,\"type\":\"desired\",\"id\":\"contact:%d\",\"kind\":\"contact\",\"body\":{\"customer_id\":\"%d\",\"email\":\"c%d@example.com\",\"last_name\":\"Doe\"}}\n", i, i, i }' >in
ok '600 contacts' push
lose 300
overtake '[{"@type":"contact","@collection":"sap","id":"301","customer_id":"301","email":"c301@example.com","lastname":"Roe"}]'
rc_is 1 'are verified' verify
like "$(sed -n 's/  */ /gp' out)" '^contact 600 598 0 1 1 2$' 'each of them'
is "$(sandbox_dump --journal | cut -f 2,3 | grep 'GET	/v2/contacts/sap/' | sort | tr '\n' ' ')" \
    'GET	/v2/contacts/sap/300 GET	/v2/contacts/sap/301 ' 'by pages, and what they do not show by its id'
rc_is 0 'a sample' verify --sample 5 --now 2030-01-01T00:00:00Z
like "$(sed -n 's/  */ /gp' out)" '^contact 0 0 0 0 0 0$' 'of nothing is nothing'

rc_is 64 'a sample of none' verify --sample 0
like "$(cat err)" 'takes a number from 1' 'is told'
rc_is 69 'nobody listens' sync-audit verify -s s.db --all --url http://127.0.0.1:9/v2 --api-key-file key
(umask 077; echo wrong >wrong.key)
rc_is 77 'a wrong key' sync-audit verify -s s.db --all --url "$SANDBOX_URL" --api-key-file wrong.key
rc_is 66 'no state' sync-audit verify -s nowhere.db --url "$SANDBOX_URL" --api-key-file key
ok 'the sandbox ends cleanly' sandbox_stop
done_testing

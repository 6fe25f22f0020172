#!/bin/sh
# Every opt-out carries a deadline, and what erases a person is asked for.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$T/sync.conf"
printf '[ometria]\nrate = 0\nsettle = 1ms\ntimeout = 1s\nretry = 10ms\n' >sync.conf
open() {
	sqlite3 s.db "SELECT code || ' ' || id || CASE severity WHEN 3 THEN
	    ' critical' ELSE '' END FROM exception WHERE open ORDER BY 1"
}
customer() {
	printf '{"v":1,"type":"customer","id":"%s","seq":"20260302080000.%016d","email":"ann@example.com",%s}\n' "$1" "${3:-1}" "$2" |
	    customer-aggregate -q -s s.db --now "${4:-2026-03-02T08:00:00Z}" >/dev/null
}
push() {
	ometria-push -q -s s.db --drain --api-key-file key "$@" >/dev/null 2>err
}

# Ometria cannot be reached: the customer stands in the state alone.
sandbox_start --rate 0 --data-rate 0
url=$SANDBOX_URL
sandbox_stop
customer 1 '"deleted":true'
customer 2 '"deleted":false'
push --url "$url" --now 2026-03-03T07:59:59Z
is "$(open)" '' 'a second before the day is over'
push --url "$url" --now 2026-03-03T08:00:01Z
is "$(open)" 'deletion-overdue 1 critical' 'then it is critical, for who opted out alone'
push --url "$url" --now 2026-03-03T08:10:00Z
is "$(sqlite3 s.db 'SELECT count FROM exception')" 1 'said once'
sandbox_start --rate 0 --data-rate 0
push --url "$SANDBOX_URL" --now 2026-03-03T09:00:00Z
is "$(open)" '' 'it heals when Ometria has confirmed it'
push --url "$SANDBOX_URL" --now 2026-03-09T09:00:00Z
is "$(open)" '' 'and stays healed'

# Ometria, or a limit of it, refuses the opt-out.
id=$(printf '%0300d' 0 | tr 0 9)
customer "$id" '"deleted":true' 1
push --url "$SANDBOX_URL" --now 2026-03-02T09:00:00Z
is "$(open | cut -c1-14)" 'push-limit 999' 'the contact is refused'
push --url "$SANDBOX_URL" --now 2026-03-03T09:00:00Z
is "$(open | cut -c1-20)" "deletion-overdue 999
push-limit 999999999" 'and overdue a day later'
rm -f s.db*

# The configured time; a flag that comes on top of an old wait counts anew.
printf '[deletion]\nverify-within = 2h\n' >>sync.conf
customer 1 '"deleted":false'
customer 1 '"deleted":true' 2 2026-03-05T08:00:00Z
push --url http://127.0.0.1:1/v2 --now 2026-03-05T09:59:00Z
is "$(open)" '' 'the time runs from the flag'
push --url http://127.0.0.1:1/v2 --now 2026-03-05T10:01:00Z
is "$(open)" 'deletion-overdue 1 critical' 'for as long as is configured'
rm -f s.db*

# Without leave to ask, a person has to: once, whatever comes later.
customer 1 '"first_name":"Ann","privacy_block":true'
customer 1 '"first_name":"Ann","privacy_block":true' 2
is "$(open)" 'deletion-request 1' 'somebody has to ask Ometria'
is "$(sqlite3 s.db 'SELECT count FROM exception')" 1 'said once'
push --url "$SANDBOX_URL"
is "$(sandbox_dump --journal | grep -c deletion-requests)" 0 'the tools do not'
is "$(sqlite3 s.db .dump | grep -c -i 'ann')" 0 'the state has forgotten her'

# The shop's word on her is forgotten, too.
printf '{"v":1,"type":"customer","id":"1","first_name":"Ann","email":"ann@shop.example"}\n' |
    customer-aggregate -q -s s.db >/dev/null
printf '{"v":1,"type":"customer","id":"1","email":"Ann@Shop.example","src":{"sys":"shop"}}\n' |
    customer-aggregate -q -s s.db >/dev/null
is "$(sqlite3 s.db .dump | grep -c -i 'ann')" 0 'what the shop says of her'

# Somebody else with her address.
customer 2 '"first_name":"Annie","deleted":false'
is "$(open)" 'customer-suppressed 2
deletion-request 1' 'another customer with the address of an erased person'
push --url "$SANDBOX_URL"
is "$(sandbox_dump --history | grep -c -i annie)" 0 'is not sent'
printf '{"v":1,"type":"customer","id":"2","seq":"20260303080000.1","email":"bea@example.com"}\n' |
    customer-aggregate -q -s s.db >/dev/null
push --url "$SANDBOX_URL"
is "$(open)" 'deletion-request 1' 'until it has an address of its own'
is "$(sandbox_dump --history | grep -c bea@example.com)" 1 'with which it is sent'

# One that waits with her address when she is erased does not leave either.
rm -f s.db*
customer 2 '"first_name":"Annie","deleted":false'
customer 3 '"first_name":"Anna","deleted":false'
customer 1 '"privacy_block":true'
push --url "$SANDBOX_URL"
is "$(open)" 'customer-shared-email 2
customer-suppressed 2
customer-suppressed 3
deletion-request 1' 'all who have the address of an erased person'
is "$(sandbox_dump --history | grep -c -E 'Annie|Anna')" 0 'are not sent'

# With leave: asked when the opt-out is confirmed, again after 429.
rm -f s.db*
sandbox_stop
rm -f sandbox.db*
sandbox_start --rate 0 --data-rate 0 --erase-rate 1
printf 'request = on\n' >>sync.conf
customer 1 '"deleted":false'
push --confirm none --url "$SANDBOX_URL" --now 2026-03-02T08:00:01Z
customer 1 '"privacy_block":true,"phone":"+441134960000"' 2
printf '{"v":1,"type":"contact_point","id":"KNA1:1","seq":"20260302080000.1","object":"KNA1","object_id":"1","customer":"1","emails":[{"address":"ann.doe@example.com"}]}\n' |
    customer-aggregate -q -s s.db --now 2026-03-02T08:00:00Z >/dev/null
push --url "$SANDBOX_URL" --now 2026-03-02T08:00:02Z
is "$(sandbox_dump --journal | awk -F '\t' '{ print $2, $3, $4 }' | grep -v _errors)" 'POST /v2/push 202
POST /v2/push 202
GET /v2/contacts/sap/1 200
POST /v2/data-deletion-requests 201
POST /v2/data-deletion-requests 429' 'the opt-out first, seen, then a request for each address'
push --url "$SANDBOX_URL" --now 2026-03-02T10:00:01Z
is "$(open)" 'deletion-overdue 1 critical' 'what Ometria did not take is overdue'
sandbox_stop
sandbox_start --rate 0 --data-rate 0
push --url "$SANDBOX_URL" --now 2026-03-02T12:00:00Z
is "$(open)" '' 'and heals when it is taken'
is "$(sandbox_dump | grep -c @example.com) $(sandbox_dump | grep -c anonymous.ometria)" '0 1' \
    'Ometria has forgotten her'
is "$(sqlite3 s.db .dump | grep -c -i 'ann')" 0 'and so has the state'
is "$(sandbox_dump --warnings)" '' 'nothing of her was sent again'
sandbox_stop

# A page of somebody in between is no answer: the state must not forget her.
rm -f s.db* sandbox.db*
sandbox_start --rate 0 --data-rate 0 --erase-rate 0 \
    --fault '200@1;path=/data-deletion-requests,html@1;path=/data-deletion-requests,truncated@2;path=/data-deletion-requests'
customer 1 '"deleted":false'
push --url "$SANDBOX_URL" --now 2026-03-02T08:00:01Z
customer 1 '"privacy_block":true' 2
for at in 08:00:02 09:00:00; do
	push --url "$SANDBOX_URL" --now "2026-03-02T${at}Z"
	is "$(open)" 'deletion-request 1' 'an answer that is none is told'
	is "$(sqlite3 s.db .dump | grep -c ann@example.com)" 1 'and nothing forgotten'
done
push --url "$SANDBOX_URL" --now 2026-03-02T12:00:00Z
is "$(open)" '' 'it is asked again, and taken'
is "$(sqlite3 s.db .dump | grep -c ann@example.com)" 0 'then the state forgets'

# A service does not wait for its end.
rm -f s.db* sandbox.db*
sandbox_stop
sandbox_start --rate 0 --data-rate 0 --erase-rate 0
customer 1 '"deleted":false'
push --url "$SANDBOX_URL"
customer 1 '"privacy_block":true' 2
mkfifo pipe
ometria-push -q -s s.db --follow --api-key-file key --url "$SANDBOX_URL" <pipe >/dev/null 2>err &
exec 8>pipe
requests() { sandbox_dump --journal | grep -c '/data-deletion-requests	201'; }
is "$(until_is 1 requests)" 1 'when following it is asked for as soon as it may be'
exec 8>&-
wait "$!"
is "$?" 0 'the end'
is "$(requests)" 1 'and no more then'
sandbox_stop
done_testing

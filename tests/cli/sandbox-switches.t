#!/bin/sh
# What Ometria's documentation leaves open is a switch of the local Ometria: each
# does what it says.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
sandbox=$BUILD/tests/ometria-sandbox
auth='X-Ometria-Auth: sandbox-key'
push() { curl -sS -o body -w '%{http_code}' -H "$auth" --data-binary "$1" "$SANDBOX_URL/push"; }
get() { curl -sS -g -H "$auth" "$SANDBOX_URL/$1"; }
code() { curl -sS -g -o body -w '%{http_code}' -H "$auth" "$SANDBOX_URL/$1"; }
# switches LINE...: while it runs.
switches() {
	printf '%s\n' "$@" | curl -sS -o body -w '%{http_code}' \
	    --data-binary @- "${SANDBOX_URL%/v2}/_sandbox/set"
}
contact() { printf '{"@type":"contact","@collection":"sap","id":"%s","email":"%s@example.com","lastname":"%s"}' "$1" "$1" "$2"; }
lastname() { get "contacts/sap/$1" | jq -r '.lastname // "none"'; }

ok 'the list of switches' "$sandbox" --list-switches
is "$(awk -F '\t' 'NF != 4 || $4 == ""' out)" '' 'has a value, words and help for each'
rc_is 64 'a switch that is none' "$sandbox" --set nonsense=1 --list-switches
rc_is 64 'a word that it does not take' "$sandbox" --set errors=round --list-switches
ok 'one that it takes' "$sandbox" --set errors=flat --list-switches
like "$(cat out)" '^errors	flat	' 'is set'
ok 'a seed' "$sandbox" --seed 47 --list-switches
like "$(cat out)" '^seed	47	' 'is one of them'
rc_is 64 'a seed that is no number' "$sandbox" --seed x --list-switches

# --- orders of processing ---

sandbox_start --rate 0 --data-rate 0 --set batch-order=reversed
push "[$(contact 1 first),$(contact 1 second)]" >/dev/null
is "$(lastname 1)" first 'a batch backwards: the first one wins'
is "$(switches batch-order=as-given)" 200 'changed while it runs'
push "[$(contact 1 first),$(contact 1 second)]" >/dev/null
is "$(lastname 1)" second 'a batch as it is: the last one wins'
is "$(switches batch-order=sideways)" 400 'a word that it does not take is refused'
sandbox_stop
sandbox_start --rate 0 --data-rate 0 --delay 300 --set queue-order=reversed
push "[$(contact 2 older)]" >/dev/null
push "[$(contact 2 newer)]" >/dev/null
is "$(until_is older lastname 2)" older 'batches backwards: the older one wins'
sandbox_stop

# --- what is stored ---

sandbox_start --rate 0 --data-rate 0
push "[$(contact 3 Doe)]" >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"3","firstname":"Ann"}]' >/dev/null
is "$(lastname 3)" none 'without @merge: replaced'
switches without-merge=merge >/dev/null
push "[$(contact 3 Doe)]" >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"3","firstname":"Ann"}]' >/dev/null
is "$(lastname 3)" Doe 'or merged'
switches without-merge=replace blank=is-ignored >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"3","lastname":null}]' >/dev/null
is "$(lastname 3)" Doe 'null is ignored'
switches blank=clears >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"3","lastname":null}]' >/dev/null
is "$(lastname 3)" none 'or clears'
push '[{"@type":"contact","@collection":"sap","id":"4","properties":{"a":"1"}}]' >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"4","@merge":true,"properties":{"b":"2"}}]' >/dev/null
is "$(get contacts/sap/4 | jq -c .properties)" '{"b":"2"}' '@merge is shallow'
switches merge-depth=deep >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"4","@merge":true,"properties":{"c":"3"}}]' >/dev/null
is "$(get contacts/sap/4 | jq -cS .properties)" '{"b":"2","c":"3"}' 'or deep'
switches drop=1 >/dev/null
is "$(push "[$(contact 5 Roe)]") $(jq .accepted body)" '202 1' 'a record is accepted'
is "$(lastname 5)$(get push/_errors)" 'none[]' 'and never seen, without an error'
switches drop=0 >/dev/null

# --- answers ---

switches counts=one-less skipped=present >/dev/null
push "[$(contact 6 Poe)]" >/dev/null
is "$(jq -c '[.accepted, .skipped]' body)" '[0,0]' 'counts that do not add up'
switches counts=true large=is-rejected >/dev/null
big=$(printf '%060000d' 1)
is "$(push "[$(contact 7 Loe),$(contact 8 "$big")]") $(jq -c '[.accepted, .rejected]' body)" \
    '202 [1,1]' 'a large record is counted as rejected'
is "$(lastname 7) $(lastname 8)" 'Loe none' 'and the other one stored'
switches large=refuses mixed=refused bad-request=422 >/dev/null
is "$(push "[$(contact 7 Loe),$(contact 8 "$big")]")" 422 'or spoils its request'
is "$(push "[$(contact 7 Loe),{\"@type\":\"product\",\"id\":\"1\",\"title\":\"t\",\"price\":1}]")" 422 \
    'several types in one batch'
switches bad-request=413 >/dev/null
is "$(push '{}')" 413 'a malformed push'
push '[{"@type":"order","id":"W2"}]' >/dev/null
is "$(get push/_errors | jq -r '.[0] | keys | join(" ")')" \
    'message record record_id record_type request_id timestamp' 'errors are nested'
switches errors=flat >/dev/null
is "$(get push/_errors | jq -r '.[0] | keys | join(" ")')" 'error_message error_path' 'or flat'
switches no-key=401 >/dev/null
is "$(curl -s -o body -w '%{http_code}' "$SANDBOX_URL/orders")" 401 'no key'
switches error-body=html >/dev/null
is "$(code orders/none) $(head -c 6 body)" '404 <html>' 'an error as HTML'
switches error-body=empty >/dev/null
is "$(code orders/none) $(cat body)" '404 ' 'or without a body'
header() { curl -sS -D - -o /dev/null -H "$auth" --data-binary "[$(contact 9 Hoe)]" "$SANDBOX_URL/push" | tr -d '\r' | grep -i "^$1:"; }
like "$(header X-QueueSize-Limit)" ': 50000$' 'the limit of the queue'
switches queue-headers=backlog >/dev/null
like "$(header X-QueueSize-Limit)" ': 0$' 'or what waits in it'
switches queue-headers=off >/dev/null
is "$(header X-QueueSize-Limit)" '' 'or nothing'

# --- read-back ---

switches error-body=json >/dev/null
push '[{"@type":"order","id":"W1","timestamp":"2025-05-01T11:22:33Z","is_valid":true,"currency":"GBP","subtotal":5.5,"grand_total":5.5,"customer":{"email":"x@example.com"},"lineitems":[]}]' >/dev/null
is "$(get orders/W1 | jq -c '[.timestamp, .subtotal]')" '["2025-05-01T11:22:33Z",5.5]' 'as it was sent'
switches times=offset money=string internal=present >/dev/null
is "$(get orders/W1 | jq -c '[.timestamp, .subtotal, .timestamp_created]')" \
    '["2025-05-01T11:22:33+00:00","5.5","2020-01-01T00:00:00+00:00"]' 'or in other shapes'
switches times=blank >/dev/null
is "$(get orders/W1 | jq -r .timestamp)" '2025-05-01 11:22:33+00' 'and with a blank'
is "$(get 'orders?email=nobody@example.com' | jq length)" 0 'filters'
is "$(get 'orders?timestampSince=2025-05-01T11:22:33' | jq length)$(get 'orders?timestampBefore=2025-05-01T11:22:33' | jq length)" \
    10 'since counts itself'
switches bounds=before >/dev/null
is "$(get 'orders?timestampSince=2025-05-01T11:22:33' | jq length)$(get 'orders?timestampBefore=2025-05-01T11:22:33' | jq length)" \
    01 'or before does'
switches filters=ignored limit=refused >/dev/null
is "$(get 'orders?email=nobody@example.com' | jq length)" 1 'or none'
is "$(code 'orders?limit=251')" 400 'a limit over 250'
is "$(get 'profiles?email=x@example.com' | jq -r type)" array 'profiles are an array'
switches profile=object nobody=404 >/dev/null
is "$(get 'profiles?email=x@example.com' | jq -r .email)" x@example.com 'or an object'
is "$(code 'profiles?email=nobody@example.com')" 404 'nobody'

# --- what is valid ---

switches money=number internal=absent errors=nested >/dev/null
order() { printf '[{"@type":"order","id":"%s","timestamp":"2025-05-01T11:22:33Z","currency":"GBP","subtotal":5,"grand_total":5%s}]' "$1" "$2"; }
push "$(order W9 ',"status":"pending"')" >/dev/null
push '[{"@type":"order","id":"W9","status":"shipped"}]' >/dev/null
is "$(get orders/W9 | jq -r .status) $(get push/_errors | jq -r '.[0].message.error_message')" \
    'pending this field is required' 'a partial order is refused'
switches without-merge=merge >/dev/null
push '[{"@type":"order","id":"W9","status":"shipped"}]' >/dev/null
is "$(get orders/W9 | jq -c '[.status, .subtotal]') $(sandbox_dump --warnings | grep -c partial-record)" \
    '["shipped",5] 1' 'or merged, with a warning'
switches without-merge=replace unknown-keys=refused coerce=text >/dev/null
push "$(order W10 ',"colour":"red"')" >/dev/null
push '[{"@type":"order","id":"W11","timestamp":"2025-05-01T11:22:33Z","is_valid":"false","currency":"GBP","subtotal":"5.5","grand_total":"5.5","lineitems":[{"product_id":"1","quantity":"1","unit_price":"5.5"}]}]' >/dev/null
is "$(code orders/W10) $(get push/_errors | jq -r '.[0].message | .error_message + ": " + .error_path') $(code orders/W11)" \
    '404 unknown field: root > colour 200' 'a key that nobody knows is refused, a text is a number'
switches unknown-keys=ignored coerce=nothing >/dev/null
push "$(order W10 ',"colour":"red"')" >/dev/null
push "$(order W12 ',"tax":"0"')" >/dev/null
is "$(code orders/W10) $(code orders/W12)" '200 404' 'or ignored, and no number'
sandbox_stop

# --- answers that are spoilt ---

sandbox_start --rate 0 --data-rate 0 --set retry-after=date \
    --fault '207@1,301@2,empty@3,html@4,truncated@5,short@6,gzip@7,429@8,slow@9:5000'
is "$(push "[$(contact 20 a)]") $(push "[$(contact 20 b)]")" '207 301' 'statuses that are none of errors'
is "$(lastname 20)" none 'store nothing'
is "$(push "[$(contact 20 c)]")$(cat body)" 202 'an empty answer'
is "$(lastname 20)" c 'to what is stored'
is "$(push "[$(contact 20 d)]")$(head -c 6 body)" '202<html>' 'HTML'
push "[$(contact 20 e)]" >/dev/null
rc_is 5 'half a JSON text' sh -c 'jq . body || exit 5'
push "[$(contact 20 f)]" >/dev/null 2>&1
is "$?" 18 'less than was promised'
is "$(lastname 20)" f 'though it is stored'
is "$(curl -sS --compressed -H "$auth" --data-binary "[$(contact 20 g)]" "$SANDBOX_URL/push" | jq .accepted)" 1 \
    'gzip is what it says'
like "$(header Retry-After)" 'GMT$' 'Retry-After as a date'
# A slow answer keeps nobody else waiting: it is still out when the other is in.
push "[$(contact 21 slow)]" >slow &
slow=$!
is "$(lastname 20)$(cat slow)" g 'a slow one is of its connection alone'
wait "$slow"

# --- for people and for tests ---

sandbox_stop
rm -f sandbox.db*
sandbox_start --rate 0 --data-rate 0 --now 2026-03-02T08:00:00Z
base=${SANDBOX_URL%/v2}
push '[{"@type":"contact","@collection":"sap","id":"<b>&\"","email":"x@example.com"}]' >/dev/null
push '[{"@type":"order","id":"W2"}]' >/dev/null
get 'profiles?email=x@example.com' >/dev/null
is "$(curl -sS -o page -w '%{http_code} %{content_type}' "$base/")" \
    '200 text/html; charset=utf-8' 'a page for people, without a key'
like "$(cat page)" '&lt;b&gt;&amp;&quot;' 'texts are escaped'
is "$(grep -c '<b>\|<script\|x@example' page)" 0 'no text is code, no address is shown'
sed 's/<[^>]*>/|/g; s/||*/|/g' page >text
like "$(cat text)" '\|contacts\|1\|' 'it counts'
like "$(cat text)" '\|order\|W2\|this field is required\|root &gt; timestamp\|' 'it lists what was refused'
like "$(cat text)" '\|GET\|/v2/profiles\?email=\.\.\.\|200\|' 'and requests'
clock() { curl -sS -o body -w '%{http_code} ' --data-binary "$1" "$base/_sandbox/now"; cat body; }
is "$(clock +4h)" '200 2026-03-02T12:00:00Z' 'the clock is moved on'
is "$(clock 2026-03-03T00:00:00Z)" '200 2026-03-03T00:00:00Z' 'the clock is set'
like "$(clock tomorrow)" '^400 ' 'a time that is none'
ok 'it is installed for rehearsals' make -s -C "$ROOT" BUILD="$BUILD" CC="${CC:-cc}" \
    SAN="${SAN:-}" DESTDIR="$T/root" PREFIX=/usr install-sandbox
ok 'and runs' "$T/root/usr/bin/ometria-sandbox" --help
sandbox_stop
done_testing

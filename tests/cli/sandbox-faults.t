#!/bin/sh
# The local Ometria misbehaves by rule: by path, method, kind and id of record,
# changed while it runs; and its journal names nobody.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
auth='X-Ometria-Auth: sandbox-key'
code() { curl -sS -g -o body -w '%{http_code}' -H "$auth" "$@"; }
push() { code --data-binary "$1" "$SANDBOX_URL/push"; }
get() { code "$SANDBOX_URL/$1"; }
plan() { curl -sS -o own -w '%{http_code}' --data-binary "$1" "${SANDBOX_URL%/v2}/_sandbox/fault"; }
product() { printf '[{"@type":"product","id":"%s","title":"t","price":1}]' "$1"; }
event() { printf '[{"@type":"custom_event","id":"%s","event_type":"x","timestamp":"2026-03-02T08:00:00Z","properties":{},"identity_email":"a@b.example"}]' "$1"; }

sandbox_start --rate 0 --data-rate 0 --fault '500@2;path=/products'
is "$(get products) $(get orders) $(get products) $(get products)" '200 200 500 200' \
    'the second of one path'
is "$(push "$(product 1)")" 202 'not of another one'

# --- what a rule is about ---

plan '503@1+;path=/products/*,404@1;path=/contacts/*/7' >own
is "$(get products/1) $(get products/2) $(get products)" '503 503 200' 'a pattern of paths'
is "$(get contacts/sap/7) $(jq -r .message body)" '404 injected fault' 'of several parts'
plan '502@1+;path=/products/*;method=POST' >own
is "$(get products/1) $(code --data-binary '{"title":"t","price":1}' "$SANDBOX_URL/products/2")" \
    '200 502' 'a method'
plan '400@1+;type=custom_event' >own
is "$(push "$(product 3)") $(push "$(event e1)") $(push "$(event e2)")" '202 400 400' 'a kind of record'
plan '422@2-3;id=9' >own
for id in 9 99 9 8 9 9; do push "$(product $id)"; echo; done >codes
is "$(tr '\n' ' ' <codes)" '202 202 422 202 422 202 ' 'one record, and when'
push "[$(product 5 | tr -d '[]'),$(product 9 | tr -d '[]')]" >own
plan '422@1;id=9' >own
is "$(push "[$(product 5 | tr -d '[]'),$(product 9 | tr -d '[]')]")" 422 'wherever it is in a batch'
is "$(plan '')$(push "$(product 9)")" 200202 'no plan'
is "$(plan 'slow@1')$(plan '500@0')$(plan '500@1;colour=red')$(plan '600@1')$(plan nonsense@1)" \
    400400400400400 'what is none'
is "$(curl -s -o own -w '%{http_code}' "$SANDBOX_URL/orders")" 403 'without the key'
plan '500@1;path=/orders' >own
curl -s -o own "$SANDBOX_URL/orders"
is "$(get orders)" 500 'is not counted'

# --- what goes wrong although all was done ---

plan '500-after@1,200-after@2,301@3,lost@4,uncounted@5' >own
is "$(push "$(product 11)") $(jq -r .message body) $(get products/11)" \
    '500 injected fault 200' 'a failure that was none'
is "$(push "$(product 12)") $(jq -r .accepted body) $(get products/12)" '200 1 200' 'a status that is another'
is "$(code -D head --data-binary "$(product 13)" "$SANDBOX_URL/push") $(tr -d '\r' <head | sed -n 's/^Location: //p')" \
    '301 /v2/moved' 'a redirect leads somewhere'
is "$(push "[$(product 14 | tr -d '[]'),$(product 15 | tr -d '[]')]") $(jq -r .accepted body) $(get products/14) $(get products/15)" \
    '202 2 404 200' 'a record is lost'
is "$(push "$(product 16)") $(jq -r .accepted body) $(get products/16)" '202 0 200' 'or not counted'
plan 'large@1,gzip@1;path=/orders,truncated@1;path=/products/11' >own
is "$(push "$(product 17)") $(wc -c <body | awk '{ print ($1 > 17000000) }') $(jq .accepted body)" \
    '202 1 1' 'an answer that is large'
is "$(curl -sS --compressed -H "$auth" "$SANDBOX_URL/orders")" '[]' 'one that is compressed'
is "$(get products/11) $(jq . body 2>&1 | grep -c error)" '200 1' 'half of a record'
plan 'garbage@1' >own
is "$(push "$(product 18)" 2>/dev/null) $(get products/18) $(sandbox_dump --journal | awk -F '\t' '$3 == "/v2/push" { s = $4 } END { print s }')" \
    '000 200 0' 'bytes that are no HTTP'
plan 'slow@1:200;path=/orders' >own
get orders >slow &
slow=$!
is "$(get products/12)$(cat slow)" 200 'a slow answer is of its request alone'
wait "$slow"

# --- the journal ---

push '[{"@type":"contact","@collection":"sap","id":"jane@example.com","email":"jane@example.com"}]' >own
push '[{"@type":"contact","@collection":"sap","id":"+44 113 4960000"},{"@type":"contact","@collection":"sap","id":"4711"}]' >own
get 'profiles?email=jane@example.com&limit=5' >own
get 'profiles?limit=5&email=jane%40example.com' >own
get 'contacts/sap/%2B441134960000' >own
curl -s -o own -H 'X-Ometria-Auth: other-key' "$SANDBOX_URL/orders"
is "$(sandbox_dump --journal | tail -n 6 | cut -f 2-4,7 | tr '\t\n' ' ,')" \
    'POST /v2/push 202 ...,POST /v2/push 202 ...,4711,GET /v2/profiles?email=...&limit=5 200 ,GET /v2/profiles?limit=5&email=... 200 ,GET /v2/contacts/sap/... 404 ,GET /v2/orders 403 ,' \
    'it names nobody'
is "$(sandbox_dump --journal | grep -c 'jane\|4960000\|other-key\|sandbox-key')" 0 'nor shows a key'
is "$(sandbox_dump --journal | cut -f 9 | awk 'NF' | sort | uniq -c | awk '{ print length($2) }' | tr '\n' ' ')" \
    '8 8 ' 'but which of two it was'
curl -sS "${SANDBOX_URL%/v2}/" >page
is "$(grep -c 'jane\|4960000' page)" 0 'nor does the page for people'
ok 'it ends cleanly' sandbox_stop
done_testing

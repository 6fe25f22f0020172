#!/bin/sh
# The local Ometria itself: what the other tests rely on when they ask it.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
auth='X-ometria-AUTH: sandbox-key'
push() {
	curl -sS -o body -w '%{http_code}' -H "$auth" --data-binary "$1" \
	    "$SANDBOX_URL/push" 2>/dev/null
}
get() {
	curl -sS -g -H "$auth" "$SANDBOX_URL/$1"
}
products() {
	jq -nc --argjson n "$1" '[range($n) | {"@type": "product", id: "p\(.)", title: "t", price: 1}]'
}

sandbox_start --rate 0 --data-rate 0
is "$(curl -s -o body -w '%{http_code}' "$SANDBOX_URL/orders")" 403 'no key, no answer'
is "$(push '[{"@type":"contact","@collection":"sap","id":"1","customer_id":"1","email":"a@b.example","firstname":"Ann"}]')" \
    202 'a contact is accepted'
is "$(jq -r '[.status, .accepted, .rejected | tostring] | join(" ")' body)" 'OK 1 0' \
    'and counted'
is "$(push '[{"@type":"order","id":"W1","timestamp":"2025-05-01T11:22:33Z","is_valid":true,"currency":"GBP","subtotal":5,"grand_total":5,"customer":{"id":"1"},"lineitems":[]}]')" \
    202 'an order too'
is "$(get orders/W1 | jq -r .grand_total)" 5 'it is there'
is "$(get 'profiles?email=a@b.example' | jq -r '.[0].customer_id')" 1 'the contact is a profile'
is "$(get 'orders?customer_id=1&timestampSince=2025-05-02' | jq length)" 0 'filters filter'

is "$(push '[{"@type":"order","id":"W2"}]')" 202 'a bad record is accepted'
is "$(get orders/W2 | jq -r .status)" ERROR 'but never seen'
is "$(get push/_errors | jq -r '.[0] | .record_id + " " + .message.error_path' | cut -c1-3)" 'W2 ' \
    'its error is listed'
is "$(push '{}') $(push '[]') $(push '[{}')" '400 400 400' 'what is no batch is refused'
is "$(push "[{\"a\":\"$(printf '%060000d' 1)\"}]")" 400 'a record over 60,000 bytes too'

push '[{"@type":"product","id":"9","title":"T","price":2}]' >/dev/null
push '[{"@type":"product","id":"9","is_in_stock":false,"@merge":true}]' >/dev/null
is "$(get products/9 | jq -c '[.title, .is_in_stock]')" '["T",false]' '@merge keeps the rest'
push '[{"@type":"product","id":"9","title":"U","price":2}]' >/dev/null
is "$(get products/9 | jq -c '[.title, .is_in_stock]')" '["U",null]' 'without it the record is replaced'
push '[{"@type":"contact","@collection":"sap","id":"1","marketing_optin":"EXPLICITLY_OPTEDOUT","@force_optin":true}]' >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"1","marketing_optin":"EXPLICITLY_OPTEDIN"}]' >/dev/null
is "$(get contacts/sap/1 | jq -r .marketing_optin)" EXPLICITLY_OPTEDOUT 'a forced opt-out stands'

# --- lists, and what is active ---

push '[{"@type":"contact","@collection":"sap","id":"1","@add_to_lists":["vip",7]},{"@type":"contact","@collection":"sap","id":"2","@add_to_lists":["vip"]}]' >/dev/null
push '[{"@type":"contact","@collection":"sap","id":"2","@remove_from_lists":["vip","none"]}]' >/dev/null
is "$(get lists | jq -c 'map([.id, .size])') $(get lists/vip | jq -r .size)" '[["7",1],["vip",1]] 1' 'lists'
is "$(get lists/vip/contacts | jq -r '.[].id') $(get lists/vip/contacts/export | jq -r '.[].id')" '1 1' 'who is on them'
is "$(get lists/vip/changes | jq -r '.[] | .id + .change' | tr '\n' ' ')" '1added 2added 2removed ' 'who came and went'
is "$(get 'lists/vip/changes?since=2100-01-01' | jq length) $(get lists/none | jq -r .status)" '0 ERROR' 'or did not'
push '[{"@type":"product","id":"l1","title":"t","price":1,"is_active":true,"listings":[{"store":"a","is_active":false},{"store":"b","is_active":true}]},
    {"@type":"product","id":"l2","title":"t","price":1,"is_active":true,"listings":[{"store":"a","is_active":false}]},
    {"@type":"product","id":"l3","title":"t","price":1,"is_active":false,"listings":[{"store":"a","is_active":true}]}]' >/dev/null
is "$(get 'products?active=true&limit=250' | jq -r '.[].id' | tr '\n' ' ')" '9 l1 ' \
    'a product is active where a listing is, unless it is not'

products 100 >hundred
is "$(push @hundred)" 202 'a hundred records in one request'
products 101 >too-many
is "$(push @too-many)" 400 'not one more'
is "$(get 'products?limit=1000' | jq length)" 104 'a page holds at most 250'
is "$(get 'products?limit=2&offset=4' | jq -r '.[].id' | tr '\n' ' ')" 'p0 p1 ' 'pages follow each other'
ok 'it ends cleanly' sandbox_stop

rm -f sandbox.db*
sandbox_start --rate 2 --data-rate 0 --delay 3000
# In one process: a second must not pass between the first and the third.
products 1 >one
url=$SANDBOX_URL/push
like "$(curl -sS -o /dev/null -o /dev/null -o /dev/null -w '%{http_code} ' \
    -H "$auth" --data-binary @one "$url" "$url" "$url")" '^202 202 429 $' \
    'the limit of the push endpoint'
is "$(sandbox_dump | grep -c '^product')" 0 'processing takes its time'
held() { sandbox_dump | grep -c '^product'; }
is "$(until_is 1 held)" 1 'and comes to an end'
sandbox_stop

rm -f sandbox.db*
sandbox_start --rate 0 --fault 500@1,reset@2,reset-after@3,401@4
for i in 1 2 3 4 5; do push "$(products "$i")"; echo; done >codes
is "$(sed 's/^100$/000/' codes | tr '\n' ' ')" '500 000 000 401 202 ' 'faults come on order'
is "$(sandbox_dump --history | cut -f 2 | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" '3 5 ' \
    'only what was stored is stored'
sandbox_stop

# --- custom fields ---

sandbox_start --rate 0 --data-rate 0
# fields METHOD [BODY] [ID]
fields() {
	curl -sS -X "$1" -o body -w '%{http_code} ' -H "$auth" ${2:+--data-binary} \
	    ${2:+"$2"} "$SANDBOX_URL/custom-fields${3:+/$3}"
	jq -c 'if type == "object" and has("message") then "error" else . end' body
}
is "$(fields POST '{"name":"loyalty"}')" '200 {"name":"loyalty","id":"1"}' 'a field gets an id'
is "$(fields POST '{"id":7,"name":"size"}')" '200 {"id":"7","name":"size"}' 'or keeps its own'
is "$(fields PUT '{"id":"1","name":"tier"}')" '200 {"id":"1","name":"tier"}' 'it is changed'
is "$(fields PUT '{"id":"2","name":"x"}')" '404 "error"' 'one that is not there is not'
is "$(fields GET)" '200 [{"id":"1","name":"tier"},{"id":"7","name":"size"}]' 'all of them'
is "$(fields DELETE '' 1; fields GET)" '200 {"id":"1","name":"tier"}
200 [{"id":"7","name":"size"}]' 'one is taken away'
is "$(fields DELETE '' 1; fields GET '' 7; fields POST '[]')" '404 "error"
405 "error"
400 "error"' 'what is none'
sandbox_stop
rc_is 64 'a fault that nobody knows' "$BUILD/tests/ometria-sandbox" --db x --port-file p --fault 600@1
rc_is 66 'a dump of nothing' "$BUILD/tests/ometria-sandbox" --dump --db none
done_testing

#!/bin/sh
# What the local Ometria does later: data-deletion requests and merges of
# profiles, from the request to the end, and what it answers meanwhile.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
auth='X-Ometria-Auth: sandbox-key'
post() { curl -sS -o body -w '%{http_code}' -H "$auth" --data-binary "$2" "$SANDBOX_URL/$1"; }
get() { curl -sS -g -H "$auth" "$SANDBOX_URL/$1"; }
code() { curl -sS -g -o body -w '%{http_code}' -H "$auth" "$SANDBOX_URL/$1"; }
own() { curl -sS -o own -w '%{http_code}' --data-binary "$2" "${SANDBOX_URL%/v2}/_sandbox/$1"; }
contact() { # ID EMAIL
	post push "[{\"@type\":\"contact\",\"@collection\":\"sap\",\"id\":\"$1\",\"customer_id\":\"$1\",\"email\":\"$2\",\"firstname\":\"Ann\",\"phone_number\":\"+44113496000$1\"}]" >/dev/null
}
order() { # ID CUSTOMER EMAIL
	post push "[{\"@type\":\"order\",\"id\":\"$1\",\"timestamp\":\"2026-03-02T07:00:00Z\",\"is_valid\":true,\"currency\":\"GBP\",\"subtotal\":5,\"grand_total\":5,\"customer\":{\"id\":\"$2\",\"email\":\"$3\",\"firstname\":\"Ann\"},\"shipping_address\":{\"city\":\"Leeds\"},\"lineitems\":[]}]" >/dev/null
}
event() { # ID EMAIL
	post push "[{\"@type\":\"custom_event\",\"id\":\"$1\",\"event_type\":\"shipment\",\"timestamp\":\"2026-03-02T07:00:00Z\",\"identity_email\":\"$2\",\"properties\":{}}]" >/dev/null
}
profiles() { get "profiles?email=$1" | jq -r 'map(.id) | join(" ")'; }

# --- data-deletion requests ---

sandbox_start --rate 0 --data-rate 0 --erase-rate 0 --merge-rate 0 \
    --now 2026-03-02T08:00:00Z --set erase-delay=1209600
contact 1 ann@example.com
order W1 1 ann@example.com
event e1 ann@example.com
is "$(post data-deletion-requests '{"action":"anonymise","comment":"by letter","identities":[{"email":"Ann@example.com"}]}')" \
    201 'a deletion request is taken'
id=$(jq -r .id body)
is "$(jq -c '[.comment, .timestamp_completed, .timestamp_created, .source.origin]' body)" \
    '["by letter",null,"2026-03-02 08:00:00.000000+00","api"]' 'and shown as it waits'
is "$(get contacts/sap/1 | jq -r .email)" ann@example.com 'nothing happens yet'
own now +13d >/dev/null
is "$(get "data-deletion-requests/$id" | jq -r .timestamp_completed)" null 'nor after 13 days'
own now +1d >/dev/null
is "$(get "data-deletion-requests/$id" | jq -c '[.summary, .timestamp_completed]')" \
    '["1 contact record anonymised, 1 order anonymised, 1 event anonymised","2026-03-16 08:00:00.000000+00"]' \
    'it is done after a fortnight'
hashed=$(get data-deletion-requests | jq -r '.[0].identities[0].hashed_email')
like "$hashed" '^[0-9a-f]{32}@anonymous\.ometria$' 'a hash stands for the address'
is "$(get contacts/sap/1 | jq -c '[.email, .firstname, .phone_number]')" \
    "[\"$hashed\",null,null]" 'the contact has no name any more'
is "$(get orders/W1 | jq -c '[.customer.email, .customer.firstname, .shipping_address]')" \
    "[\"$hashed\",null,null]" 'nor has the order'
is "$(get custom-events/shipment/e1 | jq -r .identity_email)" "$hashed" 'nor the event'
is "$(sandbox_dump | grep -c -i ann)" 0 'it is forgotten'
is "$(code data-deletion-requests/none)" 404 'a request that is none'

contact 1 ann@example.com
is "$(profiles ann@example.com) $(profiles "$hashed")" 'sbx-2 sbx-1' \
    'who is pushed again is somebody new'
is "$(sandbox_dump --warnings | grep -c erased-person)" 1 'of which it warns'
own set erase-delay=0 >/dev/null
own set erased=anonymised >/dev/null
is "$(post data-deletion-requests '{"email":"bea@example.com"}')" 201 'the other body'
contact 2 bea@example.com
is "$(get contacts/sap/2 | jq -r '.email + (.firstname // "")' | cut -d @ -f 2)" \
    anonymous.ometria 'or is made nameless again'
own set erased=refused >/dev/null
contact 3 bea@example.com
is "$(code contacts/sap/3) $(get push/_errors | jq -r '.[0].message.error_path')" \
    '404 root > email' 'or refused'
own set erase-body=email >/dev/null
is "$(post data-deletion-requests '{"identities":[{"email":"x@example.com"}]}')" 400 'one body alone'
own set erase-body=identities >/dev/null
is "$(post data-deletion-requests '{"email":"x@example.com"}')" 400 'or the other one'
own set erase-body=both >/dev/null
printf 'pending=absent\nerase-delay=60\nerase-status=202\n' >settings
own set @settings >/dev/null
is "$(post data-deletion-requests '{"email":"x@example.com"}') $(jq 'has("timestamp_completed")' body)" \
    '202 false' 'another answer'
is "$(post data-deletion-requests '{"action":"keep","email":"x@example.com"}') $(post data-deletion-requests '{}') $(post data-deletion-requests '[]')" \
    '400 400 400' 'what is no request'
own set erased=new-profile >/dev/null

# --- merges ---

job() { post merge-profile "$1" >/dev/null; get "merge-profile/$(jq -r .job_id body)"; }
named() { printf '{"survivor":{"type":"%s","value":"%s"},"customers_to_merge":[{"type":"%s","value":"%s"}]}' "$@"; }
contact 5 old@example.com
contact 6 new@example.com
order W5 5 old@example.com
is "$(post merge-profile "$(named customer_id 6 email_address old@example.com)") $(jq -r .message body)" \
    '200 merge operation started' 'a merge begins'
is "$(get merge-profile | jq -r '.[0].status')" completed 'and ends'
is "$(code contacts/sap/5) $(get contacts/sap/6 | jq -r .email)" '404 new@example.com' \
    'the listing of who was merged is deleted'
is "$(get 'profiles?email=new@example.com' | jq -r '.[0].stats.orders')" 1 'the order is the survivor'"'"'s'
is "$(get orders/W5 | jq -r .customer.id)" 5 'and stays as it was sent'
is "$(profiles old@example.com)" '' 'the other profile is gone'
contact 5 old@example.com
is "$(profiles old@example.com | wc -w | tr -d ' ')" 1 'who is pushed again is somebody new'
job "$(named profile_hash "$(profiles new@example.com)" phone_number +441134960005)" >answer
is "$(jq -r .status answer)" completed 'named by profile and telephone'
own set merged=survivor >/dev/null
contact 5 old@example.com
is "$(get contacts/sap/5 | jq -r .email) $(profiles old@example.com | wc -w | tr -d ' ')" \
    'old@example.com 1' 'or belongs to the survivor'
is "$(job "$(named customer_id 99 customer_id 6)" | jq -r '.status + ": " + .message')" \
    'failed: the survivor was not found' 'no survivor'
is "$(job "$(named customer_id 6 customer_id 99)" | jq -r .status)" failed 'nobody to merge'
is "$(post merge-profile "$(named customer_id 6 name Ann)") $(post merge-profile '{"survivor":{"type":"customer_id","value":"6"},"customers_to_merge":[1,2,3,4,5,6]}')" \
    '400 400' 'what is no merge'
contact 7 two@example.com
contact 8 two@example.com
is "$(job '{"email":"two@example.com"}' | jq -r .message)" '1 customers merged' 'the older body'
own set merge-body=survivor >/dev/null
is "$(post merge-profile '{"email":"two@example.com"}')" 400 'which may not be known'
own set merge-delay=60 >/dev/null
is "$(job "$(named customer_id 6 customer_id 8)" | jq -r .status)" started 'a merge takes its time'
own now +1m >/dev/null
is "$(get merge-profile | jq -r '.[0].status')" completed 'and comes to an end'
sandbox_stop
sandbox_start --rate 0 --data-rate 0
is "$(post merge-profile '{}') $(post merge-profile '{}')" '400 429' 'one a minute'
sandbox_stop
done_testing

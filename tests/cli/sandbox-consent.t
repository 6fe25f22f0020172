#!/bin/sh
# Consent from other sources than the API reaches the profile at its rank; a
# record that is told to be lost is.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
auth='X-Ometria-Auth: sandbox-key'
contact() { # CONSENT [FORCE]
	curl -sS -o body -H "$auth" --data-binary "[{\"@type\":\"contact\",\"@collection\":\"sap\",\"id\":\"1\",\"email\":\"a@example.com\",\"marketing_optin\":\"EXPLICITLY_$1\",\"@force_optin\":${2:-false}}]" \
	    "$SANDBOX_URL/push"
}
get() { curl -sS -g -H "$auth" "$SANDBOX_URL/$1"; }
own() { curl -sS -o body -w '%{http_code}' --data-binary "$2" "${SANDBOX_URL%/v2}/_sandbox/$1"; }
from() { own unsubscribe "{\"email\":\"A@example.com\",\"type\":\"$1\"}"; }
optin() { get 'profiles?email=a@example.com' | jq -r '.[0].marketing_optin'; }

sandbox_start --rate 0 --data-rate 0 --now 2026-03-02T08:00:00Z
is "$(from app)" 400 'nobody has this address yet'
contact OPTEDIN
is "$(from nonsense) $(own unsubscribe '{')" '400 400' 'no such source, and no JSON'
is "$(from importer) $(optin)" '200 true' 'an importer is below the API'
is "$(get unsubscribes)" '[]' 'and its opt-out not listed'
is "$(from app) $(optin)" '200 false' 'the app is the equal of the API'
own now +1h >/dev/null
contact OPTEDIN
is "$(optin)" true 'the latest wins'
is "$(from link_unsubscribe) $(optin)" '200 false' 'a link outranks it'
contact OPTEDIN
is "$(optin)" false 'for good'
contact OPTEDIN true
is "$(optin)" true 'but for who forces'
contact OPTEDOUT true
is "$(get unsubscribes | jq -c 'map(.type)')" '["app","link_unsubscribe"]' \
    'opt-outs are listed, those of the API are not'
is "$(get unsubscribes | jq -r '.[1].timestamp')" '2026-03-02 09:00:00+00' 'with their time'
is "$(get 'unsubscribes?type=app' | jq length) $(get 'unsubscribes?since=2026-03-02T09:00:00' | jq -r '.[].type') $(get 'unsubscribes?before=2026-03-02T09:00:00' | jq -r '.[].type')" \
    '1 link_unsubscribe app' 'by type and time'

# --- a record that is lost ---

is "$(own lose '{"type":"contact","id":"2"}') $(own lose '{}')" '200 400' 'a record to lose'
curl -sS -o body -H "$auth" --data-binary '[{"@type":"contact","@collection":"sap","id":"2","email":"b@example.com"},{"@type":"contact","@collection":"sap","id":"3","email":"c@example.com"}]' "$SANDBOX_URL/push"
is "$(jq -r .accepted body)" 2 'it is accepted'
is "$(get contacts/sap/2 | jq -r .status) $(get contacts/sap/3 | jq -r .id) $(get push/_errors)" \
    'ERROR 3 []' 'and neither seen nor refused, the other is'
sandbox_stop
done_testing

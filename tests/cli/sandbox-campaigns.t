#!/bin/sh
# The local Ometria tells which campaigns would have started for whom, and why
# the others would not.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
auth='X-Ometria-Auth: sandbox-key'
push() { curl -sS -o body -H "$auth" --data-binary "$1" "$SANDBOX_URL/push"; }
own() { curl -sS -o body -w '%{http_code}' --data-binary "$2" "$base/_sandbox/$1"; }
# report KEY: campaign, outcome and reason of each entry of this event or order.
report() {
	curl -sS "$base/_sandbox/campaigns" |
	    jq -r --arg key "$1" '[.[] | select(.key == $key) |
	    "\(.campaign // "") \(.outcome) \(.reason // "")"] | join(",")'
}
contact() {
	push "[{\"@type\":\"contact\",\"@collection\":\"sap\",\"id\":\"$1\",\"customer_id\":\"$1\",\"email\":\"$1@example.com\",\"marketing_optin\":\"$2\"}]"
}
event() { # ID TYPE CUSTOMER TIME
	push "[{\"@type\":\"custom_event\",\"id\":\"$1\",\"event_type\":\"$2\",\"identity_account_id\":\"$3\",\"timestamp\":\"$4\",\"properties\":{}}]"
}
order() { # ID CUSTOMER STATUS TOTAL TIME
	push "[{\"@type\":\"order\",\"id\":\"$1\",\"timestamp\":\"$5\",\"is_valid\":true,\"status\":\"$3\",\"currency\":\"GBP\",\"subtotal\":$4,\"grand_total\":$4,\"customer\":{\"id\":\"$2\"},\"lineitems\":[]}]"
}
product() {
	push "[{\"@type\":\"product\",\"id\":\"$1\",\"title\":\"t\",\"price\":1,\"is_in_stock\":$2}]"
}
visit() { own session "{\"id\":\"$1\",\"customer_id\":\"$2\",\"items\":[\"$3\"],\"transaction\":$4}" >/dev/null; }

sandbox_start --rate 0 --data-rate 0 --now 2026-03-02T08:00:00Z
base=${SANDBOX_URL%/v2}
is "$(own campaign '{"name":"shipped","event":"shipment"}')" 200 'a campaign of an event'
is "$(own campaign '{"name":"receipt","event":"receipt","marketing":false}')" 200 'and one that is no marketing'
is "$(own campaign '{"name":"x"}') $(own campaign '{') $(own campaign 5) $(own session '{}')" \
    '400 400 400 400' 'what is neither campaign nor visit'
contact in EXPLICITLY_OPTEDIN
contact out EXPLICITLY_OPTEDOUT

# --- custom events ---

event e1 shipment in 2026-03-02T07:59:00Z
is "$(report e1)" 'shipped started ' 'an event starts its campaign'
event e2 shipment out 2026-03-02T07:59:00Z
is "$(report e2)" 'shipped suppressed not-opted-in' 'not of who opted out'
event e3 receipt out 2026-03-02T07:59:00Z
is "$(report e3)" 'receipt started ' 'but when it is no marketing'
event e4 shipment nobody 2026-03-02T07:59:00Z
is "$(report e4)" 'shipped suppressed contact-unknown' 'nor of a stranger'
event e5 nonsense in 2026-03-02T07:59:00Z
is "$(report e5)" ' suppressed type-not-configured' 'nor of a type that has none'
event e6 shipment in 2026-03-02T04:00:00Z
is "$(report e6)" 'shipped started ' 'four hours old'
event e7 shipment in 2026-03-02T03:59:59Z
is "$(report e7)" 'shipped suppressed over-four-hours' 'and a second more'
event e8 shipment in 2026-03-02T10:00:00Z
is "$(report e8)" 'shipped waiting ' 'one of the future waits'
own now 2026-03-02T10:00:00Z >/dev/null
is "$(report e8)" 'shipped started ' 'until its time'
own now +1h >/dev/null
for from in 0 100 200 300 400 500 600 700 800 900 1000; do
	jq -nc --argjson from "$from" '[range($from; $from + 100) | {"@type": "custom_event",
	    id: "m\(.)", event_type: "shipment", identity_account_id: "in",
	    timestamp: "2026-03-02T11:00:00Z", properties: {}}]' >many
	push @many
done
is "$(report m999) $(report m1000)" 'shipped started  shipped suppressed over-1000-at-once' \
    'a thousand enter at once'
own now +5m >/dev/null
event m1100 shipment in 2026-03-02T11:00:00Z
is "$(report m1100)" 'shipped started ' 'and again five minutes later'

# --- orders ---

own campaign '{"name":"thanks","order":{"status":"complete","grand_total":50}}' >/dev/null
own campaign '{"name":"second","order":{"nth":2}}' >/dev/null
order o1 in complete 50 2026-03-02T11:00:00Z
is "$(report o1)" 'thanks started ' 'an order that fulfils the conditions'
order o2 in complete 49.99 2026-03-02T11:00:00Z
is "$(report o2)" 'second started ' 'a smaller one, which is the second'
order o3 in pending 50 2026-03-02T11:00:00Z
order o3 in complete 50 2026-03-02T11:00:00Z
is "$(report o3)" '' 'a status that changes starts nothing'
own set status-change=starts >/dev/null
order o3 in pending 50 2026-03-02T11:00:00Z
order o3 in complete 50 2026-03-02T11:00:00Z
order o3 in complete 50 2026-03-02T11:00:00Z
is "$(report o3)" 'thanks started ' 'or starts, once'
order o4 in complete 50 2026-03-01T11:00:00Z
is "$(report o4)" 'thanks suppressed over-four-hours' 'an old order comes too late'

# --- baskets ---

own campaign '{"name":"left","basket":{"wait":600,"send":1200,"filter":true}}' >/dev/null
product here true
product gone false
visit v1 in here false
visit v2 in here true
visit v3 '' here false
visit v4 in gone false
own now +29m >/dev/null
is "$(report v1)" '' 'a visit goes on'
own now +1m >/dev/null
is "$(report v1),$(report v2),$(report v3)" \
    'left waiting ,left suppressed transaction,left suppressed not-identified' \
    'it closes after half an hour'
order o5 in new 5 2026-03-02T11:35:00Z
is "$(report v1)" 'left waiting ' 'an order during the entry wait does not matter'
own now +29m >/dev/null
is "$(report v1)" 'left waiting ' 'it is not time'
own now +1m >/dev/null
is "$(report v1),$(report v4)" 'left started ,left suppressed out-of-stock' \
    'the basket is sent when something of it is in stock'
own set session=35 >/dev/null
visit v5 in here false
own now +30m >/dev/null
is "$(report v5)" '' 'or after 35 minutes'
own now +5m >/dev/null
own now +10m >/dev/null
is "$(report v5)" 'left waiting ' 'the entry wait is over'
order o6 in new 5 2026-03-02T13:00:00Z
is "$(report v5)" 'left suppressed ordered' 'an order then is the exit'
curl -sS "$base/" | sed 's/<[^>]*>/|/g; s/||*/|/g' >page
like "$(cat page)" '\|left\|suppressed\|ordered\|1\|' 'the page counts it'
like "$(cat page)" '\|left\|sbx-1\|suppressed\|ordered\|v5\|' 'and shows it'
is "$(sandbox_dump --campaigns | grep -c '	left	')" 5 'and the dump'

# --- prices ---

own now 2026-03-09T08:30:00Z >/dev/null
own campaign '{"name":"cheaper","price":{}}' >/dev/null
own campaign '{"name":"cheaper-uk","price":{"store":"uk"}}' >/dev/null
priced() { # ID MORE
	push "[{\"@type\":\"product\",\"id\":\"$1\",\"title\":\"t\",$2}]"
}
viewed() { # VISIT CUSTOMER ITEM STORE
	own session "{\"id\":\"$1\",\"customer_id\":\"$2\",\"items\":[\"$3\"],\"store\":\"$4\"}" >/dev/null
}
contact uk EXPLICITLY_OPTEDIN
priced shirt '"price":20'
viewed w1 in shirt de
viewed w2 out shirt de
push '[{"@type":"order","id":"p1","timestamp":"2026-03-09T08:00:00Z","is_valid":true,"currency":"GBP","subtotal":20,"grand_total":20,"customer":{"id":"uk"},"lineitems":[{"product_id":"shirt","quantity":1,"unit_price":20}]}]'
viewed w3 uk shirt uk
priced shirt '"price":20'
is "$(report shirt)" '' 'the same price starts nothing'
priced shirt '"price":19.99'
is "$(report shirt | tr ',' '\n' | sort | tr '\n' ',')" \
    'cheaper suppressed bought,cheaper suppressed not-opted-in,cheaper waiting ,cheaper-uk suppressed bought,cheaper-uk suppressed not-opted-in,cheaper-uk waiting ,' \
    'a lower one waits for the full hour, for who saw and did not buy'
own now +30m >/dev/null
like "$(report shirt)" 'cheaper started ' 'and starts then'
priced hat '"price":9,"listings":[{"store":"uk","price":9},{"store":"de","price":9}]'
viewed w4 in hat de
viewed w5 uk hat uk
priced hat '"price":9,"listings":[{"store":"uk","price":8},{"store":"de","price":9}]'
is "$(report hat)" 'cheaper waiting ,cheaper-uk waiting ' 'a listing is of its store alone'
priced coat '"price":50,"special_price":40,"special_price_dt_from":"2026-03-10T00:00:00Z","special_price_dt_to":"2026-03-11T00:00:00Z"'
viewed w6 in coat de
is "$(report coat)" '' 'a special price that is to come'
own now 2026-03-10T00:00:00Z >/dev/null
is "$(report coat)" 'cheaper waiting ,cheaper-uk waiting ' 'begins'
own now 2026-03-11T00:00:00Z >/dev/null
is "$(report coat)" 'cheaper started ,cheaper-uk started ' 'and ends without a word'
own now +42d >/dev/null
priced shirt '"price":10'
is "$(report shirt | tr ',' '\n' | grep -c waiting)" 0 'six weeks later nobody has seen it'

# --- back in stock ---

product gone true
is "$(report gone)" '' 'a product that is back starts nothing by itself'
own campaign '{"name":"back","event":"back_in_stock"}' >/dev/null
event b1 back_in_stock in "$(date -u -d '2026-04-22T00:00:00Z' +%FT%TZ)"
is "$(report b1)" 'back started ' 'but its event does'
sandbox_stop
done_testing

#!/bin/sh
# ometria-push at the shell, against the local Ometria and against none.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
# When an event happened that is not late.
fresh=$(date -u +%Y-%m-%dT%H:%M:%SZ)
unset CREDENTIALS_DIRECTORY
cat >sync.conf <<'END'
[ometria]
rate = 0
settle = 1ms
retry = 10ms
timeout = 300ms
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"

# contact ID NAME, order ID CUSTOMER, event ORDER CUSTOMER: desired records.
contact() {
	printf '{"v":1,"type":"desired","id":"contact:%s","kind":"contact","body":{"customer_id":"%s","email":"c%s@example.com","last_name":"%s"}}\n' \
	    "$1" "$1" "$1" "$2"
}
order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","customer":"%s","body":{"order_id":"%s","placed_at":"2026-03-01T09:00:00Z","status":"confirmed","valid":true,"currency":"GBP","subtotal":"64.80","grand_total":"64.80","customer":{"id":"%s"},"lines":[{"sku":"12345","quantity":"1","unit_price":"64.80"}]}}\n' \
	    "$1" "$2" "$1" "$2"
}
event() {
	printf '{"v":1,"type":"desired","id":"custom_event:shipped-%s","kind":"custom_event","customer":"%s","body":{"event":"order_shipped","event_id":"shipped-%s","at":"'"$fresh"'","customer_id":"%s","order_id":"%s"}}\n' \
	    "$1" "$2" "$1" "$2" "$1"
}
push() { ometria-push --url "$SANDBOX_URL" --api-key-file key "$@"; }
pushes() { sandbox_dump --journal | grep -c '/push	'; }
# A request is on its way, and slow.
in_flight() {
	until_is 1 sqlite3 s.db 'SELECT count(*) FROM inflight' >/dev/null
	sleep 0.1
}
# fresh [ARGS...]: a new Ometria and a new state.
fresh() {
	sandbox_stop
	rm -f sandbox.db* s.db*
	sandbox_start --rate "${rate:-0}" --data-rate 0 "$@"
}

fresh
rc_is 78 'no key at all' ometria-push -s s.db --drain --url "$SANDBOX_URL"
like "$(cat err)" 'no API key' 'is said'
rc_is 66 'a key file that is not there' ometria-push -s s.db --drain --api-key-file nowhere
like "$(cat err)" "'nowhere': No such file" 'is named'
cp key open; chmod 640 open
rc_is 77 'a key file that the group can read' ometria-push -s s.db --drain --api-key-file open
like "$(cat err)" "'open' is open to others" 'is refused'
(umask 077; printf 'two words\n' >words; : >empty; mkdir -p creds; cp key creds/ometria-api-key)
rc_is 78 'a key with a blank' ometria-push -s s.db --drain --api-key-file words
rc_is 78 'an empty key file' ometria-push -s s.db --drain --api-key-file empty
CREDENTIALS_DIRECTORY=$T/creds rc_is 0 'the key of the credentials directory' \
    ometria-push -s s.db --drain --url "$SANDBOX_URL"
(umask 077; echo wrong-key >wrong)
contact 7 Doe >in
rc_is 77 'a key that Ometria refuses' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file wrong <in'
like "$(cat err)" 'refuses the API key' 'is said'
is "$(grep -c wrong-key out err | tr '\n' ' ')" 'out:0 err:0 ' 'and not shown'
rc_is 0 'with the right one what was kept leaves' push -s s.db --drain
like "$(cat err)" '^ometria-push: 1 records in 1 requests, 0 waiting, 0 held, 0 refused$' \
    'the summary'
rc_is 0 'again' push -s s.db --drain
like "$(cat err)" '^ometria-push: nothing to send$' 'nothing to send'
rc_is 0 'the same record again' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
like "$(cat err)" 'nothing to send' 'nothing to send either'

for url in http://localhost:1/v2 http://example.com/v2 ftp://127.0.0.1/v2 \
    https://u:p@example.com/v2 nonsense; do
	rc_is 78 "address $url" ometria-push -s s.db --drain --api-key-file key --url "$url"
done

fresh
{ event W1 7; order W1 7; contact 7 Doe; } >in
rc_is 69 'nobody listens' sh -c 'ometria-push -s s.db --url http://127.0.0.1:9/v2 --api-key-file key <in'
like "$(cat err)" 'cannot reach Ometria.*everything is kept' 'it is said'
like "$(cat err)" '0 records in [0-9]+ requests, 3 waiting' 'and what waits'
rc_is 0 'when it is back' push -s s.db --drain
is "$(sandbox_dump --history | cut -f 3,4 | tr '\t\n' ' ,')" \
    'contact 7,order W1,custom_event shipped-W1,' 'all leaves, in order'
is "$(sandbox_dump --warnings | grep -v product-unknown)" '' 'nothing that Ometria would frown at'
is "$(sandbox_dump --errors)" '' 'nothing that it refuses'

fresh --fault 500@1-2,reset@3,429@5
rc_is 0 '500, 500, a reset, 429' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
like "$(cat err)" '^ometria-push: 3 records in 7 requests' 'everything arrives'
is "$(sandbox_dump --history | grep -c .)" 3 'once'

fresh --fault reset-after@3
rc_is 0 'the answer to an event is lost' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
is "$(sandbox_dump --history | grep -c custom_event)" 1 'it is not sent again'
like "$(sandbox_dump --journal)" 'GET	/custom-events/order_shipped/shipped-W1|GET	/v2/custom-events/order_shipped/shipped-W1' 'but asked for'

fresh --delay 300
sed 's/^settle.*/settle = 200ms/' sync.conf >seen.conf
rc_is 64 'read back in a way that is none' push -s s.db --drain --confirm some
like "$(cat err)" 'takes all, sample or none' 'is told'
rc_is 0 'contacts are read back' \
    sh -c 'ometria-push -c seen.conf -s s.db --url "$SANDBOX_URL" --api-key-file key --confirm all <in'
like "$(sandbox_dump --journal | cut -f 2-4 | grep -v errors |
    awk -F '\t' '{ split($2, part, "/"); print $1, part[length(part)], $3 }' |
    uniq | tr '\n' ',')" \
    '^POST push 202,(GET 7 404,)*GET 7 200,POST push 202,(GET [^,]* 404,)*GET W1 200,' \
    'an order leaves when the contact shows, and is read back as well'

fresh
awk 'BEGIN { for (i = 1; i <= 250; i++) printf "{\"v\":1,\"type\":\"desired\",\"id\":\"product:%d\",\"kind\":\"product\",\"body\":{\"sku\":\"%d\",\"in_stock\":true,\"merge\":true}}\n", i, i }' >many
rc_is 0 '250 products' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <many'
is "$(pushes)" 3 'in three requests'

fresh
{ contact 8 "$(printf '%065d' 0)"; for i in $(seq 1000 1249); do contact "$i" Roe; done; } >in
rc_is 1 'a record over a limit beside three batches, without a rate' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --rate 0 --api-key-file key <in'
is "$(grep -c '"code":"push-limit"' out) $(pushes)" '1 3' 'is refused once'

fresh --fault slow@1:1500
{ printf '{"v":1,"type":"desired","id":"product:12345","kind":"product","body":{"sku":"12345","in_stock":true,"merge":true}}\n'
    contact 7 Doe; order W7 7; } >in
rc_is 0 'products that take their time' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
is "$(sandbox_dump --warnings | grep product-unknown)" '' 'no order overtakes its product'

# Some to spare: requests do not all travel at the same speed.
rate=7 fresh
head -n 9 many >few
sed 's/^rate.*/rate = 4\nbatch = 1/' sync.conf >slow.conf
rc_is 0 'nine requests at four a second' \
    sh -c 'ometria-push -c slow.conf -s s.db --url "$SANDBOX_URL" --api-key-file key <few'
like "$(cat err)" '9 records in 9 requests' 'none of them is one too many'

fresh
contact 8 "$(printf '%064d' 0)" >in
contact 9 Roe | sed 's/"email":"[^"]*"/"email":"c9@example.com","country":"G1"/' >>in
{ order W8 8; order W9 9; } >>in
rc_is 1 'Ometria refuses one of two contacts later' \
    sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
like "$(cat out)" '"code":"customer-rejected".*"customer":"9"' 'an exception names the customer'
order W99 9 >in
rc_is 0 'another order of that customer' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
like "$(cat err)" 'nothing to send, 0 waiting, 1 held' 'is held'
{ contact 9 Roe; } >in
rc_is 0 'the customer is mended' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in'
is "$(sandbox_dump | grep -c '^order W99 ')" 1 'and the order leaves'

fresh
{ contact 7 Doe; order W1 7; } >in
rc_is 0 'a rehearsal' sh -c 'ometria-push -n -s s.db <in'
is "$(jq -r '.path + " " + (.body | map(.id) | join(","))' out | tr '\n' ';')" \
    '/push 7;/push W1;' 'prints the requests'
rc_is 0 'it made no state' test ! -e s.db
is "$(pushes)" 0 'and sent nothing'
rc_is 69 'fill the outbox' sh -c 'ometria-push -s s.db --url http://127.0.0.1:9/v2 --api-key-file key <in'
rc_is 0 'a rehearsal of what waits' ometria-push -n --drain -s s.db
is "$(grep -c /push out)" 2 'prints it'
rc_is 0 'and leaves it' push -s s.db --drain
like "$(cat err)" '2 records in 2 requests' 'to the real run'
rc_is 74 'a full disk' sh -c 'ometria-push -n -s t.db <in >/dev/full'
echo nonsense >foreign.db
rc_is 65 'a state that is none' push -s foreign.db --drain

fresh --fault slow@1:1500
ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in 2>first.err &
first=$!
in_flight
contact 10 Poe >more
rc_is 75 'a second pusher on the state' sh -c 'ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <more'
like "$(cat err)" 'another ometria-push' 'is told'
wait "$first" 2>/dev/null
is "$?" 0 'the first one ends well'
is "$(sandbox_dump | grep -c '^contact sap 10 ')" 1 'and delivers what the second brought'

fresh --fault slow@1:1000
ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key <in 2>first.err &
first=$!
in_flight
kill -TERM "$first"
wait "$first" 2>/dev/null
is "$?" 143 'SIGTERM ends it'
is "$(sandbox_dump --history | cut -f 3 | tr '\n' ' ')" 'contact ' 'after the batch in flight'
rc_is 0 'the next run goes on' push -s s.db --drain
is "$(sandbox_dump --history | cut -f 3 | tr '\n' ' ')" 'contact order ' 'where it stopped'
ok 'the sandbox ends cleanly' sandbox_stop
done_testing

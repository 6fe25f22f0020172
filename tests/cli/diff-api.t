#!/bin/sh
# sync-audit diff of a state with what Ometria's API shows.
. "$(dirname "$0")/../lib.sh"

for tool in curl jq sqlite3; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done

S=$T/state.db
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
printf '[ometria]\nrate = 0\nsettle = 1ms\nretry = 1ms\ntimeout = 10ms\n' \
    >"$T/conf"

desired() { # KIND ID CUSTOMER BODY
	printf '{"v":1,"type":"desired","id":"%s:%s","kind":"%s",' "$1" "$2" "$1"
	printf '"customer":"%s","body":%s}\n' "$3" "$4"
}
push() {
	ometria-push -q -c "$T/conf" -s "$S" --now "$1" --url "$SANDBOX_URL" \
	    --api-key-file "$T/key" >"$T/pushed" 2>"$T/err"
}
compare() {
	sync-audit diff -c "$T/conf" -s "$S" --now 2026-03-02T13:00:00Z \
	    --url "$SANDBOX_URL" --api-key-file "$T/key" "$@"
}
found() {
	sed 1d "$T/out" | cut -f 1-4 | tr '\t' ' '
}
sql() {
	sqlite3 "$S" "$1"
}
there() { # what Ometria holds, changed behind our back
	sqlite3 "$T/sandbox.db" "$1"
}
set_field() { # TYPE ID FIELD VALUE
	there "UPDATE record SET body = json_set(body, '\$.$3', $4)
	    WHERE type = '$1' AND id = '$2'"
}
copy() { # TYPE ID NEW-ID
	there "INSERT INTO record SELECT NULL, type, collection, '$3',
	    json_set(body, '\$.id', '$3'), created, updated, touch, at,
	    customer_id, email, active, variant, forced, profile
	    FROM record WHERE type = '$1' AND id = '$2'"
}
gets() {
	sandbox_dump --journal | grep -c '	GET	.*'"$1"
}

# --- 600 products, 30 contacts and their orders, accepted at twelve ---

{
	i=1
	while [ $i -le 600 ]; do
		desired product $i '' \
		    "{\"sku\":\"$i\",\"in_stock\":true,\"merge\":true}"
		i=$((i + 1))
	done
	i=1
	while [ $i -le 30 ]; do
		desired contact $i $i \
		    "{\"customer_id\":\"$i\",\"email\":\"c$i@example.com\"}"
		desired order W$i $i "{\"order_id\":\"W$i\",
		    \"placed_at\":\"2026-03-01T08:00:00Z\",
		    \"status\":\"shipped\",\"valid\":true,\"currency\":\"GBP\",
		    \"subtotal\":\"8.00\",\"grand_total\":\"8.00\",
		    \"customer\":{\"id\":\"$i\"},\"lines\":[]}" | tr -d '\n\t'
		echo
		i=$((i + 1))
	done
} >"$T/desired"
sandbox_start --rate 0 --data-rate 0 --now 2026-03-02T12:00:00Z
push 2026-03-02T12:00:00Z <"$T/desired"
is "$? $(sql 'SELECT count(*) FROM outbox WHERE accepted_rev = rev')" '0 660' \
    'all is accepted'

# --- as it was sent ---

ok 'the same' compare
like "$(cat "$T/err")" '660 on both sides, no difference' 'all of it'
like "$(sandbox_dump --journal)" '/v2/orders.*updateBefore=2026-03-02T13:00:00Z' \
    'as it is at the start of the audit'
is "$(gets '/products?')" 4 'three pages of products, and one without more'
cp "$S" "$T/good.db"
sandbox_stop
cp "$T/sandbox.db" "$T/good.sandbox"
fresh() {
	sandbox_stop
	rm -f "$S"* "$T"/sandbox.db*
	cp "$T/good.db" "$S"
	cp "$T/good.sandbox" "$T/sandbox.db"
}
start() {
	sandbox_start --rate 0 --data-rate 0 --now 2026-03-02T13:00:00Z "$@"
}

# --- however Ometria renders it, and whatever it makes of filters ---

for switch in money=string times=offset times=blank internal=present \
    filters=ignored bounds=before; do
	fresh
	start --set $switch
	ok "$switch: the same" compare
	ok "$switch: the same in a window" compare --since 2026-03-01T08:00:00Z \
	    --before 2026-03-01T08:00:01Z
	like "$(cat "$T/err")" ' 630 on both sides, no difference' \
	    "$switch: with its ends, without contacts of another day"
done
fresh
start --set filters=ignored
ok 'a window without orders, from who ignores it' compare --kind order \
    --since 2026-03-02
is "$(cat "$T/err")" 'sync-audit: Ometria ignored a filter: 30 of 30 rows were not asked for and are left out
sync-audit: 0 on both sides, no difference' 'it is told, and done here'
sandbox_stop
start
ok 'from who honours it' compare --kind order --since 2026-03-02
is "$(cat "$T/err")" 'sync-audit: 0 on both sides, no difference' \
    'there is nothing to tell'

# --- differences ---

fresh
there "DELETE FROM record WHERE type = 'order' AND id = 'W1'"
copy order W2 W99
copy product 600 000600
set_field order W3 customer.id "'4'"
set_field order W4 status "'pending'"
set_field order W5 grand_total 9
set_field contact 6 email "'c7@example.com'"
start
rc_is 1 'differences of every kind of cause' compare
is "$(found)" 'padded-sku product 000600 id
differs contact 6 email
wrong-customer order W3 customer.id
status order W4 status
differs order W5 grand_total
unexpected order W99 
missing order W1 
duplicate-email contact 7 email' 'each by its class'
is "$(gets '/orders/W1')" 1 'a miss is asked for by its id'
is "$(sed -n 's/^status.*	//p' "$T/out")" 60m 'since when it could be there'
rc_is 1 'orders of the window' compare --kind order --since 2026-03-01
like "$(sandbox_dump --journal)" \
    '/v2/orders.*timestampSince=2026-02-28T23:55:00Z' \
    'are asked for with five minutes more'

# --- what they amount to ---

rc_is 1 'revenue' compare --kind order --revenue
is "$(sed -n 's/^revenue	order	//p' "$T/out" | tr '\t' '|')" \
    '2026-03-01|GBP no store, online|240|241|' 'one order less, one more, one of 9'
there "UPDATE record SET updated = 1772460000 WHERE id = 'W2'"
rc_is 1 'with an order that no page shows' compare --kind order --revenue
like "$(sed -n 's/^revenue	order	//p' "$T/out" | tr '\t' '|')" \
    '^2026-03-01\|GBP no store, online\|240\|241\|$' 'it counts where it was found'

# --- what changes while the pages are read ---

# Behind the first page its last row goes, so that the pages before are read
# again, and one of those rows is not what it was.
fresh
start
set -- $(curl -sS -H "X-Ometria-Auth: sandbox-key" \
    "$SANDBOX_URL/products?limit=250&includeVariants=true" |
    jq -r '.[9].id, .[-1].id')
there "CREATE TRIGGER meanwhile AFTER INSERT ON journal
    WHEN NEW.path LIKE '%/products?%offset=249%' BEGIN
	DELETE FROM record WHERE type = 'product' AND id = '$2';
	UPDATE record SET body = json_set(body, '\$.is_in_stock', json('false'))
	    WHERE type = 'product' AND id = '$1'; END"
rc_is 1 'a row that changed between two pages' compare --kind product
is "$(found)" "differs product $1 is_in_stock" 'counts as it was last'
like "$(cat "$T/err")" \
    '^sync-audit: 1 changed while they were read: the later row counts$' \
    'and is no row that is there twice'

# --- events, of which the type belongs to the name ---

fresh
start
desired custom_event shipped-W1 1 '{"event_id":"shipped-W1",
    "event":"order_shipped","at":"2026-03-02T11:00:00Z","order_id":"W1",
    "customer_id":"1"}' | tr -d '\n' >"$T/event"
echo >>"$T/event"
push 2026-03-02T12:30:00Z <"$T/event"
ok 'an event that is there' compare --kind custom_event
there "UPDATE record SET id = 'other', body = json_set(body, '\$.id', 'other')
    WHERE type = 'custom_event'"
rc_is 1 'another one in its place' compare --kind custom_event
is "$(found)" 'unexpected custom_event other 
missing custom_event shipped-W1 ' 'is told'
is "$(gets '/custom-events/order_shipped/shipped-W1')" 1 'after a second look'
rc_is 1 'a repair of events' compare --kind custom_event --repair
is "$(found | grep -c queued)" 0 'is none: an event is never sent twice'

# --- what is no difference ---

fresh
there "DELETE FROM record WHERE type = 'order' AND id = 'W1'"
there "UPDATE record SET updated = 1772460000 WHERE id = 'W2'"
sql "UPDATE outbox SET accepted_at = 1772455800000 WHERE id = 'W1'" # 12:50
sql "UPDATE outbox SET state = 1, rev = 2, last_rev = 2, body =
    json_set(body, '\$.status', 'cancelled') WHERE id = 'W3'"
start
ok 'accepted ten minutes ago, changed since, waiting' compare
like "$(cat "$T/err")" 'no difference, 2 waiting' 'is told apart'
like "$(cat "$T/err")" '1 were not on a page, and there' \
    'also what a page did not show'
ok 'with --all' compare --all
is "$(found)" 'waiting order W1 
waiting order W3 ' 'what waits is listed'
rc_is 1 'five minutes are enough' compare --settle 5m
is "$(found)" 'missing order W1 ' 'for what is not there'

# --- an older revision ---

fresh
sql "UPDATE outbox SET rev = 2, last_rev = 2, accepted_rev = 2, body =
    json_set(body, '\$.currency', 'EUR') WHERE id IN ('W1', 'W2', 'W4', 'W5')"
sql "UPDATE outbox SET confirmed_rev = 2 WHERE id IN ('W2', 'W4', 'W5')"
sql "UPDATE outbox SET verified_rev = 1 WHERE id = 'W4'"
sql "UPDATE outbox SET verified_rev = 2 WHERE id = 'W5'"
sql "UPDATE outbox SET state = 3, refused_rev = 2, rev = 2, body =
    json_set(body, '\$.currency', 'EUR') WHERE id = 'W3'"
start
rc_is 1 'a revision that Ometria has not taken' compare
is "$(found)" 'stale order W1 currency
differs order W2 currency
stale order W3 currency
stale order W4 currency
differs order W5 currency' 'is told from one that was confirmed, or seen'

# --- Ometria's own time, where it shows one ---

fresh
sql "UPDATE outbox SET state = 3, refused_rev = 2, rev = 2, body =
    json_set(body, '\$.currency', 'EUR') WHERE id = 'W5'"
start
curl -sS -H "X-Ometria-Auth: sandbox-key" "$SANDBOX_URL/orders?limit=250" |
    jq -c '.[] | select(.id != "W1") | if .id == "W2" then
	.status = "other" | .timestamp_update = "2026-03-02T12:59:59+01:00"
    elif .id == "W3" then
	.status = "other" | .timestamp_update = "2026-03-02T12:00:00Z"
    elif .id == "W4" then .timestamp_update = "2026-03-02T11:00:00Z"
    elif .id == "W5" then .timestamp_update = "2026-03-02T12:30:00Z"
    else . end' >"$T/export"
curl -sS -H "X-Ometria-Auth: sandbox-key" "$SANDBOX_URL/contacts/sap?limit=250" |
    jq -c '.[] | if .id == "6" then
	.email = "x@example.com" | .timestamp_update = "2026-03-01T12:00:00Z"
    else . end, select(.id == "7") + {id: "77", email: "y@example.com",
	timestamp_update: "2026-03-01T12:00:00Z"}' >>"$T/export"
exported() {
	sync-audit diff -q -c "$T/conf" -s "$S" --now 2026-03-02T13:00:00Z \
	    --ometria "$T/export" "$@"
}
rc_is 1 'an export that tells when it was updated' exported --kind order
is "$(found)" 'missing order W1 
stale order W2 status
differs order W3 status
stale order W5 currency' 'before the acceptance is stale, and what was refused since'
rc_is 1 'contacts of a window' exported --kind contact --since 2026-03-02
is "$(found)" 'stale contact 6 email' \
    'one that Ometria did not touch in it is stale, not missing'
ok 'and of another one' exported --kind contact --since 2026-03-03
rc_is 1 'and without one' exported --kind contact
is "$(found)" 'stale contact 6 email
unexpected contact 77 ' 'all are looked at'

# --- repair ---

fresh
there "DELETE FROM record WHERE type = 'order' AND id = 'W1'"
set_field order W4 status "'pending'"
set_field order W4 grand_total 9
set_field product 5 is_in_stock "json('false')"
set_field contact 6 email "'c77@example.com'"
copy order W2 W99
sql "UPDATE outbox SET state = 3, refused_rev = 2, rev = 2, body =
    json_set(body, '\$.currency', 'EUR') WHERE id = 'W3'"
start
queued() {
	sed -n 's/^'"$1"'	\([a-z]*\)	\([^	]*\)	.*/\1:\2/p' "$T/out" |
	    tr '\n' ' '
}
right='product:5 contact:6 order:W1 order:W4 '
rc_is 1 'a rehearsal' compare --repair -n
is "$(queued would-queue)" "$right" 'tells what would be sent again'
is "$(sql 'SELECT count(*) FROM outbox WHERE state = 1')" 0 'and does nothing'
rc_is 1 'a repair' compare --repair
is "$(queued queued)" "$right" 'queues each of them once'
like "$(cat "$T/err")" '^sync-audit: 4 are sent again by the next run$' \
    'and counts them'
is "$(sql "SELECT group_concat(id || ' ' || rev || ' ' || state, ', ') FROM
    (SELECT * FROM outbox WHERE state = 1 ORDER BY kind, id)")" \
    '5 2 1, 6 2 1, W1 2 1, W4 2 1' 'as revisions of their own'
ok 'a second one' compare --repair --kind product,contact
is "$(queued queued)" '' 'finds them waiting'
sql "INSERT INTO hold(customer, mestyp, seq, set_at)
    VALUES('4', 'DEBMAS', '2026', 1772455800)"
push 2026-03-02T13:00:00Z </dev/null
rc_is 1 'after the next run' compare --settle 0s --all
is "$(found)" 'stale order W3 currency
waiting order W4 
unexpected order W99 ' 'all is well, but what is held and what SAP does not know'

# --- SAP deletes, Ometria does not ---

fresh
sql "UPDATE outbox SET body = json_set(body, '\$.opt_out', json('true'),
    '\$.force', json('true')) WHERE kind = 1 AND id = '3'"
sql "UPDATE outbox SET body = json_set(body, '\$.active', json('false'))
    WHERE kind = 0 AND id = '3'"
start
rc_is 1 'deletion flags' compare
is "$(found)" 'deletion product 3 is_active
deletion contact 3 marketing_optin' 'that were not applied'

# --- files alone: a folder of IDocs, folded on the spot ---

sandbox_stop
rm -f "$S"* "$T"/sandbox.db*
start
mkdir "$T/tmp"
for tool in 'idoc-parse' sku-normalise customer-aggregate order-aggregate \
    stock-aggregate; do
	printf '%s -q -c %s -s %s --now 2026-03-02T12:00:00Z | ' $tool \
	    "$T/conf" "$S" >>"$T/line"
done
sh -c "cat '$ROOT'/examples/inbox/*.jsonl | $(cat "$T/line") cat" \
    >"$T/some"
sh -c "cat '$ROOT'/examples/inbox/*.xml | $(cat "$T/line") cat" >"$T/others"
push 2026-03-02T12:00:00Z </dev/null
for list in products contacts/sap orders; do
	curl -sS -H "X-Ometria-Auth: sandbox-key" \
	    "$SANDBOX_URL/$list?limit=250&includeVariants=true" | jq -c '.[]'
done >"$T/export"
mkdir "$T/idocs"
cp "$ROOT"/examples/inbox/*.jsonl "$ROOT"/examples/inbox/*.xml "$T/idocs"
files() {
	TMPDIR=$T/tmp sync-audit diff -c "$T/conf" --now 2026-03-02T12:00:00Z \
	    --sap "$T/idocs" --ometria "$T/export" "$@"
}
ok 'a folder beside an export' files
like "$(cat "$T/err")" '^sync-audit: [1-9][0-9]* on both sides, no difference' \
    'is the same'
like "$(cat "$T/err")" ', 1 waiting$' 'but for what is held, here as there'
is "$(ls -A "$T/tmp")" '' 'and leaves nothing behind'
grep -v '"id":"W100001"' "$T/export" >"$T/less"
mv "$T/less" "$T/export"
rc_is 1 'one record less' files
is "$(found)" 'missing order W100001 ' 'is missing'
rc_is 66 'a folder that is not there' sync-audit diff --sap "$T/none" \
    --ometria "$T/export"
TMPDIR=$T/none sync-audit diff --sap "$T/idocs" --ometria "$T/export" \
    >"$T/out" 2>"$T/err"
is $? 73 'no place for the state'

# --- Ometria does not answer ---

fresh
start
(umask 077 && echo wrong >"$T/wrong")
rc_is 77 'a key that is refused' sync-audit diff -s "$S" -c "$T/conf" \
    --url "$SANDBOX_URL" --api-key-file "$T/wrong"
is "$(sql 'SELECT count(*) FROM exception')" 0 'leaves no trace in the state'
sandbox_stop
rc_is 69 'nobody there' compare
sqlite3 "$T/old.db" <"$ROOT/tests/cli/state-1.sql"
rc_is 75 'a state of an earlier version is left alone' \
    sync-audit diff -q -s "$T/old.db" --ometria /dev/null
sync-audit status -s "$T/old.db" >"$T/out"
rc_is 0 'until it is upgraded' sync-audit diff -q -s "$T/old.db" --ometria /dev/null
rc_is 64 'a rehearsal of nothing' compare -n
rc_is 64 'a repair of files' compare --repair --sap "$T/desired"
rc_is 66 'a state that is not there' sync-audit diff -s "$T/none" \
    --ometria /dev/null
done_testing

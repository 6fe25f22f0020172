#!/bin/sh
# History is read behind all that is live: it leaves last, from the oldest on,
# makes no fulfilment event, and the ledger says by which rule there is none.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$T/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
sed 's/^settle = .*/settle = 1ms/; s/^\[ometria\].*/&\nbatch = 1/' \
    "$ROOT/examples/sync.conf" >sync.conf
cp -R "$ROOT/examples/inbox" all
touch -d 2026-03-01 all/*
mkdir past today orders
mv all/* past
mv past/11-shipment-part-3.xml past/10-shipment-part-2.xml today
sandbox_start --rate 0 --data-rate 0

line() {
	idoc-parse -q -s sync.db "$@" | sku-normalise -s sync.db |
	    customer-aggregate -s sync.db | order-aggregate -s sync.db |
	    stock-aggregate -s sync.db >desired
}
push() {
	ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" --rate 0 --drain "$@"
}
db() { sqlite3 sync.db "$1"; }
events() { sandbox_dump | grep -c '^custom_event '; }
# The records of the requests to come, in their order: "type id".
plan() {
	push -n | jq -r '.body | if type == "array" then .[] else . end |
	    [."@type", .id // .customer_id // .event_id // .order_id] | join(" ")'
}

# --- what says that it is history ---

idoc-parse -q --backfill past | jq -r 'select(.type != "exception") |
    .src.backfill' | sort -u >said
is "$(cat said)" true 'each record says that it is history'
is "$(idoc-parse -q past | grep -c backfill)" 0 'and no other one does'
sandbox=$(idoc-parse -q --backfill past/06-shop-orders.jsonl |
    sku-normalise | jq -r '[.type, .src.sys, .src.backfill] | @tsv' | sort -u)
is "$sandbox" 'order	shop	true' 'the lines of a shop as well'
rc_is 64 'not with --raw' idoc-parse --backfill --raw past/01-customers-uk.xml

# --- the past waits in a lane of its own ---

line --backfill past
is "$(db 'SELECT DISTINCT lane FROM outbox WHERE state = 1 AND kind <> 1')" 2 \
    'products and orders of the past wait behind all else'
is "$(db "SELECT id FROM outbox WHERE lane < 2 AND state = 1")" \
    "$(db 'SELECT customer FROM customer WHERE flagged IS NOT NULL AND one_time = 0')" \
    'all but opt-outs'
is "$(db 'SELECT count(*) FROM outbox WHERE kind = 3')" 0 'there is no event'

# Today come orders of customers of the past.
sed 's/<DOCNUM>0000/<DOCNUM>0009/; s/W100/W900/g; s/\(<BELNR>000\)5/\19/
    s/\(<VBELN>000\)5/\19/' past/07-orders-uk.xml >orders/orders.xml
touch -d 2026-03-02 orders/*
line orders
new=$(db 'SELECT id FROM outbox WHERE kind = 2 AND lane < 2 ORDER BY n LIMIT 1')
like "$new" '[0-9]' 'an order of today is in a faster lane'
customer=$(db "SELECT customer FROM outbox WHERE kind = 2 AND id = '$new'")
is "$(db "SELECT lane FROM outbox WHERE kind = 1 AND id = '$customer'")" \
    "$(db "SELECT lane FROM outbox WHERE kind = 2 AND id = '$new'")" \
    'and took the contact of its customer along'
db "SELECT CASE kind WHEN 0 THEN 'product ' WHEN 1 THEN 'contact ' ELSE 'order ' END ||
    id FROM outbox WHERE state = 1 AND lane < 2" >live
plan >planned
is "$(awk 'NR == FNR { live[$0]; next } !($0 in live) { past++ }
    past && $0 in live' live planned)" '' 'what is live leaves before all of the past'
ok 'which is to come' test "$(wc -l <planned)" -gt $(($(wc -l <live) + 20))

# --- events ---

is "$(db "SELECT DISTINCT i.backfill FROM idoc AS i JOIN file AS f ON f.id = i.file
    WHERE f.name GLOB 'past/*'")" 1 'the ledger knows what was read as history'
push >pushed
is "$(sync-audit status -s sync.db --json |
    jq -c '[.latency[] | select(.message | test("ORD")) | .parsed.count] | add')" \
    "$(db "SELECT count(*) FROM trace AS t JOIN idoc AS i ON i.id = t.idoc
	WHERE i.mestyp GLOB '*ORD*' AND i.file = (SELECT id FROM file
	WHERE name = 'orders/orders.xml')")" 'which is no delay'
is "$(events)" "$(db 'SELECT count(*) FROM outbox WHERE kind = 3')" \
    'only events of today were sent'
is "$(db "SELECT count(*) FROM outbox AS e JOIN orders AS o
    ON e.body LIKE '%\"' || o.id || '\"%' WHERE e.kind = 3 AND o.event = 4")" 0 \
    'and none of an ignored order'
ignored=$(db 'SELECT count(*) FROM orders WHERE event = 4')
ok 'some were ignored' test "$ignored" -gt 0
ok 'the balance holds' sync-audit balance -s sync.db
like "$(cat out)" "^$ignored fulfilment events: $ignored ignored by rule backfill\$" \
    'and says how many'
is "$(db "SELECT count(*) FROM idoc_record WHERE rule = 'backfill' AND outcome = 0")" \
    "$ignored" 'as does the ledger, beside the record'
# The last part of an order of the past is shipped today.
before=$(events)
line today
push >pushed
ok 'a shipment of today has its event' test "$(events)" -gt "$before"
after=$(events)
ok 'the balance knows both' sync-audit balance -s sync.db
made=$(db 'SELECT count(*) FROM orders WHERE event = 1')
like "$(cat out)" "^$((made + ignored)) fulfilment events: $made in the outbox, $ignored ignored by rule backfill\$" \
    'and what became of each'
db 'CREATE TABLE kept AS SELECT * FROM outbox WHERE kind = 3 LIMIT 1;
    DELETE FROM outbox WHERE n IN (SELECT n FROM kept)'
rc_is 1 'an event that got lost is a difference' sync-audit balance -s sync.db
like "$(cat out)" '^1 fulfilment events are not in the outbox$' 'that is said'
db 'INSERT INTO outbox SELECT * FROM kept; DROP TABLE kept'

# --- once and for all ---

line past today orders
push >pushed
is "$(events)" "$after" 'the past, read again as live, makes no event'
ok 'the balance holds still' sync-audit balance -s sync.db

# A state that reads the past again, from nothing.
rm -f sync.db*
line --backfill past today
push >pushed
is "$(events)" "$after" 'nor does a new state that reads it as history'
sandbox_stop
done_testing

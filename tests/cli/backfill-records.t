#!/bin/sh
# History and what is live in one stream: each record for itself, with or
# without a state, from SAP or from elsewhere; the oldest leaves first.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
db() { sqlite3 -separator ' ' "$1" "$2"; }

# The shipped order twice: W100005, and W900005 with documents of its own.
idoc-parse -q "$ROOT"/examples/inbox/07-* "$ROOT"/examples/inbox/*-shipment-* |
    sku-normalise | grep -e W100005 -e 5000005 >past.jsonl
sed 's/W100005/W900005/g; s/5000005/9000005/g; s/"docnum":"00/"docnum":"99/
    s/"id":"80/"id":"89/' past.jsonl >live.jsonl
jq -c '.src.backfill = true' past.jsonl >marked.jsonl
# One by one: history, live, history, ...
paste -d '\n' marked.jsonl live.jsonl >mixed.jsonl
ok 'more than one record each' test "$(wc -l <past.jsonl)" -gt 2

# --- one batch, both of them ---

order-aggregate -q -s s.db <mixed.jsonl >said
is "$(db s.db 'SELECT id, event FROM orders ORDER BY id')" 'W100005 4
W900005 1' 'the event of the past is ignored, that of today is not'
is "$(db s.db 'SELECT id, lane FROM outbox ORDER BY id')" 'W100005 2
W900005 1
shipped-W900005 1' 'in the lane of its record each'
is "$(jq -r 'select(.type == "desired") | [.id, .backfill] | @tsv' said | sort -u)" \
    'custom_event:shipped-W900005	
order:W100005	true
order:W900005	' 'which the lines say, too'
is "$(db s.db "SELECT count(*) FROM idoc_record WHERE rule = 'backfill'")" 1 \
    'beside the record that would have made it'

# What becomes live takes its order along; history takes nothing back.
jq -c '.src.backfill = true | .seq |= sub("^2026"; "2025")' live.jsonl |
    order-aggregate -q -s s.db >said
is "$(db s.db "SELECT lane FROM outbox WHERE id = 'W900005'")" 1 \
    'an older word of the past does not slow a live order down'
jq -c '.seq |= sub("^2026"; "2027") | select(.type == "order") |
    .coupon = "NEW" | .src.docnum |= sub("^00"; "88")' past.jsonl |
    order-aggregate -q -s s.db >said
is "$(db s.db "SELECT lane FROM outbox WHERE id = 'W100005'")" 1 \
    'a live change of an order of the past leaves with what is live'
is "$(db s.db "SELECT event FROM orders WHERE id = 'W100005'")" 4 \
    'and makes no event of what was shipped long ago'

# --- contacts and products ---

idoc-parse -q "$ROOT"/examples/inbox/01-* | head -n 2 >two.jsonl
{
	head -n 1 two.jsonl | jq -c '.src.backfill = true'
	tail -n 1 two.jsonl
} | customer-aggregate -q -s c.db >said
is "$(db c.db 'SELECT lane FROM outbox WHERE kind = 1 ORDER BY n')" '2
1' 'each contact of one batch waits in the lane of its record'
{
	echo '{"v":1,"type":"stock_level","id":"A:1100:0001","src":{"backfill":true},"sku":"A","plant":"1100","location":"0001","quantity":"5","as_of":"2026-03-01T08:00:00Z"}'
	echo '{"v":1,"type":"stock_level","id":"B:1100:0001","sku":"B","plant":"1100","location":"0001","quantity":"5","as_of":"2026-03-01T08:00:00Z"}'
} >levels.jsonl
stock-aggregate -q -s p.db <levels.jsonl >said
is "$(db p.db 'SELECT id, lane FROM outbox ORDER BY id')" 'A 2
B 0' 'and each product'
idoc-parse -q -s i.db levels.jsonl | stock-aggregate -q -s i.db >said
is "$(db i.db 'SELECT id, lane FROM outbox ORDER BY id')" 'A 2
B 0' 'idoc-parse leaves a line what it says of itself'

# --- records of another source, by standard input ---

web() {
	printf '{"v":1,"type":"order","id":"%s","stage":"provisional","web_order":"%s","kind":"order","placed_at":"%s","currency":"GBP","customer":{"email":"amelia.hart@example.com"},"status":"open","store":"example.com/uk","channel":"online","totals":{"subtotal":"40.00","discount":"0.00","shipping":"0.00","tax":"0.00","grand_total":"40.00"},"lines":[{"line":"10","sku":"12345","title":"Cotton shirt","quantity":"2","unit_price":"20.00","subtotal":"40.00"}]}\n' \
	    "$1" "$1" "$2"
}
{
	web W300001 2024-01-02T08:00:00Z
	web W300002 2025-01-02T08:00:00Z
} | idoc-parse -q --backfill -s w.db - | order-aggregate -q -s w.db >said
web W300003 2026-03-02T08:00:00Z | idoc-parse -q -s w.db - |
    order-aggregate -q -s w.db >said
is "$(db w.db 'SELECT id, lane FROM outbox ORDER BY lane, queued_at, n')" 'W300003 0
W300001 2
W300002 2' 'orders of the shop, by --backfill'
web W300004 2024-01-02T08:00:00Z | jq -c '.src.backfill = true' |
    order-aggregate -q -s w.db >said
is "$(db w.db "SELECT lane FROM outbox WHERE id = 'W300004'")" 2 \
    'and by what the record says, without idoc-parse'
ok 'the balance holds' sync-audit balance -s w.db

# --- without a state ---

order-aggregate -q <marked.jsonl >final
is "$(jq -r '[.id, .backfill] | @tsv' final)" 'order:W100005	true' \
    'no event either, and the line says that it is history'
is "$(order-aggregate -q <mixed.jsonl | jq -r .id | sort)" 'custom_event:shipped-W900005
order:W100005
order:W900005' 'in a mixed stream, the event of today alone'
sandbox_start --rate 0 --data-rate 0
sed 's/^settle = .*/settle = 1ms/' "$ROOT/examples/sync.conf" >sync.conf
ometria-push -q -c sync.conf -s f.db --api-key-file key --url "$SANDBOX_URL" \
    --rate 0 <final
sandbox_stop
is "$(db f.db 'SELECT id, lane FROM outbox')" 'W100005 2' \
    'ometria-push takes it as such'

# --- the oldest first ---

mkdir old
for i in 1 2 3; do
	web "W40000$i" "202$i-01-02T08:00:00Z" >"old/$((9 - i)).jsonl"
	touch -d "202$((8 - i))-01-01" "old/$((9 - i)).jsonl"
done
idoc-parse -q --backfill -s o.db old | order-aggregate -q -s o.db >said
is "$(db o.db 'SELECT id FROM outbox ORDER BY queued_at, n')" 'W400001
W400002
W400003' 'whatever the names and the ages of the files'
done_testing

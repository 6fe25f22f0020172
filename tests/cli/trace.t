#!/bin/sh
# The trace: which IDocs a revision contains, and the times of its way.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
sql() { sqlite3 s.db "$1"; }
at() { SAP_OMETRIA_NOW=2026-03-02T$1Z; export SAP_OMETRIA_NOW; }
line() {
	sku-normalise -q -s s.db | customer-aggregate -q -s s.db |
	    order-aggregate -q -s s.db | stock-aggregate -q -s s.db >line.out 2>&1
}
seconds() { date -u -d "2026-03-02T$1Z" +%s; }
# of the trace: message, kind, id, revision
trace() { sql 'SELECT mestyp, kind, t.id, rev FROM trace AS t JOIN idoc AS i ON i.id = idoc ORDER BY idoc, kind, t.id'; }

at 09:00:00
cat "$ROOT/examples/inbox/01-customers-uk.xml" >a.xml
idoc-parse -q -s s.db a.xml >a.rec
at 09:01:00
line <a.rec
# The newest revision of each contact, told from the ledger without the trace.
is "$(sql 'SELECT count(*) FROM trace WHERE kind = 1')" \
    "$(sql "SELECT count(*) FROM idoc AS i WHERE mestyp = 'DEBMAS' AND EXISTS(SELECT 1 FROM outbox AS o
	WHERE o.kind = 1 AND i.docnum IN (SELECT substr(seq, 16) FROM customer WHERE customer = o.id))")" \
    'each customer that is a contact has a trace'
is "$(sql 'SELECT DISTINCT folded_at FROM trace')" "$(seconds 09:01:00)" 'with the time at which it was folded'
is "$(sql 'SELECT DISTINCT first_at FROM idoc')" "$(seconds 09:00:00)" 'behind the time at which it was parsed'
before=$(trace)
at 09:02:00
idoc-parse -q -s s.db a.xml | line
is "$(trace)" "$before" 'duplicates leave none'

# A change before it has left: both IDocs are in what leaves.
one=$(sql 'SELECT id FROM outbox WHERE kind = 1 ORDER BY id LIMIT 1')
sed "s/<DOCNUM>0/<DOCNUM>9/; s/<CREDAT>[0-9]*/<CREDAT>20260303/; s/<NAME1>/<NAME1>New/" a.xml >b.xml
at 09:03:00
idoc-parse -q -s s.db b.xml | line
is "$(sql "SELECT group_concat(rev) FROM (SELECT rev FROM trace WHERE kind = 1 AND id = '$one' ORDER BY idoc)")" 1,2 \
    'two IDocs in one contact, each with the revision that first held it'

# Sent, accepted and confirmed stand in the journal of deliveries.
sandbox_start --rate 0 --data-rate 0
at 09:10:00
ok 'push' ometria-push -q -s s.db --rate 0 --api-key-file key --url "$SANDBOX_URL" --drain
is "$(sql 'SELECT count(*), count(DISTINCT began_at), min(began_at), count(confirmed_at) = count(*) FROM delivery_record AS m JOIN delivery AS d ON d.id = m.delivery WHERE kind = 1')" \
    "$(sql 'SELECT count(DISTINCT id) FROM trace WHERE kind = 1')|1|$(seconds 09:10:00)|1" \
    'all are confirmed, with the time of it'
is "$(sql "SELECT count(*) FROM trace AS t WHERE NOT EXISTS(SELECT 1 FROM delivery_record AS m JOIN delivery AS d ON d.id = m.delivery
    WHERE m.id = t.id AND d.kind = t.kind AND m.rev >= t.rev AND d.result = 1)")" 0 \
    'the delivery of each IDoc is found'

# What changes nothing that Ometria has not leaves no trace.
sed 's/<DOCNUM>0/<DOCNUM>8/; s/<CREDAT>[0-9]*/<CREDAT>20260304/' b.xml >c.xml
count=$(sql 'SELECT count(*) FROM trace')
at 09:20:00
idoc-parse -q -s s.db c.xml | line
is "$(sql 'SELECT count(*) FROM trace')" "$count" 'Ometria has it already'

# A delivery that came before its order.
at 09:30:00
idoc-parse -q -s s.db "$ROOT"/examples/inbox/09-shipment-part-1.xml | line
is "$(trace | grep -c DESADV)" 0 'a delivery without its order'
at 09:31:00
idoc-parse -q -s s.db "$ROOT"/examples/inbox/07-orders-uk.xml | line
is "$(trace | grep -c DESADV)" 2 'and another are part of theirs when these come'

# --- a week later ---

export SAP_OMETRIA_NOW=2026-03-09T09:32:00Z
order-aggregate -q -s s.db </dev/null
is "$(sql 'SELECT count(*) FROM trace WHERE kind = 1')" 0 'what is confirmed is dropped'
is "$(sql 'SELECT count(*) > 0 FROM trace WHERE kind = 2')" 1 'what still waits is not'
done_testing

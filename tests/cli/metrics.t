#!/bin/sh
# sync-audit metrics: the numbers of the state for a collector.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
cp -R "$ROOT/examples/inbox" in
idoc-parse -q -s s.db in | sku-normalise -s s.db | customer-aggregate -s s.db |
    order-aggregate -s s.db | stock-aggregate -s s.db >said 2>&1
sql() { sqlite3 s.db "$1"; }
value() { grep -v '^#' m.prom | grep -F "$1 " | sed 's/.* //'; }

umask 077
ok 'metrics' sync-audit metrics -s s.db --now 2026-03-02T12:10:00Z m.prom
is "$(ls m.prom*)" m.prom 'one file, and nothing beside it'
is "$(grep -v '^#' m.prom | grep -vE '^sap_ometria_[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? -?[0-9]+$')" '' \
    'each line is a name, labels, a number'
is "$(awk '/^# TYPE/ { t[$3] = 1 } /^[a-z]/ { n = $1; sub(/\{.*/, "", n); if (!(n in t)) print n }' m.prom | sort -u)" '' \
    'each name has its type before'
is "$(grep '^# TYPE' m.prom | sort | uniq -d)" '' 'once'
is "$(value sap_ometria_up)" 1 'the state could be read'
is "$(value 'sap_ometria_outbox_records{kind="order",state="pending"}')" \
    "$(sql 'SELECT count(*) FROM outbox WHERE kind = 2 AND state > 0')" 'orders that wait'
is "$(value 'sap_ometria_outbox_records{kind="order",state="held"}')" 1 'those of who is held'
is "$(value 'sap_ometria_outbox_oldest_seconds{kind="product"}')" 600 'the age of the availability flips'
is "$(value sap_ometria_customers_held)" "$(sql 'SELECT count(DISTINCT customer) FROM hold')" 'customers that are held'
is "$(value 'sap_ometria_exceptions_open{severity="critical",owner="marketing"}')" \
    "$(sql "SELECT count(*) FROM exception WHERE open AND severity = 3 AND owner = 'marketing'")" 'exceptions'
is "$(value 'sap_ometria_run_records{tool="order-aggregate",what="read"}')" \
    "$(sql "SELECT read FROM run WHERE tool = 'order-aggregate' ORDER BY id DESC LIMIT 1")" 'the last run'
sql "UPDATE exception SET owner = 'a \"b\" \\ c' WHERE code = 'customer-malformed'"
sync-audit metrics -s s.db m.prom
like "$(cat m.prom)" 'owner="a \\"b\\" \\\\ c"' 'labels are escaped'

# --- what goes wrong ---

rc_is 66 'no state' sync-audit metrics -s none.db m.prom
is "$(value sap_ometria_up)" 0 'is a number, too'
is "$(grep -c verdict m.prom)" 0 'and nothing else is claimed'
echo rubbish >bad.db
rc_is 65 'a state that is none' sync-audit metrics -s bad.db m.prom
is "$(value sap_ometria_up)" 0 'the same'
sync-audit metrics -s s.db m.prom
is "$(value sap_ometria_up)" 1 'a good one again'
echo '[nonsense]' >wrong.conf
rc_is 78 'a configuration that is wrong' sync-audit metrics -c wrong.conf -s s.db m.prom
is "$(value sap_ometria_up) $(ls m.prom*)" '0 m.prom' 'the same'
mkdir gone
rc_is 78 'that, and no place for the file' sync-audit metrics -c wrong.conf -s s.db gone/no/m.prom
like "$(cat err)" 'wrong.conf' 'it is the first that is told'
echo key >key
chmod 644 key
rc_is 77 'a run that fails' ometria-push -q -s s.db --api-key-file key
sync-audit metrics -s s.db m.prom
is "$(value 'sap_ometria_run_exit_code{tool="ometria-push"}')" 77 'is in the numbers'
rc_is 73 'a folder that is not there' sync-audit metrics -s s.db none/m.prom
rc_is 64 'no file' sync-audit metrics -s s.db
done_testing

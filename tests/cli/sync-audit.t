#!/bin/sh
# sync-audit: verdict, balance proof, exceptions and what a person decides.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

S=$T/state.db
NOW='--now 2026-01-31T08:00:00Z'
mkdir "$T/in"

order() {
	printf '{"v":1,"type":"order","id":"%s","stage":"provisional",' "$1"
	printf '"web_order":"%s","kind":"order","currency":"GBP",' "$1"
	printf '"placed_at":"2026-01-31T07:59:00Z","lines":[],"totals":'
	printf '{"subtotal":"0.00","grand_total":"0.00"}}\n'
}
audit() {
	# shellcheck disable=SC2086
	sync-audit -s "$S" $NOW "$@"
}
sql() {
	sqlite3 "$S" "$1"
}

# --- the command line ---

rc_is 64 'no command' sync-audit
rc_is 64 'an unknown command' sync-audit everything
rc_is 64 'a command without its operand' sync-audit release
rc_is 64 'an operand too many' sync-audit status now
rc_is 66 'a missing state' audit status
like "$(cat "$T/err")" "cannot open state '.*state.db'" 'is named'
[ ! -e "$S" ] && [ ! -e "$S-lock" ]
is $? 0 'and not created'
rc_is 66 'a missing state at the default place' \
    env -u STATE_DIRECTORY XDG_STATE_HOME="$T/home" sync-audit status
echo 'some text that is longer than a header of SQLite, which has 100 bytes,
so that nobody can say that it was only too short to be one' >"$S"
rc_is 65 'what is no state' audit balance
like "$(cat "$T/err")" 'is not a sap-ometria state' 'is told'
rm -f "$S" "$S-lock"

# --- a run without an aggregator: read, and no outcome ---

order W1000001 >"$T/in/a.jsonl"
order W1000002 >>"$T/in/a.jsonl"
# shellcheck disable=SC2086
idoc-parse $NOW --state "$S" "$T/in" >"$T/records" 2>"$T/err"
rc_is 1 'records without outcome do not balance' audit balance
like "$(cat "$T/out")" \
    "^IDoc #[0-9a-f]{16} in '.*a.jsonl': 0 of 1 records have an outcome" \
    'each is listed by number and file'
like "$(cat "$T/out")" 'balance does not hold: 2 differences' 'and counted'

# --- the aggregator takes them ---

# shellcheck disable=SC2086
order-aggregate $NOW -s "$S" <"$T/records" >"$T/desired"
ok 'all outcomes known: the balance holds' audit balance
like "$(cat "$T/out")" \
    '^order +2 +2 +0 +2 +2 +0 +0 +0 +0 +0$' 'the table says how'
like "$(tail -n 1 "$T/out")" '^balance holds$' 'the last line says so'
ok 'nothing is wrong' audit status
is "$(head -n 1 "$T/out")" healthy 'the verdict comes first'
like "$(cat "$T/out")" '^orders +2 +2 ' 'what waits is counted'
like "$(cat "$T/out")" '^order-aggregate +done ' 'and the last runs'
ok 'the same as JSON' audit status --json
like "$(cat "$T/out")" '^\{"verdict":"healthy","reasons":\[\],' 'one object'

# --- the proof is no tautology ---

cp "$S" "$T/good.db"
tamper() {
	sql "$2"
	rc_is 1 "$1" audit balance
	like "$(cat "$T/out")" "$3" 'and it says what'
	rm -f "$S-wal" "$S-shm"
	cp "$T/good.db" "$S"
}
tamper 'an outcome that got lost' \
    'DELETE FROM idoc_record WHERE idoc = 1' \
    '0 of 1 records have an outcome, and it is marked settled'
tamper 'an outcome of a record that never was' \
    "INSERT INTO idoc_record(idoc, r, outcome) VALUES(1, 2, 0)" \
    '2 is a record with an outcome, but it has only 1'
tamper 'an IDoc that a run read and the ledger did not see' \
    "UPDATE run SET read = 3 WHERE tool = 'idoc-parse'" \
    'idoc-parse read 3 IDocs, the ledger saw 2: they differ'
ok 'the good one still holds' audit balance

# --- fed again ---

# shellcheck disable=SC2086
idoc-parse $NOW --state "$S" "$T/in" >"$T/records" 2>"$T/err"
is "$(cat "$T/records")" '' 'known files give nothing'
ok 'and still balance' audit balance
like "$(cat "$T/out")" 'idoc-parse read 4 IDocs, the ledger saw 4' \
    'with every sight counted'

# --- time alone makes things wrong ---

NOW='--now 2026-01-31T10:00:00Z'
rc_is 1 'two hours later' audit status
like "$(head -n 1 "$T/out")" '^attention: 2 high exceptions are open' \
    'somebody should look'
like "$(cat "$T/out")" '^  an order waits for 2h' 'at what is not sent'
ok 'exceptions' audit exceptions
is "$(head -n 1 "$T/out" | tr '\t' ' ')" \
    'code severity owner subject customer age count message' 'have a header'
is "$(sed -n 2p "$T/out" | cut -f 1-7 | tr '\t' ' ')" \
    'order-unconfirmed high operations order:W1000001  0s 1' 'and a row each'
ok 'or are records' audit exceptions --json
is "$(head -n 1 "$T/out" | cut -c 1-75)" \
    '{"v":1,"type":"exception","id":"order-unconfirmed:order:W1000001","code":"o' \
    'like those on the pipes'

# --- what a person decides ---

ok 'acknowledge one' audit ack --by anna order-unconfirmed:order:W1000001
rc_is 1 'it is still there' audit status
like "$(cat "$T/out")" '^high +operations +2 +1$' 'with its mark'
ok 'resolve both' audit resolve --by anna order-unconfirmed
is "$(audit exceptions --all --json | grep -c 'resolved by anna')" 2 \
    'the list of all tells by whom'
rc_is 66 'what is not open' audit resolve order-unconfirmed:order:W9
sql "INSERT INTO hold(customer, mestyp, seq, set_at)
    VALUES('1015', 'DEBMAS', '2026', 1769846400)"
rc_is 1 'a hold' audit status
like "$(cat "$T/out")" '^1015 +DEBMAS +0 +2h$' 'is shown with its reason'
ok 'release it' audit release 1015
rc_is 66 'it can be released once' audit release 1015
sql "UPDATE outbox SET state = 3, refused_rev = rev"
rc_is 1 'what Ometria refused' audit status
like "$(cat "$T/out")" '^attention: 2 records were refused' 'needs attention'
rc_is 64 'retry wants a kind' audit retry W1000001
ok 'retry one' audit retry order:W1000001
ok 'retry the rest' audit retry
is "$(sql 'SELECT count(*) FROM outbox WHERE state = 1')" 2 \
    'both are sendable again'

# --- bad ends ---

if [ -e /dev/full ]; then
	audit status >/dev/full 2>"$T/err"
	is $? 74 'a full disk'
	audit exceptions >/dev/full 2>"$T/err"
	is $? 74 'also for the list'
fi
sql "PRAGMA user_version = 99"
rc_is 78 'a state of a newer version' audit status
like "$(cat "$T/err")" 'newer version' 'is refused'
done_testing

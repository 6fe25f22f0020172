#!/bin/sh
# A state that an older version made is upgraded in place and is then what a new
# one would be.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
schema() {
	sqlite3 "$1" "SELECT name, sql FROM sqlite_schema
	    WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
}
db() { sqlite3 old.db "$1"; }

sqlite3 old.db <"$ROOT/tests/cli/state-1.sql"
ok 'who writes a state of version 1 upgrades it' order-aggregate -s old.db
order-aggregate -s new.db </dev/null
is "$(db 'PRAGMA user_version')" "$(sqlite3 new.db 'PRAGMA user_version')" \
    'to this version'
is "$(schema old.db)" "$(schema new.db)" 'tables, columns and indexes are those of a new one'
is "$(db 'SELECT docnum, settled FROM idoc')" '0000000000000001|1' \
    'the ledger knows what it knew'
is "$(db 'SELECT invoice, kind, refers FROM credit')" '90001|1|90000' \
    'a cancellation is one'
is "$(db 'PRAGMA integrity_check')" ok 'and all is sound'
db 'PRAGMA user_version = 999'
rc_is 78 'a state of a later version is refused' order-aggregate -s old.db
done_testing

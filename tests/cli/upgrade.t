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
# Exceptions of then: one was closed twice, and one is open.
db "INSERT INTO exception(code, subject, id, open, severity, owner, first_at,
    last_at, closed_at, resolution) VALUES
    ('stock-negative', 'sku', '7', 0, 1, 'ecommerce', 1, 1, unixepoch() - 9, 'healed'),
    ('stock-negative', 'sku', '7', 0, 1, 'ecommerce', 3, 3, unixepoch() - 8, 'healed'),
    ('idoc-malformed', 'idoc', '9', 1, 2, 'sap-team', 5, 5, NULL, NULL)"
db "INSERT INTO movement VALUES('delivery-80-10', '7', '1', '1', unixepoch(),
    '20260302090000.0000000000000001', -1000, x'00')"
# An order of an account that was found to be a one-time one afterwards.
db "INSERT INTO customer(customer, one_time) VALUES('9000', 1);
    INSERT INTO orders(id, customer) VALUES('W9000', '9000');
    INSERT INTO order_document VALUES('W9000', '9000',
    '[{\"seq\":\"20260302080000.1\",\"FULL\":\"true\",\"CUSTOMER\":\"9000\",\"LAST_NAME\":\"Roe\"}]');
    INSERT INTO order_line VALUES('W9000', '9000', '10',
    '[{\"seq\":\"20260302080000.1\",\"MATERIAL\":\"A1\",\"QUANTITY\":\"1\"}]')"
ok 'who writes a state of version 1 upgrades it' order-aggregate -s old.db
order-aggregate -s new.db </dev/null
is "$(db 'PRAGMA user_version')" "$(sqlite3 new.db 'PRAGMA user_version')" \
    'to this version'
is "$(schema old.db)" "$(schema new.db)" 'tables, columns and indexes are those of a new one'
is "$(db 'SELECT docnum, settled FROM idoc')" '0000000000000001|1' \
    'the ledger knows what it knew'
is "$(db 'SELECT invoice, kind, refers FROM credit')" '90001|1|90000' \
    'a cancellation is one'
is "$(db "SELECT g.delta, m.delta FROM goods_issue AS g
    JOIN movement AS m ON m.id = g.id || '@' || g.seq")" '-1000|-1000' \
    'the movement of a delivery is that of a message'
is "$(db "SELECT body ->> '$.customer' FROM outbox WHERE id = 'W9000'")" \
    '{"last_name":"Roe"}' 'an order that a guest placed is one'
is "$(db 'PRAGMA integrity_check')" ok 'and all is sound'
{
	printf '{"v":1,"type":"stock_level","id":"7:1:1","sku":"7","plant":"1","location":"1","quantity":"0","as_of":"2026-03-02T08:00:00Z"}\n'
	printf '{"v":1,"type":"stock_movement","id":"2026-1-1","sku":"7","plant":"1","location":"1","sign":"-","quantity":"1","posted_at":"2026-03-02T09:00:00Z"}\n'
} | stock-aggregate -q -s old.db >/dev/null
is "$(db "SELECT n, first_at FROM exception WHERE open = 1 ORDER BY n")" \
    '2|3
3|5' 'an exception of then opens again, another is still open'
is "$(sync-audit show -s old.db --json idoc:9 | jq -c '[.opened_at, .history]')" \
    '["1970-01-01T00:00:05Z",[]]' 'since when it was, and its history is not known'
ok 'and it can be dealt with' sync-audit ack -s old.db idoc:9
db 'PRAGMA user_version = 999'
rc_is 78 'a state of a later version is refused' order-aggregate -s old.db
done_testing

#!/bin/sh
# A person is taken out of the state and of archived files, whatever their
# format: no byte of name, e-mail or phone is left, the balance holds, and the
# person's IDocs bring nobody back.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$T/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
umask 077
sed "s/^settle = .*/settle = 1ms/" "$ROOT/examples/sync.conf" >sync.conf
mkdir in done
cp "$ROOT"/examples/inbox/* in
touch -d 2026-03-01 in/*
cp -Rp in all
sandbox_start

line() {
	idoc-parse -q -s sync.db "$@" | sku-normalise -s sync.db |
	    customer-aggregate -s sync.db | order-aggregate -s sync.db |
	    stock-aggregate -s sync.db |
	    ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" \
		>said 2>&1
}
db() { sqlite3 sync.db "$1"; }
# left WORD...: files that hold one of the words, in any spelling.
left() {
	for word; do
		grep -rilF -e "$word" done sync.db*
	done | sort -u
}

line --archive done in
is "$(ls in)" '' 'all of it is archived'
number=$(sqlite3 sync.db "SELECT customer FROM customer WHERE email =
    'oliver.penn@example.com'")
like "$number" '^[0-9]+$' 'the person is a customer'
set -- oliver.penn Penn \
    "$(db "SELECT coalesce(phone, 'none') FROM customer WHERE customer = '$number'")"
ok 'state and archive name the person' test -n "$(left "$@")"
balance=$(sync-audit balance -s sync.db)
files=$(find done -type f | wc -l)

# --- looking ---

db 'PRAGMA wal_checkpoint(TRUNCATE)' >checkpoint
find done sync.db -type f -exec cksum {} + | sort >before
ok 'erase looks only' sync-audit erase -s sync.db "$number"
cp out listed
like "$(cat err)" 'nothing was changed' 'and says so'
like "$(cat listed)" '^file	done/01-customers-uk.xml	1	' 'it names the files'
like "$(cat listed)" '^state	orders	[1-9]' 'and counts the orders'
ok 'with -n as well' sync-audit erase -s sync.db -n --yes "$number"
find done sync.db -type f -exec cksum {} + | sort >after
is "$(diff before after)" '' 'no byte was changed'
rc_is 66 'somebody unknown' sync-audit erase -s sync.db 99999
rc_is 64 'one at a time' sync-audit erase -s sync.db 1 2

# --- erasing ---

ok 'erased' sync-audit erase -s sync.db --yes "$number"
is "$(left "$@")" '' 'no byte of the person is left'
is "$(cut -f1-3 out | grep ^file | sort)" "$(cut -f1-3 listed | grep ^file | sort)" \
    'what it said before is what it did'
is "$(sync-audit balance -s sync.db)" "$balance" 'the balance holds'
ok 'the state is sound' test "$(db 'PRAGMA integrity_check')" = ok
is "$(find done -name '*.part')" '' 'nothing half done lies about'
ok 'what is left can be read' idoc-parse -q done/01-customers-uk.xml
like "$(db "SELECT count(*) FROM idoc WHERE file IS NULL")" '^[1-9]' \
    'the ledger knows that these IDocs are in no file'
is "$(db "SELECT count(*) FROM idoc AS i JOIN file AS f ON f.id = i.file
    WHERE f.name = 'done/01-customers-uk.xml'")" \
    "$(idoc-parse -q done/01-customers-uk.xml | grep -c .)" 'and what is still there'
others=$(db "SELECT count(*) FROM customer WHERE email IS NOT NULL")
ok 'others stay' test "$others" -gt 5

# Ometria is told, by the number alone.
line done
sandbox_dump >dump
is "$(grep '^contact ' dump | grep -c "\"id\":\"$number\".*EXPLICITLY_OPTEDOUT")" 1 \
    'the person is opted out in Ometria'
is "$(left "$@")" '' 'which brings nothing back'
is "$(sync-audit erase -q -s sync.db -n "$number" | cut -f 1,2 | sed 1d | tr '\t\n' ' ,')" \
    'state customer,state orders,' 'looked for again: no file, and what stays'

# --- in a flat file, and while something is on its way ---

number2=$(db "SELECT customer FROM customer WHERE email = 'lena.jager@example.com'")
like "$(sync-audit erase -q -s sync.db "$number2")" '^file	done/02-customers-de.txt	1	[2-9]' \
    'a person in a flat file of several'
db "UPDATE idoc SET settled = 0 WHERE docnum = (SELECT i.docnum FROM idoc AS i
    JOIN file AS f ON f.id = i.file WHERE f.name = 'done/02-customers-de.txt' LIMIT 1)"
rc_is 75 'a file that is not settled is left' sync-audit erase -s sync.db --yes "$number2"
like "$(cat out)" '^open-file	done/02-customers-de.txt	' 'and named'
like "$(db .dump)" lena.jager 'and the state still knows whom to look for'
db 'UPDATE idoc SET settled = 1'
ok 'settled: erased' sync-audit erase -s sync.db --yes "$number2"
is "$(left lena.jager J.ger)" '' 'flat files lose the person'
ok 'and the balance holds' sync-audit balance -s sync.db

# --- again, and from SAP again ---

line done
sandbox_dump --history | wc -l >pushed
cp -p all/* in
line --archive again in
is "$(sandbox_dump --history | wc -l)" "$(cat pushed)" 'the same files push nothing'
is "$(left "$@")" '' 'and bring nothing into the state'
ok 'but they name the person' grep -rqF oliver.penn again
ok 'erased where duplicates lie' \
    sync-audit erase -s sync.db --archive again --yes "$number"
is "$(grep -rlF Penn again)" '' 'there as well'

# SAP sends the person once more, under a new IDoc number.
sed 's/<SERIAL>2026/<SERIAL>2027/; s/<DOCNUM>0000/<DOCNUM>0009/' \
    all/01-customers-uk.xml >in/once-more.xml
touch -d 2026-03-01 in/*
line in
is "$(db "SELECT count(*) FROM customer, json_tree(facts) AS t
    WHERE customer = '$number' AND t.atom LIKE '%penn%'")" 0 \
    'a later record does not bring the name back'
is "$(sandbox_dump | grep '^contact ' | grep "\"id\":\"$number\"" | grep -ci penn)" 0 \
    'nor send it'
sandbox_stop
done_testing

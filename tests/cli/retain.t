#!/bin/sh
# The state forgets what is old, and the archive with it, and nothing that it
# still needs: what comes again is a duplicate, the balance holds, what is not
# delivered or was excepted stays, and so does what Ometria has.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_CONFIG="$T/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
umask 077
sed "s/^settle = .*/settle = 1ms/" "$ROOT/examples/sync.conf" >sync.conf
mkdir in done
cp "$ROOT"/examples/inbox/* in
printf '<ORDERS05><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><DOCNUM>77</DOCNUM>' >in/broken.xml
touch -d 2026-03-01 in/*
cp -Rp in all
sandbox_start

line() {
	idoc-parse -q -s sync.db --archive done in | sku-normalise -s sync.db |
	    customer-aggregate -s sync.db | order-aggregate -s sync.db |
	    stock-aggregate -s sync.db | push "$@" >said 2>&1
}
push() {
	ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" "$@"
}
db() { sqlite3 sync.db "$1"; }
again() { cp -p all/* in; }
idocs='SELECT count(*) FROM idoc'

# --- a day in March; in April nothing is a day old that is not settled ---

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
line
read=$(db "$idocs")
ok 'IDocs are in the ledger' test "$read" -gt 20
sandbox_dump >first
sync-audit balance -s sync.db >balance
sync-audit balance -s sync.db --daily >daily
files=$(find done -type f | wc -l)

export SAP_OMETRIA_NOW=2026-03-03T12:00:00Z
line --retain 30
is "$(db "$idocs")" "$read" 'what is younger stays'
line
is "$(db "$idocs")" "$read" 'and without an age all of it'

# One IDoc is not settled, a record of another is still to be confirmed.
export SAP_OMETRIA_NOW=2026-05-01T12:00:00Z
traced=$(db "SELECT max(idoc) FROM trace")
db "DELETE FROM trace WHERE idoc < $traced"
db "UPDATE trace SET folded_at = unixepoch('2026-05-01')"
db "UPDATE idoc SET settled = 0 WHERE docnum = (SELECT max(docnum) FROM idoc)"
is "$(idoc-parse --help | grep -c retain)" 0 'who forgets is ometria-push'
rc_is 64 'an age is a number of days' push --drain --retain 0
cp sync.db copy.db
push --drain --retain 30 -n >plan
is "$(db "$idocs")" "$read" 'a rehearsal forgets nothing'
cp copy.db sync.db
push --drain --retain 30
left=$(db "SELECT group_concat(DISTINCT CASE WHEN settled = 0 THEN 'open'
    WHEN EXISTS(SELECT 1 FROM idoc_record AS r WHERE r.idoc = i.id AND outcome = 3)
    THEN 'excepted' WHEN EXISTS(SELECT 1 FROM trace AS t WHERE t.idoc = i.id)
    THEN 'traced' ELSE 'old' END) FROM idoc AS i")
is "$(echo "$left" | tr , '\n' | sort | tr '\n' ' ')" 'excepted open traced ' \
    'what is not settled or was excepted stays'
db 'UPDATE idoc SET settled = 1 WHERE done >= total'
ok 'the balance holds' sync-audit balance -s sync.db
is "$(cat out)" "$(cat balance)" 'to the same numbers'
is "$(sync-audit balance -s sync.db --daily)" "$(cat daily)" 'of each day'
is "$(db 'SELECT count(*) FROM run WHERE ended_at < unixepoch("2026-04-01")' |
    awk '{ print $1 < 8 }')" 1 'runs are forgotten, but the last of each tool'
is "$(db "SELECT count(*) FROM pragma_foreign_key_check")" 0 'nothing refers to nothing'

# --- all of it comes again ---

again
sandbox_dump --history | wc -l >pushed
line
is "$(sandbox_dump --history | wc -l)" "$(cat pushed)" 'the same files push nothing'
is "$(sandbox_dump)" "$(cat first)" 'Ometria is as it was'
ok 'each is a duplicate' test "$(db "SELECT duplicates FROM run
    WHERE tool = 'idoc-parse' ORDER BY id DESC LIMIT 1")" -gt $((read / 2))
ok 'and the balance holds' sync-audit balance -s sync.db
like "$(ls in)" '^$' 'they are archived'

# The same number with other content is another IDoc.
sed 's/Penn/Pennington/; s/<SERIAL>2026/<SERIAL>2027/' all/01-customers-uk.xml >in/other.xml
touch -d 2026-03-01 in/other.xml
line
like "$(sandbox_dump)" Pennington 'a number that SAP uses again brings its content'

# --- in small steps: a pass that is cut goes on where it was ---

cp copy.db sync.db
rm -f sync.db-*
db 'UPDATE idoc SET settled = 1 WHERE done >= total; DELETE FROM trace'
db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO idoc(sys, client, docnum, hash, total, done, settled, first_at,
    last_at) SELECT 'X', '1', i, zeroblob(16), 0, 0, 1, 5, 5 FROM n"
push --drain --retain 30
is "$(db "SELECT count(*) FROM idoc WHERE sys = 'X'")" 0 'more than one step'
is "$(db 'SELECT after, ended_at FROM forgotten_pass')" \
    "0|$(date -d 2026-05-01T12:00:00Z +%s)" 'and the pass is at its end'

# --- the archive ---

printf '[archive]\nretain = 60d\n' >>sync.conf
# Without an age nobody notes when a file came: the system knows.
is "$(db 'SELECT count(*) FROM archived')" 0 'nothing is noted without an age'
SAP_OMETRIA_NOW=$(date -ud '+59 days' +%FT%TZ) line
is "$(find done -type f | wc -l)" "$((files * 2 + 1))" 'what came stays for as long as is said'
mkdir done/own
echo mine >done/own/file
SAP_OMETRIA_NOW=$(date -ud '+61 days' +%FT%TZ) line
is "$(cd done && find . -type f | sort | tr '\n' ' ')" \
    './failed/19-broken.xml ./failed/19-broken.xml.why ./failed/broken.xml ./failed/broken.xml.why ./own/file ' \
    'then it goes, but what a person is to mend'
ok 'the balance holds still' sync-audit balance -s sync.db
# Named in another way, the archive is the same.
SAP_OMETRIA_NOW=$(date -ud '+63 days' +%FT%TZ) idoc-parse -q -s sync.db \
    --archive "$T/done" in >said 2>&1
is "$(find done/failed -type f | wc -l)" 4 'by whatever name the archive is called'
sync-audit -q resolve -s sync.db --by me "$(sync-audit exceptions -s sync.db --json |
    jq -r 'select(.code | startswith("idoc-")) | .n' | head -n 1)" >said 2>&1
db 'UPDATE exception SET open = 0, closed_at = 1 WHERE open = 1'
SAP_OMETRIA_NOW=$(date -ud '+64 days' +%FT%TZ) line
is "$(find done -type f)" done/own/file 'a mended one goes as well'

# With one the ledger does: neither a copy nor another time makes a file younger.
cp -p all/0[12]-* in
export SAP_OMETRIA_NOW=2031-01-01T12:00:00Z
line
is "$(db 'SELECT name, datetime(at, "unixepoch") FROM archived')" \
    'done/01-customers-uk.xml|2031-01-01 12:00:00
done/02-customers-de.txt|2031-01-01 12:00:00' 'when a file came is noted'
cp done/01-customers-uk.xml copy
rm done/01-customers-uk.xml
mv copy done/01-customers-uk.xml
touch -d 2035-01-01 done/02-customers-de.txt
touch -d 2000-01-01 done/stranger.xml
SAP_OMETRIA_NOW=2031-03-02T11:00:00Z line
is "$(find done -type f | sort)" 'done/01-customers-uk.xml
done/02-customers-de.txt
done/own/file' 'an hour too early for them; a file that nobody knows is as old as it is'
SAP_OMETRIA_NOW=2031-03-02T13:00:00Z line
is "$(find done -type f)" done/own/file 'a copy and a touched one go when they are due'
is "$(db 'SELECT count(*) FROM archived')" 0 'and so does the note'
sandbox_stop
done_testing

#!/bin/sh
# sync-audit balance --daily: every IDoc and record by message type and day,
# against SQL that counts otherwise; what does not add up, by number and file.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
sql() { sqlite3 -separator ' ' s.db "$1"; }
cp -R "$ROOT/examples/inbox" in
sed 's/<DOCNUM>0/<DOCNUM>9/; s/<CREDAT>[0-9]*/<CREDAT>20260303/; s/<SERIAL>20260302/<SERIAL>20260303/; s/<NAME1>/<NAME1>New/' \
    in/01-customers-uk.xml >in/30-next-day.xml
# The shop's orders have no day of SAP's.
idoc-parse -q -s s.db --now 2026-03-04T08:00:00Z in | sku-normalise -q -s s.db |
    customer-aggregate -q -s s.db | order-aggregate -q -s s.db |
    stock-aggregate -q -s s.db >said 2>&1

table() { sed '/^all /,$d; 1d; s/  */ /g' out; }
cat >count.sql <<'END'
SELECT ifnull(mestyp, '(unknown)'),
    coalesce(strftime('%Y-%m-%d', substr(seq, 1, 4) || '-' || substr(seq, 5, 2)
	|| '-' || substr(seq, 7, 2)), date(first_at, 'unixepoch')) AS day,
    count(*), count(*) FILTER (WHERE settled), count(*) FILTER (WHERE NOT settled),
    sum(total), sum(n0), sum(n1), sum(n2), sum(n3), sum(n4),
    sum(total) - sum(n0 + n1 + n2 + n3 + n4)
FROM (SELECT i.*, total(outcome = 0) AS n0, total(outcome = 1) AS n1,
    total(outcome = 2) AS n2, total(outcome = 3) AS n3, total(outcome = 4) AS n4
    FROM idoc AS i LEFT JOIN idoc_record ON idoc = i.id GROUP BY i.id)
GROUP BY 1, 2 ORDER BY mestyp, 2
END
wanted() { sql "$(cat count.sql)" | sed 's/\.0\( \|$\)/\1/g'; }

ok 'it holds' sync-audit balance -s s.db --daily
is "$(table)" "$(wanted)" 'each message type and day, as SQL counts them'
like "$(table)" '^DEBMAS 2026-03-02 ' 'a day'
like "$(table)" '^DEBMAS 2026-03-03 ' 'and the next one of a message type'
last=$(grep '^all ' out | sed 's/  */ /g')
ok 'without days' sync-audit balance -s s.db
is "$(grep '^all ' out | sed 's/  */ /g')" "$last" 'the sums are the same'
is "$(table | cut -d ' ' -f 1 | sort | uniq -d)" '' 'with one row for a message type'

# An outcome of a record that the IDoc does not have.
before=$(table)
sql "INSERT INTO idoc_record(idoc, r, outcome)
    SELECT min(id), 9, 0 FROM idoc WHERE docnum LIKE '9%'"
rc_is 1 'an outcome of no record' sync-audit balance -s s.db
is "$(table)" "$before" 'counts nowhere'
like "$(cat out)" "^IDoc 9[0-9]{15} in 'in/30-next-day.xml': 9 is a record with an outcome, but it has only 1 records" \
    'and is named'
sql 'DELETE FROM idoc_record WHERE r = 9'

sql "DELETE FROM idoc_record WHERE idoc = (SELECT min(id) FROM idoc
    WHERE docnum LIKE '9%')"
rc_is 1 'an outcome that got lost' sync-audit balance -s s.db --daily
is "$(table)" "$(wanted)" 'is counted'
is "$(table | awk '$NF != 0 { print $1, $2, $NF }')" 'DEBMAS 2026-03-03 1' \
    'in the row of its message type and day alone'
like "$(cat out)" "^IDoc 9[0-9]{15} in 'in/30-next-day.xml': 0 of 1 records" \
    'and named with its number and file'

# Whose parser kept no ledger: what came is known, not what was to come.
idoc-parse -q in/01-customers-uk.xml 2>/dev/null | customer-aggregate -q -s p.db >said 2>&1
ok 'IDocs that no ledger of a parser knows' sync-audit balance -s p.db
is "$(grep 'without --state' out)" \
    "$(sqlite3 p.db 'SELECT count(*) FROM idoc') IDocs came from an idoc-parse without --state: what they hold is not known" \
    'are told apart'
like "$(cat out)" '^balance holds$' 'and no fault'

# More than a screen of them.
xmls() { # COUNT
	awk -v n="$1" 'BEGIN {
		print "<DEBMAS07>"
		for (i = 1; i <= n; i++)
			printf "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><MANDT>100</MANDT><DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP><MESTYP>DEBMAS</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>080000</CRETIM></EDI_DC40><E1KNA1M SEGMENT=\"1\"><KUNNR>%010d</KUNNR><NAME1>Ann</NAME1></E1KNA1M></IDOC>\n", i, i
		print "</DEBMAS07>"
	}'
}
named() { grep -c '^IDoc .* in ' out; }
xmls 100 >many.xml
idoc-parse -q -s many.db many.xml >said 2>&1
rc_is 1 'a hundred IDocs that nothing took further' sync-audit balance -s many.db
is "$(named) $(grep -c more out)" '100 0' 'are all named'
xmls 102 >many.xml
idoc-parse -q -s many.db many.xml >said 2>&1
rc_is 1 'two more' sync-audit balance -s many.db
is "$(named) $(grep more out)" '100 and 2 more (--all lists them)' \
    'are only counted'
like "$(cat out)" '^balance does not hold: 102 differences$' 'as differences, too'
rc_is 1 'with --all' sync-audit balance -s many.db --all
is "$(named) $(grep -c more out)" '102 0' 'every one is named'

rc_is 64 '--daily of another command' sync-audit exceptions -s s.db --daily
done_testing

#!/bin/sh
# sync-audit balance --sap-list: SAP's own list of sent IDocs beside the ledger.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

S=$T/state.db
NOW='--now 2026-03-02T12:00:00Z'

# A customer per IDoc: number, date, time.
idoc() {
	printf '<IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>'
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP>' "$1"
	printf '<MESTYP>DEBMAS</MESTYP><SNDPRN>ECCPRD</SNDPRN>'
	printf '<CREDAT>%s</CREDAT><CRETIM>%s</CRETIM></EDI_DC40>' "$2" "$3"
	printf '<E1KNA1M SEGMENT="1"><MSGFN>005</MSGFN><KUNNR>%010d</KUNNR>' "$1"
	printf '<LAND1>GB</LAND1><NAME1>Ann</NAME1><TELF2>+447700900123</TELF2>'
	printf '</E1KNA1M></IDOC>\n'
}

{
	echo '<DEBMAS07>'
	idoc 90 20260228 235900 # before the time of the list
	idoc 101 20260302 080000
	idoc 102 20260302 080100
	idoc 103 20260302 080200 # not on the list
	idoc 104 20260302 080300
	echo '</DEBMAS07>'
} >"$T/in.xml"
# shellcheck disable=SC2086
idoc-parse -q $NOW -s "$S" "$T/in.xml" | customer-aggregate -q $NOW -s "$S" \
    >"$T/desired"

audit() {
	# shellcheck disable=SC2086
	sync-audit $NOW -s "$S" balance "$@"
}
faults() {
	grep '^IDoc ' "$T/out"
}

# --- fields and commas ---

cat >"$T/agrees.csv" <<'END'
DOCNUM,MESTYP,CREDAT,CRETIM,STATUS
0000000000000101,DEBMAS,20260302,080000,03
0000000000000102,DEBMAS,20260302,080100,03
0000000000000103,DEBMAS,20260302,080200,12
0000000000000104,DEBMAS,20260302,080300,03
END
ok 'a list of what was received' audit --sap-list "$T/agrees.csv"
like "$(cat "$T/out")" '^balance holds$' 'comes behind the balance'
is "$(tail -n 1 "$T/out")" "SAP's list and the ledger agree" 'and agrees'
like "$(cat "$T/out")" '^DEBMAS +4 +4 +0 +0 +0$' 'with a row per message type'

cat >"$T/differs.csv" <<'END'
DOCNUM,MESTYP,CREDAT,CRETIM,STATUS
0000000000000101,DEBMAS,20260302,080000,03
0000000000000102,DEBMAS,20260302,080100,03
0000000000000104,DEBMAS,20260302,080300,03
0000000000000105,DEBMAS,20260302,080400,03
0000000000000106,MATMAS,20260302,080500,03
0000000000000107,DEBMAS,20260302,080600,30
0000000000000108,ORDERS,20260302,080600,53
0000000000000104,DEBMAS,20260302,080300,03
END
rc_is 1 'a list that differs' audit --sap-list "$T/differs.csv"
is "$(faults)" 'IDoc 0000000000000103, DEBMAS: received, not on SAP'"'"'s list
IDoc 0000000000000105, DEBMAS: sent, never received
IDoc 0000000000000106, MATMAS: sent, never received' \
    'names each IDoc: once, only sent ones, and in the time of the list'
like "$(cat "$T/out")" '^DEBMAS +4 +3 +1 +1 +1$' 'the table counts them'
like "$(cat "$T/out")" '^MATMAS +1 +0 +1 +0 +0$' 'by message type'
is "$(tail -n 1 "$T/out")" "SAP's list and the ledger differ: 3 IDocs" \
    'and the last line says so'
is "$(sqlite3 "$S" "SELECT count(*) FROM idoc WHERE docnum IN
    ('0000000000000105', '0000000000000106')")" 0 'the state says the same'

# --- the forms in which people have it ---

wants() {
	rc_is 1 "$1" audit --sap-list "$2"
	is "$(faults)" 'IDoc 0000000000000103, DEBMAS: received, not on SAP'"'"'s list
IDoc 0000000000000105, DEBMAS: sent, never received' '... is read'
}
cat >"$T/se16.txt" <<'END'
Table:          EDIDC
Displayed Fields:   5 of   5  Fixed columns:
--------------------------------------------------------------
|  |IDoc number     |Status|Message Type|Created on|Created at|
--------------------------------------------------------------
|  |             101|03    |DEBMAS      |02.03.2026|08:00:00  |
|  |             102|03    |DEBMAS      |02.03.2026|08:01:00  |
|  |             104|03    |DEBMAS      |02.03.2026|08:03:00  |
|  |             105|03    |DEBMAS      |02.03.2026|08:04:00  |
--------------------------------------------------------------
END
wants 'a list as transaction SE16 prints it' "$T/se16.txt"
printf 'IDoc-Nummer;Nachrichtentyp;Erstellt am;Erstellt um\r\n' >"$T/de.csv"
for n in 101 102 104 105; do
	printf '"%d";DEBMAS;2026-03-02;"08:0%d:00"\r\n' $n $((n - 101)) \
	    >>"$T/de.csv"
done
wants 'German names, semicolons, quotes, no status' "$T/de.csv"
printf '\357\273\277DOCNUM\tMESTYP\tCREDAT\n' >"$T/day.tsv"
printf '%d\tDEBMAS\t20260302\n' 105 104 102 101 >>"$T/day.tsv"
wants 'a byte order mark, tabs, a day without its time, any order' "$T/day.tsv"

printf 'DOCNUM\n101\n102\n103\n104\n90\n' >"$T/bare.csv"
# What the shop said has no number, and who filters may drop the zeros.
sqlite3 "$S" "INSERT INTO idoc(sys, client, docnum, first_at, last_at)
    VALUES('shop', '', '#1', 1, 1);
    UPDATE idoc SET docnum = '104' WHERE docnum LIKE '%0104'"
ok 'numbers alone' audit --sap-list "$T/bare.csv"
audit --sap-list - <"$T/bare.csv" >"$T/out"
is $? 0 'from standard input'
printf 'DOCNUM;MESTYP\n101;DEBMAS\n102;DEBMAS\n103;DEBMAS\n104;DEBMAS
90;DEBMAS\nnumber?;DEBMAS\n' >"$T/faulty.csv"
ok 'a row without a number' audit --sap-list "$T/faulty.csv"
like "$(cat "$T/out")" '^1 rows of SAP.s list have no IDoc number$' 'is told'
printf 'DOCNUM,MESTYP,CREDAT,CRETIM\n105,DEBMAS,20260302,080200\n' >"$T/edge.csv"
wants 'a list of one second, to which its ends belong' "$T/edge.csv"

# --- many differences ---

{
	echo DOCNUM
	seq 1000 1149
} >"$T/many.csv"
rc_is 1 'many differences' audit --sap-list "$T/many.csv"
is "$(faults | wc -l)" 100 'a hundred are listed'
like "$(cat "$T/out")" '^and 55 more \(--all lists them\)$' 'the rest is counted'
rc_is 1 'with --all' audit --all --sap-list "$T/many.csv"
is "$(faults | wc -l)" 155 'all are listed'

# --- bad ends ---

rc_is 66 'a list that is not there' audit --sap-list "$T/none.csv"
echo 'a;b' >"$T/wrong.csv"
rc_is 65 'a file that is no such list' audit --sap-list "$T/wrong.csv"
like "$(cat "$T/err")" 'wrong.csv: no column of IDoc numbers' 'says why'
rc_is 64 'another command' sync-audit -s "$S" status --sap-list "$T/wrong.csv"
done_testing

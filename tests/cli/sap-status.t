#!/bin/sh
# sync-audit sap-status: what became of SAP's IDocs, for its status file input.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf" SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
cd "$T" || exit 71
sql() { sqlite3 s.db "$1"; }
tell() { sync-audit sap-status -s s.db "$@"; }
push() { ometria-push -q -s s.db --rate 0 --api-key-file key --url "$SANDBOX_URL" "$@"; }
line() {
	idoc-parse -q -s s.db "$@" | sku-normalise -q -s s.db | customer-aggregate -q -s s.db |
	    order-aggregate -q -s s.db | stock-aggregate -q -s s.db >line.out 2>&1
}
# text FILE: number, status, text
text() { awk '{ t = substr($0, 273, 70); sub(/ +$/, "", t); print substr($0, 14, 16) + 0, substr($0, 44, 2), t }' "$1"; }

# idoc NUMBER CUSTOMER NAME [TIME]
idoc() {
	cat <<END
<IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>
<DOCNUM>$(printf %016d "$1")</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP><MESTYP>DEBMAS</MESTYP>
<SNDPRN>ECCPRD</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>${4:-080000}</CRETIM></EDI_DC40>
<E1KNA1M SEGMENT="1"><MSGFN>005</MSGFN><KUNNR>$(printf %010d "$2")</KUNNR><LAND1>GB</LAND1>
<NAME1>$3</NAME1>${5-<TELF2>+447700900123</TELF2>}</E1KNA1M></IDOC>
END
}
{
	echo '<DEBMAS07>'
	idoc 1 4711 Ann
	idoc 2 4711 Anna 090000
	idoc 3 4711 An 070000
	idoc 4 4712 'Bob</X'
	idoc 5 4713 Cy 080000 ''
	idoc 6 4714 Di
	echo '</DEBMAS07>'
} >a.xml
line a.xml

ok 'before anything is sent' tell st
is "$(text st)" "3 16 superseded by a newer IDoc
$(text st | grep '^4 17 customer-malformed: ')
5 16 taken into account, nothing had to be sent" 'what has an end is told of, and nothing else'
is "$(cat err)" 'sync-audit: IDocs told of: 3, refused: 1' 'and counted'
is "$(awk '{ print length($0) }' st | sort -u)" 562 'records of the width of EDI_DS40'
is "$(cut -c 1-10,11-13 st | sort -u)" 'EDI_DS40  100' 'its name, and the client'
is "$(cut -c 30-43 st | sort -u)" 20260302120000 'the time is local to SAP'
is "$(cut -c 72 st | tr -d '\n')" SES 'success or error'
rc_is 75 'SAP has not taken the file' tell st
like "$(cat err)" 'still there' 'is not overwritten'
rm st
ok 'nothing is new' tell st
is "$(ls st 2>&1 | grep -c 'No such')" 1 'makes no file'

# --- sent ---

sandbox_start --rate 0 --data-rate 0
push --drain
request=$(sql 'SELECT request_id FROM delivery WHERE request_id IS NOT NULL')
ok 'after it was sent' tell st
is "$(text st)" "1 16 accepted, request $request contact:4711
2 16 accepted, request $request contact:4711
6 16 accepted, request $request contact:4714" 'both IDocs that one revision held, with the request'
is "$(cut -c 493-562 st | sed 's/ *$//' | sort -u)" "$request" 'which is the key as well'
is "$(sed -n 3p st | cut -c 73-172 | sed 's/  */ /; s/ *$//')" "$request contact:4714" 'and in the parameters with the record'

# --- written whole, remembered after that ---

rm st
{ echo '<DEBMAS07>'; idoc 7 4714 Diana 100000; echo '</DEBMAS07>'; } >b.xml
line b.xml
push --drain
rc_is 73 'a folder that is not there' tell none/st
mkdir st.tmp
rc_is 73 'a file that cannot be made' tell st
rmdir st.tmp
ok 'is told of by the next' tell st
is "$(text st | cut -d ' ' -f 1,2)" '7 16' 'run'
rm st

# --- refused, and mended ---

{ echo '<DEBMAS07>'; idoc 8 4715 Ed; echo '</DEBMAS07>'; } >c.xml
line c.xml
sql "UPDATE outbox SET state = 3, refused_rev = rev, error = 'phone_number & more: ' || char(228) || ' is '
    || replace(hex(zeroblob(60)), '00', 'wrong ') WHERE id = '4715'"
tell st
is "$(text st)" '8 17 Ometria refused contact 4715: phone_number + more: ? is wrong wrong wr' 'its words, cut, in characters of every code page'
is "$(cut -c 73-272 st)" "$(printf 'phone_number + more: ? is '; yes 'wrong ' | head -29 | tr -d '\n')" 'all of them as far as four parameters go'
rm st
tell st
is "$(ls st 2>&1 | grep -c 'No such')" 1 'is told once'
sync-audit retry -s s.db contact:4715 >said 2>&1
push --drain
tell st
is "$(text st | cut -d ' ' -f 1-3)" '8 16 accepted,' 'until it is accepted'
rm st
{ echo '<DEBMAS07>'; idoc 4 4712 Bob; echo '</DEBMAS07>'; } >d.xml
line d.xml
push --drain
tell st
is "$(text st | cut -d ' ' -f 1-3)" '4 16 accepted,' 'one that was read better'
rm st

# Records made outside SAP are none of SAP's.
line "$ROOT"/examples/inbox/06-shop-orders.jsonl
push --drain
tell st
is "$(ls st 2>&1 | grep -c 'No such')" 1 'the shop is not told of'
rc_is 64 'no file' sync-audit sap-status -s s.db
rc_is 66 'no state' sync-audit sap-status -s none.db st

# --- weeks later ---

SAP_OMETRIA_NOW=2026-05-02T12:00:00Z customer-aggregate -q -s s.db </dev/null
is "$(sql 'SELECT count(*) FROM trace WHERE kind = 1')" 0 'what was sent is known no more'
sql "UPDATE idoc SET reported = NULL WHERE docnum = '0000000000000001'"
SAP_OMETRIA_NOW=2026-05-02T12:00:00Z tell st
is "$(text st)" '1 16 taken into account' 'and nothing else is claimed'
rm st

# --- what may be forgotten ---

ledger() { sql 'SELECT CAST(docnum AS INTEGER) FROM idoc WHERE mestyp IS NOT NULL ORDER BY 1' | paste -sd ' '; }
retain() { SAP_OMETRIA_NOW=$1 push --drain --retain 30; }
sql "UPDATE idoc SET reported = NULL WHERE docnum = '0000000000000002'"
retain 2026-05-02T12:00:00Z
is "$(ledger)" 2 'an IDoc that SAP was not told of waits for that'
SAP_OMETRIA_NOW=2026-05-02T13:00:00Z tell st
is "$(text st)" '2 16 taken into account' 'it is told of'
retain 2026-05-02T14:00:00Z
is "$(ledger)" '' 'and goes'
rm st
SAP_OMETRIA_NOW=2026-05-03T12:00:00Z
{ echo '<DEBMAS07>'; idoc 20 4720 Flo; echo '</DEBMAS07>'; } >e.xml
line e.xml
push --drain
is "$(ledger)" 20 'another one'
echo taken >st
SAP_OMETRIA_NOW=2026-07-15T12:00:00Z rc_is 75 'SAP does not take the file any more' tell st
retain 2026-08-01T12:00:00Z
is "$(ledger)" 20 'which does not make it go'
retain 2026-09-01T12:00:00Z
is "$(ledger)" '' 'nobody tells SAP any more: it goes'

# --- the layout, as SAP has it ---

if [ -f "$SHARED/segments.tsv" ]; then
	layout=$(awk -F '\t' '$1 == "EDI_DS40" { print $4, $6, $5 }' "$SHARED/segments.tsv")
	is "$(sed -n 's/^	\[\([A-Z0-9]*\)\] = { \([0-9]*\), \([0-9]*\) },$/\1 \2 \3/p' "$ROOT/lib/audit/sapstatus.c" |
	    while read -r field; do echo "$layout" | grep -qx "$field" || echo "$field"; done)" '' \
	    'each field stands where SAP has it'
else
	note 'skipped: the layout of SAP is not there'
fi
done_testing

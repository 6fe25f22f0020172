#!/bin/sh
# Exceptions in the hands of people: chosen, shown without who they are about,
# acknowledged, assigned, resolved; open again when their cause is back.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

cd "$T" || exit 71
printf '[order]\nconfirm-within = 1d\n' >sync.conf
export SAP_OMETRIA_CONFIG="$T/sync.conf"
export SAP_OMETRIA_STATE="$T/sync.db" SAP_OMETRIA_NOW=2026-03-02T09:00:00Z

# customer NUMBER IDOC TIME NAME: the XML of one, broken when NAME is empty.
customer() {
	end='</NAME1>'
	[ -n "$4" ] || end=
	cat <<END
<IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>
<DOCNUM>$2</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP><MESTYP>DEBMAS</MESTYP>
<SNDPRN>ECCPRD</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>$3</CRETIM></EDI_DC40>
<E1KNA1M SEGMENT="1"><MSGFN>005</MSGFN><KUNNR>$1</KUNNR><LAND1>GB</LAND1>
<NAME1>Smythe${end}<TELF2>+447700900123</TELF2></E1KNA1M></IDOC>
END
}
# order TIME SUBTOTAL: a line of the shop; 5.00 adds up.
order() {
	printf '{"v":1,"type":"order","id":"W1000001","stage":"provisional",'
	printf '"web_order":"W1000001","kind":"order","currency":"GBP",'
	printf '"placed_at":"2026-03-02T%s:00Z",' "$1"
	printf '"customer":{"email":"ann.smythe@example.com"},"lines":[{"line":'
	printf '"1","sku":"77","quantity":"1","unit_price":"5.00","total":"5.00"'
	printf '}],"totals":{"subtotal":"%s","grand_total":"5.00"}}\n' "$2"
}
# file NAME, with IDocs on standard input.
file() {
	{
		echo '<DEBMAS07>'
		cat
		echo '</DEBMAS07>'
	} >"in/$1"
}
run() {
	idoc-parse -q --archive done in 2>>"$T/log" | customer-aggregate -q |
	    order-aggregate -q >/dev/null
}
column() {
	sync-audit exceptions "$@" | sed 1d | cut -f "$columns" | tr '\t' ' '
}

mkdir in done
{
	customer 0000004711 0000000000000101 080000 ''
	customer 0000004712 0000000000000102 080000 ''
	customer 0000004713 0000000000000103 080000 Ann
} | file a.xml
order 08:00 4.00 >in/b.jsonl
run

# --- the choice ---

columns=1,4
is "$(column)" 'customer-malformed customer:4711
customer-malformed customer:4712
order-totals-mismatch order:W1000001' 'all that is open'
for choice in '--code order-*' '--severity medium --owner operations' \
    '--subject order' '--subject order:W1000001' '--code order-totals-mismatch'; do
	# shellcheck disable=SC2086
	is "$(column $choice)" 'order-totals-mismatch order:W1000001' \
	    "chosen by $choice"
done
is "$(column --severity critical --subject customer:4712)" \
    'customer-malformed customer:4712' 'two at once'
is "$(column --code 'order-*' --owner marketing)" '' 'and both must be true'
is "$(column --since 2026-03-02T09:00:01Z)" '' 'nothing was seen since'
is "$(column --since 2026-03-02 | wc -l)" 3 'a day begins at midnight'
rc_is 64 'an unknown severity' sync-audit exceptions --severity bad
rc_is 64 'an unknown standing' sync-audit exceptions --is bad
rc_is 64 'a wrong time' sync-audit exceptions --since yesterday

# --- what one is about ---

ok 'show a broken one' sync-audit show customer:4712
cp out shown
like "$(cat shown)" '^exception: customer-malformed:customer:4712$' 'its name'
like "$(cat shown)" '^IDoc: DEBMAS 0000000000000102 of ECCPRD client 100$' \
    'the IDoc'
like "$(cat shown)" '^file: done/.*a.xml, number 2 in it, line ' \
    'the file, where it is now'
like "$(cat shown)" '^next: have the customer sent again' 'the next action'
like "$(cat shown)" '<KUNNR>0000004712</KUNNR>' 'what the IDoc holds'
like "$(cat shown)" '<NAME1>Xxxxxx<TELF2>\+999999999999</TELF2>' \
    'and not whose it is'
ok 'show an order' sync-audit show --json order-totals-mismatch
is "$(jq -c '[.subject.id, .history[0].what, .for_ometria.currency]' out)" \
    '["W1000001","raised","GBP"]' 'as JSON'
sync-audit show customer-malformed order:W1000001 >out
sync-audit show --json customer-malformed order:W1000001 >>out
sync-audit export >>out
is "$(grep -ci 'smythe\|+4477\|@example' out)" 0 'no name, address or phone'
rc_is 66 'show what never was' sync-audit show customer:1

# --- who writes ---

content() { sqlite3 sync.db .dump | cksum; }
before=$(content)
for command in status 'balance --all' exceptions 'export --json' \
    'show customer-malformed' 'metrics x.prom' 'backup x.db' catalogue config; do
	# shellcheck disable=SC2086
	sync-audit $command >out 2>&1
	is "$(content)" "$before" "$command changes nothing"
done
sed -n 's/^\t{ "\([a-z-]*\)", audit_[a-z_]*, STATE_EXISTING.*/\1/p' \
    "$ROOT/cmd/sync-audit.c" | sort >writing
ok 'commands that write were found' test "$(wc -l <writing)" -gt 5
sed -n '/^\.Ss What is written/,/^\.Sh/s/^\.It Cm //p' "$ROOT/man/sync-audit.1" |
    tr -d , | tr ' ' '\n' | sed '/^$/d' | sort >described
is "$(comm -23 writing described)" '' 'and each says what it writes'

# --- decisions ---

SAP_OMETRIA_NOW=2026-03-02T10:00:00Z
ok 'acknowledge one' sync-audit ack --by jo customer:4711
is "$(column --is new | wc -l)" 2 'the others are new'
is "$(column --is acknowledged)" 'customer-malformed customer:4711' \
    'it is acknowledged'
ok 'assign one' sync-audit assign --by jo customer:4712 crm-desk
columns=3,4
is "$(column --code customer-malformed)" 'marketing customer:4711
crm-desk customer:4712' 'it has another owner'
rc_is 64 'an owner is needed' sync-audit assign customer:4712
rc_is 66 'an exception as well' sync-audit assign customer:9 crm-desk
ok 'resolve one' sync-audit resolve --by jo --why 'a test order, "=1+1"' \
    order:W1000001
is "$(column --is closed)" 'operations order:W1000001' 'it is closed'
like "$(sync-audit show order:W1000001)" \
    '^    2026-03-02T10:00:00Z closed: resolved by jo: a test order, "=1\+1"$' \
    'by whom and why'
like "$(sync-audit export --is closed)" '"a test order, ""=1\+1"""' \
    'CSV quotes'
sync-audit resolve --why '=HYPERLINK(1)' customer:4711
like "$(sync-audit export --all)" ",'=HYPERLINK\(1\)," 'and no formula in it'

ok 'let a customer go' sync-audit release --by jo 4712
like "$(sync-audit show customer:4712)" ' released by jo$' 'by whom is noted'

# --- the same again ---

SAP_OMETRIA_NOW=2026-03-02T11:00:00Z
{
	customer 0000004711 0000000000000111 103000 ''
	customer 0000004712 0000000000000112 103000 ''
} | file c.xml
run
columns=3,4,6,7
is "$(column --code customer-malformed)" 'marketing customer:4711 0s 2
crm-desk customer:4712 2h 2' 'the open one counts, the closed one is open again'
is "$(sync-audit exceptions --all | grep -c customer:4711)" 1 'and still one'
is "$(sync-audit show --json customer:4711 |
    jq -c '[.first_at, .last_at, .opened_at, .acknowledged_by, .why],
	[.history[].what]')" \
    '["2026-03-02T09:00:00Z","2026-03-02T11:00:00Z","2026-03-02T11:00:00Z",null,null]
["raised","acknowledged","closed","reopened"]' \
    'first and last seen, and nobody knows of it yet'

# --- the cause goes, and comes back ---

columns=1,7
order 08:01 5.00 >in/e.jsonl
run
is "$(column --code 'order-*' --is all)" 'order-totals-mismatch 1' \
    'what is mended is not opened by that'
order 08:02 4.50 >in/f.jsonl
SAP_OMETRIA_NOW=2026-03-02T12:00:00Z run
is "$(column --code 'order-*')" 'order-totals-mismatch 2' \
    'what is wrong again is'
order 08:03 5.00 >in/g.jsonl
SAP_OMETRIA_NOW=2026-03-02T12:01:00Z run
is "$(sync-audit show --json order:W1000001 | jq -c '[.history[].text]')" \
    '[null,"resolved by jo: a test order, \"=1+1\"",null,"healed"]' \
    'and closes by itself when it is mended'
done_testing

#!/bin/sh
# Customers whose master data failed: who is held, what waits, what lets go.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
unset SAP_OMETRIA_STATE
cat >"$T/sync.conf" <<'END'
[ometria]
rate = 0
settle = 1ms
[exception "customer-malformed"]
severity = high
escalate-after = 2h
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
cd "$T" || exit 71

echo 0 >number
# idoc FORM MESTYP IDOCTYP HOUR: an IDoc of the segments on standard input.
idoc() {
	# A file: an IDoc may be made at one end of a pipe.
	number=$(($(cat number) + 1))
	echo "$number" >number
	{
		printf 'CONTROL MANDT=100|DOCNUM=%016d|DIRECT=1|OUTMOD=2|IDOCTYP=%s|MESTYP=%s|SNDPOR=SAPECP|SNDPRT=LS|SNDPRN=ECPCLNT100|CREDAT=20260302|CRETIM=%s0000|SERIAL=20260302%s0000\n' \
		    "$number" "$3" "$2" "$4" "$4"
		cat
	} | awk -v form="$1" -v width=own -f "$ROOT/tests/idoc.awk" \
	    "$ROOT/lib/idoc/segments.tsv" -
}
# debmas FORM HOUR CUSTOMER NAME
debmas() {
	printf ' E1KNA1M.007 MSGFN=005|KUNNR=%010d|KTOKD=KUNA|LAND1=GB|NAME1=Ada|NAME2=%s\n' \
	    "$3" "$4" | idoc "$1" DEBMAS DEBMAS07 "$2"
}
# adrmas FORM HOUR CUSTOMER ADDRESS
adrmas() {
	printf ' E1ADRMAS OBJ_TYPE=KNA1|OBJ_ID=%010d|CONTEXT=0001\n  E1BPADSMTP STD_NO=X|E_MAIL=%s\n' \
	    "$3" "$4" | idoc "$1" ADRMAS ADRMAS03 "$2"
}
# adr2mas FORM HOUR CUSTOMER ADDRESS
adr2mas() {
	printf ' E1ADR2MAS OBJ_TYPE=KNA1|OBJ_ID=%010d|CONTEXT=0001\n  E1BPADSMTP STD_NO=X|E_MAIL=%s\n' \
	    "$3" "$4" | idoc "$1" ADR2MAS ADR2MAS03 "$2"
}
# order ID CUSTOMER EMAIL TOTAL: an order of the shop; customer may be empty.
order() {
	printf '{"v":1,"type":"order","id":"%s","stage":"provisional","web_order":"%s","kind":"order","placed_at":"2026-03-02T07:00:00Z","currency":"GBP","customer":{%s"email":"%s"},"totals":{"subtotal":"%s","grand_total":"%s"},"lines":[{"line":"1","sku":"A1","quantity":"1","unit_price":"%s","subtotal":"%s","total":"%s"}]}\n' \
	    "$1" "$1" "${2:+\"id\":\"$2\",}" "$3" "$4" "$4" "$4" "$4" "$4"
}
line() {
	idoc-parse -q -s sync.db in 2>>parse.err | sku-normalise -s sync.db |
	    customer-aggregate -q -s sync.db | order-aggregate -q -s sync.db |
	    ometria-push -q -s sync.db --url "$SANDBOX_URL" --api-key-file key \
		>>line.out 2>>line.err
}
opens() { sync-audit exceptions -s sync.db --code 'customer-*' --subject "customer:$1" | sed 1d | cut -f 1; }
holds() { sqlite3 -separator ' ' "$1" 'SELECT customer, mestyp FROM hold ORDER BY 1, 2'; }
is_there() { sandbox_dump | grep -c "^$1 "; }

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

# --- a wreck holds the customer whose key can be found in it ---

# wreck FORM NUMBER TEXT: from `whole`, one that ends in the middle of TEXT; flat,
# with a line behind it that is none of an IDoc.
wreck() {
	case $1 in
	xml) name=wreck.xml/$2.xml ;;
	*) name=wreck.flat/$2.txt ;;
	esac
	awk -v text="$3" '{ at = index($0, text) } at > 0 {
	    printf "%s", substr($0, 1, at + 2)
	    exit
	} { print }' whole >"$name"
	[ "$1" = xml ] || printf '\nnote\n' >>"$name"
}
for form in xml flat; do
	mkdir "wreck.$form"
	debmas "$form" 08 2001 Harbour >whole
	wreck "$form" 1 Harbour
	adrmas "$form" 08 2002 harbour@example.com >whole
	wreck "$form" 2 harbour@example.com
	adr2mas "$form" 08 2003 harbour@example.com >whole
	wreck "$form" 3 harbour@example.com
	debmas "$form" 08 2004 Nobody >whole
	# E1ADR2MAS has no layout in the dictionary: flat, it cannot be read.
	case $form in
	xml) customers='2001 2002 2003' before=0000002004 ;;
	flat) customers='2001 2002' before=0050000002004 ;;
	esac
	wreck "$form" 4 "$before"
	rm -f w.db*
	rc_is 1 "$form: wrecks" idoc-parse -q -s w.db "wreck.$form"/*
	is "$(sqlite3 w.db 'SELECT customer FROM hold ORDER BY 1' | tr '\n' ' ')" \
	    "$customers " "$form: hold their customers"
	is "$(jq -r 'select(.subject.type == "customer") | .code + " " + .subject.id' out |
	    sed 's/customer-malformed //' | tr '\n' ' ')" "$customers " \
	    "$form: and the exceptions name them"
	like "$(cat out)" '"code":"customer-malformed".*"subject":\{"type":"idoc"' \
	    "$form: without a number the IDoc is named"
done

# --- a held customer, and the rest ---

mkdir in
sandbox_start --rate 0 --data-rate 0
debmas xml 06 3001 Hart >in/01.xml
adrmas xml 06 3001 ada@example.com >in/02.xml
debmas flat 06 3002 Penn >in/03.txt
adrmas flat 06 3002 oli@example.com >in/04.txt
line
is "$(sandbox_dump | grep -c '^contact')" 2 'two contacts'
debmas xml 08 3001 'Hart & Sons' >whole
sed 's/&amp;/\&/' whole >in/05.xml
line
is "$(holds sync.db)" '3001 DEBMAS' 'one of them is held'
{ order W3001001 3001 ada@example.com 10.00; order W3002001 3002 oli@example.com 20.00
  order W9001001 '' Ada@Example.com 30.00; order W9002001 '' guest@example.com 40.00; } >in/06.jsonl
line
is "$(sandbox_dump | sed -n 's/^order \([^ ]*\) .*/\1/p' | tr '\n' ' ')" 'W3002001 W9002001 ' \
    'orders of others leave, not of the customer, nor of a guest with the same e-mail'
order W3001001 3001 ada@example.com 12.00 | sed 's/"stage"/"seq":"20260302110000.1","stage"/' >in/07.jsonl
order W3001002 3001 ada@example.com 15.00 >in/08.jsonl
line

audit() { sync-audit --now "$1" "$2" -s sync.db; }
rc_is 1 'status' audit 2026-03-02T13:30:00Z status
like "$(cat out)" '^3001 +DEBMAS +3 +90m' 'tells who is held, what waits and how long'
like "$(audit 2026-03-02T13:30:00Z exceptions)" '^customer-malformed	high	marketing	customer:3001	3001	90m' \
    'the exception has an age'
audit 2026-03-02T14:01:00Z status >/dev/null
like "$(audit 2026-03-02T14:01:00Z exceptions)" '^customer-malformed	critical	' 'and is escalated'

rc_is 0 'resolving it' sync-audit resolve -q -s sync.db customer-malformed:customer:3001
line
is "$(holds sync.db)" '3001 DEBMAS' 'does not lift the hold'
adrmas xml 09 3001 ada@example.com >in/09.xml
line
is "$(holds sync.db)" '3001 DEBMAS' 'a newer record of another type neither'
debmas xml 07 3001 Older >in/10.xml
line
is "$(holds sync.db)" '3001 DEBMAS' 'nor an older one'
is "$(is_there 'order W3001001')" 0 'the orders wait'
adrmas flat 10 3001 ada.hart@example.com >in/11.txt
debmas xml 10 3001 Hartley >in/12.xml
line
is "$(holds sync.db)" '' 'a newer one of the type does'
is "$(sandbox_dump --history | awk -F '\t' '/W3001|Hartley/ { print $3, $4 }' | tr '\n' ',')" \
    'contact 3001,order W3001001,order W3001002,' \
    'what waited leaves in order, behind the contact'
is "$(is_there 'order W9001001')" 1 'and the order of the guest'
is "$(sandbox_dump | sed -n 's/^order W3001001 //p' | jq -r '.customer.email')" \
    ada.hart@example.com 'with the e-mail of today'

# --- equal to what Ometria has ---

debmas xml 11 3002 'Penn & Ink' | sed 's/&amp;/\&/' >in/13.xml
line
is "$(holds sync.db)" '3002 DEBMAS' 'another one is held'
is "$(opens 3002)" customer-malformed 'which is said'
before=$(sandbox_dump --history | grep -c '	contact	3002')
debmas xml 12 3002 Penn >in/14.xml
line
is "$(holds sync.db)" '' 'a newer record that changes nothing lifts it'
is "$(opens 3002)" '' 'and what was said is over'
is "$(sandbox_dump --history | grep -c '	contact	3002')" "$before" 'and sends nothing'

# --- by a person ---

debmas xml 13 3002 'Penn & Ink' | sed 's/&amp;/\&/' >in/15.xml
order W3002002 3002 oli@example.com 50.00 >in/16.jsonl
line
is "$(is_there 'order W3002002')" 0 'held again'
rc_is 0 'release' sync-audit release -q -s sync.db 3002
line
is "$(is_there 'order W3002002')" 1 'lets the order go'
is "$(holds sync.db)" '' 'and the file that is still there holds no more'
is "$(opens 3002)" customer-malformed 'what was said stays'
adrmas xml 14 3002 oli.penn@example.com >in/17.xml
debmas xml 12 3002 Pen >in/18.xml
line
is "$(opens 3002)" customer-malformed 'another type or an older one is not it'
debmas xml 14 3002 Penny >in/19.xml
line
is "$(opens 3002)" '' 'a newer one ends it'

# --- what Ometria refused, and a person let go ---

rm -f in/*
debmas xml 15 3002 Pens >in/20.xml
curl -sS --data-binary '422@1;path=/push' "${SANDBOX_URL%/v2}/_sandbox/fault" >said
line
is "$(opens 3002) $(holds sync.db)" 'customer-rejected 3002 contact' 'refused, and held'
sync-audit release -q -s sync.db 3002
line
is "$(opens 3002) $(holds sync.db)" 'customer-rejected ' 'let go, and still refused'
debmas xml 16 3002 Penn >in/21.xml
line
is "$(opens 3002)" '' 'the next one is taken, which ends it'
ok 'the sandbox ends cleanly' sandbox_stop
done_testing

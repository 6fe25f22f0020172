#!/bin/sh
# Exceptions close by themselves when their cause can be seen to be gone, and
# not before.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

cd "$T" || exit 71
export SAP_OMETRIA_STATE="$T/sync.db" SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
: >sync.conf
export SAP_OMETRIA_CONFIG="$T/sync.conf"

echo 0 >number
# record TYPE MESSAGE ID REST: a record of an IDoc of its own.
record() {
	number=$(($(cat number) + 1))
	echo "$number" >number
	printf '{"v":1,"type":"%s","id":"%s","seq":"20260302%06d.%016d",' \
	    "$1" "$3" "$number" "$number"
	printf '"src":{"sys":"ECC","client":"100","docnum":"%016d",' "$number"
	printf '"mestyp":"%s","n":1,"r":1},%s}\n' "$2" "$4"
}
# order DOCUMENT WEB_ORDER CUSTOMER [TOTAL]
order() {
	record order ORDRSP "$2" "\"stage\":\"confirmed\",$(case $2 in W*) echo "\"web_order\":\"$2\"," ;; esac)\"sales_document\":\"$1\",\"kind\":\"order\",\"placed_at\":\"2026-03-02T08:00:00Z\",\"currency\":\"GBP\",\"customer\":{\"id\":\"$3\"},\"lines\":[{\"line\":\"10\",\"sku\":\"77\",\"quantity\":\"1\",\"unit_price\":\"5.00\",\"subtotal\":\"5.00\",\"total\":\"5.00\"}],\"totals\":{\"subtotal\":\"5.00\",\"grand_total\":\"${4:-5.00}\"}" |
	    order-aggregate -q >/dev/null
}
# movement ID REST
movement() {
	record stock_movement MBGMCR "$1" "\"plant\":\"1100\",\"location\":\"0001\",\"unit\":\"ST\",\"posted_at\":\"2026-03-02T09:00:00Z\",$2" |
	    stock-aggregate -q >/dev/null
}
# level SKU QUANTITY TIME
level() {
	record stock_level STOCK "$1:1100:0001" "\"sku\":\"$1\",\"plant\":\"1100\",\"location\":\"0001\",\"quantity\":\"$2\",\"as_of\":\"$3\"" |
	    stock-aggregate -q >/dev/null
}
# opens CODE: the subjects of the open ones.
opens() {
	sync-audit exceptions --code "$1" | sed 1d | cut -f 4 | paste -sd ' '
}
closed() {
	sync-audit exceptions --is closed --json |
	    jq -r "select(.code == \"$1\") | .subject.id + \" \" + .resolution"
}

# --- orders ---

long=W1234567890123456789012345678901234567890
order 5001 "$long" 11
order 5002 "$long" 11
is "$(opens order-id-invalid)" 'order:5001 order:5002' 'two ids are too long'
order 5003 W1000003 11
is "$(opens order-id-invalid)" 'order:5001 order:5002' 'another order is another'
order 5001 W1000001 11
is "$(opens order-id-invalid)" order:5002 'with a good one it is over'
is "$(closed order-id-invalid)" '5001 healed' 'by itself'

order 5004 W1000003 12
is "$(opens order-two-customers)" order:5004 'a second sold-to party'
order 5003 W1000003 11
is "$(opens order-two-customers)" order:5004 \
    'the first document again changes nothing'
order 5005 W1000003 13
is "$(opens order-two-customers)" 'order:5004 order:5005' 'nor does a third'
order 5005 W1000003 11
is "$(opens order-two-customers)" order:5004 'which comes right: the second stays'
order 5005 W1000003 12
order 5004 W1000004 12
is "$(opens order-two-customers)" order:W1000003 \
    'the second under its own number; the order waits for its parties to agree'
order 5005 W1000003 11
is "$(opens order-two-customers)" '' 'the third has the right party again'
is "$(sync-audit show --json order:W1000003 | jq -c '[.history[].what]')" \
    '["raised","closed"]' 'by itself'

# An order that goes on under another number leaves nothing open behind it.
wrong() { order 5100 "$1" 11 5.50; }
wrong 5100
is "$(opens order-totals-mismatch)" order:5100 'totals that do not add up'
wrong W1005100
is "$(opens order-totals-mismatch)" order:W1005100 'follow the order'

# --- IDocs ---

# idoc NUMBER TEXT: of no customer, broken by a text with an end of its own.
idoc() {
	cat <<END
<ZNOTE01><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>
<DOCNUM>$(printf %016d "$1")</DOCNUM><IDOCTYP>ZNOTE01</IDOCTYP><MESTYP>ZNOTE</MESTYP>
<SNDPRN>ECCPRD</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>080000</CRETIM></EDI_DC40>
<Z1NOTE SEGMENT="1"><TEXT>$2</TEXT></Z1NOTE></IDOC></ZNOTE01>
END
}
read_idoc() { idoc "$@" | idoc-parse -q >>log 2>&1; }
open_idocs() { sync-audit exceptions --subject idoc | sed 1d | cut -f 4 | paste -sd ' '; }
read_idoc 91 'A</B>'
read_idoc 92 'B</C>'
is "$(open_idocs)" 'idoc:0000000000000091 idoc:0000000000000092' 'two cannot be read'
read_idoc 91 A
is "$(open_idocs)" idoc:0000000000000092 'one comes again, mended'

# --- customers ---

# customer ID REST
customer() {
	record customer DEBMAS "$1" "\"kunnr\":\"$1\",\"last_name\":\"Good\"$2" |
	    customer-aggregate -q >/dev/null
}
for code in no-identity field-cut; do
	case $code in
	no-identity) wrong= name=customer-$code ;;
	field-cut)
		wrong=",\"email\":\"c@example.com\",\"first_name\":\"$(printf '%0300d' 0)\""
		name=contact-$code
		;;
	esac
	customer 21 "$wrong"
	customer 22 "$wrong"
	is "$(opens $name)" 'customer:21 customer:22' "$code of two"
	customer 21 ',"email":"a@example.com","first_name":"Al"'
	is "$(opens $name)" customer:22 'what is mended is over, the other not'
	customer 21 "$wrong"
	is "$(opens $name)" 'customer:21 customer:22' 'and back with its cause'
	customer 21 ',"email":"a@example.com","first_name":"Al"'
	customer 22 ',"email":"b@example.com","first_name":"Bo"'
	is "$(opens $name)" '' 'both are mended'
done
for deleted in true false; do
	customer 23 ",\"deleted\":$deleted"
	customer 24 ",\"deleted\":$deleted"
done
is "$(opens customer-flag-cleared)" 'customer:23 customer:24' 'two flags are taken back'
customer 23 ',"deleted":true'
is "$(opens customer-flag-cleared)" customer:24 'one is set again'

# --- stock ---

movement 2026-1-1 '"quantity":"1","sign":"+"'
movement 2026-2-1 '"quantity":"many","sign":"+","material":"77"'
is "$(opens sku-missing) $(opens record-invalid)" \
    'stock_movement:2026-1-1 stock_movement:2026-2-1' 'no SKU, and no number'
movement 2026-3-1 '"quantity":"1","sign":"+","material":"77"'
is "$(opens sku-missing) $(opens record-invalid)" \
    'stock_movement:2026-1-1 stock_movement:2026-2-1' 'others change nothing'
movement 2026-1-1 '"quantity":"1","sign":"+","material":"77"'
is "$(opens sku-missing) $(opens record-invalid)" \
    ' stock_movement:2026-2-1' 'the SKU comes'
movement 2026-2-1 '"quantity":"1","sign":"+","material":"77"'
is "$(opens record-invalid)" '' 'the number comes'

movement 2026-4-1 '"quantity":"1","movement_type":"Z41","material":"77"'
movement 2026-5-1 '"quantity":"1","movement_type":"Z51","material":"77"'
is "$(opens stock-unknown-movement)" 'movement_type:Z41 movement_type:Z51' \
    'two types that nobody knows'
printf '[movement "Z41"]\neffect = plus\n' >sync.conf
stock-aggregate </dev/null
is "$(opens stock-unknown-movement)" movement_type:Z51 \
    'the configuration knows one'
movement 2026-6-1 '"quantity":"1","movement_type":"Z51","material":"77"'
is "$(opens stock-unknown-movement)" movement_type:Z51 'the other stays'

movement 2026-7-1 '"quantity":"1","sign":"+","material":"77"'
movement 2026-7-1 '"quantity":"2","sign":"+","material":"77"'
movement 2026-8-1 '"quantity":"1","sign":"+","material":"88"'
movement 2026-8-1 '"quantity":"2","sign":"+","material":"88"'
conflicts='stock_movement:2026-7-1 stock_movement:2026-8-1'
is "$(opens stock-conflict)" "$conflicts" 'two contents'
level 77 5 2026-03-02T08:59:00Z
is "$(opens stock-conflict)" "$conflicts" 'an earlier snapshot covers nothing'
level 77 5 2026-03-02T11:00:00Z
is "$(opens stock-conflict)" stock_movement:2026-8-1 'a later one covers one'

# --- a file once more ---

mkdir in
sed -n '/<IDOC/,/<.IDOC>/p;/<.IDOC>/q' \
    "$ROOT/examples/inbox/12-goods-movements.xml" |
    sed 's,<BWART>[^<]*<,<BWART>Z61<,; s,<MOVE_TYPE>[^<]*<,<MOVE_TYPE>Z61<,' |
    sed '1s/^/<X>/; $s,$,</X>,' >in/moves.xml
read_inbox() {
	idoc-parse -q --settle 0 --archive done in 2>>log | sku-normalise |
	    stock-aggregate -q >>log
	idoc-parse -q --settle 0 --archive done in 2>>log
}
read_inbox
is "$(opens stock-unknown-movement)" 'movement_type:Z51 movement_type:Z61' \
    'a type in a file'
is "$(find in -type f)" '' 'which is archived'
printf '[movement "Z61"]\neffect = minus\n' >>sync.conf
ok 'it is wanted again' sync-audit retry movement_type:Z61
like "$(cat err)" "read again by the next run: 'in/moves.xml'" 'which is said'
ok 'and there' test -f in/moves.xml
rc_is 0 'twice is as good' sync-audit retry --by jo movement_type:Z61
like "$(sync-audit show movement_type:Z61)" ' retried by jo$' 'by whom is noted'
read_inbox
is "$(opens stock-unknown-movement)" movement_type:Z51 'now it is known'
is "$(sqlite3 sync.db "SELECT count(*) FROM idoc_record WHERE outcome = 0
    AND idoc IN (SELECT id FROM idoc WHERE mestyp = 'MBGMCR'
    AND file IS NOT NULL)")" 2 'and counts'
echo another >in/moves.xml
sqlite3 sync.db "UPDATE exception SET open = 1, opened_at = 1 WHERE id = 'Z61'"
rc_is 73 'another file of that name' sync-audit retry movement_type:Z61
is "$(cat in/moves.xml)" another 'stays'
rm -r in/moves.xml done
rc_is 66 'and one that is gone' sync-audit retry movement_type:Z61
rc_is 66 'and one that never was' sync-audit retry type:order
rc_is 64 'a code that is not open' sync-audit retry stage-missing
rc_is 64 'a kind alone' sync-audit retry order

# --- the line ---

order='{"v":1,"type":"order","id":"W2","stage":"provisional","web_order":"W2"}'
sandbox_start
push() {
	ometria-push -q --url "$SANDBOX_URL" --api-key-file key >/dev/null 2>&1
}
echo "$order" | push
is "$(opens stage-missing)" type:order 'an aggregator is missing'
stock-aggregate -q </dev/null
level 77 5 2026-03-02T11:30:00Z
is "$(opens stage-missing)" type:order 'another one is not it'
echo "$order" | order-aggregate -q >/dev/null
is "$(opens stage-missing)" '' 'it is there'

desired='"order_id":"X1","placed_at":"2026-03-01T09:00:00Z","status":"confirmed","valid":true,"subtotal":"1","grand_total":"1","customer":{"email":"a@example.com"},"lines":[{"sku":"1","quantity":"1","unit_price":"1"}]'
desired='{"v":1,"type":"desired","id":"order:X1","kind":"order","body":{'$desired',"currency":"gbp"}}'
echo "$desired" | push
is "$(opens push-rejected | tr ' ' '\n' | sort | paste -sd ' ')" 'order:W2 order:X1' 'two orders are refused'
push </dev/null
is "$(opens push-rejected | tr ' ' '\n' | sort | paste -sd ' ')" 'order:W2 order:X1' 'which stays so'
about() { sync-audit show "push-rejected:order:$1"; }
counted() { sqlite3 "$SAP_OMETRIA_STATE" "SELECT count FROM exception WHERE code = 'push-rejected' AND id = '$1'"; }
before=$(counted X1)
sync-audit ack -q --by jo order:X1
ok 'one is to leave again' sync-audit retry -q --by jo order:X1
like "$(about X1)" ' retried by jo$' 'by whom is noted'
is "$(about W2 | grep -c ' retried by')" 0 'of this one'
is "$(opens push-rejected | tr ' ' '\n' | sort | paste -sd ' ')" 'order:W2 order:X1' 'Ometria has not taken it'
push </dev/null
is "$(opens push-rejected | tr ' ' '\n' | sort | paste -sd ' ')" 'order:W2 order:X1' 'and refuses it again'
is "$(sync-audit exceptions --is acknowledged | sed 1d | cut -f 4) $(counted X1)" \
    "order:X1 $((before + 1))" 'which is the same matter'
# Ometria would take it now.
sqlite3 "$SAP_OMETRIA_STATE" "UPDATE outbox SET body = replace(body, 'gbp', 'GBP') WHERE id = 'X1'"
ok 'all of them' sync-audit retry -q --by jo
like "$(about W2)" ' retried by jo$' 'each has it in its history'
ometria-push -q --drain --url "$SANDBOX_URL" --api-key-file key </dev/null >/dev/null 2>&1
is "$(opens push-rejected)" order:W2 'what is taken closes'
sandbox_stop

# --- what a person closes ---

echo nonsense | order-aggregate -q >/dev/null
echo "$order" | order-aggregate -q >/dev/null
like "$(opens record-invalid)" '^line:#' 'a line that was left out stays'
done_testing

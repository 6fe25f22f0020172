#!/bin/sh
# order-aggregate: sales documents of one web order that change their sold-to
# party, or their web order number, one after the other.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
docnum=700000

# document NUMBER WEB CUSTOMER [MORE]: SAP says something of a sales document.
document() {
	docnum=$((docnum + 1))
	printf '{"v":1,"type":"order","id":"%s","seq":"20260302080000.%016d","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"M","r":1},"web_order":"%s","sales_document":"%s","currency":"GBP","customer":{"id":"%s"},%s}\n' \
	    "$2" "$docnum" "$docnum" "$2" "$1" "$3" \
	    "${4:-\"stage\":\"changed\"}" >in.jsonl
	order-aggregate -q -s s.db <in.jsonl >out.jsonl
}
full='"stage":"confirmed","lines":[{"line":"10","sku":"12345","quantity":"1","subtotal":"10.00"}],"totals":{"subtotal":"10.00","tax":"2.00","grand_total":"12.00"}'
sql() { sqlite3 s.db "$1"; }
sent() { sql 'UPDATE outbox SET intent_rev = rev'; }
leaves() {
	sql "SELECT id || ' ' || (body ->> '\$.customer.id') || ' ' ||
	    (body ->> '\$.grand_total') FROM outbox WHERE kind = 2
	    AND withheld IS NULL ORDER BY id" | paste -sd ' '
}
wrong() {
	sql "SELECT code || ':' || id FROM exception WHERE open ORDER BY id" |
	    paste -sd ' '
}

# --- the sold-to party ---

for state in queued sent; do
	rm -f s.db*
	document 1 W100001 11 "$full"
	document 2 W100001 11 "$full"
	[ $state = queued ] || sent
	is "$(leaves)" 'W100001 11 24.00' "$state: one order of two documents"
	document 1 W100001 12
	is "$(leaves)" '' 'the first is for somebody else: nothing leaves'
	is "$(wrong)" order-two-customers:W100001 'it is an exception'
	is "$(sql "SELECT count(*) FROM outbox WHERE body LIKE '%\"12\"%'")" 0 \
	    'and nobody else was told of it'
	document 2 W100001 12
	is "$(leaves)" 'W100001 12 24.00' 'so is the second: all of it'
	is "$(wrong)" '' 'and nothing is wrong any more'
	is "$(sql 'SELECT resolution FROM exception')" healed 'by itself'
done

rm -f s.db*
document 1 W100001 11 "$full"
document 2 W100001 12 "$full"
is "$(leaves)" 'W100001 11 12.00' 'a document of somebody else stands apart'
is "$(wrong)" order-two-customers:2 'under an exception'
document 1 W100001 11 "$full"
is "$(leaves) $(wrong)" 'W100001 11 12.00 order-two-customers:2' \
    'the order goes on without it'
document 1 W100001 12
is "$(leaves) $(wrong)" 'W100001 12 24.00 ' \
    'until the order is that party'\''s: nothing need be sent again'

rm -f s.db*
document 1 W100001 11 "$full"
document 2 W100001 12 "$full"
document 2 W100002 12
is "$(leaves) $(wrong)" 'W100001 11 12.00 W100002 12 12.00 ' \
    'or it has a number of its own'

# --- the web order number ---

for state in queued sent; do
	rm -f s.db*
	document 1 W100001 11 "$full"
	document 2 W100001 11 "$full"
	[ $state = queued ] || sent
	document 1 W100002 11
	is "$(leaves) $(wrong)" 'W100001 11 12.00 W100002 11 12.00 ' \
	    "$state: one of two documents moves, the other stays"
	document 2 W100002 11
	if [ $state = queued ]; then
		is "$(leaves) $(wrong)" 'W100002 11 24.00 ' \
		    'the other follows: nothing is left of the first order'
		document 3 W100001 13 "$full"
		is "$(leaves)" 'W100001 13 12.00 W100002 11 24.00' \
		    'until something comes under its number'
	else
		is "$(sql "SELECT body ->> '\$.valid' FROM outbox WHERE id = 'W100001'")" \
		    0 'the other follows: the order that was sent is void'
		is "$(sql "SELECT body ->> '\$.grand_total' FROM outbox WHERE id = 'W100002'")" \
		    24.00 'and both are in the second'
	fi
done

rm -f s.db*
document 1 W100002 11 "$full"
sed -i 's/W100002/W100001/g; s/"seq":"[0-9]*/"seq":"20260301080000/; s/0700/0800/' in.jsonl
order-aggregate -q -s s.db <in.jsonl >out.jsonl
is "$(leaves)" 'W100002 11 12.00' 'an older message takes no document back'
done_testing

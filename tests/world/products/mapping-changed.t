#!/bin/sh
# "The mapping file was corrected in the middle of it": whenever that was, all is
# said of the new SKU, and the old one is no product any more.
. "$(dirname "$0")/products.sh"

material hat 20260302080000 1#####
priced price 20260302080100 1##### 12.00
message count <<'END'
{"v":1,"type":"stock_level","id":"1#####:1100:0001","material":"1#####","plant":"1100","location":"0001","quantity":"2","as_of":"2026-03-02T06:00:00Z"}
END
moved sold 20260302090000 601:1#####:1100:0001:2
comes_to <<'END'
HOOD##### 12 active out
END

permute
awk '{ print "1" $1 ",HAT" $1 }' orders >old
awk '{ print "1" $1 ",HOOD" $1 }' orders >new
line() {
	sku-normalise -q -s state.db --map "$1" 2>err.line | folding -s state.db
}
# As if Ometria had taken all that waits.
delivered() {
	sqlite3 state.db "UPDATE outbox SET state = 0, intent_rev = rev,
	    accepted_rev = rev, accepted_hash = hash"
}
for change in 1 2 3 4 5; do
	rm -f state.db*
	: >out.records
	for round in round.*; do
		[ "${round#round.}" -ge "$change" ] && file=new || file=old
		line "$file" <"$round" >>out.records
		delivered
	done
	line new </dev/null >>out.records
	final_of_stock state.db | grep -v '^exception' | by_permutation |
	    grep -v '"HAT#' >final
	all_alike "changed before message $change" final
	is "$(stock_told one)" "$(cat expected)" 'is what the retailer expects'
	is "$(sqlite3 state.db "SELECT id FROM outbox WHERE id LIKE 'HAT%'
	    AND json_extract(body, '\$.active') LIMIT 3")" '' \
	    'and the old SKU is not active'
	is "$(sqlite3 state.db "SELECT count(*) > 0 FROM outbox WHERE id LIKE 'HAT%'")" \
	    "$([ "$change" -le 2 ] && echo 0 || echo 1)" \
	    'which Ometria has where it was complete before'
done

# The same through the line, message by message; a topic is read with one
# mapping.
[ -z "${WORLD_TOPIC:-}" ] || done_testing
printf '170000,HAT70000\n' >old
printf '170000,HOOD70000\n' >new
normalising() {
	turn=$(($(cat turn) + 1))
	echo $turn >turn
	[ $turn -ge "$change" ] && file=new || file=old
	sku-normalise -q -s line.db --map $file
}
product_told="select(.is_active) | $product_told"
for change in 1 2 3 4; do
	echo 0 >turn
	in_the_line
	echo 0 >turn
	in_the_line backwards
done
done_testing

#!/bin/sh
# Orders that ended long ago are forgotten but for their numbers: what comes of
# them again, or anew, changes nothing in Ometria, and what is not at its end
# stays whole.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

export SAP_OMETRIA_CONFIG="$T/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
umask 077
sed "s/^settle = .*/settle = 1ms/; s/^#retain-orders =.*/retain-orders = 400d/" \
    "$ROOT/examples/sync.conf" >sync.conf
mkdir in done
cp "$ROOT"/examples/inbox/* in
touch -d 2026-03-01 in/*
cp -Rp in all
sandbox_start --rate 0 --data-rate 0

push() {
	ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" --rate 0 "$@"
}
line() {
	idoc-parse -q -s sync.db --archive done in | sku-normalise -s sync.db |
	    customer-aggregate -s sync.db | order-aggregate -s sync.db |
	    stock-aggregate -s sync.db | push "$@" >said 2>&1
}
db() { sqlite3 sync.db "$1"; }
rows() {
	db "SELECT (SELECT count(*) FROM order_line WHERE order_id = '$1'),
	    (SELECT count(*) FROM order_document WHERE order_id = '$1'),
	    (SELECT count(*) FROM shipment_line WHERE web_order = '$1' OR document IN
		(SELECT document FROM order_document WHERE order_id = '$1')),
	    (SELECT forgotten FROM orders WHERE id = '$1')"
}

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
line
is "$(db "SELECT json_extract(body, '$.status') FROM outbox WHERE kind = 2 AND id = 'W100005'")" \
    shipped 'an order was shipped'
is "$(db "SELECT json_extract(body, '$.status') FROM outbox WHERE kind = 2 AND id = 'W100004'")" \
    part_shipped 'another one in part'
whole=$(rows W100005) part=$(rows W100004)
like "$whole" '^[1-9][0-9]*\|[1-9]\|[1-9][0-9]*\|0$' 'the state has the lines of it'
sandbox_dump >first

export SAP_OMETRIA_NOW=2027-04-05T12:00:00Z
push --drain
is "$(rows W100005)" "$whole" 'for so long as is said'
export SAP_OMETRIA_NOW=2027-04-07T12:00:00Z
push --drain -n >plan
is "$(rows W100005)" "$whole" 'a rehearsal forgets nothing'
push --drain
is "$(rows W100005)" '0|2|0|1' 'then only the numbers are left'
is "$(rows W100004)" "$part" 'what is not at its end stays whole'
is "$(db "SELECT count(*) FROM shipment AS s WHERE NOT EXISTS(SELECT 1
    FROM shipment_line AS l WHERE l.delivery = s.delivery)
    OR EXISTS(SELECT 1 FROM shipment_line AS l WHERE NOT EXISTS(SELECT 1
    FROM shipment WHERE delivery = l.delivery))")" 0 'no delivery is left without lines'
ended=$(db 'SELECT count(*) FROM orders WHERE forgotten = 1')
is "$(db "SELECT count(*) FROM orders JOIN outbox AS o ON o.kind = 2 AND o.id = orders.id
    WHERE forgotten = 1 AND json_extract(o.body, '$.status') NOT IN
    ('shipped', 'cancelled', 'refunded', 'partial_refund')")" 0 'and only of such'
ok 'the balance holds' sync-audit balance -s sync.db

# --- again, by the ledger and without it ---

sandbox_dump --history | wc -l >pushed
cp -p all/* in
line
is "$(sandbox_dump --history | wc -l)" "$(cat pushed)" 'the same files push nothing'
# New numbers, later: what SAP sends once more, of the order and its deliveries.
for file in 07-orders-uk 09-shipment-part-1 10-shipment-part-2 11-shipment-part-3; do
	sed 's/<DOCNUM>0000/<DOCNUM>0007/; s/<SERIAL>2026/<SERIAL>2027/' \
	    "all/$file.xml" >"in/$file-again.xml"
done
cp all/06-shop-orders.jsonl in/shop-again.jsonl
sed -i 's/"payment_method":"card"/"payment_method":"paypal"/' in/shop-again.jsonl
touch -d 2026-03-01 in/*
line
sandbox_dump >second
is "$(grep W100005 second)" "$(grep W100005 first)" 'a later message of it changes nothing'
is "$(grep -c '^custom_event .*W100005' second)" 1 'nor sends its event twice'
is "$(rows W100005 | cut -d '|' -f 1,4)" '0|1' 'nor makes half of it'
is "$(db "SELECT outcome, i.mestyp FROM idoc_record JOIN idoc AS i ON i.id = idoc
    WHERE rule = 'order-forgotten' GROUP BY 1, 2 ORDER BY 1, 2")" '0|DESADV
4|ORDRSP
4|order' 'the ledger names the rule'
ok 'and the balance holds' sync-audit balance -s sync.db
is "$(db "SELECT count(*) FROM exception WHERE open = 1 AND code = 'shipment-without-order'")" \
    0 'its deliveries wait for nothing'

# --- what Ometria has stays known ---

push --drain --resend order:W100005
is "$(sandbox_dump | grep '^order .*W100005')" "$(grep '^order .*W100005' first)" \
    'it can be sent again'
number=$(db "SELECT customer FROM orders WHERE id = 'W100005'")
ok 'its person can be erased' sync-audit erase -s sync.db --yes "$number"
is "$(db "SELECT count(*) FROM outbox WHERE id = 'W100005' AND
    json_extract(body, '$.customer.id') IS NOT NULL")" \
    "$(db "SELECT count(*) FROM outbox WHERE id = 'W100005' AND
	json_extract(body, '$.customer.id') = '$number'")" 'which leaves the number alone'

# --- in small steps ---

db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO outbox(kind, id, state, lane, rev, last_rev, hash, body, queued_at,
	accepted_rev, confirmed_rev, accepted_at)
    SELECT 2, 'X' || i, 0, 1, 1, 1, zeroblob(16), '{\"status\":\"shipped\"}', 5, 1, 1, 5000 FROM n;
    INSERT INTO orders(id, confirmed_at) SELECT id, 1 FROM outbox WHERE id GLOB 'X*';
    INSERT INTO order_line SELECT id, '1', '10', '[]' FROM orders WHERE id GLOB 'X*';
    UPDATE orders SET remarks = '[1]' WHERE id = 'X7'"
export SAP_OMETRIA_NOW=2027-04-09T12:00:00Z
push --drain
is "$(db "SELECT group_concat(order_id) FROM order_line WHERE order_id GLOB 'X*'")" X7 \
    'more than one step; one of which something is open stays'
ok 'some ended before' test "$ended" -gt 0
sandbox_stop
done_testing

#!/bin/sh
# A person who shares an address and a phone with somebody: the one goes, out of
# files of many too, the other stays; orders as a guest go by the address. Killed
# anywhere, a second erase comes to the same end.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$T/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
umask 077
sed "s/^settle = .*/settle = 1ms/" "$ROOT/examples/sync.conf" >sync.conf
mkdir in done
cp "$ROOT"/examples/inbox/0[1367]-* "$ROOT"/examples/inbox/*-shipment-* in
# Priya Nair (1003) has the address and the phone of Amelia Hart (1001).
sed -i 's/priya.nair@example.com/amelia.hart@example.com/' in/*
sed -i '/<KUNNR>0000001003/s/<SPRAS_ISO>/<TELF1>0113 496 0101<\/TELF1>&/' in/01-*
# Two guests, one of whom is she: under an id whose event has a hash for one.
long=W000000000000000000000000000000077
for mail in Amelia.Hart@example.com quentin.wray@example.com; do
	id=$long
	[ "$mail" = quentin.wray@example.com ] && id=W77
	sed -n 1p in/06-shop-orders.jsonl |
	    sed "s/W100001/$id/g; s/\"customer\":{[^}]*}/\"customer\":{\"email\":\"$mail\"}/"
done >in/guests.jsonl
touch -d 2026-03-01 in/*
sandbox_start --rate 0 --data-rate 0

line() {
	idoc-parse -q -s sync.db "$@" | sku-normalise -s sync.db |
	    customer-aggregate -s sync.db | order-aggregate -s sync.db |
	    stock-aggregate -s sync.db |
	    ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" \
		--rate 0 >said 2>&1
}
db() { sqlite3 sync.db "$1"; }
left() { grep -rilF -e "$1" done sync.db* | sort -u; }
idocs() { grep -c '<IDOC BEGIN' "done/$1"; }

line --archive done in
is "$(ls in)" '' 'all of it is archived'
is "$(db "SELECT count(*) FROM customer WHERE email = 'amelia.hart@example.com'")" 2 \
    'two customers have one address'
is "$(db "SELECT count(DISTINCT phone) FROM customer WHERE customer IN ('1001', '1003')")" 1 \
    'and one phone'
ok 'one of them has an order as a guest' test \
    "$(db "SELECT count(*) FROM orders WHERE id = '$long'")" = 1
customers=$(idocs 01-customers-uk.xml) points=$(idocs 03-addresses.xml)
balance=$(sync-audit balance -s sync.db)
cp -Rp done kept
sqlite3 sync.db '.backup kept.db'

# --- one of the two ---

ok 'erased' sync-audit erase -s sync.db --yes 1001
is "$(left '>Amelia<')$(left '>Hart')" '' 'her name is nowhere'
is "$(idocs 01-customers-uk.xml)" $((customers - 1)) 'one IDoc of many went'
is "$(idocs 03-addresses.xml)" $((points - 1)) 'and one address'
is "$(idoc-parse -q done/01-customers-uk.xml | jq -r 'select(.id == "1003") | .last_name')" \
    Nair 'the other one is still there'
is "$(idoc-parse -q done/03-addresses.xml | jq -r 'select(.customer == "1003") |
    .emails[0].address')" amelia.hart@example.com 'with the address, which is hers as well'
is "$(db "SELECT email FROM customer WHERE customer = '1003'")" amelia.hart@example.com \
    'in the state, too'
is "$(jq -r .id done/guests.jsonl)" W77 'the order as a guest went, that of another stays'
is "$(db "SELECT count(*) FROM outbox WHERE kind = 2 AND id = '$long' AND body LIKE '%amelia%'")" \
    0 'and lost its address'
is "$(db "SELECT count(*) FROM outbox WHERE kind = 2 AND id = 'W77' AND body LIKE '%quentin%'")" \
    1 'alone'
is "$(sync-audit balance -s sync.db)" "$balance" 'the balance holds'

# --- the other number of the same person, say, of two that SAP has merged ---

ok 'both numbers erased' sync-audit erase -s sync.db --yes 1003
is "$(left amelia.hart)" '' 'no byte of the address is left'
is "$(left Nair)" '' 'nor of the second name'
is "$(idocs 01-customers-uk.xml)" $((customers - 2)) 'others stay'
is "$(sync-audit balance -s sync.db)" "$balance" 'and the balance holds'

# --- a guest ---

guest() { printf '%s\n' "$1" >address && shift && sync-audit erase -s sync.db "$@" - <address; }
rc_is 64 'an address is no argument' sync-audit erase -s sync.db quentin.wray@example.com
rc_is 65 'and no other thing is one' guest quentin
rc_is 66 'somebody unknown' guest nobody@example.com
ok 'looked at' guest Quentin.Wray@Example.com
like "$(cat out)" '^file	done/guests.jsonl	1	1' 'a guest is found by the address'
ok 'erased' guest Quentin.Wray@Example.com --yes
is "$(left quentin)" '' 'no byte of it is left'
is "$(db "SELECT count(*) FROM outbox WHERE kind = 2 AND id = 'W77'")" 1 'the order stays'
rc_is 66 'no guest, but a customer,' guest oliver.penn@example.com --yes
like "$(cat err)" "customer '1002' has the address" 'is told whose it is'
is "$(db "SELECT email FROM customer WHERE customer = '1002'")" oliver.penn@example.com \
    'and that one stays'
is "$(sync-audit balance -s sync.db)" "$balance" 'the balance holds'

# --- killed in between ---

if [ -n "${SAN:-}" ]; then
	note 'sanitizers and preloading exclude each other'
	sandbox_stop
	done_testing
	exit
fi
again() {
	rm -rf done sync.db*
	cp -Rp kept done
	cp kept.db sync.db
}
# harmed AT: erased, killed there, and erased again.
harmed() {
	again
	rm -f calls
	KILLPOINT_COUNTER=$T/calls KILLPOINT_AT=$1 \
	    LD_PRELOAD=$BUILD/tests/killpoint.so \
	    sync-audit erase -q -s sync.db --yes 1001 >out 2>err
	[ "$1" = 0 ] || sync-audit erase -q -s sync.db --yes 1001 >out 2>err ||
	    [ $? -eq 66 ] || echo "exit code of the second: $?"
	find done -type f -exec cksum {} + | sort
	sqlite3 sync.db 'SELECT * FROM customer; SELECT * FROM outbox ORDER BY n;
	    SELECT docnum FROM idoc WHERE file IS NULL ORDER BY docnum;
	    SELECT * FROM suppression; PRAGMA integrity_check' | cksum
	left Amelia
	sync-audit balance -s sync.db | tail -n 1
}
harmed 0 >wanted
calls=$(od -An -td8 calls | tr -d ' ')
ok 'there are points to be killed at' test "$calls" -gt 40
bad=
for at in $(awk -v n="$calls" 'BEGIN { for (i = 0; i < 40; i++)
	print 1 + int(i * (n - 1) / 39) }'); do
	harmed "$at" >got
	cmp -s wanted got || bad="$bad $at"
done
is "$bad" '' 'killed anywhere, a second one comes to the same end'
sandbox_stop
done_testing

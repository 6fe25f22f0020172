#!/bin/sh
# Reading scaled out: two hosts write into a topic keyed by customer and one
# folds it, against the mock cluster of librdkafka. What comes of it is what a
# single line makes of the same files; what comes again changes nothing.
. "$(dirname "$0")/../lib.sh"

. "$ROOT/tests/kafka.sh"
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$T/sync.conf" SAP_OMETRIA_TOPIC=records
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
sed "s/^settle = .*/settle = 1ms/" "$ROOT/examples/sync.conf" >sync.conf
cluster_start

fold() { topic_fold "$T/sync.db" --url "$SANDBOX_URL" --rate 0 "$@"; }
messages() {
	kcat -C -q -e -b "$SAP_OMETRIA_BROKERS" -t records -o beginning -X fetch.wait.max.ms=50 -f "$1"
}
# What Ometria has. An opt-out tells the address of before when that was to be
# sent already, which depends on what came together.
holds() { sandbox_dump | sed '/EXPLICITLY_OPTEDOUT/s/"email":"[^"]*",//' | sort; }
pushes() { sandbox_dump --history | wc -l; }

# --- what one line makes of it ---

mkdir one
cp -R "$ROOT/examples/inbox" one/in
touch -d 2026-03-01 one/in/*
sandbox_start --rate 0 --data-rate 0
idoc-parse -q -s one.db one/in | sku-normalise -s one.db |
    customer-aggregate -s one.db | order-aggregate -s one.db |
    stock-aggregate -s one.db |
    ometria-push -q -s one.db --api-key-file key --url "$SANDBOX_URL" --rate 0 >said
holds >wanted
sandbox_stop
rm -f sandbox.db*
sandbox_start --rate 0 --data-rate 0

# --- two hosts, one fold ---

mkdir -p a/in a/done b/in b/done
n=0
for file in one/in/*; do
	n=$((n + 1))
	[ $((n % 2)) -eq 0 ] && host=a || host=b
	cp -p "$file" $host/in
done
: >a/in/begun.xml.part
hosts_read
is "$(cat a.code) $(cat b.code)" '0 1' 'both hosts sent theirs, one with a finding'
is "$(ls a/in b/in | grep -v ':$' | tr -d '\n')" begun.xml.part \
    'and archived it; what is being written is left'
idoc-parse -q one/in | sku-normalise | sed 's|"one/in/|"in/|' | sort >plain
messages '%s\n' | sed "s|\"$T/[ab]/in/|\"in/|" | sort >carried
is "$(diff plain carried)" '' 'the topic has each record, byte for byte'
is "$(messages '%k\t%p\n' | sort -u | cut -f 1 | uniq -d)" '' \
    'all that is of one customer is in one partition'
ok 'more than one partition is used' test "$(messages '%p\n' | sort -u | wc -l)" -gt 1
fold >said 2>&1
is $? 1 'folded: a finding, as in the one line'
holds >got
is "$(diff wanted got)" '' 'Ometria has what the one line gave it'
# Each order whose customer is a contact comes behind it.
is "$(sandbox_dump --history | awk '
    match($0, /(^|[ \t])contact[ \t]/) && match($0, /"customer_id":"[^"]*"/) {
	seen[substr($0, RSTART + 15, RLENGTH - 16)] = 1 }
    match($0, /(^|[ \t])order[ \t]/) && match($0, /"customer":\{[^}]*"id":"[^"]*"/) {
	s = substr($0, RSTART, RLENGTH); sub(/.*"id":"/, "", s); sub(/".*/, "", s)
	orders++
	if (!(s in seen)) print s }
    END { if (orders < 10) print "orders: " orders + 0 }')" '' \
    'no order left before the contact of its customer'

# --- it comes again ---

pushes >before
fold >said 2>&1
is "$(pushes)" "$(cat before)" 'nothing new: nothing sent'
cp -p one/in/* a/in
host_reads a
fold >said 2>&1
is "$(pushes)" "$(cat before)" 'the files sent again push nothing'
rm sync.db-offsets
fold >said 2>&1
is "$(pushes)" "$(cat before)" 'the whole topic read again pushes nothing'
is "$(holds | diff wanted -)" '' 'and Ometria is as it was'
is "$(sqlite3 sync.db 'SELECT count(*) FROM outbox WHERE kind = 3')" \
    "$(sqlite3 one.db 'SELECT count(*) FROM outbox WHERE kind = 3')" \
    'an order has one event'

# --- killed before the offsets are noted ---

sed 's/<SERIAL>2026/<SERIAL>2027/; s/<DOCNUM>0000/<DOCNUM>0009/; s/Penn/Pennington/' \
    one/in/01-customers-uk.xml >b/in/later.xml
touch -d 2026-03-01 b/in/later.xml
host_reads b
cp sync.db-offsets offsets
mkdir broken
printf '#!/bin/sh\nexit 74\n' >broken/stock-aggregate
chmod +x broken/stock-aggregate
PATH=$T/broken:$PATH fold >said 2>&1
is "$(cat sync.db-offsets)" "$(cat offsets)" 'a line that fails notes no offset'
fold >said 2>&1
like "$(holds)" Pennington 'the next one folds what it left'
ok 'and goes on' test "$(cat sync.db-offsets)" != "$(cat offsets)"

# --- as a service ---

SAP_OMETRIA_STATE=$T/sync.db "$ROOT/examples/kafka/fold" --follow \
    --api-key-file key --url "$SANDBOX_URL" --rate 0 >followed 2>&1 &
follower=$!
named() { holds | grep -c "$1"; }
# NAME YEAR NUMBER: the customer again, later still.
comes() {
	sed "s/<SERIAL>2027/<SERIAL>$2/; s/<DOCNUM>0009/<DOCNUM>$3/; s/Pennington/$1/" \
	    b/done/later.xml >"b/in/$1.xml"
	touch -d 2026-03-01 "b/in/$1.xml"
	host_reads b
	is "$(until_is 1 named "$1")" 1 "what a host reads, the follower sends: $1"
}
comes Penrose 2028 0010
comes Penhale 2029 0011
rc_is 75 'another one beside it: try again' fold
kill -TERM "$follower"
wait "$follower"
is "$?" 0 'told to end, it ends after its round'
pushes >before
fold >said 2>&1
is "$(pushes)" "$(cat before)" 'and has noted what it did'

# --- brokers that are away ---

cp -p one/in/01-customers-uk.xml a/in
cluster_stop
rc_is 75 'no cluster: try again' fold
sandbox_stop
done_testing

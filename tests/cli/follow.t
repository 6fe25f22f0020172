#!/bin/sh
# ometria-push --follow: records are taken and delivered at the same time.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_NOW NOTIFY_SOCKET WATCHDOG_USEC
cd "$T" || exit 71
cat >sync.conf <<'END'
[ometria]
rate = 0
settle = 10ms
linger = 50ms
retry = 5ms
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
sandbox_start --rate 0 --data-rate 0
mkfifo pipe

# order ID: a line as order-aggregate without a state writes it.
order() {
	printf '{"v":1,"type":"desired","id":"order:%s","kind":"order","body":{"order_id":"%s","status":"confirmed","valid":true,"placed_at":"2026-03-02T08:00:00Z","currency":"GBP","subtotal":"1.00","grand_total":"1.00","lines":[{"sku":"A","quantity":"1","unit_price":"1.00"}]}}\n' "$1" "$1"
}
# begin [ARGS...]: a follower that reads the pipe, which fd 8 keeps open.
begin() {
	ometria-push --follow -s sync.db --url "$SANDBOX_URL" --api-key-file key "$@" \
	    <pipe >said 2>err &
	follower=$!
	exec 8>pipe
}
held() { sandbox_dump | grep -c '^order '; }
db() { sqlite3 sync.db "PRAGMA busy_timeout = 5000; $1" | tail -n 1; }

# --- as they come ---

begin
order W1 >&8
is "$(until_is 1 held)" 1 'a record leaves while the input stays open'
order W2 >&8
is "$(until_is 2 held)" 2 'and the next one'
order W3 | ometria-push -q -s sync.db --url "$SANDBOX_URL" --api-key-file key >two 2>&1
is "$?" 75 'another pusher on this state says that it is busy'
is "$(until_is 3 held)" 3 'and what it took leaves with this one'
order W4 | ometria-push -q --follow -s sync.db --url "$SANDBOX_URL" --api-key-file key >two 2>&1
is "$?" 75 'one that would follow, too'
is "$(until_is 4 held)" 4 'and its record leaves'
# Something that was kept back until a time.
db "UPDATE outbox SET state = 1, rev = rev + 1, last_rev = rev + 1,
    withheld = CAST(strftime('%s', 'now') AS INTEGER) + 1,
    hash = zeroblob(length(hash)) WHERE id = 'W1'" >/dev/null
is "$(until_is 0 db "SELECT count(*) FROM outbox WHERE state <> 0")" 0 \
    'what waited for its time leaves'
is "$(until_is 4 db 'SELECT count(*) FROM outbox WHERE confirmed_rev = accepted_rev AND accepted_rev > 0')" \
    4 'what was accepted is confirmed meanwhile'
echo '{"v":1,"type":"order","id":"W9"}' >&8
is "$(until_is 1 db "SELECT count(*) FROM exception WHERE code = 'stage-missing'")" 1 \
    'what it cannot take is an exception'
exec 8>&-
wait "$follower"
is "$?" 1 'at the end of the input it ends, with findings'
is "$(grep -c '"code":"stage-missing"' said)" 1 'which it wrote'
like "$(cat err)" '^ometria-push: 5 records in [0-9]+ requests, 0 waiting' 'and a summary'

# --- a full batch at once, others after a while ---

rm -f sync.db*
begin -q
for i in 1 2 3 4 5; do order "L$i"; done >&8
is "$(until_is 9 held)" 9 'five lines of one moment'
is "$(db 'SELECT count(*), max(records) FROM delivery')" '1|5' 'leave together'
exec 8>&-
wait "$follower"
is "$?" 0 'the end'

# --- an event ---

rm -f sync.db*
begin -q
order E1 >&8
printf '{"v":1,"type":"desired","id":"custom_event:shipped-E1","kind":"custom_event","body":{"event":"order_shipped","event_id":"shipped-E1","at":"%s","email":"a@example.com","order_id":"E1"}}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >&8
events() { sandbox_dump | grep -c '^custom_event order_shipped shipped-E1 '; }
is "$(until_is 1 events)" 1 'an event leaves, too, when no more comes'
exec 8>&-
wait "$follower"
is "$?" 0 'the end'

# --- a signal ---

sandbox_stop
sandbox_start --rate 0 --data-rate 0 --fault 'slow@1:300'
rm -f sync.db*
begin -q
order S1 >&8
is "$(until_is 1 db 'SELECT count(*) FROM inflight')" 1 'a request is out'
kill -TERM "$follower"
wait "$follower" 2>/dev/null
is "$?" 143 'a signal ends it'
is "$(sandbox_dump | grep -c '^order S1 ')" 1 'after the answer to what was out'
is "$(db 'SELECT count(*) FROM inflight')$(db 'SELECT count(*) FROM outbox WHERE state <> 0')" \
    00 'which is written down'
exec 8>&-

# --- a service manager ---

cat >listen.pl <<'END'
use IO::Socket::UNIX;
my $name = shift;
my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $name) or die;
open my $out, '>', 'notified';
select((select($out), $| = 1)[0]);
while (defined $s->recv(my $text, 1000)) {
	$text =~ s/\n/ /g;
	print $out "$text\n";
}
END
rm -f sync.db*
perl listen.pl "$T/notify" &
until [ -S notify ]; do sleep 0.01; done
export NOTIFY_SOCKET="$T/notify" WATCHDOG_USEC=20000
begin -q
unset NOTIFY_SOCKET WATCHDOG_USEC
is "$(until_is 1 grep -c '^READY=1 STATUS=delivering$' notified)" 1 'it says that it is ready'
seen() { [ "$(grep -c '^WATCHDOG=1$' notified)" -ge 3 ] && echo yes; }
is "$(until_is yes seen)" yes 'and that it lives, again and again'
exec 8>&-
wait "$follower"
is "$(until_is 1 grep -c '^STOPPING=1$' notified)" 1 'and that it ends'

# --- while Ometria takes its time ---

sandbox_stop
sandbox_start --rate 0 --data-rate 0 --fault 'slow@1:60000'
rm -f sync.db*
begin -q
order E1 >&8
is "$(until_is 1 db 'SELECT count(*) FROM inflight')" 1 'a push is out'
order E2 >&8
taken() { db "SELECT count(*), sum(id = 'E1' AND state = 2) FROM outbox"; }
is "$(until_is '2|1' taken)" '2|1' \
    'what comes is taken before the answer'
kill -KILL "$follower"
wait "$follower" 2>/dev/null
exec 8>&-
sandbox_stop
rm -f sandbox.db*
sandbox_start --rate 0 --data-rate 0 --fault 'slow@1:60000;path=/push/_errors'
rm -f sync.db*
order E3 >in
NOTIFY_SOCKET="$T/notify" WATCHDOG_USEC=20000 ometria-push -q -s sync.db \
    --url "$SANDBOX_URL" --api-key-file key <in >said 2>err &
follower=$!
accepted() { db 'SELECT count(*) FROM outbox WHERE accepted_rev > 0'; }
is "$(until_is 1 accepted)" 1 'a record is accepted, the list of errors asked for'
: >notified
is "$(until_is yes seen)" yes 'it lives while a question is out'
kill -KILL "$follower"
wait "$follower" 2>/dev/null

# --- what does not go together ---

rc_is 64 'not with --drain' ometria-push --follow --drain -s sync.db
rc_is 64 'not with --dry-run' ometria-push --follow -n -s sync.db
rc_is 64 'a time out that is none' ometria-push --timeout soon -s sync.db
order T1 >in
sandbox_stop
rc_is 69 'nobody answers: given up after the time asked for' \
    ometria-push -q -s sync.db --timeout 50ms --url "$SANDBOX_URL" --api-key-file key <in
is "$(db "SELECT state FROM outbox WHERE id = 'T1'")" 2 'and kept'
done_testing

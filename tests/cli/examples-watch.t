#!/bin/sh
# The service as it is installed, from its start to its end: what the units say
# is done here as a service manager does it, whole.
. "$(dirname "$0")/../lib.sh"

command -v systemd-socket-activate >/dev/null ||
    skip_all 'systemd-socket-activate is not installed'
unset SAP_OMETRIA_STATE SAP_OMETRIA_NOW
cd "$T" || exit 71
mkdir -p state etc credentials
ok 'make install' make -s -C "$ROOT" BUILD="$BUILD" CC="${CC:-cc}" \
    SAN="${SAN:-}" DESTDIR="$T/root" PREFIX=/usr install
units=$T/root/usr/lib/systemd/system
sed 's/^settle = .*/settle = 1ms/' "$ROOT/examples/sync.conf" >etc/sync.conf
sandbox_start --rate 0 --data-rate 0
export SAP_OMETRIA_URL="$SANDBOX_URL"
cp key credentials/ometria-api-key

# setting UNIT NAME: its values, with the folders of this test.
setting() {
	sed -n "s/^$2=//p" "$units/$1" | sed "s:%S:$T/state:g
	    s:/etc/sap-ometria:$T/etc:g; s:/usr/:$T/root/usr/:g"
}
# enter UNIT COMMAND...: become it, with what the unit gives it, and a process
# group of its own in place of the control group.
enter() {
	enter_unit=$1
	shift
	umask "$(setting "$enter_unit" UMask)"
	# shellcheck disable=SC2046
	exec setsid env PATH="$T/root/usr/bin:$PATH" \
	    $(setting "$enter_unit" Environment) \
	    CREDENTIALS_DIRECTORY="$T/credentials" "$@"
}
mkdir -p state/sap-ometria/in state/sap-ometria/done
inbox=$T/state/sap-ometria/in

# --- the service ---

cat >listen.pl <<'END'
use IO::Socket::UNIX;
my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => 'notify') or die;
open my $out, '>', 'notified';
select((select($out), $| = 1)[0]);
while (defined $s->recv(my $text, 1000)) {
	$text =~ s/\n/ /g;
	print $out "$text\n";
}
END
perl listen.pl &
listener=$!
until [ -S notify ]; do sleep 0.01; done
begin_service() {
	: >notified
	# shellcheck disable=SC2046
	enter sap-ometria.service env NOTIFY_SOCKET="$T/notify" \
	    $(setting sap-ometria.service ExecStart) >service.out 2>service.err &
	service=$!
	is "$(until_is 1 grep -c '^READY=1' notified)" 1 'the service is ready'
}
# What a stop sends, to whom, and that nobody is left; its exit code to $rc.
end_service() {
	kill -TERM "-$service"
	wait "$service" 2>/dev/null
	rc=$?
	is "$(until_is 0 pgrep -c -g "$service")" 0 'every stage ends'
	is "$rc" 143 'by the signal'
}
is "$(setting sap-ometria.service KillMode)" control-group 'a stop is told to every stage'

begin_service
for file in "$ROOT"/examples/inbox/0*.xml "$ROOT"/examples/inbox/20-*.xml; do
	cp "$file" "$inbox/${file##*/}.part"
	mv "$inbox/${file##*/}.part" "$inbox/${file##*/}"
done
sent() { sandbox_dump | grep -c "^$1 "; }
is "$(until_is 18 sent order)" 18 'files that land become orders in Ometria'
archived() { find state/sap-ometria/done -type f | wc -l; }
is "$(until_is 6 archived)" 6 'and are archived'
is "$(find state -name 'sync.db*' -perm /077)" '' 'nobody else may read the state'

# --- the socket of the shop ---

enter sap-ometria-shop@.service systemd-socket-activate --accept --inetd \
    -E "PATH=$PATH" -E "$(setting sap-ometria-shop@.service Environment)" \
    -l "$T/shop.sock" "$(setting sap-ometria-shop@.service ExecStart)" \
    >shop.out 2>&1 &
shop=$!
until [ -S shop.sock ]; do sleep 0.01; done
cat >hand.pl <<'END'
use IO::Socket::UNIX;
my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => 'shop.sock') or die;
print $s <STDIN>;
$s->shutdown(1);
print <$s>;
END
is "$(perl hand.pl <"$ROOT/examples/inbox/06-shop-orders.jsonl")" 'ok 12' \
    'the shop hands over its orders'
is "$(printf '{"v":1,"type":"order"' | perl hand.pl)" 'error the last line has no end' \
    'and is told of a hand-over that was cut off'
pending() { sandbox_dump | grep "^order " | grep -c "\"status\":\"pending\""; }
is "$(until_is 1 pending)" 1 'what SAP has not yet is pending in Ometria'
kill -TERM "-$shop"
wait "$shop" 2>/dev/null

# --- the timer beside it ---

drain() {
	# shellcheck disable=SC2046
	(enter sap-ometria-drain.service $(setting sap-ometria-drain.service ExecStart)) \
	    >drain.out 2>&1
}
drain
is $? 75 'the timer beside it: another pusher is at work'
like " $(setting sap-ometria-drain.service SuccessExitStatus) " ' 75 ' 'which is no failure'
is "$(pgrep -c -g "$service" ometria-push)" 1 'and the service goes on'

# --- its end ---

end_service
is "$(until_is 1 grep -c '^STOPPING=1' notified)" 1 'which it says'
is "$(cat service.out)" '' 'nothing on its standard output'

# --- ended in the midst, and begun again ---

begin_service
cp "$ROOT"/examples/inbox/* "$inbox"
end_service
begin_service
nothing_waits() { find "$inbox" -type f | wc -l; }
is "$(until_is 0 nothing_waits)" 0 'the next start reads what was left'
is "$(until_is 30 sent order)" 30 'and delivers it'
waits() { sqlite3 state/sap-ometria/sync.db "SELECT count(*) FROM outbox
    WHERE state IN (1, 2) AND customer IS NOT '1015'"; }
is "$(until_is 0 waits)" 0 'all but what is of the customer that is held'
end_service
is "$(sandbox_dump --history | awk -F '\t' '$3 == "custom_event" { print $4 }' |
    sort | uniq -d)" '' 'no event left twice'
(enter sap-ometria-audit.service sync-audit balance) >balance 2>&1
is $? 0 'the balance holds'

# --- by the timer ---

drain
is "$?$(cat drain.out)" 0 'the timer in its place: nothing is left to do'
kill "$listener"
sandbox_stop
done_testing

#!/bin/sh
# The API key: where it may come from, and that it shows nowhere, whatever
# Ometria answers and whatever else is asked for.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
unset CREDENTIALS_DIRECTORY
cat >sync.conf <<'END'
[ometria]
rate = 0
settle = 1ms
retry = 1ms
timeout = 100ms
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
SANDBOX_KEY=s3cret-of-Ometria
record='{"v":1,"type":"desired","id":"product:1","kind":"product","body":{"sku":"1","in_stock":true,"merge":true}}'
printf '%s\n' "$record" >in
# shown FILE...: how many lines of them hold the key.
shown() { cat "$@" | grep -ac "$SANDBOX_KEY"; }

# --- a process at work ---

sandbox_start --rate 0 --data-rate 0 --fault slow@1:60000
mkdir creds
cp key creds/ometria-api-key
mkfifo feed
CREDENTIALS_DIRECTORY=$T/creds ometria-push -v -s s.db --follow \
    --url "$SANDBOX_URL" <feed >out 2>err &
pusher=$!
exec 3>feed
cat in >&3
is "$(until_is 1 sqlite3 s.db 'SELECT count(*) FROM inflight')" 1 \
    'a request is under way'
is "$(shown /proc/$pusher/cmdline)" 0 'no argument holds the key'
is "$(shown /proc/$pusher/environ)" 0 'nor the environment'
is "$(awk '/^Max core file size/ { print $5, $6 }' /proc/$pusher/limits)" '0 0' \
    'a core would be empty'
# A process that may not be dumped belongs to root alone, for whoever asks.
is "$(stat -c %u /proc/$pusher/environ)" 0 'nobody else may look into it'
kill -KILL $pusher
exec 3>&-
wait $pusher 2>/dev/null
is "$(shown s.db*)" 0 'nor what it was killed over'
like "$(ls s.db*)" '^s.db-wal$' 'which is all there'
sandbox_stop

# --- an Ometria that repeats what it was sent ---

cat >echo.pl <<'END'
use IO::Socket::INET;
$| = 1;
my $status = shift;
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 9) or die;
print $s->sockport, "\n";
while (my $c = $s->accept) {
	my ($head, $len) = ('', 0);
	while (my $l = <$c>) {
		last if $l =~ /^\r?\n$/;
		$head .= $l;
		$len = $1 if $l =~ /^content-length: *(\d+)/i;
	}
	read($c, my $body, $len) if $len;
	my ($key) = $head =~ /^x-ometria-auth: *(\S+)/im;
	my $b = qq({"status":"ERROR","request_id":"$key","message":"$key may not","error":"$key"});
	$b = qq([{"request_id":"$key","record_id":"1","record_type":"product","message":"$key","error_message":"$key","error_path":"root > $key"}])
	    if $head =~ /^GET/;
	print $c "HTTP/1.1 ", ($head =~ /^GET/ ? 200 : $status), " $key\r\n",
	    "X-Key: $key\r\nRetry-After: $key\r\nLocation: /$key\r\n",
	    "Content-Length: ", length($b), "\r\nConnection: close\r\n\r\n", $b;
	close $c;
}
END
for status in 202 200 307 400 401 403 404 413 422 429 500 503; do
	rm -f s.db* port
	perl echo.pl $status >port 2>echo.err &
	echo=$!
	until [ -s port ]; do
		kill -0 $echo 2>/dev/null || exit 71
		sleep 0.01
	done
	url=http://127.0.0.1:$(cat port)/v2
	ometria-push -v -s s.db --api-key-file key --url "$url" <in >out 2>err
	sync-audit exceptions -s s.db >list 2>&1
	sync-audit verify -v -s s.db --api-key-file key --url "$url" >seen 2>&1
	is "$(shown out err list seen s.db*)" 0 "repeated in a $status: it is not shown"
	like "$(cat out err list seen)" 'x{17}|429|50[03]|202|[0-9]+ records' \
	    'but that there was something'
	kill $echo
	wait $echo 2>/dev/null
done

# --- files that are no secret ---

: >out
for mode in 640 604 660 606 644 777 610 601; do
	cp key open
	chmod $mode open
	rc_is 77 "a key file with mode $mode" \
	    ometria-push -s s.db --drain --api-key-file open
	like "$(cat err)" "'open' is open to others: chmod 600" 'is refused'
	mkdir -p open.d
	cp -p open open.d/ometria-api-key
	rc_is 77 'as a credential as well' \
	    env CREDENTIALS_DIRECTORY="$T/open.d" ometria-push -s s.db --drain
	is "$(shown out err)" 0 'and not shown'
	rm -f open
done
cp key open
chmod 644 open
ln -s open link
rc_is 77 'a link to one' ometria-push -s s.db --drain --api-key-file link

# --- no key at all ---

rm -f s.db*
ok 'a rehearsal takes none' sh -c 'ometria-push -n -s s.db <in'
ok 'and shows none' sh -c 'ometria-push -n -v -s s.db --api-key-file key <in'
is "$(shown out err)" 0 'when it is given one'
rc_is 64 'it is no argument' ometria-push --api-key "$SANDBOX_KEY" -s s.db
rc_is 78 'and not taken from the environment' env \
    SAP_OMETRIA_API_KEY="$SANDBOX_KEY" OMETRIA_API_KEY="$SANDBOX_KEY" \
    ometria-push -s s.db --drain
printf '[ometria]\napi-key = %s\n' "$SANDBOX_KEY" >key.conf
rc_is 78 'nor from the configuration' ometria-push -c key.conf -s s.db --drain
is "$(shown out err)" 0 'whose line is not repeated'
done_testing

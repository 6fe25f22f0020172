#!/bin/sh
# ometria-push over real https: whom it trusts, and what it never does.
. "$(dirname "$0")/../lib.sh"

command -v nginx >/dev/null || skip_all 'nginx is not installed'
command -v openssl >/dev/null || skip_all 'openssl is not installed'
cd "$T" || exit 71
chmod 755 .
unset CREDENTIALS_DIRECTORY https_proxy HTTPS_PROXY http_proxy all_proxy \
    ALL_PROXY no_proxy NO_PROXY
printf '[ometria]\nrate = 0\nsettle = 1ms\nretry = 1ms\n' >sync.conf
export SAP_OMETRIA_CONFIG="$T/sync.conf"

# authority NAME; certificate NAME SUBJECT-ALTERNATIVE, made out by ca.
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -subj "/CN=$1" -days 2 -keyout "$1.key" -out "$1.pem" \
	    2>>openssl.err || exit 71
}
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -subj "/CN=$1" -addext "subjectAltName=$2" -CA ca.pem \
	    -CAkey ca.key -days 2 -keyout "$1.key" -out "$1.pem" \
	    2>>openssl.err || exit 71
}
authority ca
authority stranger
certificate right IP:127.0.0.1,DNS:right.example
certificate wrong DNS:other.example
sandbox_start --rate 0 --data-rate 0

# Which certificate is shown depends on the name that is asked for; an address
# is no name and gets the first.
site() {
	for name in right wrong; do
		cat <<END
server {
	listen 127.0.0.1:$1 ssl;
	server_name $name.example;
	ssl_certificate $T/$name.pem;
	ssl_certificate_key $T/$name.key;
	location /v2/ { proxy_pass ${SANDBOX_URL%/v2}; }
	location /moved/ { return 307 /v2/push; }
}
END
	done
}
nginx_start site
url=https://127.0.0.1:$nginx_port/v2

contact() {
	printf '{"v":1,"type":"desired","id":"contact:%s","kind":"contact","body":{"id":"%s","customer_id":"%s","email":"c%s@example.com","lastname":"%s"}}\n' \
	    "$1" "$1" "$1" "$1" "$2"
}
push() { ometria-push -s s.db --api-key-file key --timeout 1s "$@" <in; }
drain() { push --drain "$@"; }
held() { sandbox_dump | grep -c .; }
arrivals() { sandbox_dump --history | grep -c .; }

contact 1 Doe >in
rc_is 76 'an authority that the system does not know: refused' push --url "$url"
like "$(cat err)" 'cannot talk to Ometria: .*certificate' 'and why'
rc_is 76 'another authority' drain --url "$url" --ca-file stranger.pem
rc_is 66 'a file that is not there' drain --url "$url" --ca-file nowhere.pem
like "$(cat err)" "cannot read the CA file 'nowhere.pem'" 'is named'
rc_is 76 'a file without certificates' drain --url "$url" --ca-file sync.conf
is "$(held)" 0 'of all that nothing was sent'
rc_is 0 'the right authority' drain --url "$url" --ca-file ca.pem
is "$(held)" 1 'what was kept is there'

contact 1 Roe >in
sed 's/^rate.*/&\nca-file = ca.pem/' sync.conf >ca.conf
mkdir elsewhere
rc_is 0 'the configured authority, beside the configuration' sh -c "cd elsewhere &&
    ometria-push -c ../ca.conf -s ../s.db --api-key-file ../key --url '$url' <../in"
is "$(arrivals)" 2 'delivers'
contact 1 Poe >in
rc_is 76 'the option goes before it' \
    push -c ca.conf --url "$url" --ca-file stranger.pem
rc_is 0 'sync-audit trusts the configured one as well' sync-audit diff \
    -c ca.conf -s s.db --api-key-file key --url "$url"
rc_is 76 'and no other' sync-audit diff -s s.db --api-key-file key --url "$url"

# A proxy that notes what it is asked, and goes to the one server for any name.
cat >proxy.pl <<'END'
use IO::Socket::INET;
use IO::Select;
my $to = shift;
my $door = IO::Socket::INET->new(Listen => 9, LocalAddr => '127.0.0.1') or die;
open(my $port, '>', 'proxy.new');
print $port $door->sockport;
close $port;
rename 'proxy.new', 'proxy.port';
$SIG{CHLD} = 'IGNORE';
while (my $client = $door->accept) {
	next if fork;
	my $asked = '';
	while ($asked !~ /\r\n\r\n/) {
		sysread($client, $asked, 4096, length $asked) or exit;
	}
	open(my $log, '>>', 'proxy.log');
	print $log $asked;
	close $log;
	my $server = IO::Socket::INET->new("127.0.0.1:$to") or exit;
	syswrite($client, "HTTP/1.1 200 OK\r\n\r\n");
	my $both = IO::Select->new($client, $server);
	while (1) {
		for my $from ($both->can_read) {
			sysread($from, my $bytes, 65536) or exit;
			syswrite($from == $client ? $server : $client, $bytes);
		}
	}
}
END
perl proxy.pl "$nginx_port" &
proxy=$!
is "$(until_is yes sh -c '[ -s proxy.port ] && echo yes')" yes 'a proxy listens'
https_proxy=http://127.0.0.1:$(cat proxy.port)
http_proxy=$https_proxy
export https_proxy http_proxy
rc_is 0 'by a proxy, to a name that only it knows' \
    drain --url "https://right.example:$nginx_port/v2" --ca-file ca.pem
is "$(arrivals)" 3 'delivers'
like "$(cat proxy.log)" "^CONNECT right.example:$nginx_port " 'it was asked'
is "$(grep -c -i "$SANDBOX_KEY\|ometria-auth" proxy.log)" 0 'it sees no key'
contact 2 Doe >in
rc_is 76 'a certificate of another name: refused' \
    push --url "https://wrong.example:$nginx_port/v2" --ca-file ca.pem
is "$(held)" 1 'nothing was sent'
: >proxy.log
rc_is 0 'the local Ometria' drain --url "$SANDBOX_URL"
is "$(cat proxy.log)" '' 'is asked without a proxy'
kill "$proxy"
unset https_proxy http_proxy

contact 3 Doe >in
rc_is 76 'a redirect ends the run' \
    push --url "https://127.0.0.1:$nginx_port/moved" --ca-file ca.pem
is "$(held)" 2 'it is not followed'
is "$(grep -l "$SANDBOX_KEY" s.db* out err)" '' 'the key is nowhere'
ok 'the sandbox ends cleanly' sandbox_stop
nginx_stop
done_testing

# shellcheck shell=sh
# TAP for shell tests, run by prove. A test starts with
#
#	#!/bin/sh
#	. "$(dirname "$0")/../lib.sh"
#
# and ends with done_testing. It gets:
#
#	$T       its own directory, removed at the end (kept with TEST_KEEP=1)
#	$ROOT    the top of the repository; $SHARED the folder of public samples
#	$BUILD   the build directory, absolute; $BUILD/bin is first in PATH
#
#	ok DESC CMD...         CMD exits 0; its output goes to $T/out, $T/err
#	is GOT WANT DESC       the texts are equal
#	like GOT ERE DESC      a line of GOT matches the extended expression
#	rc_is WANT DESC CMD... CMD exits WANT; output as for ok
#	wait_for CMD...        CMD exits 0 at last; false after two minutes
#	until_is WANT CMD...   CMD prints WANT at last; prints what it printed
#	skip_all REASON        nothing of this test can run here (fails if CI=true)
#	note TEXT              a diagnostic line
#	diag TEXT              the same of a failure: on stderr, which prove shows
#	note_file WHAT FILE    the start of a file, likewise
#	done_testing           the plan; exits 1 when a check failed
#
# The local Ometria (tests/sandbox):
#
#	sandbox_start [ARGS...] starts it on $T/sandbox.db (made when missing) and
#	                        sets SANDBOX_URL; its key is in the file $T/key;
#	                        what is pushed is processed at once, but for --delay;
#	                        SANDBOX_SWITCHES, NAME=VALUE..., are set first
#	sandbox_stop            ends it; false when it did not exit 0
#	sandbox_dump [ARGS...]  what it holds: records, --journal, --history, ...
#
# A server for https:
#
#	nginx_start CMD         CMD PORT prints the site, which listens there on
#	                        127.0.0.1; its errors go to $T/logs/error.log;
#	                        sets nginx_port
#	nginx_stop              ends it

set -u
umask 022

ROOT=$(cd "$(dirname "$0")" && pwd -P)
while [ ! -f "$ROOT/tests/lib.sh" ] && [ "$ROOT" != / ]; do
	ROOT=$(dirname "$ROOT")
done
SHARED=$ROOT/../shared
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$ROOT/$BUILD ;;
esac
PATH=$BUILD/bin:$PATH
T=$(mktemp -d "${TMPDIR:-/tmp}/sap-ometria.XXXXXX") || exit 71
LC_ALL=C
TZ=UTC
export ROOT SHARED BUILD PATH T LC_ALL TZ

test_count=0
test_failed=0
sandbox_pid=
SANDBOX_URL=
SANDBOX_KEY=${SANDBOX_KEY:-sandbox-key}

test_end() {
	test_rc=$?
	trap - EXIT
	set +e
	# Whatever runs in the background is of this test alone.
	jobs -p >"$T/jobs"
	while read -r test_job; do
		kill -KILL "$test_job" 2>/dev/null
		wait "$test_job" 2>/dev/null
	done <"$T/jobs"
	if [ -n "${TEST_KEEP:-}" ]; then
		note "kept $T"
	else
		rm -rf "$T"
	fi
	exit "$test_rc"
}
trap test_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

diag() {
	note "$@" >&2
}

# The start of a text as diagnostics.
diag_lines() {
	head -n "$1" | sed 's/^/#   /' >&2
}

note_file() {
	[ -s "$2" ] || return 0
	diag "$1:"
	diag_lines 20 <"$2"
}

pass() {
	test_count=$((test_count + 1))
	printf 'ok %d - %s\n' "$test_count" "$1"
}

fail() {
	test_count=$((test_count + 1))
	test_failed=$((test_failed + 1))
	printf 'not ok %d - %s\n' "$test_count" "$1"
	diag "  Failed test $test_count of $0: $1"
}

rc_is() {
	test_want=$1
	test_desc=$2
	shift 2
	"$@" >"$T/out" 2>"$T/err"
	test_got=$?
	if [ "$test_got" -eq "$test_want" ]; then
		pass "$test_desc"
		return 0
	fi
	fail "$test_desc"
	diag "exit code $test_got, wanted $test_want: $*"
	note_file stdout "$T/out"
	note_file stderr "$T/err"
	return 1
}

ok() {
	test_desc=$1
	shift
	rc_is 0 "$test_desc" "$@"
}

is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
		return 0
	fi
	fail "$3"
	printf '%s\n' "$1" >"$T/.got"
	printf '%s\n' "$2" >"$T/.want"
	diag "difference, < wanted, > got:"
	diff "$T/.want" "$T/.got" | diag_lines 40
	return 1
}

like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		pass "$3"
		return 0
	fi
	fail "$3"
	diag "no line matches /$2/ in:"
	printf '%s\n' "$1" | diag_lines 20
	return 1
}

skip_all() {
	if [ "${CI:-}" = true ]; then
		echo 1..1
		fail "cannot be skipped here: $1"
		exit 1
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

# wait_for CMD...: until CMD exits 0; false when it does not in two minutes.
wait_for() {
	wait_end=$(($(date +%s) + 120))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$wait_end" ] || return
		sleep 0.01
	done
}
# until_is WANT CMD...: until CMD prints WANT; what it printed last is the answer,
# so that it is judged by what was waited for.
until_is() {
	want=$1
	shift
	wait_for prints_it "$@"
	printf '%s\n' "$until_got"
}
prints_it() {
	until_got=$("$@" 2>/dev/null)
	[ "$until_got" = "$want" ]
}

done_testing() {
	echo "1..$test_count"
	[ "$test_failed" -eq 0 ] || diag "$test_failed of $test_count failed"
	[ "$test_failed" -eq 0 ] && [ "$test_count" -gt 0 ]
	exit
}

sandbox_start() {
	[ -z "$sandbox_pid" ] || sandbox_stop
	rm -f "$T/port"
	(umask 077 && printf '%s\n' "$SANDBOX_KEY" >"$T/key")
	case " $* " in
	*' --delay '*) ;;
	*) set -- --delay 0 "$@" ;;
	esac
	for sandbox_switch in ${SANDBOX_SWITCHES:-}; do
		set -- --set "$sandbox_switch" "$@"
	done
	"$BUILD/tests/ometria-sandbox" --db "$T/sandbox.db" \
	    --port-file "$T/port" --key "$SANDBOX_KEY" "$@" \
	    >"$T/sandbox.log" 2>&1 </dev/null &
	sandbox_pid=$!
	wait_for sandbox_is_up_or_gone
	[ -f "$T/port" ] || {
		diag 'the sandbox did not start'
		note_file 'its output' "$T/sandbox.log"
		exit 71
	}
	SANDBOX_URL=http://127.0.0.1:$(cat "$T/port")/v2
	export SANDBOX_URL
}

sandbox_is_up_or_gone() {
	[ -f "$T/port" ] || ! kill -0 "$sandbox_pid"
}

sandbox_stop() {
	[ -n "$sandbox_pid" ] || return 0
	kill -TERM "$sandbox_pid" 2>/dev/null
	wait "$sandbox_pid"
	test_got=$?
	sandbox_pid=
	[ "$test_got" -eq 0 ] && return 0
	diag "the sandbox exited with $test_got"
	note_file 'its output' "$T/sandbox.log"
	return 1
}

sandbox_dump() {
	"$BUILD/tests/ometria-sandbox" --dump --db "$T/sandbox.db" "$@"
}

# nginx_try CMD PORT: false when the port is taken.
nginx_try() {
	"$1" "$2" >"$T/site.conf"
	cat >"$T/nginx.conf" <<END
daemon off;
pid $T/nginx.pid;
error_log $T/logs/error.log;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path $T/body;
	proxy_temp_path $T/proxy;
	fastcgi_temp_path $T/fastcgi;
	uwsgi_temp_path $T/uwsgi;
	scgi_temp_path $T/scgi;
	include $T/site.conf;
}
END
	nginx -p "$T" -e "$T/logs/error.log" -c "$T/nginx.conf" \
	    >"$T/nginx.out" 2>&1 &
	nginx_pid=$!
	wait_for nginx_is_up_or_gone "$2" && kill -0 "$nginx_pid" 2>/dev/null
}

nginx_is_up_or_gone() {
	curl -sk "https://127.0.0.1:$1/" || ! kill -0 "$nginx_pid"
}

nginx_start() {
	mkdir -p "$T/logs"
	nginx_port=$((20000 + $$ % 20000))
	until nginx_try "$1" "$nginx_port"; do
		nginx_stop
		nginx_port=$((nginx_port + 1))
		[ "$nginx_port" -lt $((20010 + $$ % 20000)) ] || {
			note_file nginx "$T/nginx.out"
			note_file errors "$T/logs/error.log"
			exit 71
		}
	done
}

nginx_stop() {
	kill "$nginx_pid" 2>/dev/null
	wait "$nginx_pid" 2>/dev/null
}

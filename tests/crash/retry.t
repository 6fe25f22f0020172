#!/bin/sh
# sync-audit retry is killed at each of its effects, or power is lost there: the
# next run of the line ends it, or the same retry does: the file is in one place,
# and the state knows which. CRASH_POINTS=all for every effect, not every other.
. "$(dirname "$0")/../lib.sh"

if [ -n "${SAN:-}" ]; then
	echo "1..0 # SKIP sanitizers and preloading exclude each other"
	exit 0
fi
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

cd "$T" || exit 71
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z SAP_OMETRIA_STATE="$T/s.db"
preload=$BUILD/tests/killpoint.so
files() { find in done -type f | sort | tr '\n' ' '; }
line() {
	idoc-parse -q --settle 0 --archive done --wait 5 in 2>>log |
	    customer-aggregate -q >>log
}
# What an operator would see: the files, what the ledger says of them, intents.
standing() {
	files
	sqlite3 s.db "SELECT name FROM file ORDER BY id; SELECT count(*) FROM move"
	sync-audit exceptions --all | sed 1d | cut -f 1,7
	sync-audit balance | sed -n '/^sum/p'
}

mkdir in
echo nothing >in/note.txt
cp "$ROOT/examples/inbox/01-customers-uk.xml" in/
line
is "$(files)" 'done/01-customers-uk.xml done/failed/note.txt done/failed/note.txt.why ' \
    'a file of which nothing could be read'
sqlite3 s.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
mkdir model
cp -Rp in done s.db model
name=file-unreadable

# start: as it was before the retry.
start() {
	rm -rf in done s.db* calls unsynced*
	cp -Rp model/in model/done model/s.db .
}
# retry_at HOW N
retry_at() {
	start
	(
		export KILLPOINT_COUNTER="$T/calls" KILLPOINT_AT="$2"
		[ "$1" = killed ] || export UNSYNCED_LOG="$T/unsynced"
		LD_PRELOAD=$preload sync-audit retry -q --by jo $name 2>>log
	) 2>/dev/null
	[ "$1" != killed ] && [ "$2" -gt 0 ] || return 0
	UNSYNCED_UNDO=$T/unsynced LD_PRELOAD=$preload env true || exit 71
	rm -f s.db-shm
}

retry_at killed 0
total=$(od -An -tu8 calls | tr -d ' ')
is "$(files)" 'done/01-customers-uk.xml in/note.txt ' 'it is back, without its page'
line
standing >want
note "$total effects"
ok 'there are several' test "$total" -gt 5

step=2
[ "${CRASH_POINTS:-}" != all ] || step=1
for how in killed unsynced; do
	wrong=
	n=0
	while [ "$n" -lt "$total" ]; do
		n=$((n + step))
		retry_at $how $n
		[ $((n / step % 2)) -eq 1 ] || line
		case $(files) in
		*in/*) ;; # it is back already: read below
		*) [ "$(sync-audit show --json $name | jq .count)" -gt 1 ] ||
			sync-audit retry -q --by jo $name 2>>log ||
			wrong="$wrong $n:retry" ;;
		esac
		line
		standing >got
		cmp -s got want || {
			wrong="$wrong $n"
			diff want got | head -n 20 | sed 's/^/# /'
		}
	done
	is "$wrong" '' "$how anywhere, the next run ends it"
done

# A foreign file that has the name by then is left alone, whoever looks.
n=0
until [ "$(sqlite3 s.db 'SELECT count(*) FROM move')" = 1 ] ||
    [ "$n" -eq "$total" ]; do
	n=$((n + 1))
	retry_at killed $n
done
rm -rf in
mkdir in
echo another >in/note.txt
line
like "$(files)" ' done/failed/note.txt.1 ' 'a file of that name is another'
is "$(cat done/failed/note.txt done/failed/note.txt.1 | tr '\n' ' ')" \
    'nothing another ' 'and none takes the place of the other'
done_testing

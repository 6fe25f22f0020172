#!/bin/sh
# An IDoc, or a file, that a tool died with three times is set aside; what lies
# beside it gets through, and nobody else is suspected.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
db() { sqlite3 -cmd '.timeout 10000' s.db "$1"; }
# idoc N: one customer.
idoc() {
	printf '<DEBMAS07><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>'
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP>' "$1"
	printf '<MESTYP>DEBMAS</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT>'
	printf '<CRETIM>%06d</CRETIM></EDI_DC40><E1KNA1M SEGMENT="1">' "$1"
	printf '<KUNNR>%010d</KUNNR><NAME1>A</NAME1></E1KNA1M></IDOC></DEBMAS07>\n' "$1"
}

# An aggregator that is killed when it gets the line of IDoc 2. It runs before
# there are lines: a death counts for what is read while the dead one ran.
poisoned() {
	rm -f to
	mkfifo to
	before=$(db 'SELECT coalesce(max(id), 0) FROM run')
	customer-aggregate -q -s s.db <to >/dev/null &
	aggregate=$!
	exec 3>to
	until_is 1 db "SELECT count(*) FROM run WHERE id >= $before
	    AND tool = 'customer-aggregate' AND pid = $aggregate" >/dev/null
	: >ready
	while read -r line; do
		case $line in
		'{"v":1,"type":"exception"'*) ;;
		*'"docnum":"0000000000000002"'*)
			kill -KILL "$aggregate"
			wait "$aggregate" 2>/dev/null
			return 1
			;;
		esac
		printf '%s\n' "$line" >&3
	done
	exec 3>&-
	wait "$aggregate"
}
run() {
	rm -f ready
	{
		until [ -f ready ]; do sleep 0.01; done
		idoc-parse -s s.db --settle 0 in 2>"$T/err"
	} | poisoned
}
open_idocs() {
	db 'SELECT cast(docnum AS INTEGER) FROM idoc WHERE settled = 0
	    ORDER BY 1' | tr '\n' ' '
}

mkdir in
for n in 1 2 3; do idoc $n; done >in/three.xml
idoc-parse -q -s s.db --settle 0 empty >/dev/null 2>&1
run
like "$(open_idocs)" '2' 'after a death the IDoc is open'
run
like "$(open_idocs)" '2' 'after another too'
run
is "$(open_idocs)" '2 3 ' 'given alone, the one before it is settled'
is "$(db 'SELECT count(*) FROM exception WHERE code = "idoc-set-aside"')" 0 'nothing is set aside yet'
run
is "$(open_idocs)" '' 'after three deaths nothing is open'
is "$(db 'SELECT code, subject, id FROM exception WHERE open = 1
    AND code <> "customer-no-identity" ORDER BY code')" \
    'customer-malformed|customer|2
idoc-set-aside|idoc|0000000000000002' 'the IDoc is set aside and its customer held'
like "$(cat err)" 'idoc-set-aside: a tool died three times' 'as is said'
is "$(db 'SELECT count(*) FROM idoc_death AS d JOIN idoc AS i ON i.id = d.idoc
    WHERE i.docnum LIKE "%2"')" 0 'and begins anew'
rc_is 0 'the balance holds' sync-audit balance -s s.db

# A line that is killed as a whole is one death, of however many tools.
rm -f s.db*
mkfifo to.1 to.2 to.3
idoc-parse -q -s s.db --settle 0 empty >/dev/null 2>&1
order-aggregate -q -s s.db <to.1 >to.2 &
killed=$!
stock-aggregate -q -s s.db <to.2 >to.3 &
killed="$killed $!"
sku-normalise -q -s s.db <to.3 >/dev/null &
killed="$killed $!"
exec 3>to.1
running() { db "SELECT count(*) FROM run WHERE ended_at IS NULL"; }
is "$(until_is 3 running)" 3 'three tools run'
idoc-parse -q -s s.db --settle 0 in >&3 2>/dev/null
# Stopped first: none may find that the one before it is gone, and end by itself.
# shellcheck disable=SC2086
kill -STOP $killed
# shellcheck disable=SC2086
kill -KILL $killed
exec 3>&-
# shellcheck disable=SC2086
wait $killed 2>/dev/null
idoc-parse -q -s s.db --settle 0 in >/dev/null 2>&1
is "$(db 'SELECT count(*) FROM death') $(db 'SELECT count(*) FROM idoc_death
    GROUP BY idoc' | tr '\n' ' ')" '3 1 1 1 ' 'all of them die once for each IDoc'

# Slow settlement and stops by signal are no deaths.
rm -f s.db*
for n in 1 2 3 4 5; do
	idoc-parse -q -s s.db --settle 0 in >/dev/null
	customer-aggregate -q -s s.db <in/three.xml >/dev/null 2>&1 &
	kill -TERM $!
	wait $! 2>/dev/null
done
is "$(db 'SELECT count(*) FROM exception WHERE code = "idoc-set-aside"')
$(db 'SELECT count(*) FROM idoc_death')" '0
0' 'an IDoc that nobody settles is not suspected'

# A run that is alive is not dead, and one of before the last start is excused.
rm -f s.db*
idoc-parse -q -s s.db --settle 0 in >/dev/null
db "INSERT INTO run(tool, pid, started_at) VALUES('order-aggregate', 1, 1000)"
idoc-parse -q -s s.db --settle 0 in >/dev/null
is "$(db 'SELECT counts FROM death')$(db 'SELECT count(*) FROM idoc_death')" 00 \
    'a restart of the machine is no death'
mkfifo slow
customer-aggregate -q -s s.db <slow >/dev/null &
exec 3>slow
until_is 1 db "SELECT count(*) FROM run WHERE pid = $!" >/dev/null
idoc-parse -q -s s.db --settle 0 in >/dev/null
is "$(db 'SELECT count(*) FROM death')" 1 'a tool that is running is not dead'
exec 3>&-
wait
done_testing

#!/bin/sh
# idoc-parse --watch: what comes into a folder, while it is being written,
# replaced, moved and taken away, by inotify and by scans, with and without a
# state.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
db() { sqlite3 -cmd '.timeout 10000' s.db "$1"; }
# idoc N [NAME1]: one customer.
idoc() {
	printf '<DEBMAS07><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>'
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP>' "$1"
	printf '<MESTYP>DEBMAS</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT>'
	printf '<CRETIM>%06d</CRETIM></EDI_DC40><E1KNA1M SEGMENT="1">' "$1"
	printf '<KUNNR>%010d</KUNNR><NAME1>%s</NAME1></E1KNA1M>' "$1" "${2:-A}"
	printf '</IDOC></DEBMAS07>\n'
}
ids() { jq -r 'select(.type == "customer") | .id' out | tr '\n' ' '; }
lines() { wc -l <out | tr -d ' '; }
files() { find "$@" -type f | sort | tr '\n' ' '; }
# start ARGS...: watches in with these.
start() {
	idoc-parse --watch in "$@" >out 2>err &
	watcher=$!
}
# stop SIGNAL: its exit code.
stop() {
	kill -"$1" $watcher
	wait $watcher 2>/dev/null
}

# The backlog first, the oldest first, whatever the names say.
mkdir in in/sub in/sub/deeper in/lost+found
idoc 3 >in/a.xml
idoc 1 >in/z.xml
idoc 2 >in/sub/deeper/m.xml
idoc 8 >in/.hidden
idoc 8 >in/x.part
idoc 8 >in/lost+found/x.xml
idoc 8 >outside.xml
ln -s ../outside.xml in/link.xml
ln -s ../nowhere in/dangling
mkfifo in/pipe
start --settle 100
is "$(until_is '1 2 3 ' ids)" '1 2 3 ' 'the backlog comes in the order of its seq'
idoc 4 >in/b.xml
is "$(until_is '1 2 3 4 ' ids)" '1 2 3 4 ' 'then a file that is written'
idoc 5 >c.tmp
mv c.tmp in/c.xml
is "$(until_is '1 2 3 4 5 ' ids)" '1 2 3 4 5 ' 'one that is moved in'
mkdir in/new
idoc 6 >in/new/d.xml
is "$(until_is '1 2 3 4 5 6 ' ids)" '1 2 3 4 5 6 ' 'one in a folder that came later'
mv in/new in/renamed
idoc 7 >in/renamed/e.xml
is "$(until_is '1 2 3 4 5 6 7 ' ids)" '1 2 3 4 5 6 7 ' 'and was renamed'
like "$(cat err)" 'symbolic links are not followed' 'links are refused'
is "$(grep -c 'symbolic' err)" 1 'which is said once'

# A writer that takes its time: in pieces, longer than --settle each.
idoc 9 >whole
exec 3>in/slow.xml
head -c 150 whole >&3
sleep 0.3
is "$(ids)" '1 2 3 4 5 6 7 ' 'a file that is being written is left'
tail -c +151 whole >&3
exec 3>&-
is "$(until_is '1 2 3 4 5 6 7 9 ' ids)" '1 2 3 4 5 6 7 9 ' 'until it is closed'

# Closed and opened again: what is not finished gets a second look.
idoc 10 >whole
head -c 150 whole >in/twice.xml
sleep 0.2
tail -c +151 whole >>in/twice.xml
is "$(until_is '1 2 3 4 5 6 7 9 10 ' ids)" '1 2 3 4 5 6 7 9 10 ' \
    'an unfinished one too'
head -c 150 whole >in/cut.xml
is "$(until_is 1 grep -c customer-malformed err)" 1 'but not forever'

# The same file again is not read, another under its name is.
touch -r in/a.xml stamp
mv in/a.xml in/a2.xml
idoc 11 >in/b.xml
is "$(until_is '1 2 3 4 5 6 7 9 10 11 ' ids)" '1 2 3 4 5 6 7 9 10 11 ' \
    'a replaced file is read, a renamed one is not'
rm in/b.xml in/c.xml
stop TERM
is $? 143 'SIGTERM ends it'
is "$(ids)" '1 2 3 4 5 6 7 9 10 11 ' 'nothing came twice'

# Names and clocks.
rm -rf in
mkdir in
start --settle 20
idoc 1 >"$(printf 'in/\377 "\nx.xml')"
is "$(until_is '1 ' ids)" '1 ' 'a name of strange bytes'
is "$(jq -e -r .src.n out)" 1 'leaves a record'
idoc 2 >t
touch -d '2040-01-01' t
mv t in/future.xml
is "$(until_is '1 2 ' ids)" '1 2 ' 'a time in the future'
idoc 3 >t
touch -d '2001-01-01' t
ln t in/linked.xml
is "$(until_is '1 2 3 ' ids)" '1 2 3 ' 'a hard link'
mv in gone
is "$(until_is 1 grep -c 'folder .in. is gone' err)" 1 'the folder is moved away'
wait $watcher
is $? 66 'exit 66'
rc_is 66 'no folder' idoc-parse --watch nowhere
ln -s gone symlink
rc_is 66 'a link to a folder' idoc-parse --watch symlink
rc_is 64 '--watch and operands' idoc-parse --watch gone x
rc_is 64 '--watch and --wait' idoc-parse --watch gone --wait 1
rc_is 64 '--poll alone' idoc-parse --poll 1 x
rc_is 64 '--poll 0' idoc-parse --watch gone --poll 0

# The reader of the output goes away.
mkdir in
mkfifo to
idoc-parse --watch in >to 2>err &
watcher=$!
exec 3<to
exec 3<&-
wait $watcher
is $? 141 'a reader that goes away ends it'

# By scans, as on network file systems.
start --poll 1 --settle 20
idoc 2 >in/b.xml
idoc 1 >in/a.xml
mkdir in/sub
idoc 3 >in/sub/c.xml
is "$(until_is '1 2 3 ' ids)" '1 2 3 ' 'scans find files'
stop INT
is $? 130 'SIGINT ends it'
rm -rf in

# With a state and an archive, in one line with who settles.
mkdir in in/sub
customer-aggregate -q -s s.db <to >out 2>&1 &
settler=$!
idoc-parse --watch in -s s.db --archive in/done --settle 20 >to 2>err &
watcher=$!
idoc 1 >in/a.xml
idoc 2 >in/sub/a.xml
echo 'no IDoc' >in/note.txt
is "$(until_is 'in/done/a.xml in/done/a.xml.1 in/done/failed/note.txt in/done/failed/note.txt.why ' \
    files in)" \
    'in/done/a.xml in/done/a.xml.1 in/done/failed/note.txt in/done/failed/note.txt.why ' \
    'files move to the archive as they settle'
like "$(cat in/done/failed/note.txt.why)" 'file-unreadable .high, for sap-team.' \
    'a page says what is wrong'
like "$(cat in/done/failed/note.txt.why)" 'next: look at the file' 'and what to do'
idoc 1 >in/a.xml
is "$(until_is 'in/done/a.xml in/done/a.xml.1 in/done/a.xml.2 in/done/failed/note.txt in/done/failed/note.txt.why ' \
    files in)" \
    'in/done/a.xml in/done/a.xml.1 in/done/a.xml.2 in/done/failed/note.txt in/done/failed/note.txt.why ' \
    'a duplicate moves too'
stop TERM
wait $settler
is "$(db 'SELECT count(*) FROM idoc WHERE settled = 0') $(db 'SELECT count(*) FROM move') $(db 'SELECT count(*) FROM reading')" \
    '0 0 0' 'nothing is left open'
is "$(db "SELECT count(*) FROM run WHERE ended_at IS NULL")" 0 'the runs ended'
is "$(db "SELECT wait_input > 0 FROM run WHERE tool = 'idoc-parse'")" 1 \
    'what was waited for files is known'
rm -rf in s.db*

# Deadlines pass while it follows.
mkdir in
echo '{"v":1,"type":"order","id":"W1","stage":"provisional","web_order":"W1","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","lines":[]}' |
    order-aggregate -q -s s.db --now 2026-03-02T08:00:00Z >/dev/null
start -s s.db
unconfirmed() { db "SELECT id FROM exception WHERE code = 'order-unconfirmed'"; }
is "$(until_is W1 unconfirmed)" W1 'an order that nobody confirms is reported'
stop TERM
rm -rf in s.db*

# A pipe that pauses: what came has left.
line='{"v":1,"type":"order","id":"W2","stage":"provisional"}'
idoc-parse -s s.db <to >out 2>err &
watcher=$!
exec 3>to
echo "$line" >&3
is "$(until_is 1 lines)" 1 'a line leaves while the next is awaited'
exec 3>&-
wait $watcher
rm -f s.db*

# Thousands, in bursts, taken by two at once; memory does not follow.
mkdir in
idoc 0 >model
# make FROM TO: a file for each number.
make() {
	awk -v from="$1" -v to="$2" '{
		for (n = from; n <= to; n++) {
			text = $0
			gsub(/0000000000</, sprintf("%010d<", n), text)
			print text >("in/" n ".xml")
			close("in/" n ".xml")
		}
	}' model
}
make 1 1000
idoc-parse --watch in -s s.db --archive done --settle 20 >one 2>one.err &
first=$!
idoc-parse --watch in -s s.db --archive done --settle 20 >two 2>two.err &
second=$!
make 1001 3000
settle_all() {
	cat one two | customer-aggregate -q -s s.db >/dev/null 2>&1
	find in -type f | wc -l | tr -d ' '
}
is "$(until_is 0 settle_all)" 0 'three thousand files are archived by two'
is "$(find done -type f | wc -l | tr -d ' ')" 3000 'each once'
is "$(cat one two | jq -r .id | sort -u | wc -l | tr -d ' ')" 3000 'and read'
# Sanitizers need memory of their own.
[ -n "${SAN:-}" ] ||
    like "$(awk '/VmRSS/ { print ($2 < 16000) ? "small" : $2 }' \
	/proc/$first/status)" small 'in little memory'
kill -TERM $first $second
wait $first $second 2>/dev/null
is "$(cat one.err two.err)" '' 'nobody complains'
done_testing

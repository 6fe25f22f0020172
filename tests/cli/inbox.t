#!/bin/sh
# Folders and the archive: in which order files are read, which are not, what
# happens when they change, vanish or fail, and what a kill leaves behind.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
inbox=$ROOT/examples/inbox
db() { sqlite3 -cmd '.timeout 10000' "$1" "$2"; }
# idoc N [TIME [NAME1]]: one customer, of that time of day.
idoc() {
	printf '<DEBMAS07><IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>'
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP>' "$1"
	printf '<MESTYP>DEBMAS</MESTYP><SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT>'
	printf '<CRETIM>%s</CRETIM></EDI_DC40><E1KNA1M SEGMENT="1">' "${2:-080000}"
	printf '<KUNNR>%010d</KUNNR><NAME1>%s</NAME1></E1KNA1M>' "$1" "${3:-A}"
	printf '</IDOC></DEBMAS07>\n'
}
files() { find "$@" -type f | sort | tr '\n' ' '; }
sources() { jq -r '.src.file // .id' "$T/out" | uniq | sed 's/.*\///' | tr '\n' ' '; }
ids() { jq -r .id "$T/out" | tr '\n' ' '; }

# --- the order ---

mkdir -p in/deep/er
idoc 1 120000 >in/deep/er/noon.xml
idoc 2 110000 | iconv -t UTF-16 >in/wide.xml
sed 's/20260302[0-9]\{6\}/20260302100000/g' "$inbox/02-customers-de.txt" >in/flat.txt
idoc 3 080000 | sed 's/<CREDAT>/<SERIAL>20260302090000<\/SERIAL><CREDAT>/' >in/z.xml
echo '{"v":1,"type":"order","id":"W1","placed_at":"2026-03-02T08:30:00Z"}' >in/shop.jsonl
idoc 4 >in/old.xml
sed 's/<CREDAT>.*<.CRETIM>//' in/old.xml >in/none.xml
touch -d '2026-03-02 13:00:00' in/none.xml
idoc 5 070000 >in/first.xml
rc_is 0 'a folder of all sorts' idoc-parse --settle 0 in
is "$(sources)" 'first.xml old.xml W1 z.xml flat.txt wide.xml noon.xml none.xml ' \
    'the oldest seq first, whatever the name or format'
rc_is 0 'a named file' idoc-parse in/z.xml in/first.xml
is "$(sources)" 'z.xml first.xml ' 'named files come as they are named'
rm -rf in

# More than are held at once: rounds, each in order.
mkdir in
idoc 0 >model
awk '{ for (n = 1; n <= 12000; n++) {
	text = $0
	gsub(/0000000000</, sprintf("%010d<", n), text)
	file = "in/" (n * 7919 % 12007) ".xml"
	print text >file
	close(file)
    } }' model
rc_is 0 'twelve thousand files' idoc-parse --settle 0 in
is "$(jq -r .id "$T/out" | awk '$1 != NR { wrong++ } END { print NR, wrong + 0 }')" \
    '12000 0' 'each once, in order'
rm -rf in

# --- what is not read ---

mkdir in in/shut
idoc 1 >in/a.xml
idoc 2 >outside.xml
ln -s ../outside.xml in/link.xml
ln -s in folder
ln -s outside.xml file
mkfifo in/pipe
rc_is 0 'links and pipes in a folder' idoc-parse --settle 0 in
is "$(ids)" '1 ' 'are passed over'
like "$(cat err)" 'link.xml. is passed over' 'as is said'
rc_is 77 'a link to a folder' idoc-parse folder
rc_is 77 'also with a slash' idoc-parse folder/
rc_is 77 'a link to a file' idoc-parse file outside.xml
like "$(cat err)" "'file' is a symbolic link" 'is refused'
is "$(ids)" '2 ' 'the next is read'
rc_is 0 'a link to a pipe' sh -c "cat outside.xml | idoc-parse /dev/stdin"
is "$(ids)" '2 ' 'is read'
mkfifo pipe
cat outside.xml >pipe &
rc_is 0 'a named pipe' idoc-parse pipe
is "$(ids)" '2 ' 'is read'
rm in/pipe
exec 3>>in/a.xml
rc_is 0 'a file that is open for writing' idoc-parse --settle 20 in
is "$(ids)" '' 'is not read'
like "$(cat err)" '1 files are not finished yet' 'is said to be left'
exec 3>&-
touch -d '2001-01-01' in/a.xml
rc_is 0 'closed' idoc-parse --settle 20 in
is "$(ids)" '1 ' 'it is'
head -c 200 outside.xml >in/cut.xml
rc_is 0 'an unfinished file' idoc-parse --settle 300 in
is "$(ids)" '1 ' 'is left at first'
touch -d '2001-01-01' in/cut.xml
rc_is 1 'when it is old' idoc-parse --settle 1000 in
like "$(cat err)" 'customer-malformed' 'it is read as it is'
rm -rf in

# --- files that change while they are read ---

# The output is not taken: idoc-parse stands in the middle of the file.
start_blocked() {
	rm -f to
	mkfifo to
	idoc-parse -s g.db --settle 0 --archive done --wait 0 in >to 2>err &
	reader=$!
	exec 3<to
	wait_for grep -q pipe_write "/proc/$reader/wchan"
}
finish_blocked() {
	cat <&3 >out
	exec 3<&-
	wait $reader
}
many() {
	awk -v from="$1" -v to="$2" '{ for (n = from; n <= to; n++) {
		text = $0
		gsub(/0000000000</, sprintf("%010d<", n), text)
		print text
	    } }' model
}
mkdir in
many 1 6000 >in/grows.xml
start_blocked
many 6001 6002 >>in/grows.xml
finish_blocked
like "$(cat err)" "'in/grows.xml' changed while it was read: once more" \
    'a file that grows is read again'
is "$(jq -r .id out | sort -un | wc -l | tr -d ' ')" 6002 'to its end'
rm -rf in g.db*
mkdir in
many 1 6000 >in/replaced.xml
start_blocked
idoc 7000 >new.xml
mv new.xml in/replaced.xml
finish_blocked
is "$(files in done)" 'in/replaced.xml ' 'a replaced file is not moved in place of the one that was read'
rm -rf in g.db*
mkdir in
many 1 6000 >in/gone.xml
start_blocked
rm in/gone.xml
finish_blocked
is "$(wc -l <out | tr -d ' ') $(grep -v 'not all' err)" '6000 ' 'a file that disappears is read to its end'
rm -rf in done g.db*

# --- the archive ---

mkdir in in/sub
idoc 1 >in/good.xml
{ idoc 2; idoc 3 | sed 's/<NAME1>/<NAME1>\x01/'; } >in/mixed.xml
{ idoc 4 | sed 's/<NAME1>/<NAME1>\x01/'; idoc 5 | head -c 300; } >in/sub/bad.xml
: >in/empty.xml
rc_is 73 'an archive that cannot be made' idoc-parse -s s.db --archive model/x in
idoc-parse -s s.db --settle 0 --archive in/done in 2>err | customer-aggregate -q -s s.db >/dev/null
is "$(files in)" 'in/done/failed/bad.xml in/done/failed/bad.xml.why in/done/failed/empty.xml in/done/failed/empty.xml.why in/done/good.xml in/done/mixed.xml ' \
    'failed files are those of nothing but exceptions'
cat in/done/failed/bad.xml.why >why
like "$(cat why)" "Nothing in 'in/sub/bad.xml' could be used" 'the page names the file'
like "$(cat why)" 'IDoc or line 1, number 0000000000000004, at line 1, of customer 4' \
    'each IDoc with its line'
like "$(cat why)" 'IDoc or line 2, number 0000000000000005' 'all of them'
like "$(cat why)" 'customer-malformed .critical, for marketing.' 'what, and for whom'
like "$(cat why)" 'next: have the customer sent again from SAP' 'and what to do'
is "$(db s.db "SELECT name FROM file ORDER BY name")" 'in/done/failed/bad.xml
in/done/failed/empty.xml
in/done/good.xml
in/done/mixed.xml' 'the ledger knows where they are'
rc_is 0 'the archive in the inbox' idoc-parse -s s.db --settle 0 --archive in/done in
is "$(cat out)" '' 'is not read'

# One name again and again.
n=0
while [ $n -lt 12 ]; do
	n=$((n + 1))
	idoc 1 >in/good.xml
	idoc-parse -q -s s.db --settle 0 --archive in/done in
done
is "$(find in/done -name 'good.xml*' | wc -l | tr -d ' ')" 13 'names never collide'
cp in/done/good.xml other.xml
rc_is 0 'a named file' idoc-parse -s s.db --settle 0 --archive done other.xml
is "$(files done)" 'done/other.xml ' 'is archived too'
rm -rf in/done
# A page stands where a file would go.
mkdir done/failed
echo mine >done/failed/x.why
echo nothing >in/x
idoc-parse -q -s s.db --settle 0 --archive done in
is "$(cat done/failed/x.why) $(files done/failed)" \
    'mine done/failed/x.1 done/failed/x.1.why done/failed/x.why ' 'nor do pages'

# --- a file that idoc-parse died of ---

rm -rf in done s.db*
mkdir in
idoc 1 >in/bad.xml
idoc 2 >in/good.xml
touch -d '2026-01-01' in/bad.xml
idoc-parse -q -s s.db empty 2>/dev/null
mark() { db s.db "SELECT mark FROM reading WHERE file = 'in/bad.xml'"; }
# Stop one in the middle of it, to learn how it is known.
many 1 6000 >in/bad.xml
mkfifo stuck
idoc-parse -q -s s.db --settle 0 in >stuck 2>/dev/null &
reader=$!
exec 3<stuck
is_marked() { [ -n "$(mark)" ]; }
wait_for is_marked
kill -KILL $reader
wait $reader 2>/dev/null
exec 3<&-
like "$(mark)" '^-?[0-9]+$' 'the ledger knows what was being read'
for n in 1 2; do
	db s.db "INSERT INTO run(tool, pid, started_at)
	    VALUES('idoc-parse', 1, strftime('%s'));
	    INSERT INTO reading(file, run, mark)
	    VALUES('in/bad.xml', last_insert_rowid(), $(mark | head -n 1))"
done
idoc-parse -s s.db --settle 0 --archive done in 2>err | customer-aggregate -q -s s.db >/dev/null
like "$(cat err)" 'in/bad.xml: idoc-set-aside: a tool died three times' \
    'after three deaths it is set aside'
is "$(files in done | sed 's/[^ ]*bad[^ ]* //g')" 'done/good.xml ' 'the others go on'
mv done/failed/bad.xml in/ 2>/dev/null || mv done/bad.xml in/ 2>/dev/null
idoc-parse -q -s s.db --settle 0 in | head -n 1 >out
is "$(jq -r .id out)" 1 'put back, it is tried again'

# --- kills ---

if [ -n "${SAN:-}" ]; then
	done_testing
fi
rm -rf in done s.db*
mkdir model.in
idoc 1 >model.in/a.xml
idoc 2 >model.in/b.xml
echo nothing >model.in/c.txt
cp -R model.in in
idoc-parse -q -s s.db --settle 0 in 2>/dev/null | customer-aggregate -q -s s.db >/dev/null
sqlite3 s.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp s.db settled.db
archive() {
	idoc-parse -q -s s.db --settle 0 --archive done --wait 0 in >/dev/null 2>&1
}
# kill_at N
kill_at() {
	rm -rf in done s.db* calls
	cp -Rp model.in in
	cp settled.db s.db
	(
		export KILLPOINT_COUNTER="$T/calls" KILLPOINT_AT="$1" \
		    LD_PRELOAD="$BUILD/tests/killpoint.so"
		archive
	) 2>/dev/null
}
kill_at 0
total=$(od -An -tu8 calls | tr -d ' ')
note "$total effects"
want='done/a.xml done/b.xml done/failed/c.txt done/failed/c.txt.why '
is "$(files in done)" "$want" 'without a kill'
wrong=
n=0
while [ "$n" -lt "$total" ]; do
	n=$((n + 1))
	kill_at $n
	archive
	got=$(files in done)
	lost=$(db s.db 'SELECT name FROM file' | while read -r name; do
		[ -e "$name" ] || echo "$name"
	done)
	[ "$got$lost$(db s.db 'SELECT count(*) FROM move')" = "${want}0" ] ||
		wrong="$wrong $n:$got:$lost"
done
is "$wrong" '' 'killed anywhere, the next run finds every file its place'

# A signal in the middle of a file of records, while the reader does not read.
rm -rf in done s.db*
mkdir in
seq 30000 | sed 's/.*/{"no record":&}/' >in/lines.jsonl
mkfifo slow
idoc-parse -q -s s.db --settle 0 --archive done in >slow 2>/dev/null &
reader=$!
exec 3<slow
read -r line <&3
kill -TERM "$reader"
cat <&3 >/dev/null &
wait "$reader" 2>/dev/null
is "$?" 143 'a signal ends it'
exec 3<&-
wait
is "$(files in done)" 'in/lines.jsonl ' 'a file that was not read to its end stays'
idoc-parse -q -s s.db --settle 0 --archive done in >/dev/null 2>&1
is "$(db s.db 'SELECT count(*), sum(settled) FROM idoc') $(files in)" '30000|30000 ' \
    'and the next run reads the rest'
done_testing

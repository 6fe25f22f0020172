#!/bin/sh
# Large IDocs and large files: what comes out is right, and memory stays below
# 8 MB whatever goes in; what does not fit anywhere is said.
. "$(dirname "$0")/../lib.sh"

XDG_CONFIG_HOME=$T/none
XDG_STATE_HOME=$T/none
export XDG_CONFIG_HOME XDG_STATE_HOME
unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_NOW
cd "$T" || exit 71

# idoc.awk -v format=xml|flat -v kind=orders|movements -v items=N [-v idocs=N]
# over segments.tsv, which has the places of fields in flat lines.
cat >idoc.awk <<'EOF'
BEGIN { FS = "\t" }
/^#/ { next }
{ place[$1, $3] = $5; sent[$1] = $2 == "-" ? "E2" substr($1, 3) : $2 }

function begin(type) {
	if (format == "xml") {
		printf "<%s SEGMENT=\"1\">", type
		return
	}
	flush()
	line = sprintf("%-30s100%016d%06d%06d%02d", sent[type], docnum,
	    ++number % 1000000, 0, 1)
	segment = type
}

function field(name, value) {
	if (format == "xml")
		printf "<%s>%s</%s>", name, value, name
	else
		line = sprintf("%-" (63 + place[segment, name]) "s%s", line, value)
}

function end(type) {
	if (format == "xml")
		printf "</%s>", type
}

function flush() {
	if (line != "")
		print line
	line = ""
}

function control(type, message) {
	docnum = (message == "ORDERS" ? 1000 : 2000) + idoc
	if (format == "xml") {
		printf "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
		printf "<MANDT>100</MANDT><DOCNUM>%016d</DOCNUM>", docnum
		printf "<IDOCTYP>%s</IDOCTYP><MESTYP>%s</MESTYP>", type, message
		printf "<SNDPRN>ECCPRD</SNDPRN><CREDAT>20260302</CREDAT>"
		printf "<CRETIM>080000</CRETIM></EDI_DC40>"
		return
	}
	flush()
	line = sprintf("%-10s100%016d%-10s%-60s%-63s%-216s%s%-132s", "EDI_DC40",
	    docnum, "", type, message, "ECCPRD", "20260302080000", "")
	number = 0
}

function order(  i) {
	control("ORDERS05", "ORDERS")
	begin("E1EDK01"); field("CURCY", "EUR"); end("E1EDK01")
	begin("E1EDK02"); field("QUALF", "002")
	field("BELNR", sprintf("%010d", 5000000 + docnum)); end("E1EDK02")
	for (i = 1; i <= items; i++) {
		begin("E1EDP01"); field("POSEX", sprintf("%06d", i))
		field("MENGE", i % 9 + 1 ".000"); field("MENEE", "PCE")
		field("VPREI", "10.50"); field("PEINH", "1")
		field("NETWR", sprintf("%d.50", i))
		begin("E1EDP05"); field("ALCKZ", "-"); field("BETRG", "1.25")
		end("E1EDP05")
		begin("E1EDP04"); field("MWSBT", "19.00"); end("E1EDP04")
		begin("E1EDP19"); field("QUALF", "002")
		field("IDTNR", sprintf("%018d", i))
		field("KTEXT", "A title long enough to fill the line: no. " i)
		end("E1EDP19"); end("E1EDP01")
	}
}

function movement(  i) {
	control("WMMBID02", "WMMBXY")
	begin("E1MBXYH"); field("BUDAT", "20260302")
	for (i = 1; i <= items; i++) {
		begin("E1MBXYI"); field("MATNR", sprintf("%018d", i))
		field("WERKS", "1000"); field("LGORT", "0001")
		field("BWART", "101"); field("SHKZG", "S")
		field("ERFMG", i % 9 + 1 ".000"); field("ERFME", "PCE")
		end("E1MBXYI")
	}
	end("E1MBXYH")
}

END {
	if (format == "xml")
		printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<IDOCS>"
	for (idoc = 1; idoc <= (idocs ? idocs : 1); idoc++) {
		if (kind == "orders")
			order()
		else
			movement()
		if (format == "xml")
			print "</IDOC>"
	}
	flush()
	if (format == "xml")
		print "</IDOCS>"
}
EOF

# Where the fields of a goods movement stand is nothing that a flat reader may
# guess: a report says that they stand where the table has them.
awk -F '\t' '
function end() { if (type != "") print "END_FIELDS\nEND_SEGMENT" }
BEGIN { print "BEGIN_SEGMENT_SECTION\nBEGIN_IDOC WMMBID02" }
$1 != "E1MBXYH" && $1 != "E1MBXYI" { next }
$1 != type {
	end()
	type = $1
	print "BEGIN_SEGMENT E2" substr($1, 3) "\nSEGMENTTYPE " $1
	print "LEVEL " ($1 == "E1MBXYH" ? 1 : 2) "\nBEGIN_FIELDS"
}
{ print "NAME " $3 "\nLENGTH " $4 "\nCHARACTER_FIRST " $5 + 64 }
END { end(); print "END_IDOC\nEND_SEGMENT_SECTION" }' \
    "$ROOT/lib/idoc/segments.tsv" >wmmbid02.txt
printf '[sap]\nsegments = wmmbid02.txt\n' >sync.conf
SAP_OMETRIA_CONFIG=$T/sync.conf
export SAP_OMETRIA_CONFIG

# make_idocs FILE FORMAT KIND ITEMS [IDOCS]
make_idocs() {
	awk -v format="$2" -v kind="$3" -v items="$4" -v idocs="${5:-1}" \
	    -f idoc.awk "$ROOT/lib/idoc/segments.tsv" >"$1"
}

# Peak RSS in KB of a command that reads a file: sanitizers have their own.
if [ -z "${SAN:-}" ]; then
	${CC:-cc} -std=c17 -D_DEFAULT_SOURCE -O1 -o measure \
	    "$ROOT/tests/bench/measure.c" || exit 71
fi

# small DESC FILE CMD...: the command succeeds with a peak below 8 MB.
small() {
	if [ -n "${SAN:-}" ]; then
		pass "$1 # SKIP sanitizers need memory of their own"
		return
	fi
	small_desc=$1
	shift
	# shellcheck disable=SC2046
	set -- $(./measure "$@" 2>&1)
	if [ "$4" = 0 ] && [ "$3" -lt 8192 ]; then
		pass "$small_desc"
		note "peak RSS $3 KB"
	else
		fail "$small_desc"
		diag "measured: $*"
	fi
}

# An order whose record is one line just under 4 MB, and one just above.
for format in xml flat; do
	make_idocs "order.$format" $format orders 18300
	ok "an order of 18,300 items, $format" idoc-parse - <"order.$format"
	mv out "order.$format.out"
	small "an order of 18,300 items, $format: memory" "order.$format" \
	    idoc-parse
done
is "$(jq -c '[.type, .id, (.lines | length), .lines[18299].line,
    .totals.subtotal, .totals.grand_total, .lines[18299].title]' \
    order.xml.out)" \
    '["order","5001001",18300,"18300","167463300.00","167463300.00","A title long enough to fill the line: no. 18300"]' \
    'all its lines, and their sum'
size=$(wc -c <order.xml.out)
ok 'it is a line of nearly 4 MB' test "$size" -gt 4100000 -a "$size" -le 4194304
ok 'the flat file says the same' cmp order.xml.out order.flat.out
make_idocs larger.xml xml orders 19000
rc_is 1 'a longer line is an exception' idoc-parse larger.xml
is "$(jq -r .code out)" idoc-too-large 'idoc-too-large'
small 'every field of a large IDoc: memory' order.xml idoc-parse --raw
ok 'every field of a large IDoc' idoc-parse --raw order.xml
is "$(jq '.segments[0].children | length' out)" 18301 'all its segments'

# Many records of one IDoc.
for format in xml flat; do
	make_idocs "goods.$format" $format movements 50000
	ok "50,000 goods movements, $format" idoc-parse - <"goods.$format"
	mv out "goods.$format.out"
	small "50,000 goods movements, $format: memory" "goods.$format" \
	    idoc-parse
done
is "$(awk -F '"quantity":"' '{ sum += $2 + 0 } END { print NR, sum }' \
    goods.xml.out)" '50000 249995' 'as many records, and their sum'
is "$(tail -n 1 goods.xml.out | jq -c '[.id, .material, .quantity, .src.r]')" \
    '["ECCPRD-100-0000000000002001-50000","000000000000050000","6",50000]' \
    'the last one'
ok 'the flat file says the same' cmp goods.xml.out goods.flat.out

# With a state they are committed first, and leave once.
ok 'with a state' idoc-parse --state state.db goods.xml
is "$(wc -l <out)" 50000 'all records'
is "$(sqlite3 state.db 'SELECT total FROM idoc')" 50000 'in the ledger'
ok 'again' idoc-parse --state state.db order.xml goods.xml
is "$(jq -r .type out | sort | uniq -c | tr -s ' ')" ' 1 order
 50000 stock_movement' 'what has not settled leaves again, once'

# The end of a failing IDoc takes all of its records away.
sed 's,<BWART>101</BWART>\(.*\)</E1MBXYI></E1MBXYH>,\1</E1MBXYI></E1MBXYH>,' \
    goods.xml >fault.xml
rc_is 1 'a fault in the last item' idoc-parse fault.xml
is "$(jq -r .code out)" idoc-malformed 'nothing but the exception leaves'

# Many ordinary IDocs.
for format in xml flat; do
	make_idocs "small.$format" $format orders 3 2000
	i=0
	while [ $i -lt 40 ]; do
		cat "small.$format"
		i=$((i + 1))
	done >"many.$format"
	small "$(($(wc -c <"many.$format") / 1000000)) MB of ordinary IDocs, $format" \
	    "many.$format" idoc-parse
	rm "many.$format"
done

# A disk without room: an error of its own, and nothing half done.
full() {
	(
		trap '' XFSZ
		ulimit -f "$1"
		shift
		exec "$@"
	)
}
rc_is 73 'no room for the tree' full 2048 idoc-parse order.flat
like "$(cat err)" 'cannot hold a large IDoc: File too large' 'is said'
is "$(cat out)" '' 'and nothing leaves'
# The file's name stands in each record: those need more room than the tree.
few=$(printf '%0230d.flat' 0)
make_idocs "$few" flat movements 1700
rc_is 73 'no room for the records' full 2048 idoc-parse "$few"
like "$(cat err)" 'cannot hold the records of a large IDoc: File too large' \
    'is said'
is "$(cat out)" '' 'and nothing leaves'
rc_is 73 'no room with a state' env TMPDIR=/nowhere \
    idoc-parse --state new.db "$few"
is "$(sqlite3 new.db 'SELECT count(*) FROM idoc')" 0 'enters nothing'
mkdir -p in done
cp "$few" in/
rc_is 73 'nor does it cost a file of the inbox' env TMPDIR=/nowhere \
    idoc-parse --state new.db --archive done --settle 0 in
is "$(ls in) $(ls done)" "$few " 'which stays for the next run'
ok 'the next run has it' idoc-parse --state new.db "$few"
is "$(wc -l <out)" 1700 'with all records'

done_testing

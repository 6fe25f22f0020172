#!/bin/sh
# idoc-parse at the shell: files, folders, stdin, the ledger, the archive.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
inbox=$ROOT/examples/inbox
count() { grep -c "^{\"v\":1,\"type\":\"$1\"" "$T/out"; }

ok 'a file of XML IDocs' idoc-parse "$inbox/01-customers-uk.xml"
is "$(count customer)" 8 'eight customers'
is "$(jq -r 'select(.id == "1004") | [.kunnr, .last_name, .city, .country, .language] | join("|")' "$T/out")" \
    '0000001004|Zając|Bristol|GB|EN' 'their fields'
is "$(head -n 1 "$T/out" | jq -c '[keys_unsorted[0:5], .src.r, .seq]')" \
    '[["v","type","id","seq","src"],1,"20260302060000.0000000000700001"]' \
    'the envelope comes first, in order'

ok 'a flat file' idoc-parse "$inbox/02-customers-de.txt"
is "$(jq -r .last_name "$T/out" | tr '\n' ' ')" 'Köhler Groß Schäfer Weiß Jäger Bauer ' \
    'umlauts do not shift fields'
sed 's/$/\r/' "$inbox/02-customers-de.txt" >crlf.txt
ok 'CRLF line ends' idoc-parse crlf.txt
is "$(jq -r .last_name "$T/out" | tr '\n' ' ')" 'Köhler Groß Schäfer Weiß Jäger Bauer ' \
    'give the same'
iconv -f utf-8 -t iso-8859-1 "$inbox/02-customers-de.txt" |
    sed 's/^EDI_DC40_U/EDI_DC40  /' >latin.txt
ok 'a file in a single-byte encoding' idoc-parse latin.txt
is "$(jq -r .last_name "$T/out" | tr '\n' ' ')" 'Köhler Groß Schäfer Weiß Jäger Bauer ' \
    'is read as [sap] encoding'
awk '{ printf "%-1063s\n", $0 }' "$inbox/08-orders-de.txt" >padded.txt
ok 'trailing blanks kept' idoc-parse padded.txt
jq -c 'del(.src.file)' "$T/out" >padded.out
ok 'trailing blanks cut' idoc-parse "$inbox/08-orders-de.txt"
is "$(jq -c 'del(.src.file)' "$T/out" | cksum)" "$(cksum <padded.out)" 'make no difference'
is "$(head -n 1 "$T/out" | jq -r '[.id, .stage, .sales_document, .customer.id, .totals.grand_total, .lines[0].material, .lines[0].quantity] | join("|")')" \
    'D200001|confirmed|5000020|1009|28.80|000000000000012345|1' 'an order from a flat file'

rc_is 1 'a folder, with a broken file' idoc-parse "$inbox/"
is "$(count shipment)" 6 'its shipments'
idoc-parse -q "$inbox" >/dev/null 2>&1
is "$?" 1 'something excepted: exit 1'
rc_is 65 'with --strict: exit 65' idoc-parse --strict "$inbox/19-broken.xml"
rc_is 66 'a file that is not there' idoc-parse nowhere.xml
like "$(cat "$T/err")" "cannot open 'nowhere.xml': No such file" 'is said so'
rc_is 0 'standard input' sh -c "idoc-parse <'$inbox/03-addresses.xml'"
is "$(count contact_point)" 15 'fifteen addresses'
mkdir empty
rc_is 0 'an empty folder is no error' idoc-parse empty
rc_is 0 'empty standard input is no error' sh -c 'idoc-parse </dev/null'
: >empty.xml
rc_is 1 'an empty file is a finding' idoc-parse empty.xml
rc_is 64 'an unknown option' idoc-parse --nonsense
rc_is 64 'archive without state' idoc-parse --archive done .
rc_is 74 'a full disk' sh -c "idoc-parse '$inbox/01-customers-uk.xml' >/dev/full"

rc_is 1 'one bad IDoc' idoc-parse "$inbox/19-broken.xml"
is "$(jq -r '[.code, .severity, .subject.type, .subject.id, .customer, .settles | tostring] | join("|")' "$T/out")" \
    'customer-malformed|critical|customer|1015|1015|true' \
    'is an exception that names the customer'
cat "$inbox/01-customers-uk.xml" "$inbox/19-broken.xml" "$inbox/03-addresses.xml" >three.xml
rc_is 1 'a bad IDoc among good ones' idoc-parse three.xml
is "$(count customer) $(count contact_point) $(count exception)" '8 15 1' 'costs only itself'

ok 'raw' idoc-parse --raw "$inbox/13-warehouse.xml"
is "$(head -n 1 "$T/out" | jq -r '.control.MESTYP')" WMMBXY 'the control record'
like "$(cat "$T/out")" 'E1MBXYI' 'and its segments'

ok 'with -v' idoc-parse -v "$inbox/13-warehouse.xml"
like "$(cat "$T/err")" '13-warehouse.xml: 2 IDocs' 'it says what it read'

# The consultant's view.
ok 'explain' idoc-parse --explain "$inbox/07-orders-uk.xml"
is "$(head -n 1 "$T/out" | tr '\t' ' ')" \
    'idoc place record key value segment field raw row' 'its columns'
is "$(awk -F '\t' 'NF != 9' "$T/out")" '' 'each line has them all'
is "$(awk -F '\t' '$3 == "order:W100001" && $4 ~ /^(totals.subtotal|status)$/ { print $5, $6, $7, $8 }' "$T/out")" \
    'open rule .live 
85.00 E1EDK01/E1EDP01 NETWR+MENGE+VPREI+PEINH+ABGRU 40.00|2.000|20.00|1|
85.00 E1EDK01/E1EDP01[2] NETWR+MENGE+VPREI+PEINH+ABGRU 45.00|1.000|45.00|1|' \
    'rules, and the parts of a sum'
idoc-parse "$inbox/07-orders-uk.xml" |
    jq -r '"order:\(.id)" as $id | paths(type | IN("string", "boolean")) as $p | select($p[0] | IN("v", "type", "id", "seq", "src") | not) |
	[$id, ($p | map(if type == "number" then "[\(. + 1)]" else ".\(.)" end) | add[1:]), getpath($p)] | @tsv' |
    sort >want.tsv
awk -F '\t' 'NR > 1 && $4 !~ /^\./ { print $3 "\t" $4 "\t" $5 }' "$T/out" | sort -u >got.tsv
ok 'it tells of every value that is written, and of no other' cmp want.tsv got.tsv
rc_is 1 'explain a broken file' idoc-parse --explain "$inbox/19-broken.xml"
is "$(tail -n 1 "$T/out" | cut -f 3-4)" "exception	idoc-malformed" 'the fault is a line'
sed 's/>DEBMAS</>ZDEBMAS</' "$inbox/01-customers-uk.xml" >unmapped.xml
ok 'explain what has no field map' idoc-parse --explain unmapped.xml
is "$(sed -n 2p "$T/out" | cut -f 3-5)" "ignored	idoc-unmapped	ZDEBMAS" 'is said'
rc_is 64 'explain and raw' idoc-parse --explain --raw .
rc_is 64 'explain with a state' idoc-parse --explain -s sync.db .

# The ledger.
ok 'with a state' idoc-parse -s sync.db "$inbox/01-customers-uk.xml"
is "$(count customer)" 8 'records leave'
ok 'again, unsettled' idoc-parse -s sync.db "$inbox/01-customers-uk.xml"
is "$(count customer)" 8 'records leave again'
customer-aggregate -s sync.db <"$T/out" >/dev/null
ok 'again, settled' idoc-parse -s sync.db "$inbox/01-customers-uk.xml"
is "$(cat "$T/out")" "" 'nothing leaves'
sed 's/Amelia/Amalia/' "$inbox/01-customers-uk.xml" >reused.xml
rc_is 1 'one number with other content' idoc-parse -s sync.db reused.xml
is "$(count customer) $(count exception)" '1 1' 'is processed and reported'
ok 'records of the shop' idoc-parse -s sync.db "$inbox/06-shop-orders.jsonl"
is "$(head -n 1 "$T/out" | jq -r '.src.sys + " " + (.src.docnum | .[0:1])')" 'shop #' \
    'get a ledger entry each'
ok 'without a state' idoc-parse "$inbox/06-shop-orders.jsonl"
is "$(cksum <"$T/out")" "$(cksum <"$inbox/06-shop-orders.jsonl")" 'they pass byte for byte'

# The archive.
mkdir in
cp "$inbox/01-customers-uk.xml" "$inbox/19-broken.xml" in/
echo 'no IDoc at all' >in/note.txt
idoc-parse -q -s arch.db --archive done --settle 0 in 2>/dev/null |
    customer-aggregate -s arch.db >/dev/null
is "$(find done -type f | sort | tr '\n' ' ')" \
    'done/01-customers-uk.xml done/failed/19-broken.xml done/failed/19-broken.xml.why done/failed/note.txt done/failed/note.txt.why ' \
    'settled files move to the archive, unreadable ones to failed'
is "$(find in -type f)" "" 'the inbox is empty'
cp "$inbox/01-customers-uk.xml" in/
idoc-parse -q -s arch.db --archive done --settle 0 in
is "$(find done -maxdepth 1 -type f | sort | tr '\n' ' ')" \
    'done/01-customers-uk.xml done/01-customers-uk.xml.1 ' 'archive names never collide'
cp "$inbox/03-addresses.xml" in/
rc_is 0 'nobody settles' idoc-parse -s arch.db --archive done --settle 0 --wait 0 in
is "$(find in -type f)" in/03-addresses.xml 'the file stays'

# A pipe that pauses: what has come leaves, with and without a state.
one_xml() {
	printf '<IDOC BEGIN="1"><EDI_DC40><DOCNUM>%016d</DOCNUM><MESTYP>MATMAS</MESTYP></EDI_DC40><E1MARAM SEGMENT="1"><MATNR>%s</MATNR></E1MARAM></IDOC>' \
	    "$1" "M$1"
}
one_flat() {
	printf 'EDI_DC40  100%016d%70s%-30s\n' "$1" '' MATMAS
	printf '%-63s005M%s\n' E2MARAM008 "$1"
}
materials() { jq -r .material live | tr '\n' ' '; }
for way in xml flat; do
	for state in '' '-s pause.db'; do
		mkfifo pipe
		# shellcheck disable=SC2086
		idoc-parse $state <pipe >live 2>/dev/null &
		exec 7>pipe
		[ $way = flat ] || echo '<MATMAS05>' >&7
		"one_$way" 1 >&7
		"one_$way" 2 >&7
		want='M1 M2 '
		[ $way = xml ] || want='M1 ' # the next one ends a flat IDoc
		is "$(until_is "$want" materials)" "$want" "$way: what has come leaves $state"
		[ $way = flat ] || echo '</MATMAS05>' >&7
		exec 7>&-
		wait
		is "$(materials)" 'M1 M2 ' 'and the rest at the end'
		rm -f pipe pause.db*
	done
done

# A type without rows is never silence.
sed 's/MATMAS/CREMAS/g' "$inbox/04-materials.xml" >vendor.xml
rc_is 1 'a message type without rows' idoc-parse vendor.xml
is "$(count exception) $(jq -r .code "$T/out")" '1 idoc-unmapped' 'is one exception a run'
done_testing

#!/bin/sh
# The segments that idoc-parse knows: SAP's reports at the shell, what a report
# changes in flat files, and what nobody may guess.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
tab=$(printf '\t')

# A segment of a report: DEFINITION TYPE LEVEL FIELD:LENGTH...
segment() {
	printf 'BEGIN_SEGMENT %s\nSEGMENTTYPE %s\nLEVEL %s\nBEGIN_FIELDS\n' \
	    "$1" "$2" "$3"
	shift 3
	at=64
	for field; do
		printf 'NAME %s\nTEXT Stra\337e\nTYPE CHARACTER\nLENGTH %06d\n' \
		    "${field%:*}" "${field#*:}"
		printf 'CHARACTER_FIRST %06d\n\n' "$at"
		at=$((at + ${field#*:}))
	done
	printf 'END_FIELDS\nEND_SEGMENT\n'
}

# Segments on stdin as a whole report.
report() {
	printf 'BEGIN_SEGMENT_SECTION\nBEGIN_IDOC TEST01\n'
	cat
	printf 'END_IDOC\nEND_SEGMENT_SECTION\n'
}

# NUMBER IDOCTYP MESTYP; NAME DATA.
control() {
	printf '%-10s100%016d750 30%-4s%-60s%-30s%-49s%-10s\n' EDI_DC40 "$1" 1 \
	    "$2" "$3" '' ECCPRD
}
data() {
	printf '%-30s100%-30s%s\n' "$1" '' "$2"
}

# --- what is known ---

ok 'all segments are listed' idoc-parse --list-segments
is "$(head -n 1 "$T/out")" \
    "segment${tab}definition${tab}fields${tab}width${tab}trust${tab}source${tab}parents" \
    'below a header'
is "$(grep "^E1EDP01$tab" "$T/out")" \
    "E1EDP01${tab}E2EDP01011${tab}58${tab}705${tab}A${tab}built in${tab}E1EDK01" \
    'with what is known of each'
is "$(grep "^E1MBXYI$tab" "$T/out" | cut -f 5)" BC 'exact up to a field, a guess behind it'
is "$(grep "^E1WPB03$tab" "$T/out" | cut -f 2-5)" "-${tab}0${tab}0${tab}-" \
    'or only by its name'
is "$(sed 1d "$T/out" | cut -f 1 | sort -c 2>&1)" '' 'by name'
ok 'the fields of one' idoc-parse --list-segments E1EDK02
is "$(head -n 3 "$T/out")" "field${tab}offset${tab}length${tab}trust
QUALF${tab}0${tab}3${tab}A
BELNR${tab}3${tab}35${tab}A" 'with their places'
cp "$T/out" k02
ok 'by a definition, in lower case' idoc-parse --list-segments e2edk02
is "$(cat "$T/out")" "$(cat k02)" 'the same'
rc_is 1 'an unknown one is a finding' idoc-parse --list-segments Z1NONE
like "$(cat "$T/err")" "no segment 'Z1NONE' is known" 'that is said'
ok 'only a name' idoc-parse --list-segments E1WPB03
like "$(cat "$T/err")" "only the name of 'E1WPB03' is known" 'is said to be one'
rc_is 64 'two names' idoc-parse --list-segments E1EDK01 E1EDK02
rc_is 64 'and a tree' idoc-parse --list-segments --raw
rc_is 74 'a full disk' sh -c 'idoc-parse --list-segments >/dev/full'

# --- a segment of the client's own ---

segment E2KNB5X E1KNB5X 01 A:1 | report >other.txt
idoc-parse --list-segments E1KNA1M | sed 1d | cut -f 1,3 | tr "$tab" : >kna1m
{
	# shellcheck disable=SC2046
	segment E2KNA1M005 E1KNA1M 01 $(cat kna1m)
	segment Z2KNA1E000 Z1KNA1E 02 MSGFN:3 MAIL:30 CLUB:4
	segment Z2KNA1S000 Z1KNA1S 03 SHOE:4
} | report >zdebmas.txt
{
	control 1 DEBMAS07 DEBMAS
	data E2KNA1M005 0050000001004
	data Z2KNA1E000 "$(printf '%-3s%-30s%s' 005 ann@example.com GOLD)"
	data Z2KNA1S000 "38.5 and more"
	data E2KNVVM007 '0051000'
} >customer.txt
cat >map.conf <<'END'
[map "DEBMAS"]
customer.email = Z1KNA1E/MAIL
END

rc_is 1 'its field in a map row, without a report' idoc-parse -c map.conf customer.txt
is "$(jq -r '[.code, .customer] | join("|")' "$T/out")" 'customer-malformed|1004' \
    'holds the customer back'
like "$(jq -r .message "$T/out")" "segment Z2KNA1E000; give SAP's report .* with --segments" \
    'that says what is missing'
ok 'with one' idoc-parse -c map.conf --segments zdebmas.txt customer.txt
is "$(jq -r '[.id, .email] | join("|")' "$T/out")" '1004|ann@example.com' 'is read'
ok '--raw with a report' idoc-parse --raw --segments zdebmas.txt customer.txt
is "$(jq -c '.segments[0].children | map([.segment, .fields.CLUB // .fields.VKORG])' "$T/out")" \
    '[["Z1KNA1E","GOLD"],["E1KNVVM","1000"]]' 'cuts it and puts it below its parent'
is "$(jq -c '.segments[0].children[0].children[0] | [.segment, .fields.SHOE, .fields._tail]' "$T/out")" \
    '["Z1KNA1S","38.5"," and more"]' 'as deep as the report says'
ok '--raw without' idoc-parse --raw customer.txt
like "$(cat "$T/out")" '"SDATA":"005ann@example.com' 'has all its data as one'
cat >customer.xml <<'END'
<DEBMAS07><IDOC><EDI_DC40><DOCNUM>1</DOCNUM><MESTYP>DEBMAS</MESTYP></EDI_DC40>
<E1KNA1M><KUNNR>0000001004</KUNNR></E1KNA1M><Z1KNA1E/><Z1KNA1S><SHOE>38.5</SHOE></Z1KNA1S>
</IDOC></DEBMAS07>
END
ok 'in XML' idoc-parse --raw --segments zdebmas.txt customer.xml
is "$(jq -r '.segments[0].children[0].children[0].segment' "$T/out")" Z1KNA1S \
    'lost nesting is repaired by the report, too'

# --- which report wins ---

segment Z2KNA1E000 Z1KNA1E 01 CARD:3 MAIL:30 | report >later.txt
list() { idoc-parse --list-segments "$@" | sed -n 2p | cut -f 1; }
is "$(list --segments zdebmas.txt --segments later.txt Z1KNA1E)" CARD 'the later one'
is "$(list --segments later.txt --segments zdebmas.txt Z1KNA1E)" MSGFN 'whichever it is'
segment Z2KNA1E001 Z1KNA1E 01 CODE:3 MAIL:30 | report >newer.txt
is "$(list --segments newer.txt --segments later.txt Z1KNA1E)" CODE 'the newest version of a type'
is "$(list --segments newer.txt --segments later.txt Z2KNA1E000)" CARD 'but a definition for itself'
mkdir conf
cp zdebmas.txt later.txt conf
cat map.conf - >conf/sync.conf <<'END'
[sap]
segments = zdebmas.txt, later.txt
END
is "$(list -c conf/sync.conf Z1KNA1E)" CARD 'reports named in the configuration'
is "$(list -c conf/sync.conf --segments zdebmas.txt Z1KNA1E)" MSGFN 'and the command line over them'
(cd conf && idoc-parse -c sync.conf --list-segments Z1KNA1E) >"$T/out" 2>&1
is "$(sed -n 2p "$T/out" | cut -f 1)" CARD 'a configuration in this folder'
ok 'an empty list' sh -c 'printf "[sap]\nsegments =\n" >none.conf; idoc-parse -c none.conf --list-segments E1EDK01'

# --- reports that cannot be used ---

rc_is 66 'a report that is not there' idoc-parse --segments nowhere.txt customer.txt
like "$(cat "$T/err")" "cannot open the report 'nowhere.txt': No such file" 'is said'
rm conf/later.txt
rc_is 78 'one that the configuration names' idoc-parse -c conf/sync.conf customer.txt
like "$(cat "$T/err")" "cannot open the report 'conf/later.txt'" 'is said with its place'
rc_is 78 'a folder' idoc-parse --segments conf customer.txt
rc_is 78 'no report at all' idoc-parse --segments customer.txt customer.txt
like "$(cat "$T/err")" '^idoc-parse: customer.txt:1: no parser report of transaction WE60' \
    'with file and line'
head -n 20 zdebmas.txt >cut.txt
rc_is 78 'a cut one' idoc-parse --segments cut.txt customer.txt
like "$(cat "$T/err")" '^idoc-parse: cut.txt:20: the report breaks off' 'with its last line'
sed '/^CHARACTER_FIRST 000067/s/67/66/' zdebmas.txt >overlap.txt
rc_is 78 'fields that overlap' idoc-parse --segments overlap.txt customer.txt
like "$(cat "$T/err")" '^idoc-parse: overlap.txt:[0-9]*: does not begin where the field before it ends' \
    'with the line'
head -c 17000000 /dev/zero | tr '\0' '\n' >huge.txt
rc_is 78 'a huge one' idoc-parse --segments huge.txt customer.txt
rm huge.txt
is "$(wc -c <"$T/out" | tr -d ' ')" 0 'and nothing is read then'

# --- what nobody may guess ---

{
	control 2 WMMBID02 WMMBXY
	data E2MBXYH '20260302'
	data E2MBXYI ''
} >moves.txt
rc_is 1 'a flat movement' idoc-parse moves.txt
is "$(jq -r .code "$T/out")" idoc-no-layout 'whose quantity has no sure place is an exception'
like "$(jq -r .message "$T/out")" 'segment E2MBXYI; give' 'that names the segment'
ok '--raw of it' idoc-parse --raw moves.txt
idoc-parse --list-segments E1MBXYH | sed 1d | cut -f 1,3 | tr "$tab" : >mbxyh
{
	# shellcheck disable=SC2046
	segment E2MBXYH E1MBXYH 01 $(cat mbxyh)
	segment E2MBXYI E1MBXYI 02 MATNR:18 WERKS:4 LGORT:4 BWART:3 ERFMG:15 ERFME:3 \
	    MENGE:15 MEINS:3 SHKZG:1
} | report >wmmbid02.txt
{
	control 2 WMMBID02 WMMBXY
	data E2MBXYH '20260302'
	data E2MBXYI "$(printf '%018d%s%15s%s%15s%s' 4711 10000001101 3.000 PCE 3.000 PCES)"
} >known.txt
ok 'with a report' idoc-parse --segments wmmbid02.txt known.txt
is "$(jq -r '[.type, .material, .movement_type, .quantity] | join("|")' "$T/out")" \
    'stock_movement|000000000000004711|101|3' 'it is read'
done_testing

#!/bin/sh
# What never leaves SAP: cards, bank accounts, birth dates, users. Every segment
# of the dictionary is sent with all its fields filled, and the raw tree, which
# keeps everything else, must be without them.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
TAB=$(printf '\t')

# The dictionary as one flat and one XML IDoc, each value the number of its row.
grep -v '^#' "$ROOT/lib/idoc/segments.tsv" >rows
awk -F"$TAB" '
function flush() { if (type != "") printf "%-63s%s\n", type, data }
BEGIN { printf "%-39s%-60s%s\n", "EDI_DC40  1000000000000000001", "ORDERS05", "ORDERS" }
$1 != type { flush(); type = $1; data = "" }
{ data = data sprintf("%-" $4 "s", substr("v" NR, 1, $4)) }
END { flush() }' rows >all.txt
awk -F"$TAB" '
BEGIN { print "<ORDERS05><IDOC><EDI_DC40><MESTYP>ORDERS</MESTYP></EDI_DC40>" }
$1 != type { if (type != "") print "</" type ">"; type = $1; print "<" type " SEGMENT=\"1\">" }
{ gsub("/", "_-", $3); print "<" $3 ">v" NR "</" $3 ">" }
END { print "</" type "></IDOC></ORDERS05>" }' rows >all.xml
pairs='[.. | objects | select(.segment) | .segment as $s | .fields // {} | keys[] | "\($s) \(.)"] | unique[]'
cut -f1,3 rows | tr '\t' ' ' | sort -u >sent

for form in txt xml; do
	ok "the whole dictionary, $form" idoc-parse --raw all.$form
	jq -r "$pairs" "$T/out" | sort -u >kept.$form
	comm -23 sent kept.$form >gone.$form
done
# What only XML tells apart is no secret for that.
awk -F"$TAB" '$6 == "C" { print $1, $3 }' rows | sort -u >inferred
comm -23 gone.txt inferred >gone && mv gone gone.txt
is "$(cat gone.xml)" "$(cat gone.txt)" 'both forms leave out the same fields'

sort >secret <<'END'
E1BP2017_GM_HEAD_01 PR_UNAME
E1BPE1MARART CHANGED_BY
E1BPE1MARART CREATED_BY
E1EDC01 PERNR
E1EDCA1 BNAME
E1EDCA1 PARGE
E1EDCA1 PERNR
E1EDK28 ACNAM
E1EDK28 ACNUM
E1EDK28 BALOC
E1EDK28 BCOUN
E1EDK28 BIBAN
E1EDK28 BNAME
E1EDK28 BRNUM
E1EDK36 CCNAME
E1EDK36 CCNUM
E1EDK36 EXDATBI
E1EDK36 FAKWR
E1EDKA1 BNAME
E1EDKA1 PARGE
E1EDKA1 PERNR
E1EDL37 ERNAM
E1EDPA1 BNAME
E1EDPA1 PARGE
E1EDPA1 PERNR
E1KNB1M PERNR
E1KNB1M ZSABE
E1KNBKM BANKA
E1KNBKM BANKL
E1KNBKM BANKN
E1KNBKM IBAN
E1KNBKM KOINH
E1KNBKM KOINH_N
E1KNVKM FAMST
E1KNVKM GBDAT
E1KNVKM PARGE
E1MARAM AENAM
E1MARAM ERNAM
E1MBXYH USNAM
E1STATS UNAME
E1WPB01 CSHNAME
E1WPB01 KASSIERER
E1WPB02 VERKAEUFER
E1WPZ02 AUTORINR
E1WPZ02 BANKLZ
E1WPZ02 GUELTBIS
E1WPZ02 KARTENFNR
E1WPZ02 KARTENNR
E1WPZ02 KONTOINH
E1WPZ02 KONTONR
END
is "$(comm -23 secret gone.txt)" "" 'every secret field is left out'
is "$(comm -13 secret gone.txt | grep -Ev '^E1(KNBKM|WPZ02|LFBKM|WPB06|IDB02|BPCCARD) ')" "" \
    'and no other'
is "$(grep -Ec '^E1EDK36 CCINS|^E1WPZ02 (ZAHLART|SUMME)$|^E1KNVKM NAMEV$|^E1MBXYH TCODE$' kept.xml)" 6 \
    'the kind of payment and what stands beside them is kept'

# Data that no table has: without a layout, behind the table's end, in elements
# within elements, in a name used as another.
{
	printf '%-39s%-60s%s\n' 'EDI_DC40  1000000000000000001' WPUBON01 WPUBON
	printf '%-63s%s\n' E2WPB06001 '+ZCRD 4111111111111111' E2LFBKM 4111111111111111
	printf '%-63s%144s%s\n' E2EDK36001 '' 4111111111111111
	printf '%-63s%600s%s\n' E2KNBKM001 '' 4111111111111111
} >odd.txt
ok 'flat segments of cards without a layout' idoc-parse --raw odd.txt
is "$(grep -c 4111 "$T/out")" 0 'nothing of them is shown'
is "$(jq -c '[.. | objects | .segment // empty]' "$T/out")" \
    '["E1WPB06","E1LFBKM","E1EDK36","E1KNBKM"]' 'but that they are there'
cat >odd.xml <<'END'
<WPUBON01><IDOC><EDI_DC40><MESTYP>WPUBON</MESTYP></EDI_DC40>
<E1WPB01 SEGMENT="1"><E1WPB06>4111</E1WPB06><KARTENNR><X>4111</X>4111</KARTENNR>
<E1WPB06><ZAHLART>ZCRD</ZAHLART><KARTENNR>4111</KARTENNR><NEW>4111</NEW><SDATA>4111</SDATA>
<DEEP><X>4111</X></DEEP></E1WPB06></E1WPB01>
<E2EDK36001><CCINS>VISA</CCINS><CCNUM>4111</CCNUM></E2EDK36001>
<Z1PAY SEGMENT="1"><CCNUM>4111</CCNUM><ERNAM>4111</ERNAM><ART>V</ART></Z1PAY></IDOC></WPUBON01>
END
ok 'the same in XML' idoc-parse --raw odd.xml
is "$(grep -c 4111 "$T/out")" 0 'shows nothing either'
is "$(jq -c '[.. | objects | .fields // empty]' "$T/out")" \
    '[{"ZAHLART":"ZCRD"},{"CCINS":"VISA"},{"ART":"V"}]' 'but the rest'

# Rows of a configuration.
while read -r path; do
	printf '[map "DEBMAS"]\ncustomer.x = %s\n' "$path" >conf
	rc_is 78 "a row for $path is refused" idoc-parse -c conf all.txt
	like "$(cat "$T/err")" "conf:2: .*names a field that must not leave SAP" \
	    'with file and line'
	is "$(cat "$T/out")" "" 'before anything is read'
done <<'END'
E1KNVKM/GBDAT
E1KNA1M/NAME1+KOINH
E1KNBKM[BANKS=GB]/MSGFN
E1KNBKM/SDATA
Z1PAY/CCNUM
Z1PAY[CCNUM=4]/ART
E1KNA1M/NAME1 | E1KNVKM/ERNAM
END
done_testing

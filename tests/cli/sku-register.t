#!/bin/sh
# The register of SKUs: EANs, the shop's SKUs, and partners found by it.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
# article MATERIAL SECOND EAN [MORE]: a product record of SAP's.
article() {
	more=
	[ -z "${4:-}" ] || more=",\"eans\":{$4}"
	printf '{"v":1,"type":"product","id":"%s","seq":"202603020800%02d.0000000000000001","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"MATMAS","n":1,"r":1},"material":"%s","ean":"%s"%s}\n' \
	    "$1" "$2" "$2" "$1" "$3" "$more"
}
see() {
	sku-normalise -q -s s.db >out || [ $? -eq 1 ]
}
eans() {
	sqlite3 s.db 'SELECT material || " " || ean FROM sku_ean
	    ORDER BY material, ean' | tr '\n' ';'
}
open_of() {
	sqlite3 s.db "SELECT id || ' ' || message FROM exception
	    WHERE open AND code = 'ean-collision' ORDER BY id" | tr '\n' ';'
}

article 0012 1 4006381333931 '"04006381333931":"PCE","14006381333938":"CAR"' | see
is "$(eans)" '12 14006381333938;12 4006381333931;' 'the EANs of all units, each once'
article 12 2 96385074 | see
is "$(eans)" '12 96385074;' 'a newer record says all that there are'
article 12 1 5012345678962 | see
is "$(eans)" '12 96385074;' 'an older one nothing'
printf '{"v":1,"type":"product","id":"12","seq":"20260302080059.0000000000000001","material":"12","deleted":true}\n' | see
is "$(eans)" '12 96385074;' 'nor one without any'

rm -f s.db*
{ article A 1 0; article B 1 0000000000000; } | see
is "$(eans)$(open_of)" '' 'zero is no EAN'
# In-house numbers, with a check digit of GS1 or without.
{ article A 1 2012345000001; article B 1 2912345; article C 1 02912345; } | see
is "$(eans)$(open_of)" \
    "A 2012345000001;B 2912345;C 2912345;2912345 two products have one EAN: 'B' and 'C';" \
    'numbers of the house are EANs as any other'
rm -f s.db*
for pair in '036000291452 0036000291452' '96385074 00000096385074' \
    '4006381333931 04006381333931'; do
	set -- $pair
	key=$(echo "$1" | sed 's/^0*//')
	{ article A 1 "$1"; article B 2 "$2"; } | see
	is "$(open_of)" "$key two products have one EAN: 'A' and 'B';" \
	    "$1 is $2"
	is "$(grep -c '"ean-collision"' out)" 1 'which is told once'
	article B 3 5012345678962 | see
	is "$(open_of)" '' 'and over when one of them has it no more'
	rm -f s.db*
done
{ article B 2 96385074; article A 3 5012345678962; article A 1 96385074; } | see
is "$(open_of)" '' 'no collision that an older record remembers'
{ article A 4 96385074; article C 4 96385074; } | see
is "$(open_of)" "96385074 two products have one EAN: 'A' and 'B';" 'three of them'
printf 'B,A\nC,A\n' >map
sku-normalise -q -s s.db --map map </dev/null >out || [ $? -eq 1 ]
is "$(open_of)" '' 'materials of one SKU may share it'
sku-normalise -q -s s.db </dev/null >out || [ $? -eq 1 ]
is "$(open_of)" "96385074 two products have one EAN: 'A' and 'B';" \
    'and no longer when the mapping is gone'

rm -f s.db*
article A 1 96385074 | see
printf '{"v":1,"type":"product","id":"A","seq":"20260302080009.0000000000000001","material":"A","function":"009","deleted":false}\n' | see
is "$(eans)" '' 'a message of the whole material takes away what it does not name'
article A 20 96385074 | see
printf '{"v":1,"type":"product","id":"A","seq":"20260302080030.0000000000000001","material":"A","function":"004","eans":{"96385074":null},"deleted":false}\n' | see
article B 31 96385074 | see
is "$(eans)$(open_of)" 'B 96385074;' 'one that is taken away is free for another product'

# --- the shop ---

rm -f s.db*
printf '%s\n' '{"v":1,"type":"order","id":"4711","stage":"provisional","lines":[{"line":"1","sku":"00-77","quantity":"1"},{"line":"2","sku":"0042","material":"0042"}]}' >order
printf '[sku]\nstrip = "-"\n' >conf
sku-normalise -c conf -q -s s.db <order >out
is "$(sqlite3 s.db 'SELECT * FROM sku_shop')" '00-77|77' \
    'an SKU of the shop, as it was written'

# --- lines that name an EAN alone ---

line_of() {
	printf '{"v":1,"type":"order","id":"T1","lines":[{"line":"1","ean":"%s","quantity":"1"}]}\n' "$1" |
	    sku-normalise -q -s "${2:-s.db}" | jq -c '.lines[0]'
}
rm -f s.db*
article 0012 1 4006381333931 | see
is "$(line_of 04006381333931)" \
    '{"line":"1","sku":"12","material":"12","ean":"04006381333931","quantity":"1"}' \
    'a line with an EAN of one material'
is "$(line_of 5012345678962)" '{"line":"1","ean":"5012345678962","quantity":"1"}' \
    'with one that nobody has'
article 13 1 4006381333931 | see
is "$(line_of 4006381333931)" '{"line":"1","ean":"4006381333931","quantity":"1"}' \
    'and with one of two products'
printf '12,RED\n' >map
rm -f s.db*
article 12 1 4006381333931 | SAP_OMETRIA_MAP=map see
is "$(SAP_OMETRIA_MAP=map line_of 4006381333931 | jq -r .sku)" RED 'by its mapping'

# --- partners ---

rm -f s.db*

article 12 1 4006381333931 | see
article 13 1 96385074 '"14006381333938":"CAR"' | see
printf '14,RED\n' >map
article 14 1 5012345678962 | sku-normalise -q -s s.db --map map >out
partner() {
	printf '%s\n' "$1" >left
	printf '%s\n' "$2" >right
	sku-normalise ${3--s s.db} --check left right | sed 1d | grep '^left' |
	    cut -f 2- | tr '\t' '|'
}
is "$(partner 4006381333931 12)" '4006381333931|12|EAN' 'an EAN and its material'
is "$(partner 04006381333931 0012)" '04006381333931|0012|EAN' 'whatever zeros there are'
is "$(partner 12 4006381333931)" '12|4006381333931|EAN' 'the other way round'
is "$(partner 14006381333938 96385074)" '14006381333938|96385074|EAN' \
    'two EANs of one material'
is "$(partner 00014 RED)" '00014|RED|register' 'a material and its SKU'
is "$(partner 4006381333931 12 '')" '4006381333931||' 'nothing without a register'
is "$(partner 4006381333931 13)" '4006381333931||' 'nor of another material'
printf '12\n400638133393\n' >right
printf '4006381333931\n' >left
is "$(sku-normalise -s s.db --check left right | grep '^left')" \
    'left	4006381333931	12	EAN' 'the register goes before a check digit'
rc_is 66 'a register that is not there' sku-normalise -s none.db --check left right
done_testing

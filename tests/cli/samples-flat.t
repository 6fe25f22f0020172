#!/bin/sh
# The flat samples of real systems and translators, a few telling fields of each.
. "$(dirname "$0")/../lib.sh"

[ -d "$SHARED/idocs" ] || skip_all "no samples in $SHARED/idocs"
cd "$T" || exit 71

raw() {
	ok "$1 is read" idoc-parse --raw "$SHARED/idocs/$1"
	is "$(wc -l <"$T/out") $(cat "$T/err")" '1 ' 'one IDoc, no warning'
}
# Values of fields of the segments of a type, in order.
all() {
	is "$(jq -r --arg type "$1" --arg field "$2" \
	    '[.. | objects | select(.segment == $type) | .fields[$field] // "-"] | join("|")' \
	    "$T/out")" "$3" "$1/$2"
}
control() {
	is "$(jq -r ".control | [$1] | join(\"|\")" "$T/out")" "$2" "the control record: $1"
}

# SAP 7.50, padded to the length of the segments, a customer's segments between.
raw invoic02_flat_blueseer.txt
control '.IDOCTYP, .CIMTYP, .MESTYP, .DOCNUM, .DOCREL, .STATUS, .DIRECT' \
    'INVOIC02|ZINVOIC02_EXT|INVOIC|0000000010276229|750|30|1'
control '.CREDAT, .CRETIM, .SERIAL' "$(cut -c379-386,387-392,505-518 \
    "$SHARED/idocs/invoic02_flat_blueseer.txt" | head -n 1 |
    sed 's/^\(.\{8\}\)\(.\{6\}\)/\1|\2|/')"
all E1EDK01 BELNR 0012345678
all E1EDK01 NTGEW 46941.732
all E1EDKA1 PARVW 'RS|AG|RE|RG|WE'
all E1EDKA1 ORT01 'DILLON|DILLON|DILLON|FXZ PAULES|DILLON'
all E1EDK02 QUALF '009|001|002|012|017|087'
all E1EDK18 ZTERM_TXT 'Up to 12/15/2022 you receive 5.000  % discount|Up to 12/31/2022 without deduction|5.00% GROSS'
all E1EDK18 PRZNT '5.000|0|-'
all E1EDP01 MENGE '68.000|44.000'
all E1EDP19 IDTNR '1311196|000000000099999991|00099999999999|1311206|000000000099999992|00088888888888'
all E1EDP26 BETRG '474.37|474.37|407.11|407.11|222.00|474.37|306.94|306.94|251.77|251.77|221.00|306.94'
all E1EDS01 SUMME '11|7349.68|0|7349.68|7349.68'
is "$(jq -c '[.. | objects | select(.segment == "E1EDP01") | [.children[].segment] | unique]' "$T/out" | head -n 1)" \
    '[["E1EDP02","E1EDP03","E1EDP04","E1EDP05","E1EDP19","E1EDP26","E1EDPT1"],["E1EDP02","E1EDP03","E1EDP04","E1EDP05","E1EDP19","E1EDP26","E1EDPT1"]]' \
    'what stands below an item'
is "$(jq -c '[.. | objects | select(.children[]?.segment == "ZE1EDP810") | .fields.BELNR]' "$T/out")" \
    '["0001130235","0001130235"]' "a customer's segment stands where PSGNUM says: below E1EDP02"
is "$(jq -c '[.. | objects | select(.segment == "ZE1EDP810") | .fields.SDATA[0:6]]' "$T/out")" \
    '["222.00","222.00"]' 'which is given as it is'
is "$(jq '[.. | objects | select(.segment)] | length' "$T/out")" \
    "$(grep -c '^[EZ][12E]' "$SHARED/idocs/invoic02_flat_blueseer.txt")" 'no line is lost'
ok 'as records' idoc-parse "$SHARED/idocs/invoic02_flat_blueseer.txt"
is "$(jq -r '[.type, .id, .date, .refers_to.sales_document, .totals.grand_total, .lines[0].quantity, .lines[1].net] | join("|")' "$T/out")" \
    'invoice|12345678|2022-10-28|1130235|7349.68|68|306.94' 'an invoice'

# A translator: no DOCNUM, SEGNUM 000, no PSGNUM, no HLEVEL, lines cut.
raw delfor02_flat_trimmed_bar8tl.txt
control '.MESTYP, .STDMES, .SNDPRT, .SNDPFC, .SNDPRN, .REFGRP, .ARCKEY, .DOCNUM' \
    'DELINS|830|KU|AG|1000161835|106137|workflow-ID: 9140342|'
all E1EDKA1 PARTN "$(grep ^E2EDKA1 "$SHARED/idocs/delfor02_flat_trimmed_bar8tl.txt" |
    cut -c67-83 | sed 's/ *$//' | paste -sd '|' -)"
is "$(jq '[.. | objects | select(.segment == "E1EDP16")] | length' "$T/out")" \
    "$(grep -c ^E2EDP16 "$SHARED/idocs/delfor02_flat_trimmed_bar8tl.txt")" 'its schedule lines'

# A segment of nothing but a customer's, the last line without its newline.
raw custom_flat_edi_dc40_u_myloadtest.txt
control '.TABNAM, .IDOCTYP, .MESTYP, .DOCNUM, .RCVPRN' \
    'EDI_DC40|ZISUPOD_ZBAPIPUBLISH02|ZISUPOD_ZISYNCPUBLISH|0000000062041994|ALEEWAY'
is "$(jq -r '.segments[0] | .segment + " " + .fields.SDATA[0:20] + (.fields.SDATA | length | tostring)' "$T/out")" \
    'Z1BP_HEADER fffffffffftttttttttt'"$(awk 'NR == 2 { print length - 63 }' \
    "$SHARED/idocs/custom_flat_edi_dc40_u_myloadtest.txt")" 'its data'

# Records of release 3.x inside XML.
raw orders05_flat_edi_dc_r3_ms_sendidoc.xml
control '.TABNAM, .IDOCTYP, .MESTYP, .MESCOD, .STDVRS, .SNDPFC, .SNDPRN, .REFMES, .CREDAT' \
    'EDI_DC40|ORDERS05|ORDERS|OLP|D  93A|US|MSFTABCSWI|231054476|20190523'
all E1EDK01 BELNR 4506907554
all E1EDKA1 LIFNR 'MSFTASWI|MSFTASWI|MSFTASWILIC|-|-'
all E1EDK02 BELNR 'Z|99680096ZZS2002|S'
all E1EDKT2 TDLINE 'xxx@xxx-xx.xx|x.xxxxxx@xxxxxxxx-xxxxxxxxxx.xx'
all E1EDP01 VPREI 999.9
all E1EDP19 IDTNR AAA-11111
rc_is 1 'as records' idoc-parse "$SHARED/idocs/orders05_flat_edi_dc_r3_ms_sendidoc.xml"
is "$(jq -r '.code + " " + .src.sys' "$T/out")" 'idoc-malformed MSFTABCSWI' \
    'an order without any number of the shop or of SAP'
done_testing

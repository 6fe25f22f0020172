#!/bin/sh
# Public samples of XML IDocs, value by value: what a person reads in the file
# is what comes out, as segment tree and as records.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_NOW
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
[ -d "$SHARED/idocs" ] ||
    skip_all 'the folder of public samples is not there'

# sample FILE RC [WARNING]: parse it both ways; what it says of oddities.
sample() {
	sample_name=$1
	rc_is 0 "$1: a segment tree" idoc-parse --raw "$SHARED/idocs/$1.xml"
	mv "$T/out" "$T/tree"
	is "$(sed -n 's/.*: warning: \([a-z]* [a-z]*\).*/\1/p' "$T/err")" \
	    "${3:-}" "$1: ${3:-no} warning"
	rc_is "$2" "$1: exit $2" idoc-parse "$SHARED/idocs/$1.xml"
	mv "$T/out" "$T/records"
}

# tree FILTER WANT, record FILTER WANT: what jq finds, one line for each value.
tree() {
	is "$(jq -r "def all(t): .. | objects | select(.segment? == t);
	    $1" "$T/tree" | paste -sd' ')" "$2" "$sample_name: $1"
}
record() {
	is "$(jq -r "$1" "$T/records" | paste -sd' ')" "$2" "$sample_name: $1"
}

sample debmas01_contact_mule 0
tree '.control | .DOCNUM, .MANDT, .SERIAL' '0000000001086065 800 20140715135229'
tree 'all("E1KNVKM").fields | .PARNR, .NAMEV, .NAME1' '0000152955 Jozko 4 Pucik 4'
tree '.segments[0].children[0].segment' E1KNVKM
record '.id, .kunnr, .country, .language, .account_group' \
    '99009 0000099009 SK EN ZAG2'

sample debmas01_min_customer_mule 0 'no control'
tree '.control | keys[]' 'IDOCTYP MESTYP'
tree 'all("E1KNA1M").fields | .KUNNR, .TELF1' '0000000001 000-000-0001'
record '.id, .src.idoctyp, .first_name, .city' '1 DEBMAS01 Test Store City'

sample debmas07_frumania 0
tree '.control | .DOCREL, .SNDPRN' '753 S4HCLNT000'
tree 'all("E1KNA11").fields.RNEDATE' 00000000
record '.id, .function, .last_name, .postcode, .phone' \
    '1 004 hallo 69190 +49152111111'

sample debmas07_logicapps_ns_marcpab 0
tree '.control | .DOCNUM, .CIMTYP' '0000000002210032 ZDEBMAS07'
tree 'all("E1KNA1M").fields | .NAME1, .ORT01' 'Chemical GmbH Düsseldorf'
tree '.segments | length' 1
tree '.segments[0].segment' E1KNA1M
tree '[all("E1KNVVM").children[] | .segment] | unique[]' \
    'E1KNVDM E1KNVIM E1KNVPM E1KNVVH ZE1KNVVM_TXT'
tree '[.. | objects | keys[] | select(startswith("DATAHEADER") or
    . == "SEGMENTPAD")] | length' 0
record '.id, .blocked.delivery, .sales_areas[0].customer_group' '600021 98 E'

sample desadv_delvry03_ballerina_avon 0
tree 'all("E1EDL20").fields | .VBELN, .NTGEW, .INCO1' 'Avon 82 Route'
record '.type, .id' 'shipment Avon'

sample matmas01_ides_mule_docs_extracted 0
tree 'all("E1MARAM").fields | .MATNR, .BRGEW, .MSTDE' \
    '000000000000000088 0.200 00000000'
tree 'all("E1MARAM").fields | .ERNAM // "kept secret"' 'kept secret'
tree 'first(all("E1MAKTM")).fields | .SPRAS, .SPRAS_ISO' '1 ZH'
record '.material, .titles.EN, .titles.JA, .deleted' \
    '000000000000000088 AS-100 T-shirt AS-100 T ??? true'

sample mbgmcr04_min_extracted 1
tree '.control | .IDOCTYP, .MESTYP' 'MBGMCR04 MBGMCR'
tree 'all("E1BP2017_GM_ITEM_CREATE").fields | .MATERIAL, .ENTRY_QNT' \
    '000000000010004741 500.000'
record '.code, .message' 'idoc-malformed an item has no movement type'

sample orders05_flat_edi_dc_r3_ms_sendidoc 1
tree '.control | .TABNAM, .MESCOD, .RCVPOR, .CREDAT, .REFINT' \
    'EDI_DC40 OLP SAPMSS 20190523 13561'
tree 'all("E1EDK01").fields | .CURCY, .BSART, .BELNR' 'USD Z4O1 4506907554'
tree '[all("E1EDKA1").fields.PARVW] | join(",")' RE,US,WE,Z1,Z2
tree 'all("E1EDP01").fields | .POSEX, .MENGE, .VPREI' '10 1 999.9'
tree 'all("E1EDP19").fields.IDTNR' AAA-11111
record '.code' idoc-malformed

sample shpcon_delvry01_two_idocs_extracted 0
tree '.control | .MESTYP, .CREDAT' 'SHPCON 20230609 SHPCON 20230609'
tree 'all("E1EDL20").fields.VBELN' '0012724677 0012724678'
tree 'all("E1EDL22") | has("fields")' 'false false'
tree 'all("E1EDL24").fields | .CHARG, .LFIMG' \
    '23456789 300 1234567 24 23456789 300 1234567 24'
record '.id, .src.n, .lines[1].material' \
    '12724677 1 000000000000X002 12724678 2 000000000000X002'

sample synth_desadv_delvry03_rishin05 0 'segments were'
tree '.segments[].segment, .segments[0].children[].segment' 'E1EDL20 E1EDL24'
tree 'all("E1EDL24").fields | .VBELN, .MATNR, .LFIMG' '83751832 MAT33005 276'
record '.id, .lines[0].line, .lines[0].quantity' '81982417 10 276'

sample synth_orders05_rishin05 1
tree '.segments[0].children[] | .segment, .fields.NETPR' \
    'E1EDP01 793.24 E1EDP01 150.58'
record '.src.docnum, .code' '0001000000000009 idoc-malformed'

sample wmmbxy_odd_root_extracted 0 'segments were'
tree '.segments[].segment, .segments[0].children[].segment' 'E1MBXYH E1MBXYI'
tree 'all("E1MBXYH").fields.BKTXT' 'Carga Automática IDoc WMMBXY - Auditoria CKM3'
record '.material, .plant, .movement_type, .quantity, .unit' \
    'MAT-10029 1000 701 1250 UN'

done_testing

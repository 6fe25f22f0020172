#!/bin/sh
# "The shop owns our products": SAP's deletion flag, set and taken back, and the
# stock, padded or not, and nothing else of what SAP says.
. "$(dirname "$0")/../stock/stock.sh"

# shellcheck disable=SC2034
body_told='"\(.sku) \(keys_unsorted[1:] | join(" ")) \(
	if .active then "active" else "inactive" end) \(
	if .in_stock then "in" else "out" end)"'
# shellcheck disable=SC2034
product_told='"\(.id) in_stock active merge \(
	if .is_active then "active" else "inactive" end) \(
	if .is_in_stock then "in" else "out" end)"'
# flagged NAME SECOND MATNR FLAG
flagged() {
	sap "$1" MATMAS MATMAS05 "$2" <<-END
		 E1MARAM.009 MSGFN=005|MEINS=PCE|MATKL=HATS|MATNR=$3|LVORM=$4
		  E1MAKTM.001 MSGFN=005|SPRAS=E|SPRAS_ISO=EN|MAKTX=Hat
	END
}

flagged flagged 20260302090000 00000000000001##### X
flagged back 20260302100000 1##### ''
flagged gone 20260302110000 00000000000002##### X
counted count 2026-03-02T06:00:00Z 1#####:1100:0001:1 2#####:1100:0001:1
moved sold 20260302090000 601:1#####:1100:0001:1
comes_to <<'END'
1##### in_stock active merge active out
2##### in_stock active merge inactive in
END
in_every_order
in_the_line
in_the_line backwards
done_testing

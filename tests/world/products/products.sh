# shellcheck shell=sh
# Scenarios of whole products ([product] master = sap), in every order of arrival
# of their messages.
#
#	#!/bin/sh
#	# The story, in the retailer's words.
#	. "$(dirname "$0")/products.sh"
#	material NAME SECOND MATNR [FIELD=VALUE...]
#	                          a material master (MATMAS); the fields go into
#	                          E1MARAM
#	priced NAME SECOND MATNR PRICE [FROM [TO [MORE]]]
#	                          a condition record (COND_A); MORE in place of KMEIN=PCE
#	comes_to <<END            SKU, price, active or not, in stock or out, and
#	                          what it is a variant of; the exceptions
#
# The rest is told by ../stock/stock.sh.

. "$(dirname "$0")/../stock/stock.sh"

cat >>"$T/sync.conf" <<'END'
[product]
master = sap
END
# shellcheck disable=SC2034
body_told='"\(.sku) \(.price | tonumber) \(
	if .active then "active" else "inactive" end) \(
	if .in_stock == false then "out" else "in" end)\(
	if .parent then " below \(.parent)" else "" end)"'
# shellcheck disable=SC2034
product_told='"\(.id) \(.price) \(
	if .is_active then "active" else "inactive" end) \(
	if .is_in_stock == false then "out" else "in" end)\(
	if .parent_id then " below \(.parent_id)" else "" end)"'

# What the last line delivered came in this order: no variant before its parent.
parents_first() {
	sandbox_dump --history | grep '	product	' | sed 's/^[^{]*//' |
	    jq -rs 'reduce .[] as $p ([[], []];
		[.[0] + [$p.id], .[1] + (if $p.parent_id and
		    (.[0] | index($p.parent_id) | not) then [$p.id] else [] end)])
		| .[1][]' >early
	is "$(cat early)" '' 'no variant came before its parent'
}

material() {
	material_name=$1 material_second=$2
	material_fields="MATNR=$3"
	shift 3
	for field in "$@"; do
		material_fields="$material_fields|$field"
	done
	sap "$material_name" MATMAS MATMAS05 "$material_second" <<-END
		 E1MARAM.009 MSGFN=005|MEINS=PCE|$material_fields
		  E1MAKTM.001 MSGFN=005|SPRAS=E|SPRAS_ISO=EN|MAKTX=Hat
		  E1MVKEM.002 MSGFN=005|VKORG=1000|VTWEG=10
	END
}

priced() {
	sap "$1" COND_A COND_A02 "$2" <<-END
		 E1KOMG KVEWE=A|KOTABNR=304|KAPPL=V|KSCHL=PR00|VKORG=1000|VTWEG=10|MATNR=$3
		  E1KONH DATAB=${5:-20260101}|DATBI=${6:-99991231}
		   E1KONP KBETR=$4|KONWA=GBP|KPEIN=1|${7:-KMEIN=PCE}
	END
}

# changed NAME SECOND MATNR FIELDS [MORE]: a message of changes; MORE are the
# segments below E1MARAM. reduced: the same of a reduced message type, which
# sends of basic data nothing but these fields.
changed() {
	{
		printf ' E1MARAM.009 MSGFN=004|MATNR=%s|MEINS=PCE%s\n' "$3" \
		    "${4:+|$4}"
		[ -z "${5:-}" ] || printf '%s\n' "$5"
	} | sap "$1" MATMAS MATMAS05 "$2"
}
reduced() {
	reduced_fields=$4
	for field in LVORM MSTAE MATKL EAN11 SATNR; do
		case "|$4" in
		*"|$field="*) ;;
		*) reduced_fields="$reduced_fields|$field=/" ;;
		esac
	done
	changed "$1" "$2" "$3" "${reduced_fields#|}" "${5:-}"
}

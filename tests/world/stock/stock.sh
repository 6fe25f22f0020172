# shellcheck shell=sh
# Scenarios of stock, in every order of arrival of their messages.
#
#	#!/bin/sh
#	# The story, in the retailer's words.
#	. "$(dirname "$0")/stock.sh"
#	moved NAME SECOND ITEM... goods movements of one IDoc (MBGMCR), an ITEM each:
#	                          TYPE:MATERIAL:PLANT:LOCATION:QUANTITY[:SEGMENT FIELDS]
#	counted NAME TIME ITEM... a snapshot, an ITEM each:
#	                          SKU:PLANT:LOCATION:QUANTITY
#	tells NAME SECOND [TIME]  delivery 80##### of two S##### as it stands then,
#	                          its goods gone at TIME; the shipments are left to
#	                          order-aggregate by
#	movements_alone
#	comes_to <<END            SKU and whether it is in stock, the exceptions
#	in_every_order            all that follows from that
#	in_the_line [backwards]   the same through the line, to the local Ometria
#
# The rest is told by ../lib.sh.

. "$(dirname "$0")/../lib.sh"

# A flat MBGMCR needs the layout of the system that sends it.
# shellcheck disable=SC2034
sap_form=xml
cat >>"$T/sync.conf" <<'END'
[plant "1100"]
sellable = yes
[plant "1900"]
sellable = no
[stock]
skew = 0s
END

# How a desired product, and one of Ometria's, are told.
body_told='"\(.sku) \(if .in_stock then "in" else "out" end)"'
product_told='"\(.id) \(if .is_in_stock then "in" else "out" end)"'

moved() {
	moved_name=$1 moved_second=$2
	shift 2
	for item in "$@"; do
		printf '%s\n' "$item"
	done | awk -F : -v day="${moved_second%??????}" '
	BEGIN {
		print " E1BP2017_GM_HEAD_01 PSTNG_DATE=" day
		print " E1BP2017_GM_CODE GM_CODE=04"
	}
	{
		printf " E1BP2017_GM_ITEM_CREATE MATERIAL=%s|PLANT=%s|", $2, $3
		printf "STGE_LOC=%s|MOVE_TYPE=%s|ENTRY_QNT=%s|", $4, $1, $5
		printf "ENTRY_UOM=PCE%s\n", $6 == "" ? "" : "|" $6
	}' | sap "$moved_name" MBGMCR MBGMCR03 "$moved_second"
}

counted() {
	counted_name=$1 counted_at=$2
	shift 2
	for item in "$@"; do
		printf '%s\n' "$item"
	done | awk -F : -v at="$counted_at" '{
		printf "{\"v\":1,\"type\":\"stock_level\",\"id\":\"%s:%s:%s\",", $1, $2, $3
		printf "\"sku\":\"%s\",\"plant\":\"%s\",\"location\":\"%s\",", $1, $2, $3
		printf "\"quantity\":\"%s\",\"as_of\":\"%s\"}\n", $4, at
	}' | message "$counted_name"
}

tells() {
	{
		delivery 80##### PP1 ${3:+20260302 "$3"}
		goods 000010 S##### 2 5000000001 000010 'WERKS=1100|LGORT=0001'
	} | sap "$1" DESADV DELVRY07 "$2"
}
movements_alone() {
	for file in messages/*; do
		sed -i '/"type":"shipment"/d' "$file"
	done
}

folding() {
	stock-aggregate -q "$@"
}

final_of_stock() {
	sqlite3 "$1" "SELECT kind || ' ' || body FROM outbox WHERE withheld IS NULL;
	    SELECT 'exception {\"exception\":\"' || code || ' ' || subject || ' '
	    || id || '\"}' FROM exception WHERE open"
}

stock_told() {
	sed 's/^[a-z_0-9]* //' "$1" | jq -r '
	    if .sku then '"$body_told"'
	    else "exception \(.exception)" end'
}

in_every_order() {
	permute
	: >out.records
	folds folding <all
	final_of_records <out.records | by_permutation |
	    grep -v exception >final
	all_alike 'as a filter' final
	grep -v ^exception expected >skus
	is "$(stock_told one)" "$(cat skus)" 'is what the retailer expects'
	: >out.records
	awk '{ print; print }' all >twice
	folds folding <twice
	final_of_records <out.records | by_permutation |
	    grep -v exception >final.twice
	ok 'each message twice comes to the same' cmp final final.twice
	messages_into_state
	final_of_stock state.db | by_permutation | grep -v 'stock-drift' \
	    >final.state
	all_alike 'a process a message, with a state' final.state
	is "$(stock_told one)" "$(cat expected)" 'is the same final state'
	is "$(messages_again)" '' 'all of it again gives nothing'
	is "$(sqlite3 state.db 'SELECT count(*) FROM idoc
	    WHERE id NOT IN (SELECT idoc FROM idoc_record)')" 0 \
	    'and every record has an outcome'
}

in_the_line() {
	through_the_line "${1:-}" || return 0
	sandbox_dump | grep '^product ' | sed 's/^[^{]*//' | jq -r "$product_told" |
	    sed 's/70000/#####/g' | sort >holds
	grep -v ^exception expected | sort >wanted
	is "$(cat holds)" "$(cat wanted)" \
	    "Ometria has it, message by message${1:+, $1}"
	sandbox_stop
}

# shellcheck shell=sh
# Scenarios of customers: tests/world/lib.sh with customers and their orders
# folded together.
#
#	. "$(dirname "$0")/customers.sh"
#	configure <<END            more of the configuration
#	message ..., sap ...       as in tests/world/lib.sh
#	comes_to <<END             contacts, orders and exceptions
#	in_every_order
#	ometria_has <<END          contacts and the customers of orders
#	in_the_line [backwards]
#	done_testing

. "$(dirname "$0")/../lib.sh"

configure() {
	cat >>"$SAP_OMETRIA_CONFIG"
}

# general NUMBER FUNCTION [MORE]: a customer's general data.
general() {
	printf ' E1KNA1M.005 MSGFN=%s|KUNNR=%s%s\n' "$2" "$1" "${3:+|$3}"
}
# area ORGANISATION CHANNEL [MORE]
area() {
	printf '  E1KNVVM.007 VKORG=%s|VTWEG=%s|SPART=00%s\n' "$1" "$2" \
	    "${3:+|$3}"
}
# person NUMBER FIRST LAST [MORE]: a contact person.
person() {
	printf '  E1KNVKM PARNR=%s|NAMEV=%s|NAME1=%s%s\n' "$1" "$2" "$3" \
	    "${4:+|$4}"
}
# address NUMBER, then its mails: an address, all there is of it.
address() {
	printf ' E1ADRMAS OBJ_TYPE=KNA1|OBJ_ID=%s\n' "$1"
	printf '  E1BPAD1VL COUNTRYISO=GB\n'
}
# mail ADDRESS [MORE]
mail() {
	printf '  E1BPADSMTP E_MAIL=%s%s\n' "$1" "${2:+|$2}"
}

folding() {
	customer-aggregate -q "$@" | order-aggregate -q "$@"
}

told() {
	jq -r '
	def word($name; $value): if $value == null then "" else
	    "; \($name) \($value)" end;
	if .order_id then
	    "order \(.order_id): \(.status)\(word("customer"; .customer.id))\(
		word("name"; .customer | [.first_name?, .last_name?] |
		    map(values) | if . == [] then null else join(" ") end))"
	elif .exception then
	    "exception \(.exception)"
	else
	    "contact \(.customer_id): \([.prefix, .first_name, .last_name] |
		map(values) | join(" "))\(word("mail"; .email))\(
		word("phone"; .phone))\(word("country"; .country))\(
		word("stores"; .store_ids // empty | join(",")) // "")\(
		word("properties"; .properties // empty | tojson) // "")\(
		if .opt_in then "; opted in" elif .opt_out then "; opted out"
		else "" end)"
	end'
}

final_of_customers() {
	sqlite3 "$1" "SELECT CASE kind WHEN 1 THEN 'contact ' WHEN 2 THEN 'order '
	    ELSE 'custom_event ' END || body FROM outbox WHERE withheld IS NULL
	    AND state <> 0;
	    SELECT 'exception {\"exception\":\"' || code || ' ' || subject || ' '
	    || id || '\"}' FROM exception WHERE open"
}

# by_permutation leaves the kind in front; told does not want it.
final_told() {
	sed 's/^[a-z_]* //' "$1" | told
}

every_order_as_a_filter() {
	: >out.records
	folds folding <all
	final_of_records <out.records | by_permutation >final
	all_alike 'as a filter' final
	is "$(final_told one)" "$(cat expected)" 'is what the retailer expects'
	: >out.records
	awk '{ print; print }' all >twice
	folds folding <twice
	final_of_records <out.records | by_permutation >final.twice
	ok 'each message twice comes to the same' cmp final final.twice
}

every_order_with_a_state() {
	messages_into_state
	final_of_customers state.db | by_permutation >final.state
	all_alike 'a process a message, with a state' final.state
	is "$(final_told one)" "$(cat expected)" 'is the same final state'
	is "$(messages_again)" '' 'all of it again gives nothing'
	final_of_customers state.db | by_permutation >final.again
	ok 'and changes nothing' cmp final.state final.again
}

ometria_has() {
	cat >wanted
}

in_the_line() {
	through_the_line "${1:-}" || return 0
	sandbox_dump | grep -E '^(contact|order) ' | sed 's/^[^{]*//' | jq -r '
	    if .status then "order \(.id): \(.customer | del(..|nulls) | tojson)"
	    else "contact \(.id): \([.firstname, .lastname] | map(values) |
		join(" ")), \(.email), \(.marketing_optin)" end' |
	    sed 's/70000/#####/g' | sort >holds
	is "$(cat holds)" "$(cat wanted)" \
	    "Ometria has it, message by message${1:+, $1}"
	sandbox_stop
}

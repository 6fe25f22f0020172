# shellcheck shell=sh
# Scenarios of deletions: every order of arrival goes through the line, one
# message of each after the other, on one state to one local Ometria.
#
#	. "$(dirname "$0")/deletion.sh"
#	message ..., sap ...       as in tests/world/lib.sh
#	configure KEY=VALUE...     rows for [deletion]
#	deletion_in_every_order    then the checks below

. "$(dirname "$0")/../lib.sh"

configure() {
	{ echo '[deletion]'; printf '%s\n' "$@"; } >>sync.conf
}

push_line() {
	ometria-push -q -s line.db --url "$SANDBOX_URL" --api-key-file key "$@"
}

deletion_in_every_order() {
	permute
	rm -f line.db* sandbox.db*
	sandbox_start --rate 0 --data-rate 0 --erase-rate 0
	for round in round.*; do
		: >out.line
		customer-aggregate -q -s line.db <"$round" 2>err.line |
		    order-aggregate -q -s line.db 2>>err.line |
		    push_line >out.line 2>>err.line
		[ $? -le 1 ] || { fail "the line takes $round"; note_file stderr err.line; }
	done
	# Six deletion requests a minute: the minutes pass.
	deletion_runs=0
	while [ "$(sqlite3 line.db 'SELECT count(*) FROM erasure WHERE state IN (1, 2)')" -gt 0 ] &&
	    [ "$deletion_runs" -lt 30 ]; do
		deletion_runs=$((deletion_runs + 1))
		rm -f line.db-rate-erase
		push_line --drain >/dev/null 2>err.line
	done
	sandbox_dump >dump
	sandbox_dump --history >history
	sandbox_dump --warnings >warnings
	sandbox_dump --journal >journal
}

# contacts_come_to TEXT: the contact in Ometria, the same in all orders, with
# every e-mail in it taken out. Where Ometria keeps what a record leaves out, the
# name and the stores of who opted out stay until she is erased.
contacts_come_to() {
	contact_keeps=false
	case ${SANDBOX_SWITCHES:-} in
	*without-merge=merge*)
		contact_keeps='.marketing_optin == "EXPLICITLY_OPTEDOUT"'
		;;
	esac
	grep '^contact ' dump | sed 's/^[^{]*//' | jq -r '"contact \(.id): \(
	    .marketing_optin // "no word")\(if .timestamp_unsubscribed then
		" at \(.timestamp_unsubscribed)" else "" end)\(
	    if '"$contact_keeps"' then "" else "\(
		if .firstname then "; named" else "" end)\(
		if .store_ids then "; \(.store_ids | join(","))" else "" end)"
	    end)"' |
	    by_permutation >contacts
	all_alike 'contact' contacts
	is "$(cat one)" "$1" 'is what the law expects'
}

# exceptions_come_to TEXT: what is open, the same in all orders.
exceptions_come_to() {
	sqlite3 line.db "SELECT code || ' ' || id FROM exception WHERE open
	    UNION ALL SELECT 'orders ' || customer FROM customer" |
	    by_permutation >open
	all_alike 'exceptions' open
	is "$(grep -v '^orders ' one)" "$1" 'these are open'
}

# Nothing of the person after the opt-out was accepted: an order that left
# later names the number alone, or with $1 = nobody, no customer; null clears
# what an earlier revision said. The shop's own record, before SAP says whose
# address it has, is a guest's.
orders_behind_are() {
	awk -F '\t' '
	FNR == NR {
		split($0, word, " ")
		if (index($0, "-shop") < index($0, "-address"))
			early[word[1]] = 1
		next
	}
	{
		match($4 $5, /7[0-9][0-9][0-9][0-9]/)
		number = substr($4 $5, RSTART, 5)
	}
	$3 == "contact" && /OPTEDOUT/ { out[number] = 1 }
	$3 == "order" && out[number] && !(number in early) { print $5 }
	END { for (number in out) n++; print n + 0 >"opted" }' orders history >behind
	case $1 in
	nobody) jq -c 'select([.customer // {} | .[] | values] != [])' behind >wrong ;;
	*) jq -c 'select(.customer | del(..|nulls) | keys != ["id"])' behind >wrong ;;
	esac
	is "$(head -n 3 wrong)" '' "orders behind an opt-out: $1"
	is "$(cat opted)" "$(wc -l <orders | tr -d ' ')" 'and every opt-out left'
	ok 'orders did come behind some' test -s behind
	is "$(awk -F '\t' '$3 == "contact" && /OPTEDOUT/ { print $5 }' history |
	    jq -c 'select(."@force_optin" != true or .firstname or .lastname or .phone_number)')" \
	    '' 'by force, without name or phone'
}

# forgotten WORD: nothing in the state, and nothing in Ometria, holds it, in
# whatever spelling.
forgotten() {
	is "$(sqlite3 line.db .dump | grep -i -c "$1")" 0 "the state forgot '$1'"
	is "$(grep -i -c "$1" dump)" 0 "Ometria does not hold '$1'"
	is "$(grep erased-person warnings)" '' 'no erased person is sent again'
}

# shellcheck shell=sh
# Scenarios of a retailer, in every order of arrival of their messages.
#
#	#!/bin/sh
#	# The story, in the retailer's words.
#	. "$(dirname "$0")/../lib.sh"
#	message NAME <<END         record lines, as the shop sends them
#	sap NAME MESTYP IDOCTYP SECOND <<END
#	                           an IDoc: segments as tests/idoc.awk reads them,
#	                           a blank before those of the first level; they
#	                           come as XML and as flat file in turns, or all
#	                           as XML when sap_form is xml
#	comes_to <<END             the final state, as `told` below writes it
#	in_every_order             all that follows from that
#	in_the_line [backwards]    the same through the line, to the local Ometria
#	done_testing
#
# ##### in a scenario stands for the number of the permutation: an order, a
# document, a delivery and an IDoc of their own for each, so that one process
# folds all of them. Put no 7 right before it and use it in every id.
#
# With WORLD_TOPIC set to the name of a topic of its own the messages are dealt
# out to two hosts, which read them at once into Kafka (examples/kafka), and one
# line folds what comes out; the cluster is told by tests/kafka.sh.

. "$(dirname "$0")/../../lib.sh"
. "$ROOT/tests/kafka.sh"

export SAP_OMETRIA_NOW=2026-03-05T12:00:00Z
unset SAP_OMETRIA_STATE
SAP_OMETRIA_CONFIG=$T/sync.conf
export SAP_OMETRIA_CONFIG
cat >"$T/sync.conf" <<'END'
[sap]
timezone = Europe/London
[ometria]
rate = 0
settle = 1ms
[sales-area "1000/10"]
store = example.com/uk
[sales-area "1000/20"]
store = example.com/leeds
channel = in store
END
PERMUTATIONS=720
mkdir "$T/in" "$T/messages"
cd "$T" || exit 71

# The file of the next message in the inbox; its records are beside it, with
# the mark instead of the number. A message may be one end of a pipe, so what
# is counted are files.
next_message() {
	message_count=$(($(ls in | wc -l) + 1))
	message_name=$message_count-$1
	message_file=in/$message_name.$2
}
keep_records() {
	idoc-parse -q "$message_file" | sku-normalise |
	    sed 's/70000/#####/g; s/,"file":"[^"]*"//' >"messages/$message_name"
	[ -s "messages/$message_name" ] || fail "$message_name gives no record"
}

message() {
	next_message "$1" jsonl
	sed 's/#####/70000/g' >"$message_file"
	keep_records
}

sap() {
	if [ "${sap_form:-}" = xml ] || [ $(($(ls in | wc -l) % 2)) -eq 0 ]; then
		next_message "$1" xml
		set -- "$@" xml
	else
		next_message "$1" txt
		set -- "$@" flat
	fi
	{
		printf 'CONTROL MANDT=100|DOCNUM=000000#####%05d|DIRECT=1|OUTMOD=2|IDOCTYP=%s|MESTYP=%s|SNDPOR=SAPECP|SNDPRT=LS|SNDPRN=ECPCLNT100|RCVPOR=OMETRIA|RCVPRT=LS|RCVPRN=OMETRIA|CREDAT=%.8s|CRETIM=%s|SERIAL=%s\n' \
		    "$message_count" "$3" "$2" "$4" "${4#????????}" "$4"
		cat
	} | sed 's/#####/70000/g' |
	    awk -v form="$5" -v width=cut -f "$ROOT/tests/idoc.awk" \
		"$ROOT/lib/idoc/segments.tsv" - >"$message_file"
	keep_records
}

# --- segments that most IDocs have ---

# sales DOCUMENT WEB CUSTOMER [MORE]: the head of a sales document; MORE goes
# into E1EDK01. No WEB: an order that was born in SAP.
sales() {
	printf ' E1EDK01.005 CURCY=GBP|BELNR=%s%s\n' "$1" "${4:+|$4}"
	printf ' E1EDK14 QUALF=008|ORGID=1000\n E1EDK14 QUALF=007|ORGID=%s\n' \
	    "${area:-10}"
	printf ' E1EDK03 IDDAT=022|DATUM=20260302|UZEIT=080000\n'
	printf ' E1EDKA1.003 PARVW=AG|PARTN=%s\n' "$3"
	[ -z "$2" ] || printf ' E1EDK02 QUALF=001|BELNR=%s\n' "$2"
	printf ' E1EDK02 QUALF=002|BELNR=%s\n' "$1"
}
# item DOCUMENT LINE MATERIAL QUANTITY PRICE NET [MORE]: MORE goes into E1EDP01.
item() {
	printf ' E1EDP01.011 POSEX=%s|MENGE=%s|MENEE=PCE|VPREI=%s|PEINH=1|NETWR=%s%s\n' \
	    "$2" "$4" "$5" "$6" "${7:+|$7}"
	printf '  E1EDP02.001 QUALF=002|BELNR=%s|ZEILE=%s\n' "$1" "$2"
	printf '  E1EDP19.003 QUALF=002|IDTNR=%s\n' "$3"
}
# sums NET TAX TOTAL
sums() {
	printf ' E1EDS01 SUMID=002|SUMME=%s\n E1EDS01 SUMID=005|SUMME=%s\n' "$1" "$2"
	printf ' E1EDS01 SUMID=011|SUMME=%s\n' "$3"
}
# delivery NUMBER PARCEL [DATE TIME]: without a date goods issue is not posted.
delivery() {
	printf ' E1EDL20.002 VBELN=%s|BOLNR=%s\n' "$1" "$2"
	printf '  E1ADRM1.002 PARTNER_Q=SP|NAME1=Parcel Post\n'
	[ -z "${3:-}" ] ||
		printf '  E1EDT13.001 QUALF=006|ISDD=%s|ISDZ=%s\n' "$3" "$4"
}
# goods ITEM MATERIAL QUANTITY DOCUMENT LINE [MORE]
goods() {
	printf '  E1EDL24.003 POSNR=%s|MATNR=%s|LFIMG=%s|VRKME=PCE|LGMNG=%s|MEINS=PCE|VGBEL=%s|VGPOS=%s%s\n' \
	    "$1" "$2" "$3" "$3" "$4" "$5" "${6:+|$6}"
}

# --- final states ---

# One line for what leaves and what is wrong, from records.
final_of_records() {
	awk '
	index($0, "\"type\":\"desired\"") {
		kind = $0
		sub(/.*"kind":"/, "", kind)
		sub(/".*/, "", kind)
		at = index($0, "\"body\":")
		print kind " " substr($0, at + 7, length($0) - at - 7)
	}
	index($0, "\"type\":\"exception\"") {
		code = type = id = $0
		sub(/.*"code":"/, "", code)
		sub(/".*/, "", code)
		sub(/.*"subject":\{"type":"/, "", type)
		sub(/".*/, "", type)
		sub(/.*"subject":\{"type":"[^"]*","id":"/, "", id)
		sub(/".*/, "", id)
		if (code != "event-late")
			print "exception {\"exception\":\"" code " " type " " id "\"}"
	}'
}

# The clock of all scenarios is one, so that most of their events are late when
# they leave: that is left out.
#
# The same from a state: what is not withheld, what is open.
final_of_state() {
	sqlite3 "$1" "SELECT CASE kind WHEN 2 THEN 'order ' ELSE 'custom_event '
	    END || body FROM outbox WHERE withheld IS NULL;
	    SELECT 'exception {\"exception\":\"' || code || ' ' || subject || ' '
	    || id || '\"}' FROM exception WHERE open AND code <> 'event-late'"
}

# A final state of one permutation in words.
told() {
	sed 's/^[a-z_]* //' | jq -r '
	def word($name; $value): if $value == null then "" else
	    "; \($name) \($value)" end;
	if .event then
	    "event \(.event_id) at \(.at): \(.delivery_count) parcel\(
		if .delivery_count == 1 then "" else "s" end), last \(
		.tracking_number)"
	elif .order_id then
	    "order \(.order_id): \(.status)\(if .valid then "" else
		", not valid" end)\(
		if .grand_total then ", \(.grand_total)" else "" end)\(
		word("discount"; .discount))\(word("shipping"; .shipping))\(
		word("customer"; .customer.id))\(word("mail"; .customer.email))\(
		word("coupon"; .coupon))\(word("paid by"; .payment_method))\(
		word("store"; .store))\(word("channel"; .channel))\(
		word("documents"; .properties.sap_sales_document))",
	    (.lines // [] | .[] | "  \(.line) \(.sku) x\(.quantity) \(
		.total)\(if .refunded then ", back x\(.quantity_refunded) \(
		.refunded)" else "" end)")
	else
	    "exception \(.exception)"
	end'
}

comes_to() {
	cat >expected
}

# --- every order ---

# All orders of up to six messages, else a sample, in the files round.1 ...:
# the messages that come first, second, ... in each; and all of them after each
# other in the file all; the order of each in the file orders.
permute() {
	rm -f round.*
	awk -v most="$PERMUTATIONS" '
	FNR == 1 { name[++n] = FILENAME }
	{ text[n] = text[n] $0 "\n" }
	END {
		for (i = 1; i <= n; i++)
			p[i] = i
		seed = 4711
		if (n > 6)
			for (number = 0; number < most; number++) {
				write()
				for (i = n; i > 1; i--) {
					seed = (seed * 16807) % 2147483647
					swap(i, 1 + seed % i)
				}
			}
		else
			do write(); while (next_order())
	}
	function write(i, one) {
		printf "%d", 70000 + count >"orders"
		for (i = 1; i <= n; i++) {
			one = text[p[i]]
			gsub(/#####/, 70000 + count, one)
			printf "%s", one >("round." i)
			printf "%s", one >"all"
			sub(/.*\//, "", name[p[i]])
			printf " %s", name[p[i]] >"orders"
		}
		print "" >"orders"
		count++
	}
	function swap(a, b, t) {
		t = p[a]
		p[a] = p[b]
		p[b] = t
	}
	function next_order(i, j) {
		for (i = n - 1; i > 0 && p[i] > p[i + 1]; i--)
			;
		if (i == 0)
			return 0
		for (j = n; p[j] < p[i]; j--)
			;
		swap(i, j)
		for (j = n; ++i < j; j--)
			swap(i, j)
		return 1
	}' messages/*
}

# By permutation: "NUMBER TAB line" with the number taken out, sorted.
by_permutation() {
	awk '{
		match($0, /7[0-9][0-9][0-9][0-9]/)
		number = substr($0, RSTART, 5)
		gsub(number, "#####")
		print number "\t" $0
	}' | sort
}

# all_alike WHAT FILE: each permutation has one and the same final state; it is
# left in the file `one`. With ALLOWED set, so many different ones may be.
all_alike() {
	awk -F '\t' '
	FNR == NR { split($0, word, " "); order[word[1]] = $0; total++; next }
	{ state[$1] = state[$1] $2 "\n" }
	END {
		for (number in order)
			if (!(state[number] in first) ||
			    number < first[state[number]])
				first[state[number]] = number
		for (text in first) {
			kinds++
			print "# arrival: " order[first[text]] >("kind." kinds)
			printf "%s", text >("kind." kinds)
		}
		print kinds " of " total
	}' orders "$2" >kinds
	rm -f one
	alike_kinds=$(cut -d' ' -f1 kinds)
	if [ "$alike_kinds" -eq 1 ]; then
		grep -v '^#' kind.1 >one
		pass "$1: one final state in $(cut -d' ' -f3 kinds) orders of arrival"
	else
		fail "$1: one final state"
		diag "$alike_kinds final states, two of them:"
		note_state kind.1
		note_state kind.2
		grep -v '^#' kind.1 >one
	fi
	rm -f kind.*
}
note_state() {
	{
		head -n 1 "$1" | sed 's/70[0-9]*//'
		sed 1d "$1" | sed 's/^/#   /'
	} >&2
}

# fold COMMAND...: exceptions on the way are no failure.
folds() {
	"$@" >>out.records 2>err.records
	folds_rc=$?
	[ "$folds_rc" -le 1 ] && return 0
	fail "exit code $folds_rc: $*"
	note_file stderr err.records
}

# What folds; other scenarios have more tools.
folding() {
	order-aggregate -q "$@"
}

# A process for each message, the state between them: after each, all is worked
# out as far as it is known.
messages_into_state() {
	rm -f state.db*
	if [ -n "${WORLD_TOPIC:-}" ]; then
		# A rehearsal finds a state.
		folds folding -s state.db </dev/null
		through_the_topic state.db round.*
		return
	fi
	for round in round.*; do
		: >out.records
		folds folding -s state.db <"$round"
	done
}

# All of them once more, and what that gives.
messages_again() {
	if [ -n "${WORLD_TOPIC:-}" ]; then
		sqlite3 state.db "$revisions" >revisions
		rm state.db-offsets
		folds topic_fold state.db --dry-run
		sqlite3 state.db "$revisions" | diff revisions - | head -n 3
		return
	fi
	: >out.records
	cat round.* >again
	folds folding -s state.db <again
	head -n 3 out.records
}
revisions='SELECT kind, id, rev, body FROM outbox ORDER BY kind, id'

# through_the_topic STATE FILE...: dealt out to two hosts, each of which reads
# its own in that order, both at once; both have the first one.
through_the_topic() {
	topic_into=$1
	shift
	topic_count=$((${topic_count:-0} + 1))
	SAP_OMETRIA_TOPIC=$WORLD_TOPIC-$topic_count
	export SAP_OMETRIA_TOPIC
	rm -rf a b
	mkdir -p a/in a/done b/in b/done
	topic_host=a topic_file=0
	for file in "$@"; do
		topic_file=$((topic_file + 1))
		case $file in
		round.*) topic_name=$topic_file.jsonl ;;
		*) topic_name=$topic_file-${file##*/} ;;
		esac
		cp "$file" "$topic_host/in/$topic_name"
		touch -d "2026-03-01 00:00:$topic_file" "$topic_host/in/$topic_name"
		[ $topic_host = a ] && topic_host=b || topic_host=a
	done
	cp -p a/in/1[.-]* b/in
	hosts_read
	is "$(sort -n a.code b.code | tail -n 1)" 0 'both hosts read all of theirs'
	topic_pushes=--dry-run
	[ "$topic_into" != line.db ] || topic_pushes="--url $SANDBOX_URL"
	# shellcheck disable=SC2086
	folds topic_fold "$topic_into" $topic_pushes
}

in_every_order() {
	permute
	[ -n "${WORLD_TOPIC:-}" ] || every_order_as_a_filter
	every_order_with_a_state
}

every_order_as_a_filter() {
	: >out.records
	folds order-aggregate -q <all
	final_of_records <out.records | by_permutation >final
	all_alike 'as a filter' final
	is "$(told <one)" "$(cat expected)" 'is what the retailer expects'
	: >out.records
	awk '{ print; print }' all >twice
	folds order-aggregate -q <twice
	final_of_records <out.records | by_permutation >final.twice
	ok 'each message twice comes to the same' cmp final final.twice
}

every_order_with_a_state() {
	messages_into_state
	final_of_state state.db | by_permutation >final.state
	all_alike 'a process a message, with a state' final.state
	is "$(told <one)" "$(cat expected)" 'is the same final state'
	is "$(messages_again)" '' 'all of it again gives nothing'
	final_of_state state.db | by_permutation >final.again
	ok 'and changes nothing' cmp final.state final.again
}

# --- the line ---

normalising() {
	sku-normalise -s line.db
}

# The messages one after the other through all tools, to the local Ometria; in
# Kafka, where what comes twice pushes nothing, there is no backwards.
through_the_line() {
	[ -z "${WORLD_TOPIC:-}" ] || [ -z "$1" ] || return 1
	# shellcheck disable=SC2012
	line_order=$(ls ${1:+-r} in)
	rm -f line.db* sandbox.db*
	sandbox_start --rate 0 --data-rate 0
	if [ -n "${WORLD_TOPIC:-}" ]; then
		# shellcheck disable=SC2046
		through_the_topic line.db $(printf 'in/%s ' $line_order)
		sandbox_dump --history >history
		rm line.db-offsets
		folds topic_fold line.db --url "$SANDBOX_URL"
		is "$(sandbox_dump --history | diff history - | head -n 3)" '' \
		    'the topic read again sends nothing'
		return 0
	fi
	for file in $line_order; do
		idoc-parse -q -s line.db "in/$file" | normalising |
		    folding -s line.db |
		    ometria-push -q -s line.db --url "$SANDBOX_URL" \
			--api-key-file key >out.line 2>err.line ||
			[ $? -eq 1 ] || {
			fail "the line takes $file"
			note_file stderr err.line
		}
	done
	return 0
}

# in_the_line [backwards]: the messages one after the other through all tools,
# delivered to the local Ometria in between.
in_the_line() {
	through_the_line "${1:-}" || return 0
	final_of_state line.db | by_permutation | cut -f2 >final.line
	is "$(told <final.line)" "$(cat expected)" "the line, message by message${1:+, $1}"
	sandbox_dump >dump
	grep -E '^(order|custom_event) ' dump | sed 's/^[^{]*//' | jq -r '
	    if .status then
		"\(.id) \(.status) \(.is_valid) \(.grand_total)"
	    else "\(.id) \(.timestamp) \(.properties.delivery_count)" end' |
	    sort >holds
	sed 's/^[a-z_]* //; s/#####/70000/g' final.line | jq -r '
	    if .order_id and .status then
		"\(.order_id) \(.status) \(.valid) \(.grand_total | tonumber)"
	    elif .event then "\(.event_id) \(.at) \(.delivery_count)"
	    else empty end' | sort >wanted
	is "$(cat holds)" "$(cat wanted)" 'Ometria holds it'
	is "$(sandbox_dump --history | awk -F '\t' '$3 == "custom_event"' | wc -l |
	    tr -d ' ')" "$(grep -c '^event' expected)" 'and had each event once'
	sandbox_stop
}

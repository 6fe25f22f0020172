# shellcheck shell=sh
# A line that could not send, an Ometria that misbehaves, and what is to come of
# it whatever happens; for the tests beside it, behind lib.sh.

cd "$T" || exit 71
unset CREDENTIALS_DIRECTORY
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
cat >sync.conf <<'END'
[ometria]
connections = 1
rate = 0
batch = 6
settle = 1ms
retry = 4ms
timeout = 60s
[sales-area "1000/10"]
store = example.com/uk
[sales-area "2000/10"]
store = example.com/de
[plant "1100"]
locations = 0001
[plant "2100"]
locations = 0001
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"
cp -R "$ROOT/examples/inbox" in

aggregate() {
	idoc-parse -q -s s.db in 2>/dev/null |
	    sku-normalise -s s.db |
	    customer-aggregate -s s.db |
	    order-aggregate -s s.db |
	    stock-aggregate -s s.db
}
# settings KEY=VALUE...: other values in the configuration. The timeout is one that
# a slow machine does not reach, but where it is to be reached.
settings() {
	for setting; do
		sed -i "s/^${setting%%=*} = .*/${setting%%=*} = ${setting#*=}/" \
		    sync.conf
	done
}
push() { ometria-push -s s.db --url "$SANDBOX_URL" --api-key-file key "$@"; }
# pushes_of STATUS: how many pushes got this answer.
pushes_of() {
	sandbox_dump --journal | awk -F '\t' -v s="$1" \
	    '$3 ~ /\/push$/ && $4 == s { n++ } END { print n + 0 }'
}
# fresh [ARGS...]: an empty Ometria, and the state of a line that could not send.
# What a record without @merge does there is $reading: replace or merge.
reading=replace
fresh() {
	sandbox_stop
	rm -f sandbox.db* s.db*
	cp full.db s.db
	sandbox_start --rate 0 --data-rate 0 --set "without-merge=$reading" "$@"
}
# same DESC: what is held, how often events came, what the books say.
same() {
	is "$(sandbox_dump)" "$reference" "$1: the same holdings"
	is "$(sandbox_dump --history | awk -F '\t' '$3 == "custom_event"' |
	    cut -f 4 | sort | uniq -d)" '' "$1: no event twice"
	rc_is 0 "$1: the balance holds" sync-audit balance -s s.db
	rc_is 0 "$1: and then there is nothing to send" push --drain
	like "$(cat err)" 'nothing to send' "$1: as it says"
}

# What is held when nothing goes wrong, and the numbers of some pushes then: the
# same in each run as long as one request follows the other.
aggregate | ometria-push -s s.db --url http://127.0.0.1:9/v2 \
    --api-key-file /nowhere >/dev/null 2>&1
cp s.db full.db
fresh
rc_is 0 'nothing goes wrong' push --drain
reference=$(sandbox_dump)
like "$reference" '^custom_event order_shipped shipped-W100005 ' 'events leave'
# The number of the first push of events, by the order of kinds the last ones.
event=$(sandbox_dump --journal | awk -F '\t' '$3 ~ /\/push$/ { n++ }
    $5 == "custom_event" { print n; exit }')
# large N: the number of the N-th push that holds more records than halving once
# would leave single.
large() {
	sqlite3 sandbox.db "SELECT n FROM (SELECT count,
	    row_number() OVER (ORDER BY seq) AS n FROM journal
	    WHERE path LIKE '%/push') WHERE count > 3
	    ORDER BY n LIMIT 1 OFFSET $1 - 1"
}
same 'no fault'

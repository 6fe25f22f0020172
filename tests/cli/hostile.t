#!/bin/sh
# Input that is broken, cut, hostile or simply something else: each has its
# message and exit code, and nothing beside it is lost. IDocs: hostile-idoc.t.
. "$(dirname "$0")/../lib.sh"

tools='idoc-parse sku-normalise customer-aggregate order-aggregate
    stock-aggregate ometria-push sync-audit'
aggregators='customer-aggregate order-aggregate stock-aggregate'
XDG_CONFIG_HOME=$T/none
XDG_STATE_HOME=$T/none
export XDG_CONFIG_HOME XDG_STATE_HOME
unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_NOW
cd "$T" || exit 71

# codes FILE: the exception codes of a file of records, on one line.
codes() {
	jq -r 'select(.type == "exception").code' "$1" | sort -u | tr '\n' ' ' |
	    sed 's/ $//'
}

# --- record files ---

mkdir folder
cp "$ROOT"/examples/inbox/01-customers-uk.xml folder/2.xml
: >empty.xml

printf '{"v":1,"type":"order","id":"W1"}\n{"v":1,"type"' >shop.jsonl
rc_is 1 'a record file cut in its last line' idoc-parse shop.jsonl
is "$(codes out)" record-invalid 'is an exception'
is "$(grep -c '^{"v":1,"type":"order","id":"W1"}$' out)" 1 'its first line passes'

# --- public samples ---

if [ -d "$SHARED/idocs" ]; then
	for file in "$SHARED"/idocs/*.xml "$SHARED"/idocs/*.txt; do
		name=${file##*/}
		timeout 20 idoc-parse "$file" >records 2>messages
		rc=$?
		is "$([ $rc -le 1 ] && echo good)" good "$name: exit $rc"
		ok "$name: gives records" jq -es 'length > 0 and
		    all(.[]; .v == 1 and (.id | length) > 0)' records
		is "$(grep -c '"type":"exception"' records)" \
		    "$(grep '^idoc-parse: ' messages | grep -vc ': warning: ')" \
		    "$name: says its exceptions"
	done
elif [ "${CI:-}" = true ]; then
	fail 'the folder of public samples is there'
else
	pass '# SKIP the folder of public samples is not there'
fi

# --- pipes ---

record='{"v":1,"type":"invoice2","id":"x"}'
other='{"v":1,"type":"desired","id":"product:1","kind":"product","body":{}}'
long_line=$(head -c 4300000 /dev/zero | tr '\0' x)
for tool in sku-normalise $aggregators; do
	{
		echo "$other"
		echo 'garbage'
		echo "$record"
		printf '{"v":1,"type":"order","id":"a\\u0000b"}\n'
		printf '%s\n' "$long_line"
		echo "$other"
	} >in
	rc_is 1 "$tool: garbage in the pipe: exit 1" sh -c "$tool <in"
	is "$(grep -cxF "$other" out)" 2 "$tool: the lines around it pass"
	is "$(codes out)" record-invalid "$tool: garbage is an exception"
	printf '%s\n%s' "$other" "$other" >in
	rc_is 1 "$tool: a last line without newline: exit 1" sh -c "$tool <in"
	is "$(grep -cxF "$other" out)" 1 "$tool: is not taken for whole"
done

# --- states ---

echo 'just a text' >text.db
sqlite3 other.db 'CREATE TABLE t(x); INSERT INTO t VALUES (1)'
order-aggregate -s newer.db </dev/null
sqlite3 newer.db 'PRAGMA user_version = 999'
for tool in $tools; do
	case $tool in
	idoc-parse) args=empty.xml ;;
	ometria-push) args='--drain -n' ;;
	sync-audit) args=status ;;
	*) args= ;;
	esac
	for file in text.db other.db; do
		cksum <$file >before
		# shellcheck disable=SC2086
		rc_is 65 "$tool: $file is no state" "$tool" -s $file $args </dev/null
		like "$(cat err)" "^$tool: .*'$file'" 'the message names it'
		is "$(cksum <$file)" "$(cat before)" 'and it is untouched'
	done
	# shellcheck disable=SC2086
	rc_is 78 "$tool: a state of a newer version" "$tool" -s newer.db $args \
	    </dev/null
	like "$(cat err)" "'newer.db'.*newer" 'the message says so'
	case $tool in
	ometria-push) args=--drain ;;
	esac
	[ "$tool" = sync-audit ] || {
		# shellcheck disable=SC2086
		rc_is 73 "$tool: a state that cannot be made" \
		    "$tool" -s none/x.db $args </dev/null
	}
done
rc_is 66 'sync-audit: a state that is not there' sync-audit -s none.db status
ok 'and none is made' test ! -e none.db
head -c 5000 newer.db >damaged.db
printf 'garbage all over the pages of this file' |
    dd of=damaged.db bs=1 seek=1200 conv=notrunc 2>/dev/null
for tool in $aggregators; do
	"$tool" -s damaged.db </dev/null >out 2>err
	rc=$?
	is "$([ $rc -ge 64 ] && echo refused)" refused \
	    "$tool: a damaged state: exit $rc"
done

# --- delivery ---

echo '{"v":1,"type":"desired","id":"product:1","kind":"product","body":{"sku":"1","in_stock":true,"active":true,"merge":true}}' >desired
(umask 077 && echo s3cret-api-key >key)
cat >quick.conf <<'END'
[ometria]
timeout = 300ms
retry = 10ms
END
export SAP_OMETRIA_CONFIG="$T/quick.conf"
push() {
	ometria-push -s push.db "$@"
}
waiting() {
	ometria-push -q -s push.db --drain -n | grep -c '"path"'
}
rc_is 66 'a missing key file' push --api-key-file no-key <desired
like "$(cat err)" "'no-key'" 'is named'
is "$(waiting)" 1 'what was on the pipe is kept'
unset CREDENTIALS_DIRECTORY
push --drain >out 2>err
rc=$?
like "$rc" '^(66|77|78)$' "no key at all: exit $rc"
chmod 644 key
rc_is 77 'a key file that others can read' push --drain --api-key-file key
chmod 600 key
: >no-bytes
chmod 600 no-bytes
push --drain --api-key-file no-bytes >out 2>err
rc=$?
is "$([ $rc -ge 64 ] && echo refused)" refused "an empty key file: exit $rc"
rc_is 69 'an Ometria that cannot be reached' push --drain --api-key-file key \
    --url http://127.0.0.1:1/v2
like "$(cat err)" '^ometria-push: ' 'says so'
is "$(waiting)" 1 'and what waits is kept'
rc_is 78 'plain http over the network' push --drain --api-key-file key \
    --url http://example.com/v2
rc_is 64 'a rate that is no number' push --drain --rate fast
push -v --drain --api-key-file key --url http://127.0.0.1:1/v2 >out 2>err
is "$(cat out err push.db* | grep -ac s3cret-api-key)" 0 \
    'the key is in no output and no state'

# --- command lines, outputs ---

for tool in $tools; do
	rc_is 64 "$tool: an unknown option" "$tool" --no-such-option
	like "$(cat err)" "^$tool: unknown option '--no-such-option'" 'is named'
	rc_is 64 "$tool: an option without its argument" "$tool" -c
	rc_is 66 "$tool: a configuration that is not there" "$tool" -c no.conf \
	    -s x.db </dev/null
	sh -c "$tool --help >/dev/full" 2>err
	is $? 74 "$tool: a full disk: exit 74"
	like "$(cat err)" "^$tool: cannot write the output: No space left" \
	    'is said'
done
cp desired in
full() {
	sh -c "$1 >/dev/full" 2>err
	is $? 74 "$1, a full disk: exit 74"
}
unset SAP_OMETRIA_CONFIG
full 'idoc-parse folder/2.xml'
full 'idoc-parse --raw folder/2.xml'
full 'sku-normalise <in'
for tool in $aggregators; do
	full "$tool <in"
	full "$tool -s full.db <in"
done
full 'ometria-push -s push.db --drain -n'
full 'sync-audit -s push.db status'
full 'sync-audit -s push.db exceptions'
# A customer number that was cut off names somebody else.
flat_control() { printf 'EDI_DC40  100%016d%70s%-30s%395s\n' "$1" '' DEBMAS ''; }
for digits in 3 9 10; do
	{
		flat_control 1
		printf '%-63s005%-997s\n' E2KNA1M005 0000001001
		flat_control 2
		printf '%-63s005%.*s' E2KNA1M005 "$digits" 0000001234
	} | idoc-parse >cut 2>/dev/null
	want='idoc 0000000000000002'
	[ "$digits" -lt 10 ] || want='customer 1234'
	is "$(jq -r 'select(.code != null) | .subject | .type + " " + .id' cut)" \
	    "$want" "a line that ends behind $digits digits of the customer number"
done
done_testing

#!/bin/sh
# A state that must not be written to, and one with damaged pages: each tool that
# would write says so in a line with the exit code for it, and leaves it as it was.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
cp -R "$ROOT/examples/inbox" in
idoc-parse -q in 2>/dev/null | sku-normalise >records
idoc-parse -q -s whole.db in 2>/dev/null | sku-normalise -s whole.db |
    customer-aggregate -s whole.db | order-aggregate -s whole.db |
    stock-aggregate -s whole.db >desired
(umask 077 && echo s3cret-api-key >key)

# TOOL ARGUMENTS <input, a line each; the state comes behind the tool.
cat >uses <<'END'
desired idoc-parse -q in
records sku-normalise
records customer-aggregate
records order-aggregate
records stock-aggregate
desired ometria-push -q --api-key-file key --url http://127.0.0.1:9/v2 --timeout 1ms
desired ometria-push -q -n
desired sync-audit status
desired sync-audit balance
desired sync-audit exceptions
desired sync-audit ack idoc-malformed:idoc:1
END

# use STATE INPUT TOOL ARGUMENTS...
use() {
	state=$1 input=$2 tool=$3
	shift 3
	case $tool in
	sync-audit) command=$1 && shift && set -- "$command" -s "$state" "$@" ;;
	*) set -- -s "$state" "$@" ;;
	esac
	$as "$tool" "$@" <"$input" >out 2>err
}

# --- read-only ---

mkdir mute
cp whole.db mute/s.db
# Root may write everything, unless that is taken from it.
as=
[ "$(id -u)" -ne 0 ] ||
    as='setpriv --bounding-set -dac_override,-dac_read_search'
chmod 400 mute/s.db
chmod 500 mute
cksum mute/* >before
while read -r line; do
	# shellcheck disable=SC2086
	use mute/s.db $line
	rc=$?
	case $line in
	*' -n' | *' status' | *' balance' | *' exceptions')
		is "$((rc <= 1))$(cat err)" 1 "a read-only state is read: $line"
		continue
		;;
	esac
	is $rc 77 "a read-only state: $line"
	is "$(grep -c . err)" 1 'in a line'
	like "$(cat err)" \
	    "^[a-z-]+: (cannot open )?state 'mute/s.db'(: Permission denied| is read-only)" \
	    'which says so'
done <uses
is "$(cksum mute/*)" "$(cat before)" 'it is as it was'
chmod 700 mute
as=

# --- damaged pages ---

page=0
pages=$(($(stat -c %s whole.db) / 4096))
while [ $page -lt $pages ]; do
	cp whole.db bad.db
	awk 'BEGIN { for (i = 0; i < 300; i++) printf "not a page " }' |
	    dd of=bad.db bs=4096 seek=$page conv=notrunc 2>/dev/null
	told=0
	while read -r line; do
		rm -f s.db*
		cp bad.db s.db
		# shellcheck disable=SC2086
		use s.db $line
		rc=$?
		case $rc in
		0 | 1 | 66 | 69) continue ;; # it had no need of that page
		65) told=$((told + 1)) ;;
		*) is "$rc" 65 "page $page is damaged: $line" ;;
		esac
		grep -Ev "^[a-z-]+: state 's.db' is (corrupt|not a sap-ometria state)\$" \
		    err >other
		is "$(cat other)" '' "page $page is damaged: $line says so"
		is "$(grep -c . err)" 1 'in a line'
	done <uses
	[ $page -gt 0 ] || is "$told" "$(grep -c . uses)" \
	    'without its first page every tool refuses it'
	page=$((page + 1 + pages / 8))
done
done_testing

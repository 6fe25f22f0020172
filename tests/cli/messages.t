#!/bin/sh
# What IDocs of each message type come to at the other end of the filters.
. "$(dirname "$0")/../lib.sh"

golden=$ROOT/tests/golden/idoc-parse
cd "$T" || exit 1

# The desired record of a kind, one of its body's members.
member() {
	jq -r "select(.type == \"desired\" and .kind == \"$1\") | .body$2" "$T/out" |
	    tail -n 1
}
orders() {
	idoc-parse "$@" | sku-normalise | order-aggregate
}
# The IDoc number N of a golden case.
idoc_at() {
	echo '<X>'
	awk -v n="$2" '/<IDOC / { k++ } k == n; /<\/IDOC>/ && k == n { exit }' \
	    "$golden/$1/in.xml"
	echo '</X>'
}

idoc_at invoic 2 >credit.xml
idoc_at invoic 3 >undo.xml
idoc_at invoic 4 >negative.xml
rc_is 0 'an order and its credit memo' orders "$golden/ordrsp/in.xml" credit.xml
is "$(member order .status) $(member order .valid)" 'refunded false' \
    'a credit memo for the request that it bills refunds the order'
is "$(member order '.lines[0].refunded')" 96.00 'gross'
rc_is 0 'and its cancellation' orders "$golden/ordrsp/in.xml" credit.xml undo.xml
is "$(member order .status)" confirmed 'takes the refund back'
rc_is 0 'the credit memo first' orders credit.xml "$golden/ordrsp/in.xml"
is "$(member order .status)" refunded 'comes to the same'
rc_is 0 'a credit memo of negative amounts' orders "$golden/ordrsp/in.xml" negative.xml
is "$(member order .status)" refunded 'is a credit memo as well'
done_testing

# shellcheck shell=sh
# A shop of which SAP is the master of products, and what Ometria has of them;
# for the tests beside it, behind lib.sh.

unset SAP_OMETRIA_STATE
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf" SAP_OMETRIA_NOW=2026-03-05T12:00:00Z
cat >sync.conf <<'END'
[sap]
timezone = Europe/London
[ometria]
rate = 0
settle = 1ms
[sales-area "1000/10"]
store = example.com/uk
[product]
master = sap
END

fold() {
	stock-aggregate -q -s s.db >out || [ $? -eq 1 ]
}
push() {
	ometria-push -q -s s.db --url "$SANDBOX_URL" --api-key-file key \
	    </dev/null >out.push 2>err.push || note_file stderr err.push
}
# has ID FIELD...: what Ometria has of a product.
has() {
	has_id=$1
	shift
	sandbox_dump | grep "^product $has_id " | sed 's/^[^{]*//' |
	    jq -c "[$(printf '.%s,' "$@" | sed 's/,$//')]"
}
# What cannot be sent as a whole, and why.
open_of() {
	sqlite3 s.db "SELECT id || ' ' || message FROM exception
	    WHERE open AND code = 'product-incomplete' ORDER BY id" |
	    sed "s/sku '[^']*' cannot be sent as a whole: //" | tr '\n' ';'
}

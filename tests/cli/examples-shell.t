#!/bin/sh
# The reconciliation recipes of examples/shell, on the morning of the demo.
. "$(dirname "$0")/../lib.sh"

recipes=$ROOT/examples/shell
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
unset SAP_OMETRIA_STATE
cd "$T" || exit 71
cp -R "$ROOT/examples/inbox" in
sandbox_start
idoc-parse -q -s sync.db in | sku-normalise -s sync.db |
    customer-aggregate -s sync.db | order-aggregate -s sync.db |
    stock-aggregate -s sync.db |
    ometria-push -q -s sync.db --api-key-file key --url "$SANDBOX_URL" >line
sandbox_dump | sed -n 's/^order [^{]*//p' >orders.jsonl
sandbox_dump | sed -n 's/^custom_event [^{]*//p' >events.jsonl
sandbox_stop

tested=0
# recipe NAME ARGS...: its output, tabs as bars, against standard input of the
# test (a here document); what the recipe reads is in the file `input`.
recipe() {
	name=$1
	shift
	is "$("$recipes/$name" "$@" <"${input:-/dev/null}" | tr '\t' '|')" \
	    "$(cat)" "$name"
	tested=$((tested + 1))
}

recipe order-history W100005 in <<'END'
2026-03-02T08:08:00Z|order|provisional|shop||
20260302081230.0000000000700047|order|confirmed|ORDRSP|0000000000700047|in/07-orders-uk.xml
20260302100000.0000000000700072|shipment|2026-03-02T10:00:00Z|DESADV|0000000000700072|in/09-shipment-part-1.xml
20260302104500.0000000000700073|shipment|2026-03-02T10:45:00Z|DESADV|0000000000700073|in/10-shipment-part-2.xml
20260302113000.0000000000700074|shipment|2026-03-02T11:30:00Z|DESADV|0000000000700074|in/11-shipment-part-3.xml
END
printf '%s\n' W100777 W100001 >input
input=input recipe shop-orders-missing sync.db <<'END'
W100777
END
recipe orders-unconfirmed sync.db <<'END'
W100012|2026-03-02T12:00:00Z
END
printf '%s\n' 12345 000000000000012345 A-1 a1 X >input
input=input recipe sku-twins <<'END'
12345|000000000000012345, 12345
A1|A-1, a1
END
sed 's/"status":"part_shipped"/"status":"confirmed"/' orders.jsonl >input
input=input recipe status-differs sync.db <<'END'
W100004|part_shipped|confirmed
END
recipe held-customers sync.db <<'END'
1015|DEBMAS|2026-03-02T12:00:00Z|1
END
recipe customers-without-email in/01-customers-uk.xml in/03-addresses.xml <<'END'
KUNA|8|0
END
is "$("$recipes/customers-without-email" in/01-customers-uk.xml | tr '\t' '|')" \
    'KUNA|8|8' 'customers-without-email: without the addresses it is all of them'
recipe volumes in/01-customers-uk.xml in/07-orders-uk.xml <<'END'
DEBMAS|20260302|8|8
ORDRSP|20260302|19|19
END
printf '%s\n' '{"id":"shipped-W1","properties":{"order_id":"W1"}}' >input
cat events.jsonl >>input
input=input recipe events-without-order orders.jsonl <<'END'
W1|shipped-W1|absent
END
recipe revenue-by-channel sync.db <<'END'
2026-03-02|example.com/de|online|EUR|10|684.00
2026-03-02|example.com/uk|online|GBP|19|1844.40
END
held=$(sqlite3 sync.db "SELECT json_extract(body, '$.grand_total')
    FROM outbox WHERE kind = 2 AND id = 'W100010'")
is "$("$recipes/revenue-by-channel" sync.db | awk '{ sum += $6 } END { print sum }')" \
    "$(jq -s --arg held "$held" '(map(select(.is_valid) | .grand_total * 100)
	| add | round) / 100 + ($held | tonumber)' orders.jsonl)" \
    'revenue-by-channel: what Ometria counts and the order that is held'


is "$tested" "$(ls "$recipes" | wc -l | tr -d ' ')" 'every recipe was run'
# A recipe does not take a state that is not there for an empty one.
for name in shop-orders-missing orders-unconfirmed status-differs \
    held-customers revenue-by-channel; do
	"$recipes/$name" no.db </dev/null >out 2>/dev/null &&
	    echo "$name" >>ended
done
ok 'a state that is not there is an error' test ! -e ended
done_testing

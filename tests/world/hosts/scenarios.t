#!/bin/sh
# "We read on two machines." What a retailer's scenarios come to is the same
# when their messages are dealt out to two hosts that read at once into Kafka,
# in every order of arrival, and one line folds what comes out; the topic read
# twice changes nothing.
. "$(dirname "$0")/../../lib.sh"
. "$ROOT/tests/kafka.sh"

# One that depends on what left in between (orders/reversal) is none of them.
scenarios='customers/changes-before-full customers/deletion-then-order
	customers/hold-next-releases customers/one-time-orders
	customers/order-with-old-address orders/cancelled-rest
	orders/credit-before-order orders/out-of-order-change
	orders/three-shipments orders/two-orders-one-parcel
	orders/two-sales-documents products/price-changes
	products/variant-before-parent stock/reversal-first
	stock/snapshot-in-the-middle'

cluster_start
cd "$T" || exit 71
# Each waits for the brokers most of its time.
# shellcheck disable=SC2016
printf '%s\n' $scenarios | xargs -P 4 -I @ sh -c '
	name=$(echo @ | tr / .)
	WORLD_TOPIC=$name "$ROOT/tests/world/@.t" >"$name.tap" 2>&1
	echo $? >"$name.code"'
for scenario in $scenarios; do
	name=$(echo "$scenario" | tr / .)
	if [ "$(cat "$name.code")" = 0 ]; then
		pass "$scenario, $(grep -c '^ok' "$name.tap") checks"
	else
		fail "$scenario"
		grep -v '^ok' "$name.tap" | while IFS= read -r line; do
			note "$line"
		done
	fi
done
cluster_stop
done_testing

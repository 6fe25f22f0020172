#!/bin/sh
# The whole line on the sample inbox, against the local Ometria.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
cat >"$T/sync.conf" <<'END'
[ometria]
rate = 0
settle = 1ms
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
cp -R "$ROOT/examples/inbox" "$T/in"
cd "$T" || exit 71
sandbox_start --rate 0 --data-rate 0

line() {
	idoc-parse -q -s sync.db "$@" in 2>parse.err |
	    sku-normalise -s sync.db |
	    customer-aggregate -s sync.db |
	    order-aggregate -s sync.db |
	    stock-aggregate -s sync.db |
	    ometria-push -s sync.db --url "$SANDBOX_URL" --api-key-file key
}

# holds RECORD FILTER: a fact of what Ometria holds.
holds() {
	sandbox_dump | grep "^$1 " | sed 's/^[^{]*//' | jq -r "$2"
}

rc_is 1 'first run: done, with findings' line
like "$(cat "$T/err")" 'records in [0-9]+ requests' 'it says what it sent'
first=$(sandbox_dump --journal | grep -c '/push	')

is "$(holds 'product 12346' .is_in_stock)" false 'sold out: not in stock'
is "$(holds 'product 20002' .is_in_stock)" true 'received: in stock again'
is "$(holds 'product 19999' .is_active)" false 'deleted material: not active'
is "$(sandbox_dump | grep -c '^product 0')" 0 'no padded product id'

is "$(holds 'order W100001' '[.status, .coupon_code, .payment_method] | join(" ")')" \
    'shipped  card' 'the shop told the payment, SAP the rest'
is "$(holds 'order W100001' '.lineitems | map(.product_id) | join(" ")')" \
    '12345 20001' 'SAP'\''s padded materials are the shop'\''s products'
is "$(holds 'order W100001' .grand_total)" 106.8 'totals are exact'
is "$(holds 'order W100003' .coupon_code)" SPRING8 'the coupon survives confirmation'
is "$(holds 'order W100011' '[.status, .is_valid | tostring] | join(" ")')" \
    'cancelled false' 'rejected by SAP: cancelled and void'
is "$(holds 'order W100012' .status)" pending 'not yet confirmed: pending'
is "$(holds 'order W100009' '.customer | keys | join(" ")')" \
    'email firstname lastname' 'a guest has no customer id'
is "$(holds 'order W100009' .customer.email)" guest.shopper@example.com \
    'but the e-mail of the checkout'
is "$(holds 'order W100002' .customer.email)" oliver.penn@example.com \
    'a known customer has the e-mail of the master'

is "$(holds 'contact sap 1003' .email)" priya.new@example.com \
    'an older address that comes late changes nothing'
is "$(holds 'contact sap 1009' .marketing_optin)" EXPLICITLY_OPTEDOUT \
    'deletion flag: opted out'
is "$(holds 'contact sap 9000' .id)" '' 'a one-time account is no contact'
is "$(sandbox_dump | grep -c '^order W100010 ')" 0 \
    'the order of a customer with broken master data waits'

is "$(holds 'order W100005' .status)" shipped 'three parts, all gone: shipped'
is "$(holds 'custom_event order_shipped shipped-W100005' .properties.delivery_count)" \
    3 'one event for three deliveries'
is "$(sandbox_dump --history | awk -F '\t' '$3 == "custom_event" && $4 ~ /W100005/' |
    wc -l | tr -d ' ')" 1 'and it was sent once'
is "$(holds 'order W100004' .status)" part_shipped 'one of two lines gone: part_shipped'
is "$(sandbox_dump | grep -c 'shipped-W100004')" 0 'no event for a part'

is "$(sandbox_dump --warnings | grep -v 'partial-record	product')" "" \
    'nothing else that Ometria would frown at'
is "$(sandbox_dump --errors)" "" 'nothing that Ometria refused'

# No order or event of a customer before that customer's contact.
early=$(sandbox_dump --history | awk -F '\t' '
	$3 == "contact" { known[$4] = 1 }
	$3 == "order" && match($5, /"customer":\{"id":"[0-9]+"/) {
		id = substr($5, RSTART + 18, RLENGTH - 19)
		if (id in known) seen[id] = 1; else early[id] = $4
	}
	END { for (id in early) if (id in known) print id, early[id] }')
is "$early" "" 'no order overtakes its contact'

rc_is 0 'the balance holds' sync-audit balance -s sync.db
rc_is 1 'status needs attention' sync-audit status -s sync.db
like "$(sync-audit exceptions -s sync.db)" \
    '^customer-malformed	critical	marketing	customer:1015	1015	' \
    'the broken customer is an exception with its number and owner'

rc_is 0 'second run: the broken file is known' true
line >/dev/null 2>"$T/again"
like "$(cat "$T/again")" 'nothing to send' 'the second run sends nothing and says so'
is "$(sandbox_dump --journal | grep -c '/push	')" "$first" 'and made no push request'
rc_is 0 'the balance still holds' sync-audit balance -s sync.db

# The customer is sent again, whole: the hold lifts, the order leaves.
sed 's/Harbour & View/9 Harbour View/' in/19-broken.xml >in/21-mended.xml
line --archive done >/dev/null 2>&1
is "$(sandbox_dump | grep -c '^order W100010 ')" 1 'mended master data lets the order go'
is "$(sync-audit exceptions -s sync.db | grep -c '^customer-malformed')" 0 \
    'and closes its exception'
is "$(find in -type f)" "" 'all files are archived'
ok 'the sandbox ends cleanly' sandbox_stop
done_testing

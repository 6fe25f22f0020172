#!/bin/sh
# [product] master = sap: special prices of condition records, from their first
# day to their last.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf"
cat >sync.conf <<'END'
[sap]
timezone = Europe/London
[ometria]
rate = 0
settle = 1ms
[product]
master = sap
sales-area = 1000/10
[sales-area "1000/10"]
store = example.com/uk
[sales-area "2000/10"]
store = example.com/de
END
# said SECOND MATERIAL KEYS
said() {
	printf '{"v":1,"type":"product","id":"%s","seq":"202603020800%02d.0000000000000001","src":{"sys":"ECP","client":"100","docnum":"%016d","mestyp":"COND_A","n":1,"r":1},"material":"%s",%s}\n' \
	    "$2" "$1" "$1" "$2" "$3"
}
# price AREA CONDITION AMOUNT CURRENCY FROM TO
price() {
	printf '{"sales_org":"%s","channel":"10","condition":"%s","table":"304","from":"%s","to":"%s","price":"%s","currency":"%s","deleted":false}' \
	    "$1" "$2" "$5" "$6" "$3" "$4"
}
# on TIME: what Ometria has then.
on() {
	export SAP_OMETRIA_NOW="$1"
	stock-aggregate -q -s s.db <said >out || [ $? -eq 1 ]
	: >said
	ometria-push -q -s s.db --url "$SANDBOX_URL" --api-key-file key \
	    </dev/null >out.push 2>err.push || note_file stderr err.push
	sandbox_dump | grep "^product H " | sed 's/^[^{]*//' |
	    jq -c '[.price, .special_price, .special_price_dt_from,
	    .special_price_dt_to, .listings[].special_price]'
}
sandbox_start --rate 0 --data-rate 0
uk='{"sales_org":"1000","channel":"10","deleted":false}'
de='{"sales_org":"2000","channel":"10","deleted":false}'
{
	said 1 H "\"titles\":{\"EN\":\"Hat\"},\"deleted\":false,\"sales_areas\":[$uk,$de]"
	said 2 H "\"prices\":[$(price 1000 VKP0 20.00 GBP 2026-01-01 9999-12-31),$(price 2000 VKP0 24.00 EUR 2026-01-01 9999-12-31)]"
	said 3 H "\"prices\":[$(price 1000 VKA0 15.00 GBP 2026-03-10 2026-03-31),$(price 2000 VKA0 18.00 EUR 2026-03-12 2026-03-20),$(price 1000 VKA0 25.00 GBP 2026-05-01 2026-05-31)]"
} >said
is "$(on 2026-03-09T23:59:59Z)" '[20,null,null,null,null,null]' 'a day before'
is "$(on 2026-03-10T00:00:00Z)" \
    '[20,15,"2026-03-10T00:00:00Z","2026-03-31T22:59:59Z",15,null]' \
    'on its first day, to the last second of its last, in summer time'
is "$(on 2026-03-12T08:00:00Z)" \
    '[20,15,"2026-03-12T00:00:00Z","2026-03-20T23:59:59Z",15,18]' \
    'two of them: when both hold'
is "$(on 2026-03-21T08:00:00Z)" \
    '[20,15,"2026-03-10T00:00:00Z","2026-03-31T22:59:59Z",15,null]' 'one has ended'
is "$(on 2026-04-01T08:00:00Z)" '[20,null,null,null,null,null]' 'both'
is "$(on 2026-05-02T08:00:00Z)" '[20,null,null,null,null,null]' \
    'one that is not lower is none'
said 4 H "\"prices\":[$(price 1000 VKA0 12.00 USD 2026-06-01 9999-12-31)]" >said
is "$(on 2026-06-02T08:00:00Z)" '[20,null,null,null,null,null]' \
    'nor one in another currency'
said 5 H "\"prices\":[$(price 1000 VKA0 12.00 GBP 2026-07-01 9999-12-31)]" >said
is "$(on 2026-07-02T08:00:00Z)" '[20,12,"2026-06-30T23:00:00Z",null,12,null]' \
    'one without an end'
sed -i 's/^master = sap/&\nspecial-price-conditions = ZA01/' sync.conf
is "$(on 2026-07-02T09:00:00Z)" '[20,null,null,null,null,null]' \
    'conditions of another list'
sandbox_stop
done_testing

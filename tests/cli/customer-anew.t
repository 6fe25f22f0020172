#!/bin/sh
# What is decided of a customer anew although SAP says nothing new: by a changed
# configuration, by time, by a later account group; and who is known by an
# address of before.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_NOW
cd "$T" || exit 71
export SAP_OMETRIA_CONFIG="$T/sync.conf"
settings() { printf '[ometria]\nrate = 0\nsettle = 1ms\nretry = 1ms\n%s\n' "${1:-}" >sync.conf; }
settings
sandbox_start --rate 0 --data-rate 0 --erase-rate 0
now=2026-03-02T09:00:00Z
# customer N KEYS SEQ: a full record of SAP, folded.
customer() {
	printf '{"v":1,"type":"customer","id":"%s","seq":"20260302080000.%016d","function":"005",%s}\n' "$1" "${3:-1}" "$2" |
	    customer-aggregate -q -s s.db --now "$now" >>folded
}
nothing() { customer-aggregate -q -s s.db --now "$now" </dev/null >>folded; }
push() { ometria-push -q -s s.db --drain --api-key-file key --url "$SANDBOX_URL" --now "$now" >>pushed 2>&1; }
field() { sandbox_dump | sed -n "s/^contact sap $1 [^{]*//p" | jq -r ".$2 // \"none\""; }
open() { sqlite3 s.db "SELECT code FROM exception WHERE open AND id = '$1' ORDER BY 1"; }
records() { sqlite3 s.db 'SELECT coalesce(sum(records), 0) FROM delivery'; }

# --- the configuration ---

customer 1 '"last_name":"Doe","email":"doe@example.com","blocked":{"order":"01"},"account_group":"KUNA"'
customer 2 '"last_name":"Roe","email":"roe@example.com"'
push
is "$(field 1 marketing_optin)" none 'an order block means nothing'
sent=$(records)
nothing
push
is "$(records)" "$sent" 'the same configuration: nothing is sent'
settings '[deletion]
order-block = opt-out'
nothing
push
is "$(field 1 marketing_optin)" EXPLICITLY_OPTEDOUT 'once it opts out, it does so for who was folded before'
is "$(records)" $((sent + 1)) 'and nobody else is sent again'
settings
nothing
push
is "$(field 1 marketing_optin)" EXPLICITLY_OPTEDOUT 'a configuration opts nobody in again'
settings '[customer]
one-time-groups = KUNA'
customer 3 '"last_name":"Poe","email":"poe@example.com","account_group":"KUNX"'
push
is "$(open 1)" customer-one-time 'an account that the configuration makes a one-time one'

# --- a later account group ---

settings
nothing
is "$(open 1)" '' 'healed when it is none again'
printf '{"v":1,"type":"contact_point","id":"KNA1:0000000004","seq":"20260302070000.0000000000000009","object":"KNA1","object_id":"0000000004","customer":"4","emails":[{"address":"many@example.com","default":true}]}\n' |
    customer-aggregate -q -s s.db --now "$now" >>folded
push
is "$(field 4 email)" many@example.com 'an address that comes first makes a contact'
customer 4 '"last_name":"CPD","one_time":true'
is "$(open 4)" customer-one-time 'that turns out to be many people: a person is told'
sent=$(records)
push
is "$(records)" "$sent" 'and nothing of it is sent any more'

# --- time ---

printf '{"v":1,"type":"contact_point","id":"KNA1:0000000002","seq":"20260302090000.0000000000000010","object":"KNA1","object_id":"0000000002","customer":"2","emails":[{"address":"new@example.com","default":true,"valid_from":"2026-03-05T00:00:00Z"},{"address":"roe@example.com"}]}\n' |
    customer-aggregate -q -s s.db --now "$now" >>folded
push
is "$(field 2 email)" roe@example.com 'an address that is valid later'
now=2026-03-05T00:00:01Z
nothing
push
is "$(field 2 email)" new@example.com 'is the contact'\''s when its time has come, without a record'
now=2026-03-05T09:00:00Z

# --- addresses of before ---

printf '{"v":1,"type":"exception","id":"customer-malformed:customer:2","seq":"20260305090000.0000000000000099","src":{"sys":"ECC","client":"100","docnum":"0000000000000099","mestyp":"DEBMAS","idoctyp":"DEBMAS07","file":"in/a.xml","n":1,"r":1},"code":"customer-malformed","severity":"critical","subject":{"type":"customer","id":"2"},"customer":"2","message":"broken","settles":true}\n' |
    ometria-push -q -s s.db --api-key-file key --url "$SANDBOX_URL" --now "$now" >>pushed 2>&1
is "$(sqlite3 s.db 'SELECT customer FROM hold')" 2 'the customer is held'
order() {
	printf '{"v":1,"type":"order","id":"%s","stage":"provisional","web_order":"%s","kind":"order","placed_at":"2026-03-05T08:00:00Z","currency":"GBP","customer":{"email":"%s"},"totals":{"subtotal":"1.00","grand_total":"1.00"},"lines":[{"line":"1","sku":"A1","quantity":"1","unit_price":"1.00","subtotal":"1.00","total":"1.00"}]}\n' "$1" "$1" "$2"
}
{
	order W101 NEW@example.com
	order W102 Roe@Example.com
	order W103 other@example.com
} | order-aggregate -q -s s.db --now "$now" >>folded
push
is "$(sandbox_dump | sed -n 's/^order \([^ ]*\) .*/\1/p' | tr '\n' ' ')" 'W103 ' \
    'orders under its address, and under the one of before, wait'
sync-audit release -q -s s.db 2 >>pushed 2>&1
push
is "$(sandbox_dump | sed -n 's/^order \([^ ]*\) .*/\1/p' | tr '\n' ' ')" 'W101 W102 W103 ' \
    'and leave when it is let go'
is "$(sqlite3 s.db 'SELECT email FROM customer_former ORDER BY 1')" roe@example.com \
    'what was before is known'

# --- erasure ---

settings '[deletion]
deleted = erase
request = on'
# An order whose event id is a hash, since it would be too long; of a guest.
long=123456789012345678901234567890
{
	order $long roe@example.com
	printf '{"v":1,"type":"order","id":"%s","seq":"20260305080000.0000000000000077","stage":"confirmed","web_order":"%s","sales_document":"77","kind":"order","placed_at":"2026-03-05T08:00:00Z","currency":"GBP","lines":[{"line":"10","material":"A1","quantity":"1","unit":"ST","unit_price":"1.00","subtotal":"1.00","total":"1.00"}]}\n' $long $long
	echo '{"v":1,"type":"shipment","id":"88","seq":"20260305083000.0000000000000078","posted_at":"2026-03-05T08:30:00Z","lines":[{"line":"10","sales_document":"77","sales_line":"10","material":"A1","quantity":"1","unit":"ST"}]}'
} | order-aggregate -q -s s.db --now "$now" >>folded
is "$(sqlite3 s.db "SELECT count(*) FROM outbox WHERE kind = 3 AND needs = '$long'
    AND body LIKE '%roe@example%' AND id NOT LIKE '%$long%'")" 1 'an event under a hashed id names the person'
customer 2 '"last_name":"Roe","email":"new@example.com","deleted":true' 20
is "$(sqlite3 s.db 'SELECT count(*) FROM customer_former')" 0 'the addresses of before are forgotten'
is "$(sqlite3 s.db "SELECT count(*) FROM outbox WHERE body LIKE '%roe@example%'")" 0 'on orders, too'
is "$(sqlite3 s.db "SELECT group_concat(email, ' ') FROM (SELECT email FROM erasure ORDER BY email)")" \
    'new@example.com roe@example.com' 'and Ometria is asked to erase both'
sandbox_stop
sandbox_start --rate 0 --data-rate 0 --erase-rate 0 --set no-key=403
push
is "$(sqlite3 s.db 'SELECT count(*) FROM erasure WHERE state = 0')" 2 'which takes them'
sqlite3 s.db "UPDATE erasure SET state = 3, email = 'roe@example.com', ended_at = 1 WHERE n = 1"
rc_is 66 'nothing was refused for this customer' sync-audit retry -s s.db deletion:9
ok 'a request that was refused is asked for again' sync-audit retry -s s.db deletion:2
push
is "$(sqlite3 s.db 'SELECT count(*), count(email) FROM erasure WHERE state = 0')" '2|0' \
    'and the address is forgotten when it is taken'

# --- orders of such an account ---

settings
mkfifo pipe
order-aggregate -q -s s.db --now "$now" <pipe >ordered &
orders=$!
exec 7>pipe
printf '{"v":1,"type":"order","id":"W9001","seq":"20260305080000.0000000000000091","stage":"confirmed","web_order":"W9001","sales_document":"901","kind":"order","placed_at":"2026-03-05T08:00:00Z","currency":"GBP","customer":{"id":"5","first_name":"Gil","last_name":"Roe"},"totals":{"subtotal":"1.00","grand_total":"1.00"},"lines":[{"line":"10","material":"A1","quantity":"1","unit":"ST","subtotal":"1.00","total":"1.00"}]}\n' >&7
told() { sed -n 's/.*"order_id":"W9001".*"customer":\({[^}]*}\).*/\1/p' ordered; }
is "$(until_is '{"id":"5"}' told)" '{"id":"5"}' 'an order of a customer that is not known has its number'
customer 5 '"last_name":"CPD","one_time":true'
guest='{"id":"5"}
{"first_name":"Gil","last_name":"Roe"}'
is "$(until_is "$guest" told)" "$guest" 'and is a guest'\''s as soon as it is known to be many people'
exec 7>&-
ok 'the run ends' wait "$orders"
done_testing

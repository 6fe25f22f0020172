#!/bin/sh
# [product] master = sap: what SAP says no longer goes in Ometria, however that
# takes merged records; what it never said stays.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/products.sh"

cat >>sync.conf <<'END'
inactive-status = 02
[sales-area "2000/10"]
store = example.com/de
END
uk='{"sales_org":"1000","channel":"10","deleted":false}'
de='{"sales_org":"2000","channel":"10","deleted":false}'
# said SECOND MATERIAL KEYS
said() {
	printf '{"v":1,"type":"product","id":"%s","seq":"202603020800%02d.0000000000000001","src":{"sys":"ECP","client":"100","docnum":"%08d%08d","mestyp":"MATMAS","n":1,"r":1},"material":"%s",%s}\n' \
	    "$2" "$1" "$(cksum <<-END | cut -c 1-7
	$2 $3
	END
	)" "$1" "$2" "$3"
}
price='"prices":[{"price":"9.00","currency":"GBP"}]'
all="\"function\":\"005\",\"ean\":\"4006381333931\",\"titles\":{\"EN\":\"Hat\",\"DE\":\"Hut\"},\"deleted\":false,\"parent\":\"G\",\"attributes\":{\"category\":\"C1\"},\"sales_areas\":[$uk,$de]"
less="\"titles\":{\"EN\":\"Hat\"},\"deleted\":false,\"sales_areas\":[$uk]"

for reading in 'without-merge=replace merge-depth=shallow' \
    'without-merge=merge merge-depth=deep' \
    'without-merge=merge merge-depth=shallow'; do
	rm -f s.db*
	set --
	for switch in $reading; do
		set -- "$@" --set "$switch"
	done
	sandbox_start --rate 0 --data-rate 0 "$@"
	{
		said 1 G '"titles":{"EN":"All hats"},"deleted":false,'"$price"
		said 1 V "$all,$price"
	} | fold
	push
	is "$(has V is_variant parent_id properties.ean attributes[0].id)" \
	    '[true,"G","4006381333931","C1"]' "$reading: a variant"
	printf '[{"@type":"product","id":"V","url":"https://example.com/v","@merge":true}]' |
	    curl -s -o /dev/null -H "X-Ometria-Auth: $(cat key)" \
	    -H 'Content-Type: application/json' -d @- "$SANDBOX_URL/push"
	said 2 V "\"function\":\"004\",$less" | fold
	push
	is "$(has V is_variant parent_id properties.ean attributes url)" \
	    '[false,null,null,[],"https://example.com/v"]' \
	    'a change: what E1MARAM has no more is gone, what others sent stays'
	is "$(has V 'listings[].store')" '["example.com/uk","example.com/de"]' \
	    'a sales area is another segment'
	said 3 V "\"function\":\"009\",$less" | fold
	push
	is "$(has V 'listings[].store')" '["example.com/uk"]' \
	    'the whole material without it'
	said 1 V "$all" | fold
	push
	is "$(has V parent_id properties.ean 'listings[].store')" \
	    '[null,null,"example.com/uk"]' 'an older message brings nothing back'
	said 4 V "\"function\":\"004\",\"reduced\":true,\"deleted\":false" | fold
	said 5 V "$all" | fold
	said 6 V "\"function\":\"009\",\"reduced\":true,\"deleted\":false" | fold
	push
	is "$(has V is_variant parent_id properties.ean 'listings[0]')" \
	    '[true,"G","4006381333931",null]' \
	    'a variant again, without listings; a reduced message takes nothing'
	said 7 V '"function":"004","reduced":true,"ean":null,"parent":null,"attributes":{"category":null}' |
		fold
	push
	is "$(has V is_variant parent_id properties.ean attributes)" \
	    '[false,null,null,[]]' 'unless it names what has no value'
	sandbox_stop
done

# --- a reduced message says what it names ---

rm -f s.db*
flags() {
	sqlite3 s.db "SELECT inactive || ' ' || coalesce(unit, '-') || ' ' ||
	    coalesce(parent, '-') FROM product WHERE item = 'R'"
}
said 1 R '"deleted":true,"status":"02","unit":"PCE","parent":"G"' | fold
said 2 R '"reduced":true,"titles":{"EN":"Red"}' | fold
is "$(flags)" '1 PCE G' 'nothing of the flags'
said 6 R '"reduced":true,"status":"01"' | fold
is "$(flags)" '1 PCE G' 'the status, which does not take the flag back'
said 4 R '"reduced":true,"deleted":false' | fold
is "$(flags)" '0 PCE G' 'the flag that is taken back, whatever came since'
said 3 R '"deleted":true,"status":"02","unit":"ST"' | fold
is "$(flags)" '0 ST -' 'all of it, before these two'
said 7 R '"deleted":false,"status":"02"' | fold
is "$(flags)" '1 - -' 'and behind them'
said 8 R '"reduced":true,"status":null' | fold
is "$(flags)" '0 - -' 'it has no status any more'
echo '{"v":1,"type":"product","id":"R","sku":"R","deleted":true}' | fold
is "$(flags)" '1 - -' 'the shop can say it as well'
said 5 R '"deleted":false,"status":"01"' | fold
is "$(flags)" '1 - -' 'an older word changes nothing'

# --- what can never be complete ---

rm -f s.db*
{
	said 1 A "$less,\"parent\":\"B\",$price"
	said 1 B "$less,\"parent\":\"C\",$price"
	said 1 C "$less,\"parent\":\"A\",$price"
	said 1 D "$less,\"parent\":\"C\",$price"
} | fold
is "$(open_of)" 'A it is among the parents of its own parent;B it is among the parents of its own parent;C it is among the parents of its own parent;D its parent is not complete;' \
    'parents in a circle are told'
is "$(sqlite3 s.db "SELECT DISTINCT owner FROM exception WHERE open")" ecommerce \
    'to somebody'
said 2 C "$less" | fold
is "$(open_of)$(sqlite3 s.db 'SELECT count(*) FROM outbox')" 4 \
    'and leave when one of them is none any more'
said 1 P "$price" | fold
is "$(open_of)" 'P no title is known;' 'a price of a material that never came'
said 2 P '"titles":{"EN":"Pen"},"deleted":false' | fold
is "$(open_of)" '' 'and then comes'
done_testing

#!/bin/sh
# customer-aggregate with a state: revisions, settlement, remarks that heal.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
state=$T/sync.db

# customer ID DAY DOCNUM MEMBERS: one customer record.
customer() {
	printf '{"v":1,"type":"customer","id":"%s",' "$1"
	printf '"seq":"202603%02d080000.%016d",' "$2" "$3"
	printf '"src":{"sys":"E","client":"100","docnum":"%016d",' "$3"
	printf '"mestyp":"DEBMAS","r":1}%s}\n' "$4"
}

# address ID DAY DOCNUM EMAIL: one contact_point record.
address() {
	printf '{"v":1,"type":"contact_point","id":"KNA1:%s",' "$1"
	printf '"seq":"202603%02d080000.%016d",' "$2" "$3"
	printf '"src":{"sys":"E","client":"100","docnum":"%016d",' "$3"
	printf '"mestyp":"ADRMAS","r":1},"object":"KNA1","object_id":"%s",' "$1"
	printf '"customer":"%s","emails":[{"address":"%s"}]}\n' "$1" "$4"
}

fold() {
	customer-aggregate -s "$state"
}

bodies() {
	sed -n 's/.*"body":\(.*\)}$/\1/p' "$1"
}

outcomes() {
	sqlite3 "$state" "SELECT count(*) FROM idoc_record
	    WHERE outcome = $1 AND coalesce(rule, '') = '${2:-}'"
}

open_codes() {
	sqlite3 "$state" 'SELECT code, id FROM exception WHERE open = 1
	    ORDER BY code, id'
}

customer 7 1 1 ',"first_name":"Ann"' | fold >"$T/out" 2>"$T/err"
is $? 1 'a customer without identity is a finding'
is "$(bodies "$T/out")" '' 'and no contact'
is "$(open_codes)" 'customer-no-identity|7' 'the remark stands'

address 7 1 2 ann@example.com | fold >"$T/out"
is $? 0 'the address arrives'
is "$(bodies "$T/out")" \
    '{"customer_id":"7","email":"ann@example.com","first_name":"Ann"}' \
    'now there is a contact'
like "$(cat "$T/out")" '"rev":1,' 'with its revision'
is "$(open_codes)" '' 'the remark healed'

{ customer 7 1 1 ',"first_name":"Ann"'; address 7 1 2 ann@example.com; } |
    fold >"$T/out"
is "$?:$(cat "$T/out")" 0: 'the same records again give nothing'

{
	echo '{"v":1,"type":"order","id":"W1"}'
	address 7 3 3 new@example.com
	echo '{"v":1,"type":"order","id":"W2"}'
	customer 7 1 4 ',"first_name":"Old","phone":"+442079460000"'
} | fold >"$T/out"
is "$(bodies "$T/out")" \
    '{"customer_id":"7","email":"new@example.com","phone":"+442079460000","first_name":"Old"}' \
    'parts age by themselves: the greater docnum of one second wins'
is "$(grep -c '"type":"order"' "$T/out")" 2 'orders pass'

customer 7 2 5 ',"deleted":true,"first_name":"Ann"' | fold >"$T/out"
is "$(bodies "$T/out")" \
    '{"customer_id":"7","email":"new@example.com","opt_out":true,"force":true,"unsubscribed_at":"2026-03-02T08:00:00Z"}' \
    'the deletion flag opts out, with the e-mail that was known there'
like "$(cat "$T/out")" '"urgent":true' 'in the urgent lane'

customer 7 9 6 ',"deleted":false,"first_name":"Ann"' | fold >"$T/out"
is "$?:$(bodies "$T/out")" 1: 'a flag that is taken back sends nothing'
is "$(open_codes)" 'customer-flag-cleared|7' 'and is an exception'

{
	customer 8 1 7 ',"email":"both@example.com"'
	customer 9 1 8 ',"email":"BOTH@example.com"'
} | fold >"$T/out"
is "$(open_codes | tail -n 1)" 'customer-shared-email|8' 'one e-mail, two'
customer 9 2 9 ',"email":"own@example.com"' | fold >"$T/out"
is "$(open_codes)" 'customer-flag-cleared|7' 'healed when one changes'

customer 9 1 10 ',"email":"late@example.com"' | fold >"$T/out"
is "$?:$(cat "$T/out")" 0: 'an older record changes nothing'
customer 90 1 11 ',"one_time":true,"email":"guest@example.com"' |
    fold >"$T/out"
is "$?:$(cat "$T/out")" 0: 'a one-time account is nobody'
is "$(outcomes 1)" 1 'superseded is settled so'
is "$(outcomes 4 one-time)" 1 'ignored with the name of the rule'
is "$(sqlite3 "$state" 'SELECT count(*) FROM idoc
    WHERE id NOT IN (SELECT idoc FROM idoc_record)')" 0 \
    'every record has an outcome'

cat >"$T/conf" <<'EOF'
[deletion]
action = anonymise
EOF
customer 8 5 12 ',"deleted":true' |
    customer-aggregate -c "$T/conf" -s "$state" >"$T/out"
is "$(sqlite3 "$state" 'SELECT erased FROM customer WHERE customer = 8')" 1 \
    'anonymise marks the person as erased'
is "$(sqlite3 "$state" 'SELECT count(*) FROM suppression')" 2 \
    'number and address are suppressed, as hashes'

# The shop sends no seq: what arrives later is newer. It makes no contact, and
# counts only for what it owns.
shop() {
	for email in a b a; do
		printf '{"v":1,"type":"customer","id":"70",'
		printf '"email":"%s@example.com"}\n' "$email"
	done
}
cat >"$T/conf" <<'EOF'
[authority]
email = shop
EOF
shop | customer-aggregate -c "$T/conf" >"$T/out"
is "$?$(cat "$T/out")" 0 'the shop alone makes no contact, and no remark'
{
	shop
	customer 70 1 69 ',"email":"sap@example.com"'
} >"$T/both"
customer-aggregate -c "$T/conf" <"$T/both" >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"70","email":"b@example.com"}' \
    'without seq the later counts, and the same line again does not'
customer-aggregate <"$T/both" >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"70","email":"sap@example.com"}' \
    "SAP's facts are never taken from the shop"

rc_is 64 'operands are refused' customer-aggregate file
rc_is 74 'a full disk is said' sh -c '
	printf "%s\n" "{\"v\":1,\"type\":\"order\",\"id\":\"W1\"}" |
	    customer-aggregate >/dev/full'
echo nonsense >"$T/other"
rc_is 65 'a state that is not ours' customer-aggregate -s "$T/other"
# A one-time account that is known as one too late.
queued() {
	sqlite3 "$state" "SELECT id, state FROM outbox WHERE kind = 1
	    AND id = '$1' AND state <> 0"
}
address 70 1 70 shared@example.com | fold >/dev/null
is "$(queued 70)" '70|1' 'an address alone makes a contact'
customer 70 2 71 ',"one_time":true' | fold >"$T/out"
is "$?$(cat "$T/out")$(queued 70)" 0 'which does not leave for a one-time account'
customer 70 3 72 ',"one_time":false' | fold >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"70","email":"shared@example.com"}' \
    'and leaves when it was a mistake'
sqlite3 "$state" "UPDATE outbox SET state = 0, intent_rev = rev,
    accepted_rev = rev, accepted_hash = hash WHERE id = '70'"
customer 70 4 73 ',"first_name":"Ann"' | fold >/dev/null
customer 70 5 74 ',"one_time":true' | fold >/dev/null
is "$(queued 70)" '' 'a newer revision of one that was sent does not leave either'
customer 70 6 75 ',"first_name":"Ann"' | fold >"$T/out"
is "$(queued 70) $(bodies "$T/out")" \
    '70|1 {"customer_id":"70","email":"shared@example.com","first_name":"Ann"}' \
    'until it is a person again'

# A sales area that is flagged by a message of changes takes its store alone.
cat >"$T/conf" <<'EOT'
[sales-area "1000/10"]
store = example.com/uk
[sales-area "2000/10"]
store = example.com/ie
EOT
{
	address 71 1 80 b@example.com
	customer 71 3 82 ',"function":"004","sales_areas":[{"sales_org":"2000","channel":"10","deleted":true}]'
	customer 71 2 81 ',"sales_areas":[{"sales_org":"1000","channel":"10"},{"sales_org":"2000","channel":"10"}]'
} | customer-aggregate -c "$T/conf" >"$T/out"
is "$(bodies "$T/out")" \
    '{"customer_id":"71","email":"b@example.com","store_ids":["example.com/uk"]}' \
    'a flagged sales area loses its store, nothing else'

# Three customers with one e-mail address: one exception, at the lowest.
rm -f "$state"*
shared() {
	sqlite3 "$state" "SELECT id || ': ' || message FROM exception
	    WHERE open = 1 AND code = 'customer-shared-email'"
}
same="has the same e-mail address as customer"
address 13 1 100 one@example.com | fold >/dev/null
is "$(shared)" '' 'one customer has it'
address 12 1 101 ONE@example.com | fold >/dev/null
is "$(shared)" "12: customer '12' $same '13'" 'two have it'
address 11 1 102 one@example.com | fold >/dev/null
is "$(shared)" "11: customer '11' $same '12', '13'" 'three have it'
address 11 2 103 own@example.com | fold >/dev/null
is "$(shared)" "12: customer '12' $same '13'" 'the lowest has another'
customer 13 1 104 ',"account_group":"CPD"' | fold >/dev/null
is "$(shared)" '' 'one turns out to be a one-time account'
customer 13 2 105 ',"function":"004","account_group":"0001"' | fold >/dev/null
is "$(shared)" "12: customer '12' $same '13'" 'and then not'
customer 12 2 106 ',"deleted":true' | fold >/dev/null
is "$(shared)" '' 'one is opted out'
for i in 1 2 3 4 5 6 7; do
	address 2$i 1 11$i many@example.com
done | customer-aggregate >"$T/out"
is "$(grep -c '"type":"exception"' "$T/out")" 1 'without a state it is said once'
like "$(cat "$T/out")" \
    "customer '21' $same '22', '23', '24', '25', '26' and others" \
    'a message names some of many'

# What begins and ends later is decided when its time has come.
rm -f "$state"*
{
	printf '{"v":1,"type":"contact_point","id":"KNA1:7",'
	printf '"seq":"20260301080000.1","customer":"7","emails":['
	printf '{"address":"new@example.com","default":true,'
	printf '"valid_from":"2026-03-05T00:00:00Z"},'
	printf '{"address":"old@example.com","valid_to":"2026-03-08"}]}\n'
} | fold >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"7","email":"old@example.com"}' \
    'the address that is valid now'
fold </dev/null >"$T/out"
is "$(cat "$T/out")" '' 'nothing is due'
SAP_OMETRIA_NOW=2026-03-05T00:00:00Z fold </dev/null >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"7","email":"new@example.com"}' \
    'another begins: a run without records sees it'
is "$(sqlite3 "$state" "SELECT datetime(due, 'unixepoch') FROM customer")" \
    '2026-03-09 00:00:00' 'the end of the other is due'
export SAP_OMETRIA_NOW=2026-03-09T00:00:00Z
customer 8 1 120 ',"email":"other@example.com"' | fold >"$T/out"
is "$(bodies "$T/out")" '{"customer_id":"8","email":"other@example.com"}' \
    'it changes nothing'
is "$(sqlite3 "$state" 'SELECT count(*) FROM customer WHERE due IS NOT NULL')" 0 \
    'and nothing is due any more, as of the next record of anybody'
done_testing

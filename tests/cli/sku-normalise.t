#!/bin/sh
# sku-normalise as a filter: what waits, what fails, and the register.
. "$(dirname "$0")/../lib.sh"

state=$T/sync.db
cat >"$T/conf" <<'EOF'
[sku]
strip = "-"
EOF

# product MATERIAL SEQ
product() {
	printf '{"v":1,"type":"product","id":"%s",' "$1"
	printf '"seq":"%s.0000000000000001","material":"%s"}\n' "$2" "$1"
}

# A line leaves while the input is still open.
mkfifo "$T/pipe"
sku-normalise --text <"$T/pipe" >"$T/lines" &
exec 3>"$T/pipe"
echo 000123 >&3
wait_for test -s "$T/lines"
is "$(cat "$T/lines")" 123 'nothing waits for more input'
exec 3>&-
wait

product A-1 20260302000000 | sku-normalise -c "$T/conf" -s "$state" >"$T/out"
is "$?:$(jq -r .sku "$T/out")" 0:A1 'a first material has its SKU'
product A1 20260303000000 | sku-normalise -c "$T/conf" -s "$state" >"$T/out"
is "$?" 1 'a second one for it is a finding'
is "$(jq -r 'select(.type == "exception").id' "$T/out")" \
    sku-collision:sku:A1 'a collision'
is "$(jq -c 'select(.type == "product") | [.id, .sku]' "$T/out")" \
    '["A1",null]' 'its record goes on without a SKU'
product A--1 20260301000000 | sku-normalise -c "$T/conf" -s "$state" >"$T/out"
is "$(jq -r 'select(.type == "product").sku' "$T/out")" A1 \
    'an older one takes the SKU over'
product A-1 20260302000000 | sku-normalise -c "$T/conf" -s "$state" >"$T/out"
is "$(jq -c 'select(.type == "product").sku' "$T/out")" null \
    'from the one that had it'
{ product 0042 20260302000000; product 42 20260302000000; } |
    sku-normalise -c "$T/conf" -s "$state" >"$T/out"
is "$?:$(jq -r .sku "$T/out" | sort -u)" 0:42 \
    'padded and not is one material'
is "$(sqlite3 "$state" 'SELECT count(*) FROM exception WHERE open = 1')" 1 \
    'the state has one exception about it'

# What it is not to touch comes out byte for byte.
cat >"$T/in" <<'EOF'
{"v":1,"type":"customer","id":"1","sku":"001" , "x":1e5}
{"v":1,"type":"contact_point","id":"1",broken
{"v":1,"type":"desired","id":"product:1","body":{"sku":"0001"}}
EOF
sku-normalise <"$T/in" >"$T/out"
is "$?:$(cat "$T/out")" "0:$(cat "$T/in")" 'other types are not even parsed'

rc_is 74 'a full disk is said' sh -c 'echo 1 | sku-normalise -t >/dev/full'
like "$(cat "$T/err")" 'cannot write the output' 'with a message'
rc_is 64 'an unknown option' sku-normalise --keys sku
awk 'BEGIN { printf "{\"sku\":\"01\",\"x\":\""
	for (i = 0; i < 4200000; i++) printf "x"
	print "\"}\n{\"sku\":\"02\"}" }' >"$T/long"
sku-normalise --key sku <"$T/long" >"$T/out" 2>"$T/err"
is "$?:$(cat "$T/out")" '65:{"sku":"2"}' 'a line that is too long is left out'
done_testing

#!/bin/sh
# The mapping file of sku-normalise: SKUs that the material numbers do not say.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG SAP_OMETRIA_MAP
cd "$T" || exit 71
text() { printf '%s\n' "$@" | sku-normalise ${map:+--map "$map"} --text | tr '\n' ' '; }

map=map.csv
printf 'material;sku\n# the red one\n000000000000012345;RED-M\n"A;1";BLUE\n\n777;000888\n' >map.csv
is "$(text 12345 000012345 'A;1' 777 778)" 'RED-M RED-M BLUE 888 778 ' \
    'rows win over the rules, whoever padded the number; their SKUs are canonical'
is "$(echo '{"v":1,"type":"product","id":"12345","material":"000000000000012345"}' |
    sku-normalise --map map.csv)" \
    '{"v":1,"type":"product","id":"RED-M","sku":"RED-M","material":"000000000000012345"}' \
    'in records, and the ids that are made of them'
is "$(echo '{"a":"12345"}' | sku-normalise --map map.csv --key a)" '{"a":"RED-M"}' 'in any JSON'
mkdir conf
mv map.csv conf
printf '[sku]\nmap = map.csv\n' >conf/sync.conf
map=
is "$(echo 12345 | sku-normalise -c conf/sync.conf --text)" RED-M \
    'the configuration names one beside itself'
mv conf/map.csv map.csv

# wrong TEXT MESSAGE
wrong() {
	printf '%b' "$1" >bad.csv
	sku-normalise --map bad.csv --text </dev/null >out 2>err
	is "$?: $(cat err)" "78: sku-normalise: bad.csv:$2" "$2"
}
wrong '1,A\n2\n' '2: a mapping row is material and SKU, two cells'
wrong 'Material;Description;SKU\n1;Hat;A\n' '1: a mapping row is material and SKU, two cells'
wrong '1,A,\n2,B,c\n' '2: a mapping row is material and SKU, two cells'
wrong '1,A\n2,B\0C\n' '2: a row has a zero byte: the file is not UTF-8'
wrong '1,A\n2,\n' '2: a mapping row has an empty cell'
wrong '1,A\n2,B\n0001,C\n' '3: the material has another SKU in a row before or behind'
wrong '1,2\n2,B\n' '1: the SKU is a material that has another SKU: no chains'
rc_is 66 'a file that is not there' sku-normalise --map none.csv --text
printf '1,A\n0001,A\n' >twice.csv
is "$(echo 1 | sku-normalise --map twice.csv --text)" A 'a row that is there twice does no harm'

# --- with a state ---

product() { printf '{"v":1,"type":"product","id":"x","seq":"2026030208000%d.0000000000000001","material":"%s"}\n' "$2" "$1"; }
normalise() { sku-normalise -q -s s.db "$@"; }
sku() { sqlite3 s.db "SELECT sku FROM sku WHERE material = '$1'"; }
open() { sqlite3 s.db "SELECT code || ' ' || id FROM exception WHERE open ORDER BY 1"; }
printf '[sku]\nstrip = "-"\n' >strip.conf
{ product 00-12 1; product 012 2; } | normalise -c strip.conf >seen
is "$(open)" 'sku-collision 12' 'two materials give one SKU'
printf '00-12,TWELVE\n' >map.csv
normalise -c strip.conf --map map.csv </dev/null >seen
is "$(sku 00-12) $(sku 12)" 'TWELVE 12' 'a row heals the past: each has its own'
is "$(open)" '' 'and nothing collides any more'
is "$(product 00-12 3 | normalise -c strip.conf --map map.csv | jq -r .sku)" TWELVE 'nor in what comes'
normalise -c strip.conf --map map.csv </dev/null >seen
is "$(open)$(cat seen)" '' 'the same file again says nothing'
printf '00-12,DOZEN\n' >map.csv
normalise -c strip.conf --map map.csv </dev/null >seen
is "$(sku 00-12) $(open)" 'DOZEN sku-mapping-changed 00-12' 'a changed row is told'
like "$(cat seen)" "material '00-12' had the SKU 'TWELVE' and has 'DOZEN' now" 'with both SKUs'
sync-audit resolve -q -s s.db sku-mapping-changed:material:00-12 >/dev/null 2>&1
normalise -c strip.conf </dev/null >seen
is "$(sku 00-12)" 12 'without the file the rules hold again'
like "$(open)" '^sku-mapping-changed 00-12$' 'which is told as well'

# A material that is seen after the file was applied.
rm -f s.db*
printf 'LATE,X\n' >map.csv
product LATE 1 | normalise --map map.csv >seen
printf 'LATE,Y\n' >map.csv
rc_is 1 'its row changes' sku-normalise -q -s s.db --map map.csv
is "$(sku LATE) $(open)" 'Y sku-mapping-changed LATE' 'is told as well'
normalise </dev/null >seen
is "$(sku LATE)" LATE 'and when the row is gone, its number counts'

# Two rows with one SKU.
rm -f s.db*
{ product ONE 1; product TWO 2; } | normalise >seen
printf 'ONE,BOTH\nTWO,BOTH\n' >map.csv
rc_is 1 'two materials mapped to one SKU' sku-normalise -q -s s.db --map map.csv
is "$(open)" 'sku-collision BOTH' 'collide'
like "$(cat out)" "'ONE' keeps it, seen with 'TWO'" 'and the exception says which'
printf 'ONE,BOTH\nTWO,OTHER\n' >map.csv
normalise --map map.csv </dev/null >seen
is "$(open)" 'sku-mapping-changed TWO' 'until the row is mended'
rm -f s.db*
awk 'BEGIN { for (i = 1; i <= 1200; i++) printf "%d,S%d\n", i, i + 5000 }' >large.csv
awk 'BEGIN { for (i = 1; i <= 1200; i++) printf "{\"v\":1,\"type\":\"product\",\"id\":\"x\",\"seq\":\"20260302080000.%016d\",\"material\":\"%d\"}\n", i, i }' |
    normalise >seen
normalise --map large.csv </dev/null >seen
is "$(sqlite3 s.db "SELECT count(*) FROM sku WHERE mapped AND sku = 'S' || (material + 5000)")" 1200 \
    'more rows than a batch'
normalise </dev/null >seen
is "$(sqlite3 s.db 'SELECT count(*) FROM sku WHERE mapped')" 0 'and back'
done_testing

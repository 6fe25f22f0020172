#!/bin/sh
# sku-normalise --check: SKUs that have no partner on the other side, and who
# that may be.
. "$(dirname "$0")/../lib.sh"

unset SAP_OMETRIA_STATE SAP_OMETRIA_CONFIG
cd "$T" || exit 71
# check LEFT RIGHT: what is printed, without the heading; sides as < and >.
check() {
	printf '%b' "$1" >left
	printf '%b' "$2" >right
	sku-normalise --check left right 2>err | sed '1d; s/^left	/<	/; s/^right	/>	/' |
	    tr '\t' '|'
}

printf '1\n2\n' >left
printf '2\n1\n' >right
rc_is 0 'the same SKUs in any order' sku-normalise --check left right
is "$(cat out)" 'side	sku	partner	why' 'nothing but the heading'
printf '3\n' >>right
rc_is 1 'one more' sku-normalise --check left right

for row in \
    '000012345 12345 padding' \
    'AB-1 ab-1 case' \
    'AB-1 AB1 separators' \
    'AB.1 AB/1 separators' \
    'AB-1 ab1 case-and-separators' \
    '00-12 12 separators' \
    '4006381333931 400638133393 check-digit' \
    '0036000291452 03600029145 check-digit' \
    '96385074 9638507 check-digit'; do
	set -- $row
	why=$(printf %s "$3" | tr - ' ')
	is "$(check "$1\n" "$2\n" | grep '^<')" "<|$1|$2|$why" "$1 beside $2: $why"
	is "$(check "$2\n" "$1\n" | grep '^<')" "<|$2|$1|$why" 'and the other way round'
done
for row in '4006381333932 400638133393' '12345 123456' 'A1 A2' '00A1 A1'; do
	set -- $row
	is "$(check "$1\n" "$2\n" | grep '^<')" "<|$1||" "$1 beside $2: nothing"
done
is "$(check '12345\n012345\n' '12345\n')" '<|012345|12345|padding' \
    'a twin of one that has its partner'
is "$(check '0012345\n' '12345\n12345\n012345\n' | grep '^<')" '<|0012345|12345|padding' \
    'one of several'
is "$(check '4006381333931\n' '400638133393\n04006381333931\n' | grep '^<')" \
    '<|4006381333931|04006381333931|padding' 'the best of several'

# --- what files look like ---

is "$(check '{"id":"7"}\n{"sku":"8","id":"x"}\n{"product_id":9}\n' 'title;SKU\na;7\n"b;c";8\nd;9\n')" '' \
    'JSON lines beside a table'
is "$(check '{"id":"7"}\nnot json\n{"id":"8"}\n{broken\n' '7\n8\n' | grep -v 'not json')" '' \
    'what cannot be read is left out'
like "$(cat err)" '^sku-normalise: left:4: left out: neither a JSON object nor an array on one line$' 'and told with its line'
is "$(check '7\r\n 8 \n\n' '7\n8\n')" '' 'blanks and carriage returns'
is "$(check 'a,x\nb,y\n' 'a\nb\n')" '' 'a table without a heading: its first column'
printf '000777\n' >left
is "$(echo 777 | sku-normalise --check --json left -)" \
    '{"side":"left","sku":"000777","partner":"777","why":"padding"}
{"side":"-","sku":"777","partner":"000777","why":"padding"}' 'JSON, and standard input'
rc_is 64 'one file' sku-normalise --check left
rc_is 64 'not with --text' sku-normalise --check --text left right
rc_is 64 '--json alone' sku-normalise --json
rc_is 66 'a file that is not there' sku-normalise --check left none
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "%018d\n", i * 7919 % 1000003 }' >left
awk 'BEGIN { for (i = 199999; i >= 0; i--) print i * 7919 % 1000003 }' >right
rc_is 1 'two hundred thousand' sku-normalise --check left right
is "$(wc -l <out | tr -d ' ')" 400001 'each has its twin'

# --- an export of Ometria's API beside one of a shop ---

# A page of GET /products, one object a line behind it, as two calls leave them.
{
	printf '[{"@type":"product","id":"000000000000012345","title":"Shirt","price":20.0},'
	printf '{"@type":"product","id":"SH-RED-M","sku":"SH-RED-M"},{"@type":"product","id":"hat_01"}]\n'
	for id in 4006381333931 AB.77/8 'SCARF\u00a09' 500 4711 0815 KEEP; do
		printf '{"@type":"product","id":"%s","title":"x, \\"y\\"","is_active":true}\n' "$id"
	done
} >ometria
# A mark of UTF-8, CRLF, descriptions over several lines, a heading of a shop's.
{
	printf '\357\273\277Handle,Title,Body (HTML),"Variant SKU",Variant Price\r\n'
	printf 'shirt,"Shirt, cotton","<p>Soft\r\n\r\nand ""warm""</p>",12345,20.00\r\n'
	printf 'shirt,,,sh-red-m,20.00\r\n'
	printf 'hat,Hat,"<p>19"" wide, says\r\nthe label</p>",HAT-01,9.00\r\n'
	printf 'pen,Pen,,400638133393,1.00\r\n'
	printf 'mug,Mug,,AB778,4.00\r\n'
	printf 'scarf,Scarf,,SCARF9,4.00\r\n'
	printf 'gift,Gift,,="0500",4.00\r\n'
	printf 'clog,Clog,,"4711\342\200\2231",4.00\r\n'
	printf 'cologne,Cologne,,'"'"'0815,4.00\r\n'
	printf 'keep,Keep,,KEEP,4.00\r\n'
} >shop
sku-normalise --check --json ometria shop >pairs 2>err
is "$(cat err)" '' 'all of it can be read'
partners() {
	jq -r --arg side "$1" 'select(.side == $side) | [.sku, .partner, .why] |
	    join("|") | gsub("\u00a0"; "~")' pairs | LC_ALL=C sort
}
cat >want.ometria <<'END'
000000000000012345|12345|padding
0815|'0815|separators
4006381333931|400638133393|check digit
4711||
500|="0500"|separators
AB.77/8|AB778|separators
SCARF~9|SCARF9|separators
SH-RED-M|sh-red-m|case
hat_01|HAT-01|case and separators
END
cat >want.shop <<'END'
'0815|0815|separators
12345|000000000000012345|padding
400638133393|4006381333931|check digit
4711–1||
="0500"|500|separators
AB778|AB.77/8|separators
HAT-01|hat_01|case and separators
SCARF9|SCARF~9|separators
sh-red-m|SH-RED-M|case
END
is "$(partners ometria)" "$(cat want.ometria)" \
    "of Ometria's, each with its partner and why"
is "$(partners shop)" "$(cat want.shop)" "and of the shop's"
is "$(check 'sku,title\n7,"open\n8,b\n9,"c"\n10,d\n' '7\n10\n')" '>|7||' \
    'a quote that is never closed costs what it swallows'
like "$(cat err)" '^sku-normalise: left:2: left out: a quote is open$' 'which is told with its line'

# A file without SKUs is no audit.
check 'Title;Price\nHat;9\n' '{"name":"Hat"}\n' >out
is "$(cat err)" 'sku-normalise: left: no heading of SKUs: the first column is taken
sku-normalise: right: there is no SKU in it' 'what is none of SKUs is said to be none'

# Repeated SKUs, and more that are alike than anybody would expect.
awk 'BEGIN { for (i = 0; i < 400; i++) print "12345" }' >many
printf '12345\n' >one
for pair in 'many one' 'one many'; do
	# shellcheck disable=SC2086
	rc_is 0 "an SKU four hundred times: $pair" sku-normalise --check $pair
done
{ cat many; printf '012345\n'; } >left
is "$(sku-normalise --check left one | sed 1d | tr '\t' '|')" 'left|012345|12345|padding' \
    'nor do they hide one behind them'
is "$(sku-normalise --check one left | sed 1d | tr '\t' '|')" 'left|012345|12345|padding' \
    'whichever side comes first'
awk 'BEGIN { for (i = 0; i < 600; i++) printf "%0*d\n", i + 5, 12345 }' >left
is "$(sku-normalise --check left one | sed 1d | wc -l | tr -d ' ')" 599 'each of six hundred twins is told'
sku-normalise --check left one | sed 1d | sort >a
sku-normalise --check one left | sed 1d | sort >b
ok 'alike from both sides' cmp a b
done_testing

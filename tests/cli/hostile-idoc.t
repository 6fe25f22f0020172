#!/bin/sh
# IDocs that are broken, cut or hostile: each costs itself alone, in linear time
# and bounded memory, and nothing is opened because a file asks for it.
#
#	HOSTILE_MB  size of what is endless (default 8); make hostile: 1024
# shellcheck disable=SC2016,SC2034 # commands in texts are for eval, in within()
. "$(dirname "$0")/../lib.sh"

megabytes=${HOSTILE_MB:-8}
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_NOW
cd "$T" || exit 71

# customer NUMBER [NAME]: one DEBMAS IDoc.
customer() {
	printf '<IDOC BEGIN="1"><EDI_DC40 SEGMENT="1"><MANDT>100</MANDT>'
	printf '<DOCNUM>%016d</DOCNUM><IDOCTYP>DEBMAS07</IDOCTYP>' "$1"
	printf '<MESTYP>DEBMAS</MESTYP><SNDPRN>ECCPRD</SNDPRN>'
	printf '<CREDAT>20260302</CREDAT><CRETIM>080000</CRETIM></EDI_DC40>'
	printf '<E1KNA1M SEGMENT="1"><MSGFN>005</MSGFN><KUNNR>%010d</KUNNR>' "$1"
	printf '<LAND1>GB</LAND1><NAME1>%b</NAME1></E1KNA1M></IDOC>\n' "${2:-Ann}"
}
open='<?xml version="1.0" encoding="UTF-8"?>
<DEBMAS07>'
close='</DEBMAS07>'

# document BODY...: a file of these IDocs.
document() {
	printf '%s\n' "$open"
	for part; do printf '%s\n' "$part"; done
	printf '%s\n' "$close"
}

# codes FILE: the exception codes of a file of records, on one line.
codes() {
	jq -r 'select(.type == "exception").code' "$1" | sort -u | tr '\n' ' ' |
	    sed 's/ $//'
}

# customers FILE: the ids of its customer records, on one line.
customers() {
	jq -r 'select(.type == "customer").id' "$1" | tr '\n' ' ' | sed 's/ $//'
}

# bad WHAT FILE CODES CUSTOMERS: parsing gives these and exit code 1.
bad() {
	rc_is 1 "$1: exit 1" timeout 20 idoc-parse "$2"
	is "$(codes out)" "$3" "$1: $3"
	is "$(customers out)" "$4" "$1: the IDocs beside it are read"
	is "$(grep -c . err)" "$(jq -c 'select(.type == "exception")' out |
	    grep -c .)" "$1: one line on standard error for each"
}

# --- files ---

echo 'Dear all, please find attached' >letter.txt
bad 'not an IDoc' letter.txt file-unreadable ''
head -c 3000 "$BUILD/bin/idoc-parse" >program.bin
bad 'a program' program.bin file-unreadable ''
printf '<html><body><p>502 Bad Gateway</p></body></html>\n' >gateway.xml
rc_is 1 'XML that is no IDoc: exit 1' idoc-parse gateway.xml
like "$(codes out)" '^(file-unreadable|idoc-malformed)$' 'XML that is no IDoc'

mkdir folder
cp letter.txt folder/1.txt
document "$(customer 1)" >folder/2.xml
bad 'not an IDoc in a folder' folder file-unreadable 1

{ document "$(customer 1)" "$(customer 2)"; } | sed '/<\/DEBMAS07>/d' |
    head -c -120 >cut.xml
rc_is 1 'truncated: exit 1' idoc-parse cut.xml
like "$(codes out)" 'idoc-truncated|customer-malformed' 'truncated: an exception'
is "$(customers out)" 1 'truncated: the IDoc before it is read'

document "$(customer 1)" "$(customer 2 'M\0374ller')" "$(customer 3)" >bytes.xml
rc_is 1 'bytes that are not UTF-8: exit 1' idoc-parse bytes.xml
is "$(customers out)" '1 3' 'bytes that are not UTF-8 spoil one IDoc'
is "$(jq -r 'select(.type == "exception").customer' out)" 2 \
    'and its customer number is salvaged'
document "$(customer 1)" "$(customer 2 'A\0001B')" "$(customer 3)" >control.xml
rc_is 1 'characters that XML forbids: exit 1' idoc-parse control.xml
is "$(customers out)" '1 3' 'they spoil one IDoc'

echo secret-of-the-host >secret
{
	echo '<?xml version="1.0"?>'
	echo "<!DOCTYPE DEBMAS07 [<!ENTITY x SYSTEM \"file://$T/secret\">]>"
	echo "<DEBMAS07>$(customer 1 '&x;')</DEBMAS07>"
} >entity.xml
rc_is 1 'an external entity: exit 1' idoc-parse entity.xml
is "$(codes out)" 'customer-malformed idoc-hostile' 'an external entity in a customer'
is "$(cat out err | grep -c secret-of-the-host)" 0 \
    'nothing of the file that it names is read'
sed 's/DEBMAS/ORDERS/g' entity.xml >order.xml
bad 'an external entity in an order' order.xml idoc-hostile ''
{
	echo '<!DOCTYPE DEBMAS07 ['
	echo '<!ENTITY a0 "lol">'
	for i in 1 2 3 4 5 6 7 8 9; do
		p=$((i - 1))
		echo "<!ENTITY a$i \"&a$p;&a$p;&a$p;&a$p;&a$p;&a$p;&a$p;&a$p;\">"
	done
	echo "]><DEBMAS07>$(customer 1 '&a9;')</DEBMAS07>"
} | sed 's/DEBMAS/ORDERS/g' >laughs.xml
bad 'a billion laughs' laughs.xml idoc-hostile ''

long=$(head -c 70000 /dev/zero | tr '\0' x)
document "$(customer 1)" "$(customer 2 "$long")" "$(customer 3)" >long.xml
rc_is 1 'a field longer than its limit: exit 1' idoc-parse long.xml
is "$(customers out)" '1 3' 'it spoils one IDoc'
deep=$(head -c 2000 /dev/zero | sed 's/\x0/<E1X>/g')
document "$(customer 1)" "<IDOC>$deep</IDOC>" "$(customer 3)" >deep.xml
rc_is 1 'deep nesting: exit 1' idoc-parse deep.xml
like "$(customers out)" '^1( 3)?$' 'deep nesting spoils no IDoc before it'

printf 'EDI_DC40  100' >short.txt
rc_is 1 'a flat file cut in its control record: exit 1' idoc-parse short.txt
: >empty.xml
bad 'an empty file' empty.xml file-unreadable ''
mkdir nothing
ok 'an empty folder is no failure' idoc-parse nothing
rc_is 66 'a named path that is not there' idoc-parse folder/2.xml none.xml
is "$(customers out)" 1 'the other path is read'
like "$(cat err)" "^idoc-parse: cannot open 'none.xml': No such file" 'it is named'


# --- what is endless ---

# again BYTES TEXT: the text, over and over.
again() {
	yes "$2" | tr -d '\n' | head -c "$1"
}
# many COUNT FORMAT: the format with 1, 2, 3 ...
many() {
	seq -f "$2" 1 "$1" | tr -d '\n'
}
all=$((megabytes * 1000000))
bound=16000
head="<IDOC>$(customer 2 | sed 's/^<IDOC[^>]*>//; s/<NAME1.*//')"
tail='</E1KNA1M></IDOC>'

# within WHAT COMMANDS: what they write is read in bounded time and memory.
within() {
	eval "$2" | timeout 300 "$BUILD/tests/measure" - sh -c \
	    'exec idoc-parse >out 2>err' >cost 2>&1
	read -r seconds _ kilobytes code <cost
	is "$([ "$code" -le 1 ] && echo ended)" ended \
	    "$1: exit $code after $seconds s"
	is "$(grep -vc '^idoc-parse: ' err)" 0 "$1: nobody else speaks"
	# Sanitizers need memory of their own.
	[ -n "${SAN:-}" ] || is "$([ "$kilobytes" -lt "$bound" ] && echo bounded)" \
	    bounded "$1: peak RSS $kilobytes KB"
}

# survive WHAT CUSTOMERS COMMANDS: what they write between the IDocs 1 and 3 of
# an XML file spoils nothing but itself. CUSTOMERS is a pattern of their ids.
survive() {
	within "$1" "echo '$open'; customer 1; $3; customer 3; echo '$close'"
	like "$(customers out)" "^$2\$" "$1: the IDocs beside it are read"
}

survive "a field of $megabytes MB" '1 3' \
    'echo "$head<NAME1>"; again $all x; echo "</NAME1>$tail"'
like "$(codes out)" 'customer-malformed' 'and is an exception'
is "$(jq -r 'select(.type == "exception").customer' out)" 2 'of its customer'
survive "an unknown field of $megabytes MB" '1( 2)? 3' \
    'echo "$head<ZZNOTE>"; again $all x; echo "</ZZNOTE>$tail"'
survive "references for $megabytes MB" '1 3' \
    'echo "$head<NAME1>"; again $all '\''&#65;'\''; echo "</NAME1>$tail"'
survive "a reference of $megabytes MB" '1 3' \
    'echo "$head<NAME1>&"; again $all x; echo ";</NAME1>$tail"'
bound=9000
survive "a CDATA section of $megabytes MB" '1 3' \
    'echo "$head<NAME1><![CDATA["; again $all x; echo "]]></NAME1>$tail"'
bound=16000
survive "an attribute of $megabytes MB" '1( 2)? 3' \
    'echo "$head<NAME1 a='\''"; again $all x; echo "'\''>A</NAME1>$tail"'
survive "a tag of $megabytes MB" '1 3' \
    'printf '\''%s<'\'' "$head"; again $all x; echo ">A</NAME1>$tail"'
survive "a comment of $megabytes MB" '1( 2)? 3' \
    'echo "$head<!--"; again $all x; echo "-->$tail"'
survive "an instruction of $megabytes MB" '1( 2)? 3' \
    'echo "$head<?"; again $all x; echo "?>$tail"'
survive "$megabytes MB of white space in an IDoc" '1( 2)? 3' \
    'echo "$head"; again $all '\'' '\''; echo "$tail"'
survive "$megabytes MB of white space between IDocs" '1 3' \
    'again $all '\'' '\'''
survive "$megabytes MB of text between IDocs" '1( 3)?' \
    'again $all x'
survive "open tags for $megabytes MB" '1 3' \
    'echo "$head"; again $all '\''<A>'\''; echo "$tail"'
survive "empty fields for $megabytes MB" '1( 2)? 3' \
    'echo "$head"; again $all '\''<A/>'\''; echo "$tail"'
survive "empty segments for $megabytes MB" '1( 2)? 3' \
    'echo "$head"; again $all '\''<E1KNVVM SEGMENT="1"/>'\''; echo "$tail"'
survive 'a million attributes' '1( 2)? 3' \
    'echo "$head<E1KNVVM"; many 1000000 '\'' a%.0f=""'\''; echo "/>$tail"'
survive 'a million field names' '1( 2)? 3' \
    'echo "$head"; many 1000000 '\''<A%.0f/>'\''; echo "$tail"'
survive 'a million segment names' '1( 2)? 3' \
    'echo "$head"; many 1000000 '\''<Z%.0f SEGMENT="1"/>'\''; echo "$tail"'
# Names that documents bring: SAP's have 30 characters.
bound=9000
long=$(head -c 990 /dev/zero | tr '\0' x)
survive 'long field names' '1 3' \
    'echo "$head"; many 16384 "<A$long%.0f/>"; echo "$tail"'
survive 'a name each IDoc' '1 3' \
    'many 20000 "<IDOC><EDI_DC40/><E1KNA1M><A%.0fxxxxxxxxxxxxxxxxxxxxxxxxxxx/></E1KNA1M></IDOC>"'
survive 'a million names of attributes' '1 3' \
    'echo "$head"; many 1000000 '\''<A a%.0f=""/>'\''; echo "$tail"'
survive 'a million name spaces' '1 3' \
    'echo "$head"; many 1000000 '\''<A xmlns:p%.0f="u"/>'\''; echo "$tail"'
survive 'a million prefixes' '1 3' \
    'echo "$head"; many 1000000 '\''<p%.0f:A/>'\''; echo "$tail"'
like "$(codes out)" 'idoc-hostile' 'which is hostile'
survive 'name spaces around a million elements' '1 3' \
    'echo "$head"; i=0; while [ $((i += 1)) -lt 50 ]; do
	printf "<A"; many 1000 " xmlns:p$i-%.0f='\''u'\''"; echo ">"; done
    again 4000000 "<z:B/>"; echo "$tail"'
survive 'tags of thousands of attributes' '1 3' \
    'echo "$head"; for i in 1 2 3 4 5 6 7 8; do
	printf "<A"; many 10000 " a%.0f='\'''\''"; echo "/>"; done; echo "$tail"'
bound=16000
survive "thousands of IDOC tags" '1( 3)?' \
    'again 600000 '\''<IDOC>'\'''
survive "end tags for $megabytes MB" '1 3' \
    'again $all '\''</IDOC>'\'''
survive "angle brackets for $megabytes MB" '1 3' \
    'again $all '\''<'\'''
survive "ends of CDATA for $megabytes MB" '1 3' \
    'again $all '\'']]>'\'''
within 'NULs before XML' 'printf "\0<"; head -c 60 /dev/zero; printf "<D><IDOC>"'
survive 'document types' '1( 3)?' \
    'again 1000000 '\''<!DOCTYPE a>'\'''
is "$(customers out) $(codes out)" '1 3 customer-malformed idoc-hostile' \
    'a document type in the middle is said, and costs no IDoc'
survive 'a hundred thousand tags that break off' '1 3' \
    'again 700000 '\''<IDOC a'\'''
is "$(jq -c 'select(.type == "exception")' out | grep -c .)" 1001 \
    'after a thousand they are counted'

# flat_control NUMBER [TABNAM], flat_customer NUMBER [NAME]: records of a flat
# file; the name is the last thing in its line.
flat_control() {
	printf '%-10s100%016d731 301   %-60s%-30s%33s%-10s%206s20260302080000\n' \
	    "${2:-EDI_DC40}" "$1" DEBMAS07 DEBMAS '' ECCPRD ''
}
flat_customer() {
	flat_control "$1" "${3:-}"
	printf '%-30s100%016d000001000000 1005%010d%140sGB %23s%b\n' E2KNA1M005 \
	    "$1" "$1" '' '' "${2:-Ann}"
}
# survive_flat WHAT CUSTOMERS COMMANDS: the same between two flat IDocs.
survive_flat() {
	within "$1" "flat_customer 1; $3; flat_customer 3"
	like "$(customers out)" "^$2\$" "$1: the IDocs beside it are read"
}
survive_flat 'flat: an IDoc' '1 2 3' 'flat_customer 2'
survive_flat "flat: a line of $megabytes MB" '1 3' \
    'flat_customer 2 x | head -c -1; again $all x; echo'
like "$(codes out)" 'customer-malformed' 'and is an exception'
survive_flat "flat: a control record of $megabytes MB" '1( 2)? 3' \
    'flat_control 2 | tr -d "\n"; again $all x; echo'
survive_flat "flat: $megabytes MB of empty lines" '1 3' \
    'yes "" | head -c $all'
survive_flat "flat: $megabytes MB of blanks" '3' 'again $all " "; echo'
survive_flat "flat: $megabytes MB of NULs" '3' \
    'head -c $all /dev/zero; echo'
survive_flat 'flat: a hundred thousand segment names' '1( 2)? 3' \
    'flat_customer 2; seq -f "Z2A%.0f" 1 100000'
survive_flat 'flat: names of their own in a hundred IDocs' '1 3' \
    'seq -f "%016.0f" 1001 1100 | while read -r n; do flat_control 7; seq -f "Z2A$n%04.0f" 1 1400; done'
is "$(jq -c 'select(.code == "idoc-hostile")' out | grep -c .)" 0 \
    'none is without room because of those before it'
survive_flat 'flat: a hundred thousand IDocs of nothing' '1 3' \
    'yes EDI_DC40 | head -n 100000'
survive_flat 'flat: a segment that is its own parent, and deep trees' '1( 2)? 3' \
    'flat_control 2; seq 1 99 | while read -r i; do
	printf "%-30s100%016d%06d%06d%02d1\n" "Z2L$i" 2 "$i" $((i - 1)) "$i"
	printf "%-30s100%016d%06d%06d%02d1\n" "Z2M$i" 2 "$i" "$i" "$i"; done'

# --- entities, and what would be read from elsewhere ---

# doctype SUBSET TEXT: a document type before the IDocs 1 to 3, and what the
# first names itself.
doctype() {
	printf '<?xml version="1.0"?>\n<!DOCTYPE D %s>\n<D>\n' "$1"
	customer 1 "$2"
	customer 2
	customer 3
	echo '</D>'
}
# bomb WHAT SUBSET TEXT: costs the IDoc behind it.
bomb() {
	subset=$2
	text=$3
	within "$1" 'doctype "$subset" "$text"'
	is "$(codes out)" 'customer-malformed idoc-hostile' "$1: is hostile"
	is "$(customers out)" '2 3' "$1: costs one IDoc"
	is "$(cat out err | grep -c secret-of-the-host)" 0 "$1: reads nothing"
}
bomb 'an external entity' "[<!ENTITY x SYSTEM 'file://$T/secret'>]" '&x;'
bomb 'a public entity' "[<!ENTITY x PUBLIC '-//A' 'http://127.0.0.1:1/x'>]" '&x;'
bomb 'an external subset' "SYSTEM 'http://127.0.0.1:1/x.dtd'" A
bomb 'a parameter entity' "[<!ENTITY % p SYSTEM 'file://$T/secret'> %p;]" A
bomb 'parameter entities that nest' "[<!ENTITY % a '<!ENTITY &#37; b
    \"x\">'> %a; %b; <!ENTITY % c '%a;%a;%a;'> %c;]" A
bomb 'quadratic growth' "[<!ENTITY x '$(again 60000 x)'>]" "$(again 30000 '&x;')"
bomb 'an entity that names itself' "[<!ENTITY x '&y;'><!ENTITY y '&x;'>]" '&x;'
bomb 'attribute defaults' "[<!ATTLIST E1KNA1M a CDATA '$(again 60000 x)'>]" A
bomb 'a notation' "[<!NOTATION n SYSTEM '$T/secret'><!ENTITY x SYSTEM 'y' NDATA n>]" A

{
	echo "<?xml version='1.0'?><?xml-stylesheet href='file://$T/secret'?>"
	echo "<D xmlns:xi='http://www.w3.org/2001/XInclude' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a http://127.0.0.1:1/a.xsd'>"
	customer 1
	customer 2 "<xi:include href='file://$T/secret' parse='text'/>"
	customer 3
	echo "<xi:include href='file://$T/secret'/></D>"
} >include.xml
timeout 20 idoc-parse include.xml >out 2>err
like "$(customers out)" '^1( 2)? 3$' 'XInclude, stylesheets, schemas: are not for us'
is "$(cat out err | grep -c secret-of-the-host)" 0 'and nothing is read'

# What the system is asked for, where it can be watched.
doctype "[<!ENTITY x SYSTEM 'file://$T/secret'><!ENTITY % p SYSTEM
    'http://127.0.0.1:1/x.dtd'> %p;]" '&x;' >all.xml
cat include.xml >>all.xml
if [ -z "${SAN:-}" ] && strace -o calls -e trace=open,openat,socket,connect \
    true 2>/dev/null; then
	strace -f -o calls -e trace=open,openat,socket,connect,execve,fork,clone \
	    idoc-parse all.xml entity.xml laughs.xml include.xml >out 2>err
	is "$(grep -c all.xml calls)" 2 'watched: the files that are named are opened'
	is "$(grep -Ec '(socket|connect|fork|clone)\(|/secret|/x\.dtd' calls)" 0 \
	    'watched: no socket, no process, no file that an IDoc names'
else
	pass '# SKIP watched: strace cannot run here'
fi

# --- bytes ---

# Every byte, and every way to cut or to write a character wrongly.
wrong="$(seq 0 255 | awk '{ printf "\\0%o ", $1 }')"'\0303 \0342 \0342\0202
    \0360 \0360\0237 \0360\0237\0230 \0300\0257 \0340\0200\0257
    \0360\0200\0200\0257 \0355\0240\0200 \0355\0240\0275\0355\0270\0200
    \0364\0220\0200\0200 \0357\0277\0277 \0357\0273\0277 \0342\0200\0250
    \0302\0205 &#0; &#xD800; &#x110000; &#xFFFE; &#99999999999999999999; &#x;
    &amp &; ]]> <'
# named FORMAT: an IDoc for each of them, customers 2, 4, 6 ..., between good
# ones.
named() {
	number=1
	"$1" $number
	for bytes in $wrong; do
		"$1" $((number + 1)) "A${bytes}B" "${2:-}"
		number=$((number + 2))
		"$1" $number Ann "${2:-}"
	done
}
# each WHAT: every good one of them is read, and each other one is read or said.
each() {
	is "$(grep -vc '^idoc-parse: ' err)" 0 "$1: nobody else speaks"
	is "$(jq -r 'select(.type == "customer").id | tonumber |
	    select(. % 2 == 1)' out | tr '\n' ' ')" \
	    "$(seq -s ' ' 1 2 $number) " "$1: the IDocs beside are read"
	is "$(jq -r 'if .type == "exception" then .customer else .id end' out |
	    sort -u | grep -c .)" "$number" "$1: each is a record or an exception"
}
{ printf '%s\n' "$open"; named customer; printf '%s\n' "$close"; } >bytes.xml
timeout 20 idoc-parse bytes.xml >out 2>err
each 'XML: every byte, cut and wrong characters'
for name in EDI_DC40 EDI_DC40_U; do
	named flat_customer $name >bytes.txt
	timeout 20 idoc-parse bytes.txt >out 2>err
	each "$name: every byte, cut and wrong characters"
done

# UTF-16, whole and cut at its last bytes.
document "$(customer 1)" "$(customer 2 'M\0303\0274ller')" "$(customer 3)" >wide.xml
for encoding in UTF-16LE UTF-16BE; do
	iconv -f UTF-8 -t $encoding wide.xml >wide.$encoding
	timeout 20 idoc-parse wide.$encoding >out 2>err
	is "$(customers out)" '1 2 3' "$encoding"
	for cut in 1 2 3 23 24 25; do
		head -c -$cut wide.$encoding >odd
		timeout 20 idoc-parse odd >out 2>err
		like "$(customers out)" '^1 2( 3)?$' "$encoding without its last $cut bytes"
	done
done

# Cut anywhere, the IDocs that were whole are read, and the cut is said.
size=$(wc -c <wide.xml)
cut=1
while [ $cut -lt $((size - ${#close} - 1)) ]; do
	head -c $cut wide.xml >cut.xml
	timeout 20 idoc-parse cut.xml >out 2>err
	echo "$? $(jq -r '.id' out | grep -cE '^000000000[123]$|^[123]$')"
	cut=$((cut + 13))
done >cuts
is "$(uniq cuts | tr '\n' ' ')" '1 0 1 1 1 2 1 3 ' \
    'XML cut at any place: exit 1, and the IDocs before it'
{ flat_customer 1; flat_customer 2; } >whole.txt
is "$(head -c -1 whole.txt | idoc-parse 2>/dev/null | grep -c '"type":"customer"')" 2 \
    'flat: a last line without its newline'
done_testing

#!/bin/sh
# One order in every encoding that SAP's ports write, as XML and flat, marked and
# unmarked, declared rightly and wrongly: the same tree comes out of all of them.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
cat >order <<'END'
CONTROL MANDT=100|DOCNUM=0000000000000001|IDOCTYP=ORDERS05|MESTYP=ORDRSP|SNDPRN=ECCPRD|SNDLAD=Käfer
 E1EDK01.005 CURCY=EUR
  E1EDKA1.003 PARVW=AG|NAME1=Jürgen Großmann & Söhne|STRAS=Öl|ORT01=Köln
END
make_idoc() {
	awk -v form="$1" -v width="${2:-cut}" -f "$ROOT/tests/idoc.awk" \
	    "$ROOT/lib/idoc/segments.tsv" order
}
make_idoc xml >utf8.xml
make_idoc flat >utf8.txt
make_idoc flat full >full.txt
idoc-parse --raw utf8.xml >want
is "$(jq -r '.segments[0].children[0].fields | .NAME1 + " " + .ORT01' want)" \
    'Jürgen Großmann & Söhne Köln' 'the order in UTF-8'

same() {
	idoc-parse --raw $options "$2" >out 2>err
	if cmp -s want out; then
		pass "$1"
	else
		is "$(cat out err)" "$(cat want)" "$1"
	fi
}

mark() {
	case $1 in
	UTF-8) printf '\357\273\277' ;;
	UTF-16LE) printf '\377\376' ;;
	UTF-16BE) printf '\376\377' ;;
	esac
}

options=
for form in utf8.xml utf8.txt full.txt; do
	for encoding in UTF-8 UTF-16LE UTF-16BE; do
		iconv -f UTF-8 -t $encoding $form >in
		same "$form in $encoding" in
		{ mark $encoding; cat in; } >marked
		same "$form in $encoding, marked" marked
		options="--encoding $encoding"
		same "$form in $encoding, named" in
		options="--encoding utf-16"
		[ $encoding = UTF-8 ] || same "$form in $encoding, named utf-16" in
		options=
	done
	for encoding in ISO-8859-1 ISO-8859-2 ISO-8859-15 WINDOWS-1252; do
		iconv -f UTF-8 -t $encoding $form >in
		options="--encoding $encoding"
		same "$form in $encoding, named" in
		options=
	done
done
for encoding in ISO-8859-1 WINDOWS-1252; do
	iconv -f UTF-8 -t $encoding utf8.txt >in
	same "flat in $encoding, unnamed" in
done

# What the XML declaration says.
declare_it() {
	printf '<?xml version="1.0" encoding="%s"?>\n' "$1"
	cat utf8.xml
}
for encoding in utf-8 iso-8859-1 ISO-8859-2 windows-1252 UTF-16; do
	declare_it $encoding | iconv -f UTF-8 -t $encoding >in
	same "XML that declares $encoding" in
done
declare_it UTF-16 >in
same 'XML that declares UTF-16 and is UTF-8' in
declare_it UTF-8 | iconv -f UTF-8 -t UTF-16LE >in
same 'XML that declares UTF-8 and is UTF-16' in
{ mark UTF-8; declare_it ISO-8859-1; } >in
same 'XML that declares ISO-8859-1 behind the mark of UTF-8' in
declare_it UTF-8 | iconv -f UTF-8 -t ISO-8859-1 >in
rc_is 1 'XML that declares UTF-8 and is ISO-8859-1' idoc-parse --raw in
like "$(cat "$T/err")" 'idoc-encoding' 'is an exception'
options='--encoding ISO-8859-1'
same 'unless --encoding knows better' in
declare_it KLINGON >in
options=
rc_is 1 'XML that declares what nobody knows' idoc-parse --raw in
like "$(cat "$T/err")" 'encoding KLINGON is not known' 'says so'
options='--encoding UTF-8'
same 'unless --encoding knows better' in

# A name that nobody knows is a wrong command line or configuration, before
# anything is read.
printf '[sap]\nencoding = klingon\n' >conf
rc_is 64 'an unknown encoding' idoc-parse --encoding klingon nowhere
rc_is 64 'an empty one' idoc-parse --encoding '' nowhere
rc_is 78 'an unknown one in the configuration' idoc-parse -c conf nowhere
like "$(cat "$T/err")" "conf:2: encoding 'klingon' is not known" 'with file and line'

# Broken text.
printf '%s' "$(cat utf8.txt)" | iconv -f UTF-8 -t UTF-16LE >in
printf 'x' >>in
rc_is 1 'half a character of UTF-16 at the end' idoc-parse --raw in
like "$(cat "$T/err")" 'idoc-encoding' 'is an exception'
sed 's/Söhne/Söhn\xc3/; s/ORDRSP/ORDERS/' utf8.txt >in
ok 'a character cut in its middle' idoc-parse --raw in
is "$(jq -r '.segments[0].children[0].fields | .NAME1 + " " + .ORT01' "$T/out")" \
    'Jürgen Großmann & Söhn� Köln' 'is replaced, and moves nothing'
like "$(cat "$T/err")" 'in:1: warning: characters that were cut' 'with a warning'
done_testing

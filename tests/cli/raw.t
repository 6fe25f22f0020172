#!/bin/sh
# --raw of a flat file and of the same IDoc in XML are equal byte for byte: both
# are made from one description, in all widths and both releases.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71

make_idoc() {
	awk -v form="$2" -v width="${3:-cut}" -f "$ROOT/tests/idoc.awk" \
	    "$ROOT/lib/idoc/segments.tsv" "$1"
}

control() {
	printf 'CONTROL MANDT=100|DOCNUM=00000000000%05d|DOCREL=750|STATUS=30|DIRECT=1|OUTMOD=2|EXPRSS=X|TEST=X|' "$3"
	printf 'IDOCTYP=%s|CIMTYP=ZEXT|MESTYP=%s|MESCOD=ABC|MESFCT=DEF|STD=X|STDVRS=00401|STDMES=850|' "$1" "$2"
	printf 'SNDPOR=SAPECC|SNDPRT=LS|SNDPFC=SP|SNDPRN=ECCPRD|SNDSAD=An der Straße 1|SNDLAD=Käfer & Söhne|'
	printf 'RCVPOR=OMETRIA|RCVPRT=KU|RCVPFC=AG|RCVPRN=SHOP|RCVSAD=here|RCVLAD=there <b>|CREDAT=20260302|CRETIM=081500|'
	printf 'REFINT=I1|REFGRP=G1|REFMES=M1|ARCKEY=schlüssel/1|SERIAL=20260302081500\n'
}

control ORDERS05 ORDRSP 1 >orders
cat >>orders <<'END'
 E1EDK01.005 ACTION=000|CURCY=EUR|WKURS=1.00000|BELNR=4711|NTGEW=0.000
  E1EDK14.000 QUALF=008|ORGID=1000
  E1EDK03.000 IDDAT=012|DATUM=00000000|UZEIT=000000
  E1EDKA1.003 PARVW=AG|PARTN=0000001009|NAME1=Jäger, Zoë & Söhne <GmbH>|STRAS=Große Straße 7|ORT01=Kraków|LAND1=PL
  E1EDKA1.003 PARVW=WE|NAME1=  führende Leerzeichen|ORT01=x
  E1EDKT1.002 TDID=0001|TSSPRAS=D
   E1EDKT2.001 TDLINE=   eingerückt – mit Strich|TDFORMAT=*
   E1EDKT2.001 TDLINE=Zeile ohne Einzug|TDFORMAT=/
  E1EDP01.011 POSEX=000010|MENGE=         2.000|MENEE=PCE|NETWR=39.98-
   E1EDP02.002 QUALF=001|BELNR=W100017
   E1EDP19.003 QUALF=002|IDTNR=000000000000012345|KTEXT=Müsli €
   Z1OWN
  E1EDP01.011 POSEX=000020
   E1EDP05.002 KSCHL=PN10|KRATE=0.00
  E1EDS01 SUMID=002|SUMME=39.98
END
control DELVRY07 DESADV 2 >delvry
cat >>delvry <<'END'
 E1EDL20.007 VBELN=0080000123|VSTEL=1000|BTGEW=0.000|BOLNR=ß
  E1EDL22.003
  E1EDL18 QUALF=ORI
  E1ADRM1.003 PARTNER_Q=WE|PARTNER_ID=0000001009|NAME1=Ångström|CITY1=Malmö
  E1EDT13.001 QUALF=006|NTANF=20260302|NTEND=00000000
  E1EDL24.009 POSNR=000010|MATNR=000000000000012345|LFIMG=1.000|ARKTX=Blaue Hängematte
   E1EDL26.004 PSTYV=TAN
  E1EDL37.007 EXIDV=00000000000000000017|BRGEW=0
   E1EDL44.005 VELIN=1|VBELN=0080000123|POSNR=000010
END
control DEBMAS07 DEBMAS 3 >debmas
cat >>debmas <<'END'
 E1KNA1M.005 MSGFN=005|KUNNR=0000001009|NAME1=Łukasz Müller|LAND1=DE|SPRAS=D|UMSA1=            0.00
  E1KNA1H.001 MSGFN=005|TDOBJECT=KNA1
   E1KNA1L.001 MSGFN=005|TDFORMAT=*|TDLINE= ein Text
  E1KNVVM.007 MSGFN=005|VKORG=1000|VTWEG=10|SPART=00
   E1KNVPM MSGFN=005|PARVW=AG|KUNN2=0000001009
  E1KNB1M.004 MSGFN=005|BUKRS=1000
  E1KNBKM.004 MSGFN=005|BANKS=DE|BANKL=10020030|BANKN=123|IBAN=DE02
  E1KNVKM.003 MSGFN=005|PARNR=1|NAMEV=Zoë|NAME1=Ö|GBDAT=19700101|SPNAM=DEUTSCH
END
control INVOIC02 INVOIC 4 >invoic
cat >>invoic <<'END'
 E1EDK01.005 CURCY=GBP|BSART=INVO|BELNR=0090000001
  E1EDK02 QUALF=009|BELNR=0090000001|DATUM=20260302
  E1EDK28 BCOUN=GB|ACNUM=1|BIBAN=GB1
  E1EDK36.000 CCINS=VISA|CCNUM=4111|CCNAME=Zoë
  E1EDK05 ALCKZ=-|KSCHL=ZRAB|BETRG=0.00
  E1EDP01.011 POSEX=000010|MENGE=1.000
   E1EDP26 QUALF=003|BETRG=10.00
  E1EDS01 SUMID=010|SUMME=10.00|WAERQ=GBP
END
control MATMAS05 MATMAS 5 >matmas
cat >>matmas <<'END'
 E1MARAM.009 MSGFN=005|MATNR=000000000000012345|ERSDA=20260101|ERNAM=MEIER|MTART=FERT|BRGEW=         0.500|NTGEW=0.000|EAN11=00099999999999
  E1MARA1.001 MATNR_EXTERNAL=ä|MATNR_VERSION=x
  E1MAKTM.001 MSGFN=005|SPRAS=D|MAKTX=Hängematte – groß|SPRAS_ISO=DE
  E1MAKTM.001 MSGFN=005|SPRAS=1|MAKTX=吊床|SPRAS_ISO=ZH
  E1MARCM.005 MSGFN=005|WERKS=1000
   E1MARDM.002 MSGFN=005|LGORT=0001
  E1MBEWM.003 MSGFN=005|BWKEY=1000|STPRS=       0.00
END

for one in orders delvry debmas invoic matmas; do
	make_idoc $one xml >$one.xml
	ok "$one, XML" idoc-parse --raw $one.xml
	mv out.want out.last 2>/dev/null
	cp "$T/out" out.want
	is "$(jq -r '[.control | length, .TABNAM, .SNDLAD, .ARCKEY] | join(" ")' out.want)" \
	    '36 EDI_DC40 Käfer & Söhne schlüssel/1' 'all of the control record is there'
	for form in 'flat cut' 'flat own' 'flat full' 'flat3 cut' 'flat3 full'; do
		# shellcheck disable=SC2086
		make_idoc $one $form >$one.txt
		# Release 3.x has 10 characters for names.
		idoc-parse --raw $one.txt >"$T/out" 2>"$T/err"
		if cmp -s out.want "$T/out"; then
			pass "$one, $form: the same bytes"
		else
			is "$(jq . "$T/out")" "$(jq . out.want)" "$one, $form: the same bytes"
			note_file stderr "$T/err"
		fi
	done
done
cat orders debmas invoic >three
make_idoc three xml >three.xml
make_idoc three flat own | iconv -f UTF-8 -t UTF-16 >three.txt
ok 'three IDocs, XML' idoc-parse --raw three.xml
cp "$T/out" out.want
ok 'three IDocs, flat in UTF-16' idoc-parse --raw three.txt
is "$(cksum <"$T/out") $(wc -l <"$T/out")" "$(cksum <out.want) 3" 'are equal as well'

is "$(jq -c '[.. | objects | .fields.TDLINE? // empty]' out.want | head -n 1)" \
    '["   eingerückt – mit Strich","Zeile ohne Einzug"]' 'lines of text keep their indent'
is "$(jq -r '[.. | objects | select(.segment == "E1EDP01") | .fields.MENGE // empty][0]' out.want | head -n 1)" \
    2.000 'numbers lose the blanks before them'

# Newer releases append fields.
control ORDERS05 ORDERS 6 >tail
printf ' E1EDK14.000 QUALF=008|ORGID=1000|_tail=  NEU ü\n' >>tail
make_idoc tail flat >tail.txt
ok 'a longer line than the table' idoc-parse --raw tail.txt
is "$(jq -c '.segments[0]' "$T/out")" \
    '{"segment":"E1EDK14","fields":{"QUALF":"008","ORGID":"1000","_tail":"  NEU ü"}}' \
    'keeps what is behind'
{
	control ORDERS05 ORDERS 7 >own
	make_idoc own flat
	printf '%-63s%s\n' Z2OWN000 '  Größe 7  '
} >own.txt
ok 'a segment without a layout' idoc-parse --raw own.txt
is "$(jq -c '.segments[0]' "$T/out")" '{"segment":"Z1OWN","fields":{"SDATA":"  Größe 7"}}' \
    'is SDATA, blanks at its left included'
done_testing

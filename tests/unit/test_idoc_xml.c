/* The XML reader: shapes of documents, and what a bad IDoc costs. */

#include "idoc_text.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DEBMAS07>\n"
#define TAIL "</DEBMAS07>\n"
#define ONE "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=A)\n"
#define THREE "idoc 0000000000000003 DEBMAS E1KNA1M(NAME1=C)\n"

static struct idoc_text out;
static struct buf in;

static const char *
read_with(const char *wanted, struct idoc_options options)
{
	enum status status;

	options.hash = true;
	status = idoc_text_read(&out, buf_str(&in), wanted, options);
	if (status != STATUS_OK)
		buf_add_format(&out.text, "status %d\n", (int)status);
	buf_clear(&in);
	return out.text.data;
}

static const char *
read_xml(const char *wanted)
{
	return read_with(wanted, (struct idoc_options){ .raw = false });
}

static const char *
read_text(const char *text, const char *wanted)
{
	buf_add_text(&in, text);
	return read_xml(wanted);
}

static void
idoc(int docnum, const char *name)
{
	buf_add_format(&in,
	    "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\"><DOCNUM>%016d</DOCNUM>"
	    "<IDOCTYP>DEBMAS07</IDOCTYP><MESTYP>DEBMAS</MESTYP></EDI_DC40>\n"
	    "<E1KNA1M SEGMENT=\"1\"><KUNNR>%010d</KUNNR><NAME1>%s</NAME1>"
	    "</E1KNA1M></IDOC>\n",
	    docnum, docnum, name);
}

static void
test_shapes(void)
{
	IS_STR(
	    read_text("<a:E xmlns:a='u'><B><ORDERS05><a:IDOC><EDI_DC40>"
		      "<DOCNUM> 7 </DOCNUM><MESTYP>ORDERS</MESTYP></EDI_DC40>"
		      "<E1EDK01><CURCY>\n GBP </CURCY><BELNR/></E1EDK01>"
		      "<E1EDK03/><E1EDP01><POSEX>10</POSEX><Z1X><MINE>1</MINE>"
		      "</Z1X></E1EDP01></a:IDOC></ORDERS05></B></a:E>",
		NULL),
	    "idoc 7 ORDERS E1EDK01(CURCY=GBP){E1EDK03()"
	    "E1EDP01(POSEX=10){Z1X(MINE=1)}}\n",
	    "prefixes, envelopes, empty and custom segments");
	OK(!out.repaired, "header segments beside E1EDK01 are usual");
	IS_STR(
	    read_text("<IDOC><EDI_DC40_U><MESTYP>DESADV</MESTYP></EDI_DC40_U>"
		      "<E1EDL20><VBELN>1</VBELN></E1EDL20>"
		      "<E1EDL24><POSNR>10</POSNR></E1EDL24></IDOC>",
		NULL),
	    "idoc  DESADV E1EDL20(VBELN=1){E1EDL24(POSNR=10)}\n",
	    "lost nesting is repaired");
	OK(out.repaired, "and said");
	IS_STR(read_text("<DEBMAS01><IDOC><E1KNA1M><KUNNR>1</KUNNR></E1KNA1M>"
			 "</IDOC></DEBMAS01>",
		   NULL),
	    "idoc  DEBMAS E1KNA1M(KUNNR=1)\n", "no control record");
	OK(out.missing, "and said");
	IS_STR(
	    read_text("<ANY><EDI_DC40><DOCNUM>1</DOCNUM></EDI_DC40><E1MBXYH/>"
		      "<EDI_DC40><DOCNUM>2</DOCNUM></EDI_DC40><E1MBXYH/></ANY>",
		NULL),
	    "idoc 1  E1MBXYH()\nidoc 2  E1MBXYH()\n", "no IDOC element");
	IS_STR(
	    read_text("<R><idocData><EDI_DC40><MESTYP>DEBMAS</MESTYP>"
		      "</EDI_DC40><E2KNA1M005GRP><E2KNA1M005>"
		      "<DATAHEADERCOLUMN_SEGNUM>1</DATAHEADERCOLUMN_SEGNUM>"
		      "<KUNNR>1</KUNNR><SEGMENTPAD> </SEGMENTPAD></E2KNA1M005>"
		      "<E2KNVVM007GRP><E2KNVVM007><VKORG>1</VKORG></E2KNVVM007>"
		      "<Z2X000><A>1</A></Z2X000></E2KNVVM007GRP>"
		      "<E2KNVAM/></E2KNA1M005GRP></idocData></R>",
		NULL),
	    "idoc  DEBMAS E1KNA1M(KUNNR=1){E1KNVVM(VKORG=1){Z1X(A=1)}E1KNVAM()}\n",
	    "definitions in BizTalk's groups");
	IS_STR(
	    read_text("<R><idocData><EDI_DC40><MESTYP>DEBMAS</MESTYP>"
		      "</EDI_DC40><E2KNA1M005GRP><E2KNA1M005><KUNNR>1</KUNNR>"
		      "<ZZX001>2</ZZX001></E2KNA1M005><ZE1KNVVM_TXT000GRP>"
		      "<ZE1KNVVM_TXT000><A>1</A></ZE1KNVVM_TXT000>"
		      "<ZSUB000><A>2</A></ZSUB000></ZE1KNVVM_TXT000GRP>"
		      "</E2KNA1M005GRP></idocData>"
		      "<IDOC><E1KNA1M><ZE1KNVVM_TXT000><A>1</A>"
		      "</ZE1KNVVM_TXT000></E1KNA1M></IDOC></R>",
		NULL),
	    "idoc  DEBMAS E1KNA1M(KUNNR=1 ZZX001=2){ZE1KNVVM_TXT(A=1){ZSUB(A=2)}}\n"
	    "idoc   E1KNA1M(){ZE1KNVVM_TXT000(A=1)}\n",
	    "a client's definitions beside SAP's, and types beside types");
	IS_STR(read_text("<SendIdoc><idocData>EDI_DC40  1000000000000000001\n"
			 "E2EDK14                                           "
			 "             0081000</idocData></SendIdoc>",
		   NULL),
	    "idoc 0000000000000001  E1EDK14(QUALF=008 ORGID=1000)\n",
	    "flat text inside XML");
	IS_STR(read_text("<A><IDOC><E1MARAM><_-CWM_-TOLGR>1</_-CWM_-TOLGR>"
			 "<TDLINE>  two blanks </TDLINE></E1MARAM></IDOC></A>",
		   NULL),
	    "idoc   E1MARAM(/CWM/TOLGR=1 TDLINE=  two blanks)\n",
	    "slashes in names, blanks of text lines");
}

static void
test_values(void)
{
	struct hash hash;

	buf_add_text(&in, "\n\n" HEAD);
	idoc(1, "A &amp; <![CDATA[<B>]]> &#252;");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"),
	    "idoc 0000000000000001 DEBMAS "
	    "E1KNA1M(NAME1=A & <B> \xC3\xBC)\n",
	    "references, CDATA, blank lines before the declaration");
	IS_INT(out.line, 5, "line of the IDoc");
	hash = out.hash[0];
	buf_add_text(&in, "<DEBMAS07>");
	idoc(1, "A &#38; &lt;B> \xC3\xBC");
	buf_add_text(&in, TAIL);
	read_xml("KUNNR");
	OK(hash_equal(hash, out.hash[0]), "the same content, the same hash");
	buf_add_text(&in, "<DEBMAS07>");
	idoc(1, "A");
	buf_add_text(&in, TAIL);
	read_xml("KUNNR");
	OK(!hash_equal(hash, out.hash[0]), "unwanted fields count");
	buf_add_text(&in,
	    "<?xml version=\"1.0\" encoding='ISO-8859-1'?><DEBMAS07>");
	idoc(1, "K\xF6ln");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=K\xC3\xB6ln)\n",
	    "a declared encoding");
	idoc(1, "K\xF6ln");
	IS_STR(read_with("NAME1",
		   (struct idoc_options){ .encoding = "ISO-8859-1" }),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=K\xC3\xB6ln)\n",
	    "a forced encoding");
}

/* What is in hand as UTF-16, its last character cut short. */
static void
make_wide(void)
{
	struct buf wide = BUF_INIT;

	for (size_t i = 0; i < in.len; i++)
		buf_add(&wide, (char[]){ in.data[i], '\0' }, 2);
	buf_add_char(&wide, '\n');
	buf_free(&in);
	in = wide;
}

static void
test_decoding(void)
{
	const char *got;

	buf_add_text(&in, "<DEBMAS07>");
	idoc(1, "A");
	buf_add_text(&in, TAIL "\n");
	make_wide();
	got = read_xml("NAME1");
	OK(strncmp(got, ONE, strlen(ONE)) == 0,
	    "UTF-16 that ends within a character");
	/* This byte is three characters, which are nine bytes of UTF-8. */
	buf_add_text(&in, "<?xml version='1.0' encoding='TSCII'?><DEBMAS07>");
	idoc(1, "A");
	for (int i = 0; i < 60000; i++)
		buf_add_char(&in, '\x87');
	buf_add_text(&in, TAIL);
	got = read_xml("NAME1");
	OK(strncmp(got, "idoc ", 5) == 0 || strncmp(got, "status ", 7) == 0,
	    "an encoding whose text grows most");
}

/* One to three, the second spoiled by its name: what becomes of it. */
static void
spoiled(const char *name, const char *fault, const char *what)
{
	struct buf want = BUF_INIT;

	buf_add_text(&in, HEAD);
	idoc(1, "A");
	idoc(2, name);
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	buf_add_format(&want, "%s%s%s", ONE, fault, THREE);
	IS_STR(read_xml("NAME1"), want.data, what);
	IS_INT(out.line, 7, "where the third begins");
	buf_free(&want);
}

static void
test_spoiled(void)
{
	char *deep = mem_zero(3, 10001), *loose = mem_zero(1, 70001);
	size_t begin;

	spoiled("\x01",
	    "fault idoc-malformed 0000000000000002 DEBMAS 0000000002\n",
	    "a character that XML forbids");
	spoiled("\xFF",
	    "fault idoc-encoding 0000000000000002 DEBMAS 0000000002\n",
	    "bytes that are not UTF-8");
	spoiled("&x;",
	    "fault idoc-malformed 0000000000000002 DEBMAS 0000000002\n",
	    "an entity nobody declared");
	spoiled("<!--",
	    "fault idoc-truncated 0000000000000002 DEBMAS 0000000002\n",
	    "a comment that never ends");
	spoiled("<![CDATA[",
	    "fault idoc-truncated 0000000000000002 DEBMAS 0000000002\n",
	    "a CDATA section that never ends");
	for (int i = 0; i < 10000; i++)
		memcpy(deep + 3 * i, "<b>", 3);
	spoiled(deep, "fault idoc-hostile 0000000000000002 DEBMAS 0000000002\n",
	    "ten thousand elements deep");
	memset(loose, 'x', 70000);
	spoiled(loose,
	    "fault idoc-too-large 0000000000000002 DEBMAS 0000000002\n",
	    "a field beyond its limit");
	free(deep);
	free(loose);
	for (size_t cut = 6; cut < 240; cut += 23) {
		buf_add_text(&in, HEAD);
		idoc(1, "A");
		begin = in.len;
		idoc(2, "B");
		in.len = begin + cut;
		idoc(3, "C");
		buf_add_text(&in, TAIL);
		read_xml("NAME1");
		OK(out.count == 3 && str_starts(buf_str(&out.text), ONE) &&
			str_ends(buf_str(&out.text), THREE),
		    "an IDoc cut anywhere costs itself alone");
	}
}

static void
test_ends(void)
{
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	idoc(2, "B");
	in.len -= 40;
	IS_STR(read_xml("NAME1"),
	    ONE "fault idoc-truncated 0000000000000002 DEBMAS 0000000002\n",
	    "the file ends inside an IDoc");
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	IS_STR(read_xml("NAME1"), ONE "fault idoc-truncated   \n",
	    "the file ends before its root element does");
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	buf_add_text(&in, TAIL HEAD);
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"), ONE THREE, "two documents in one file");
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	buf_add_text(&in, "<IDO BEGIN=1><EDI_DC40><DOCNUM>0000000000000002");
	buf_add_text(&in, "</DOCNUM></EDI_DC40></IDOC>\n");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"),
	    ONE "fault idoc-malformed 0000000000000002 DEBMAS \n" THREE,
	    "an IDoc whose own tag is broken is not passed over in silence");
	IS_STR(read_text("<html><body/></html>", NULL), "status 65\n",
	    "XML that holds no IDoc");
	IS_STR(read_text("<DEBMAS07><IDO", NULL), "status 65\n", "nor a start");
	IS_STR(read_text("", NULL), "status 65\n", "an empty file");
}

static void
test_doctype(void)
{
	buf_add_text(&in,
	    "<?xml version=\"1.0\"?><!DOCTYPE DEBMAS07 [<!ENTITY a \"aaaaaaaa\">"
	    "<!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;\">"
	    "<!ENTITY f SYSTEM \"file:///etc/passwd\">]><DEBMAS07>");
	idoc(1, "&c;&f;");
	idoc(2, "&c;");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"),
	    "fault idoc-hostile 0000000000000001 DEBMAS 0000000001\n"
	    "fault idoc-malformed 0000000000000002 DEBMAS 0000000002\n" THREE,
	    "a DOCTYPE is refused, and with it its entities");
}

static void
test_limits(void)
{
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	buf_add_text(&in, "<IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">");
	for (int i = 0; i < 800000; i++)
		buf_add_text(&in,
		    "<E1KNVVM SEGMENT=\"1\"><NAME1>x</NAME1></E1KNVVM>");
	buf_add_text(&in, "</E1KNA1M></IDOC>");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"), ONE "fault idoc-too-large  DEBMAS \n" THREE,
	    "an IDoc beyond its limit");
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	buf_add_text(&in, "<IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\">");
	for (int i = 0; i < 4097; i++)
		buf_add_text(&in, "<NAME1>x</NAME1>");
	buf_add_text(&in, "</E1KNA1M></IDOC>");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"), ONE "fault idoc-too-large  DEBMAS \n" THREE,
	    "a segment of 4,097 fields");
	buf_add_text(&in, HEAD "<IDOC x=\"");
	buf_reserve(&in, 9000000);
	memset(in.data + in.len, 'x', 9000000);
	in.len += 9000000;
	buf_add_text(&in, "\"/>");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	IS_STR(read_xml("NAME1"), "fault idoc-hostile  DEBMAS \n" THREE,
	    "an attribute of nine million characters");
	for (int i = 0; i < 20000; i++)
		buf_add_text(&in, "<IDOC x='");
	read_xml("NAME1");
	IS_INT(out.count, 1001, "broken tags in a row end up in one fault");
	buf_add_text(&in, HEAD);
	for (int i = 0; i < 200; i++) {
		buf_add_text(&in, "<IDOC BEGIN='1'><E1KNA1M SEGMENT='1'>");
		for (int j = 0; j < 200; j++)
			buf_add_format(&in, "<FIELD%d_%d>1</FIELD%d_%d>", i, j,
			    i, j);
		buf_add_text(&in, i % 2 == 0 ? "<!-- x -->" : "");
		buf_add_text(&in, "</E1KNA1M></IDOC>");
	}
	buf_add_text(&in, TAIL);
	OK(strstr(read_with("NAME1", (struct idoc_options){ .raw = true }),
	       "fault") == NULL &&
		out.count == 200,
	    "names that IDocs bring are no burden to those behind");
	buf_add_text(&in, HEAD);
	idoc(1, "A");
	idoc(3, "C");
	buf_add_text(&in, TAIL);
	out.answer = STATUS_IO;
	IS_STR(read_xml("NAME1"), ONE "status 74\n", "a sink that says no");
	out.answer = STATUS_OK;
}

int
main(void)
{
	test_shapes();
	test_values();
	test_decoding();
	test_spoiled();
	test_ends();
	test_doctype();
	test_limits();
	buf_free(&in);
	buf_free(&out.text);
	DONE();
}

/* The flat reader: slicing, encodings, nesting, what spoils an IDoc. */

#include "idoc/slicer.h"
#include "idoc_text.h"

static struct idoc_text out;
static struct buf in;

/* A control record, cut behind its message type. */
static void
control(const char *tabnam, int docnum, const char *type, const char *message)
{
	buf_add_format(&in, "%-10s100%016d740 301   %-30s%-30s%s\n", tabnam,
	    docnum, type, "", message);
}

/* A data record with its place in the tree. */
static void
data(const char *name, int segnum, int psgnum, int level, const char *sdata)
{
	buf_add_format(&in, "%-30s100%16s%06d%06d%02d%s\n", name, "", segnum,
	    psgnum, level, sdata);
}

static const char *
read_flat(const char *wanted)
{
	enum status status;

	status = idoc_text_read(&out, buf_str(&in), wanted,
	    (struct idoc_options){ .hash = true });
	if (status != STATUS_OK)
		buf_add_format(&out.text, "status %d\n", (int)status);
	buf_clear(&in);
	return out.text.data;
}

static void
debmas(int docnum, const char *name)
{
	char sdata[400];

	snprintf(sdata, sizeof(sdata), "005%010d%166s%s", docnum, "", name);
	control("EDI_DC40", docnum, "DEBMAS07", "DEBMAS");
	data("E2KNA1M005", 1, 0, 1, sdata);
}

static void
test_lines(void)
{
	const char *two = "idoc 0000000000000001 DEBMAS "
			  "E1KNA1M(KUNNR=0000000001 NAME1=Ada)\n"
			  "idoc 0000000000000002 DEBMAS "
			  "E1KNA1M(KUNNR=0000000002 NAME1=Bob)\n";
	struct hash hash[2];
	struct buf crlf = BUF_INIT;

	debmas(1, "Ada");
	debmas(2, "Bob");
	for (size_t i = 0; i < in.len; i++) {
		if (in.data[i] == '\n')
			buf_add_char(&crlf, '\r');
		buf_add_char(&crlf, in.data[i]);
	}
	IS_STR(read_flat("KUNNR NAME1"), two, "two IDocs, lines cut");
	IS_INT(out.line, 3, "the second begins at line 3");
	memcpy(hash, out.hash, sizeof(hash));
	OK(!hash_equal(hash[0], hash[1]), "two contents, two hashes");
	buf_add_str(&in, buf_str(&crlf));
	IS_STR(read_flat("KUNNR NAME1"), two, "CRLF");
	OK(hash_equal(hash[0], out.hash[0]), "is the same content");
	debmas(1, "Ada");
	in.len--;
	buf_add_format(&in, "%600s\n\n\x1A\n", "");
	debmas(2, "Bob");
	IS_STR(read_flat("KUNNR NAME1"), two, "trailing blanks, empty lines");
	OK(hash_equal(hash[0], out.hash[0]), "blanks do not count");
	debmas(1, "Ada");
	debmas(2, "Bob");
	in.len--;
	IS_STR(read_flat("KUNNR NAME1"), two, "no newline at the end");
	debmas(1, "Ada");
	debmas(2, "Eve");
	read_flat("KUNNR");
	OK(!hash_equal(hash[1], out.hash[1]), "unwanted fields count");
	buf_free(&crlf);
}

static void
test_unbroken(void)
{
	for (int i = 1; i <= 2; i++)
		buf_add_format(&in,
		    "EDI_DC40  100%016d740 301   %-30s%-30s%-425s%-63s"
		    "005%010d%166sM\xC3\xBCller%815s",
		    i, "DEBMAS07", "", "DEBMAS", "E2KNA1M005", i, "", "");
	IS_STR(read_flat("KUNNR NAME1"),
	    "idoc 0000000000000001 DEBMAS "
	    "E1KNA1M(KUNNR=0000000001 NAME1=M\xC3\xBCller)\n"
	    "idoc 0000000000000002 DEBMAS "
	    "E1KNA1M(KUNNR=0000000002 NAME1=M\xC3\xBCller)\n",
	    "records without line ends, cut by characters");
}

static void
test_encodings(void)
{
	/* NAME1 has 35 characters; ORT01 stands 142 behind its beginning. */
	const char *utf8 = "M\xC3\xBCller & S\xC3\xB6hne";
	char sdata[400];

	snprintf(sdata, sizeof(sdata), "005%010d%166s%s%128s%s", 1, "", utf8,
	    "", "K\xC3\xB6ln");
	control("EDI_DC40_U", 1, "DEBMAS07", "DEBMAS");
	data("E2KNA1M005", 1, 0, 1, sdata);
	IS_STR(read_flat("NAME1 ORT01"),
	    "idoc 0000000000000001 DEBMAS "
	    "E1KNA1M(NAME1=M\xC3\xBCller & S\xC3\xB6hne ORT01=K\xC3\xB6ln)\n",
	    "offsets count characters, not bytes");
	debmas(1, "M\xFCller \x80");
	debmas(2, "\xC3\xBC");
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=M\xC3\xBCller "
	    "\xE2\x82\xAC)\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=\xC3\xBC)\n",
	    "bytes that are not UTF-8 are windows-1252");
	control("EDI_DC40_U", 1, "DEBMAS07", "DEBMAS");
	data("E2KNA1M005", 1, 0, 1, "0050000000001\xFC");
	debmas(2, "B");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-encoding 0000000000000001 DEBMAS 0000000001\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=B)\n",
	    "unless the file claims UTF-8: then one IDoc is spoiled");
	debmas(1, "A");
	in.data[60] = '\0'; /* behind IDOCTYP */
	debmas(2, "B");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-malformed 0000000000000001 DEBMAS 0000000001\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=B)\n",
	    "a NUL byte in a control record");
}

static void
test_nesting(void)
{
	control("EDI_DC40", 1, "ORDERS05", "ORDERS");
	data("E2EDK01005", 1, 0, 1, "000");
	data("E2EDKT1002", 2, 0, 2, "0001");
	data("E2EDKT2001", 3, 2, 3, "text");
	data("E2EDK03", 4, 0, 2, "022");
	data("E2EDP01011", 5, 0, 2, "000010");
	data("E2EDP19003", 6, 5, 3, "002");
	data("Z2EXTRA000", 7, 5, 3, "mine");
	data("E2EDP01011", 8, 0, 2, "000020");
	data("Z2EXTRA000", 0, 0, 3, "level");
	data("Z2EXTRA000", 0, 0, 0, "nothing said");
	data("E2EDS01", 9, 0, 2, "002");
	IS_STR(read_flat("QUALF POSEX SDATA"),
	    "idoc 0000000000000001 ORDERS E1EDK01(){"
	    "E1EDKT1(){E1EDKT2()}E1EDK03()"
	    "E1EDP01(POSEX=000010){E1EDP19(QUALF=002)Z1EXTRA(SDATA=mine)}"
	    "E1EDP01(POSEX=000020){Z1EXTRA(SDATA=level)}"
	    "Z1EXTRA(SDATA=nothing said)E1EDS01()}\n",
	    "by the tree, PSGNUM, HLEVEL, the last top segment");
}

static void
test_shapes(void)
{
	control("EDI_DC40", 1, "ORDERS05", "ORDERS");
	data("E2EDK14", 1, 0, 1, "0081000");
	buf_add_text(&in, "E2EDL18\n");
	IS_STR(read_flat("QUALF ORGID"),
	    "idoc 0000000000000001 ORDERS E1EDK14(QUALF=008 ORGID=1000)"
	    "{E1EDL18()}\n",
	    "a line of the name alone is a segment");
	control("EDI_DC40", 1, "ORDERS05", "ORDERS");
	buf_add_format(&in, "%-63s008%-35s%s\n", "E2EDK14", "1000", "newer");
	IS_STR(read_flat(NULL),
	    "idoc 0000000000000001 ORDERS E1EDK14(QUALF=008 ORGID=1000|newer)\n",
	    "raw keeps what is behind the last known field");
	control("EDI_DC40", 1, "WMMBID02", "WMMBXY");
	data("E2MBXYI", 1, 0, 1, "  000000000000004711");
	data("E2MBXYJ", 2, 0, 2, "x");
	debmas(2, "B");
	IS_STR(read_flat("E1MBXYJ MATNR MBLNR"),
	    "fault idoc-no-layout 0000000000000001 WMMBXY \n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M()\n",
	    "a wanted segment without a layout");
	control("EDI_DC", 0, "", "");
	in.len = 0;
	buf_add_format(&in, "%-417sORDERS%s\n", "EDI_DC    3000000000000000001",
	    "ORDERS05");
	buf_add_format(&in, "%-35s%-10s%-10s%s\n", "E2EDK01005300",
	    "E2EDK01005", "", "000 GBP");
	IS_STR(read_flat("CURCY"),
	    "idoc 0000000000000001 ORDERS E1EDK01(CURCY=GBP)\n",
	    "records of release 3.x");
}

static void
test_spoiled(void)
{
	debmas(1, "A");
	debmas(2, "B");
	in.len -= 170;
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=A)\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M()\n",
	    "a cut last value cannot be told from a short one");
	debmas(1, "A");
	debmas(2, "B");
	in.len -= 220;
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=A)\n"
	    "fault idoc-truncated 0000000000000002 DEBMAS \n",
	    "a last line that ends in its header");
	debmas(1, "A");
	control("EDI_DC40", 2, "DEBMAS07", "DEBMAS");
	in.len -= 60;
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=A)\n"
	    "fault idoc-truncated 0000000000000002 DEBMAS \n",
	    "a control record alone");
	debmas(1, "A");
	buf_add_text(&in, "what is this?\n");
	data("E2KNVVM007", 2, 1, 2, "0051000");
	debmas(2, "B");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-malformed 0000000000000001 DEBMAS 0000000001\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=B)\n",
	    "a line that is no record");
	debmas(1, "A");
	buf_add_text(&in, "EDI_XC40  1000000000000000002\n");
	data("E2KNA1M005", 1, 0, 1, "0050000000002");
	debmas(3, "C");
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 DEBMAS E1KNA1M(NAME1=A)\n"
	    "fault idoc-malformed 0000000000000002  0000000002\n"
	    "idoc 0000000000000003 DEBMAS E1KNA1M(NAME1=C)\n",
	    "a broken control record does not join two IDocs");
	control("EDI_DC40", 1, "ORDERS05", "ORDERS");
	buf_add_format(&in, "%-30s100%016d%14s000\n", "E2EDK01005", 1, "");
	buf_add_format(&in, "%-30s100%016d%14s000\n", "E2EDK01005", 2, "");
	IS_STR(read_flat("NAME1"),
	    "idoc 0000000000000001 ORDERS E1EDK01()\n"
	    "fault idoc-malformed 0000000000000002  \n",
	    "nor does a lost one, where records carry the number");
	debmas(1, "A");
	buf_add_format(&in, "%-63s%70000s\n", "E2KNVVM007", "x");
	debmas(2, "B");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-malformed 0000000000000001 DEBMAS 0000000001\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=B)\n",
	    "a line of 70,000 characters");
	debmas(1, "A");
	for (int i = 0; i < 1000000; i++)
		buf_add_text(&in, "E2KNVVM007\n");
	debmas(2, "B");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-too-large 0000000000000001 DEBMAS 0000000001\n"
	    "idoc 0000000000000002 DEBMAS E1KNA1M(NAME1=B)\n",
	    "too many segments");
	buf_add_text(&in, "E2KNA1M005\n");
	IS_STR(read_flat("NAME1"), "status 65\n", "not an IDoc file");
}

/* Each length, each place of the last byte, each place of an odd one. */
static void
test_slicer(void)
{
	char line[300];
	bool trimmed = true, plain = true;

	for (size_t len = 0; len < sizeof(line); len++) {
		memset(line, ' ', sizeof(line));
		trimmed = trimmed && slicer_trim(line, 0, len) == 0;
		for (size_t at = 0; at < len; at++) {
			line[at] = at % 2 == 0 ? 'x' : '\t';
			trimmed =
			    trimmed && slicer_trim(line, at / 2, len) == at + 1;
			line[at] = ' ';
		}
	}
	OK(trimmed, "blanks fall off whatever the length");
	for (size_t len = 0; len < 40; len++) {
		struct str text = { line, len };

		memset(line, '\x7F', sizeof(line));
		plain = plain && slicer_plain(text);
		memset(line, '\x01', sizeof(line));
		plain = plain && slicer_plain(text);
		for (size_t at = 0; at < len; at++) {
			line[at] = '\0';
			plain = plain && !slicer_plain(text);
			line[at] = '\x80';
			plain = plain && !slicer_plain(text);
			line[at] = '\xFF';
			plain = plain && !slicer_plain(text);
			line[at] = '\x01';
		}
	}
	OK(plain, "a NUL or a high bit is seen wherever it is");
}

/* NULs and broken bytes where a line is not looked at closely otherwise. */
static void
test_odd_bytes(void)
{
	static const size_t places[] = { 3, 40, 62, 70, 200 };
	bool all = true;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t begin;

		control("EDI_DC40_U", 1, "DEBMAS07", "DEBMAS");
		begin = in.len;
		buf_add_format(&in, "%-63s%-180s\n", "E2KNVVM007", "005");
		in.data[begin + places[i]] = '\0';
		all =
		    all &&
		    strcmp(read_flat("NAME1"),
			"fault idoc-malformed 0000000000000001 DEBMAS \n") == 0;
	}
	OK(all, "a NUL anywhere in a line spoils it, wanted or not");
	control("EDI_DC40_U", 1, "DEBMAS07", "DEBMAS");
	data("E2KNVVM007", 1, 0, 1, "005\xFC");
	IS_STR(read_flat("NAME1"),
	    "fault idoc-encoding 0000000000000001 DEBMAS \n",
	    "so do bytes that are not UTF-8, where it is claimed");
	control("EDI_DC40", 1, "DEBMAS07", "DEBMAS");
	data("E2KNVVM007", 1, 0, 1, "005\xFC");
	IS_STR(read_flat("NAME1"), "idoc 0000000000000001 DEBMAS E1KNVVM()\n",
	    "where it is not, nobody wants them");
}

int
main(void)
{
	test_slicer();
	test_odd_bytes();
	test_lines();
	test_unbroken();
	test_encodings();
	test_nesting();
	test_shapes();
	test_spoiled();
	buf_free(&in);
	buf_free(&out.text);
	DONE();
}

/*
 * The XML reader's own scanner beside libxml2: whatever the input, IDocs,
 * hashes, places and faults must be the same both ways.
 */

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "idoc/flat.h"
#include "idoc/xml_parts.h"
#include "map/map.h"
#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One way of reading, and all that came out of it as text. */
struct way {
	struct idoc_symbols *symbols;
	struct idoc_reader *reader;
	struct buf out;
};

static struct way fast[2], slow[2]; /* raw and hashed; wanted fields only */
static int null_fd;

static void
add_place(struct buf *out, uint64_t n, uint64_t offset, size_t line,
    struct hash hash)
{
	char hex[HASH_HEX];

	hash_hex(hash, hex);
	buf_add_format(out, " n=%llu offset=%llu line=%zu %s\n",
	    (unsigned long long)n, (unsigned long long)offset, line, hex);
}

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct way *way = user;
	struct spool tree = SPOOL_INIT;

	map_raw(idoc, &tree);
	buf_add_str(&way->out, spool_recent(&tree, 0));
	spool_free(&tree);
	buf_add_format(&way->out, " %u%s%s", idoc->segment_count,
	    idoc->nesting_repaired ? " repaired" : "",
	    idoc->control_missing ? " missing" : "");
	add_place(&way->out, idoc->n, idoc->offset, idoc->line, idoc->hash);
	return STATUS_OK;
}

static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct way *way = user;

	buf_add_format(&way->out, "%s: %.*s: %.*s %.*s %.*s", fault->code,
	    STR_ARGS(fault->message), STR_ARGS(fault->control.docnum),
	    STR_ARGS(fault->control.idoctyp), STR_ARGS(fault->kunnr));
	add_place(&way->out, fault->n, fault->offset, fault->line, fault->hash);
	return STATUS_OK;
}

static void
way_open(struct way *way, bool raw, bool libxml)
{
	static const char *const wanted[] = { "KUNNR", "NAME1", "TDLINE" };
	const struct idoc_options options = { .format = IDOC_XML,
		.raw = raw,
		.hash = raw,
		.libxml = libxml };

	way->symbols = idoc_symbols_new();
	for (size_t i = 0; i < COUNT(wanted); i++)
		idoc_symbol(way->symbols, str_of(wanted[i]))->wanted = true;
	way->reader = idoc_reader_new(way->symbols, &options);
}

static void
way_close(struct way *way)
{
	idoc_reader_free(way->reader);
	idoc_symbols_free(way->symbols);
	buf_free(&way->out);
	*way = (struct way){ .out = BUF_INIT };
}

static void
open_ways(void)
{
	for (size_t i = 0; i < COUNT(fast); i++) {
		way_open(&fast[i], i == 0, false);
		way_open(&slow[i], i == 0, true);
	}
}

static void
close_ways(void)
{
	for (size_t i = 0; i < COUNT(fast); i++) {
		way_close(&fast[i]);
		way_close(&slow[i]);
	}
}

static void
way_read(struct way *way, struct str input)
{
	const struct idoc_sink sink = { on_idoc, on_fault, way, NULL };
	struct diag diag = { 0 };
	enum status status;

	buf_clear(&way->out);
	status = idoc_read(way->reader, null_fd, "f", input, &sink, &diag);
	buf_add_format(&way->out, "status %d %s\n", (int)status,
	    status != STATUS_OK ? diag.message : "");
}

/* Whether both ways agree on an input; if not, it is shown. */
static bool
agree(struct str input)
{
	for (size_t i = 0; i < COUNT(fast); i++) {
		way_read(&fast[i], input);
		way_read(&slow[i], input);
		if (str_eq(buf_str(&fast[i].out), buf_str(&slow[i].out)))
			continue;
		printf("# input (%zu bytes): %.*s\n# scanner: %.2000s\n"
		       "# libxml2: %.2000s\n",
		    input.len, (int)(input.len < 4000 ? input.len : 4000),
		    input.data, fast[i].out.data, slow[i].out.data);
		return false;
	}
	return true;
}

/* Bytes of a document that libxml2 was spared, more or less. */
static uint64_t
spared(const char *text)
{
	const struct idoc_options options = { .raw = true };
	const struct idoc_sink sink = { on_idoc, on_fault, &fast[0], NULL };
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct flat *flat = flat_new(&options, symbols);
	struct xml *xml = xml_new(&options, symbols, flat);
	struct idoc_job job = { .options = &options,
		.symbols = symbols,
		.sink = &sink,
		.file = STR("f") };
	struct source source = { 0 };
	struct diag diag;
	uint64_t origin;

	source_open(&source, null_fd, str_of(text));
	xml_read(xml, &job, &source, &diag);
	origin = xml->origin;
	source_free(&source);
	xml_free(xml);
	flat_free(flat);
	idoc_symbols_free(symbols);
	return origin;
}

/* IDocs that are for the scanner, and IDocs that it must decline. */
static const char *const plain[] = {
	"<IDOC></IDOC>",
	"<IDOC BEGIN=\"1\"><E1KNA1M SEGMENT=\"1\"><KUNNR>1</KUNNR></E1KNA1M>"
	"</IDOC>",
	"<IDOC\n BEGIN = '1'\n ><EDI_DC40><DOCNUM> 7 </DOCNUM></EDI_DC40>\n"
	"<E1KNA1M\tsegment='000001' x:y=\"]>\" /></IDOC>",
	"<n:IDOC xmlns:n='u'><n:E1KNA1M><n:KUNNR>1</n:KUNNR></n:E1KNA1M>"
	"</n:IDOC>",
	"<IDOC><E1KNA1M xmlns='u' a='1' b='2'><NAME1>a &amp; b &lt;&gt;&quot;"
	"&apos;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#65;&#x42;&#x20AC;&#128512;&#9;&#xA;&#13;"
	"</NAME1><TDLINE>&#32; x&#32;</TDLINE></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>a\r\nb\rc\r\r\nd\n\re</NAME1>\r\n\r</E1KNA1M>\r\n"
	"</IDOC>",
	"<IDOC><E1KNA1M><NAME1>\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80</NAME1>"
	"<TDLINE>  x ]] ]]&gt; ]]</TDLINE>\x7F\xC2\x85</E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M>text<NAME1>a<Z>b</Z>c<Y/>d</NAME1>more</E1KNA1M></IDOC>",
	"<IDOC><E2KNA1M005GRP><E2KNA1M005><KUNNR>1</KUNNR><DATAHEADERCOLUMN_X>"
	"1</DATAHEADERCOLUMN_X><SEGMENTPAD> </SEGMENTPAD></E2KNA1M005>"
	"<E2KNVVM007GRP><E2KNVVM007/></E2KNVVM007GRP></E2KNA1M005GRP></IDOC>",
	"<IDOC><_-CWM_-SEG SEGMENT=''><_-CWM_-X>1</_-CWM_-X></_-CWM_-SEG></IDOC>",
	"<IDOC><EDI_DC40/><EDI_DC40><DOCNUM>2</DOCNUM></EDI_DC40></IDOC>",
	"<IDOC><E1EDL20/><E1EDL24><POSNR>1</POSNR></E1EDL24></IDOC>",
	"<IDOC><X><X><X><X><X/></X></X></X></X><X/></IDOC>",
};

static const char *const declined[] = {
	"<IDOC><E1KNA1M><NAME1><![CDATA[a]]></NAME1></E1KNA1M></IDOC>",
	"<IDOC><!-- c --><E1KNA1M/></IDOC>",
	"<IDOC><?pi x?><E1KNA1M/></IDOC>",
	"<IDOC><E1KNA1M><NAME1>a & b</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&nbsp;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#1;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#xFFFE;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#xD800;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#x110000;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#4294967361;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#;&#x;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#x0000000000041;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>&#X41;</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>]]></NAME1></E1KNA1M></IDOC>",
	"<IDOC>&amp<E1KNA1M/></IDOC>",
	"<IDOC><E1KNA1M><NAME1>\x01</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>\xFF</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>\xC0\x80\xED\xA0\x80</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>\xEF\xBF\xBE</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M><NAME1>\xC3</NAME1></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M></E1KNA1></IDOC>",
	"<IDOC><E1KNA1M></E1KNA1MX></IDOC>",
	"<IDOC><a:E1KNA1M></b:E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M></IDOC></E1KNA1M></IDOC>",
	"<IDOC><E1KNA1M a='1' a='2'/></IDOC>",
	"<IDOC><E1KNA1M a='1'b='2'/></IDOC>",
	"<IDOC><E1KNA1M a='<'/></IDOC>",
	"<IDOC><E1KNA1M a='&x;'/></IDOC>",
	"<IDOC><E1KNA1M a=1/></IDOC>",
	"<IDOC><E1KNA1M a/></IDOC>",
	"<IDOC><E1KNA1M a='1' / ></IDOC>",
	"<IDOC><E1KNA1M a='\x02'/></IDOC>",
	"<IDOC><E1KNA1M a='\xFE'/></IDOC>",
	"<IDOC><E1KNA1M xml:space='odd'/></IDOC>",
	("<IDOC><E1KNA1M a='1' b='1' c='1' d='1' e='1' f='1' g='1' h='1' i='1'/>"
	 "</IDOC>"),
	"<IDOC>< E1KNA1M/></IDOC>",
	"<IDOC><1KNA1M/></IDOC>",
	"<IDOC><a:b:c/></IDOC>",
	"<IDOC><:c/></IDOC>",
	"<IDOC><c:/></IDOC>",
	"<IDOC><\xC3\x84/></IDOC>",
	"<IDOC/>",
	"<IDOC></IDOC >",
	"<IDOC><E1KNA1M><KUNNR>1</KUNNR></E1KNA1M>",
	"<IDOC><E1KNA1M><KUNNR>1</KUNNR",
};

static void
wrap(struct buf *to, const char *idoc)
{
	buf_clear(to);
	buf_add_format(to,
	    "<?xml version=\"1.0\"?>\n<DEBMAS07>\n"
	    "<IDOC><E1KNA1M><KUNNR>1</KUNNR></E1KNA1M></IDOC>\n%s\n"
	    "<IDOC><E1KNA1M><KUNNR>3</KUNNR></E1KNA1M></IDOC><x/>text\n"
	    "</DEBMAS07>\n",
	    idoc);
}

static void
test_kinds(void)
{
	struct buf text = BUF_INIT;
	char what[80];

	for (size_t i = 0; i < COUNT(plain); i++) {
		buf_clear(&text);
		buf_add_format(&text, "<R>%s</R>", plain[i]);
		snprintf(what, sizeof(what), "plain IDoc %zu is scanned", i);
		OK(spared(text.data) > 0, what);
		wrap(&text, plain[i]);
		snprintf(what, sizeof(what), "plain IDoc %zu is the same", i);
		OK(agree(buf_str(&text)), what);
	}
	for (size_t i = 0; i < COUNT(declined); i++) {
		buf_clear(&text);
		buf_add_format(&text, "<R>%s</R>", declined[i]);
		snprintf(what, sizeof(what), "other IDoc %zu is declined", i);
		OK(spared(text.data) == 0, what);
		wrap(&text, declined[i]);
		snprintf(what, sizeof(what), "other IDoc %zu is the same", i);
		OK(agree(buf_str(&text)), what);
	}
	buf_free(&text);
}

static void
test_around(void)
{
	static const char idoc[] = "<IDOC><E1KNA1M><KUNNR>1</KUNNR></E1KNA1M>"
				   "</IDOC>";
	static const char *const around[] = {
		"%s",
		"\n %s \n",
		"<R><!-- %s --></R>",
		"<R><!-- %s --> \n%s</R>",
		"<R><![CDATA[%s]]></R>",
		"<R><?pi %s?>%s</R>",
		"<R a='%s'/>",
		"<R><A/>text%s</R>",
		"<R>&amp;%s&amp;%s</R>",
		"<R><idocData>%s%s</idocData></R>",
		"<R><idocData>EDI_DC40  100\n%s</idocData>%s</R>",
		"<R><EDI_DC40/>%s</R>",
		"<R>%s<EDI_DC40/><E1KNA1M/>%s</R>",
		"<!DOCTYPE R><R>%s%s</R>",
		"<R>%s",
		"<R>%s<",
		"<R>%s</R><R>%s</R>",
		"<R>%s</S>%s",
		"<R><IDOC >%s%s</R>",
		"<R><IDOC ><E1KNA1M/>%s</IDOC>%s</R>",
		"<R><IDOC %s%s</R>",
		"<R><IDOCX>%s</IDOCX>%s</R>",
		"<R>%s]]>%s</R>",
		"<R>%s&#1;%s\x01%s</R>",
	};
	struct buf text = BUF_INIT;
	char what[80];

	for (size_t i = 0; i < COUNT(around); i++) {
		buf_clear(&text);
		for (const char *at = around[i]; *at != '\0'; at++) {
			if (at[0] == '%' && at[1] == 's')
				buf_add_text(&text, idoc), at++;
			else
				buf_add_char(&text, *at);
		}
		snprintf(what, sizeof(what), "document %zu is the same", i);
		OK(agree(buf_str(&text)), what);
	}
	buf_free(&text);
}

static uint64_t seed = 1;

/* xorshift64: the same numbers at every run. */
static size_t
any(size_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % below);
}

static const char small[] =
    "<?xml version='1.0'?>\n<R>\n <IDOC BEGIN=\"1\">\n"
    "<EDI_DC40 SEGMENT=\"1\"><DOCNUM>0000000000000001</DOCNUM>"
    "<MESTYP>DEBMAS</MESTYP></EDI_DC40>\n<E1KNA1M SEGMENT='1'>"
    "<KUNNR>0000000007</KUNNR><NAME1>M\xC3\xBCller &amp; Co</NAME1>"
    "<NAME2/><E1KNVVM><VKORG> 10 </VKORG></E1KNVVM></E1KNA1M></IDOC>\n"
    "<n:IDOC><E1MARAM><MATNR>&#65;</MATNR></E1MARAM></n:IDOC>"
    "<IDOC><Z1X><TDLINE> x\r\n</TDLINE></Z1X></IDOC></R>\n";

/* Every byte of the document, changed in several ways. */
static void
test_mutations(void)
{
	static const char nasty[] = "<>&]'\"/:= \r\n;#!?\0\x01\xC3\xFF";
	struct buf text = BUF_INIT;
	size_t len = sizeof(small) - 1, same = 0, all = 0;

	for (size_t at = 0; at < len; at++) {
		for (size_t way = 0; way < 14; way++) {
			size_t drop = 1, end;

			buf_clear(&text);
			buf_add(&text, small, at);
			if (way < 8)
				buf_add_char(&text,
				    nasty[any(sizeof(nasty) - 1)]);
			else if (way == 8)
				buf_add_char(&text, (char)any(256));
			else if (way == 9)
				buf_add(&text, small + at, drop = 0);
			else if (way == 10)
				drop = 1 + any(len - at);
			else if (way == 11)
				buf_add(&text, small + any(at + 1), any(40));
			else if (way == 12)
				buf_add_text(&text, "<IDOC>"), drop = 0;
			if (way < 4)
				drop = 0;
			end = at + drop;
			buf_add(&text, small + end, len - end);
			all++;
			if (agree(buf_str(&text)))
				same++;
			else if (all - same > 3)
				goto out;
		}
	}
out:
	IS_INT(same, len * 14, "mutated documents are the same both ways");
	buf_free(&text);
}

/* Add something that may stand in an IDoc, now and then something broken. */
static void
add_random(struct buf *to, unsigned depth)
{
	static const char *const names[] = { "E1KNA1M", "E1KNVVM", "E1EDP01",
		"KUNNR", "NAME1", "TDLINE", "Z1X", "E2KNA1M005GRP", "n:NAME1",
		"_-CWM_-X" };
	static const char *const texts[] = { "", "1", " a b ", "a &amp; b",
		"\xC3\xA4\xC3\xB6", "\r\n", "\n\t", "&#x41;", "0000000001",
		"a longer text with more than sixteen bytes in it" };
	static const char *const odd[] = { "<!-- x -->", "<![CDATA[y]]>", "&",
		"</X>", "\x02", "<IDOC>", "]]>", "\xE2\x82" };
	size_t count = any(depth > 4 ? 2 : 8);

	for (size_t i = 0; i < count; i++) {
		const char *name = names[any(COUNT(names))];

		if (any(400) == 0)
			buf_add_text(to, odd[any(COUNT(odd))]);
		buf_add_format(to, "<%s%s>", name,
		    any(2) == 0 ? " SEGMENT=\"1\"" : "");
		buf_add_text(to, texts[any(COUNT(texts))]);
		if (any(3) == 0)
			add_random(to, depth + 1);
		buf_add_format(to, "</%s>%s", name, any(4) == 0 ? "\n" : "");
	}
}

/* Documents of several windows. */
static void
test_random(void)
{
	struct buf text = BUF_INIT;
	size_t same = 0;

	for (int round = 0; round < 40; round++) {
		size_t size = 1000 + any(400000);

		buf_clear(&text);
		buf_add_text(&text, "<DEBMAS07>\n");
		while (text.len < size) {
			buf_add_text(&text, "<IDOC BEGIN=\"1\">");
			for (size_t i = any(60); i > 0; i--)
				add_random(&text, 0);
			buf_add_text(&text, "</IDOC>\n");
		}
		buf_add_text(&text, "</DEBMAS07>\n");
		same += agree(buf_str(&text));
	}
	IS_INT(same, 40, "random documents are the same both ways");
	buf_free(&text);
}

static void
add_many(struct buf *to, size_t count, const char *piece)
{
	for (size_t i = 0; i < count; i++)
		buf_add_text(to, piece);
}

static void
test_limits(void)
{
	static const size_t lengths[] = { LIMIT_FIELD - 1, LIMIT_FIELD,
		LIMIT_FIELD + 1, 300000 };
	static const size_t depths[] = { 30, 31, 32, 33, 91, 92, 93, 94, 95, 96,
		97, 300 };
	struct buf text = BUF_INIT, idoc = BUF_INIT;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		buf_clear(&idoc);
		buf_add_text(&idoc, "<IDOC><E1KNA1M><NAME1>");
		add_many(&idoc, lengths[i], "x");
		buf_add_text(&idoc, "</NAME1></E1KNA1M></IDOC>");
		wrap(&text, idoc.data);
		OK(agree(buf_str(&text)), "a long field");
	}
	for (size_t i = 0; i < COUNT(depths); i++) {
		buf_clear(&idoc);
		buf_add_text(&idoc, "<IDOC>");
		add_many(&idoc, depths[i], "<X>");
		add_many(&idoc, depths[i], "</X>");
		buf_add_text(&idoc, "</IDOC>");
		wrap(&text, idoc.data);
		OK(agree(buf_str(&text)), "deep nesting");
	}
	buf_clear(&idoc);
	buf_add_text(&idoc, "<IDOC>");
	add_many(&idoc, 22000, "<E1KNVVM/>");
	buf_add_text(&idoc, "</IDOC>");
	wrap(&text, idoc.data);
	OK(agree(buf_str(&text)), "many segments");
	buf_clear(&idoc);
	buf_add_text(&idoc, "<IDOC>");
	for (int i = 0; i < 20000; i++)
		buf_add_format(&idoc, "<N%d/>", i);
	buf_add_text(&idoc, "</IDOC>");
	wrap(&text, idoc.data);
	OK(agree(buf_str(&text)), "more names than an IDoc may have");
	buf_clear(&text);
	buf_add_text(&text, "<R>");
	add_many(&text, 20000, "<IDOC><E1KNA1M a='</IDOC>");
	OK(agree(buf_str(&text)), "a tag of tags");
	buf_free(&idoc);
	buf_free(&text);
}

int
main(void)
{
	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	open_ways();
	test_kinds();
	test_around();
	test_mutations();
	test_random();
	/* A reader counts the names that it has met. */
	close_ways();
	open_ways();
	test_limits();
	close_ways();
	close(null_fd);
	DONE();
}

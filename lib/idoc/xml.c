#include "idoc/xml_parts.h"

#include "base/limits.h"
#include "idoc/xml_fast.h"

/* Bytes given to the parser at once: few after a break, so that a file of
 * nothing but breaks is not fed over and over. */
#define FEED_FIRST ((size_t)256)
/* No more: libxml2 compares the attributes of a tag with each other. */
#define FEED_MAX ((size_t)16 * 1024)
/* It takes little at once of a CDATA section whose end it has not seen, and
 * looks through the rest each time. */
#define FEED_CDATA ((size_t)1024)
/* Bytes that the parser may hold back: longer is no tag or comment. Where one
 * was longer, little is enough: else a file of nothing but unclosed comments
 * would be fed over and over. */
#define TOKEN_MAX ((size_t)LIMIT_FIELD)
#define TOKEN_MAX_LATER ((size_t)4 * 1024)
/* What its dictionary takes for names (before its last step, four times as much
 * as the one before), and where it is crowded: SAP's own are 40 KB. */
#define DICT_MAX ((size_t)80 * 1000)
#define DICT_CROWDED ((size_t)22 * 1000)

/* What libxml2 would print of its own accord: what matters comes as an error.
 */
static void
hush(void *user, const char *format, ...)
{
	(void)user, (void)format;
}

static void *
grow_bytes(void *old, size_t size)
{
	return mem_grow(old, size, 1);
}

struct xml *
xml_new(const struct idoc_options *options, struct idoc_symbols *symbols,
    struct flat *flat)
{
	struct xml *xml = mem_zero(1, sizeof(*xml));

	/* Its lack of memory ends the process, as ours does. */
	xmlMemSetup(free, mem_alloc, grow_bytes, mem_strdup);
	LIBXML_TEST_VERSION
	xmlSetGenericErrorFunc(NULL, hush);
	xml->options = options;
	xml->symbols = symbols;
	xml->flat = flat;
	xml->names = xml_names_new(symbols, options->dictionary, options->raw);
	xml->arena.hold = LIMIT_HELD;
	return xml;
}

/* Entity declarations of a DOCTYPE land in a document that is ours to free. */
static void
drop_parser(struct xml *xml)
{
	if (xml->parser == NULL)
		return;
	xmlFreeDoc(xml->parser->myDoc);
	xmlFreeParserCtxt(xml->parser);
	xml->parser = NULL;
}

void
xml_free(struct xml *xml)
{
	if (xml == NULL)
		return;
	drop_parser(xml);
	xml_names_free(xml->names);
	arena_free(&xml->arena);
	buf_free(&xml->problem);
	buf_free(&xml->root);
	buf_free(&xml->type);
	buf_free(&xml->broken_why);
	buf_free(&xml->text);
	buf_free(&xml->head);
	buf_free(&xml->data_line);
	free(xml);
}

struct str
xml_problem(const struct xml *xml)
{
	return buf_str(&xml->problem);
}

uint64_t
xml_place(const struct xml *xml)
{
	long consumed = xmlByteConsumed(xml->parser);

	return xml->origin + (uint64_t)(consumed > 0 ? consumed : 0);
}

static size_t
count_lines(const char *at, const char *end)
{
	size_t count = 0;

	while (
	    at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at++;
		count++;
	}
	return count;
}

size_t
xml_line_of(const struct xml *xml, uint64_t place)
{
	struct str window = source_window(xml->source);
	uint64_t offset = xml->source->offset;
	const char *counted = window.data + (xml->counted - offset);
	const char *at = window.data;

	/* The parser may stand in the tag that it was resumed with. */
	if (place > offset)
		at += place - offset;
	if (at >= counted)
		return xml->line + count_lines(counted, at);
	return xml->line - count_lines(at, counted);
}

void
xml_pass(struct xml *xml, size_t len)
{
	uint64_t place = xml->source->offset + len;

	if (place > xml->counted) {
		xml->line = xml_line_of(xml, place);
		xml->counted = place;
	}
	source_skip(xml->source, len);
}

uint64_t
xml_tag_place(const struct xml *xml)
{
	uint64_t at = xml_place(xml);
	size_t index = (size_t)(at - xml->source->offset);
	const char *window = source_window(xml->source).data;

	while (index > 0 && window[--index] != '<')
		continue;
	return xml->source->offset + index;
}

void
xml_break(struct xml *xml, const char *code, struct str why, uint64_t place)
{
	if (xml->broken)
		return;
	xml->broken = true;
	/* What xmlStopParser does, without taking the input from under a parser
	 * that is in the middle of it. */
	xml->parser->disableSAX = 1;
	xml->parser->instate = XML_PARSER_EOF;
	xml->broken_code = code;
	buf_clear(&xml->broken_why);
	buf_add_str(&xml->broken_why, why);
	xml->broken_at = place;
	if (xml->problem.len == 0)
		buf_add_str(&xml->problem, why);
}

void
xml_spoil(struct xml *xml, const char *code, struct str why)
{
	if (xml->code != NULL)
		return;
	xml->code = code;
	xml->why = why;
}

/* Whether documents have brought so many names that a fresh parser is due. */
static bool
is_crowded(const struct xml *xml)
{
	return xml_names_crowded(xml->names) ||
	       idoc_symbols_crowded(xml->symbols) ||
	       xmlDictGetUsage(xml->parser->dict) > DICT_CROWDED;
}

/*
 * A parser at the window's first byte. A resumed document gets the file's root
 * again, so that its end tag fits.
 */
static enum status
restart(struct xml *xml, bool resumed, struct diag *diag)
{
	xmlSAXHandler sax;

	if (xml->parser != NULL && is_crowded(xml))
		drop_parser(xml);
	if (xml->parser == NULL) {
		if (idoc_symbols_crowded(xml->symbols))
			idoc_symbols_forget(xml->symbols);
		xml_names_clear(xml->names);
		xml_sax_init(&sax);
		xml->parser = xmlCreatePushParserCtxt(&sax, xml, NULL, 0, NULL);
		if (xml->parser == NULL)
			return diag_set(diag, STATUS_OS, "no XML parser");
		xmlDictSetLimit(xml->parser->dict, DICT_MAX);
	} else if (xmlCtxtResetPush(xml->parser, NULL, 0, NULL, NULL) != 0) {
		return diag_set(diag, STATUS_OS, "no XML parser");
	}
	/* The input is UTF-8 by now, whatever its declaration says. */
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	xml->broken = xml->doctype = false;
	xml->finishing = false;
	xml->resumed = resumed;
	xml->fed = 0;
	xml->depth = 0;
	xml->skip_depth = 0;
	xml->open = false;
	xml->data_open = false;
	xml->data_lines = 0;
	buf_clear(&xml->data_line);
	xml->origin = xml->begun = xml->closed = xml->source->offset;
	if (resumed) {
		struct buf tag = BUF_INIT;

		buf_add_format(&tag, "<%s>",
		    xml->root.len > 0 ? xml->root.data : "_");
		xml->origin -= tag.len;
		xmlParseChunk(xml->parser, tag.data, (int)tag.len, 0);
		buf_free(&tag);
	}
	/* For its messages. */
	xml->parser->input->line = (int)xml_line_of(xml, xml->source->offset);
	return STATUS_OK;
}

/* The parser holds back the window's first bytes: whether that makes sense. */
static void
check_held(struct xml *xml)
{
	struct str window = source_window(xml->source);
	const char *inner = NULL;
	size_t max = xml->token_max;

	if (xml->fed < FEED_FIRST)
		return;
	/* No tag holds another; comments and the like may. */
	if (window.data[0] == '<' && window.data[1] != '!' &&
	    window.data[1] != '?') {
		max = max < FEED_MAX ? max : FEED_MAX;
		inner = memchr(window.data + 1, '<', xml->fed - 1);
	}
	if (inner != NULL) {
		xml_break(xml, "idoc-malformed", STR("a tag inside a tag"),
		    xml->source->offset + (size_t)(inner - window.data));
	} else if (xml->fed > max) {
		xml->token_max = TOKEN_MAX_LATER;
		xml_break(xml, "idoc-hostile",
		    STR("a tag or comment beyond its limit"),
		    xml->source->offset);
	}
}

/* The parser has what it needs of the window's first bytes. */
static void
drop_consumed(struct xml *xml)
{
	uint64_t place = xml_place(xml);
	size_t done = 0;
	bool held = true;

	if (place > xml->source->offset)
		done = (size_t)(place - xml->source->offset);
	if (done > xml->fed)
		done = xml->fed;
	if (xml->parser->instate == XML_PARSER_CDATA_SECTION) {
		/* A tag may begin in the last piece of it: see xml_cdata. */
		done = done > XML_TAG_MAX ? done - XML_TAG_MAX : 0;
		held = false;
	}
	if (xml->open)
		xml_gather(xml, xml->source->offset + done);
	xml_pass(xml, done);
	xml->fed -= done;
	if (held)
		check_held(xml);
}

/* After a break: go on at the next IDoc. */
static enum status
resume(struct xml *xml, bool *more, struct diag *diag)
{
	enum status status = xml_resume(xml, more, diag);

	if (status == STATUS_OK && *more)
		status = restart(xml, true, diag);
	return status;
}

/* The input's end: tell the parser, and go on after a break if one shows. */
static enum status
finish(struct xml *xml, bool *more, struct diag *diag)
{
	uint64_t n = xml->job->n, place = xml_place(xml);
	bool was_open = xml->open;
	enum status status;

	*more = false;
	xml->finishing = true;
	xmlParseChunk(xml->parser, NULL, 0, 1);
	if (!xml->broken && xml->open)
		xml_break(xml, "idoc-truncated",
		    STR("the file ends inside an IDoc"), xml_place(xml));
	if (!xml->broken)
		return STATUS_OK;
	/* A comment that never ends was read to the end: go back before it. */
	if (place < xml->closed)
		place = xml->closed;
	if (xml->open && place <= xml->idoc.offset)
		place = xml->idoc.offset + 1;
	if (place < xml->broken_at)
		xml->broken_at = place;
	status = resume(xml, more, diag);
	if (status == STATUS_OK && !*more && !was_open && n == xml->job->n)
		xml_check_root(xml);
	return status;
}

/*
 * How much to feed: between IDocs at most up to the next one's tag, and its
 * '<', which makes the parser deal with all that comes before it; in an IDoc
 * up to its end, where that is known. In the middle of something long, such as
 * a comment full of tags, no piece is cut short.
 */
static size_t
piece(const struct xml *xml, size_t step)
{
	struct str rest = str_from(source_window(xml->source), xml->fed);
	uint64_t fed = xml->source->offset + xml->fed;
	size_t len, at;

	if (xml->parser->instate == XML_PARSER_CDATA_SECTION &&
	    step > FEED_CDATA)
		step = FEED_CDATA;
	len = rest.len < step ? rest.len : step;
	if (xml->options->libxml || xml->fed > XML_TAG_MAX)
		return len;
	if (xml->open || (xml->fed > 0 && xml->end_found > fed))
		return xml->end_found > fed && xml->end_found - fed < len
			   ? (size_t)(xml->end_found - fed)
			   : len;
	if (rest.len > len + XML_TAG_MAX)
		rest.len = len + XML_TAG_MAX;
	return xml_find_idoc(rest, &at) && at < len ? at + 1 : len;
}

/* Whether the parser holds just the '<' of an IDoc's tag, between IDocs. */
static bool
at_idoc(const struct xml *xml)
{
	enum xml_frame_kind kind = xml->frames[xml->depth].kind;

	return !xml->options->libxml && !xml->open && xml->fed == 1 &&
	       xml->depth > 0 && !xml->data_open &&
	       (kind == XML_FRAME_OUTSIDE || kind == XML_FRAME_DATA) &&
	       xml->parser->instate == XML_PARSER_CONTENT &&
	       xml_place(xml) == xml->source->offset && xml_at_idoc(xml);
}

/* The parser gets a small element in place of the IDoc that was read. */
static void
stand_in(struct xml *xml, size_t len)
{
	static const char rest[] = "_/>";

	xml->origin += len - 1 - strlen(rest);
	xml_pass(xml, len);
	xml->parser->input->line = (int)xml->line;
	xml->fed = 0;
	xml->standing_in = true;
	xmlParseChunk(xml->parser, rest, (int)strlen(rest), 0);
	xml->standing_in = false;
}

/* Read the IDoc that the parser has come to without it, if it is a plain one.
 */
static enum status
read_fast(struct xml *xml, struct diag *diag)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		size_t len;

		switch (xml_fast_read(xml, &len)) {
		case XML_FAST_DONE:
			stand_in(xml, len);
			return STATUS_OK;
		case XML_FAST_DECLINED:
			return STATUS_OK;
		case XML_FAST_MORE:
			if (xml->source->ended)
				return STATUS_OK;
			status = source_fill(xml->source, diag);
			break;
		}
	}
	return status;
}

/* Make it take all that it has of a CDATA section. */
static void
take_cdata(struct xml *xml)
{
	uint64_t place;

	do {
		place = xml_place(xml);
		xmlParseChunk(xml->parser, NULL, 0, 0);
	} while (!xml->broken &&
		 xml->parser->instate == XML_PARSER_CDATA_SECTION &&
		 xml_place(xml) > place);
}

/* Feed the parser once. */
static enum status
feed(struct xml *xml, size_t *step, struct diag *diag)
{
	struct source *source = xml->source;
	enum status status;
	size_t len;

	if (source_window(source).len == xml->fed && !source->ended) {
		status = source_fill(source, diag);
		if (status != STATUS_OK)
			return status;
	}
	len = piece(xml, *step);
	if (len > 0)
		xmlParseChunk(xml->parser,
		    source_window(source).data + xml->fed, (int)len, 0);
	xml->fed += len;
	if (!xml->broken && xml->parser->instate == XML_PARSER_CDATA_SECTION)
		take_cdata(xml);
	if (len == *step && *step < FEED_MAX)
		*step *= 2;
	if (!xml->broken)
		drop_consumed(xml);
	if (xml->broken || !at_idoc(xml))
		return STATUS_OK;
	/* Between two IDocs nothing is lost by it. */
	return is_crowded(xml) ? restart(xml, true, diag)
			       : read_fast(xml, diag);
}

/* An XML declaration must come first; blank lines before it happen. */
static void
skip_white(struct xml *xml)
{
	struct str window = source_window(xml->source);
	size_t at = 0;

	while (at < window.len && xml_is_white(window.data[at]))
		at++;
	xml_pass(xml, at);
}

enum status
xml_read(struct xml *xml, struct idoc_job *job, struct source *source,
    struct diag *diag)
{
	size_t step = FEED_MAX;
	enum status status;
	bool more = true;

	xml->job = job;
	xml->source = source;
	buf_clear(&xml->root);
	buf_clear(&xml->type);
	buf_clear(&xml->problem);
	xml->token_max = TOKEN_MAX;
	xml->end_sought = xml->end_found = 0;
	xml->line = 1;
	xml->counted = source->offset;
	skip_white(xml);
	status = restart(xml, false, diag);
	while (status == STATUS_OK && more && job->status == STATUS_OK) {
		status = feed(xml, &step, diag);
		if (status != STATUS_OK || job->status != STATUS_OK)
			break;
		if (xml->broken) {
			status = resume(xml, &more, diag);
			step = FEED_FIRST;
		} else if (source->ended &&
			   xml->fed == source_window(source).len) {
			status = finish(xml, &more, diag);
			step = FEED_FIRST;
		}
	}
	return status != STATUS_OK ? status : job->status;
}

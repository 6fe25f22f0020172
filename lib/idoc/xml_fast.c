#define _GNU_SOURCE /* memmem */
#include "idoc/xml_fast.h"

#include "base/limits.h"
#include "base/text.h"

/* A longer IDoc is left to libxml2: the window must hold it all. */
#define IDOC_MAX ((size_t)256 * 1024)
/* No tag of an IDoc has more, nor is it longer. */
#define ATTRIBUTES 8
#define TAG_LENGTH 1024
#define REFERENCE_MAX 12 /* &#x0010FFFF; */

/* What a byte is to the scanner. */
enum {
	NAME = 1, /* begins a name */
	MORE = 2, /* goes on in one */
	WHITE = 4,
	TEXT = 8 /* nothing to look at in a text */
};

#define W (WHITE | TEXT)
#define N (NAME | MORE | TEXT)
#define M (MORE | TEXT)
#define T TEXT

static const unsigned char kinds[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, W, W, 0, 0, WHITE, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	W, T, T, T, T, T, 0 /* & */, T, T, T, T, T, T, M, M, T,
	M, M, M, M, M, M, M, M, M, M, T, T, 0 /* < */, T, T, T,
	T, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, T, T, 0 /* ] */, T, N,
	T, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	N, N, N, N, N, N, N, N, N, N, N, T, T, T, T, T,
	/* clang-format on */
};

#undef W
#undef N
#undef M
#undef T

static inline bool
is(char c, unsigned kind)
{
	return (kinds[(unsigned char)c] & kind) != 0;
}

/*
 * A scan needs no end to look out for: its text ends with an end tag, "</" and
 * "IDOC>", and no part of the scanner goes beyond a '<' or '>' but the one that
 * reads tags.
 */
struct scan {
	struct xml *xml;
	const char *at;
	const char *end; /* behind an end tag, of this IDoc or a later one */
	bool escaped; /* the last text has references or carriage returns */
	struct xml_name *last; /* the element that began last */
	struct str open[XML_DEPTH + 1]; /* names in the open tags, as sent */
};

/* A start tag. */
struct tag {
	struct str name; /* with its prefix */
	struct xml_name *means;
	bool segment; /* it has a SEGMENT attribute */
	bool empty;
};

/* Whether a name stands at a place. Names are short: no call is worth it. */
static inline bool
stands(const struct scan *scan, struct str name)
{
	if (name.len >= (size_t)(scan->end - scan->at))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (scan->at[i] != name.data[i])
			return false;
	return true;
}

/* Bytes of the legal character at a byte that is not plain text, else 0. */
static size_t
character(const char *at, const char *end)
{
	size_t len;

	if ((unsigned char)*at < 0x80)
		return 0;
	len = text_sequence((struct str){ at, (size_t)(end - at) });
	/* U+FFFE and U+FFFF */
	if (len == 3 && memcmp(at, "\xEF\xBF", 2) == 0 &&
	    (unsigned char)at[2] >= 0xBE)
		return 0;
	return len;
}

/* The text up to the next tag. */
static bool
scan_text(struct scan *scan, struct str *text)
{
	const char *at = scan->at;

	scan->escaped = false;
	for (;;) {
		size_t len = 1;

		while (is(*at, TEXT))
			at++;
		if (*at == '<')
			break;
		if (*at == '&' || *at == '\r')
			scan->escaped = true;
		else if (*at != ']')
			len = character(at, scan->end);
		else if (at[1] == ']' && at[2] == '>')
			return false;
		if (len == 0)
			return false;
		at += len;
	}
	*text = (struct str){ scan->at, (size_t)(at - scan->at) };
	scan->at = at;
	return text->len <= LIMIT_FIELD;
}

static bool
is_legal(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' ||
	       (code >= 0x20 && code <= 0xD7FF) ||
	       (code >= 0xE000 && code <= 0xFFFD) ||
	       (code >= 0x10000 && code <= 0x10FFFF);
}

/* A character reference, its digits and what follows in text. */
static bool
add_code(struct buf *to, struct str digits, unsigned base)
{
	uint32_t code = 0;

	if (digits.len == 0)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		char c = text_lower(digits.data[i]);
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a' + 10);
		else
			return false;
		code = code * base + digit;
		if (code > 0x10FFFF)
			return false;
	}
	if (!is_legal(code))
		return false;
	text_add_codepoint(to, code);
	return true;
}

/* The reference at the start of text; its length, or 0. */
static size_t
add_reference(struct buf *to, struct str text)
{
	static const struct {
		const char *text;
		char means;
	} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	const char *end;
	size_t skip = 2;

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (str_starts(text, entities[i].text)) {
			buf_add_char(to, entities[i].means);
			return strlen(entities[i].text);
		}
	}
	if (text.len > REFERENCE_MAX)
		text.len = REFERENCE_MAX;
	end = memchr(text.data, ';', text.len);
	if (end == NULL || !str_starts(text, "&#"))
		return 0;
	skip += text.data[2] == 'x';
	text.len = (size_t)(end - text.data);
	return add_code(to, str_from(text, skip), skip == 3 ? 16 : 10)
		   ? text.len + 1
		   : 0;
}

/* Resolve references, and make all line ends LF. */
static bool
unescape(struct buf *to, struct str text)
{
	buf_clear(to);
	while (text.len > 0) {
		size_t len = 0;

		while (len < text.len && text.data[len] != '&' &&
		       text.data[len] != '\r')
			len++;
		buf_add(to, text.data, len);
		text = str_from(text, len);
		if (text.len == 0)
			break;
		if (text.data[0] == '&') {
			len = add_reference(to, text);
			if (len == 0)
				return false;
		} else {
			buf_add_char(to, '\n');
			len = text.len > 1 && text.data[1] == '\n' ? 2 : 1;
		}
		text = str_from(text, len);
	}
	return true;
}

static void
skip_white(struct scan *scan)
{
	while (is(*scan->at, WHITE))
		scan->at++;
}

/* A name, maybe with a prefix; *local is what comes behind that. */
static bool
scan_name(struct scan *scan, struct str *name, struct str *local)
{
	const char *from = scan->at, *at = from, *part = from;

	if (!is(*at, NAME))
		return false;
	while (is(*at, MORE))
		at++;
	if (*at == ':') {
		part = ++at;
		if (!is(*at, NAME))
			return false;
		while (is(*at, MORE))
			at++;
	}
	*name = (struct str){ from, (size_t)(at - from) };
	*local = (struct str){ part, (size_t)(at - part) };
	scan->at = at;
	return true;
}

/* An attribute's value; nobody wants it. */
static bool
scan_value(struct scan *scan)
{
	const char *at = scan->at;
	char quote = *at;

	if (quote != '"' && quote != '\'')
		return false;
	for (at++; *at != quote;) {
		size_t len = 1;

		if (!is(*at, TEXT | WHITE) && *at != ']')
			len = character(at, scan->end);
		if (len == 0)
			return false;
		at += len;
	}
	scan->at = at + 1;
	return true;
}

/* An attribute; whether it says that the element is a segment. */
static bool
scan_attribute(struct scan *scan, struct str *local, bool *segment)
{
	struct str name;

	if (!scan_name(scan, &name, local))
		return false;
	skip_white(scan);
	if (*scan->at != '=')
		return false;
	scan->at++;
	skip_white(scan);
	if (!scan_value(scan))
		return false;
	/* Name spaces do not matter; xml:space and the like do to libxml2. */
	if (str_starts(name, "xml"))
		return str_is(name, "xmlns") || str_starts(name, "xmlns:");
	if (str_is(*local, "SEGMENT") ||
	    text_equal_fold(*local, STR("SEGMENT")))
		*segment = true;
	return true;
}

/* The attributes of a start tag, and its end. */
static bool
scan_attributes(struct scan *scan, struct tag *tag)
{
	struct str locals[ATTRIBUTES];

	for (size_t count = 0;; count++) {
		const char *from = scan->at;

		skip_white(scan);
		if (*scan->at == '>' || *scan->at == '/')
			break;
		if (scan->at == from || count == ATTRIBUTES ||
		    !scan_attribute(scan, &locals[count], &tag->segment))
			return false;
		for (size_t i = 0; i < count; i++)
			if (str_eq(locals[i], locals[count]))
				return false;
	}
	tag->empty = *scan->at == '/';
	scan->at += tag->empty;
	return *scan->at++ == '>';
}

/* The name of a start tag: probably the one that came here the last time. */
static bool
scan_element(struct scan *scan, struct tag *tag)
{
	struct xml_name *next = scan->last != NULL ? scan->last->next : NULL;
	const char *at = scan->at;
	struct str local;

	if (next != NULL && stands(scan, next->sent) &&
	    !is(at[next->sent.len], MORE) && at[next->sent.len] != ':') {
		tag->name = (struct str){ at, next->sent.len };
		tag->means = next;
		scan->at += next->sent.len;
	} else {
		if (!scan_name(scan, &tag->name, &local) ||
		    local.len > TAG_LENGTH)
			return false;
		tag->means = xml_names_find(scan->xml->names, local);
		if (tag->means == NULL)
			return false;
	}
	if (scan->last != NULL)
		scan->last->next = tag->means;
	scan->last = tag->means;
	return true;
}

/* A start tag at its '<'. */
static bool
scan_start(struct scan *scan, struct tag *tag)
{
	const char *from = scan->at++;

	tag->segment = tag->empty = false;
	if (!scan_element(scan, tag))
		return false;
	if (*scan->at == '>')
		scan->at++;
	else if (!scan_attributes(scan, tag))
		return false;
	return scan->at - from <= TAG_LENGTH;
}

/* The end tag at its '<' of the element that is open. */
static bool
scan_end(struct scan *scan)
{
	struct str name = scan->open[scan->xml->depth];

	scan->at += 2;
	if (!stands(scan, name))
		return false;
	scan->at += name.len;
	skip_white(scan);
	return *scan->at++ == '>';
}

static bool
start_element(struct scan *scan, struct tag *tag)
{
	struct xml *xml = scan->xml;

	if (!scan_start(scan, tag) || tag->means->kind == XML_NAME_IDOC ||
	    xml->depth == XML_DEPTH)
		return false;
	xml_event_start(xml, tag->means, tag->segment);
	scan->open[xml->depth] = tag->name;
	if (tag->empty)
		xml_event_end(xml, STR_NONE);
	return xml->code == NULL;
}

/* What is inside the IDoc, and its end tag. */
static bool
scan_inside(struct scan *scan)
{
	struct xml *xml = scan->xml;
	size_t depth = xml->depth;
	struct tag tag;
	struct str text;

	for (;;) {
		if (!scan_text(scan, &text))
			return false;
		if (scan->escaped) {
			if (!unescape(&xml->text, text))
				return false;
			text = buf_str(&xml->text);
		}
		if (scan->at[1] != '/') {
			if (!start_element(scan, &tag))
				return false;
			continue;
		}
		if (!scan_end(scan))
			return false;
		if (xml->depth == depth)
			return true;
		xml_event_end(xml, text);
		if (xml->code != NULL)
			return false;
	}
}

/* The IDoc at the scan's start: its tag, what is inside, and its end. */
static bool
scan_idoc(struct scan *scan)
{
	struct xml *xml = scan->xml;
	const char *from = scan->at;
	struct tag tag;

	if (!scan_start(scan, &tag) || tag.means->kind != XML_NAME_IDOC ||
	    xml->depth == XML_DEPTH)
		return false;
	xml_event_start(xml, tag.means, false);
	scan->open[xml->depth] = tag.name;
	if (!tag.empty && !scan_inside(scan))
		return false;
	xml_finish(xml, xml->idoc.offset + (uint64_t)(scan->at - from));
	xml_event_end(xml, STR_NONE);
	return true;
}

/* Whether "IDOC>" at a place of text closes an element. */
static bool
is_end_tag(const char *text, const char *at)
{
	if (at > text && at[-1] == ':')
		for (at--; at > text && is(at[-1], MORE);)
			at--;
	return at - text >= 2 && memcmp(at - 2, "</", 2) == 0;
}

/*
 * Find an IDoc's end tag in the window, at whatever depth. What was looked
 * through once is not looked through again.
 */
static bool
find_end(struct xml *xml)
{
	struct str window = source_window(xml->source);
	uint64_t offset = xml->source->offset;
	const char *end = window.data + window.len, *at = window.data;

	if (xml->end_found > offset)
		return true;
	if (xml->end_sought > offset)
		at += xml->end_sought - offset;
	while ((at = memmem(at, (size_t)(end - at), "IDOC>", 5)) != NULL) {
		at += 5;
		if (is_end_tag(window.data, at - 5)) {
			xml->end_found = offset + (uint64_t)(at - window.data);
			return true;
		}
	}
	/* The tag may be cut where the window ends. */
	xml->end_sought = offset + (window.len > 4 ? window.len - 4 : 0);
	return false;
}

enum xml_fast
xml_fast_read(struct xml *xml, size_t *len)
{
	struct str window = source_window(xml->source);
	struct scan scan = { .xml = xml, .at = window.data };
	size_t depth = xml->depth;

	if (!find_end(xml))
		return window.len < IDOC_MAX ? XML_FAST_MORE
					     : XML_FAST_DECLINED;
	scan.end = window.data + (xml->end_found - xml->source->offset);
	if (scan_idoc(&scan)) {
		*len = (size_t)(scan.at - window.data);
		return XML_FAST_DONE;
	}
	xml->depth = depth;
	xml->open = false;
	xml->code = NULL;
	xml->skip_depth = 0;
	xml->collect = false;
	xml->text.len = 0;
	return XML_FAST_DECLINED;
}

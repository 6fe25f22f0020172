#include "base/limits.h"
#include "base/text.h"
#include "idoc/xml_parts.h"

#define DOCTYPE_REFUSED "a DOCTYPE, which IDocs do not have"
/* Name spaces in force: each prefix is looked for among them. */
#define NAMESPACES 256

static bool
has_segment_attribute(int count, const xmlChar **attributes)
{
	for (int i = 0; i < count; i++)
		if (text_equal_fold(str_of((const char *)attributes[5 * i]),
			STR("SEGMENT")))
			return true;
	return false;
}

static void
start_element(void *user, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri, int namespaces, const xmlChar **declared, int count,
    int defaulted, const xmlChar **attributes)
{
	struct xml *xml = user;
	struct xml_name *name;

	(void)prefix, (void)uri, (void)namespaces, (void)declared;
	(void)defaulted;
	if (xml->broken || xml->standing_in)
		return;
	if (xml->parser->nsNr > 2 * NAMESPACES) {
		xml_break(xml, "idoc-hostile", STR("too many name spaces"),
		    xml_tag_place(xml));
		return;
	}
	name = xml_names_of_key(xml->names, local);
	if (name == NULL || xml->depth == XML_DEPTH) {
		xml_break(xml, "idoc-hostile",
		    name == NULL ? STR("too many element names")
				 : STR("elements nested too deeply"),
		    xml_tag_place(xml));
		return;
	}
	if (xml->open && name->kind == XML_NAME_IDOC) {
		xml->depth++;
		xml_break(xml, "idoc-truncated",
		    STR("the next IDoc begins inside this one"),
		    xml_tag_place(xml));
		return;
	}
	xml_event_start(xml, name, has_segment_attribute(count, attributes));
}

/* The last line of a flat text. */
static void
end_data(struct xml *xml)
{
	struct str line = buf_str(&xml->data_line);

	if (!xml->data_open)
		return;
	xml->data_open = false;
	if (xml_trim(line).len > 0)
		flat_line(xml->flat, line, xml_place(xml), ++xml->data_lines,
		    true);
	buf_clear(&xml->data_line);
	flat_end(xml->flat);
	xml->closed = xml_place(xml);
}

static void
end_element(void *user, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct xml *xml = user;
	enum xml_frame_kind kind = xml->frames[xml->depth].kind;

	(void)local, (void)prefix, (void)uri;
	if (xml->broken || xml->standing_in || xml->depth == 0)
		return;
	if (kind == XML_FRAME_IDOC && xml->open)
		xml_finish(xml, xml_place(xml));
	else if (kind == XML_FRAME_DATA)
		end_data(xml);
	xml_event_end(xml, buf_str(&xml->text));
}

/* Text of SendIdoc: flat records, a line each. */
static void
data_text(struct xml *xml, struct str text)
{
	while (text.len > 0) {
		const char *end = memchr(text.data, '\n', text.len);
		size_t len = end != NULL ? (size_t)(end - text.data) : text.len;

		if (xml->data_line.len + len > LIMIT_FIELD) {
			flat_long_line(xml->flat);
			buf_clear(&xml->data_line);
		}
		if (len <= LIMIT_FIELD)
			buf_add(&xml->data_line, text.data, len);
		if (end == NULL)
			break;
		flat_line(xml->flat, buf_str(&xml->data_line), xml_place(xml),
		    ++xml->data_lines, true);
		buf_clear(&xml->data_line);
		text.data += len + 1;
		text.len -= len + 1;
	}
}

static void
characters(void *user, const xmlChar *bytes, int len)
{
	struct xml *xml = user;
	struct str text = { (const char *)bytes, (size_t)len };
	struct xml_frame *frame = &xml->frames[xml->depth];

	if (xml->broken)
		return;
	if (frame->kind == XML_FRAME_DATA) {
		/* The first record may stand on a line of its own, indented. */
		while (!xml->data_open && text.len > 0 &&
		       xml_is_white(text.data[0]))
			text = str_from(text, 1);
		if (text.len == 0)
			return;
		if (!xml->data_open)
			flat_begin(xml->flat, xml->job, true, true);
		xml->data_open = true;
		data_text(xml, text);
		return;
	}
	if (frame->kind != XML_FRAME_FIELD &&
	    frame->kind != XML_FRAME_CONTROL_FIELD)
		return;
	xml->text_len += text.len;
	if (xml->text_len > LIMIT_FIELD)
		xml_skip_rest(xml, "idoc-too-large",
		    STR("a field beyond its limit"));
	else if (xml->collect)
		buf_add_str(&xml->text, text);
}

static void
cdata(void *user, const xmlChar *bytes, int len)
{
	struct xml *xml = user;

	if (!xml->broken)
		xml_cdata(xml, (size_t)len);
	characters(user, bytes, len);
}

static void
doctype(void *user, const xmlChar *name, const xmlChar *external,
    const xmlChar *location)
{
	struct xml *xml = user;

	(void)name, (void)external, (void)location;
	xml->doctype = !xml->broken;
	xml_break(xml, "idoc-hostile", STR(DOCTYPE_REFUSED), xml_place(xml));
}

/* Whether the parser stopped at a DOCTYPE where none may be. */
static bool
at_doctype(const struct xml *xml)
{
	struct str window = source_window(xml->source);
	uint64_t place = xml_place(xml);
	size_t at = place > xml->source->offset
			? (size_t)(place - xml->source->offset)
			: 0;

	/* It may have passed the '<'. */
	if (at > window.len)
		return false;
	at -= at > 0 && window.data[at - 1] == '<';
	return str_starts(str_from(window, at), "<!DOCTYPE");
}

static void
failed(void *user, xmlErrorPtr error)
{
	struct xml *xml = user;
	struct buf escaped = BUF_INIT, plain = BUF_INIT;
	struct str message;
	const char *code = "idoc-malformed";

	/* Warnings and name space errors do no harm. */
	if (error->level != XML_ERR_FATAL || xml->broken)
		return;
	/* It looks at the last bytes only when told that they are the last: an
	 * error before the very end is a fault of its own. */
	if (xml->finishing &&
	    (xml->parser->input->cur >= xml->parser->input->end ||
		error->code == XML_ERR_DOCUMENT_END ||
		error->code == XML_ERR_CDATA_NOT_FINISHED ||
		error->code == XML_ERR_COMMENT_NOT_FINISHED ||
		error->code == XML_ERR_PI_NOT_FINISHED)) {
		xml_break(xml, "idoc-truncated",
		    STR("the file ends inside an IDoc"), xml_place(xml));
		return;
	}
	/* All that it can lack is room in its dictionary: xml_new. */
	if (error->code == XML_ERR_NO_MEMORY || at_doctype(xml)) {
		xml_break(xml, "idoc-hostile",
		    error->code == XML_ERR_NO_MEMORY
			? STR("too many names of elements and attributes")
			: STR(DOCTYPE_REFUSED),
		    xml_place(xml));
		return;
	}
	/* libxml2 calls both a wrong byte and a forbidden character invalid. */
	if (error->code == XML_ERR_INVALID_ENCODING ||
	    (error->code == XML_ERR_INVALID_CHAR &&
		xml->parser->input->cur[0] >= 0x80))
		code = "idoc-encoding";
	message =
	    xml_trim(str_of(error->message != NULL ? error->message : "XML"));
	if (memchr(message.data, '\n', message.len) != NULL)
		message.len = strcspn(message.data, "\n");
	if (str_is(message, "xmlParseEntityRef: no name"))
		message = STR("an ampersand that is not escaped");
	/* Its quotes would be escaped like bytes of the input. */
	for (size_t i = 0; i < message.len; i++)
		if (message.data[i] != '\'')
			buf_add_char(&plain, message.data[i]);
	text_escape(&escaped, buf_str(&plain), 120);
	buf_add_format(&escaped, ", line %zu",
	    xml_line_of(xml, xml_place(xml)));
	message = buf_str(&escaped);
	xml_break(xml, code, message, xml_place(xml));
	buf_free(&plain);
	buf_free(&escaped);
}

void
xml_sax_init(xmlSAXHandler *sax)
{
	*sax = (xmlSAXHandler){ .initialized = XML_SAX2_MAGIC,
		.startElementNs = start_element,
		.endElementNs = end_element,
		.characters = characters,
		/* The same function: libxml2 then does not look for blanks. */
		.ignorableWhitespace = characters,
		.cdataBlock = cdata,
		.internalSubset = doctype,
		.serror = failed };
}

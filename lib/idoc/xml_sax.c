#include "base/limits.h"
#include "base/text.h"
#include "idoc/control.h"
#include "idoc/secret.h"
#include "idoc/xml_parts.h"

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without white space at both ends; a text line keeps its left. */
static struct str
trim(struct str text, bool keep_left)
{
	while (text.len > 0 && is_white(text.data[text.len - 1]))
		text.len--;
	while (!keep_left && text.len > 0 && is_white(text.data[0])) {
		text.data++;
		text.len--;
	}
	return text;
}

static struct xml_frame *
push(struct xml *xml, enum xml_frame_kind kind, struct xml_name *name)
{
	struct xml_frame *frame = &xml->frames[xml->depth];

	*frame = (struct xml_frame){ kind, name, NULL };
	return frame;
}

/* Begin an IDoc in the element at depth; at is the place of its tag. */
static void
begin_idoc(struct xml *xml, size_t depth, bool bare, uint64_t at)
{
	arena_reset(&xml->arena);
	xml->frames[depth].kind = XML_FRAME_IDOC;
	xml->idoc_depth = depth;
	xml->open = true;
	xml->bare = bare;
	xml->control = false;
	xml->code = NULL;
	xml->skip_depth = 0;
	xml->idoc = (struct idoc){ .offset = at,
		.line = xml->line + (size_t)xml->parser->input->line - 1 };
	buf_clear(&xml->head);
	xml->head_to = at;
	tree_begin(&xml->tree, &xml->arena, &xml->idoc);
	content_begin(&xml->content, xml->options->hash);
}

/* The place of the tag that the parser is at the end of. */
static uint64_t
tag_place(const struct xml *xml)
{
	uint64_t at = xml_place(xml);
	size_t index = (size_t)(at - xml->source->offset);
	const char *window = source_window(xml->source).data;

	while (index > 0 && window[--index] != '<')
		continue;
	return xml->source->offset + index;
}

/* Skip what is inside the element that begins; the IDoc is spoiled. */
static void
skip_rest(struct xml *xml, const char *code, struct str why)
{
	xml_spoil(xml, code, why);
	xml->skip_depth = xml->idoc_depth;
}

static bool
within_limits(struct xml *xml)
{
	if (xml->arena.used <= LIMIT_IDOC &&
	    xml->idoc.segment_count <= LIMIT_SEGMENTS)
		return true;
	skip_rest(xml, "idoc-too-large", STR("an IDoc beyond its limit"));
	return false;
}

/* The segment around depth, and how the nesting rule is to see it. */
static struct tree_place
place_in(const struct xml *xml, size_t depth)
{
	struct tree_place place = { .inside = NULL };

	/* In a group its first segment holds the others, and the first one
	 * belongs to that of the group around. */
	for (; depth > xml->idoc_depth && place.inside == NULL; depth--)
		place.inside = xml->frames[depth].node;
	return place;
}

/* Make the element at depth a segment. */
static void
begin_segment(struct xml *xml, size_t depth)
{
	struct xml_frame *frame = &xml->frames[depth];
	struct xml_frame *around = &xml->frames[depth - 1];
	struct xml_name *name = frame->name;
	struct tree_place place = place_in(xml, depth - 1);

	frame->kind = XML_FRAME_SEGMENT;
	if (!xml_names_type(xml->names, name)) {
		skip_rest(xml, "idoc-hostile", STR("too many segment names"));
		return;
	}
	content_add(&xml->content, 'S', name->text);
	/* Names outlive the IDoc, unlike the parser's dictionary. */
	frame->node =
	    tree_add(&xml->tree, name->type, name->known, name->text, &place);
	if (frame->node == NULL)
		skip_rest(xml, "idoc-hostile",
		    STR("segments nested too deeply"));
	else if (around->kind == XML_FRAME_GROUP && around->node == NULL)
		around->node = frame->node;
	within_limits(xml);
}

static bool
has_segment_attribute(int count, const xmlChar **attributes)
{
	for (int i = 0; i < count; i++)
		if (text_equal_fold(str_of((const char *)attributes[5 * i]),
			STR("SEGMENT")))
			return true;
	return false;
}

/* An element outside of any IDoc. */
static void
start_outside(struct xml *xml, struct xml_name *name)
{
	push(xml, XML_FRAME_OUTSIDE, name);
	if (xml->depth == 1 && !xml->resumed && xml->root.len == 0 &&
	    name->kind == XML_NAME_OTHER) {
		buf_add_text(&xml->root, (const char *)name->key);
		buf_add_str(&xml->type, name->text);
	}
	switch (name->kind) {
	case XML_NAME_IDOC:
		begin_idoc(xml, xml->depth, false, tag_place(xml));
		break;
	case XML_NAME_CONTROL:
		if (xml->depth == 1)
			break;
		begin_idoc(xml, xml->depth - 1, true, tag_place(xml));
		push(xml, XML_FRAME_CONTROL, name);
		xml->control = true;
		break;
	case XML_NAME_DATA:
		push(xml, XML_FRAME_DATA, name);
		break;
	case XML_NAME_OTHER:
	case XML_NAME_SEGMENT:
	case XML_NAME_GROUP:
	case XML_NAME_IGNORED:
		break;
	}
}

/* An element directly in an IDoc or a group. */
static void
start_top(struct xml *xml, struct xml_name *name)
{
	if (name->kind == XML_NAME_GROUP) {
		push(xml, XML_FRAME_GROUP, name);
		return;
	}
	if (name->kind == XML_NAME_CONTROL) {
		if (xml->control && xml->bare) {
			uint64_t at = tag_place(xml);

			xml_finish(xml, at);
			begin_idoc(xml, xml->depth - 1, true, at);
		}
		/* A second control record in one IDOC says nothing new. */
		push(xml, xml->control ? XML_FRAME_SKIPPED : XML_FRAME_CONTROL,
		    name);
		xml->control = true;
		return;
	}
	if (name->kind == XML_NAME_IGNORED) {
		push(xml, XML_FRAME_SKIPPED, name);
		return;
	}
	push(xml, XML_FRAME_SEGMENT, name);
	begin_segment(xml, xml->depth);
}

/* An element in a segment. */
static void
start_inside(struct xml *xml, struct xml_name *name, int count,
    const xmlChar **attributes)
{
	if (name->kind == XML_NAME_SEGMENT ||
	    (count > 0 && has_segment_attribute(count, attributes))) {
		push(xml, XML_FRAME_SEGMENT, name);
		begin_segment(xml, xml->depth);
		return;
	}
	if (name->kind == XML_NAME_GROUP) {
		push(xml, XML_FRAME_GROUP, name);
		return;
	}
	if (name->kind == XML_NAME_IGNORED) {
		push(xml, XML_FRAME_SKIPPED, name);
		return;
	}
	if (name->no_symbol) {
		skip_rest(xml, "idoc-hostile", STR("too many field names"));
		return;
	}
	push(xml, XML_FRAME_FIELD, name);
	xml->collect = name->field != NULL || xml->content.on;
}

/* Whether the field at depth is secret. */
static bool
is_hidden(const struct xml *xml, size_t depth)
{
	const struct xml_name *name = xml->frames[depth].name;
	const struct xml_name *around = xml->frames[depth - 1].name;

	return (name->secret && !name->guarded) ||
	       (around->guarded &&
		   secret_field(around->type->name, name->text));
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
	if (xml->broken)
		return;
	name = xml_names_find(xml->names, local);
	if (name == NULL || xml->depth == XML_DEPTH) {
		xml_break(xml, "idoc-hostile",
		    name == NULL ? STR("too many element names")
				 : STR("elements nested too deeply"),
		    xml_place(xml));
		return;
	}
	xml->depth++;
	xml->text.len = xml->text_len = 0;
	xml->collect = false;
	if (xml->open && name->kind == XML_NAME_IDOC) {
		xml_break(xml, "idoc-truncated",
		    STR("the next IDoc begins inside this one"),
		    tag_place(xml));
		return;
	}
	if (xml->skip_depth != 0) {
		push(xml, XML_FRAME_SKIPPED, name);
		return;
	}
	switch (xml->frames[xml->depth - 1].kind) {
	case XML_FRAME_OUTSIDE:
	case XML_FRAME_DATA:
		start_outside(xml, name);
		break;
	case XML_FRAME_IDOC:
	case XML_FRAME_GROUP:
		start_top(xml, name);
		break;
	case XML_FRAME_CONTROL:
		push(xml, XML_FRAME_CONTROL_FIELD, name);
		xml->collect = name->control >= 0;
		break;
	case XML_FRAME_FIELD:
		if (!is_hidden(xml, xml->depth - 1))
			begin_segment(xml, xml->depth - 1);
		if (xml->frames[xml->depth - 1].kind == XML_FRAME_FIELD ||
		    xml->skip_depth != 0) {
			push(xml, XML_FRAME_SKIPPED, name);
			break;
		}
		start_inside(xml, name, count, attributes);
		break;
	case XML_FRAME_SEGMENT:
		start_inside(xml, name, count, attributes);
		break;
	case XML_FRAME_CONTROL_FIELD:
	case XML_FRAME_SKIPPED:
		push(xml, XML_FRAME_SKIPPED, name);
		break;
	}
}

static void
end_field(struct xml *xml, const struct xml_frame *frame)
{
	struct xml_name *name = frame->name;
	struct str value = trim(buf_str(&xml->text), name->keep_left);

	if (!xml->collect || value.len == 0)
		return;
	if (xml->content.on) {
		content_add(&xml->content, 'F', name->text);
		content_add(&xml->content, 'V', value);
	}
	if (name->field == NULL || is_hidden(xml, xml->depth))
		return;
	tree_add_field(&xml->tree, xml->frames[xml->depth - 1].node,
	    name->field, arena_str(&xml->arena, value));
	within_limits(xml);
}

static void
end_control_field(struct xml *xml, const struct xml_frame *frame)
{
	struct str value = trim(buf_str(&xml->text), false);
	struct str *to;

	if (!xml->collect || value.len == 0)
		return;
	to = control_value(&xml->idoc.control, frame->name->control);
	if (to->len == 0)
		*to = arena_str(&xml->arena, value);
}

/* The last line of a flat text. */
static void
end_data(struct xml *xml)
{
	struct str line = buf_str(&xml->data_line);

	if (!xml->data_open)
		return;
	xml->data_open = false;
	if (trim(line, false).len > 0)
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
	struct xml_frame *frame = &xml->frames[xml->depth];

	(void)local, (void)prefix, (void)uri;
	if (xml->broken || xml->depth == 0)
		return;
	switch (frame->kind) {
	case XML_FRAME_FIELD:
		end_field(xml, frame);
		break;
	case XML_FRAME_CONTROL_FIELD:
		end_control_field(xml, frame);
		break;
	case XML_FRAME_IDOC:
		if (xml->open)
			xml_finish(xml, xml_place(xml));
		break;
	case XML_FRAME_DATA:
		end_data(xml);
		break;
	case XML_FRAME_SEGMENT:
		content_add(&xml->content, 'E', STR_NONE);
		break;
	case XML_FRAME_OUTSIDE:
	case XML_FRAME_CONTROL:
	case XML_FRAME_GROUP:
	case XML_FRAME_SKIPPED:
		break;
	}
	xml->collect = false;
	xml->text.len = 0;
	xml->depth--;
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
		if (!xml->data_open && trim(text, false).len == 0)
			return;
		if (!xml->data_open)
			flat_begin(xml->flat, xml->job, true);
		xml->data_open = true;
		data_text(xml, text);
		return;
	}
	if (frame->kind != XML_FRAME_FIELD &&
	    frame->kind != XML_FRAME_CONTROL_FIELD)
		return;
	xml->text_len += text.len;
	if (xml->text_len > LIMIT_FIELD)
		skip_rest(xml, "idoc-too-large",
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
	xml_break(xml, "idoc-hostile",
	    STR("a DOCTYPE, which IDocs do not have"), xml_place(xml));
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
	/* libxml2 calls both a wrong byte and a forbidden character invalid. */
	if (error->code == XML_ERR_INVALID_ENCODING ||
	    (error->code == XML_ERR_INVALID_CHAR &&
		xml->parser->input->cur[0] >= 0x80))
		code = "idoc-encoding";
	message = trim(str_of(error->message != NULL ? error->message : "XML"),
	    false);
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
	    xml->line + (size_t)xml->parser->input->line - 1);
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

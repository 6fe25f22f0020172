#include "base/limits.h"
#include "idoc/control.h"
#include "idoc/secret.h"
#include "idoc/xml_parts.h"

/* Without white space at both ends; a text line keeps its left. */
static struct str
trim(struct str text, bool keep_left)
{
	return keep_left ? xml_trim_right(text) : xml_trim(text);
}

static struct xml_frame *
push(struct xml *xml, enum xml_frame_kind kind, struct xml_name *name)
{
	struct xml_frame *frame = &xml->frames[xml->depth];

	*frame = (struct xml_frame){ kind, name, NULL };
	return frame;
}

void
xml_event_idoc(struct xml *xml, size_t depth, bool bare, uint64_t at)
{
	arena_reset(&xml->arena);
	xml->frames[depth].kind = XML_FRAME_IDOC;
	xml->idoc_depth = depth;
	xml->open = true;
	xml->bare = bare;
	xml->definitions = false;
	xml->control = false;
	xml->code = NULL;
	xml->skip_depth = 0;
	xml->line = xml_line_of(xml, at);
	xml->counted = at;
	xml->idoc = (struct idoc){ .offset = at, .line = xml->line };
	buf_clear(&xml->head);
	xml->head_to = at;
	tree_begin(&xml->tree, &xml->arena, &xml->idoc);
	content_begin(&xml->content, xml->options->hash);
}

void
xml_skip_rest(struct xml *xml, const char *code, struct str why)
{
	xml_spoil(xml, code, why);
	xml->skip_depth = xml->idoc_depth;
}

static bool
within_limits(struct xml *xml)
{
	if (job_within(xml->job, &xml->idoc, &xml->arena))
		return true;
	xml_skip_rest(xml, "idoc-too-large", STR("an IDoc beyond its limit"));
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
		xml_skip_rest(xml, "idoc-hostile",
		    STR("too many segment names"));
		return;
	}
	content_add(&xml->content, 'S', name->text);
	/* Names outlive the IDoc, unlike the parser's dictionary. */
	xml->definitions = xml->definitions || name->definition;
	frame->node =
	    tree_add(&xml->tree, xml->definitions ? name->defined : name->type,
		xml->definitions ? name->defined_known : name->known,
		name->text, &place);
	if (frame->node == NULL)
		xml_skip_rest(xml, "idoc-hostile",
		    STR("segments nested too deeply"));
	else if (around->kind == XML_FRAME_GROUP && around->node == NULL)
		around->node = frame->node;
	within_limits(xml);
}

/* An element outside of any IDoc. */
static void
start_outside(struct xml *xml, struct xml_name *name)
{
	push(xml, XML_FRAME_OUTSIDE, name);
	if (xml->depth == 1 && !xml->resumed && xml->root.len == 0 &&
	    name->kind == XML_NAME_OTHER) {
		buf_add_str(&xml->root, name->sent);
		buf_add_str(&xml->type, name->text);
	}
	switch (name->kind) {
	case XML_NAME_IDOC:
		xml_event_idoc(xml, xml->depth, false, xml_tag_place(xml));
		break;
	case XML_NAME_CONTROL:
		if (xml->depth == 1)
			break;
		xml_event_idoc(xml, xml->depth - 1, true, xml_tag_place(xml));
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
			uint64_t at = xml_tag_place(xml);

			xml_finish(xml, at);
			xml_event_idoc(xml, xml->depth - 1, true, at);
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
start_inside(struct xml *xml, struct xml_name *name, bool segment)
{
	if (segment || name->kind == XML_NAME_SEGMENT) {
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
		xml_skip_rest(xml, "idoc-hostile", STR("too many field names"));
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

void
xml_event_start(struct xml *xml, struct xml_name *name, bool segment)
{
	xml->depth++;
	xml->text.len = xml->text_len = 0;
	xml->collect = false;
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
		start_inside(xml, name, segment);
		break;
	case XML_FRAME_SEGMENT:
		start_inside(xml, name, segment);
		break;
	case XML_FRAME_CONTROL_FIELD:
	case XML_FRAME_SKIPPED:
		push(xml, XML_FRAME_SKIPPED, name);
		break;
	}
}

static void
end_field(struct xml *xml, struct xml_name *name, struct str text)
{
	struct str value = trim(text, name->keep_left);
	struct tree_node *node = xml->frames[xml->depth - 1].node;

	if (!xml->collect || value.len == 0)
		return;
	if (xml->content.on) {
		content_add(&xml->content, 'F', name->text);
		content_add(&xml->content, 'V', value);
	}
	if (name->field == NULL || is_hidden(xml, xml->depth))
		return;
	if (node->segment.field_count == LIMIT_FIELDS) {
		xml_skip_rest(xml, "idoc-too-large",
		    STR("a segment beyond its limit"));
		return;
	}
	tree_add_field(&xml->tree, node, name->field,
	    arena_str(&xml->arena, value));
	within_limits(xml);
}

static void
end_control_field(struct xml *xml, const struct xml_name *name, struct str text)
{
	struct str value = xml_trim(text);
	struct str *to;

	if (!xml->collect || value.len == 0)
		return;
	to = control_value(&xml->idoc.control, name->control);
	if (to->len == 0)
		*to = arena_str(&xml->arena, value);
}

void
xml_event_end(struct xml *xml, struct str text)
{
	struct xml_frame *frame = &xml->frames[xml->depth];

	switch (frame->kind) {
	case XML_FRAME_FIELD:
		end_field(xml, frame->name, text);
		break;
	case XML_FRAME_CONTROL_FIELD:
		end_control_field(xml, frame->name, text);
		break;
	case XML_FRAME_SEGMENT:
		content_add(&xml->content, 'E', STR_NONE);
		if (xml->options->raw && frame->node != NULL)
			tree_order_fields(frame->node);
		break;
	case XML_FRAME_OUTSIDE:
	case XML_FRAME_IDOC:
	case XML_FRAME_CONTROL:
	case XML_FRAME_GROUP:
	case XML_FRAME_DATA:
	case XML_FRAME_SKIPPED:
		break;
	}
	xml->collect = false;
	xml->text.len = 0;
	xml->depth--;
}

#define _GNU_SOURCE /* memmem */
#include "idoc/control.h"
#include "idoc/salvage.h"
#include "idoc/xml_parts.h"

void
xml_gather(struct xml *xml, uint64_t to)
{
	struct str window = source_window(xml->source);
	size_t from = (size_t)(xml->head_to - xml->source->offset);
	size_t len = (size_t)(to - xml->head_to);

	if (to <= xml->head_to)
		return;
	xml->head_to = to;
	if (xml->head.len >= XML_HEAD)
		return;
	if (len > XML_HEAD - xml->head.len)
		len = XML_HEAD - xml->head.len;
	buf_add(&xml->head, window.data + from, len);
}

/* The first 64 KiB as they are, and the length of all. */
static struct hash
raw_hash(struct xml *xml, uint64_t length)
{
	struct content content;
	char number[8];

	for (unsigned i = 0; i < sizeof(number); i++)
		number[i] = (char)(length >> (8 * i) & 0xFF);
	content_begin(&content, xml->options->hash);
	content_add(&content, 'R', buf_str(&xml->head));
	content_add(&content, 'L', (struct str){ number, sizeof(number) });
	return content_end(&content);
}

static void
finish_fault(struct xml *xml, uint64_t end)
{
	struct idoc_fault fault = { .code = xml->code,
		.message = xml->why,
		.control = xml->idoc.control,
		.offset = xml->idoc.offset,
		.line = xml->idoc.line };
	struct str head;

	xml_gather(xml, end);
	head = buf_str(&xml->head);
	salvage_control(head, &fault.control);
	control_complete(&fault.control, buf_str(&xml->type), &xml->arena);
	fault.kunnr = salvage_customer(head, &fault.control);
	fault.hash = raw_hash(xml, end - xml->idoc.offset);
	job_fault(xml->job, &fault);
}

void
xml_finish(struct xml *xml, uint64_t end)
{
	struct idoc *idoc = &xml->idoc;

	xml->open = false;
	xml->skip_depth = 0;
	xml->closed = end;
	if (xml->code != NULL) {
		finish_fault(xml, end);
		return;
	}
	idoc->control_missing = !xml->control;
	control_complete(&idoc->control, buf_str(&xml->type), &xml->arena);
	control_content(&idoc->control, &xml->content);
	idoc->hash = content_end(&xml->content);
	job_idoc(xml->job, idoc);
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool
xml_find_idoc(struct str text, size_t *at)
{
	const char *from = text.data, *end, *found;

	if (text.len == 0)
		return false;
	end = text.data + text.len;
	while (from < end && (found = memmem(from, (size_t)(end - from), "IDOC",
				  4)) != NULL) {
		const char *tag = found;

		from = found + 4;
		if (from == end)
			break;
		if (*from != ' ' && *from != '>' && *from != '/' &&
		    *from != '\t' && *from != '\n' && *from != '\r')
			continue;
		if (tag > text.data && tag[-1] == ':')
			for (tag--; tag > text.data && is_name_byte(tag[-1]);)
				tag--;
		if (tag == text.data || tag[-1] != '<')
			continue;
		*at = (size_t)(tag - 1 - text.data);
		return true;
	}
	return false;
}

void
xml_cdata(struct xml *xml, size_t len)
{
	struct str window = source_window(xml->source);
	size_t at = (size_t)(xml_place(xml) - xml->source->offset), tag;
	size_t from = at > XML_TAG_MAX ? at - XML_TAG_MAX : 0;

	if (at + len > window.len)
		return;
	if (xml_find_idoc((struct str){ window.data + from, at + len - from },
		&tag))
		xml_break(xml, "idoc-malformed",
		    STR("a CDATA section that does not end"),
		    xml->source->offset + from + tag);
}

/* Leave bytes behind: of a spoiled IDoc they are gathered first. */
static void
pass(struct xml *xml, size_t len)
{
	if (xml->open)
		xml_gather(xml, xml->source->offset + len);
	xml_pass(xml, len);
}

/*
 * Move the window to the next IDoc's tag, skip bytes on; *found is false at
 * the end of the input.
 */
static enum status
seek_idoc(struct xml *xml, size_t skip, bool *found, struct diag *diag)
{
	*found = false;
	for (;;) {
		struct str window = source_window(xml->source);
		struct str rest = { window.data + skip, window.len - skip };
		enum status status;
		size_t at;

		if (rest.len > 0 && xml_find_idoc(rest, &at)) {
			pass(xml, skip + at);
			*found = true;
			return STATUS_OK;
		}
		if (xml->source->ended) {
			pass(xml, window.len);
			return STATUS_OK;
		}
		if (rest.len > XML_TAG_MAX) {
			pass(xml, window.len - XML_TAG_MAX);
			skip = 0;
		}
		status = source_fill(xml->source, diag);
		if (status != STATUS_OK)
			return status;
	}
}

/* The IDoc that begins at a place of the window is spoiled before it was
 * opened: its own tag is broken, or a DOCTYPE stands before it. */
static void
open_spoiled(struct xml *xml, uint64_t place)
{
	arena_reset(&xml->arena);
	xml->idoc =
	    (struct idoc){ .offset = place, .line = xml_line_of(xml, place) };
	xml->open = true;
	xml->code = NULL;
	buf_clear(&xml->head);
	xml->head_to = place;
}

/*
 * Whether the document broke in the tag of an IDoc, and where that begins:
 * behind the last IDoc and before the break.
 */
static bool
broken_tag(const struct xml *xml, size_t broken, size_t *at)
{
	struct str window = source_window(xml->source);
	size_t from = 0;

	if (xml->closed > xml->source->offset)
		from = (size_t)(xml->closed - xml->source->offset);
	if (from < broken &&
	    xml_find_idoc((struct str){ window.data + from, broken - from },
		at)) {
		*at += from;
		return true;
	}
	/* A parser that breaks where it was resumed would do so again. */
	*at = broken;
	return xml->resumed && xml->closed == xml->begun &&
	       xml->broken_at == xml->begun;
}

bool
xml_at_idoc(const struct xml *xml)
{
	struct str window = source_window(xml->source);
	size_t at;

	if (window.len > XML_TAG_MAX)
		window.len = XML_TAG_MAX;
	return xml_find_idoc(window, &at) && at == 0;
}

/* Whether what was skipped has a control record. */
static bool
has_control(struct xml *xml)
{
	xml_gather(xml, xml->source->offset);
	return xml->head.len > 0 &&
	       memmem(xml->head.data, xml->head.len, "EDI_DC40", 8) != NULL;
}

enum status
xml_resume(struct xml *xml, bool *more, struct diag *diag)
{
	size_t broken = (size_t)(xml->broken_at - xml->source->offset);
	size_t at = broken, skip = broken;
	bool hostile = str_is(str_of(xml->broken_code), "idoc-hostile");
	bool unsure = false;
	enum status status;

	if (xml->data_open)
		flat_cut(xml->flat);
	if (!xml->open && broken_tag(xml, broken, &at)) {
		open_spoiled(xml, xml->source->offset + at);
		skip = at + 1;
	} else if (!xml->open && xml->doctype) {
		/* The IDoc behind it was written to make use of it. */
		status = seek_idoc(xml, broken, more, diag);
		if (status != STATUS_OK)
			return status;
		open_spoiled(xml, xml->source->offset);
		skip = *more ? 1 : 0;
	} else if (!xml->open) {
		pass(xml, broken);
		open_spoiled(xml, xml->source->offset);
		/* A tag that is too long may be an IDoc's own. */
		skip = hostile && xml_at_idoc(xml) ? 1 : 0;
		unsure = !hostile;
	}
	/* The tag that the parser was resumed at is behind us in any case. */
	if (xml->resumed && skip == 0 && xml->source->offset == xml->begun)
		skip = 1;
	status = seek_idoc(xml, skip, more, diag);
	if (status != STATUS_OK)
		return status;
	/* Between IDocs nothing is lost but where a control record stands. */
	if (unsure && !has_control(xml))
		xml->open = false;
	if (xml->open) {
		xml_spoil(xml, xml->broken_code, buf_str(&xml->broken_why));
		xml_finish(xml, xml->source->offset);
	}
	return STATUS_OK;
}

void
xml_check_root(struct xml *xml)
{
	struct idoc_fault fault = { .code = "idoc-truncated",
		.message = STR("the file ends before its root element does"),
		.offset = xml->source->offset,
		.line = xml_line_of(xml, xml->source->offset) };

	/* IDocs one behind the other have no root around them that could end.
	 */
	if (xml->depth == 0 || xml->job->n == 0 ||
	    (xml->resumed && xml->root.len == 0))
		return;
	open_spoiled(xml, xml->source->offset);
	fault.hash = raw_hash(xml, 0);
	xml->open = false;
	job_fault(xml->job, &fault);
}

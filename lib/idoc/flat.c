#include "idoc/flat.h"

#include "base/limits.h"
#include "base/text.h"
#include "idoc/control.h"
#include "idoc/flat_text.h"
#include "idoc/layout.h"
#include "idoc/salvage.h"
#include "idoc/slicer.h"
#include "idoc/tree.h"

#define NAME_WIDTH 30 /* SEGNAM of EDI_DD40 */
#define NAME_WIDTH_3 10 /* SEGNAM of EDI_DD */
#define HEADER 63 /* of EDI_DD40, SDATA begins behind it */
#define HEADER_3 55 /* of EDI_DD */
#define DOCNUM_OFFSET 33 /* in EDI_DD40 */
#define DOCNUM_OFFSET_3 13 /* in EDI_DD, and in control records */
#define DOCNUM_WIDTH 16
#define CUSTOMER_WIDTH 10 /* KUNNR */
#define WIDTH 1063 /* a data record at full width */
#define WIDTH_3 1055
#define RECENT 64

struct flat {
	const struct idoc_options *options;
	struct idoc_job *job;
	struct layouts *layouts;
	struct arena arena;
	struct idoc idoc;
	struct tree tree;
	struct content content;
	bool inside; /* the records stand in XML */
	bool open; /* an IDoc is being read */
	bool release3; /* with the layouts of release 3.x */
	bool file_utf8, utf8; /* the file claims to be UTF-8; this IDoc */
	bool data; /* it had a data record */
	const char *code; /* what spoiled it, NULL = nothing */
	struct str why;
	char docnum[DOCNUM_WIDTH + 1]; /* that its data records carry */
	char customer[16]; /* the number in its first segment, for a fault */
	struct layout *recent[RECENT]; /* layouts met, by recent_slot */
	/* What whole data lines of this file looked like. */
	bool seen, padded, full;
	struct flat_text text;
	struct buf escaped;
};

struct flat *
flat_new(const struct idoc_options *options, struct idoc_symbols *symbols)
{
	struct flat *flat = mem_zero(1, sizeof(*flat));

	flat->options = options;
	flat->text.fallback = options->fallback;
	flat->layouts = layouts_new(symbols, options->dictionary, options->raw);
	flat->arena.hold = LIMIT_HELD;
	return flat;
}

void
flat_free(struct flat *flat)
{
	if (flat == NULL)
		return;
	layouts_free(flat->layouts);
	arena_free(&flat->arena);
	buf_free(&flat->escaped);
	flat_text_free(&flat->text);
	free(flat);
}

void
flat_begin(struct flat *flat, struct idoc_job *job, bool utf8, bool inside)
{
	flat->inside = inside;
	flat->job = job;
	flat->file_utf8 = utf8;
	flat->open = false;
	flat->seen = flat->padded = false;
	flat->full = true;
}

/* The first reason stands. why must live as long as the IDoc. */
static void
spoil(struct flat *flat, const char *code, struct str why)
{
	if (flat->code != NULL)
		return;
	flat->code = code;
	flat->why = why;
}

/* End the IDoc in hand: as an IDoc or as a fault. */
static void
finish(struct flat *flat)
{
	struct idoc *idoc = &flat->idoc;
	struct idoc_fault fault;

	if (!flat->open)
		return;
	flat->open = false;
	if (!flat->data)
		spoil(flat, "idoc-truncated",
		    STR("a control record without segments"));
	if (flat->code == NULL) {
		control_content(&idoc->control, &flat->content);
		idoc->hash = content_end(&flat->content);
		job_idoc(flat->job, idoc);
		return;
	}
	fault = (struct idoc_fault){ .code = flat->code,
		.message = flat->why,
		.control = idoc->control,
		.kunnr = str_of(flat->customer),
		.offset = idoc->offset,
		.line = idoc->line,
		.hash = content_end(&flat->content) };
	job_fault(flat->job, &fault);
}

void
flat_cut(struct flat *flat)
{
	spoil(flat, "idoc-truncated",
	    STR("the text of flat records breaks off"));
	finish(flat);
}

void
flat_end(struct flat *flat)
{
	finish(flat);
}

/* Make a line well-formed UTF-8, or spoil the IDoc. */
static void
check_encoding(struct flat *flat, struct str *line, bool *ascii)
{
	enum flat_text_result result =
	    flat_text_settle(&flat->text, line, flat->utf8);

	*ascii = result == FLAT_TEXT_ASCII;
	if (result == FLAT_TEXT_REPAIRED)
		flat->idoc.bytes_replaced = true;
	else if (result == FLAT_TEXT_BROKEN)
		spoil(flat, "idoc-encoding",
		    STR("bytes that are not UTF-8, which the file claims to be"));
	else if (result == FLAT_TEXT_UNKNOWN)
		spoil(flat, "idoc-encoding",
		    STR("bytes that are not UTF-8, and no encoding to read them by"));
}

static struct str
part(struct str line, size_t offset, size_t length)
{
	if (offset >= line.len)
		return STR_NONE;
	if (length > line.len - offset)
		length = line.len - offset;
	return (struct str){ line.data + offset, length };
}

/* A number of the header, 0 when it is none: mostly digits in all its places.
 */
static uint32_t
number_of(struct str line, size_t offset, size_t length)
{
	struct str text;
	uint64_t value = 0;
	uint32_t sum = 0;
	size_t i = 0;

	if (line.len >= offset + length) {
		for (; i < length; i++) {
			unsigned digit =
			    (unsigned char)line.data[offset + i] - 48U;

			if (digit > 9)
				break;
			sum = 10 * sum + digit;
		}
		if (i == length)
			return sum;
	}
	text = str_trim(part(line, offset, length));
	return str_to_u64(text, UINT32_MAX, &value) ? (uint32_t)value : 0;
}

/* The header is ASCII: offsets are bytes. */
static struct tree_place
place_of(const struct flat *flat, struct str line)
{
	struct tree_place place = { .flat = true };
	size_t segnum = flat->release3 ? 29 : 49;
	size_t psgnum = flat->release3 ? 45 : 55;
	size_t hlevel = flat->release3 ? 51 : 61;

	place.segnum = number_of(line, segnum, 6);
	place.psgnum = number_of(line, psgnum, 6);
	place.hlevel = number_of(line, hlevel, 2);
	return place;
}

/* Copy the fields of a line that somebody wants into the arena. */
static void
slice(struct flat *flat, struct tree_node *node, const struct layout *layout,
    struct str sdata, bool ascii)
{
	struct slicer slicer;
	size_t length = 0;
	char *values;

	if (layout->field_count == 0)
		return;
	slicer_begin(&slicer, sdata, ascii);
	node->room = layout->field_count;
	node->segment.fields = arena_array(&flat->arena, node->room,
	    sizeof(*node->segment.fields));
	for (size_t i = 0; i < layout->field_count; i++) {
		const struct layout_field *field = &layout->fields[i];
		struct str value;

		/* Bytes are never fewer than characters. */
		if (field->offset >= sdata.len)
			break;
		value = slicer_take(&slicer, field->offset, field->length);
		if (value.len == 0)
			continue;
		tree_add_field(&flat->tree, node, field->name, value);
		length += value.len;
	}
	values = arena_alloc(&flat->arena, length);
	for (size_t i = 0; i < node->segment.field_count; i++) {
		struct str *value = &node->segment.fields[i].value;

		memcpy(values, value->data, value->len);
		value->data = values;
		values += value->len;
	}
}

/* The customer number of a DEBMAS or ADRMAS, in case the IDoc is spoiled. */
static void
note_customer(struct flat *flat, const struct layout *layout, struct str sdata)
{
	const struct idoc_control *control = &flat->idoc.control;
	struct str number = STR_NONE;

	/* E1KNA1M tells a DEBMAS where the control record was lost. */
	if (layout->customer == LAYOUT_KNA1M &&
	    (control->mestyp.len == 0 || salvage_is_debmas(control)))
		number = part(sdata, 3, 10); /* KUNNR */
	else if (layout->customer == LAYOUT_ADRMAS &&
		 salvage_is_adrmas(control) &&
		 str_is(str_trim_right(part(sdata, 0, 10)), "KNA1"))
		number = part(sdata, 10, 70); /* OBJ_ID */
	number = str_trim(number);
	/* SAP fills numbers up with zeros: fewer digits at the end of a line
	 * are part of a number, which would name somebody else. */
	if (str_all_digits(number) && number.len < CUSTOMER_WIDTH &&
	    number.data + number.len == sdata.data + sdata.len)
		return;
	if (flat->customer[0] == '\0' && salvage_is_number(number))
		str_copy(flat->customer, sizeof(flat->customer), number);
}

/* The name field of a data line, blanks trimmed. */
static struct str
definition_of(const struct flat *flat, struct str line)
{
	struct str name;

	if (!flat->release3) {
		name = part(line, 0, NAME_WIDTH);
		name.len = slicer_trim(name.data, 0, name.len);
		return name;
	}
	name = str_trim(part(line, 35, NAME_WIDTH_3));
	if (name.len == 0)
		name = str_trim_right(part(line, 0, NAME_WIDTH_3));
	return str_is(name, "EDI_DD") ? STR_NONE : name;
}

static bool
is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '/')
			return false;
	}
	return name.len > 2;
}

/* Where the layout of a name is kept at hand: its last characters tell it from
 * the others of an IDoc. */
static size_t
recent_slot(struct str name)
{
	uint32_t end = 0;

	if (name.len >= sizeof(end))
		memcpy(&end, name.data + name.len - sizeof(end), sizeof(end));
	return (end * UINT32_C(2654435761)) >> 26;
}

static struct layout *
layout_of(struct flat *flat, struct str line)
{
	struct str name = definition_of(flat, line);
	struct layout **recent = &flat->recent[recent_slot(name)];

	if (*recent != NULL && str_eq((*recent)->definition, name))
		return *recent;
	if (!is_name(name)) {
		spoil(flat, "idoc-malformed",
		    STR("a line that does not begin with a segment name"));
		return NULL;
	}
	*recent = layouts_find(flat->layouts, name);
	if (*recent == NULL)
		spoil(flat, "idoc-hostile", STR("too many segment names"));
	return *recent;
}

/* Whether the last line, which has no newline, was cut off. */
static bool
is_cut(const struct flat *flat, const struct layout *layout, struct str line)
{
	size_t header = flat->release3 ? HEADER_3 : HEADER;

	if (line.len < header)
		return flat->seen || layout->known == NULL;
	if (!flat->seen)
		return false;
	if (flat->full)
		return line.len < (flat->release3 ? WIDTH_3 : WIDTH);
	return flat->padded && line.len < layout->length;
}

static void
note_line(struct flat *flat, struct layout *layout, struct str line)
{
	flat->seen = true;
	flat->full =
	    flat->full && line.len >= (flat->release3 ? WIDTH_3 : WIDTH);
	if (line.data[line.len - 1] == ' ')
		flat->padded = true;
	layout->length = line.len;
}

static void
data_line(struct flat *flat, struct str line, bool whole)
{
	size_t header = flat->release3 ? HEADER_3 : HEADER;
	struct layout *layout = layout_of(flat, line);
	struct tree_place place;
	struct tree_node *node;
	struct str sdata;
	bool ascii = true;

	flat->data = true;
	if (layout == NULL)
		return;
	sdata = part(line, header, line.len);
	sdata.len = slicer_trim(sdata.data, 0, sdata.len);
	if (layout->customer != LAYOUT_OTHER)
		note_customer(flat, layout, sdata);
	if (flat->content.on) {
		content_add(&flat->content, 'S', layout->definition);
		content_add(&flat->content, 'V', sdata);
	}
	if (whole)
		note_line(flat, layout, line);
	else if (is_cut(flat, layout, line))
		spoil(flat, "idoc-truncated",
		    STR("the file ends in the middle of a line"));
	if (layout->missing)
		spoil(flat, "idoc-no-layout",
		    arena_format(&flat->arena,
			"no layout is known for all that is wanted of segment %s; "
			"give SAP's report (WE60) with --segments",
			text_escape(&flat->escaped, layout->definition,
			    NAME_WIDTH)));
	if (flat->code != NULL)
		return;
	/* Behind the data there are only blanks. */
	if (!slicer_plain(part(line, 0, header + sdata.len))) {
		if (memchr(line.data, '\0', line.len) != NULL)
			spoil(flat, "idoc-malformed", STR("a NUL byte"));
		else if (flat->utf8 || layout->field_count > 0)
			check_encoding(flat, &sdata, &ascii);
		if (flat->code != NULL)
			return;
	}
	place = place_of(flat, line);
	node = tree_add(&flat->tree, layout->type, layout->known,
	    layout->definition, &place);
	if (node == NULL) {
		spoil(flat, "idoc-hostile", STR("segments nested too deeply"));
		return;
	}
	slice(flat, node, layout, sdata, ascii);
	if (flat->options->raw && layout->end > 0 && sdata.len > layout->end) {
		struct slicer slicer;

		slicer_begin(&slicer, sdata, ascii);
		node->segment.tail = arena_str(&flat->arena,
		    slicer_take(&slicer, layout->end, sdata.len));
	}
	if (!job_within(flat->job, &flat->idoc, &flat->arena))
		spoil(flat, "idoc-too-large", STR("an IDoc beyond its limit"));
}

/* End the IDoc in hand and begin one at this line. */
static void
begin(struct flat *flat, uint64_t offset, size_t number)
{
	finish(flat);
	arena_reset(&flat->arena);
	/* Inside XML its reader sees to it. */
	if (!flat->inside && idoc_symbols_crowded(flat->job->symbols))
		idoc_symbols_forget(flat->job->symbols);
	if (layouts_crowded(flat->layouts)) {
		layouts_clear(flat->layouts);
		memset(flat->recent, 0, sizeof(flat->recent));
	}
	flat->open = true;
	flat->code = NULL;
	flat->data = false;
	flat->docnum[0] = flat->customer[0] = '\0';
	flat->idoc = (struct idoc){ .offset = offset, .line = number };
	tree_begin(&flat->tree, &flat->arena, &flat->idoc);
	content_begin(&flat->content, flat->options->hash);
}

static void
control_line(struct flat *flat, struct str line, struct str name,
    uint64_t offset, size_t number)
{
	bool ascii;

	begin(flat, offset, number);
	flat->release3 = str_is(name, "EDI_DC");
	flat->utf8 = flat->file_utf8 || str_is(name, "EDI_DC40_U");
	check_encoding(flat, &line, &ascii);
	if (memchr(line.data, '\0', line.len) != NULL)
		spoil(flat, "idoc-malformed", STR("a NUL byte"));
	control_read_flat(&flat->idoc.control, line, flat->release3,
	    &flat->arena);
	control_complete(&flat->idoc.control, STR_NONE, &flat->arena);
}

static bool
is_docnum(struct str text)
{
	return text.len == DOCNUM_WIDTH && str_all_digits(text);
}

/*
 * Whether the data begin anew at this line, which carries another DOCNUM than
 * those before: with SEGNUM 1, or with the segment that this IDoc begins with.
 */
static bool
begins_anew(const struct flat *flat, struct str line)
{
	const struct idoc_segment *first = flat->idoc.root->first;

	return number_of(line, flat->release3 ? 29 : 49, 6) == 1 ||
	       (first != NULL &&
		   str_eq(first->definition, definition_of(flat, line)));
}

/* The DOCNUM of this line differs from the last one's, or is the first. */
static bool
is_another(struct flat *flat, struct str line, struct str docnum)
{
	struct str control = flat->idoc.control.docnum;

	if (!is_docnum(docnum))
		return false;
	if (flat->docnum[0] != '\0') {
		if (begins_anew(flat, line))
			return true;
		flat->idoc.docnum_differs = true;
		return false;
	}
	str_copy(flat->docnum, sizeof(flat->docnum), docnum);
	if (control.len > 0 && !str_eq(control, docnum))
		flat->idoc.docnum_differs = true;
	return false;
}

/*
 * Whether a control record is missing here: the line looks like a broken one,
 * or its DOCNUM is another than that of the lines before, and they begin anew.
 * Otherwise a line belongs to the control record above it: translators write
 * odd numbers, or none.
 */
static bool
lost_control(struct flat *flat, struct str line)
{
	size_t offset = flat->release3 ? DOCNUM_OFFSET_3 : DOCNUM_OFFSET;

	/* No segment's name has a D there. */
	if (line.len > 2 && line.data[1] == 'D' && str_starts(line, "EDI") &&
	    !(flat->release3 && str_starts(line, "EDI_DD")))
		return true;
	if (!flat->release3 &&
	    is_docnum(part(line, DOCNUM_OFFSET_3, DOCNUM_WIDTH)))
		return true;
	if (line.len >= offset + DOCNUM_WIDTH &&
	    memcmp(line.data + offset, flat->docnum, DOCNUM_WIDTH) == 0)
		return false;
	return is_another(flat, line, part(line, offset, DOCNUM_WIDTH));
}

/* What comes now belongs to no IDoc that was begun: a fault of its own. */
static void
begin_lost(struct flat *flat, struct str line, uint64_t offset, size_t number)
{
	struct str docnum = part(line, DOCNUM_OFFSET_3, DOCNUM_WIDTH);

	begin(flat, offset, number);
	spoil(flat, "idoc-malformed",
	    STR("records without a readable control record"));
	if (!is_docnum(docnum))
		docnum = part(line, DOCNUM_OFFSET, DOCNUM_WIDTH);
	if (is_docnum(docnum))
		flat->idoc.control.docnum = arena_str(&flat->arena, docnum);
}

/* 0x1A ended text files on CP/M and DOS; some transfers still add it. */
static bool
is_empty(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (memchr(" \t\r\n\x1A", line.data[i], 5) == NULL)
			return false;
	return true;
}

void
flat_line(struct flat *flat, struct str line, uint64_t offset, size_t number,
    bool whole)
{
	struct str name;

	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0 ||
	    ((line.data[0] < '/' || line.len < 3) && is_empty(line)))
		return;
	if (line.len > 5 && memcmp(line.data, "EDI_D", 5) == 0) {
		name = str_trim_right(part(line, 0, 10));
		if (str_is(name, "EDI_DC40") || str_is(name, "EDI_DC40_U") ||
		    str_is(name, "EDI_DC")) {
			control_line(flat, line, name, offset, number);
			return;
		}
		/* Status records say how it went in SAP, not what is in it. */
		if (str_is(name, "EDI_DS40") || str_is(name, "EDI_DS"))
			return;
	}
	if (!flat->open)
		return;
	if (lost_control(flat, line))
		begin_lost(flat, line, offset, number);
	data_line(flat, line, whole);
}

void
flat_long_line(struct flat *flat)
{
	flat->data = true;
	if (flat->open)
		spoil(flat, "idoc-malformed",
		    STR("a line longer than any record"));
}

#define _GNU_SOURCE /* memmem */
#include "reading.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "map/map.h"
#include "record/exception.h"

struct reading {
	struct idoc_symbols *symbols;
	struct idoc_reader *reader;
	struct map *map; /* NULL: --raw */
	bool xml;
	struct arena arena;
	struct buf trace; /* every call of a sink, as text */
	struct spool output;
	uint64_t n;
	struct str bytes; /* whose places can be looked up: XML as it is */
};

static void
require_text(struct str text)
{
	REQUIRE(text_is_utf8(text), "texts are UTF-8");
}

static void
require_field(const struct idoc_field *field)
{
	struct str value = field->value;

	require_text(field->name->name);
	require_text(value);
	REQUIRE(value.len > 0, "an initial field is left out");
	REQUIRE(value.data[value.len - 1] != ' ', "values end without blanks");
	REQUIRE(value.len <= LIMIT_FIELD, "a field has its limit");
}

/* Counts the segments below a parent, and measures the JSON of --raw. */
struct extent {
	size_t count, depth, keys;
	bool nul;
};

static void
require_segments(const struct idoc_segment *parent, size_t depth,
    struct extent *extent)
{
	const struct idoc_segment *last = NULL;

	REQUIRE(depth <= LIMIT_DEPTH, "segments nest within their limit");
	if (depth > extent->depth)
		extent->depth = depth;
	for (const struct idoc_segment *at = parent->first; at != NULL;
	     at = at->next) {
		REQUIRE(at->parent == parent, "a child knows its parent");
		REQUIRE(last == NULL || last->number < at->number,
		    "children stand in the order of their numbers");
		extent->count++;
		if (at->field_count > extent->keys)
			extent->keys = at->field_count;
		require_text(at->type->name);
		require_text(at->definition);
		require_text(at->tail);
		if (at->tail.len > 0 &&
		    memchr(at->tail.data, '\0', at->tail.len) != NULL)
			extent->nul = true;
		for (size_t i = 0; i < at->field_count; i++) {
			const struct str *value = &at->fields[i].value;

			require_field(&at->fields[i]);
			if (memchr(value->data, '\0', value->len) != NULL)
				extent->nul = true;
		}
		require_segments(at, depth + 1, extent);
		last = at;
	}
	REQUIRE(parent->last == last, "a parent knows its last child");
}

static void
require_control(const struct idoc_control *c)
{
	const struct str values[] = { c->tabnam, c->mandt, c->docnum, c->docrel,
		c->status, c->direct, c->test, c->idoctyp, c->cimtyp, c->mestyp,
		c->mescod, c->mesfct, c->sndpor, c->sndprt, c->sndprn,
		c->rcvpor, c->rcvprt, c->rcvprn, c->credat, c->cretim,
		c->refint, c->arckey, c->serial };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		require_text(values[i]);
}

static void
trace_place(struct reading *reading, char kind, uint64_t offset, size_t line,
    struct hash hash)
{
	char hex[HASH_HEX];
	size_t lines = 1;

	for (size_t i = 0; i < offset && i < reading->bytes.len; i++)
		lines += reading->bytes.data[i] == '\n';
	REQUIRE(reading->bytes.len == 0 || line == lines,
	    "a line is 1 and the newlines before its place");

	hash_hex(hash, hex);
	buf_add_format(&reading->trace, "%c %llu:%zu %s ", kind,
	    (unsigned long long)offset, line, hex);
}

static void
require_raw(const struct extent *extent, struct str json)
{
	struct json_doc doc = JSON_DOC_INIT;

	if (json.len == 0)
		return; /* too long for the memory */
	/* The strict reader refuses what --raw rightly shows: NULs, and more
	 * members or a deeper tree than a record has. */
	if (extent->nul || extent->keys >= JSON_KEYS_MAX ||
	    2 * extent->depth + 4 > LIMIT_DEPTH)
		return;
	REQUIRE(json_parse(&doc, json) != NULL, "--raw is JSON");
	json_doc_free(&doc);
}

static void
map_one(struct reading *reading, const struct idoc *idoc)
{
	struct map_result result = { 0 };
	struct diag diag;
	struct str output; /* none when it was too long for the memory */
	size_t lines = 0;

	arena_reset(&reading->arena);
	if (!map_knows(reading->map, idoc->control.mestyp))
		return;
	REQUIRE(map_apply(reading->map, idoc, &reading->output, &reading->arena,
		    &result, &diag) == STATUS_OK,
	    "mapping itself does not fail");
	output = spool_recent(&reading->output, 0);
	for (size_t i = 0; i < output.len; i++)
		lines += output.data[i] == '\n';
	REQUIRE(reading->output.filed > 0 ||
		    lines == (result.code == NULL ? result.records : 0),
	    "records are counted");
	if (result.code != NULL) {
		REQUIRE(exception_code_find(result.code) != NULL,
		    "map's codes are exception codes");
		require_text(result.message);
		require_text(result.subject);
		buf_add_text(&reading->trace, result.code);
		buf_add_str(&reading->trace, result.message);
		return;
	}
	fuzz_require_records(output);
}

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct reading *reading = user;
	struct extent extent = { 0 };

	REQUIRE(idoc->n == reading->n + 1, "n counts up");
	reading->n = idoc->n;
	require_control(&idoc->control);
	require_segments(idoc->root, 0, &extent);
	REQUIRE(extent.count == idoc->segment_count, "segments are counted");
	trace_place(reading, 'I', idoc->offset, idoc->line, idoc->hash);
	buf_add_format(&reading->trace, "%d%d ", idoc->control_missing,
	    idoc->nesting_repaired);
	spool_clear(&reading->output);
	if (reading->map != NULL) {
		map_one(reading, idoc);
	} else {
		map_raw(idoc, &reading->output);
		require_raw(&extent, spool_recent(&reading->output, 0));
	}
	buf_add_str(&reading->trace, spool_recent(&reading->output, 0));
	buf_add_char(&reading->trace, '\n');
	return STATUS_OK;
}

static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct reading *reading = user;

	REQUIRE(fault->n == reading->n + 1, "n counts up");
	reading->n = fault->n;
	REQUIRE(exception_code_find(fault->code) != NULL,
	    "faults have exception codes");
	require_text(fault->message);
	require_text(fault->kunnr);
	require_control(&fault->control);
	trace_place(reading, 'F', fault->offset, fault->line, fault->hash);
	buf_add_format(&reading->trace, "%s %.*s %.*s\n", fault->code,
	    STR_ARGS(fault->kunnr), STR_ARGS(fault->control.docnum));
	return STATUS_OK;
}

/* Whether places in XML are those in its bytes: not when it is decoded, nor in
 * flat records inside. */
static bool
has_places(struct str bytes)
{
	return bytes.len > 1 && bytes.data[0] != '\0' &&
	       bytes.data[1] != '\0' && (unsigned char)bytes.data[0] < 0xFE &&
	       memmem(bytes.data, bytes.len, "encoding", 8) == NULL &&
	       memmem(bytes.data, bytes.len, "idocData", 8) == NULL;
}

static void
read_once(struct reading *reading, struct str bytes, size_t pieces)
{
	const struct idoc_sink sink = { on_idoc, on_fault, reading, NULL };
	struct diag diag = { 0 };
	enum status status;

	buf_clear(&reading->trace);
	reading->n = 0;
	if (!reading->xml || !has_places(reading->bytes = bytes))
		reading->bytes = STR_NONE;
	fuzz_input(bytes, pieces);
	status =
	    idoc_read(reading->reader, -1, "input", STR_NONE, &sink, &diag);
	REQUIRE(status == STATUS_OK ||
		    (status == STATUS_DATA && reading->n == 0),
	    "reading itself does not fail");
	if (status != STATUS_OK)
		require_text(str_of(diag.message));
	buf_add_format(&reading->trace, "%d\n", (int)status);
}

/* A reading of that kind, opened once: compiling the maps costs more than all
 * that a small input is good for. */
static struct reading *
reading_of(enum idoc_format format, bool raw, bool libxml)
{
	static struct reading readings[8];
	struct reading *reading = &readings[(format == IDOC_XML ? 4 : 0) +
					    (raw ? 2 : 0) + (libxml ? 1 : 0)];
	const struct idoc_options options = { .format = format,
		.fallback = "ISO-8859-1",
		.raw = raw,
		.libxml = libxml,
		.hash = true };
	struct diag diag;

	if (reading->reader != NULL)
		return reading;
	reading->output = (struct spool)SPOOL_INIT;
	reading->xml = format == IDOC_XML;
	reading->symbols = idoc_symbols_new();
	reading->reader = idoc_reader_new(reading->symbols, &options);
	if (!raw)
		REQUIRE(map_new(&reading->map, reading->symbols, NULL, &diag) ==
			    STATUS_OK,
		    "the built-in maps compile");
	return reading;
}

/* What stands in a trace before its first fault. */
static struct str
before_faults(struct str trace)
{
	size_t at = 0;

	while (at < trace.len && trace.data[at] != 'F') {
		const char *end = memchr(trace.data + at, '\n', trace.len - at);

		at = end != NULL ? (size_t)(end - trace.data) + 1 : trace.len;
	}
	return (struct str){ trace.data, at };
}

/*
 * Whether two readings agree. When broken XML arrives in other pieces, libxml2
 * may see one of two errors first, and recovery goes on from there: only what
 * comes before it is sure. Messages, and the lines in them, are in no trace.
 */
static bool
agree(const struct reading *first, const struct reading *other, bool exact)
{
	struct str left = buf_str(&first->trace);
	struct str right = buf_str(&other->trace);
	struct str left_sure = before_faults(left);
	struct str right_sure = before_faults(right);

	if (exact)
		return str_eq(left, right);
	if (left_sure.len == left.len || right_sure.len == right.len)
		return str_eq(left, right);
	if (left_sure.len > right_sure.len)
		left_sure.len = right_sure.len;
	right_sure.len = left_sure.len;
	return str_eq(left_sure, right_sure);
}

static void
require_agreement(const struct reading *first, const struct reading *other,
    bool exact, const char *rule)
{
	if (agree(first, other, exact))
		return;
	fprintf(stderr, "--- first\n%.*s--- then\n%.*s",
	    STR_ARGS(buf_str(&first->trace)), STR_ARGS(buf_str(&other->trace)));
	REQUIRE(false, rule);
}

static void
check_pieces(struct reading *reading, const struct reading *first,
    struct str bytes, bool xml)
{
	/* Pieces that hold something. */
	read_once(reading, bytes, 61);
	require_agreement(first, reading, !xml, "pieces make no difference");
	/* Every border; what is long would take too long. */
	if (bytes.len <= 4096) {
		read_once(reading, bytes, 1);
		require_agreement(first, reading, !xml,
		    "bytes one by one make no difference");
	}
	read_once(reading, bytes, 0);
	require_agreement(first, reading, true,
	    "a reader remembers nothing of a file");
}

void
reading_check(struct str bytes, enum idoc_format format)
{
	for (int raw = 0; raw <= 1; raw++) {
		struct reading *reading = reading_of(format, raw == 1, false);
		struct reading first = { .output = SPOOL_INIT };

		read_once(reading, bytes, 0);
		buf_add_str(&first.trace, buf_str(&reading->trace));
		check_pieces(reading, &first, bytes, format == IDOC_XML);
		if (format == IDOC_XML) {
			reading = reading_of(format, raw == 1, true);
			read_once(reading, bytes, 0);
			require_agreement(&first, reading, false,
			    "the own scanner and libxml2 agree");
		}
		buf_free(&first.trace);
	}
}

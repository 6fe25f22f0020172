#include "stream.h"

#include <unistd.h>

#include "base/hash.h"
#include "base/lines.h"
#include "base/out.h"
#include "base/text.h"
#include "record/exception.h"

struct stream {
	struct normaliser *normaliser;
	enum stream_mode mode;
	const struct tool_run *run;
	struct lines lines;
	struct out out;
	struct buf made; /* the changed line, or the exception */
	enum status worst; /* FINDINGS or DATA once a line was refused */
};

/* In place of a line that is no record; known by its content, as everywhere. */
static enum status
except(struct stream *s, struct str line, const char *why, struct diag *diag)
{
	struct arena *arena = &s->normaliser->arena;
	struct exception exception = {
		.code = "record-invalid",
		.subject = "line",
	};
	char hex[HASH_HEX];

	if (line.len > 0) {
		hash_hex(hash_of(line), hex);
		exception.id = arena_format(arena, "#%.16s", hex);
	} else {
		exception.id = arena_format(arena, "%s:%zu", s->run->tool->name,
		    s->lines.number);
	}
	exception.message =
	    arena_format(arena, "line %zu of the input of %s was left out: %s",
		s->lines.number, s->run->tool->name, why);
	exception_write(&s->made, &exception);
	s->worst = STATUS_FINDINGS;
	return out_line(&s->out, buf_str(&s->made), diag);
}

static enum status
refuse(struct stream *s, struct str line, const char *why, struct diag *diag)
{
	if (s->mode == STREAM_RECORDS)
		return except(s, line, why, diag);
	tool_say(s->run, "line %zu was left out: %s", s->lines.number, why);
	s->worst = STATUS_DATA;
	return STATUS_OK;
}

static enum status
put_spliced(struct stream *s, struct str line, bool changed, struct diag *diag)
{
	if (!changed)
		return out_line(&s->out, line, diag);
	splice_apply(&s->normaliser->splice, line, &s->made);
	return out_line(&s->out, buf_str(&s->made), diag);
}

static enum status
take_record(struct stream *s, struct str line, struct diag *diag)
{
	struct normaliser *n = s->normaliser;
	enum record_type type = record_sniff(line);
	struct record record;
	struct diag fault;
	bool changed = false;
	enum status status = STATUS_OK;

	if (type != RECORD_UNKNOWN && (NORMALISE_TYPES >> type & 1U) == 0)
		return out_line(&s->out, line, diag);
	if (record_parse(&record, &n->doc, &n->arena, line, &fault) !=
	    STATUS_OK)
		return refuse(s, line, fault.message, diag);
	if ((NORMALISE_TYPES >> record.type & 1U) != 0)
		status = normalise_record(n, &record, &changed, diag);
	return status == STATUS_OK ? put_spliced(s, line, changed, diag)
				   : status;
}

static enum status
take_json(struct stream *s, struct str line, struct diag *diag)
{
	struct normaliser *n = s->normaliser;
	const struct json *root = json_parse(&n->doc, line);

	if (root == NULL) {
		struct diag fault;

		diag_set(&fault, STATUS_DATA, "not JSON at byte %zu: %s",
		    n->doc.at + 1, n->doc.why);
		return refuse(s, line, fault.message, diag);
	}
	return put_spliced(s, line, normalise_keys(n, root), diag);
}

/* One number a line; a carriage return stays at the end. */
static enum status
take_text(struct stream *s, struct str line, struct diag *diag)
{
	bool cr = str_ends(line, "\r");

	line.len -= cr;
	buf_add_str(&s->made,
	    sku_normalise(&s->normaliser->rule, line, &s->normaliser->scratch));
	if (cr)
		buf_add_char(&s->made, '\r');
	return out_line(&s->out, buf_str(&s->made), diag);
}

static enum status
take(struct stream *s, struct str line, struct diag *diag)
{
	arena_reset(&s->normaliser->arena);
	buf_clear(&s->made);
	switch (s->mode) {
	case STREAM_RECORDS:
		return take_record(s, line, diag);
	case STREAM_KEYS:
		return take_json(s, line, diag);
	case STREAM_TEXT:
		return take_text(s, line, diag);
	}
	return STATUS_OK;
}

/* One line, or the end. */
static enum status
step(struct stream *s, bool *end, struct diag *diag)
{
	struct str line = STR_NONE;

	if (s->out.held.len > 0 && !lines_ready(&s->lines, 0)) {
		enum status status = out_flush(&s->out, diag);

		if (status != STATUS_OK)
			return status;
	}
	switch (lines_next(&s->lines, &line, diag)) {
	case LINES_LINE:
		return take(s, line, diag);
	case LINES_TOO_LONG:
		buf_clear(&s->made);
		return refuse(s, STR_NONE, "it is longer than 4 MiB", diag);
	case LINES_UNFINISHED:
		buf_clear(&s->made);
		return refuse(s, line, "its end is missing", diag);
	case LINES_FAILED:
		return diag->status;
	case LINES_END:
		break;
	}
	*end = true;
	return STATUS_OK;
}

enum status
stream_run(struct normaliser *normaliser, enum stream_mode mode,
    const struct tool_run *run, struct diag *diag)
{
	struct stream s = { .normaliser = normaliser,
		.mode = mode,
		.run = run };
	enum status status = STATUS_OK, closed;
	bool end = false;

	lines_open(&s.lines, STDIN_FILENO);
	out_open(&s.out, STDOUT_FILENO);
	while (status == STATUS_OK && !end && !tool_interrupted())
		status = step(&s, &end, diag);
	closed = out_close(&s.out, diag);
	if (status == STATUS_OK)
		status = closed;
	lines_close(&s.lines);
	buf_free(&s.made);
	if (status == STATUS_OK && s.worst == STATUS_DATA)
		return diag_set(diag, STATUS_DATA,
		    "lines were left out, see above");
	return status == STATUS_OK && s.worst != STATUS_OK ? s.worst : status;
}

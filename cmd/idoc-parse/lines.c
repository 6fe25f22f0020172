#include "lines.h"

#include "base/limits.h"
#include "base/lines.h"

struct passage {
	struct gather *gather;
	struct json_doc doc;
	struct arena arena;
	struct str name;
	size_t number;
};

static void
describe(const struct passage *passage, struct str line,
    struct gather_item *item)
{
	item->idoc.hash = hash_of(line);
	item->line = passage->number;
	item->idoc.src = (struct record_src){ .sys = STR("shop"),
		.file = passage->name,
		.n = passage->number };
}

/* The ledger entry of a line: '#' and 16 hex digits of its hash. */
static struct str
number_of(struct passage *passage, struct str line)
{
	char hex[HASH_HEX];

	hash_hex(hash_of(line), hex);
	return arena_format(&passage->arena, "#%.16s", hex);
}

static enum status
invalid(struct passage *passage, struct str line, const char *why,
    struct diag *diag)
{
	struct gather_item item = { .code = "record-invalid",
		.message = str_of(why) };

	describe(passage, line, &item);
	item.idoc.src.docnum = number_of(passage, line);
	item.idoc.src.mestyp = STR("none");
	item.idoc.broken = true;
	return gather_add(passage->gather, &item, diag);
}

static enum status
pass_bytes(struct passage *passage, struct str line, struct diag *diag)
{
	struct buf *records = &passage->gather->records.recent;
	struct gather_item item = { .total = 1 };

	describe(passage, line, &item);
	buf_add_str(records, line);
	buf_add_char(records, '\n');
	return gather_add(passage->gather, &item, diag);
}

/* With a state: a ledger entry, and a src where there is none. */
static enum status
pass_record(struct passage *passage, const struct record *record,
    struct diag *diag)
{
	struct buf *records = &passage->gather->records.recent;
	struct gather_item item = { .total = 1 };

	describe(passage, record->line, &item);
	item.idoc.src.docnum = number_of(passage, record->line);
	item.idoc.src.mestyp = str_of(record_type_name(record->type));
	if (record->src.docnum.len > 0) {
		/* A record that another run made keeps its own identity. */
		item.idoc.src = record->src;
		item.idoc.src.file = passage->name;
	}
	item.idoc.src.r = record->src.r > 0 ? record->src.r : 1;
	item.idoc.src.backfill =
	    record->src.backfill || passage->gather->backfill;
	if (record->src.docnum.len > 0 &&
	    record->src.backfill == item.idoc.src.backfill)
		buf_add_str(records, record->line);
	else
		record_stamp(records, record, STR_NONE, &item.idoc.src);
	buf_add_char(records, '\n');
	return gather_add(passage->gather, &item, diag);
}

static enum status
pass_line(struct passage *passage, struct str line, struct diag *diag)
{
	struct record record;
	struct diag why;

	arena_reset(&passage->arena);
	if (record_parse(&record, &passage->doc, &passage->arena, line, &why) !=
	    STATUS_OK)
		return invalid(passage, line, why.message, diag);
	if (passage->gather->state == NULL && !passage->gather->backfill)
		return pass_bytes(passage, line, diag);
	return pass_record(passage, &record, diag);
}

static enum status
pass_all(struct passage *passage, struct lines *lines, struct diag *diag)
{
	for (;;) {
		struct str line;
		enum status status = STATUS_OK;
		enum lines_result result;

		/* Nothing waits here for a line that is yet to be written. */
		if (!lines_ready(lines, LIMIT_IDLE))
			status = gather_flush(passage->gather, diag);
		if (status != STATUS_OK)
			return status;
		result = lines_next(lines, &line, diag);
		passage->number = lines->number;
		switch (result) {
		case LINES_END:
			return STATUS_OK;
		case LINES_FAILED:
			return diag->status;
		case LINES_LINE:
			if (line.len > 0)
				status = pass_line(passage, line, diag);
			break;
		case LINES_TOO_LONG:
			status = invalid(passage, STR("too long"),
			    "line is longer than 4 MiB", diag);
			break;
		case LINES_UNFINISHED:
			status = invalid(passage, line,
			    "last line has no newline: its writer did not finish",
			    diag);
			break;
		}
		if (status != STATUS_OK)
			return status;
	}
}

enum status
lines_pass(struct gather *gather, int fd, const char *name, struct str start,
    bool *cut, struct diag *diag)
{
	struct passage passage = { .gather = gather,
		.doc = JSON_DOC_INIT,
		.name = str_of(name) };
	struct lines lines;
	enum status status;

	lines_open(&lines, fd);
	lines_unread(&lines, start);
	status = pass_all(&passage, &lines, diag);
	*cut = !lines.ended || lines.begin < lines.end;
	lines_close(&lines);
	json_doc_free(&passage.doc);
	arena_free(&passage.arena);
	return status;
}

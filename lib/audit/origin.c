#define _GNU_SOURCE /* memmem */
#include "audit/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "audit/mask.h"
#include "base/fd.h"
#include "base/lines.h"
#include "base/text.h"
#include "idoc/reader.h"
#include "state/outbox.h"

#define SNIFF_BYTES 8192
#define SEGMENTS_MAX 200 /* shown of an IDoc */
#define BROKEN_MAX 4096 /* bytes shown of one that cannot be read */

/* The IDoc of that number in its file. */
struct search {
	struct origin *origin;
	uint64_t n;
	int fd;
	size_t segments;
};

static void
add_segment(struct search *search, const struct idoc_segment *segment,
    size_t depth)
{
	struct buf *to = &search->origin->text;

	for (; segment != NULL; segment = idoc_next(segment)) {
		if (search->segments++ >= SEGMENTS_MAX)
			continue;
		for (size_t i = 0; i < 2 * depth; i++)
			buf_add_char(to, ' ');
		buf_add_str(to, segment->type->name);
		for (size_t i = 0; i < segment->field_count; i++) {
			buf_add_char(to, ' ');
			buf_add_str(to, segment->fields[i].name->name);
			buf_add_char(to, '=');
			mask_field(to, segment->fields[i].name->name,
			    segment->fields[i].value);
		}
		buf_add_char(to, '\n');
		add_segment(search, segment->first, depth + 1);
	}
}

/* FINDINGS ends the reading: it is found. */
static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct search *search = user;

	if (idoc->n < search->n)
		return STATUS_OK;
	add_segment(search, idoc->root->first, 0);
	if (search->segments > SEGMENTS_MAX)
		buf_add_format(&search->origin->text, "and %zu more segments\n",
		    search->segments - SEGMENTS_MAX);
	return STATUS_FINDINGS;
}

/* Its bytes: to its end tag, or to where the next one begins. */
static struct str
one_idoc(struct str text)
{
	static const char *const ends[] = { "</IDOC>", "<IDOC ", "<IDOC>",
		"\nEDI_DC" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const char *end = text.len > 0
				      ? memmem(text.data + 1, text.len - 1,
					    ends[i], strlen(ends[i]))
				      : NULL;

		if (end != NULL)
			text.len = (size_t)(end - text.data) +
				   (i == 0 ? strlen(ends[0]) : 0);
	}
	return text;
}

/* The bytes themselves, where the reader counts those of the file. */
static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct search *search = user;
	char bytes[BROKEN_MAX];
	struct str text = { bytes, 0 };
	ssize_t got;

	if (fault->n < search->n)
		return STATUS_OK;
	got = pread(search->fd, bytes, sizeof(bytes), (off_t)fault->offset);
	text.len = got > 0 ? (size_t)got : 0;
	if (str_starts(text, "<") || str_starts(text, "EDI_DC")) {
		mask_broken(&search->origin->text, one_idoc(text));
		buf_add_char(&search->origin->text, '\n');
	} else
		buf_add_text(&search->origin->trouble,
		    "it cannot be read, and where it begins is not known");
	return STATUS_FINDINGS;
}

static enum status
find_idoc(struct search *search, const struct config *config, struct str start,
    struct diag *diag)
{
	const struct idoc_options options = {
		.fallback = config_text(config, "sap", NULL, "encoding"),
		.raw = true,
	};
	const struct idoc_sink sink = { on_idoc, on_fault, search, NULL };
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct idoc_reader *reader = idoc_reader_new(symbols, &options);
	enum status status =
	    idoc_read(reader, search->fd, "", start, &sink, diag);

	idoc_reader_free(reader);
	idoc_symbols_free(symbols);
	return status;
}

static void
add_line(struct buf *to, struct str line)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *root = json_parse(&doc, line);

	if (root != NULL)
		mask_json(to, root, &arena);
	else
		mask_broken(to, text_cut(line, BROKEN_MAX));
	buf_add_char(to, '\n');
	arena_free(&arena);
	json_doc_free(&doc);
}

static enum status
find_line(struct search *search, struct str start, struct diag *diag)
{
	struct lines lines;
	struct str line;
	enum lines_result result;

	lines_open(&lines, search->fd);
	lines_unread(&lines, start);
	while ((result = lines_next(&lines, &line, diag)) == LINES_LINE &&
	       lines.number < search->n)
		;
	if (result == LINES_LINE || result == LINES_UNFINISHED)
		add_line(&search->origin->text, line);
	lines_close(&lines);
	return result == LINES_FAILED ? STATUS_IO : STATUS_OK;
}

static void
read_file(struct origin *origin, const struct config *config, uint64_t n)
{
	struct search search = { .origin = origin, .n = n };
	char bytes[SNIFF_BYTES];
	struct str start = { bytes, 0 };
	struct diag diag = { .status = STATUS_OK };
	enum status status;

	search.fd = open(origin->file.data, O_RDONLY | O_CLOEXEC);
	if (search.fd < 0) {
		buf_add_text(&origin->trouble, strerror(errno));
		return;
	}
	status = fd_read(search.fd, bytes, sizeof(bytes), &start.len, &diag);
	if (status == STATUS_OK)
		status = idoc_sniff(start) == IDOC_CONTENT_RECORDS
			     ? find_line(&search, start, &diag)
			     : find_idoc(&search, config, start, &diag);
	if (status != STATUS_OK && status != STATUS_FINDINGS)
		buf_add_text(&origin->trouble, diag.message);
	else if (origin->text.len == 0 && origin->trouble.len == 0)
		buf_add_text(&origin->trouble, "it is not in there any more");
	close(search.fd);
}

enum status
origin_file(struct state *state, struct str read_as, struct buf *now,
    bool *moved, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT name FROM file WHERE name = ?1 OR was = ?1"
	    " ORDER BY id DESC LIMIT 1",
	    diag);
	enum status status;

	*moved = false;
	buf_clear(now);
	sql_text(statement, 1, read_as);
	if (sql_row(state, statement, &status, diag)) {
		buf_add_str(now, sql_get_text(statement, 0));
		*moved = !str_eq(buf_str(now), read_as);
	} else if (status == STATUS_OK)
		buf_add_str(now, read_as);
	sqlite3_reset(statement);
	return status;
}

enum status
origin_find(struct origin *origin, struct state *state,
    const struct exception_row *row, struct diag *diag)
{
	enum status status;
	bool moved;

	*origin = (struct origin){ .file = BUF_INIT };
	if (row->src.file.len == 0)
		return STATUS_OK;
	status = origin_file(state, row->src.file, &origin->file, &moved, diag);
	if (moved)
		buf_add_str(&origin->was, row->src.file);
	if (status == STATUS_OK && row->src.n > 0)
		read_file(origin, state_config(state), row->src.n);
	return status;
}

enum status
origin_outbox(struct buf *to, struct state *state,
    const struct exception_row *row, struct diag *diag)
{
	enum desired_kind kind = DESIRED_CONTACT;
	struct outbox_row found;
	struct arena arena = ARENA_INIT;
	enum status status = STATUS_OK;
	bool yes = false;

	if (str_is(row->subject, "sku"))
		kind = DESIRED_PRODUCT;
	else if (!str_is(row->subject, "customer") &&
		 !desired_kind_of(row->subject, &kind))
		return STATUS_OK;
	status = outbox_get(state, kind, row->id, &arena, &found, &yes, diag);
	if (status == STATUS_OK && yes)
		add_line(to, found.body);
	arena_free(&arena);
	return status;
}

void
origin_free(struct origin *origin)
{
	buf_free(&origin->file);
	buf_free(&origin->was);
	buf_free(&origin->text);
	buf_free(&origin->trouble);
}

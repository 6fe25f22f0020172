#define _GNU_SOURCE /* memmem */
#include "audit/erase.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/instant.h"
#include "base/lines.h"
#include "base/text.h"
#include "base/whole.h"
#include "idoc/reader.h"
#include "state/ledger.h"

#define SNIFF_BYTES 4096
/* Bytes that are held at once, of IDocs of any size. */
#define PIECE_BYTES ((size_t)256 * 1024)
/* A name of a person may stand across the end of a piece: none is longer. */
#define NAME_BYTES ((size_t)1024)

/* An IDoc of the person, or a line: where it begins, and the next one. */
struct span {
	uint64_t n, begin, end;
	char docnum[17]; /* of an IDoc that could be read */
};

struct scan {
	const struct person *person;
	int fd;
	struct span *spans;
	size_t count, size;
	uint64_t found;
	bool open; /* the last span waits for its end */
	struct buf bytes;
	struct diag *diag;
};

/* The first bytes between two places; less than a piece: that is all. */
static enum status
read_piece(struct scan *scan, uint64_t begin, uint64_t end)
{
	size_t len =
	    end - begin < PIECE_BYTES ? (size_t)(end - begin) : PIECE_BYTES;
	size_t got = 0;

	buf_clear(&scan->bytes);
	buf_reserve(&scan->bytes, len);
	while (got < len) {
		ssize_t n = pread(scan->fd, scan->bytes.data + got, len - got,
		    (off_t)(begin + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return diag_errno(scan->diag, STATUS_IO, errno,
			    "cannot read an archived file");
		if (n == 0)
			break;
		got += (size_t)n;
	}
	scan->bytes.len = got;
	return STATUS_OK;
}

/* Something begins here: what was before it ends. */
static void
end_span(struct scan *scan, uint64_t at)
{
	if (scan->open)
		scan->spans[scan->count - 1].end = at;
	scan->open = false;
}

static struct span *
begin_span(struct scan *scan, uint64_t n, uint64_t at)
{
	if (scan->count == scan->size) {
		scan->size = scan->size > 0 ? 2 * scan->size : 16;
		scan->spans =
		    mem_grow(scan->spans, scan->size, sizeof(*scan->spans));
	}
	scan->spans[scan->count] = (struct span){ .n = n, .begin = at };
	scan->open = true;
	return &scan->spans[scan->count++];
}

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct scan *scan = user;

	scan->found++;
	end_span(scan, idoc->offset);
	if (person_in_idoc(scan->person, idoc))
		str_copy(begin_span(scan, idoc->n, idoc->offset)->docnum,
		    sizeof(scan->spans->docnum), idoc->control.docnum);
	return STATUS_OK;
}

/* Of a broken one the bytes tell, up to the next: it is looked at later. */
static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct scan *scan = user;

	scan->found++;
	end_span(scan, fault->offset);
	begin_span(scan, fault->n, fault->offset);
	str_copy(scan->spans[scan->count - 1].docnum,
	    sizeof(scan->spans->docnum), STR("?"));
	return STATUS_OK;
}

static enum status
look_through(struct scan *scan, const struct span *span, bool *hers)
{
	enum status status = STATUS_OK;

	*hers = false;
	for (uint64_t at = span->begin;
	     at < span->end && !*hers && status == STATUS_OK;
	     at += PIECE_BYTES - NAME_BYTES) {
		status = read_piece(scan, at, span->end);
		if (status == STATUS_OK)
			*hers = person_in_bytes(scan->person,
			    buf_str(&scan->bytes));
	}
	return status;
}

/* Broken ones that do not hold the person are none of it. */
static enum status
drop_strangers(struct scan *scan)
{
	size_t left = 0;

	for (size_t i = 0; i < scan->count; i++) {
		struct span *span = &scan->spans[i];
		enum status status = STATUS_OK;
		bool hers = true;

		if (strcmp(span->docnum, "?") == 0) {
			status = look_through(scan, span, &hers);
			span->docnum[0] = '\0';
		}
		if (status != STATUS_OK)
			return status;
		if (hers)
			scan->spans[left++] = *span;
	}
	scan->count = left;
	return STATUS_OK;
}

static enum status
scan_idocs(struct scan *scan, const char *path, uint64_t size,
    const struct config *config)
{
	const struct idoc_options options = { .raw = true,
		.fallback = config_text(config, "sap", NULL, "encoding") };
	const struct idoc_sink sink = { on_idoc, on_fault, scan, NULL };
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct idoc_reader *reader = idoc_reader_new(symbols, &options);
	enum status status =
	    idoc_read(reader, scan->fd, path, STR_NONE, &sink, scan->diag);

	idoc_reader_free(reader);
	idoc_symbols_free(symbols);
	/* Nothing that can be read is one broken thing. */
	if (status == STATUS_DATA && scan->found == 0) {
		struct idoc_fault whole = { .n = 1 };

		status = on_fault(scan, &whole);
	}
	end_span(scan, size);
	return status == STATUS_OK ? drop_strangers(scan) : status;
}

static enum status
scan_lines(struct scan *scan)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	struct lines lines;
	enum lines_result result;
	uint64_t at = 0;
	struct str line;

	lines_open(&lines, scan->fd);
	while ((result = lines_next(&lines, &line, scan->diag)) == LINES_LINE ||
	       result == LINES_UNFINISHED) {
		arena_reset(&arena);
		scan->found++;
		if (person_in_line(scan->person, line, &doc, &arena))
			begin_span(scan, lines.number, at);
		at += line.len + 1;
		end_span(scan, at);
	}
	lines_close(&lines);
	json_doc_free(&doc);
	arena_free(&arena);
	if (result == LINES_TOO_LONG)
		return diag_set(scan->diag, STATUS_DATA,
		    "a line is longer than 4 MiB");
	return result == LINES_FAILED ? scan->diag->status : STATUS_OK;
}

/* --- taking apart --- */

/* Behind the last end tag of an IDOC, whatever its prefix; 0 = none. */
static size_t
behind_end_tag(struct str bytes)
{
	for (size_t at = bytes.len; at > 0; at--) {
		struct str tag;
		size_t len;

		if (bytes.data[at - 1] != '>')
			continue;
		for (len = at - 1; len > 0 && bytes.data[len] != '<'; len--)
			;
		tag = str_trim((struct str){ bytes.data + len, at - 1 - len });
		if (str_starts(tag, "</") &&
		    (str_ends(tag, "/IDOC") || str_ends(tag, ":IDOC")))
			return at;
	}
	return 0;
}

/*
 * Whether a span is what it was read as: its IDoc begins there and has its
 * number. In an encoding other than UTF-8 places are not those of the file. The
 * root's end tag behind the last IDoc is no part of it.
 */
static enum status
settle_span(struct scan *scan, struct span *span, bool xml, bool *sure)
{
	const uint64_t tail = span->end - span->begin > PIECE_BYTES
				  ? span->end - PIECE_BYTES
				  : span->begin;
	enum status status = read_piece(scan, span->begin, span->end);
	struct str bytes = buf_str(&scan->bytes);
	size_t number = strlen(span->docnum), end;

	*sure = status == STATUS_OK && bytes.len > 0 &&
		(number == 0 || memmem(bytes.data, bytes.len, span->docnum,
				    number) != NULL) &&
		(xml ? bytes.data[0] == '<' : str_starts(bytes, "EDI_DC"));
	if (!*sure || !xml)
		return status;
	status = read_piece(scan, tail, span->end);
	end = behind_end_tag(buf_str(&scan->bytes));
	*sure = status == STATUS_OK && end > 0;
	span->end = tail + end;
	return status;
}

static enum status
copy(struct scan *scan, int to, uint64_t from, uint64_t until)
{
	enum status status = STATUS_OK;

	while (from < until && status == STATUS_OK) {
		status = read_piece(scan, from, until);
		if (status == STATUS_OK && scan->bytes.len == 0)
			break;
		if (status == STATUS_OK)
			status =
			    fd_write(to, buf_str(&scan->bytes), scan->diag);
		from += scan->bytes.len;
	}
	return status;
}

static enum status
write_rest(struct scan *scan, const char *part, const struct stat *info)
{
	const struct timespec times[2] = { info->st_atim, info->st_mtim };
	int fd =
	    open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		info->st_mode & 0700);
	enum status status = STATUS_OK;
	uint64_t at = 0;

	if (fd < 0)
		return text_errno(scan->diag, STATUS_CANNOT_CREATE, errno,
		    "cannot create", part);
	for (size_t i = 0; i < scan->count && status == STATUS_OK; i++) {
		status = copy(scan, fd, at, scan->spans[i].begin);
		at = scan->spans[i].end;
	}
	if (status == STATUS_OK)
		status = copy(scan, fd, at, (uint64_t)info->st_size);
	if (status == STATUS_OK &&
	    (fchmod(fd, info->st_mode & 07777) != 0 ||
		futimens(fd, times) != 0 || fsync(fd) != 0))
		status = text_errno(scan->diag, STATUS_IO, errno, "cannot sync",
		    part);
	if (close(fd) != 0 && status == STATUS_OK)
		status = text_errno(scan->diag, STATUS_IO, errno,
		    "cannot close", part);
	return status;
}

static enum status
remove_file(const char *path, struct diag *diag)
{
	struct buf why = BUF_INIT;
	enum status status = STATUS_OK;

	buf_add_format(&why, "%s.why", path);
	unlink(why.data);
	buf_free(&why);
	if (unlink(path) != 0)
		status = text_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot remove", path);
	return status;
}

/* --- the ledger --- */

/* ?1 the file, ?2 the place in it, ?3 the number when it is known, ?4 now. */
#define IN_FILE " file = (SELECT id FROM file WHERE name = ?1)"
#define THIS IN_FILE " AND CASE ?3 WHEN '' THEN n = ?2 ELSE docnum = ?3 END"

/* Nobody can mend and send again what is gone. */
static const char close_sql[] =
    "UPDATE exception SET open = 0, closed_at = ?4, resolution = 'erased'"
    " WHERE open = 1 AND EXISTS(SELECT 1 FROM idoc WHERE" THIS
    " AND docnum = exception.docnum AND sys = coalesce(exception.sys, '')"
    " AND client = coalesce(exception.client, ''))";
static const char leave_sql[] = "UPDATE idoc SET file = NULL WHERE" THIS;
static const char move_up_sql[] =
    "UPDATE idoc SET n = n - 1 WHERE n > ?2 AND" IN_FILE;

static const char *const leave[] = { close_sql, leave_sql, NULL };
static const char *const move_up[] = { move_up_sql, NULL };

static enum status
note(struct state *state, const char *const *steps, const struct span *span,
    const char *path, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (; *steps != NULL && status == STATUS_OK; steps++) {
		sqlite3_stmt *statement = state_sql(state, *steps, diag);

		sql_text(statement, 1, str_of(path));
		sql_int(statement, 2, (int64_t)span->n);
		sql_text(statement, 3, str_of(span->docnum));
		sql_time(statement, 4, instant_now());
		status = sql_run(state, statement, diag);
	}
	return status;
}

/* From the last to the first: the places of those before hold. */
static enum status
note_all(struct scan *scan, struct state *state, const char *const *steps,
    const char *path)
{
	enum status status = STATUS_OK;

	for (size_t i = scan->count; i-- > 0 && status == STATUS_OK;)
		status = note(state, steps, &scan->spans[i], path, scan->diag);
	return status;
}

/*
 * First the ledger says that these IDocs are in no file; then comes the step
 * that counts, and with it the places of those that stay. Killed before it, the
 * file is found again; killed behind it, places alone are those of before. part
 * NULL: nothing is left of the file.
 */
static enum status
publish(struct scan *scan, struct state *state, const char *path,
    const char *part)
{
	enum status status = state_begin(state, scan->diag);

	if (status == STATUS_OK)
		status = state_leave(state, true,
		    note_all(scan, state, leave, path), scan->diag);
	if (status == STATUS_OK)
		status = state_begin(state, scan->diag);
	if (status != STATUS_OK)
		return status;
	status = note_all(scan, state, move_up, path);
	if (status == STATUS_OK)
		status = part == NULL ? remove_file(path, scan->diag)
				      : whole_publish(part, path, scan->diag);
	return state_leave(state, true, status, scan->diag);
}

static enum status
replace(struct scan *scan, struct state *state, const char *path,
    const struct stat *info)
{
	struct buf part = BUF_INIT;
	enum status status;

	buf_add_format(&part, "%s.part", path);
	status = write_rest(scan, part.data, info);
	if (status == STATUS_OK)
		status = publish(scan, state, path, part.data);
	if (status != STATUS_OK)
		unlink(part.data);
	buf_free(&part);
	return status;
}

/* --- a file --- */

static enum status
scan_file(struct scan *scan, const char *path, const struct stat *info,
    const struct config *config, enum idoc_content *content)
{
	enum status status = read_piece(scan, 0, SNIFF_BYTES);

	*content = idoc_sniff(buf_str(&scan->bytes));
	if (status != STATUS_OK || *content == IDOC_CONTENT_EMPTY)
		return status;
	return *content == IDOC_CONTENT_RECORDS
		   ? scan_lines(scan)
		   : scan_idocs(scan, path, (uint64_t)info->st_size, config);
}

static enum status
judge(struct scan *scan, enum idoc_content content, struct erase_file *found)
{
	enum status status = STATUS_OK;

	found->idocs = scan->found;
	found->named = scan->count;
	found->removed = scan->count == scan->found;
	if (found->removed || content == IDOC_CONTENT_RECORDS)
		return status;
	for (size_t i = 0; i < scan->count && status == STATUS_OK; i++) {
		bool sure;

		status = settle_span(scan, &scan->spans[i],
		    content == IDOC_CONTENT_XML, &sure);
		found->by_hand = found->by_hand || !sure;
	}
	return status;
}

static enum status
open_file(const char *path, int *fd, struct stat *info, struct diag *diag)
{
	*fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd >= 0 && fstat(*fd, info) == 0)
		return STATUS_OK;
	return text_errno(diag, STATUS_NO_INPUT, errno, "cannot open", path);
}

enum status
erase_file(struct state *state, const struct person *person, const char *path,
    bool apply, struct erase_file *found, struct diag *diag)
{
	struct scan scan = { .person = person, .diag = diag };
	enum idoc_content content = IDOC_CONTENT_EMPTY;
	struct stat info;
	enum status status = open_file(path, &scan.fd, &info, diag);

	*found = (struct erase_file){ .idocs = 0 };
	if (status == STATUS_OK)
		status = scan_file(&scan, path, &info, state_config(state),
		    &content);
	if (status == STATUS_OK && scan.count > 0)
		status = judge(&scan, content, found);
	if (status == STATUS_OK && scan.count > 0 && apply && !found->by_hand)
		status = found->removed ? publish(&scan, state, path, NULL)
					: replace(&scan, state, path, &info);
	if (scan.fd >= 0)
		close(scan.fd);
	free(scan.spans);
	buf_free(&scan.bytes);
	return status;
}

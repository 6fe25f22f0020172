#include "audit/profile_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/lines.h"
#include "base/text.h"
#include "state/exceptions.h"

#define START_BYTES 4096

/* Sorting takes as much memory as the cache, several times at once. */
static const char tables[] =
    "PRAGMA cache_size = -2000;"
    "CREATE TEMP TABLE profile_idoc("
    " n INTEGER PRIMARY KEY," /* in order of arrival */
    " sys TEXT, client TEXT, docnum TEXT, r INTEGER NOT NULL,"
    " message TEXT, seq TEXT, object TEXT,"
    " mapped INTEGER NOT NULL, hash BLOB NOT NULL);"
    "CREATE TEMP TABLE profile_mark("
    " name TEXT NOT NULL, id TEXT NOT NULL, weight INTEGER NOT NULL,"
    " PRIMARY KEY(name, id)) WITHOUT ROWID;"
    "CREATE TEMP TABLE profile_twin("
    " key TEXT NOT NULL, sku TEXT NOT NULL, material TEXT NOT NULL,"
    " PRIMARY KEY(key, sku, material)) WITHOUT ROWID;"
    "CREATE TEMP VIEW profile_volume AS"
    " SELECT CASE WHEN seq >= '1' THEN substr(seq, 1, 4) || '-' ||"
    " substr(seq, 5, 2) || '-' || substr(seq, 7, 2) ELSE '-' END AS day,"
    " message, count(*) AS n FROM profile_idoc GROUP BY 1, 2;";

enum status
profile_open(struct profile **opened, struct state *state,
    const struct config *config, const struct dictionary *dictionary,
    struct diag *diag)
{
	const struct idoc_options options = {
		.fallback = config_text(config, "sap", NULL, "encoding"),
		.dictionary = dictionary,
		.raw = true,
		.hash = true,
	};
	struct profile *profile = mem_zero(1, sizeof(*profile));
	enum status status;

	*opened = profile;
	profile->state = state;
	profile->config = config;
	profile->dictionary = dictionary;
	profile->doc = (struct json_doc)JSON_DOC_INIT;
	profile->symbols = idoc_symbols_new();
	profile->fields = profile_fields_new(profile->symbols);
	profile->reader = idoc_reader_new(profile->symbols, &options);
	status = map_new(&profile->map, profile->symbols, config, diag);
	return status == STATUS_OK ? state_exec(state, tables, diag) : status;
}

void
profile_free(struct profile *profile)
{
	if (profile == NULL)
		return;
	map_free(profile->map);
	idoc_reader_free(profile->reader);
	profile_fields_free(profile->fields);
	idoc_symbols_free(profile->symbols);
	json_doc_free(&profile->doc);
	arena_free(&profile->arena);
	buf_free(&profile->id);
	free(profile);
}

enum status
profile_mark(struct profile *profile, const char *check, struct str id,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(profile->state,
	    "INSERT INTO profile_mark VALUES(?1, coalesce(?2, '-'), 1)"
	    " ON CONFLICT DO UPDATE SET weight = weight + 1",
	    diag);

	sql_text(statement, 1, str_of(check));
	sql_text(statement, 2, id);
	return sql_run(profile->state, statement, diag);
}

enum status
profile_came(struct profile *profile, const struct profile_row *row,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(profile->state,
	    "INSERT INTO profile_idoc(sys, client, docnum, r, message, seq,"
	    " object, mapped, hash) VALUES(coalesce(?1, ''), coalesce(?2, ''),"
	    " ?3, ?4, coalesce(?5, '-'), ?6, ?7, ?8, ?9)",
	    diag);

	sql_text(statement, 1, row->sys);
	sql_text(statement, 2, row->client);
	sql_text(statement, 3, row->docnum);
	sql_int(statement, 4, (int64_t)row->r);
	sql_text(statement, 5, row->message);
	sql_text(statement, 6, row->seq);
	sql_text(statement, 7, row->object);
	sql_int(statement, 8, row->mapped);
	sql_hash(statement, 9, row->hash);
	return sql_run(profile->state, statement, diag);
}

/* An IDoc by its number, else by its file and position. */
static struct str
name_of(struct profile *profile, const struct idoc *idoc)
{
	const char *base = strrchr(idoc->file.data, '/');

	if (idoc->control.docnum.len > 0)
		return idoc->control.docnum;
	return arena_format(&profile->arena, "%s#%llu",
	    base != NULL ? base + 1 : idoc->file.data,
	    (unsigned long long)idoc->n);
}

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct profile *profile = user;
	struct record_src src;
	struct profile_row row = { .hash = idoc->hash,
		.docnum = idoc->control.docnum,
		.mapped = map_knows(profile->map, idoc->control.mestyp) };
	struct str name;
	enum status status;

	profile->idocs++;
	arena_reset(&profile->arena);
	map_src(&idoc->control, idoc->file, idoc->n, idoc->hash,
	    &profile->arena, &src, &row.seq);
	row.sys = src.sys;
	row.client = src.client;
	row.message = src.mestyp;
	name = name_of(profile, idoc);
	status =
	    profile_segments(profile, idoc, name, &row.object, profile->diag);
	if (status == STATUS_OK)
		status = profile_came(profile, &row, profile->diag);
	if (status == STATUS_OK && str_is(idoc->control.test, "X"))
		status =
		    profile_mark(profile, "idoc-test", name, profile->diag);
	if (status == STATUS_OK && idoc->control_missing)
		status = profile_mark(profile, "idoc-no-control", name,
		    profile->diag);
	if (status == STATUS_OK && idoc->bytes_replaced)
		status =
		    profile_mark(profile, "text-damaged", name, profile->diag);
	return status;
}

/* It is an exception in the folded state. */
static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct profile *profile = user;
	struct record_src src;
	struct profile_row row = { .hash = fault->hash,
		.docnum = fault->control.docnum,
		.mapped = true };

	profile->idocs++;
	arena_reset(&profile->arena);
	map_src(&fault->control, fault->file, fault->n, fault->hash,
	    &profile->arena, &src, &row.seq);
	row.sys = src.sys;
	row.client = src.client;
	row.message = src.mestyp;
	return profile_came(profile, &row, profile->diag);
}

/* idoc-parse found it, in a pipe before this one; it stands for its IDoc. */
static enum status
take_exception(struct profile *profile, const struct record *record,
    struct diag *diag)
{
	struct profile_row row = { .mapped = true,
		.hash = hash_of(record->id) };
	struct exception exception;
	struct diag invalid;
	bool known;
	enum status status;

	if (exception_read(&exception, record, &profile->arena, &invalid) !=
	    STATUS_OK)
		return STATUS_OK;
	status = exceptions_known(profile->state, &exception, &known, diag);
	if (status == STATUS_OK && !known)
		status = exceptions_raise(profile->state, &exception, diag);
	if (status != STATUS_OK || !exception.settles ||
	    strcmp(exception.subject, "idoc") != 0)
		return status;
	profile->idocs++;
	row.sys = exception.src.sys;
	row.client = exception.src.client;
	row.docnum = exception.src.docnum;
	row.message = exception.src.mestyp;
	row.seq = record->seq;
	return profile_came(profile, &row, diag);
}

static enum status
take_record(void *user, struct str line, struct diag *diag)
{
	struct profile *profile = user;
	struct record record;
	struct diag invalid; /* an exception in the folded state */
	struct profile_row row = { .mapped = true };
	enum status status;

	arena_reset(&profile->arena);
	if (line.len == 0 || record_parse(&record, &profile->doc,
				 &profile->arena, line, &invalid) != STATUS_OK)
		return STATUS_OK;
	if (record.type == RECORD_EXCEPTION)
		return take_exception(profile, &record, diag);
	if (record.type == RECORD_DESIRED)
		return STATUS_OK;
	profile->records++;
	row.sys = record.src.sys;
	row.client = record.src.client;
	row.docnum = record.src.docnum;
	row.r = record.src.r;
	row.seq = record.seq;
	row.message = record.src.mestyp.len > 0
			  ? record.src.mestyp
			  : str_of(record_type_name(record.type));
	row.object = arena_format(&profile->arena, "%s %.*s",
	    record_type_name(record.type), STR_ARGS(record.id));
	row.hash = hash_of(line);
	status = profile_values(profile, record.root, row.object, diag);
	return status == STATUS_OK ? profile_came(profile, &row, diag) : status;
}

static enum status
read_lines(struct profile *profile, int fd, struct str start, struct diag *diag)
{
	struct lines lines;
	enum status status;

	lines_open(&lines, fd);
	lines_unread(&lines, start);
	status = lines_each(&lines, take_record, profile, diag);
	lines_close(&lines);
	/* A line that is too long is an exception, too. */
	return status == STATUS_DATA ? STATUS_OK : status;
}

static enum status
read_open(struct profile *profile, int fd, const char *path, struct diag *diag)
{
	const struct idoc_sink sink = { on_idoc, on_fault, profile, NULL };
	char bytes[START_BYTES];
	struct str start = { bytes, 0 };
	enum status status =
	    fd_read(fd, bytes, sizeof(bytes), &start.len, diag);

	if (status != STATUS_OK)
		return status;
	switch (idoc_sniff(start)) {
	case IDOC_CONTENT_EMPTY:
		return STATUS_OK;
	case IDOC_CONTENT_RECORDS:
		return read_lines(profile, fd, start, diag);
	case IDOC_CONTENT_XML:
	case IDOC_CONTENT_FLAT:
	case IDOC_CONTENT_OTHER:
		break;
	}
	status = idoc_read(profile->reader, fd, path, start, &sink, diag);
	return status == STATUS_DATA ? STATUS_OK : status;
}

enum status
profile_read(struct profile *profile, int fd, const char *path,
    struct diag *diag)
{
	enum status status = state_begin(profile->state, diag);

	profile->files++;
	profile->diag = diag;
	if (status == STATUS_OK)
		status = read_open(profile, fd, path, diag);
	return state_leave(profile->state, true, status, diag);
}

enum status
profile_file(struct profile *profile, const char *path, struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status;

	if (fd < 0)
		return text_errno(diag, STATUS_NO_INPUT, errno, "cannot open",
		    path);
	status = profile_read(profile, fd, path, diag);
	close(fd);
	return status;
}

enum status
profile_look(struct profile *profile, struct diag *diag)
{
	enum status status = state_begin(profile->state, diag);

	if (status == STATUS_OK)
		status = profile_folded(profile, diag);
	return state_leave(profile->state, true, status, diag);
}

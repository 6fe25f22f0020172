#include "state/exceptions.h"
#include "state/schema.h"

#include "base/instant.h"

const char exceptions_schema[] =
    "CREATE TABLE exception("
    " n INTEGER PRIMARY KEY,"
    " code TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " id TEXT NOT NULL,"
    " open INTEGER NOT NULL DEFAULT 1,"
    " severity INTEGER NOT NULL," /* enum severity */
    " owner TEXT NOT NULL,"
    " customer TEXT,"
    " message TEXT,"
    " sys TEXT, client TEXT, docnum TEXT, mestyp TEXT, file TEXT,"
    " position INTEGER NOT NULL DEFAULT 0,"
    " count INTEGER NOT NULL DEFAULT 1,"
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " acked_at INTEGER,"
    " acked_by TEXT,"
    " closed_at INTEGER,"
    " resolution TEXT) STRICT;" /* 'healed', or who resolved it */
    "CREATE UNIQUE INDEX exception_open ON exception(subject, id, code)"
    " WHERE open = 1;"
    "CREATE INDEX exception_subject ON exception(subject, id, code);"
    "CREATE INDEX exception_customer ON exception(customer)"
    " WHERE open = 1 AND customer IS NOT NULL;";

const char exceptions_schema_2[] =
    "ALTER TABLE exception ADD COLUMN line INTEGER;" /* of the file */
    "CREATE INDEX exception_file ON exception(file)"
    " WHERE open = 1 AND file IS NOT NULL;";

/* How well a label fits a code: its length, exact better; 0 = not at all. */
static size_t
fit(const char *label, const char *code)
{
	size_t len = strlen(label);

	if (len > 0 && label[len - 1] == '*')
		return strncmp(label, code, len - 1) == 0 ? len : 0;
	return strcmp(label, code) == 0 ? SIZE_MAX : 0;
}

const char *
exceptions_setting(const struct config *config, const char *code,
    const char *key)
{
	const struct config_entry *entry;
	const char *found = NULL;
	size_t best = 0;

	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++) {
		size_t how;

		if (strcmp(entry->section, "exception") != 0 ||
		    strcmp(entry->key, key) != 0)
			continue;
		how = fit(entry->label, code);
		if (how > best) {
			best = how;
			found = entry->value;
		}
	}
	return found;
}

static enum severity
severity_for(const struct state *state, const char *code)
{
	const char *text =
	    exceptions_setting(state_config(state), code, "severity");
	enum severity severity;

	if (text != NULL && severity_of(str_of(text), &severity))
		return severity;
	return exception_code_find(code)->severity;
}

static const char *
owner_for(const struct state *state, const char *code)
{
	const char *owner =
	    exceptions_setting(state_config(state), code, "owner");

	return owner != NULL ? owner : exception_code_find(code)->owner;
}

enum status
exceptions_raise(struct state *state, const struct exception *exception,
    struct diag *diag)
{
	const struct record_src *src = &exception->src;
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO exception(code, subject, id, severity, owner,"
	    " customer, message, sys, client, docnum, mestyp, file, position,"
	    " first_at, last_at, line)"
	    " VALUES(?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " ?11, ?12, ?13, ?14, ?14, ?15)"
	    " ON CONFLICT(subject, id, code) WHERE open = 1 DO UPDATE SET"
	    " count = count + 1, last_at = excluded.last_at,"
	    " severity = max(severity, excluded.severity),"
	    " owner = excluded.owner, message = excluded.message,"
	    " customer = coalesce(excluded.customer, customer),"
	    " sys = excluded.sys, client = excluded.client,"
	    " docnum = excluded.docnum, mestyp = excluded.mestyp,"
	    " file = excluded.file, position = excluded.position,"
	    " line = excluded.line",
	    diag);

	sql_text(statement, 1, str_of(exception->code));
	sql_text(statement, 2, str_of(exception->subject));
	sql_text(statement, 3, exception->id);
	sql_int(statement, 4, severity_for(state, exception->code));
	sql_text(statement, 5, str_of(owner_for(state, exception->code)));
	sql_text(statement, 6, exception->customer);
	sql_text(statement, 7, exception->message);
	sql_text(statement, 8, src->sys);
	sql_text(statement, 9, src->client);
	sql_text(statement, 10, src->docnum);
	sql_text(statement, 11, src->mestyp);
	sql_text(statement, 12, src->file);
	sql_int(statement, 13, (int64_t)src->n);
	sql_time(statement, 14, instant_now());
	if (exception->line > 0)
		sql_int(statement, 15, (int64_t)exception->line);
	return sql_run(state, statement, diag);
}

enum status
exceptions_known(struct state *state, const struct exception *exception,
    bool *known, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM exception WHERE code = ?1 AND subject = ?2"
	    " AND id = coalesce(?3, '') AND (open = 1 OR (message IS ?4"
	    "  AND docnum IS ?5)) LIMIT 1",
	    diag);
	enum status status;

	sql_text(statement, 1, str_of(exception->code));
	sql_text(statement, 2, str_of(exception->subject));
	sql_text(statement, 3, exception->id);
	sql_text(statement, 4, exception->message);
	sql_text(statement, 5, exception->src.docnum);
	*known = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
exceptions_heal(struct state *state, const char *code, const char *subject,
    struct str id, struct diag *diag)
{
	sqlite3_stmt *statement =
	    code != NULL
		? state_sql(state,
		      "UPDATE exception SET open = 0, closed_at = ?4,"
		      " resolution = 'healed' WHERE open = 1 AND code = ?1"
		      " AND subject = ?2 AND id = coalesce(?3, '')",
		      diag)
		: state_sql(state,
		      "UPDATE exception SET open = 0, closed_at = ?4,"
		      " resolution = 'healed' WHERE open = 1 AND subject = ?2"
		      " AND id = coalesce(?3, '')",
		      diag);

	if (code != NULL)
		sql_text(statement, 1, str_of(code));
	sql_text(statement, 2, str_of(subject));
	sql_text(statement, 3, id);
	sql_time(statement, 4, instant_now());
	return sql_run(state, statement, diag);
}

static void
read_row(sqlite3_stmt *statement, struct exception_row *row)
{
	row->code = sql_get_text(statement, 0);
	row->severity =
	    str_of(severity_name((enum severity)sql_get_int(statement, 1)));
	row->owner = sql_get_text(statement, 2);
	row->subject = sql_get_text(statement, 3);
	row->id = sql_get_text(statement, 4);
	row->customer = sql_get_text(statement, 5);
	row->message = sql_get_text(statement, 6);
	row->src.file = sql_get_text(statement, 7);
	row->first_at = sql_get_time(statement, 8);
	row->last_at = sql_get_time(statement, 9);
	row->count = (uint64_t)sql_get_int(statement, 10);
	row->open = sql_get_int(statement, 11) != 0;
	row->acked_by = sql_get_text(statement, 12);
	row->src.sys = sql_get_text(statement, 13);
	row->src.client = sql_get_text(statement, 14);
	row->src.docnum = sql_get_text(statement, 15);
	row->src.mestyp = sql_get_text(statement, 16);
	row->src.n = (uint64_t)sql_get_int(statement, 17);
	row->resolution = sql_get_text(statement, 18);
	row->file = row->src.file;
}

#define ROW_COLUMNS                                                            \
	"code, severity, owner, subject, id, customer, message,"               \
	" file, first_at, last_at, count, open, acked_by, sys, client,"        \
	" docnum, mestyp, position, resolution"

static enum status
each_row(struct state *state, sqlite3_stmt *statement, bool lines,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	enum status status;

	while (sql_row(state, statement, &status, diag)) {
		struct exception_row row = { .open = true };

		read_row(statement, &row);
		if (lines)
			row.line = (size_t)sql_get_int(statement, 19);
		status = each(user, &row);
		if (status != STATUS_OK)
			break;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
exceptions_each(struct state *state, bool all,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " ROW_COLUMNS " FROM exception"
	    " WHERE open = 1 OR ?1 ORDER BY open DESC, severity DESC,"
	    " first_at, n",
	    diag);

	sql_int(statement, 1, all);
	return each_row(state, statement, false, each, user, diag);
}

enum status
exceptions_of_file(struct state *state, struct str file,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " ROW_COLUMNS ", line FROM exception"
	    " WHERE open = 1 AND file = ?1 ORDER BY position, n",
	    diag);

	sql_text(statement, 1, file);
	return each_row(state, statement, true, each, user, diag);
}

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

/*
 * The history is written by triggers: whoever opens, closes or decides about an
 * exception, in whatever module, cannot forget it.
 */
const char exceptions_schema_7[] =
    "ALTER TABLE exception ADD COLUMN opened_at INTEGER;" /* NULL: first_at */
    "ALTER TABLE exception ADD COLUMN assigned_at INTEGER;"
    "ALTER TABLE exception ADD COLUMN assigned_by TEXT;"
    "ALTER TABLE exception ADD COLUMN escalated_at INTEGER;"
    "ALTER TABLE exception ADD COLUMN why TEXT;" /* of its resolution */
    "CREATE INDEX exception_old ON exception(closed_at) WHERE open = 0;"
    "CREATE TABLE exception_history("
    " n INTEGER PRIMARY KEY,"
    " exception INTEGER NOT NULL REFERENCES exception(n),"
    " at INTEGER NOT NULL,"
    " what TEXT NOT NULL,"
    " who TEXT,"
    " text TEXT) STRICT;"
    "CREATE INDEX exception_history_of ON exception_history(exception);"
    "CREATE TRIGGER exception_raised AFTER INSERT ON exception BEGIN"
    " INSERT INTO exception_history(exception, at, what)"
    "  VALUES(new.n, new.first_at, 'raised'); END;"
    "CREATE TRIGGER exception_reopened AFTER UPDATE OF open ON exception"
    " WHEN old.open = 0 AND new.open = 1 BEGIN"
    " INSERT INTO exception_history(exception, at, what)"
    "  VALUES(new.n, new.opened_at, 'reopened'); END;"
    "CREATE TRIGGER exception_closed AFTER UPDATE OF open ON exception"
    " WHEN old.open = 1 AND new.open = 0 BEGIN"
    " INSERT INTO exception_history(exception, at, what, text)"
    "  VALUES(new.n, new.closed_at, 'closed',"
    "   new.resolution || coalesce(': ' || new.why, '')); END;"
    "CREATE TRIGGER exception_acked AFTER UPDATE OF acked_at ON exception"
    " WHEN new.acked_at IS NOT NULL BEGIN"
    " INSERT INTO exception_history(exception, at, what, who)"
    "  VALUES(new.n, new.acked_at, 'acknowledged', new.acked_by);"
    " END;"
    "CREATE TRIGGER exception_assigned AFTER UPDATE OF assigned_at"
    " ON exception WHEN new.assigned_at IS NOT NULL BEGIN"
    " INSERT INTO exception_history(exception, at, what, who, text)"
    "  VALUES(new.n, new.assigned_at, 'assigned', new.assigned_by,"
    "   'to ' || new.owner); END;"
    "CREATE TRIGGER exception_escalated AFTER UPDATE OF escalated_at"
    " ON exception WHEN new.escalated_at IS NOT NULL BEGIN"
    " INSERT INTO exception_history(exception, at, what, text)"
    "  VALUES(new.n, new.escalated_at, 'escalated', 'to ' || new.owner);"
    " END;";

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

/* What a row says of the exception; the code, subject and id are its key. */
static void
bind(struct state *state, sqlite3_stmt *statement,
    const struct exception *exception)
{
	const struct record_src *src = &exception->src;

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
}

/* One more count of the open one, if there is one. */
static enum status
count_up(struct state *state, const struct exception *exception, bool *open,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET count = count + 1, last_at = ?14,"
	    " severity = max(severity, ?4),"
	    " owner = CASE WHEN assigned_at IS NULL AND escalated_at IS NULL"
	    "  THEN ?5 ELSE owner END, message = ?7,"
	    " customer = coalesce(?6, customer), sys = ?8, client = ?9,"
	    " docnum = ?10, mestyp = ?11, file = ?12, position = ?13,"
	    " line = ?15 WHERE open = 1 AND subject = ?2"
	    " AND id = coalesce(?3, '') AND code = ?1",
	    diag);

	bind(state, statement, exception);
	return sql_run_changing(state, statement, open, diag);
}

static enum status
insert(struct state *state, const struct exception *exception,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO exception(code, subject, id, severity, owner,"
	    " customer, message, sys, client, docnum, mestyp, file, position,"
	    " first_at, last_at, line)"
	    " VALUES(?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " ?11, ?12, ?13, ?14, ?14, ?15)",
	    diag);

	bind(state, statement, exception);
	return sql_run(state, statement, diag);
}

/* Its cause is back: the closed row lives again, and nobody knows of it. */
static enum status
reopen(struct state *state, const struct exception *exception,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 1, opened_at = ?4, severity = ?5,"
	    " acked_at = NULL, acked_by = NULL, assigned_at = NULL,"
	    " assigned_by = NULL, escalated_at = NULL, closed_at = NULL,"
	    " resolution = NULL, why = NULL WHERE open = 0 AND n ="
	    " (SELECT max(n) FROM exception WHERE subject = ?1"
	    "  AND id = coalesce(?2, '') AND code = ?3)",
	    diag);

	sql_text(statement, 1, str_of(exception->subject));
	sql_text(statement, 2, exception->id);
	sql_text(statement, 3, str_of(exception->code));
	sql_time(statement, 4, instant_now());
	sql_int(statement, 5, severity_for(state, exception->code));
	return sql_run(state, statement, diag);
}

enum status
exceptions_raise(struct state *state, const struct exception *exception,
    struct diag *diag)
{
	bool open;
	enum status status = count_up(state, exception, &open, diag);

	if (status != STATUS_OK || open)
		return status;
	status = reopen(state, exception, diag);
	if (status == STATUS_OK && state_changes(state) > 0)
		return count_up(state, exception, &open, diag);
	return status == STATUS_OK ? insert(state, exception, diag) : status;
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
exceptions_watch(struct state *state, struct exceptions_watch *watch,
    const char *code, bool *any, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (!watch->asked) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT 1 FROM exception WHERE open = 1 AND code = ?1"
		    " LIMIT 1",
		    diag);

		sql_text(statement, 1, str_of(code));
		watch->any |= sql_row(state, statement, &status, diag);
		sqlite3_reset(statement);
		watch->asked = status == STATUS_OK;
	}
	*any = watch->any;
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

enum status
exceptions_is_open(struct state *state, const char *code, const char *subject,
    struct str id, bool *open, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM exception WHERE open = 1 AND subject = ?1"
	    " AND id = coalesce(?2, '') AND code = ?3",
	    diag);

	sql_text(statement, 1, str_of(subject));
	sql_text(statement, 2, id);
	sql_text(statement, 3, str_of(code));
	*open = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

#include "state/triage.h"

#include "base/instant.h"

static const char *const standings[] = { "open", "new", "acknowledged",
	"escalated", "closed", "all" };

bool
standing_of(struct str name, enum standing *standing)
{
	for (size_t i = 0; i < sizeof(standings) / sizeof(standings[0]); i++)
		if (str_is(name, standings[i])) {
			*standing = (enum standing)i;
			return true;
		}
	return false;
}

#define ROW_COLUMNS                                                            \
	"n, code, severity, owner, subject, id, customer, message, sys,"       \
	" client, docnum, mestyp, file, position, line, count, open,"          \
	" opened_at IS NOT NULL,"                                              \
	" first_at, last_at, coalesce(opened_at, first_at), acked_at,"         \
	" escalated_at, closed_at, acked_by, assigned_by, resolution, why"

static void
read_row(sqlite3_stmt *statement, struct exception_row *row)
{
	struct str *const texts[] = { &row->owner, &row->subject, &row->id,
		&row->customer, &row->message, &row->src.sys, &row->src.client,
		&row->src.docnum, &row->src.mestyp, &row->src.file };
	instant *const times[] = { &row->first_at, &row->last_at,
		&row->opened_at, &row->acked_at, &row->escalated_at,
		&row->closed_at };
	int column = 0;

	row->n = sql_get_int(statement, column++);
	row->code = sql_get_text(statement, column++);
	row->severity = str_of(
	    severity_name((enum severity)sql_get_int(statement, column++)));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = sql_get_text(statement, column++);
	row->src.n = (uint64_t)sql_get_int(statement, column++);
	row->line = (size_t)sql_get_int(statement, column++);
	row->count = (uint64_t)sql_get_int(statement, column++);
	row->open = sql_get_int(statement, column++) != 0;
	row->reopened = sql_get_int(statement, column++) != 0;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		*times[i] = sql_get_time(statement, column++);
	row->acked_by = sql_get_text(statement, column++);
	row->assigned_by = sql_get_text(statement, column++);
	row->resolution = sql_get_text(statement, column++);
	row->why = sql_get_text(statement, column);
}

static enum status
each_row(struct state *state, sqlite3_stmt *statement,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	enum status status;

	while (sql_row(state, statement, &status, diag)) {
		struct exception_row row = { .src = { .r = 0 } };

		read_row(statement, &row);
		status = each(user, &row);
		if (status != STATUS_OK)
			break;
	}
	sqlite3_reset(statement);
	return status;
}

#define IS_CALLED(name)                                                        \
	"(code || ':' || subject || ':' || id = " name                         \
	" OR subject || ':' || id = " name " OR code = " name ")"

enum status
exceptions_each(struct state *state, const struct exception_filter *filter,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	static const struct exception_filter open = { .since = INSTANT_NONE };
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " ROW_COLUMNS " FROM exception WHERE CASE ?1"
	    " WHEN 0 THEN open = 1"
	    " WHEN 1 THEN open = 1 AND acked_at IS NULL"
	    " WHEN 2 THEN open = 1 AND acked_at IS NOT NULL"
	    " WHEN 3 THEN open = 1 AND escalated_at IS NOT NULL"
	    " WHEN 4 THEN open = 0 ELSE 1 END"
	    " AND severity >= ?2 AND (?3 IS NULL OR code GLOB ?3)"
	    " AND (?4 IS NULL OR owner = ?4)"
	    " AND (?5 IS NULL OR subject = ?5 OR subject || ':' || id = ?5)"
	    " AND (?6 IS NULL OR " IS_CALLED(
		"?6") ")"
		      " AND (?7 IS NULL OR last_at >= ?7)"
		      " ORDER BY open DESC, severity DESC, first_at, n",
	    diag);

	if (filter == NULL)
		filter = &open;
	sql_int(statement, 1, filter->standing);
	sql_int(statement, 2, filter->least);
	sql_text(statement, 3, filter->code);
	sql_text(statement, 4, filter->owner);
	sql_text(statement, 5, filter->subject);
	sql_text(statement, 6, filter->name);
	sql_time(statement, 7, filter->since);
	return each_row(state, statement, each, user, diag);
}

_Static_assert(STANDING_NEW == 1 && STANDING_ACKNOWLEDGED == 2 &&
		   STANDING_ESCALATED == 3 && STANDING_CLOSED == 4,
    "exceptions_each");

enum status
exceptions_one(struct state *state, int64_t n,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " ROW_COLUMNS " FROM exception WHERE n = ?1", diag);

	sql_int(statement, 1, n);
	return each_row(state, statement, each, user, diag);
}

enum status
exceptions_of_file(struct state *state, struct str file,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " ROW_COLUMNS " FROM exception"
	    " WHERE open = 1 AND file = ?1 ORDER BY position, n",
	    diag);

	sql_text(statement, 1, file);
	return each_row(state, statement, each, user, diag);
}

enum status
triage_history(struct state *state, int64_t n,
    enum status (*each)(void *user, const struct exception_event *event),
    void *user, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT at, what, who, text FROM exception_history"
	    " WHERE exception = ?1 ORDER BY n",
	    diag);
	enum status status;

	sql_int(statement, 1, n);
	while (sql_row(state, statement, &status, diag)) {
		struct exception_event event = {
			.at = sql_get_time(statement, 0),
			.what = sql_get_text(statement, 1),
			.who = sql_get_text(statement, 2),
			.text = sql_get_text(statement, 3),
		};

		status = each(user, &event);
		if (status != STATUS_OK)
			break;
	}
	sqlite3_reset(statement);
	return status;
}

#define KEPT_SECONDS ((int64_t)400 * 24 * 3600)

enum status
triage_prune(struct state *state, int64_t now, struct diag *diag)
{
#define OLD "exception WHERE open = 0 AND closed_at <= ?1"
	static const char *const parts[] = {
		("DELETE FROM exception_history WHERE exception IN"
		 " (SELECT n FROM " OLD ")"),
		("DELETE FROM notice WHERE exception IN"
		 " (SELECT n FROM " OLD ")"),
		"DELETE FROM " OLD,
	};
#undef OLD
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < sizeof(parts) / sizeof(parts[0]) && status == STATUS_OK; i++) {
		sqlite3_stmt *statement = state_sql(state, parts[i], diag);

		sql_int(statement, 1, now - KEPT_SECONDS);
		status = sql_run(state, statement, diag);
	}
	return status;
}

/* ?1 the name, ?2 who, ?3 now, ?4 what is decided. */
static enum status
decide(struct state *state, const char *sql, struct str name, struct str by,
    struct str what, uint64_t *count, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*count = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state, sql, diag);
	sql_text(statement, 1, name);
	sql_text(statement, 2, by);
	sql_time(statement, 3, instant_now());
	if (what.len > 0)
		sql_text(statement, 4, what);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		*count = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

#define NAMED " WHERE open = 1 AND " IS_CALLED("?1")

enum status
triage_ack(struct state *state, struct str name, struct str by, uint64_t *count,
    struct diag *diag)
{
	return decide(state,
	    "UPDATE exception SET acked_by = ?2, acked_at = ?3" NAMED, name, by,
	    STR_NONE, count, diag);
}

enum status
triage_assign(struct state *state, struct str name, struct str owner,
    struct str by, uint64_t *count, struct diag *diag)
{
	return decide(state,
	    "UPDATE exception SET owner = ?4, assigned_by = ?2,"
	    " assigned_at = ?3" NAMED,
	    name, by, owner, count, diag);
}

enum status
triage_note(struct state *state, struct str name, const char *what,
    struct str by, struct diag *diag)
{
	uint64_t noted;

	return decide(state,
	    "INSERT INTO exception_history(exception, at, what, who)"
	    " SELECT n, ?3, ?4, ?2 FROM exception" NAMED,
	    name, by, str_of(what), &noted, diag);
}

enum status
triage_resolve(struct state *state, struct str name, struct str why,
    struct str by, uint64_t *count, struct diag *diag)
{
	return decide(state,
	    "UPDATE exception SET open = 0, closed_at = ?3,"
	    " resolution = 'resolved by ' || ?2, why = ?4" NAMED,
	    name, by, why, count, diag);
}

#include "state/notice.h"
#include "state/schema.h"

#include "base/instant.h"

/* at: since when it is open, or escalated. */
const char notice_schema_7[] =
    "CREATE TABLE notice("
    " exception INTEGER NOT NULL REFERENCES exception(n),"
    " escalated INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY(exception, escalated, at)) STRICT, WITHOUT ROWID;";

static const char *const kinds[] = { "new", "reopened", "escalated" };

const char *
notice_kind_name(enum notice_kind kind)
{
	return kinds[kind];
}

/* The notice that an exception calls for; false: none. */
static bool
call_for(const struct exception_row *row, struct notice *notice)
{
	*notice = (struct notice){ .n = row->n, .at = row->opened_at };
	if (row->escalated_at != INSTANT_NONE) {
		notice->kind = NOTICE_ESCALATED;
		notice->at = row->escalated_at;
	} else if (row->reopened) {
		notice->kind = NOTICE_REOPENED;
	}
	return row->open && row->acked_at == INSTANT_NONE;
}

static void
bind_key(sqlite3_stmt *statement, const struct notice *notice)
{
	sql_int(statement, 1, notice->n);
	sql_int(statement, 2, notice->kind == NOTICE_ESCALATED);
	sql_time(statement, 3, notice->at);
}

struct due {
	struct state *state;
	struct arena *arena;
	struct notice_due *list;
	size_t count, room;
	struct diag *diag;
};

static enum status
add_due(void *user, const struct exception_row *row)
{
	struct due *due = user;
	struct notice notice;
	sqlite3_stmt *statement;
	enum status status;
	bool told;

	if (!call_for(row, &notice))
		return STATUS_OK;
	statement = state_sql(due->state,
	    "SELECT 1 FROM notice WHERE exception = ?1 AND escalated = ?2"
	    " AND at = ?3",
	    due->diag);
	bind_key(statement, &notice);
	told = sql_row(due->state, statement, &status, due->diag);
	sqlite3_reset(statement);
	if (told || status != STATUS_OK)
		return status;
	due->list = arena_more(due->arena, due->list, due->count, &due->room,
	    sizeof(*due->list));
	due->list[due->count] = (struct notice_due){ row->n,
		arena_str(due->arena, row->owner), due->count };
	due->count++;
	return STATUS_OK;
}

enum status
notice_due(struct state *state, const struct exception_filter *filter,
    struct arena *arena, struct notice_due **list, size_t *count,
    struct diag *diag)
{
	struct due due = { .state = state, .arena = arena, .diag = diag };
	enum status status =
	    exceptions_each(state, filter, add_due, &due, diag);

	*list = due.list;
	*count = due.count;
	return status;
}

struct copying {
	struct arena *arena;
	struct exception_row *row;
	bool found;
};

static enum status
copy_row(void *user, const struct exception_row *row)
{
	struct copying *copying = user;
	struct exception_row *to = copying->row;
	struct str *const texts[] = { &to->code, &to->severity, &to->owner,
		&to->subject, &to->id, &to->customer, &to->message,
		&to->src.sys, &to->src.client, &to->src.docnum, &to->src.mestyp,
		&to->src.file, &to->acked_by, &to->assigned_by, &to->resolution,
		&to->why };

	*to = *row;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_str(copying->arena, *texts[i]);
	copying->found = true;
	return STATUS_OK;
}

/* The row that says it is being told of; false: there is one already. */
static enum status
claim(struct state *state, const struct notice *notice, bool *ours,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO notice(exception, escalated, at) VALUES(?1, ?2, ?3)"
	    " ON CONFLICT DO NOTHING",
	    diag);

	bind_key(statement, notice);
	return sql_run_changing(state, statement, ours, diag);
}

static enum status
write_event(struct state *state, struct notice *notice, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO exception_history(exception, at, what, text)"
	    " VALUES(?1, ?2, 'notified', ?3 || ', and it is not known whether"
	    " that arrived')",
	    diag);
	enum status status;

	sql_int(statement, 1, notice->n);
	sql_time(statement, 2, instant_now());
	sql_text(statement, 3, str_of(kinds[notice->kind]));
	status = sql_run(state, statement, diag);
	notice->event = state_last_id(state);
	return status;
}

enum status
notice_begin(struct state *state, int64_t n, struct arena *arena,
    struct notice *notice, struct exception_row *row, bool *due,
    struct diag *diag)
{
	struct copying copying = { arena, row, false };
	enum status status;
	bool own;

	*due = false;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = exceptions_one(state, n, copy_row, &copying, diag);
	if (status == STATUS_OK && copying.found && call_for(row, notice))
		status = claim(state, notice, due, diag);
	if (status == STATUS_OK && *due)
		status = write_event(state, notice, diag);
	return state_leave(state, own, status, diag);
}

/* As if it had never been: the notice, and its line in the history. */
static enum status
take_back(struct state *state, const struct notice *notice, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM notice WHERE exception = ?1 AND escalated = ?2"
	    " AND at = ?3",
	    diag);
	enum status status;

	bind_key(statement, notice);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "DELETE FROM exception_history WHERE n = ?1", diag);
	sql_int(statement, 1, notice->event);
	return sql_run(state, statement, diag);
}

static enum status
confirm(struct state *state, const struct notice *notice, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception_history SET text = ?2 WHERE n = ?1", diag);

	sql_int(statement, 1, notice->event);
	sql_text(statement, 2, str_of(kinds[notice->kind]));
	return sql_run(state, statement, diag);
}

enum status
notice_end(struct state *state, const struct notice *notice, bool given,
    struct diag *diag)
{
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = (given ? confirm : take_back)(state, notice, diag);
	return state_leave(state, own, status, diag);
}

#include "state/erasure.h"

#include "base/instant.h"
#include "state/schema.h"
#include "state/suppression.h"

/* erasure.state; numbers in the SQL of this file and of deadline.c. */
enum erasure_state {
	ERASURE_DONE,
	ERASURE_WAITING,
	ERASURE_INTENDED, /* no answer yet */
	ERASURE_REFUSED,
	ERASURE_BY_HAND
};

_Static_assert(ERASURE_WAITING == 1 && ERASURE_INTENDED == 2,
    "numbers in the SQL");

const char erasure_schema_5[] =
    "CREATE TABLE erasure("
    " n INTEGER PRIMARY KEY,"
    " customer TEXT NOT NULL,"
    " hash BLOB NOT NULL UNIQUE," /* of the address, by the secret */
    " email TEXT," /* until Ometria has taken it */
    " state INTEGER NOT NULL,"
    " queued_at INTEGER NOT NULL,"
    " intent_at INTEGER,"
    " ended_at INTEGER,"
    " not_before INTEGER," /* milliseconds */
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " request_id TEXT) STRICT;"
    "CREATE INDEX erasure_open ON erasure(customer) WHERE state IN (1, 2);";

static enum status
add(struct state *state, struct str customer, struct str key, struct str email,
    enum erasure_state as, bool *news, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO erasure(customer, hash, email, state, queued_at)"
	    " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(hash) DO NOTHING",
	    diag);

	sql_text(statement, 1, customer);
	sql_hash(statement, 2, suppression_hash(state, key));
	sql_text(statement, 3, email);
	sql_int(statement, 4, as);
	sql_time(statement, 5, instant_now());
	return sql_run_changing(state, statement, news, diag);
}

enum status
erasure_queue(struct state *state, struct str customer, struct str email,
    bool *news, struct diag *diag)
{
	return add(state, customer, email, str_trim(email), ERASURE_WAITING,
	    news, diag);
}

enum status
erasure_by_hand(struct state *state, struct str customer, bool *news,
    struct diag *diag)
{
	return add(state, customer, customer, STR_NONE, ERASURE_BY_HAND, news,
	    diag);
}

enum status
erasure_next(struct state *state, struct arena *arena, struct erasure *erasure,
    bool *found, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT n, customer, email, attempts FROM erasure AS e"
	    " WHERE state IN (1, 2)"
	    " AND (not_before IS NULL OR not_before <= ?1)"
	    " AND NOT EXISTS(SELECT 1 FROM outbox AS c WHERE c.kind = 1"
	    "  AND c.id = e.customer AND (c.state IN (1, 2)"
	    "   OR c.accepted_rev > c.confirmed_rev))"
	    " AND NOT EXISTS(SELECT 1 FROM outbox AS o"
	    "  WHERE o.customer = e.customer AND o.state > 0 AND o.state = 2)"
	    " ORDER BY n LIMIT 1",
	    diag);
	enum status status;

	sql_int(statement, 1, instant_now_ms());
	*found = sql_row(state, statement, &status, diag);
	if (*found)
		*erasure = (struct erasure){
			.n = sql_get_int(statement, 0),
			.customer = sql_copy(statement, 1, arena),
			.email = sql_copy(statement, 2, arena),
			.attempts = sql_get_int(statement, 3),
		};
	sqlite3_reset(statement);
	return status;
}

/* One statement as a transaction; ?1 is the row. */
static enum status
change(struct state *state, const char *sql, const struct erasure *erasure,
    int64_t number, struct str text, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state, sql, diag);
	sql_int(statement, 1, erasure->n);
	sql_int(statement, 2, number);
	if (text.len > 0)
		sql_text(statement, 3, text);
	return state_leave(state, own, sql_run(state, statement, diag), diag);
}

enum status
erasure_intend(struct state *state, const struct erasure *erasure,
    struct diag *diag)
{
	return change(state,
	    "UPDATE erasure SET state = 2, intent_at = ?2,"
	    " attempts = attempts + 1 WHERE n = ?1",
	    erasure, instant_now(), STR_NONE, diag);
}

enum status
erasure_accepted(struct state *state, const struct erasure *erasure,
    struct str request_id, struct diag *diag)
{
	return change(state,
	    "UPDATE erasure SET state = 0, ended_at = ?2, email = NULL,"
	    " request_id = ?3 WHERE n = ?1",
	    erasure, instant_now(), request_id, diag);
}

enum status
erasure_refused(struct state *state, const struct erasure *erasure,
    struct diag *diag)
{
	return change(state,
	    "UPDATE erasure SET state = 3, ended_at = ?2 WHERE n = ?1", erasure,
	    instant_now(), STR_NONE, diag);
}

enum status
erasure_retry(struct state *state, struct str customer, uint64_t *count,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*count = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE erasure SET state = 1, not_before = NULL, ended_at = NULL,"
	    " attempts = 0 WHERE customer = ?1 AND state = 3"
	    " AND email IS NOT NULL",
	    diag);
	sql_text(statement, 1, customer);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		*count = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

enum status
erasure_again(struct state *state, const struct erasure *erasure, int64_t pause,
    struct diag *diag)
{
	return change(state,
	    "UPDATE erasure SET state = 1, not_before = ?2 WHERE n = ?1",
	    erasure, instant_now_ms() + pause, STR_NONE, diag);
}

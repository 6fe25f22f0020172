#include "state/meta.h"

enum status
meta_is(struct state *state, const char *name, struct hash hash, bool *same,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM meta WHERE key = ?1 AND value = ?2", diag);
	enum status status;

	sql_text(statement, 1, str_of(name));
	sql_hash(statement, 2, hash);
	*same = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
meta_set(struct state *state, const char *name, struct hash hash,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", diag);

	sql_text(statement, 1, str_of(name));
	sql_hash(statement, 2, hash);
	return sql_run(state, statement, diag);
}

enum status
meta_time(struct state *state, const char *name, instant *at, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta"
	    " WHERE key = ?1",
	    diag);
	enum status status;

	*at = INSTANT_NONE;
	sql_text(statement, 1, str_of(name));
	if (sql_row(state, statement, &status, diag))
		*at = sql_get_time(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
meta_set_time(struct state *state, const char *name, instant at,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR REPLACE INTO meta(key, value)"
	    " VALUES(?1, CAST(?2 AS BLOB))",
	    diag);

	sql_text(statement, 1, str_of(name));
	sql_int(statement, 2, at);
	return sql_run(state, statement, diag);
}

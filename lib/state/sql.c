#include "state/state_private.h"

#include "base/instant.h"

static struct state_statement *
slot_of(struct state *state, const char *sql)
{
	uint64_t key = (uint64_t)(uintptr_t)sql * 0x9e3779b97f4a7c15u;
	size_t at = (size_t)(key >> 54) % STATE_STATEMENTS;

	while (state->statements[at].sql != NULL &&
	       state->statements[at].sql != sql)
		at = (at + 1) % STATE_STATEMENTS;
	return &state->statements[at];
}

sqlite3_stmt *
state_sql(struct state *state, const char *sql, struct diag *diag)
{
	struct state_statement *slot = slot_of(state, sql);
	int rc;

	if (slot->sql != NULL) {
		sqlite3_reset(slot->statement);
		sqlite3_clear_bindings(slot->statement);
		return slot->statement;
	}
	if (state->statement_count >= STATE_STATEMENTS / 2) {
		diag_set(diag, STATUS_BUG, "too many SQL statements");
		return NULL;
	}
	rc = sqlite3_prepare_v3(state->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &slot->statement, NULL);
	if (rc != SQLITE_OK) {
		state_fail(state, rc, diag);
		return NULL;
	}
	slot->sql = sql;
	state->statement_count++;
	return slot->statement;
}

void
state_reset_all(struct state *state)
{
	if (state->db == NULL)
		return;
	for (sqlite3_stmt *at = sqlite3_next_stmt(state->db, NULL); at != NULL;
	     at = sqlite3_next_stmt(state->db, at))
		if (sqlite3_stmt_busy(at))
			sqlite3_reset(at);
}

void
state_finalize_all(struct state *state)
{
	for (size_t i = 0; i < STATE_STATEMENTS; i++)
		sqlite3_finalize(state->statements[i].statement);
}

int64_t
state_changes(struct state *state)
{
	return sqlite3_changes64(state->db);
}

int64_t
state_last_id(struct state *state)
{
	return sqlite3_last_insert_rowid(state->db);
}

void
sql_text(sqlite3_stmt *statement, int index, struct str text)
{
	if (text.len == 0)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_text64(statement, index, text.data, text.len,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
sql_int(sqlite3_stmt *statement, int index, int64_t value)
{
	sqlite3_bind_int64(statement, index, value);
}

void
sql_hash(sqlite3_stmt *statement, int index, struct hash hash)
{
	sqlite3_bind_blob(statement, index, hash.bytes, HASH_BYTES,
	    SQLITE_TRANSIENT);
}

void
sql_time(sqlite3_stmt *statement, int index, int64_t time)
{
	if (time == INSTANT_NONE)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_int64(statement, index, time);
}

bool
sql_row(struct state *state, sqlite3_stmt *statement, enum status *status,
    struct diag *diag)
{
	int rc;

	if (statement == NULL) {
		*status = diag->status;
		return false;
	}
	rc = sqlite3_step(statement);
	*status = STATUS_OK;
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		*status = state_fail(state, rc, diag);
	sqlite3_reset(statement);
	return false;
}

enum status
sql_run(struct state *state, sqlite3_stmt *statement, struct diag *diag)
{
	enum status status;

	while (sql_row(state, statement, &status, diag))
		continue;
	return status;
}

enum status
sql_run_changing(struct state *state, sqlite3_stmt *statement, bool *changed,
    struct diag *diag)
{
	enum status status = sql_run(state, statement, diag);

	*changed = status == STATUS_OK && state_changes(state) > 0;
	return status;
}

enum status
sql_find_text(struct state *state, const char *sql, struct str a,
    struct arena *arena, struct str *text, bool *found, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status = STATUS_OK;

	*text = STR_NONE;
	sql_text(statement, 1, a);
	*found = sql_row(state, statement, &status, diag);
	if (*found)
		*text = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
sql_run_two(struct state *state, const char *sql, struct str a, struct str b,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	sql_text(statement, 1, a);
	sql_text(statement, 2, b);
	return sql_run(state, statement, diag);
}

enum status
sql_run_steps(struct state *state, const char *const *steps, size_t count,
    struct str a, struct str b, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = sql_run_two(state, steps[i], a, b, diag);
	return status;
}

struct str
sql_get_text(sqlite3_stmt *statement, int column)
{
	const void *text = sqlite3_column_text(statement, column);
	int bytes = sqlite3_column_bytes(statement, column);

	if (text == NULL || bytes <= 0)
		return STR_NONE;
	return (struct str){ text, (size_t)bytes };
}

int64_t
sql_get_int(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_int64(statement, column);
}

int64_t
sql_get_time(sqlite3_stmt *statement, int column)
{
	return sql_is_null(statement, column)
		   ? INSTANT_NONE
		   : sqlite3_column_int64(statement, column);
}

bool
sql_get_hash(sqlite3_stmt *statement, int column, struct hash *hash)
{
	const void *bytes = sqlite3_column_blob(statement, column);

	if (bytes == NULL ||
	    sqlite3_column_bytes(statement, column) != HASH_BYTES)
		return false;
	memcpy(hash->bytes, bytes, HASH_BYTES);
	return true;
}

bool
sql_is_null(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

struct str
sql_copy(sqlite3_stmt *statement, int column, struct arena *arena)
{
	struct str text = sql_get_text(statement, column);

	return text.len > 0 ? arena_str(arena, text) : STR_NONE;
}

void
sql_texts(sqlite3_stmt *statement, int first, const void *record,
    const size_t *offsets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sql_text(statement, first + (int)i,
		    *(const struct str *)((const char *)record + offsets[i]));
}

void
sql_copy_texts(sqlite3_stmt *statement, int first, void *record,
    const size_t *offsets, size_t count, struct arena *arena)
{
	for (size_t i = 0; i < count; i++)
		*(struct str *)((char *)record + offsets[i]) =
		    sql_copy(statement, first + (int)i, arena);
}

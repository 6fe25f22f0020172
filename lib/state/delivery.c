#include "state/delivery.h"
#include "state/delivery_result.h"
#include "state/outbox_rows.h"
#include "state/schema.h"

#include "base/instant.h"

const char delivery_schema[] =
    "CREATE TABLE delivery("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " kind INTEGER NOT NULL,"
    " records INTEGER NOT NULL,"
    " hash BLOB NOT NULL," /* of the request body */
    " began_at INTEGER NOT NULL,"
    " ended_at INTEGER,"
    " result INTEGER NOT NULL DEFAULT 0," /* delivery_result.h */
    " request_id TEXT,"
    " why TEXT) STRICT;"
    "CREATE INDEX delivery_request ON delivery(request_id)"
    " WHERE request_id IS NOT NULL;"
    "CREATE INDEX delivery_ended ON delivery(ended_at);"
    "CREATE TABLE delivery_record("
    " delivery INTEGER NOT NULL REFERENCES delivery(id) ON DELETE CASCADE,"
    " id TEXT NOT NULL,"
    " rev INTEGER NOT NULL,"
    " hash BLOB NOT NULL," /* of the body of this revision */
    " refused INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(delivery, id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX delivery_record_id ON delivery_record(id, delivery);"
    "CREATE TABLE inflight("
    " delivery INTEGER PRIMARY KEY REFERENCES delivery(id)"
    "  ON DELETE CASCADE,"
    " bytes BLOB NOT NULL) STRICT;";

/* begun: the last delivery that had begun when this one ended. confirmed_at:
 * when it was known that Ometria had stored the record. */
const char delivery_schema_6[] =
    "ALTER TABLE delivery ADD COLUMN begun INTEGER;";

const char delivery_schema_7[] =
    "ALTER TABLE delivery_record ADD COLUMN confirmed_at INTEGER;";

static enum status
mark(struct state *state, const struct outbox_row *row, int64_t batch,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox AS o SET state = 2, batch = ?4, intent_rev = rev,"
	    " said = ?6"
	    " WHERE kind = ?1 AND id = ?2 AND rev = ?3 AND state = 1"
	    " AND (withheld IS NULL OR withheld <= ?5)"
	    " AND NOT " OUTBOX_HELD " AND NOT " OUTBOX_GATED,
	    diag);
	enum status status;

	sql_int(statement, 1, row->kind);
	sql_text(statement, 2, row->id);
	sql_int(statement, 3, (int64_t)row->rev);
	sql_int(statement, 4, batch);
	sql_time(statement, 5, instant_now());
	sql_int(statement, 6, (int64_t)row->said);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK && state_changes(state) != 1)
		return diag_set(diag, STATUS_TRY_AGAIN,
		    "a record changed before it was sent");
	return status;
}

static enum status
add_member(struct state *state, const struct outbox_row *row, int64_t batch,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO delivery_record(delivery, id, rev, hash)"
	    " VALUES(?1, ?2, ?3, ?4)",
	    diag);

	sql_int(statement, 1, batch);
	sql_text(statement, 2, row->id);
	sql_int(statement, 3, (int64_t)row->rev);
	sql_hash(statement, 4, row->hash);
	return sql_run(state, statement, diag);
}

static enum status
add_batch(struct state *state, enum desired_kind kind, size_t count,
    struct str bytes, int64_t *batch, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO delivery(kind, records, hash, began_at)"
	    " VALUES(?1, ?2, ?3, ?4) RETURNING id",
	    diag);
	enum status status;

	sql_int(statement, 1, kind);
	sql_int(statement, 2, (int64_t)count);
	sql_hash(statement, 3, hash_of(bytes));
	sql_time(statement, 4, instant_now());
	if (sql_row(state, statement, &status, diag))
		*batch = sql_get_int(statement, 0);
	if (status == STATUS_OK)
		status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT INTO inflight(delivery, bytes) VALUES(?1, ?2)", diag);
	sql_int(statement, 1, *batch);
	sqlite3_bind_blob64(statement, 2, bytes.data, bytes.len,
	    SQLITE_TRANSIENT);
	return sql_run(state, statement, diag);
}

enum status
delivery_intend(struct state *state, const struct outbox_row *rows,
    size_t count, struct str bytes, int64_t *batch, struct diag *diag)
{
	enum status status;
	bool own;

	*batch = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = add_batch(state, rows[0].kind, count, bytes, batch, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = mark(state, &rows[i], *batch, diag);
		if (status == STATUS_OK)
			status = add_member(state, &rows[i], *batch, diag);
	}
	return state_leave(state, own, status, diag);
}

/*
 * Whether every member is still what the bytes say, and may still leave; what
 * they say of a person who is opted out or erased may be from before that.
 */
static enum status
stands(struct state *state, int64_t batch, bool *yes, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) = (SELECT records FROM delivery WHERE id = ?1)"
	    " FROM delivery_record AS m JOIN delivery AS d"
	    "  ON d.id = m.delivery JOIN outbox AS o"
	    "  ON o.kind = d.kind AND o.id = m.id"
	    " WHERE m.delivery = ?1 AND o.batch = ?1 AND o.state = 2"
	    " AND o.rev = m.rev AND NOT " OUTBOX_HELD
	    " AND NOT (o.kind >= 2 AND EXISTS(SELECT 1 FROM customer AS p"
	    "  WHERE p.customer = o.customer"
	    "  AND (p.flagged IS NOT NULL OR p.erased)))",
	    diag);
	enum status status;

	sql_int(statement, 1, batch);
	*yes = sql_row(state, statement, &status, diag) &&
	       sql_get_int(statement, 0) != 0;
	sqlite3_reset(statement);
	return status;
}

/* The result of a batch; its bytes are no longer needed. */
static enum status
finish(struct state *state, int64_t batch, enum delivery_result result,
    struct str request_id, struct str why, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "DELETE FROM inflight WHERE delivery = ?1", diag);
	enum status status;

	sql_int(statement, 1, batch);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE delivery SET ended_at = ?2, result = ?3, request_id = ?4,"
	    " why = ?5, begun = (SELECT max(id) FROM delivery)"
	    " WHERE id = ?1",
	    diag);
	sql_int(statement, 1, batch);
	sql_time(statement, 2, instant_now());
	sql_int(statement, 3, result);
	sql_text(statement, 4, request_id);
	sql_text(statement, 5, why);
	return sql_run(state, statement, diag);
}

static enum status
dissolve(struct state *state, int64_t batch, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET state = 1, batch = NULL, accepted_hash = NULL"
	    " WHERE batch = ?1",
	    diag);
	enum status status;

	sql_int(statement, 1, batch);
	status = sql_run(state, statement, diag);
	return status == STATUS_OK ? finish(state, batch, DELIVERY_DISSOLVED,
					 STR_NONE, STR_NONE, diag)
				   : status;
}

/* The oldest batch in flight behind `after`; 0 = none. */
static enum status
next_batch(struct state *state, struct arena *arena, int64_t after,
    struct delivery_batch *batch, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT d.id, d.kind, d.records, f.bytes FROM inflight AS f"
	    " JOIN delivery AS d ON d.id = f.delivery"
	    " WHERE f.delivery > ?1 ORDER BY f.delivery LIMIT 1",
	    diag);
	enum status status;

	*batch = (struct delivery_batch){ .id = 0 };
	sql_int(statement, 1, after);
	if (!sql_row(state, statement, &status, diag))
		return status;
	batch->id = sql_get_int(statement, 0);
	batch->kind = (enum desired_kind)sql_get_int(statement, 1);
	batch->count = (size_t)sql_get_int(statement, 2);
	batch->bytes = sql_copy(statement, 3, arena);
	sqlite3_reset(statement);
	return STATUS_OK;
}

enum status
delivery_stands(struct state *state, int64_t batch, bool *yes,
    struct diag *diag)
{
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = stands(state, batch, yes, diag);
	if (status == STATUS_OK && !*yes)
		status = dissolve(state, batch, diag);
	return state_leave(state, own, status, diag);
}

enum status
delivery_pending(struct state *state, struct arena *arena, int64_t after,
    struct delivery_batch *batch, bool *found, struct diag *diag)
{
	enum status status;
	bool own;

	*found = false;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	while (status == STATUS_OK && !*found) {
		status = next_batch(state, arena, after, batch, diag);
		if (status != STATUS_OK || batch->id == 0)
			break;
		after = batch->id;
		status = stands(state, batch->id, found, diag);
		if (status == STATUS_OK && !*found)
			status = dissolve(state, batch->id, diag);
	}
	return state_leave(state, own, status, diag);
}

enum status
delivery_accepted(struct state *state, int64_t batch, struct str request_id,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET accepted_rev = intent_rev,"
	    " accepted_hash = (SELECT hash FROM delivery_record"
	    "  WHERE delivery = ?1 AND id = outbox.id),"
	    " accepted_at = ?2, state = CASE WHEN rev = intent_rev THEN 0"
	    "  ELSE 1 END, batch = NULL, attempts = 0, error = NULL,"
	    " not_before = NULL"
	    " WHERE batch = ?1",
	    diag);
	sql_int(statement, 1, batch);
	sql_int(statement, 2, instant_now_ms());
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		status = finish(state, batch, DELIVERY_ACCEPTED, request_id,
		    STR_NONE, diag);
	return state_leave(state, own, status, diag);
}

enum status
delivery_returned(struct state *state, int64_t batch, int64_t pause,
    struct str why, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET state = 1, batch = NULL, not_before = ?2,"
	    " attempts = attempts + 1, error = ?3"
	    " WHERE batch = ?1",
	    diag);
	sql_int(statement, 1, batch);
	if (pause > 0)
		sql_int(statement, 2, instant_now_ms() + pause);
	sql_text(statement, 3, why);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		status = finish(state, batch, DELIVERY_RETURNED, STR_NONE, why,
		    diag);
	return state_leave(state, own, status, diag);
}

enum status
delivery_since(struct state *state, enum desired_kind kind, int64_t since,
    uint64_t *records, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT coalesce(sum(records), 0) FROM delivery"
	    " WHERE (ended_at IS NULL OR ended_at > ?2) AND kind = ?1"
	    " AND result IN (0, 1) AND began_at > ?2",
	    diag);
	enum status status;

	*records = 0;
	sql_int(statement, 1, kind);
	sql_time(statement, 2, since);
	if (sql_row(state, statement, &status, diag))
		*records = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

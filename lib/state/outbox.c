#include "state/outbox.h"
#include "state/outbox_rows.h"
#include "state/schema.h"
#include "state/state_private.h"
#include "state/trace.h"

#include "base/instant.h"

/*
 * kind and lane are the numbers of their enums, state one of outbox_rows.h.
 * not_before and accepted_at are milliseconds, other times seconds.
 */
const char outbox_schema[] =
    "CREATE TABLE outbox("
    " n INTEGER PRIMARY KEY,"
    " kind INTEGER NOT NULL,"
    " id TEXT NOT NULL,"
    " state INTEGER NOT NULL,"
    " lane INTEGER NOT NULL,"
    " rev INTEGER NOT NULL,"
    " last_rev INTEGER NOT NULL," /* the greatest ever given */
    " hash BLOB NOT NULL,"
    " body TEXT NOT NULL,"
    " customer TEXT,"
    " needs TEXT," /* the order an event waits for */
    " queued_at INTEGER NOT NULL,"
    " withheld INTEGER,"
    " not_before INTEGER,"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " error TEXT,"
    " batch INTEGER," /* in flight in this delivery */
    " intent_rev INTEGER NOT NULL DEFAULT 0,"
    " accepted_rev INTEGER NOT NULL DEFAULT 0,"
    " accepted_hash BLOB," /* NULL: what Ometria has is not known */
    " accepted_at INTEGER,"
    " confirmed_rev INTEGER NOT NULL DEFAULT 0,"
    " refused_rev INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE(kind, id)) STRICT;"
    "CREATE INDEX outbox_open ON outbox(kind, lane, queued_at)"
    " WHERE state > 0;"
    "CREATE INDEX outbox_customer ON outbox(customer)"
    " WHERE state > 0 AND customer IS NOT NULL;"
    "CREATE INDEX outbox_batch ON outbox(batch) WHERE batch IS NOT NULL;"
    "CREATE INDEX outbox_unconfirmed ON outbox(accepted_at)"
    " WHERE accepted_rev > confirmed_rev;"
    "CREATE INDEX outbox_withheld ON outbox(withheld)"
    " WHERE state > 0 AND withheld IS NOT NULL;";

/* Bits of fields, given with an intent. */
const char outbox_schema_8[] =
    "ALTER TABLE outbox ADD COLUMN said INTEGER NOT NULL DEFAULT 0;";

/* What outbox_put must know of the row that stands. */
struct standing {
	bool found;
	int64_t n, state, rev, last_rev, accepted_rev, lane;
	struct hash hash, accepted_hash;
	bool accepted; /* accepted_hash is known */
};

static enum status
look(struct state *state, enum desired_kind kind, struct str id,
    struct standing *row, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT n, state, rev, last_rev, accepted_rev, lane, hash,"
	    " accepted_hash FROM outbox WHERE kind = ?1 AND id = ?2",
	    diag);
	enum status status;

	*row = (struct standing){ .found = false };
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	if (!sql_row(state, statement, &status, diag))
		return status;
	row->found = true;
	row->n = sql_get_int(statement, 0);
	row->state = sql_get_int(statement, 1);
	row->rev = sql_get_int(statement, 2);
	row->last_rev = sql_get_int(statement, 3);
	row->accepted_rev = sql_get_int(statement, 4);
	row->lane = sql_get_int(statement, 5);
	sql_get_hash(statement, 6, &row->hash);
	row->accepted = sql_get_hash(statement, 7, &row->accepted_hash);
	sqlite3_reset(statement);
	return STATUS_OK;
}

/* The order an event waits for, in a buffer of its own. */
static void
find_needs(const struct desired *desired, struct buf *needs)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *root;

	if (desired->kind != DESIRED_EVENT)
		return;
	root = json_parse(&doc, desired->body);
	if (root != NULL)
		buf_add_str(needs, json_text(root, "order_id", &arena));
	json_doc_free(&doc);
	arena_free(&arena);
}

static enum status
insert(struct state *state, struct desired *desired, enum lane lane,
    struct hash hash, struct diag *diag)
{
	struct buf needs = BUF_INIT;
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO outbox(kind, id, state, lane, rev, last_rev, hash,"
	    " body, customer, needs, queued_at)"
	    " VALUES(?1, ?2, 1, ?3, 1, 1, ?4, ?5, ?6, ?7, ?8)",
	    diag);

	find_needs(desired, &needs);
	sql_int(statement, 1, desired->kind);
	sql_text(statement, 2, desired->id);
	sql_int(statement, 3, lane);
	sql_hash(statement, 4, hash);
	sql_text(statement, 5, desired->body);
	sql_text(statement, 6, desired->customer);
	sql_text(statement, 7, buf_str(&needs));
	sql_time(statement, 8, instant_now());
	desired->rev = 1;
	buf_free(&needs);
	return sql_run(state, statement, diag);
}

/* A new revision; in flight stays in flight until the older one has its
 * result. What waits already keeps its place in the queue. */
static enum status
supersede(struct state *state, struct desired *desired, enum lane lane,
    struct hash hash, const struct standing *row, struct diag *diag)
{
	struct buf needs = BUF_INIT;
	bool waiting = row->state == ROW_WAITING;
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET rev = ?2, last_rev = ?2, hash = ?3, body = ?4,"
	    " customer = ?5, needs = ?6, lane = ?7, state = ?8,"
	    " queued_at = coalesce(?9, queued_at), attempts = 0, error = NULL"
	    " WHERE n = ?1",
	    diag);

	find_needs(desired, &needs);
	desired->rev = (uint64_t)row->last_rev + 1;
	sql_int(statement, 1, row->n);
	sql_int(statement, 2, (int64_t)desired->rev);
	sql_hash(statement, 3, hash);
	sql_text(statement, 4, desired->body);
	sql_text(statement, 5, desired->customer);
	sql_text(statement, 6, buf_str(&needs));
	sql_int(statement, 7,
	    waiting && row->lane < (int64_t)lane ? row->lane : (int64_t)lane);
	sql_int(statement, 8,
	    row->state == ROW_IN_FLIGHT ? ROW_IN_FLIGHT : ROW_WAITING);
	sql_time(statement, 9, waiting ? INSTANT_NONE : instant_now());
	buf_free(&needs);
	return sql_run(state, statement, diag);
}

static enum status
revert(struct state *state, struct desired *desired, struct hash hash,
    const struct standing *row, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET rev = accepted_rev, hash = ?2, body = ?3,"
	    " customer = ?4, state = 0, attempts = 0, error = NULL,"
	    " not_before = NULL WHERE n = ?1",
	    diag);

	desired->rev = (uint64_t)row->accepted_rev;
	sql_int(statement, 1, row->n);
	sql_hash(statement, 2, hash);
	sql_text(statement, 3, desired->body);
	sql_text(statement, 4, desired->customer);
	return sql_run(state, statement, diag);
}

/* Same body: only its place and whom it follows may change. */
static enum status
keep(struct state *state, struct desired *desired, enum lane lane,
    const struct standing *row, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET lane = ?2, customer = ?3 WHERE n = ?1 AND"
	    " (lane > ?2 OR customer IS NOT ?3)",
	    diag);

	desired->rev = (uint64_t)row->rev;
	sql_int(statement, 1, row->n);
	sql_int(statement, 2,
	    (int64_t)lane < row->lane ? (int64_t)lane : row->lane);
	sql_text(statement, 3, desired->customer);
	return sql_run(state, statement, diag);
}

/*
 * An order must not wait in its lane for a contact that stands in a slower one:
 * whichever of the two comes last, both are in the faster.
 */
static enum status
promote(struct state *state, const struct desired *desired, enum lane lane,
    struct diag *diag)
{
	sqlite3_stmt *statement;

	if (desired->kind == DESIRED_ORDER && lane != LANE_BACKFILL &&
	    desired->customer.len > 0)
		statement = state_sql(state,
		    "UPDATE outbox SET lane = ?2 WHERE kind = 1 AND id = ?1"
		    " AND state > 0 AND lane > ?2",
		    diag);
	else if (desired->kind == DESIRED_CONTACT && lane != LANE_URGENT)
		statement = state_sql(state,
		    "UPDATE outbox AS c SET lane = w.lane FROM ("
		    "SELECT min(lane) AS lane FROM outbox AS o"
		    "  WHERE o.customer = ?1 AND o.customer IS NOT NULL"
		    "  AND o.state > 0 AND o.kind = 2 AND o.lane < ?2) AS w"
		    " WHERE c.kind = 1 AND c.id = ?1 AND c.state > 0"
		    " AND c.lane > w.lane",
		    diag);
	else
		return STATUS_OK;
	sql_text(statement, 1,
	    desired->kind == DESIRED_ORDER ? desired->customer : desired->id);
	sql_int(statement, 2, lane);
	return sql_run(state, statement, diag);
}

_Static_assert(DESIRED_CONTACT == 1 && DESIRED_ORDER == 2, "promote");

void
outbox_set_age(struct state *state, enum outbox_age age)
{
	state->age = (int)age;
}

static bool
is_history(const struct state *state, const struct desired *desired,
    const struct standing *row, struct hash hash)
{
	if (desired->kind == DESIRED_CONTACT && desired->urgent)
		return false;
	if (state->age == OUTBOX_DUE)
		return row->found && row->lane == LANE_BACKFILL &&
		       hash_equal(row->hash, hash);
	return state->age == OUTBOX_HISTORY || desired->backfill;
}

enum status
outbox_put(struct state *state, struct desired *desired, enum lane lane,
    enum outbox_change *change, struct diag *diag)
{
	struct hash hash = hash_of(desired->body);
	struct standing row;
	enum status status;

	if (desired->urgent)
		lane = LANE_URGENT;
	status = look(state, desired->kind, desired->id, &row, diag);
	if (status != STATUS_OK)
		return status;
	desired->backfill = is_history(state, desired, &row, hash);
	if (desired->backfill)
		lane = LANE_BACKFILL;
	*change = OUTBOX_QUEUED;
	if (!row.found)
		status = insert(state, desired, lane, hash, diag);
	else if (hash_equal(row.hash, hash)) {
		*change = OUTBOX_SAME;
		status = keep(state, desired, lane, &row, diag);
	} else if (row.accepted && row.state != ROW_IN_FLIGHT &&
		   hash_equal(row.accepted_hash, hash)) {
		*change = OUTBOX_REVERTED;
		return revert(state, desired, hash, &row, diag);
	} else
		status = supersede(state, desired, lane, hash, &row, diag);
	if (status != STATUS_OK ||
	    (*change == OUTBOX_SAME && row.state == ROW_IDLE))
		return status;
	trace_put(state, desired->kind, desired->id, desired->rev);
	return promote(state, desired, lane, diag);
}

enum status
outbox_withhold(struct state *state, enum desired_kind kind, struct str id,
    int64_t until, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET withheld = ?3 WHERE kind = ?1 AND id = ?2"
	    " AND withheld IS NOT ?3",
	    diag);

	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_time(statement, 3, until);
	return sql_run(state, statement, diag);
}

enum status
outbox_forget(struct state *state, enum desired_kind kind, struct str id,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM outbox WHERE kind = ?1 AND id = ?2"
	    " AND state IN (1, 3) AND intent_rev = 0",
	    diag);

	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	return sql_run(state, statement, diag);
}

enum status
outbox_retry(struct state *state, enum desired_kind kind, struct str id,
    uint64_t *retried, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	*retried = 0;
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET state = 1, refused_rev = 0, not_before = NULL"
	    " WHERE state > 0 AND state = 3"
	    " AND (?2 IS NULL OR (kind = ?1 AND id = ?2))",
	    diag);
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	status = sql_run(state, statement, diag);
	*retried = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

_Static_assert(DESIRED_EVENT == 3, "outbox_resend");

enum status
outbox_resend(struct state *state, enum desired_kind kind, struct str id,
    uint64_t *resent, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*resent = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET state = 1, rev = last_rev + 1,"
	    " last_rev = last_rev + 1, accepted_hash = NULL, queued_at = ?3"
	    " WHERE kind = ?1 AND kind <> 3 AND state = 0 AND accepted_rev > 0"
	    " AND (?2 IS NULL OR id = ?2)",
	    diag);
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_time(statement, 3, instant_now());
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		*resent = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

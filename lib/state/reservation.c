#include "state/reservation.h"

#include "state/meta.h"

/* part: 0 = what an order will take, 1 = what has left lately, 2 = what it was,
 * within reservation_set. */
const char reservation_schema_7[] =
    "CREATE TABLE reservation("
    " order_id TEXT NOT NULL,"
    " item TEXT NOT NULL,"
    " by_sku INTEGER NOT NULL,"
    " part INTEGER NOT NULL,"
    " quantity INTEGER NOT NULL,"
    " until INTEGER NOT NULL,"
    " PRIMARY KEY(order_id, item, by_sku, part)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reservation_item ON reservation(item, by_sku, quantity);"
    "CREATE INDEX reservation_until ON reservation(until);"
    "CREATE TABLE reservation_due("
    " item TEXT NOT NULL,"
    " by_sku INTEGER NOT NULL,"
    " PRIMARY KEY(item, by_sku)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE reservation_pass(" /* at most one row */
    " after TEXT NOT NULL" /* orders up to this one are done */
    ") STRICT;";

static enum status
count_of(struct state *state, struct str order, int64_t *count,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) FROM reservation WHERE order_id = ?1"
	    " AND part = 0",
	    diag);

	*count = 0;
	sql_text(statement, 1, order);
	if (sql_row(state, statement, &status, diag))
		*count = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

static void
bind_one(sqlite3_stmt *statement, struct str order,
    const struct reservation *one)
{
	sql_text(statement, 1, order);
	sql_text(statement, 2, one->item);
	sql_int(statement, 3, one->by_sku);
	sql_int(statement, 4, one->quantity);
}

/* Whether the rows of an order are these. */
static enum status
are_these(struct state *state, struct str order, const struct reservation *list,
    size_t count, bool *same, struct diag *diag)
{
	int64_t rows;
	enum status status = count_of(state, order, &rows, diag);

	*same = status == STATUS_OK && rows == (int64_t)count;
	for (size_t i = 0; i < count && *same; i++) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT 1 FROM reservation WHERE order_id = ?1"
		    " AND item = ?2 AND by_sku = ?3 AND part = 0"
		    " AND quantity = ?4",
		    diag);

		bind_one(statement, order, &list[i]);
		*same = sql_row(state, statement, &status, diag);
		sqlite3_reset(statement);
	}
	return status;
}

static enum status
run_order(struct state *state, const char *sql, struct str order,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	sql_text(statement, 1, order);
	return sql_run(state, statement, diag);
}

#define DUE                                                                    \
	"INSERT OR IGNORE INTO reservation_due"                                \
	" SELECT item, by_sku FROM reservation WHERE order_id = ?1"

static enum status
insert(struct state *state, struct str order, const struct reservation *one,
    instant until, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO reservation(order_id, item, by_sku, part, quantity,"
	    " until) VALUES(?1, ?2, ?3, 0, ?4, ?5)",
	    diag);

	bind_one(statement, order, one);
	sql_int(statement, 5, until);
	return sql_run(state, statement, diag);
}

/* What it takes less than it did. */
static enum status
keep_left(struct state *state, struct str order, instant until,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO reservation(order_id, item, by_sku, part, quantity,"
	    " until) SELECT o.order_id, o.item, o.by_sku, 1,"
	    "  o.quantity - coalesce(n.quantity, 0), ?2 FROM reservation AS o"
	    "  LEFT JOIN reservation AS n ON n.order_id = o.order_id"
	    "   AND n.item = o.item AND n.by_sku = o.by_sku AND n.part = 0"
	    "  WHERE o.order_id = ?1 AND o.part = 2"
	    "   AND o.quantity > coalesce(n.quantity, 0)"
	    " ON CONFLICT(order_id, item, by_sku, part) DO UPDATE SET"
	    " quantity = quantity + excluded.quantity,"
	    " until = excluded.until",
	    diag);

	sql_text(statement, 1, order);
	sql_int(statement, 2, until);
	return sql_run(state, statement, diag);
}

enum status
reservation_set(struct state *state, struct str order,
    const struct reservation_times *times, const struct reservation *list,
    size_t count, struct diag *diag)
{
	bool same;
	enum status status = are_these(state, order, list, count, &same, diag);

	if (status != STATUS_OK || same)
		return status;
	status = run_order(state, DUE, order, diag);
	if (status == STATUS_OK)
		status = run_order(state,
		    "UPDATE reservation SET part = 2"
		    " WHERE order_id = ?1 AND part = 0",
		    order, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = insert(state, order, &list[i], times->until, diag);
	if (status == STATUS_OK && times->left_until != INSTANT_NONE)
		status = keep_left(state, order, times->left_until, diag);
	if (status == STATUS_OK)
		status = run_order(state,
		    "DELETE FROM reservation WHERE order_id = ?1 AND part = 2",
		    order, diag);
	return status == STATUS_OK ? run_order(state, DUE, order, diag)
				   : status;
}

enum status
reservation_drop(struct state *state, struct str order, struct diag *diag)
{
	enum status status = run_order(state, DUE, order, diag);

	return status == STATUS_OK ? run_order(state,
					 "DELETE FROM reservation"
					 " WHERE order_id = ?1",
					 order, diag)
				   : status;
}

enum status
reservation_expire(struct state *state, instant now, struct diag *diag)
{
	static const char *const texts[] = {
		"INSERT OR IGNORE INTO reservation_due"
		" SELECT item, by_sku FROM reservation WHERE until <= ?1",
		"DELETE FROM reservation WHERE until <= ?1",
	};
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < sizeof(texts) / sizeof(texts[0]) && status == STATUS_OK; i++) {
		sqlite3_stmt *statement = state_sql(state, texts[i], diag);

		sql_int(statement, 1, now);
		status = sql_run(state, statement, diag);
	}
	return status;
}

enum status
reservation_sum(struct state *state, struct str sku, int64_t *sum,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT (SELECT coalesce(sum(r.quantity), 0) FROM product AS p"
	    "  JOIN reservation AS r ON r.item = p.item AND r.by_sku = 0"
	    "  WHERE p.sku = ?1)"
	    " + (SELECT coalesce(sum(quantity), 0) FROM reservation"
	    "  WHERE item = ?1 AND by_sku = 1)",
	    diag);

	*sum = 0;
	sql_text(statement, 1, sku);
	if (sql_row(state, statement, &status, diag))
		*sum = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
reservation_waits(struct state *state, bool *yes, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM reservation_due LIMIT 1", diag);

	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
reservation_take(struct state *state, struct arena *arena, struct str *sku,
    bool *found, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM reservation_due WHERE (item, by_sku) IN"
	    " (SELECT item, by_sku FROM reservation_due LIMIT 1)"
	    " RETURNING CASE WHEN by_sku > 0 THEN item ELSE"
	    "  (SELECT sku FROM product AS p"
	    "   WHERE p.item = reservation_due.item) END",
	    diag);

	*sku = STR_NONE;
	*found = sql_row(state, statement, &status, diag);
	if (*found)
		*sku = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
reservation_configure(struct state *state, bool reserve,
    struct hash fingerprint, struct diag *diag)
{
	static const struct hash off;
	struct hash hash = reserve ? fingerprint : off;
	bool same = false;
	enum status status =
	    meta_is(state, "reservations-config", hash, &same, diag);

	if (status == STATUS_OK && !same)
		status = state_begin(state, diag);
	if (status != STATUS_OK || same)
		return status;
	status = meta_set(state, "reservations-config", hash, diag);
	if (status == STATUS_OK)
		status =
		    state_exec(state, "DELETE FROM reservation_pass;", diag);
	if (status == STATUS_OK && reserve)
		status = state_exec(state,
		    "INSERT INTO reservation_pass (after) VALUES ('');", diag);
	return state_leave(state, true, status, diag);
}

enum status
reservation_next(struct state *state, struct arena *arena, struct str *order,
    struct diag *diag)
{
	enum status status;
	bool pass;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT coalesce((SELECT min(id) FROM orders WHERE id > after"
	    "  AND moved_to IS NULL), '') FROM reservation_pass",
	    diag);

	*order = STR_NONE;
	pass = sql_row(state, statement, &status, diag);
	if (pass)
		*order = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	if (status != STATUS_OK || !pass)
		return status;
	if (order->len == 0)
		return state_exec(state, "DELETE FROM reservation_pass;", diag);
	return run_order(state, "UPDATE reservation_pass SET after = ?1",
	    *order, diag);
}

#include "state/order_anew.h"

#include "state/schema.h"

#define RANGE_TEXT "500"
_Static_assert(ORDER_ANEW_RANGE == 500, "a number in the SQL of this file");

/* One-time accounts of before are looked at as well. */
const char order_anew_schema_8[] =
    "CREATE TABLE order_anew("
    " customer TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE order_anew_pass(" /* at most one row */
    " after TEXT NOT NULL" /* orders up to this one are done */
    ") STRICT;"
    "INSERT INTO order_anew(customer)"
    " SELECT customer FROM customer WHERE one_time = 1;"
    "INSERT INTO order_anew_pass(after)"
    " SELECT '' WHERE EXISTS(SELECT 1 FROM order_anew);";

enum status
order_anew_mark(struct state *state, struct str customer, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *mark = state_sql(state,
	    "INSERT OR IGNORE INTO order_anew(customer) VALUES(?1)", diag);

	sql_text(mark, 1, customer);
	status = sql_run(state, mark, diag);
	return status == STATUS_OK
		   ? state_exec(state,
			 "DELETE FROM order_anew_pass;"
			 "INSERT INTO order_anew_pass(after) VALUES('');",
			 diag)
		   : status;
}

enum status
order_anew_waits(struct state *state, bool *yes, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM order_anew_pass", diag);

	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

/* The last order of the next range; empty when there is none. */
static enum status
find_last(struct state *state, struct arena *arena, struct str *last,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT max(id) FROM (SELECT id FROM orders"
	    " WHERE id > (SELECT after FROM order_anew_pass)"
	    " ORDER BY id LIMIT " RANGE_TEXT ")",
	    diag);

	*last = STR_NONE;
	if (sql_row(state, statement, &status, diag))
		*last = arena_str(arena, sql_get_text(statement, 0));
	sqlite3_reset(statement);
	return status;
}

/* A guest's row names no customer: its documents do. */
static enum status
find_orders(struct state *state, struct arena *arena, struct str last,
    struct str ids[ORDER_ANEW_RANGE], size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT id FROM orders"
	    " WHERE id > (SELECT after FROM order_anew_pass) AND id <= ?1"
	    " AND moved_to IS NULL AND (customer IN order_anew"
	    "  OR (customer IS NULL AND EXISTS(SELECT 1"
	    "   FROM order_document AS d JOIN json_each(d.facts) AS said"
	    "   WHERE d.order_id = orders.id"
	    "   AND said.value ->> '$.CUSTOMER' IN order_anew)))",
	    diag);

	sql_text(rows, 1, last);
	while (sql_row(state, rows, &status, diag))
		ids[(*count)++] = arena_str(arena, sql_get_text(rows, 0));
	sqlite3_reset(rows);
	return status;
}

enum status
order_anew_take(struct state *state, struct arena *arena,
    struct str ids[ORDER_ANEW_RANGE], size_t *count, struct diag *diag)
{
	struct str last;
	sqlite3_stmt *statement;
	enum status status = find_last(state, arena, &last, diag);

	*count = 0;
	if (status != STATUS_OK)
		return status;
	if (last.len == 0)
		return state_exec(state,
		    "DELETE FROM order_anew; DELETE FROM order_anew_pass;",
		    diag);
	status = find_orders(state, arena, last, ids, count, diag);
	if (status != STATUS_OK)
		return status;
	statement =
	    state_sql(state, "UPDATE order_anew_pass SET after = ?1", diag);
	sql_text(statement, 1, last);
	return sql_run(state, statement, diag);
}

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

const char order_anew_product_schema_8[] =
    "CREATE TABLE order_ean("
    " ean TEXT NOT NULL,"
    " order_id TEXT NOT NULL,"
    " PRIMARY KEY(ean, order_id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX order_ean_by_order ON order_ean(order_id);"
    "CREATE TABLE order_anew_due(order_id TEXT PRIMARY KEY)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE order_anew_number(number TEXT PRIMARY KEY)"
    " STRICT, WITHOUT ROWID;"; /* of materials, without leading zeros */

#define MOVED "sku.moved > 0 AND sku.moved & 2"

enum status
order_anew_by_ean(struct state *state, struct str ean, struct str order,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR IGNORE INTO order_ean(ean, order_id) VALUES(?1, ?2)",
	    diag);

	sql_text(statement, 1, ean);
	sql_text(statement, 2, order);
	return sql_run(state, statement, diag);
}

enum status
order_anew_ean(struct state *state, struct str ean, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR IGNORE INTO order_anew_due(order_id)"
	    " SELECT order_id FROM order_ean WHERE ean = ?1",
	    diag);

	sql_text(statement, 1, ean);
	return sql_run(state, statement, diag);
}

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
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM order_anew_pass"
	    " UNION ALL SELECT 1 FROM order_anew_due"
	    " UNION ALL SELECT 1 FROM sku WHERE " MOVED " LIMIT 1",
	    diag);

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
		*last = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

/* Materials whose SKU the register has changed since are marked. */
static enum status
mark_materials(struct state *state, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM sku WHERE " MOVED, diag);
	bool any = sql_row(state, statement, &status, diag);

	sqlite3_reset(statement);
	return any ? state_exec(state,
			 "INSERT OR IGNORE INTO order_anew_number(number)"
			 " SELECT ltrim(material, '0') FROM sku WHERE " MOVED
			 " UNION SELECT ltrim(long, '0') FROM sku"
			 "  WHERE long <> '' AND " MOVED ";"
			 "INSERT OR IGNORE INTO order_anew_due(order_id)"
			 " SELECT o.order_id FROM sku"
			 " JOIN sku_ean AS e ON e.material = sku.material"
			 " JOIN order_ean AS o ON o.ean = e.ean"
			 " WHERE " MOVED ";"
			 "UPDATE sku SET moved = moved & 1 WHERE " MOVED ";"
			 "DELETE FROM order_anew_pass;"
			 "INSERT INTO order_anew_pass(after) VALUES('');",
			 diag)
		   : status;
}

static enum status
take_due(struct state *state, struct arena *arena,
    struct str ids[ORDER_ANEW_RANGE], size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *rows = state_sql(state,
	    "DELETE FROM order_anew_due WHERE order_id IN (SELECT order_id"
	    " FROM order_anew_due ORDER BY order_id LIMIT " RANGE_TEXT ")"
	    " RETURNING order_id",
	    diag);

	while (sql_row(state, rows, &status, diag))
		ids[(*count)++] = sql_copy(rows, 0, arena);
	sqlite3_reset(rows);
	return status;
}

/* A guest's row names no customer: its documents do. Material numbers that
 * differ in leading zeros are looked at as one: an order too many is worked out
 * to what it was. */
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
	    "   AND said.value ->> '$.CUSTOMER' IN order_anew))"
	    "  OR (EXISTS(SELECT 1 FROM order_anew_number) AND EXISTS(SELECT 1"
	    "   FROM order_line AS l JOIN json_each(l.facts) AS said"
	    "   WHERE l.order_id = orders.id AND"
	    "   ltrim(said.value ->> '$.MATERIAL', '0') IN order_anew_number)))",
	    diag);

	sql_text(rows, 1, last);
	while (sql_row(state, rows, &status, diag))
		ids[(*count)++] = sql_copy(rows, 0, arena);
	sqlite3_reset(rows);
	return status;
}

enum status
order_anew_take(struct state *state, struct arena *arena,
    struct str ids[ORDER_ANEW_RANGE], size_t *count, struct diag *diag)
{
	struct str last = STR_NONE;
	sqlite3_stmt *statement;
	enum status status = mark_materials(state, diag);

	*count = 0;
	if (status == STATUS_OK)
		status = take_due(state, arena, ids, count, diag);
	if (status == STATUS_OK && *count == 0)
		status = find_last(state, arena, &last, diag);
	if (status != STATUS_OK || *count > 0)
		return status;
	if (last.len == 0)
		return state_exec(state,
		    "DELETE FROM order_anew; DELETE FROM order_anew_number;"
		    "DELETE FROM order_anew_pass;",
		    diag);
	status = find_orders(state, arena, last, ids, count, diag);
	if (status != STATUS_OK)
		return status;
	statement =
	    state_sql(state, "UPDATE order_anew_pass SET after = ?1", diag);
	sql_text(statement, 1, last);
	return sql_run(state, statement, diag);
}

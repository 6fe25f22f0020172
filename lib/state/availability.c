#include "state/availability.h"

const char availability_schema_7[] =
    "ALTER TABLE availability ADD COLUMN held_until INTEGER;"
    "CREATE INDEX availability_held ON availability(sku)"
    " WHERE held_until IS NOT NULL;"
    "CREATE TABLE availability_flip("
    " sku TEXT NOT NULL,"
    " at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX availability_flip_sku ON availability_flip(sku, at);";

const char availability_schema_8[] =
    /* NULL of flips of then */
    "ALTER TABLE availability_flip ADD COLUMN in_stock INTEGER;"
    "CREATE INDEX availability_flip_at ON availability_flip(at);";

enum status
availability_load(struct state *state, struct str sku,
    struct availability *availability, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT in_stock, held_until FROM availability WHERE sku = ?1",
	    diag);

	*availability = (struct availability){ STOCK_UNKNOWN, INSTANT_NONE };
	sql_text(statement, 1, sku);
	if (sql_row(state, statement, &status, diag)) {
		availability->said =
		    sql_get_int(statement, 0) != 0 ? STOCK_IN : STOCK_OUT;
		if (!sql_is_null(statement, 1))
			availability->held_until = sql_get_int(statement, 1);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
availability_store(struct state *state, struct str sku,
    const struct availability *availability, struct diag *diag)
{
	bool known = availability->said != STOCK_UNKNOWN;
	sqlite3_stmt *statement = state_sql(state,
	    known ? "INSERT INTO availability(sku, in_stock, held_until)"
		    " VALUES(?1, ?2, ?3) ON CONFLICT(sku) DO UPDATE SET"
		    " in_stock = excluded.in_stock,"
		    " held_until = excluded.held_until"
		  : "DELETE FROM availability WHERE sku = ?1",
	    diag);

	sql_text(statement, 1, sku);
	if (known) {
		sql_int(statement, 2, availability->said == STOCK_IN);
		sql_time(statement, 3, availability->held_until);
	}
	return sql_run(state, statement, diag);
}

enum status
availability_flip(struct state *state, struct str sku, bool in, instant now,
    instant since, uint64_t *flips, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO availability_flip(sku, at, in_stock)"
	    " VALUES(?1, ?2, ?3)",
	    diag);

	*flips = 0;
	sql_text(statement, 1, sku);
	sql_int(statement, 2, now);
	sql_int(statement, 3, in);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "SELECT count(*) FROM availability_flip"
	    " WHERE sku = ?1 AND at > ?2",
	    diag);
	sql_text(statement, 1, sku);
	sql_int(statement, 2, since);
	if (sql_row(state, statement, &status, diag))
		*flips = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
availability_due(struct state *state, instant now, struct str after,
    struct arena *arena, struct str *sku, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT sku FROM availability WHERE held_until IS NOT NULL"
	    " AND held_until <= ?1 AND sku > coalesce(?2, '')"
	    " ORDER BY sku LIMIT 1",
	    diag);

	*sku = STR_NONE;
	sql_int(statement, 1, now);
	sql_text(statement, 2, after);
	if (sql_row(state, statement, &status, diag))
		*sku = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
availability_calm(struct state *state, instant since, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?1,"
	    " resolution = 'healed' WHERE open = 1 AND subject = 'sku'"
	    " AND code = 'stock-flapping' AND NOT EXISTS(SELECT 1"
	    "  FROM availability_flip AS f WHERE f.sku = exception.id"
	    "  AND f.at > ?2)",
	    diag);

	sql_time(statement, 1, instant_now());
	sql_int(statement, 2, since);
	return sql_run(state, statement, diag);
}

enum status
availability_prune(struct state *state, instant upto, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM availability_flip WHERE at <= ?1", diag);

	sql_int(statement, 1, upto);
	return sql_run(state, statement, diag);
}

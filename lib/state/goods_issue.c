#include "state/goods_issue.h"

/* Movements of deliveries had the identity alone; now each message has. */
const char goods_issue_schema_8[] =
    "CREATE TABLE goods_issue("
    " id TEXT NOT NULL,"
    " seq TEXT NOT NULL,"
    " item TEXT NOT NULL,"
    " plant TEXT NOT NULL,"
    " location TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " delta INTEGER NOT NULL,"
    " PRIMARY KEY(id, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX goods_issue_at ON goods_issue(at);"
    "INSERT INTO goods_issue(id, seq, item, plant, location, at, delta)"
    " SELECT id, seq, item, plant, location, at, delta FROM movement"
    " WHERE id GLOB 'delivery-*';"
    "UPDATE movement SET id = id || '@' || seq WHERE id GLOB 'delivery-*';";

enum status
goods_issue_add(struct state *state, struct str item,
    const struct stock_fact *fact, bool *added, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO goods_issue(id, seq, item, plant, location, at, delta)"
	    " VALUES(?1, ?2, ?3, ?4, coalesce(?5, ''), ?6, ?7)"
	    " ON CONFLICT(id, seq) DO NOTHING",
	    diag);

	sql_text(statement, 1, fact->id);
	sql_text(statement, 2, fact->seq);
	sql_text(statement, 3, item);
	sql_text(statement, 4, fact->plant);
	sql_text(statement, 5, fact->location);
	sql_int(statement, 6, fact->at);
	sql_int(statement, 7, fact->quantity);
	return sql_run_changing(state, statement, added, diag);
}

#define COLUMNS "SELECT item, plant, location, seq, at, delta FROM goods_issue"

/* The one row of a statement that asks for COLUMNS by ?1 and ?2. */
static enum status
read_one(struct state *state, const char *sql, struct str id, struct str seq,
    struct arena *arena, struct goods_issue *issue, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	*issue = (struct goods_issue){ .at = INSTANT_NONE };
	sql_text(statement, 1, id);
	sql_text(statement, 2, seq);
	if (sql_row(state, statement, &status, diag))
		*issue = (struct goods_issue){
			.item = sql_copy(statement, 0, arena),
			.plant = sql_copy(statement, 1, arena),
			.location = sql_copy(statement, 2, arena),
			.seq = sql_copy(statement, 3, arena),
			.at = sql_get_int(statement, 4),
			.delta = sql_get_int(statement, 5),
		};
	sqlite3_reset(statement);
	return status;
}

enum status
goods_issue_beside(struct state *state, struct str id, struct str seq,
    struct arena *arena, struct goods_issue *before, struct goods_issue *after,
    struct diag *diag)
{
	enum status status = read_one(state,
	    COLUMNS " WHERE id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1", id,
	    seq, arena, before, diag);

	return status == STATUS_OK ? read_one(state,
					 COLUMNS " WHERE id = ?1 AND seq > ?2"
						 " ORDER BY seq LIMIT 1",
					 id, seq, arena, after, diag)
				   : status;
}

enum status
goods_issue_move(struct state *state, struct str from, struct str to,
    struct diag *diag)
{
	return sql_run_two(state,
	    "UPDATE goods_issue SET item = ?2 WHERE item = ?1", from, to, diag);
}

enum status
goods_issue_prune(struct state *state, instant now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM goods_issue WHERE (id, seq) IN (SELECT id, seq"
	    " FROM goods_issue WHERE at <= ?1 ORDER BY at LIMIT 1000)",
	    diag);

	sql_int(statement, 1, now - GOODS_ISSUE_KEPT);
	return sql_run(state, statement, diag);
}

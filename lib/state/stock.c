#include "state/stock.h"

/* NULLs do not compare: texts that may be empty are stored as ''. */
const char stock_schema[] =
    "CREATE TABLE product("
    " item TEXT PRIMARY KEY," /* material, or SKU when by_sku */
    " sku TEXT," /* NULL: another material has it */
    " by_sku INTEGER NOT NULL DEFAULT 0,"
    " seq TEXT," /* of the product record */
    " parent TEXT,"
    " status TEXT,"
    " deleted INTEGER NOT NULL DEFAULT 0,"
    " ever_deleted INTEGER NOT NULL DEFAULT 0"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX product_sku ON product(sku);"
    "CREATE INDEX product_parent ON product(parent)"
    " WHERE parent IS NOT NULL;"
    "CREATE TABLE availability("
    " sku TEXT PRIMARY KEY,"
    " in_stock INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE stock("
    " item TEXT NOT NULL,"
    " plant TEXT NOT NULL,"
    " location TEXT NOT NULL,"
    " base INTEGER," /* of the newest snapshot, thousandths */
    " base_at INTEGER,"
    " base_seq TEXT,"
    " quantity INTEGER NOT NULL," /* with the movements behind it */
    " PRIMARY KEY(item, plant, location)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX stock_without_base ON stock(plant)"
    " WHERE base_at IS NULL;"
    "CREATE TABLE movement("
    " id TEXT PRIMARY KEY,"
    " item TEXT NOT NULL,"
    " plant TEXT NOT NULL,"
    " location TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " seq TEXT NOT NULL,"
    " delta INTEGER NOT NULL,"
    " hash BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX movement_cell"
    " ON movement(item, plant, location, at, delta);";

const char stock_schema_6[] =
    "CREATE INDEX stock_plant ON stock(plant, base_at);";

const char stock_schema_7[] = "CREATE TABLE stock_counted("
			      " plant TEXT PRIMARY KEY,"
			      " at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static void
bind_cell(sqlite3_stmt *statement, struct str item, struct str plant,
    struct str location)
{
	sql_text(statement, 1, item);
	sql_text(statement, 2, plant);
	sql_text(statement, 3, location);
}

/* A cell that is not there was counted to be empty, if its plant was. */
static enum status
load_counted(struct state *state, struct stock_cell *cell, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT at FROM stock_counted WHERE plant = ?1", diag);

	sql_text(statement, 1, cell->plant);
	cell->has_base = sql_row(state, statement, &status, diag);
	if (cell->has_base)
		cell->base_at = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
stock_load(struct state *state, struct str item, struct str plant,
    struct str location, struct arena *arena, struct stock_cell *cell,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT base, base_at, base_seq, quantity FROM stock"
	    " WHERE item = ?1 AND plant = ?2 AND location = coalesce(?3, '')",
	    diag);

	bool found;

	*cell = (struct stock_cell){ .plant = plant, .location = location };
	bind_cell(statement, item, plant, location);
	found = sql_row(state, statement, &status, diag);
	if (found) {
		cell->has_base = !sql_is_null(statement, 1);
		cell->base = sql_get_int(statement, 0);
		cell->base_at = sql_get_int(statement, 1);
		cell->base_seq = sql_copy(statement, 2, arena);
		cell->quantity = sql_get_int(statement, 3);
	}
	sqlite3_reset(statement);
	return status == STATUS_OK && !found ? load_counted(state, cell, diag)
					     : status;
}

int
stock_rebase(struct stock_cell *cell, const struct stock_fact *fact)
{
	int age = 1;

	if (cell->has_base && fact->at != cell->base_at)
		age = fact->at < cell->base_at ? -1 : 1;
	else if (cell->has_base)
		age = str_cmp(fact->seq, cell->base_seq);
	if (cell->has_base && age == 0 && fact->quantity != cell->base)
		age = fact->quantity < cell->base ? 1 : -1;
	if (age <= 0)
		return age < 0 ? -1 : 0;
	cell->has_base = true;
	cell->base = fact->quantity;
	cell->base_at = fact->at;
	cell->base_seq = fact->seq;
	return 1;
}

enum status
stock_store(struct state *state, struct str item, const struct stock_cell *cell,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO stock(item, plant, location, base, base_at, base_seq,"
	    " quantity) VALUES(?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7)"
	    " ON CONFLICT(item, plant, location) DO UPDATE SET"
	    " base = excluded.base, base_at = excluded.base_at,"
	    " base_seq = excluded.base_seq, quantity = excluded.quantity",
	    diag);

	bind_cell(statement, item, cell->plant, cell->location);
	if (cell->has_base) {
		sql_int(statement, 4, cell->base);
		sql_int(statement, 5, cell->base_at);
		sql_text(statement, 6, cell->base_seq);
	}
	sql_int(statement, 7, cell->quantity);
	return sql_run(state, statement, diag);
}

enum status
stock_recount(struct state *state, struct str item, struct stock_cell *cell,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement;

	cell->quantity = cell->has_base ? cell->base : 0;
	if (cell->has_base) {
		statement = state_sql(state,
		    "DELETE FROM movement WHERE item = ?1 AND plant = ?2"
		    " AND location = coalesce(?3, '') AND at <= ?4",
		    diag);
		if (statement == NULL)
			return diag->status;
		bind_cell(statement, item, cell->plant, cell->location);
		sql_int(statement, 4, cell->base_at);
		status = sql_run(state, statement, diag);
	}
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "SELECT sum(delta) FROM movement WHERE item = ?1 AND plant = ?2"
	    " AND location = coalesce(?3, '')",
	    diag);
	bind_cell(statement, item, cell->plant, cell->location);
	if (sql_row(state, statement, &status, diag))
		cell->quantity += sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
stock_span(struct state *state, struct str item, const struct stock_cell *cell,
    instant until, instant last, struct stock_span *span, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT sum(delta) FILTER (WHERE at <= ?4),"
	    " sum(delta) FILTER (WHERE at > ?4 AND delta > 0),"
	    " -sum(delta) FILTER (WHERE at > ?4 AND delta < 0)"
	    " FROM movement WHERE item = ?1 AND plant = ?2"
	    " AND location = coalesce(?3, '') AND at <= ?5",
	    diag);

	*span = (struct stock_span){ 0 };
	bind_cell(statement, item, cell->plant, cell->location);
	sql_int(statement, 4, until);
	sql_int(statement, 5, last);
	if (sql_row(state, statement, &status, diag)) {
		span->sum = sql_get_int(statement, 0);
		span->more = sql_get_int(statement, 1);
		span->less = sql_get_int(statement, 2);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
stock_find_movement(struct state *state, struct str id, struct arena *arena,
    struct stock_movement *movement, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT item, plant, location, seq, delta, hash FROM movement"
	    " WHERE id = ?1",
	    diag);

	*found = false;
	sql_text(statement, 1, id);
	if (sql_row(state, statement, &status, diag)) {
		*found = true;
		movement->item = sql_copy(statement, 0, arena);
		movement->plant = sql_copy(statement, 1, arena);
		movement->location = sql_copy(statement, 2, arena);
		movement->seq = sql_copy(statement, 3, arena);
		movement->delta = sql_get_int(statement, 4);
		sql_get_hash(statement, 5, &movement->hash);
	}
	sqlite3_reset(statement);
	return status;
}

/* Nothing happens when the identity is known. */
static enum status
insert_movement(struct state *state, struct str item,
    const struct stock_fact *fact, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO movement(item, plant, location, id, at, seq, delta,"
	    " hash) VALUES(?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT(id) DO NOTHING",
	    diag);

	bind_cell(statement, item, fact->plant, fact->location);
	sql_text(statement, 4, fact->id);
	sql_int(statement, 5, fact->at);
	sql_text(statement, 6, fact->seq);
	sql_int(statement, 7, fact->quantity);
	sql_hash(statement, 8, fact->hash);
	return sql_run(state, statement, diag);
}

enum status
stock_add_movement(struct state *state, struct str item,
    const struct stock_fact *fact, struct diag *diag)
{
	enum status status = insert_movement(state, item, fact, diag);

	if (status == STATUS_OK && state_changes(state) != 1)
		status = diag_set(diag, STATUS_BUG,
		    "a movement that is new stands in the state");
	return status;
}

static enum status
add_to_cell(struct state *state, struct str item, const struct stock_fact *fact,
    int64_t quantity, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE stock SET quantity = quantity + ?4 WHERE item = ?1"
	    " AND plant = ?2 AND location = coalesce(?3, '')"
	    " AND (base_at IS NULL OR base_at < ?5)",
	    diag);

	bind_cell(statement, item, fact->plant, fact->location);
	sql_int(statement, 4, quantity);
	sql_int(statement, 5, fact->at);
	return sql_run(state, statement, diag);
}

enum status
stock_post(struct state *state, struct str item, const struct stock_fact *fact,
    bool *posted, struct diag *diag)
{
	enum status status;

	*posted = false;
	status = add_to_cell(state, item, fact, fact->quantity, diag);
	if (status != STATUS_OK || state_changes(state) == 0)
		return status;
	status = insert_movement(state, item, fact, diag);
	*posted = status == STATUS_OK && state_changes(state) > 0;
	return status == STATUS_OK && !*posted
		   ? add_to_cell(state, item, fact, -fact->quantity, diag)
		   : status;
}

enum status
stock_heal_conflicts(struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?1,"
	    " resolution = 'healed' WHERE open = 1 AND code = 'stock-conflict'"
	    " AND NOT EXISTS(SELECT 1 FROM movement"
	    "  WHERE movement.id = exception.id)",
	    diag);

	sql_time(statement, 1, instant_now());
	return sql_run(state, statement, diag);
}

enum status
stock_drop_movement(struct state *state, struct str id, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "DELETE FROM movement WHERE id = ?1", diag);

	sql_text(statement, 1, id);
	return sql_run(state, statement, diag);
}

static void
read_cell(sqlite3_stmt *statement, struct arena *arena, struct stock_cell *cell)
{
	cell->plant = sql_copy(statement, 0, arena);
	cell->location = sql_copy(statement, 1, arena);
	cell->base = sql_get_int(statement, 2);
	cell->has_base = !sql_is_null(statement, 3);
	cell->base_at = sql_get_int(statement, 3);
	cell->quantity = sql_get_int(statement, 4);
	cell->doubtful = sql_get_int(statement, 5);
}

static int
by_place(const void *a, const void *b)
{
	const struct stock_cell *one = a, *other = b;
	int order = str_cmp(one->plant, other->plant);

	return order != 0 ? order : str_cmp(one->location, other->location);
}

enum status
stock_cells(struct state *state, struct str sku, int64_t skew,
    struct arena *arena, struct stock_cell **cells, size_t *count,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t size = 0;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT s.plant, s.location, s.base, s.base_at, s.quantity,"
	    " (SELECT sum(m.delta) FROM movement AS m WHERE m.item = s.item"
	    "  AND m.plant = s.plant AND m.location = s.location"
	    "  AND m.at > s.base_at AND m.at <= s.base_at + ?2"
	    "  AND m.delta > 0)"
	    " FROM product AS p JOIN stock AS s ON s.item = p.item"
	    " WHERE p.sku = ?1",
	    diag);

	*cells = NULL;
	*count = 0;
	sql_text(statement, 1, sku);
	sql_int(statement, 2, skew);
	while (sql_row(state, statement, &status, diag)) {
		*cells =
		    arena_more(arena, *cells, *count, &size, sizeof(**cells));
		read_cell(statement, arena, &(*cells)[(*count)++]);
	}
	sqlite3_reset(statement);
	/* Few, and in order already unless several items have the SKU: a sort
	 * by SQLite would cost more than all the rest. */
	if (*count > 1)
		qsort(*cells, *count, sizeof(**cells), by_place);
	return status;
}

enum status
stock_each_movement(struct state *state, struct str sku, int64_t skew,
    void (*each)(void *user, struct str plant, struct str location,
	int64_t delta, bool doubtful),
    void *user, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT m.plant, m.location, m.delta,"
	    " coalesce(m.at <= s.base_at + ?2, 0)"
	    " FROM product AS p JOIN stock AS s ON s.item = p.item"
	    " JOIN movement AS m ON m.item = s.item AND m.plant = s.plant"
	    "  AND m.location = s.location"
	    " WHERE p.sku = ?1 ORDER BY m.at, m.seq, m.id",
	    diag);

	sql_text(statement, 1, sku);
	sql_int(statement, 2, skew);
	while (sql_row(state, statement, &status, diag))
		each(user, sql_get_text(statement, 0),
		    sql_get_text(statement, 1), sql_get_int(statement, 2),
		    sql_get_int(statement, 3) != 0);
	sqlite3_reset(statement);
	return status;
}

enum status
stock_lacks_base(struct state *state, struct str plant, bool *lacks,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM stock AS s WHERE s.plant = ?1"
	    " AND s.base_at IS NULL AND NOT EXISTS(SELECT 1 FROM stock AS b"
	    "  WHERE b.item = s.item AND b.plant = s.plant"
	    "  AND b.base_at IS NOT NULL) LIMIT 1",
	    diag);

	*lacks = false;
	sql_text(statement, 1, plant);
	*lacks = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
stock_count_plant(struct state *state, struct str plant, instant at,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO stock_counted(plant, at) VALUES(?1, ?2)"
	    " ON CONFLICT(plant) DO UPDATE SET at = max(at, excluded.at)",
	    diag);

	sql_text(statement, 1, plant);
	sql_int(statement, 2, at);
	return sql_run(state, statement, diag);
}

enum status
stock_unseen(struct state *state, struct str plant, instant as_of,
    struct arena *arena, struct str *item, struct str *location, bool *found,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT item, location FROM stock WHERE plant = ?1"
	    " AND (base_at IS NULL OR base_at < ?2) LIMIT 1",
	    diag);

	sql_text(statement, 1, plant);
	sql_int(statement, 2, as_of);
	*found = sql_row(state, statement, &status, diag);
	if (*found) {
		*item = sql_copy(statement, 0, arena);
		*location = sql_copy(statement, 1, arena);
	}
	sqlite3_reset(statement);
	return status;
}

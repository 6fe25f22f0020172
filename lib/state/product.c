#include "state/product.h"

#include "state/goods_issue.h"
#include "state/meta.h"
#include "state/product_said.h"

const char product_schema_7[] =
    "ALTER TABLE product ADD COLUMN parent_seq TEXT;"
    "ALTER TABLE product ADD COLUMN said_parent TEXT;"
    "ALTER TABLE product ADD COLUMN statuses TEXT;"
    "ALTER TABLE product ADD COLUMN unit TEXT;" /* of its stock */
    "ALTER TABLE product ADD COLUMN inactive INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE product ADD COLUMN ever_inactive INTEGER NOT NULL DEFAULT 0;"
    "UPDATE product SET parent_seq = seq, said_parent = parent,"
    " statuses = status, inactive = deleted, ever_inactive = ever_deleted;"
    "CREATE TABLE product_retired(sku TEXT PRIMARY KEY)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE product_pass(" /* at most one row */
    " after TEXT NOT NULL" /* items up to this one are done */
    ") STRICT;";

enum status
product_item_of(struct state *state, struct str sku, struct arena *arena,
    struct str *item, struct diag *diag)
{
	enum status status;
	bool found;

	status = sql_find_text(state,
	    "SELECT item FROM product WHERE sku = ?1 AND by_sku = 0"
	    " ORDER BY item LIMIT 1",
	    sku, arena, item, &found, diag);
	if (item->len == 0)
		*item = sku;
	return status;
}

/* One cell of the stock that was known by SKU alone goes to the material. */
static enum status
move_cell(struct state *state, struct str from, struct str to, struct str plant,
    struct str location, struct arena *arena, struct diag *diag)
{
	struct stock_cell cell, old;
	enum status status;

	status = stock_load(state, from, plant, location, arena, &old, diag);
	if (status == STATUS_OK)
		status =
		    stock_load(state, to, plant, location, arena, &cell, diag);
	if (status != STATUS_OK)
		return status;
	if (old.has_base) {
		struct stock_fact fact = { .seq = old.base_seq,
			.at = old.base_at,
			.quantity = old.base };

		stock_rebase(&cell, &fact);
	}
	status = stock_recount(state, to, &cell, diag);
	return status == STATUS_OK ? stock_store(state, to, &cell, diag)
				   : status;
}

/* The places of an item. */
static enum status
places_of(struct state *state, struct str item, struct arena *arena,
    struct stock_cell **cells, size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t size = 0;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT plant, location FROM stock WHERE item = ?1", diag);

	*cells = NULL;
	*count = 0;
	sql_text(statement, 1, item);
	while (sql_row(state, statement, &status, diag)) {
		*cells =
		    arena_more(arena, *cells, *count, &size, sizeof(**cells));
		(*cells)[(*count)++] =
		    (struct stock_cell){ .plant = sql_copy(statement, 0, arena),
			    .location = sql_copy(statement, 1, arena) };
	}
	sqlite3_reset(statement);
	return status;
}

/* All that stands under one item goes to another. */
static enum status
move_cells(struct state *state, struct str from, struct str to,
    struct arena *arena, struct diag *diag)
{
	struct stock_cell *cells;
	size_t count;
	enum status status;

	status = places_of(state, from, arena, &cells, &count, diag);
	if (status == STATUS_OK)
		status = sql_run_two(state,
		    "UPDATE movement SET item = ?2 WHERE item = ?1", from, to,
		    diag);
	if (status == STATUS_OK)
		status = goods_issue_move(state, from, to, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = move_cell(state, from, to, cells[i].plant,
		    cells[i].location, arena, diag);
	if (status == STATUS_OK)
		status = product_said_move(state, from, to, diag);
	if (status == STATUS_OK)
		status = sql_run_two(state, "DELETE FROM stock WHERE item = ?1",
		    from, STR_NONE, diag);
	if (status == STATUS_OK)
		status =
		    sql_run_two(state, "DELETE FROM product WHERE item = ?1",
			from, STR_NONE, diag);
	return status;
}

/* Whether there is stock under this SKU that has no material yet. */
static enum status
adopt_stock(struct state *state, struct str item, struct str sku,
    struct arena *arena, struct diag *diag)
{
	struct str from;
	enum status status;
	bool found;

	if (sku.len == 0 || str_eq(item, sku))
		return STATUS_OK;
	status = sql_find_text(state,
	    "SELECT item FROM product WHERE item = ?1 AND by_sku = 1", sku,
	    arena, &from, &found, diag);
	if (status == STATUS_OK && found)
		status = move_cells(state, from, item, arena, diag);
	return status;
}

static enum status
upsert(struct state *state, struct str item, struct str sku, bool by_sku,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO product(item, sku, by_sku) VALUES(?1, ?2, ?3)"
	    " ON CONFLICT(item) DO UPDATE SET sku = excluded.sku,"
	    " by_sku = min(by_sku, excluded.by_sku)",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, sku);
	sql_int(statement, 3, by_sku);
	return sql_run(state, statement, diag);
}

static enum status
known_as(struct state *state, struct str item, struct arena *arena,
    struct str *sku, bool *found, bool *by_sku, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT sku, by_sku FROM product WHERE item = ?1", diag);

	*sku = STR_NONE;
	*found = *by_sku = false;
	sql_text(statement, 1, item);
	if (sql_row(state, statement, &status, diag)) {
		*found = true;
		*sku = sql_copy(statement, 0, arena);
		*by_sku = sql_get_int(statement, 1) != 0;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
product_name(struct state *state, struct str item, struct str sku, bool by_sku,
    struct arena *arena, struct str *before, struct diag *diag)
{
	enum status status;
	bool found, was_by_sku;

	status =
	    known_as(state, item, arena, before, &found, &was_by_sku, diag);
	if (status != STATUS_OK)
		return status;
	if (found && str_eq(*before, sku) && (by_sku || !was_by_sku))
		return STATUS_OK;
	if (!by_sku)
		status = adopt_stock(state, item, sku, arena, diag);
	return status == STATUS_OK ? upsert(state, item, sku, by_sku, diag)
				   : status;
}

enum status
product_is_named(struct state *state, struct str item, struct str sku,
    struct str seq, struct arena *arena, struct str *unit, bool *yes,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT p.unit FROM sku AS s"
	    " JOIN product AS p ON p.item = s.material"
	    " WHERE s.material = ?1 AND s.sku = ?2 AND s.loses = 0"
	    " AND s.seq <= ?3 AND p.sku = ?2 AND p.by_sku = 0",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, sku);
	sql_text(statement, 3, seq);
	*yes = sql_row(state, statement, &status, diag);
	*unit = *yes ? sql_copy(statement, 0, arena) : STR_NONE;
	sqlite3_reset(statement);
	return status;
}

enum status
product_sku(struct state *state, struct str item, struct arena *arena,
    struct str *sku, struct diag *diag)
{
	bool found, by_sku;

	return known_as(state, item, arena, sku, &found, &by_sku, diag);
}

enum status
product_unit(struct state *state, struct str item, struct arena *arena,
    struct str *unit, struct diag *diag)
{
	bool found;

	return sql_find_text(state, "SELECT unit FROM product WHERE item = ?1",
	    item, arena, unit, &found, diag);
}

/* Whether this text is found; the statement asks for ?1. */
static enum status
is_there(struct state *state, const char *sql, struct str text, bool *yes,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	sql_text(statement, 1, text);
	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
product_rename(struct state *state, struct str item, struct str sku,
    struct arena *arena, struct str *before, struct diag *diag)
{
	bool found, by_sku, still = true;
	enum status status =
	    known_as(state, item, arena, before, &found, &by_sku, diag);

	if (status != STATUS_OK || !found || by_sku || str_eq(*before, sku))
		return status;
	status = product_name(state, item, sku, false, arena, before, diag);
	if (status != STATUS_OK || before->len == 0 || sku.len == 0)
		return status;
	status = is_there(state, "SELECT 1 FROM product WHERE sku = ?1",
	    *before, &still, diag);
	return status == STATUS_OK && !still
		   ? sql_run_two(state,
			 "UPDATE product SET parent = ?2, said_parent ="
			 " CASE WHEN said_parent = ?1 THEN ?2"
			 " ELSE said_parent END WHERE parent = ?1",
			 *before, sku, diag)
		   : status;
}

/* The newer of two descriptions, and of two parents, stands. */
static enum status
join_description(struct state *state, struct str from, struct str to,
    struct diag *diag)
{
	static const char *const steps[] = {
		"UPDATE product SET (seq, status, deleted, unit) ="
		" (SELECT seq, status, deleted, unit FROM product"
		"  WHERE item = ?1) WHERE item = ?2 AND coalesce(seq, '') <"
		" (SELECT coalesce(seq, '') FROM product WHERE item = ?1)",
		"UPDATE product SET (parent_seq, said_parent) ="
		" (SELECT parent_seq, said_parent FROM product"
		"  WHERE item = ?1) WHERE item = ?2"
		" AND coalesce(parent_seq, '') < (SELECT"
		"  coalesce(parent_seq, '') FROM product WHERE item = ?1)",
		"UPDATE product SET (ever_deleted, ever_inactive) ="
		" (SELECT max(f.ever_deleted, product.ever_deleted),"
		"  max(f.ever_inactive, product.ever_inactive)"
		"  FROM product AS f WHERE f.item = ?1) WHERE item = ?2",
	};

	return sql_run_steps(state, steps, sizeof(steps) / sizeof(steps[0]),
	    from, to, diag);
}

enum status
product_join(struct state *state, struct str number, struct str item,
    struct str sku, struct arena *arena, struct str *before, struct diag *diag)
{
	bool found, by_sku;
	enum status status =
	    known_as(state, number, arena, before, &found, &by_sku, diag);

	if (status != STATUS_OK || !found)
		return status;
	status = upsert(state, item, sku, false, diag);
	if (status == STATUS_OK)
		status = join_description(state, number, item, diag);
	return status == STATUS_OK
		   ? move_cells(state, number, item, arena, diag)
		   : status;
}

enum status
product_is_any(struct state *state, struct str sku, bool *yes,
    struct diag *diag)
{
	return is_there(state,
	    "SELECT 1 FROM product WHERE sku = ?1"
	    " UNION ALL SELECT 1 FROM product WHERE parent = ?1"
	    " UNION ALL SELECT 1 FROM sku WHERE sku = ?1 AND loses = 0",
	    sku, yes, diag);
}

enum status
product_retire(struct state *state, struct str sku, struct diag *diag)
{
	return sql_run_two(state,
	    "INSERT OR IGNORE INTO product_retired (sku) VALUES (?1)", sku,
	    STR_NONE, diag);
}

enum status
product_was_retired(struct state *state, struct str sku, bool *yes,
    struct diag *diag)
{
	return is_there(state, "SELECT 1 FROM product_retired WHERE sku = ?1",
	    sku, yes, diag);
}

#define COLUMNS                                                                \
	"seq, status, deleted, parent_seq, said_parent, statuses,"             \
	" ever_deleted, parent, inactive, ever_inactive, unit, item"

/* What a statement that asks for COLUMNS finds, an empty one if nothing: of
 * several the newest, then the first item. They are few, and a sort by SQLite
 * would cost more than all the rest. */
static enum status
read_product(struct state *state, const char *sql, struct str key,
    struct arena *arena, struct product_state *product, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	*product = (struct product_state){ .known = false };
	sql_text(statement, 1, key);
	while (sql_row(state, statement, &status, diag)) {
		int age = str_cmp(sql_get_text(statement, 0), product->seq);

		if (product->known && age == 0)
			age =
			    str_cmp(product->item, sql_get_text(statement, 11));
		if (product->known && age <= 0)
			continue;
		*product = (struct product_state){
			.seq = sql_copy(statement, 0, arena),
			.status = sql_copy(statement, 1, arena),
			.deleted = sql_get_int(statement, 2) != 0,
			.parent_seq = sql_copy(statement, 3, arena),
			.said_parent = sql_copy(statement, 4, arena),
			.statuses = sql_copy(statement, 5, arena),
			.ever_deleted = sql_get_int(statement, 6) != 0,
			.parent = sql_copy(statement, 7, arena),
			.inactive = sql_get_int(statement, 8) != 0,
			.ever_inactive = sql_get_int(statement, 9) != 0,
			.unit = sql_copy(statement, 10, arena),
			.item = sql_copy(statement, 11, arena),
			.known = true,
		};
	}
	sqlite3_reset(statement);
	return status;
}

enum status
product_load(struct state *state, struct str item, struct arena *arena,
    struct product_state *product, struct diag *diag)
{
	return read_product(state,
	    "SELECT " COLUMNS " FROM product WHERE item = ?1", item, arena,
	    product, diag);
}

enum status
product_of_sku(struct state *state, struct str sku, struct arena *arena,
    struct product_state *product, struct diag *diag)
{
	return read_product(state,
	    "SELECT " COLUMNS " FROM product WHERE sku = ?1", sku, arena,
	    product, diag);
}

enum status
product_store(struct state *state, struct str item,
    const struct product_state *product, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE product SET seq = ?2, status = ?3, deleted = ?4,"
	    " parent_seq = ?5, said_parent = ?6, statuses = ?7,"
	    " ever_deleted = ?8, parent = ?9, inactive = ?10,"
	    " ever_inactive = ?11, unit = ?12 WHERE item = ?1",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, product->seq);
	sql_text(statement, 3, product->status);
	sql_int(statement, 4, product->deleted);
	sql_text(statement, 5, product->parent_seq);
	sql_text(statement, 6, product->said_parent);
	sql_text(statement, 7, product->statuses);
	sql_int(statement, 8, product->ever_deleted);
	sql_text(statement, 9, product->parent);
	sql_int(statement, 10, product->inactive);
	sql_int(statement, 11, product->ever_inactive);
	sql_text(statement, 12, product->unit);
	return sql_run(state, statement, diag);
}

enum status
product_variants(struct state *state, struct str sku, enum stock_answer *answer,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT max(a.in_stock) FROM product AS p JOIN availability AS a"
	    " ON a.sku = p.sku WHERE p.parent = ?1 AND p.inactive = 0"
	    " AND p.sku <> ?1",
	    diag);

	*answer = STOCK_UNKNOWN;
	sql_text(statement, 1, sku);
	if (sql_row(state, statement, &status, diag) &&
	    !sql_is_null(statement, 0))
		*answer = sql_get_int(statement, 0) != 0 ? STOCK_IN : STOCK_OUT;
	sqlite3_reset(statement);
	return status;
}

enum status
product_configure(struct state *state, struct hash fingerprint,
    struct diag *diag)
{
	bool same = false, own = false;
	enum status status =
	    meta_is(state, "products-config", fingerprint, &same, diag);

	if (status == STATUS_OK && !same)
		status = state_join(state, &own, diag);
	if (status != STATUS_OK || same)
		return status;
	status = meta_set(state, "products-config", fingerprint, diag);
	if (status == STATUS_OK)
		status = state_exec(state,
		    "DELETE FROM product_pass;"
		    "INSERT INTO product_pass (after) VALUES ('');",
		    diag);
	return state_leave(state, own, status, diag);
}

enum status
product_due(struct state *state, struct arena *arena, struct str *item,
    struct diag *diag)
{
	bool found;
	enum status status = sql_find_text(state,
	    "SELECT coalesce((SELECT min(item) FROM product"
	    " WHERE item > after), '') FROM product_pass",
	    STR_NONE, arena, item, &found, diag);

	if (status != STATUS_OK || !found)
		return status;
	return sql_run_two(state,
	    item->len > 0 ? "UPDATE product_pass SET after = ?1"
			  : "DELETE FROM product_pass",
	    *item, STR_NONE, diag);
}

enum status
product_next(struct state *state, struct str after, struct arena *arena,
    struct str *sku, struct diag *diag)
{
	bool found;

	return sql_find_text(state,
	    "SELECT min(next) FROM ("
	    " SELECT min(sku) AS next FROM product"
	    "  WHERE sku > coalesce(?1, '')"
	    " UNION ALL SELECT min(parent) FROM product"
	    "  WHERE parent IS NOT NULL AND parent > coalesce(?1, ''))",
	    after, arena, sku, &found, diag);
}

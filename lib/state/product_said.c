#include "state/product_said.h"

const char product_said_schema_7[] =
    "CREATE TABLE product_said("
    " item TEXT NOT NULL,"
    " part TEXT NOT NULL,"
    " shop INTEGER NOT NULL,"
    " seq TEXT NOT NULL,"
    " value TEXT NOT NULL,"
    " PRIMARY KEY(item, part, shop)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE product_price(" /* deleted ones stay, for what comes late */
    " item TEXT NOT NULL,"
    " place TEXT NOT NULL,"
    " condition TEXT NOT NULL,"
    " number TEXT NOT NULL," /* of the condition table */
    " since TEXT NOT NULL,"
    " until TEXT NOT NULL,"
    " unit TEXT NOT NULL,"
    " currency TEXT NOT NULL,"
    " units INTEGER NOT NULL," /* of the price, by its scale */
    " scale INTEGER NOT NULL,"
    " deleted INTEGER NOT NULL,"
    " seq TEXT NOT NULL,"
    " PRIMARY KEY(item, place, condition, number, since))"
    " STRICT, WITHOUT ROWID;";

enum status
product_say(struct state *state, struct str item,
    const struct product_part *part, bool *news, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO product_said(item, part, shop, seq, value)"
	    " VALUES(?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT(item, part, shop) DO UPDATE SET"
	    " seq = excluded.seq, value = excluded.value"
	    " WHERE (excluded.seq, excluded.value) > (seq, value)",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, part->name);
	sql_int(statement, 3, part->shop);
	sql_text(statement, 4, part->seq);
	sql_text(statement, 5, part->value);
	return sql_run_changing(state, statement, news, diag);
}

/* Empty texts are bound as NULL, which no column here takes. */
#define OR_EMPTY(n) "coalesce(?" #n ", '')"

enum status
product_say_price(struct state *state, struct str item,
    const struct product_price *price, bool *news, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO product_price(item, place, condition, number, since,"
	    " until, unit, currency, units, scale, deleted, seq)"
	    " VALUES(?1, " OR_EMPTY(2) ", " OR_EMPTY(3) ", " OR_EMPTY(4) ", " OR_EMPTY(5) ", " OR_EMPTY(
		6) ", " OR_EMPTY(7) ", " OR_EMPTY(8) ", ?9, ?10, ?11, ?12)"
						     " ON CONFLICT(item, place, condition, number, since) DO UPDATE SET"
						     " until = excluded.until, unit = excluded.unit,"
						     " currency = excluded.currency, units = excluded.units,"
						     " scale = excluded.scale, deleted = excluded.deleted,"
						     " seq = excluded.seq"
						     " WHERE (excluded.seq, excluded.deleted, excluded.units,"
						     "  excluded.scale, excluded.until, excluded.currency,"
						     "  excluded.unit)"
						     " > (seq, deleted, units, scale, until, currency, unit)",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, price->place);
	sql_text(statement, 3, price->condition);
	sql_text(statement, 4, price->table);
	sql_text(statement, 5, price->from);
	sql_text(statement, 6, price->to);
	sql_text(statement, 7, price->unit);
	sql_text(statement, 8, price->currency);
	sql_int(statement, 9, price->price.units);
	sql_int(statement, 10, (int64_t)price->price.scale);
	sql_int(statement, 11, price->deleted);
	sql_text(statement, 12, price->seq);
	return sql_run_changing(state, statement, news, diag);
}

enum status
product_said_move(struct state *state, struct str from, struct str to,
    struct diag *diag)
{
	static const char *const steps[] = {
		"INSERT INTO product_said SELECT ?2, part, shop, seq, value"
		" FROM product_said WHERE item = ?1"
		" ON CONFLICT(item, part, shop) DO UPDATE SET"
		" seq = excluded.seq, value = excluded.value"
		" WHERE (excluded.seq, excluded.value) > (seq, value)",
		"DELETE FROM product_said WHERE item = ?1",
		"UPDATE OR IGNORE product_price SET item = ?2 WHERE item = ?1",
		"DELETE FROM product_price WHERE item = ?1",
	};

	return sql_run_steps(state, steps, sizeof(steps) / sizeof(steps[0]),
	    from, to, diag);
}

enum status
product_latest(struct state *state, struct str item, struct arena *arena,
    struct product_state *product, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT part, json_extract(value, '$') FROM product_said"
	    " WHERE item = ?1 AND part IN ('deleted', 'status', 'unit')"
	    " AND seq > coalesce(?2, '') ORDER BY seq, shop",
	    diag);

	sql_text(statement, 1, item);
	sql_text(statement, 2, product->seq);
	while (sql_row(state, statement, &status, diag)) {
		struct str part = sql_get_text(statement, 0);

		if (str_is(part, "deleted"))
			product->deleted = sql_get_int(statement, 1) != 0;
		else if (str_is(part, "status"))
			product->status = sql_copy(statement, 1, arena);
		else
			product->unit = sql_copy(statement, 1, arena);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
product_parts(struct state *state, struct str item, struct arena *arena,
    struct product_part **parts, size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t size = 0;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT part, value, seq, shop FROM product_said"
	    " WHERE item = ?1 AND value <> 'null' AND part NOT IN"
	    " ('basic', 'whole', 'deleted', 'status', 'unit')"
	    " AND (shop > 0 OR seq >= coalesce((SELECT max(m.seq)"
	    "  FROM product_said AS m WHERE m.item = ?1 AND m.shop = 0"
	    "  AND (m.part = 'whole' OR (m.part = 'basic' AND"
	    "   product_said.part IN ('ean', 'attribute category')))), ''))"
	    " ORDER BY part, shop",
	    diag);

	*parts = NULL;
	*count = 0;
	sql_text(statement, 1, item);
	while (sql_row(state, statement, &status, diag)) {
		*parts =
		    arena_more(arena, *parts, *count, &size, sizeof(**parts));
		(*parts)[(*count)++] = (struct product_part){
			.name = sql_copy(statement, 0, arena),
			.value = sql_copy(statement, 1, arena),
			.seq = sql_copy(statement, 2, arena),
			.shop = sql_get_int(statement, 3) != 0,
		};
	}
	sqlite3_reset(statement);
	return status;
}

#define PRICE                                                                  \
	"m.item, m.place, m.condition, m.number, m.since, m.until, m.unit,"    \
	" m.currency, m.units, m.scale, m.deleted, m.seq"

static struct product_price
read_price(sqlite3_stmt *statement, struct arena *arena)
{
	struct str text[8], seq;

	for (int i = 0; i < 8; i++)
		text[i] = arena_str(arena, sql_get_text(statement, 1 + i));
	seq = sql_copy(statement, 12, arena);
	return (struct product_price){
		.of = (enum product_relation)sql_get_int(statement, 0),
		.item = text[0],
		.place = text[1],
		.condition = text[2],
		.table = text[3],
		.from = text[4],
		.to = text[5],
		.unit = text[6],
		.currency = text[7],
		.price = { sql_get_int(statement, 9),
		    (unsigned)sql_get_int(statement, 10) },
		.deleted = sql_get_int(statement, 11) != 0,
		.seq = seq,
	};
}

_Static_assert(PRODUCT_OWN == 0 && PRODUCT_PARENT == 1 && PRODUCT_VARIANT == 2,
    "numbers in the SQL of product_prices");

enum status
product_prices(struct state *state, struct str item, struct str sku,
    struct str parent, struct arena *arena, struct product_price **prices,
    size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t size = 0;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 0 AS of, " PRICE
	    " FROM product_price AS m WHERE m.item = ?1"
	    " UNION ALL SELECT 1, " PRICE
	    " FROM product AS p JOIN product_price AS m ON m.item = p.item"
	    "  WHERE p.sku = ?3 AND ?3 IS NOT NULL"
	    " UNION ALL SELECT 2, " PRICE
	    " FROM product AS p JOIN product_price AS m ON m.item = p.item"
	    "  WHERE p.parent = ?2 AND p.parent IS NOT NULL"
	    "  AND p.inactive = 0 AND p.sku <> ''"
	    " ORDER BY of, item, place, condition, number, since",
	    diag);

	*prices = NULL;
	*count = 0;
	sql_text(statement, 1, item);
	sql_text(statement, 2, sku);
	sql_text(statement, 3, parent);
	while (sql_row(state, statement, &status, diag)) {
		*prices =
		    arena_more(arena, *prices, *count, &size, sizeof(**prices));
		(*prices)[(*count)++] = read_price(statement, arena);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
product_next_variant(struct state *state, struct str parent, struct str after,
    struct arena *arena, struct str *sku, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT sku FROM product WHERE parent = ?1 AND parent IS NOT NULL"
	    " AND sku > coalesce(?2, '') ORDER BY sku LIMIT 1",
	    diag);
	enum status status;

	*sku = STR_NONE;
	sql_text(statement, 1, parent);
	sql_text(statement, 2, after);
	if (sql_row(state, statement, &status, diag))
		*sku = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

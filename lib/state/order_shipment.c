#include "state/order.h"

/* The texts of a line, in the order of LINE_COLUMNS. */
#define LINE_COLUMNS                                                           \
	"line, document, sales_line, web_order, sku, material, quantity,"      \
	" unit, base_quantity, base_unit, parent"
static const size_t line_texts[] = {
	offsetof(struct shipment_line, line),
	offsetof(struct shipment_line, document),
	offsetof(struct shipment_line, sales_line),
	offsetof(struct shipment_line, web_order),
	offsetof(struct shipment_line, sku),
	offsetof(struct shipment_line, material),
	offsetof(struct shipment_line, quantity),
	offsetof(struct shipment_line, unit),
	offsetof(struct shipment_line, base_quantity),
	offsetof(struct shipment_line, base_unit),
	offsetof(struct shipment_line, parent),
};
#define LINE_TEXTS (sizeof(line_texts) / sizeof(line_texts[0]))

static struct shipment
shipment_row(sqlite3_stmt *row, struct arena *arena)
{
	return (struct shipment){
		.delivery = sql_copy(row, 0, arena),
		.seq = sql_copy(row, 1, arena),
		.posted_at = sql_get_time(row, 2),
		.reversed = sql_get_int(row, 3) != 0,
		.waiting = sql_get_int(row, 4) != 0,
		.carrier = sql_copy(row, 5, arena),
		.tracking_number = sql_copy(row, 6, arena),
		.tracking_url = sql_copy(row, 7, arena),
		.tracking_numbers = sql_copy(row, 8, arena),
	};
}

static void
add_line(struct shipment *shipment, sqlite3_stmt *row, struct arena *arena)
{
	shipment->lines = arena_more(arena, shipment->lines, shipment->count,
	    &shipment->size, sizeof(*shipment->lines));
	sql_copy_texts(row, 1, &shipment->lines[shipment->count++], line_texts,
	    LINE_TEXTS, arena);
}

static enum status
load_header(struct state *state, struct str delivery, struct arena *arena,
    struct shipment *shipment, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *row = state_sql(state,
	    "SELECT delivery, seq, posted_at, reversed, waiting, carrier,"
	    " tracking_number, tracking_url, tracking_numbers FROM shipment"
	    " WHERE delivery = ?1",
	    diag);

	sql_text(row, 1, delivery);
	*found = sql_row(state, row, &status, diag);
	if (*found)
		*shipment = shipment_row(row, arena);
	sqlite3_reset(row);
	return status;
}

enum status
order_shipment_load(struct state *state, struct str delivery,
    struct arena *arena, struct shipment *shipment, bool *found,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *rows;

	*shipment = (struct shipment){ .posted_at = INSTANT_NONE };
	status = load_header(state, delivery, arena, shipment, found, diag);
	if (status != STATUS_OK || !*found)
		return status;
	rows = state_sql(state,
	    "SELECT delivery, " LINE_COLUMNS " FROM shipment_line"
	    " WHERE delivery = ?1 ORDER BY length(line), line",
	    diag);
	sql_text(rows, 1, delivery);
	while (sql_row(state, rows, &status, diag))
		add_line(shipment, rows, arena);
	return status;
}

static enum status
store_header(struct state *state, const struct shipment *shipment,
    struct diag *diag)
{
	sqlite3_stmt *put = state_sql(state,
	    "INSERT OR REPLACE INTO shipment (delivery, seq, posted_at,"
	    " reversed, waiting, carrier, tracking_number, tracking_url,"
	    " tracking_numbers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    diag);

	sql_text(put, 1, shipment->delivery);
	sql_text(put, 2, shipment->seq);
	sql_time(put, 3, shipment->posted_at);
	sql_int(put, 4, shipment->reversed);
	sql_int(put, 5, shipment->waiting);
	sql_text(put, 6, shipment->carrier);
	sql_text(put, 7, shipment->tracking_number);
	sql_text(put, 8, shipment->tracking_url);
	sql_text(put, 9, shipment->tracking_numbers);
	return sql_run(state, put, diag);
}

static enum status
store_line(struct state *state, struct str delivery,
    const struct shipment_line *line, struct diag *diag)
{
	sqlite3_stmt *put = state_sql(state,
	    "INSERT OR REPLACE INTO shipment_line (delivery, " LINE_COLUMNS ")"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	    diag);

	sql_text(put, 1, delivery);
	sql_texts(put, 2, line, line_texts, LINE_TEXTS);
	return sql_run(state, put, diag);
}

enum status
order_shipment_store(struct state *state, const struct shipment *shipment,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *drop = state_sql(state,
	    "DELETE FROM shipment_line WHERE delivery = ?1", diag);

	sql_text(drop, 1, shipment->delivery);
	status = sql_run(state, drop, diag);
	if (status == STATUS_OK)
		status = store_header(state, shipment, diag);
	for (size_t i = 0; i < shipment->count && status == STATUS_OK; i++)
		status = store_line(state, shipment->delivery,
		    &shipment->lines[i], diag);
	return status;
}

static struct shipment *
joined(struct state *state, struct order_state *order, struct str delivery,
    struct arena *arena, enum status *status, struct diag *diag)
{
	struct shipment header = { .posted_at = INSTANT_NONE };
	struct shipment *added;
	bool found;

	for (size_t i = 0; i < order->shipment_count; i++)
		if (str_eq(order->shipments[i].delivery, delivery))
			return &order->shipments[i];
	*status = load_header(state, arena_str(arena, delivery), arena, &header,
	    &found, diag);
	if (*status != STATUS_OK || !found)
		return NULL;
	added = order_shipment_add(order, arena);
	*added = header;
	return added;
}

static bool
has_line(const struct shipment *shipment, struct str line)
{
	for (size_t i = 0; i < shipment->count; i++)
		if (str_eq(shipment->lines[i].line, line))
			return true;
	return false;
}

static enum status
join_rows(struct state *state, struct order_state *order, sqlite3_stmt *rows,
    struct arena *arena, struct diag *diag)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && sql_row(state, rows, &status, diag)) {
		struct shipment *shipment = joined(state, order,
		    sql_get_text(rows, 0), arena, &status, diag);

		if (shipment != NULL &&
		    !has_line(shipment, sql_get_text(rows, 1)))
			add_line(shipment, rows, arena);
	}
	sqlite3_reset(rows);
	return status;
}

static enum status
join_document(struct state *state, struct order_state *order,
    struct str document, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT delivery, " LINE_COLUMNS " FROM shipment_line"
	    " WHERE document = ?1 ORDER BY delivery, length(line), line",
	    diag);

	sql_text(rows, 1, document);
	return join_rows(state, order, rows, arena, diag);
}

/* By web number only while the document is not known to be another order's. */
static enum status
join_web(struct state *state, struct order_state *order, struct str web_order,
    struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT delivery, " LINE_COLUMNS " FROM shipment_line s"
	    " WHERE web_order = ?1 AND NOT EXISTS (SELECT 1 FROM"
	    " order_document d WHERE d.document = s.document"
	    " AND d.document NOT IN ('@shop', '@sap') AND d.order_id <> ?2)"
	    " ORDER BY delivery, length(line), line",
	    diag);

	sql_text(rows, 1, web_order);
	sql_text(rows, 2, order->id);
	return join_rows(state, order, rows, arena, diag);
}

enum status
order_shipment_join(struct state *state, struct order_state *order,
    struct arena *arena, struct diag *diag)
{
	return order_join(state, order, join_document, join_web, arena, diag);
}

enum status
order_shipment_unlike(struct state *state, struct str after,
    struct arena *arena, struct str *delivery, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *next = state_sql(state,
	    "SELECT id FROM exception WHERE open = 1 AND subject = 'shipment'"
	    " AND code = 'shipment-unit' AND id > coalesce(?1, '')"
	    " ORDER BY id LIMIT 1",
	    diag);

	sql_text(next, 1, after);
	*found = sql_row(state, next, &status, diag);
	if (*found)
		*delivery = sql_copy(next, 0, arena);
	sqlite3_reset(next);
	return status;
}

enum status
order_units_note(struct state *state, struct hash units, bool *changed,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	struct hash before;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT value FROM meta WHERE key = 'units'", diag);

	*changed = !sql_row(state, statement, &status, diag) ||
		   !sql_get_hash(statement, 0, &before) ||
		   !hash_equal(before, units);
	sqlite3_reset(statement);
	if (status != STATUS_OK || !*changed)
		return status;
	statement = state_sql(state,
	    "INSERT INTO meta(key, value) VALUES('units', ?1)"
	    " ON CONFLICT(key) DO UPDATE SET value = ?1",
	    diag);
	sql_hash(statement, 1, units);
	return sql_run(state, statement, diag);
}

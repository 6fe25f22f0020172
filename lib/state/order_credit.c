#include "state/order.h"

static struct credit_line
line_row(sqlite3_stmt *row, struct arena *arena)
{
	return (struct credit_line){
		.line = arena_str(arena, sql_get_text(row, 1)),
		.document = arena_str(arena, sql_get_text(row, 2)),
		.sales_line = arena_str(arena, sql_get_text(row, 3)),
		.web_order = arena_str(arena, sql_get_text(row, 4)),
		.sku = arena_str(arena, sql_get_text(row, 5)),
		.quantity = arena_str(arena, sql_get_text(row, 6)),
		.net = arena_str(arena, sql_get_text(row, 7)),
		.tax = arena_str(arena, sql_get_text(row, 8)),
	};
}

/* Only for lines that were all added here. */
static void
add_line(struct credit *credit, struct credit_line line, struct arena *arena)
{
	size_t count = credit->count;

	/* Full whenever the count is a power of two: the room doubles. */
	if ((count & (count - 1)) == 0) {
		struct credit_line *lines = arena_array(arena,
		    count > 0 ? 2 * count : 1, sizeof(*lines));

		if (count > 0)
			memcpy(lines, credit->lines, count * sizeof(*lines));
		credit->lines = lines;
	}
	credit->lines[credit->count++] = line;
}

static enum status
load_header(struct state *state, struct str invoice, struct arena *arena,
    struct credit *credit, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *row = state_sql(state,
	    "SELECT invoice, seq, kind, refers, waiting FROM credit"
	    " WHERE invoice = ?1",
	    diag);

	sql_text(row, 1, invoice);
	*found = sql_row(state, row, &status, diag);
	if (*found)
		*credit = (struct credit){
			.invoice = arena_str(arena, sql_get_text(row, 0)),
			.seq = arena_str(arena, sql_get_text(row, 1)),
			.kind = (enum credit_kind)sql_get_int(row, 2),
			.refers = arena_str(arena, sql_get_text(row, 3)),
			.waiting = sql_get_int(row, 4) != 0,
		};
	sqlite3_reset(row);
	return status;
}

enum status
order_credit_load(struct state *state, struct str invoice, struct arena *arena,
    struct credit *credit, bool *found, struct diag *diag)
{
	enum status status;
	sqlite3_stmt *rows;

	*credit = (struct credit){ .kind = CREDIT_MEMO };
	status = load_header(state, invoice, arena, credit, found, diag);
	if (status != STATUS_OK || !*found)
		return status;
	rows = state_sql(state,
	    "SELECT invoice, line, document, sales_line, web_order, sku,"
	    " quantity, net, tax FROM credit_line WHERE invoice = ?1"
	    " ORDER BY length(line), line",
	    diag);
	sql_text(rows, 1, invoice);
	while (sql_row(state, rows, &status, diag))
		add_line(credit, line_row(rows, arena), arena);
	return status;
}

static enum status
store_header(struct state *state, const struct credit *credit,
    struct diag *diag)
{
	sqlite3_stmt *put = state_sql(state,
	    "INSERT OR REPLACE INTO credit"
	    " (invoice, seq, kind, refers, waiting)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	    diag);

	sql_text(put, 1, credit->invoice);
	sql_text(put, 2, credit->seq);
	sql_int(put, 3, credit->kind);
	sql_text(put, 4, credit->refers);
	sql_int(put, 5, credit->waiting);
	return sql_run(state, put, diag);
}

static enum status
store_line(struct state *state, struct str invoice,
    const struct credit_line *line, struct diag *diag)
{
	sqlite3_stmt *put = state_sql(state,
	    "INSERT OR REPLACE INTO credit_line (invoice, line, document,"
	    " sales_line, web_order, sku, quantity, net, tax)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    diag);

	sql_text(put, 1, invoice);
	sql_text(put, 2, line->line);
	sql_text(put, 3, line->document);
	sql_text(put, 4, line->sales_line);
	sql_text(put, 5, line->web_order);
	sql_text(put, 6, line->sku);
	sql_text(put, 7, line->quantity);
	sql_text(put, 8, line->net);
	sql_text(put, 9, line->tax);
	return sql_run(state, put, diag);
}

enum status
order_credit_store(struct state *state, const struct credit *credit,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *drop = state_sql(state,
	    "DELETE FROM credit_line WHERE invoice = ?1", diag);

	sql_text(drop, 1, credit->invoice);
	status = sql_run(state, drop, diag);
	if (status == STATUS_OK)
		status = store_header(state, credit, diag);
	for (size_t i = 0; i < credit->count && status == STATUS_OK; i++)
		status =
		    store_line(state, credit->invoice, &credit->lines[i], diag);
	return status;
}

enum status
order_credit_stands(struct state *state, struct str invoice, bool *stands,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *find = state_sql(state,
	    "SELECT 1 FROM credit WHERE invoice = ?1 AND kind <> 1"
	    " AND NOT EXISTS (SELECT 1 FROM credit x"
	    " WHERE x.kind = 1 AND x.refers = ?1)",
	    diag);

	*stands = false;
	sql_text(find, 1, invoice);
	*stands = sql_row(state, find, &status, diag);
	sqlite3_reset(find);
	return status;
}

static struct credit *
joined(struct state *state, struct order_state *order, struct str invoice,
    struct arena *arena, enum status *status, struct diag *diag)
{
	struct credit header = { .kind = CREDIT_MEMO };
	struct credit *added;
	bool found;

	for (size_t i = 0; i < order->credit_count; i++)
		if (str_eq(order->credits[i].invoice, invoice))
			return &order->credits[i];
	*status = load_header(state, arena_str(arena, invoice), arena, &header,
	    &found, diag);
	if (*status != STATUS_OK || !found)
		return NULL;
	added = order_credit_add(order, arena);
	*added = header;
	return added;
}

static bool
has_line(const struct credit *credit, struct str line)
{
	for (size_t i = 0; i < credit->count; i++)
		if (str_eq(credit->lines[i].line, line))
			return true;
	return false;
}

static enum status
join_rows(struct state *state, struct order_state *order, sqlite3_stmt *rows,
    struct arena *arena, struct diag *diag)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && sql_row(state, rows, &status, diag)) {
		struct credit *credit = joined(state, order,
		    sql_get_text(rows, 0), arena, &status, diag);

		if (credit != NULL && !has_line(credit, sql_get_text(rows, 1)))
			add_line(credit, line_row(rows, arena), arena);
	}
	sqlite3_reset(rows);
	return status;
}

static enum status
join_document(struct state *state, struct order_state *order,
    struct str document, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT l.invoice, line, document, sales_line, web_order, sku,"
	    " quantity, net, tax FROM credit_line l JOIN credit c"
	    " ON c.invoice = l.invoice WHERE document = ?1"
	    " AND c.kind <> 1 AND NOT EXISTS (SELECT 1 FROM credit x"
	    " WHERE x.kind = 1 AND x.refers = l.invoice)"
	    " ORDER BY l.invoice, length(line), line",
	    diag);

	sql_text(rows, 1, document);
	return join_rows(state, order, rows, arena, diag);
}

static enum status
join_web(struct state *state, struct order_state *order, struct str web_order,
    struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT l.invoice, line, document, sales_line, web_order, sku,"
	    " quantity, net, tax FROM credit_line l JOIN credit c"
	    " ON c.invoice = l.invoice WHERE web_order = ?1"
	    " AND c.kind <> 1 AND NOT EXISTS (SELECT 1 FROM credit x"
	    " WHERE x.kind = 1 AND x.refers = l.invoice)"
	    " AND NOT EXISTS (SELECT 1 FROM order_document d"
	    " WHERE d.document = l.document"
	    " AND d.document NOT IN ('@shop', '@sap') AND d.order_id <> ?2)"
	    " ORDER BY l.invoice, length(line), line",
	    diag);

	sql_text(rows, 1, web_order);
	sql_text(rows, 2, order->id);
	return join_rows(state, order, rows, arena, diag);
}

enum status
order_credit_join(struct state *state, struct order_state *order,
    struct arena *arena, struct diag *diag)
{
	enum status status =
	    order_join(state, order, join_document, join_web, arena, diag);

	/* Credit memos name the return order that they bill. */
	for (size_t i = 0; i < order->credit_count && status == STATUS_OK; i++)
		if (order->credits[i].kind == CREDIT_RETURN)
			status = join_document(state, order,
			    order->credits[i].refers, arena, diag);
	return status;
}

#include "state/order.h"

/* The texts of a line, in the order of LINE_COLUMNS. */
#define LINE_COLUMNS                                                           \
	"line, document, sales_line, web_order, sku, quantity, net, tax"
static const size_t line_texts[] = {
	offsetof(struct credit_line, line),
	offsetof(struct credit_line, document),
	offsetof(struct credit_line, sales_line),
	offsetof(struct credit_line, web_order),
	offsetof(struct credit_line, sku),
	offsetof(struct credit_line, quantity),
	offsetof(struct credit_line, net),
	offsetof(struct credit_line, tax),
};
#define LINE_TEXTS (sizeof(line_texts) / sizeof(line_texts[0]))

/* Of credit memos that stand: neither cancellations nor cancelled. */
#define STANDING_LINES                                                         \
	"SELECT l.invoice, " LINE_COLUMNS                                      \
	" FROM credit_line l JOIN credit c ON c.invoice = l.invoice"           \
	" WHERE c.kind <> 1 AND NOT EXISTS (SELECT 1 FROM credit x"            \
	" WHERE x.kind = 1 AND x.refers = l.invoice)"
#define LINE_ORDER " ORDER BY l.invoice, length(line), line"

static void
add_line(struct credit *credit, sqlite3_stmt *row, struct arena *arena)
{
	credit->lines = arena_more(arena, credit->lines, credit->count,
	    &credit->size, sizeof(*credit->lines));
	sql_copy_texts(row, 1, &credit->lines[credit->count++], line_texts,
	    LINE_TEXTS, arena);
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
			.invoice = sql_copy(row, 0, arena),
			.seq = sql_copy(row, 1, arena),
			.kind = (enum credit_kind)sql_get_int(row, 2),
			.refers = sql_copy(row, 3, arena),
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
	    "SELECT invoice, " LINE_COLUMNS " FROM credit_line"
	    " WHERE invoice = ?1 ORDER BY length(line), line",
	    diag);
	sql_text(rows, 1, invoice);
	while (sql_row(state, rows, &status, diag))
		add_line(credit, rows, arena);
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
	    "INSERT OR REPLACE INTO credit_line (invoice, " LINE_COLUMNS ")"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    diag);

	sql_text(put, 1, invoice);
	sql_texts(put, 2, line, line_texts, LINE_TEXTS);
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
			add_line(credit, rows, arena);
	}
	sqlite3_reset(rows);
	return status;
}

static enum status
join_document(struct state *state, struct order_state *order,
    struct str document, struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    STANDING_LINES " AND document = ?1" LINE_ORDER, diag);

	sql_text(rows, 1, document);
	return join_rows(state, order, rows, arena, diag);
}

static enum status
join_web(struct state *state, struct order_state *order, struct str web_order,
    struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    STANDING_LINES
	    " AND web_order = ?1 AND NOT EXISTS (SELECT 1"
	    " FROM order_document d WHERE d.document = l.document"
	    " AND d.document NOT IN ('@shop', '@sap') AND d.order_id <> ?2)" LINE_ORDER,
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

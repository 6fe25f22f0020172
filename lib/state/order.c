#include "state/order.h"

static const char *const document_names[] = {
#define X(name, object, key) #name,
	ORDER_KEYS(X)
#undef X
};

static const char *const line_names[] = {
#define X(name, key) #name,
	LINE_KEYS(X)
#undef X
};

static enum status
find_document(struct state *state, struct str document, struct arena *arena,
    struct str *id, bool *found, struct diag *diag)
{
	return sql_find_text(state,
	    "SELECT order_id FROM order_document WHERE document = ?1"
	    " AND document NOT IN ('@shop', '@sap') LIMIT 1",
	    document, arena, id, found, diag);
}

enum status
order_find(struct state *state, struct str document, struct str web_order,
    struct arena *arena, struct str *id, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;

	*found = false;
	if (document.len > 0)
		status = find_document(state, document, arena, id, found, diag);
	if (status != STATUS_OK || *found || web_order.len == 0)
		return status;
	return sql_find_text(state,
	    "SELECT coalesce(moved_to, id) FROM orders WHERE id = ?1",
	    web_order, arena, id, found, diag);
}

static enum status
load_row(struct state *state, struct arena *arena, struct order_state *order,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *row = state_sql(state,
	    "SELECT customer, provisional_at, confirmed_at, event, remarks,"
	    " forgotten"
	    " FROM orders WHERE id = ?1 AND moved_to IS NULL",
	    diag);

	sql_text(row, 1, order->id);
	order->found = sql_row(state, row, &status, diag);
	if (order->found) {
		order->customer = sql_copy(row, 0, arena);
		order->provisional_at = sql_get_time(row, 1);
		order->confirmed_at = sql_get_time(row, 2);
		order->event = (enum order_event)sql_get_int(row, 3);
		order->remarks = sql_copy(row, 4, arena);
		order->forgotten = sql_get_int(row, 5) != 0;
	}
	sqlite3_reset(row);
	return status;
}

static enum status
load_documents(struct state *state, struct arena *arena,
    struct order_state *order, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT document, facts FROM order_document WHERE order_id = ?1"
	    " ORDER BY document",
	    diag);

	sql_text(rows, 1, order->id);
	while (status == STATUS_OK && sql_row(state, rows, &status, diag)) {
		struct order_document *document =
		    order_document_take(order, sql_copy(rows, 0, arena), arena);

		status = order_facts_read(document->facts, document_names,
		    ORDER_KEY_COUNT, sql_copy(rows, 1, arena), arena, diag);
	}
	sqlite3_reset(rows);
	return status;
}

static enum status
load_lines(struct state *state, struct arena *arena, struct order_state *order,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT document, line, facts FROM order_line WHERE order_id = ?1"
	    " ORDER BY document, length(line), line",
	    diag);

	sql_text(rows, 1, order->id);
	while (status == STATUS_OK && sql_row(state, rows, &status, diag)) {
		struct order_line *line = order_line_take(order,
		    sql_copy(rows, 0, arena), sql_copy(rows, 1, arena), arena);

		status = order_facts_read(line->facts, line_names,
		    LINE_KEY_COUNT, sql_copy(rows, 2, arena), arena, diag);
	}
	sqlite3_reset(rows);
	return status;
}

enum status
order_load(struct state *state, struct str id, struct arena *arena,
    struct order_state *order, struct diag *diag)
{
	enum status status;

	*order = (struct order_state){
		.id = arena_str(arena, id),
		.provisional_at = INSTANT_NONE,
		.confirmed_at = INSTANT_NONE,
	};
	status = load_row(state, arena, order, diag);
	if (status != STATUS_OK || !order->found)
		return status;
	status = load_documents(state, arena, order, diag);
	if (status == STATUS_OK)
		status = load_lines(state, arena, order, diag);
	return status;
}

static enum status
store_row(struct state *state, const struct order_state *order,
    struct diag *diag)
{
	sqlite3_stmt *put = state_sql(state,
	    "INSERT INTO orders"
	    " (id, customer, provisional_at, confirmed_at, event, remarks)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET"
	    " customer = ?2, provisional_at = ?3, confirmed_at = ?4,"
	    " event = ?5, remarks = ?6, moved_to = NULL",
	    diag);

	sql_text(put, 1, order->id);
	sql_text(put, 2, order->customer);
	sql_time(put, 3, order->provisional_at);
	sql_time(put, 4, order->confirmed_at);
	sql_int(put, 5, order->event);
	sql_text(put, 6, order->remarks);
	return sql_run(state, put, diag);
}

static enum status
store_document(struct state *state, struct str id,
    const struct order_document *document, struct diag *diag)
{
	struct buf facts = BUF_INIT;
	enum status status;
	sqlite3_stmt *put = state_sql(state,
	    "INSERT INTO order_document (order_id, document, facts)"
	    " VALUES (?1, ?2, ?3) ON CONFLICT (order_id, document)"
	    " DO UPDATE SET facts = ?3",
	    diag);

	order_facts_write(&facts, document->facts, document_names,
	    ORDER_KEY_COUNT);
	sql_text(put, 1, id);
	sql_text(put, 2, document->document);
	sql_text(put, 3, buf_str(&facts));
	status = sql_run(state, put, diag);
	buf_free(&facts);
	return status;
}

static enum status
store_line(struct state *state, struct str id, const struct order_line *line,
    struct diag *diag)
{
	struct buf facts = BUF_INIT;
	enum status status;
	sqlite3_stmt *put = state_sql(state,
	    "INSERT INTO order_line (order_id, document, line, facts)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (order_id, document, line)"
	    " DO UPDATE SET facts = ?4",
	    diag);

	order_facts_write(&facts, line->facts, line_names, LINE_KEY_COUNT);
	sql_text(put, 1, id);
	sql_text(put, 2, line->document);
	sql_text(put, 3, line->line);
	sql_text(put, 4, buf_str(&facts));
	status = sql_run(state, put, diag);
	buf_free(&facts);
	return status;
}

enum status
order_store_parts(struct state *state, struct order_state *order,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < order->document_count; i++) {
		struct order_document *document = &order->documents[i];

		if (status == STATUS_OK && document->changed)
			status =
			    store_document(state, order->id, document, diag);
		document->changed = false;
	}
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (status == STATUS_OK && line->changed)
			status = store_line(state, order->id, line, diag);
		line->changed = false;
	}
	return status;
}

enum status
order_store(struct state *state, struct order_state *order, struct diag *diag)
{
	enum status status = store_row(state, order, diag);

	return status == STATUS_OK ? order_store_parts(state, order, diag)
				   : status;
}

enum status
order_redirect(struct state *state, struct str web_order, struct str to,
    struct diag *diag)
{
	return sql_run_two(state,
	    "INSERT INTO orders (id, moved_to) VALUES (?1, ?2)"
	    " ON CONFLICT (id) DO UPDATE SET moved_to = ?2,"
	    " provisional_at = NULL, confirmed_at = NULL, remarks = NULL",
	    web_order, to, diag);
}

enum status
order_move(struct state *state, struct str from, struct str to,
    struct diag *diag)
{
	/* What the other id has under the same key (@shop, @sap) stays. */
	static const char *const moves[] = {
		"UPDATE OR IGNORE order_document SET order_id = ?2"
		" WHERE order_id = ?1",
		"UPDATE OR IGNORE order_line SET order_id = ?2"
		" WHERE order_id = ?1",
		"DELETE FROM order_document WHERE order_id = ?1"
		" AND ?2 IS NOT NULL",
		"DELETE FROM order_line WHERE order_id = ?1"
		" AND ?2 IS NOT NULL",
		"UPDATE orders SET moved_to = ?2 WHERE moved_to = ?1",
		"INSERT INTO orders (id) SELECT ?2 WHERE ?1 IS NOT NULL"
		" ON CONFLICT (id) DO NOTHING",
	};
	enum status status = sql_run_steps(state, moves,
	    sizeof(moves) / sizeof(moves[0]), from, to, diag);

	if (status == STATUS_OK)
		status = order_redirect(state, from, to, diag);
	return status;
}

enum status
order_move_document(struct state *state, struct str document, struct str to,
    struct diag *diag)
{
	static const char *const moves[] = {
		"UPDATE order_line SET order_id = ?2 WHERE document = ?1"
		" AND order_id = (SELECT order_id FROM order_document"
		" WHERE document = ?1 AND document NOT IN ('@shop', '@sap'))",
		"UPDATE order_document SET order_id = ?2 WHERE document = ?1"
		" AND document NOT IN ('@shop', '@sap')",
		"INSERT INTO orders (id) SELECT ?2 WHERE ?1 IS NOT NULL"
		" ON CONFLICT (id) DO NOTHING",
	};

	return sql_run_steps(state, moves, sizeof(moves) / sizeof(moves[0]),
	    document, to, diag);
}

enum status
order_next(struct state *state, enum order_part part, struct str after,
    struct arena *arena, struct str *id, bool *found, struct diag *diag)
{
	static const char *const queries[] = {
		[ORDER_PART_ORDER] =
		    "SELECT id FROM orders WHERE id > coalesce(?1, '')"
		    " AND moved_to IS NULL ORDER BY id LIMIT 1",
		[ORDER_PART_SHIPMENT] = "SELECT delivery FROM shipment"
					" WHERE delivery > coalesce(?1, '')"
					" ORDER BY delivery LIMIT 1",
		[ORDER_PART_CREDIT] =
		    "SELECT invoice FROM credit WHERE invoice > coalesce(?1, '')"
		    " ORDER BY invoice LIMIT 1",
	};

	return sql_find_text(state, queries[part], after, arena, id, found,
	    diag);
}

enum status
order_join(struct state *state, struct order_state *order,
    order_reference *document, order_reference *web, struct arena *arena,
    struct diag *diag)
{
	enum status status = web(state, order, order->id, arena, diag);

	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *of = &order->documents[i];
		struct str number = of->facts[ORDER_WEB_ORDER].value;

		if (status == STATUS_OK && of->document.data[0] != '@')
			status =
			    document(state, order, of->document, arena, diag);
		if (status == STATUS_OK && number.len > 0 &&
		    !str_eq(number, order->id))
			status = web(state, order, number, arena, diag);
	}
	return status;
}

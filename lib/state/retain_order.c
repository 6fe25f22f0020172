#include "state/retain_order.h"

#include "record/desired.h"
#include "state/outbox_rows.h"
#include "state/schema.h"

_Static_assert(DESIRED_ORDER == 2 && ROW_IDLE == 0,
    "numbers in the SQL of this file");

const char retain_order_schema_8[] =
    /* Only its number, its documents' and how it ended are left. */
    "ALTER TABLE orders ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;";

/* Orders that go in a step, of some twenty rows each. */
#define ORDERS 50
#define ORDERS_TEXT "50"
/* Rows that are looked at in a step: some milliseconds, when there is none. */
#define RANGE 4000
#define RANGE_TEXT "4000"

/* Nothing is to follow from it, and Ometria has it as it is for so long. The
 * rows are to be found by n, not by kind: hence the +. */
#define ENDED                                                                  \
	"+o.kind = 2 AND o.state = 0 AND o.accepted_rev > 0"                   \
	" AND o.accepted_rev = o.rev AND o.confirmed_rev = o.rev"              \
	" AND o.accepted_at < ?1 * 1000"                                       \
	" AND EXISTS(SELECT 1 FROM orders AS r WHERE r.id = o.id"              \
	"  AND r.forgotten = 0 AND r.moved_to IS NULL"                         \
	"  AND coalesce(r.remarks, '') IN ('', '[]'))"                         \
	" AND json_valid(o.body) AND json_extract(o.body, '$.status') IN"      \
	"  ('shipped', 'partial_refund', 'refunded', 'cancelled')"             \
	" AND NOT EXISTS(SELECT 1 FROM reservation AS v"                       \
	"  WHERE v.order_id = o.id)"                                           \
	" AND NOT EXISTS(SELECT 1 FROM exception AS e WHERE e.open = 1"        \
	"  AND e.subject = 'order' AND e.id = o.id)"

/* The documents of the order, ?1, and the deliveries with a line of them. */
#define DOCUMENTS                                                              \
	"(SELECT document FROM order_document WHERE order_id = ?1"             \
	" AND document NOT IN ('@shop', '@sap'))"
#define ITS "(document IN " DOCUMENTS " OR web_order = ?1)"
#define DELIVERIES "(SELECT delivery FROM shipment_line WHERE " ITS ")"

/* A delivery that serves another order as well stays whole. */
static const char *const steps[] = {
	"DELETE FROM shipment WHERE delivery IN " DELIVERIES
	" AND NOT EXISTS(SELECT 1 FROM shipment_line AS l"
	"  WHERE l.delivery = shipment.delivery AND NOT coalesce(" ITS ", 0)"
	"  AND (l.document IS NOT NULL OR l.web_order IS NOT NULL))",
	"DELETE FROM shipment_line WHERE delivery IN " DELIVERIES
	" AND NOT EXISTS(SELECT 1 FROM shipment AS s"
	"  WHERE s.delivery = shipment_line.delivery)",
	"DELETE FROM order_ean WHERE order_id = ?1",
	"DELETE FROM order_line WHERE order_id = ?1",
	"UPDATE order_document SET facts = '[]' WHERE order_id = ?1",
	"UPDATE orders SET forgotten = 1 WHERE id = ?1",
};

static enum status
has_rows(struct state *state, int64_t after, bool *yes, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM outbox WHERE n > ?1 LIMIT 1", diag);
	enum status status;

	sql_int(statement, 1, after);
	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
retain_order_step(struct state *state, int64_t before, int64_t *after,
    bool *more, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT o.n, o.id FROM outbox AS o WHERE o.n > ?2"
	    " AND o.n <= ?2 + " RANGE_TEXT " AND " ENDED
	    " ORDER BY o.n LIMIT " ORDERS_TEXT,
	    diag);
	struct arena arena = ARENA_INIT;
	struct str ended[ORDERS];
	int64_t last = *after;
	size_t count = 0;
	enum status status;

	sql_int(statement, 1, before);
	sql_int(statement, 2, *after);
	while (sql_row(state, statement, &status, diag)) {
		last = sql_get_int(statement, 0);
		ended[count++] = sql_copy(statement, 1, &arena);
	}
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = sql_run_steps(state, steps,
		    sizeof(steps) / sizeof(steps[0]), ended[i], STR_NONE, diag);
	*after = count == ORDERS ? last : *after + RANGE;
	arena_free(&arena);
	return status == STATUS_OK ? has_rows(state, *after, more, diag)
				   : status;
}

#include "state/deadline.h"
#include "state/availability.h"
#include "state/escalation.h"
#include "state/exceptions.h"
#include "state/goods_issue.h"
#include "state/schema.h"
#include "state/suppression.h"
#include "state/trace.h"
#include "state/triage.h"

#include "base/instant.h"

/* How long the journal of deliveries is kept: 90 days. */
#define JOURNAL_SECONDS ((int64_t)90 * 24 * 3600)

const char deadline_schema[] =
    "CREATE INDEX orders_unconfirmed ON orders(provisional_at)"
    " WHERE confirmed_at IS NULL AND provisional_at IS NOT NULL;";

/*
 * An exception for each row: its columns are the id and the customer. What was
 * closed since the time ran is not raised again: the cause is still the same.
 */
static enum status
raise_rows(struct state *state, sqlite3_stmt *rows, struct exception *late,
    struct diag *diag)
{
	enum status status;

	while (sql_row(state, rows, &status, diag)) {
		late->id = sql_get_text(rows, 0);
		late->customer = sql_get_text(rows, 1);
		status = exceptions_raise(state, late, diag);
		if (status != STATUS_OK)
			break;
	}
	sqlite3_reset(rows);
	return status;
}

static enum status
raise_unconfirmed(struct state *state, int64_t now, struct diag *diag)
{
	int64_t within = config_duration(state_config(state), "order", NULL,
	    "confirm-within");
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT id, customer FROM orders WHERE confirmed_at IS NULL"
	    " AND provisional_at IS NOT NULL AND provisional_at <= ?1"
	    " AND NOT EXISTS(SELECT 1 FROM exception"
	    "  WHERE code = 'order-unconfirmed' AND subject = 'order'"
	    "  AND exception.id = orders.id"
	    "  AND (open = 1 OR closed_at >= provisional_at))",
	    diag);
	struct exception late = {
		.code = "order-unconfirmed",
		.subject = "order",
		.message = STR("the shop's order was not confirmed by SAP in "
			       "time"),
	};

	sql_int(statement, 1, now - within / 1000);
	return raise_rows(state, statement, &late, diag);
}

static enum status
heal_confirmed(struct state *state, int64_t now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?1,"
	    " resolution = 'healed' WHERE open = 1 AND subject = 'order'"
	    " AND code = 'order-unconfirmed' AND EXISTS(SELECT 1 FROM orders"
	    "  WHERE orders.id = exception.id AND confirmed_at IS NOT NULL)",
	    diag);

	sql_int(statement, 1, now);
	return sql_run(state, statement, diag);
}

/*
 * Opt-outs that Ometria has not confirmed (they are urgent, lane 0), and
 * addresses it has not taken the deletion request of.
 */
#define OPT_OUTS                                                               \
	" FROM customer AS p JOIN ("                                           \
	"SELECT id, queued_at FROM outbox"                                     \
	" WHERE kind = 1 AND lane = 0 AND state > 0"                           \
	" UNION SELECT id, queued_at FROM outbox"                              \
	" WHERE accepted_rev > confirmed_rev AND +kind = 1"                    \
	" UNION SELECT customer, queued_at FROM erasure"                       \
	" WHERE state IN (1, 2)) AS late ON late.id = p.customer"              \
	" WHERE p.flagged IS NOT NULL AND p.one_time = 0"

enum status
deadline_opt_out(struct state *state, int64_t *since, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT min(max(p.flagged_at, late.queued_at))" OPT_OUTS, diag);
	enum status status;

	*since = INSTANT_NONE;
	if (sql_row(state, row, &status, diag))
		*since = sql_get_time(row, 0);
	sqlite3_reset(row);
	return status;
}

static enum status
raise_overdue(struct state *state, int64_t now, struct diag *diag)
{
	int64_t within = config_duration(state_config(state), "deletion", NULL,
	    "verify-within");
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT p.customer, p.customer" OPT_OUTS
	    " AND max(p.flagged_at, late.queued_at) <= ?1"
	    " AND NOT EXISTS(SELECT 1 FROM exception"
	    "  WHERE code = 'deletion-overdue' AND subject = 'customer'"
	    "  AND exception.id = p.customer AND (open = 1"
	    "  OR closed_at >= max(p.flagged_at, late.queued_at)))"
	    " GROUP BY p.customer",
	    diag);
	struct exception late = {
		.code = "deletion-overdue",
		.subject = "customer",
		.message = STR("the opt-out or deletion of the customer is not "
			       "confirmed by Ometria in time"),
	};

	sql_int(statement, 1, now - within / 1000);
	return raise_rows(state, statement, &late, diag);
}

static enum status
heal_overdue(struct state *state, int64_t now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?1,"
	    " resolution = 'healed' WHERE open = 1 AND subject = 'customer'"
	    " AND code = 'deletion-overdue' AND EXISTS(SELECT 1 FROM outbox"
	    "  WHERE kind = 1 AND outbox.id = exception.id AND state = 0"
	    "  AND confirmed_rev = rev)"
	    " AND NOT EXISTS(SELECT 1 FROM erasure"
	    "  WHERE erasure.customer = exception.id AND state IN (1, 2))",
	    diag);

	sql_int(statement, 1, now);
	return sql_run(state, statement, diag);
}

static enum status
forget_erased(struct state *state, int64_t now, struct diag *diag)
{
	(void)now;
	return suppression_forget_sent(state, diag);
}

static enum status
heal_flapping(struct state *state, int64_t now, struct diag *diag)
{
	return availability_calm(state,
	    now -
		config_duration(state_config(state), "stock", NULL, "damping") /
		    1000,
	    diag);
}

/* A row whose time has come is sendable by itself; this only tidies up. */
static enum status
let_go(struct state *state, int64_t now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET withheld = NULL WHERE state > 0"
	    " AND withheld IS NOT NULL AND withheld <= ?1",
	    diag);

	sql_int(statement, 1, now);
	return sql_run(state, statement, diag);
}

static enum status
prune(struct state *state, int64_t now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM delivery WHERE ended_at IS NOT NULL"
	    " AND ended_at <= ?1",
	    diag);
	enum status status;

	sql_int(statement, 1, now - JOURNAL_SECONDS);
	status = sql_run(state, statement, diag);
	return status == STATUS_OK
		   ? availability_prune(state, now - JOURNAL_SECONDS, diag)
		   : status;
}

enum status
deadline_pass(struct state *state, int64_t now, struct diag *diag)
{
	static enum status (*const passes[])(struct state *, int64_t,
	    struct diag *) = { raise_unconfirmed, heal_confirmed, raise_overdue,
		heal_overdue, heal_flapping, forget_erased, escalation_pass,
		let_go, prune, goods_issue_prune, trace_prune, triage_prune };
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0;
	     i < sizeof(passes) / sizeof(passes[0]) && status == STATUS_OK; i++)
		status = passes[i](state, now, diag);
	return state_leave(state, own, status, diag);
}

#include "state/hold.h"
#include "state/schema.h"

#include "base/instant.h"

const char hold_schema[] =
    "CREATE TABLE hold("
    " customer TEXT NOT NULL,"
    " mestyp TEXT NOT NULL,"
    " seq TEXT NOT NULL," /* of the failed record */
    " answered TEXT," /* seq of the newest valid one */
    " set_at INTEGER NOT NULL,"
    " PRIMARY KEY(customer, mestyp)) STRICT, WITHOUT ROWID;";

/*
 * A file that stays in the inbox is read again by every run: what a person has
 * released must not be held again by the record that was released. Its seq
 * stands in meta under "released MESTYP CUSTOMER". A contact that Ometria
 * refused has none: each refusal of it holds.
 */
static enum status
remember(struct state *state, struct str customer, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO meta(key, value)"
	    " SELECT 'released ' || mestyp || ' ' || customer,"
	    "  CAST(seq AS BLOB) FROM hold WHERE customer = ?1 AND seq <> ''"
	    " ON CONFLICT(key) DO UPDATE"
	    " SET value = max(value, excluded.value)",
	    diag);

	sql_text(statement, 1, customer);
	return sql_run(state, statement, diag);
}

enum status
hold_set(struct state *state, struct str customer, struct str mestyp,
    struct str seq, struct diag *diag)
{
	/* What was folded before the failed one came may answer it already. */
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO hold(customer, mestyp, seq, set_at, answered)"
	    " SELECT ?1, coalesce(?2, ''), coalesce(?3, ''), ?4, CASE"
	    "  WHEN ?2 = 'DEBMAS' THEN"
	    "   (SELECT seq FROM customer WHERE customer = ?1)"
	    "  WHEN ?2 IN ('ADRMAS', 'ADR2MAS') THEN"
	    "   (SELECT max(seq) FROM contact_point WHERE customer = ?1) END"
	    " WHERE ?3 IS NULL OR NOT EXISTS(SELECT 1 FROM meta"
	    "  WHERE key = 'released ' || coalesce(?2, '') || ' ' || ?1"
	    "  AND value >= CAST(?3 AS BLOB))"
	    " ON CONFLICT(customer, mestyp) DO UPDATE"
	    " SET seq = max(seq, excluded.seq),"
	    " answered = coalesce(max(answered, excluded.answered), answered,"
	    "  excluded.answered)",
	    diag);

	if (customer.len == 0)
		return STATUS_OK;
	sql_text(statement, 1, customer);
	sql_text(statement, 2, mestyp);
	sql_text(statement, 3, seq);
	sql_time(statement, 4, instant_now());
	return sql_run(state, statement, diag);
}

/* A person let go of it; now what was failed has come right. */
static enum status
heal_released(struct state *state, struct str customer, struct str mestyp,
    struct str seq, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?4,"
	    " resolution = 'healed' WHERE open = 1 AND customer IS NOT NULL"
	    " AND customer = ?1 AND code = 'customer-malformed'"
	    " AND mestyp = ?2"
	    " AND NOT EXISTS(SELECT 1 FROM hold WHERE customer = ?1)"
	    " AND EXISTS(SELECT 1 FROM meta"
	    "  WHERE key = 'released ' || ?2 || ' ' || ?1"
	    "  AND value <= CAST(?3 AS BLOB))",
	    diag);

	sql_text(statement, 1, customer);
	sql_text(statement, 2, mestyp);
	sql_text(statement, 3, seq);
	sql_time(statement, 4, instant_now());
	return sql_run(state, statement, diag);
}

enum status
hold_answer(struct state *state, struct str customer, struct str mestyp,
    struct str seq, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE hold SET answered = max(coalesce(answered, ''),"
	    " coalesce(?3, '')) WHERE customer = ?1"
	    " AND mestyp = coalesce(?2, '')",
	    diag);
	enum status status;

	sql_text(statement, 1, customer);
	sql_text(statement, 2, mestyp);
	sql_text(statement, 3, seq);
	status = sql_run(state, statement, diag);
	return status == STATUS_OK
		   ? heal_released(state, customer, mestyp, seq, diag)
		   : status;
}

/* Without any hold left, the exceptions that said so are healed. */
static enum status
heal(struct state *state, struct str customer, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?2,"
	    " resolution = 'healed' WHERE open = 1 AND customer IS NOT NULL"
	    " AND customer = ?1"
	    " AND code IN ('customer-malformed', 'customer-rejected')"
	    " AND NOT EXISTS(SELECT 1 FROM hold WHERE customer = ?1)",
	    diag);

	sql_text(statement, 1, customer);
	sql_time(statement, 2, instant_now());
	return sql_run(state, statement, diag);
}

/* Lift; the customers go to names, each with a NUL behind it. */
static enum status
lift(struct state *state, struct buf *names, struct diag *diag)
{
	/* Kind 1 is a contact, state 0: Ometria has accepted its newest. */
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM hold WHERE (answered >= seq OR mestyp = '" HOLD_REJECTED
	    "') AND NOT EXISTS(SELECT 1 FROM outbox WHERE kind = 1"
	    "  AND id = hold.customer AND state <> 0) RETURNING customer",
	    diag);
	enum status status;

	while (sql_row(state, statement, &status, diag)) {
		buf_add_str(names, sql_get_text(statement, 0));
		buf_add_char(names, '\0');
	}
	return status;
}

enum status
hold_lift(struct state *state, uint64_t *lifted, struct diag *diag)
{
	struct buf names = BUF_INIT;
	enum status status;
	bool own;

	*lifted = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = lift(state, &names, diag);
	for (size_t at = 0; at < names.len && status == STATUS_OK; ++*lifted) {
		struct str customer = str_of(names.data + at);

		status = heal(state, customer, diag);
		at += customer.len + 1;
	}
	buf_free(&names);
	return state_leave(state, own, status, diag);
}

enum status
hold_release(struct state *state, struct str customer, uint64_t *released,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*released = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = remember(state, customer, diag);
	if (status == STATUS_OK) {
		statement = state_sql(state,
		    "DELETE FROM hold WHERE customer = ?1", diag);
		sql_text(statement, 1, customer);
		status = sql_run(state, statement, diag);
	}
	if (status == STATUS_OK)
		*released = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

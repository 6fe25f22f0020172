#include "state/suppression.h"

#include "base/instant.h"
#include "base/text.h"
#include "record/desired.h"
#include "state/outbox_rows.h"
#include "state/schema.h"

_Static_assert(DESIRED_CONTACT == 1 && DESIRED_ORDER == 2 &&
		   DESIRED_EVENT == 3 && ROW_IDLE == 0,
    "numbers in the SQL of this file");

/*
 * A guest's order is found by its address, as the aggregator writes it; erased
 * customers by their number. SQLite's JSON functions may not stand in an index;
 * and were it for "kind = 2", every statement that binds a kind would be
 * prepared anew each time, to see whether the index serves.
 */
#define BEHIND_EMAIL "substr(body, instr(body, '\"email\":\"') + 9)"
#define GUEST_EMAIL                                                            \
	"lower(trim(substr(" BEHIND_EMAIL ", 1, instr(" BEHIND_EMAIL           \
	", '\"') - 1)))"

const char suppression_schema_5[] =
    "CREATE INDEX outbox_guest ON outbox(" GUEST_EMAIL ")"
    " WHERE kind BETWEEN 2 AND 2 AND customer IS NULL;"
    "CREATE INDEX customer_erased ON customer(customer)"
    " WHERE erased > 0 AND sent_email IS NOT NULL;";

/* Blanks of any kind, no-break spaces (C2 A0) among them. */
static size_t
blank_at(struct str text, size_t at)
{
	if ((unsigned char)text.data[at] <= ' ')
		return 1;
	return at + 1 < text.len && (unsigned char)text.data[at] == 0xC2 &&
		       (unsigned char)text.data[at + 1] == 0xA0
		   ? 2
		   : 0;
}

struct hash
suppression_hash(struct state *state, struct str text)
{
	struct hasher hasher;

	hash_begin(&hasher, state_secret(state));
	for (size_t i = 0; i < text.len; i++) {
		char c = text_lower(text.data[i]);
		size_t blank = blank_at(text, i);

		if (blank > 0)
			i += blank - 1;
		else
			hash_add(&hasher, &c, 1);
	}
	return hash_end(&hasher);
}

enum status
suppression_add(struct state *state, struct str text, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO suppression (hash, at) VALUES (?1, ?2)"
	    " ON CONFLICT (hash) DO NOTHING",
	    diag);

	if (text.len == 0)
		return STATUS_OK;
	sql_hash(statement, 1, suppression_hash(state, text));
	sql_time(statement, 2, instant_now());
	return sql_run(state, statement, diag);
}

enum status
suppression_any(struct state *state, bool *yes, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM suppression LIMIT 1", diag);
	enum status status;

	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
suppression_has(struct state *state, const struct str *texts, size_t count,
    bool *yes, struct diag *diag)
{
	enum status status = STATUS_OK;

	*yes = false;
	for (size_t i = 0; i < count && status == STATUS_OK && !*yes; i++) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT 1 FROM suppression WHERE hash = ?1", diag);

		if (texts[i].len == 0)
			continue;
		sql_hash(statement, 1, suppression_hash(state, texts[i]));
		*yes = sql_row(state, statement, &status, diag);
		sqlite3_reset(statement);
	}
	return status;
}

/* --- orders --- */

/*
 * A body without the person; its hash goes with it, so that nothing leaves for
 * that. What is in flight with the person is no longer to be sent again so.
 */
static enum status
set_body(struct state *state, int64_t n, struct str body, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET body = ?2, hash = ?3,"
	    " accepted_hash = CASE WHEN accepted_hash = hash THEN ?3"
	    "  ELSE accepted_hash END,"
	    " batch = CASE WHEN state <> 2 THEN batch END,"
	    " state = CASE WHEN state <> 2 THEN state ELSE 1 END WHERE n = ?1",
	    diag);

	sql_int(statement, 1, n);
	sql_text(statement, 2, body);
	sql_hash(statement, 3, hash_of(body));
	return sql_run(state, statement, diag);
}

/* The order and its event. */
static enum status
scrub_bodies(struct state *state, struct str id, struct diag *diag)
{
	enum status status = STATUS_OK;
	struct buf body = BUF_INIT, event = BUF_INIT;

	desired_event_id(&event, id);
	for (int64_t n = 0; status == STATUS_OK;) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT n, json_remove(body, '$.email',"
		    " '$.customer.email', '$.customer.first_name',"
		    " '$.customer.last_name', '$.shipping_address.city',"
		    " '$.shipping_address.region',"
		    " '$.shipping_address.postcode', '$.billing_address.city',"
		    " '$.billing_address.region', '$.billing_address.postcode')"
		    " FROM outbox WHERE ((kind = 2 AND id = ?1) OR (kind = 3"
		    " AND id = ?3)) AND n > ?2"
		    " AND json_valid(body) ORDER BY n LIMIT 1",
		    diag);

		sql_text(statement, 1, id);
		sql_int(statement, 2, n);
		sql_text(statement, 3, buf_str(&event));
		n = 0;
		buf_clear(&body);
		if (sql_row(state, statement, &status, diag)) {
			n = sql_get_int(statement, 0);
			buf_add_str(&body, sql_get_text(statement, 1));
		}
		sqlite3_reset(statement);
		if (status != STATUS_OK || n == 0)
			break;
		status = set_body(state, n, buf_str(&body), diag);
	}
	buf_free(&body);
	buf_free(&event);
	return status;
}

/* A fact that is known to be empty does not come back with an older record. */
static enum status
scrub_facts(struct state *state, struct str id, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE order_document SET facts = (SELECT json_group_array("
	    "json_replace(value, '$.EMAIL', '', '$.FIRST_NAME', '',"
	    " '$.LAST_NAME', '', '$.SHIP_CITY', '', '$.SHIP_REGION', '',"
	    " '$.SHIP_POSTCODE', '', '$.BILL_CITY', '', '$.BILL_REGION', '',"
	    " '$.BILL_POSTCODE', '')) FROM json_each(facts))"
	    " WHERE order_id = ?1 AND json_valid(facts)",
	    diag);

	sql_text(statement, 1, id);
	return sql_run(state, statement, diag);
}

enum status
suppression_scrub_order(struct state *state, struct str id, struct diag *diag)
{
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = scrub_facts(state, id, diag);
	if (status == STATUS_OK)
		status = scrub_bodies(state, id, diag);
	return state_leave(state, own, status, diag);
}

/*
 * The next order behind `after` whose column is `text`. Customers have no index
 * of their orders: it would make every order dear, in the order of no time, for
 * an erasure once in a while. One pass over the table finds all of them.
 */
static enum status
next_order(struct state *state, bool guest, struct str text, struct str after,
    struct arena *arena, struct str *id, struct diag *diag)
{
	sqlite3_stmt *statement =
	    guest ? state_sql(state,
			"SELECT id FROM outbox INDEXED BY outbox_guest"
			" WHERE kind BETWEEN 2 AND 2 AND customer IS NULL"
			" AND " GUEST_EMAIL
			" = lower(?1) AND id > coalesce(?2, '')"
			" ORDER BY id LIMIT 1",
			diag)
		  : state_sql(state,
			"SELECT id FROM orders WHERE customer = ?1"
			" AND id > coalesce(?2, '') ORDER BY id LIMIT 1",
			diag);
	enum status status;

	*id = STR_NONE;
	sql_text(statement, 1, text);
	sql_text(statement, 2, after);
	if (sql_row(state, statement, &status, diag))
		*id = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

static enum status
scrub_each(struct state *state, bool guest, struct str text, struct diag *diag)
{
	struct arena arena = ARENA_INIT;
	struct str id = STR_NONE;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && text.len > 0) {
		status = next_order(state, guest, text, id, &arena, &id, diag);
		if (status != STATUS_OK || id.len == 0)
			break;
		status = suppression_scrub_order(state, id, diag);
	}
	arena_free(&arena);
	return status;
}

enum status
suppression_scrub_orders(struct state *state, struct str customer,
    struct str email, struct diag *diag)
{
	enum status status = scrub_each(state, false, customer, diag);

	return status == STATUS_OK
		   ? scrub_each(state, true, str_trim(email), diag)
		   : status;
}

/* --- customers --- */

enum status
suppression_scrub_points(struct state *state, struct str customer,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE contact_point SET facts = json_object('@',"
	    " json(coalesce(json_extract(facts, '$.\"@\"'), '{}')))"
	    " WHERE customer = ?1 AND json_valid(facts)",
	    diag);

	sql_text(statement, 1, customer);
	return sql_run(state, statement, diag);
}

static enum status
forget_one(struct state *state, struct str customer, int64_t n, struct str body,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE customer SET sent_email = NULL WHERE customer = ?1", diag);
	enum status status;

	sql_text(statement, 1, customer);
	status = sql_run(state, statement, diag);
	return status == STATUS_OK ? set_body(state, n, body, diag) : status;
}

enum status
suppression_forget_sent(struct state *state, struct diag *diag)
{
	struct buf body = BUF_INIT, customer = BUF_INIT;
	enum status status = STATUS_OK;

	for (int64_t n = 1; status == STATUS_OK;) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT o.n, o.id, json_remove(o.body, '$.email')"
		    " FROM customer AS p INDEXED BY customer_erased"
		    " CROSS JOIN outbox AS o ON o.kind = 1"
		    "  AND o.id = p.customer WHERE p.erased > 0"
		    " AND p.sent_email IS NOT NULL AND p.customer > ?1"
		    " AND o.state = 0 AND o.confirmed_rev = o.rev"
		    " AND json_valid(o.body) ORDER BY p.customer LIMIT 1",
		    diag);

		sql_text(statement, 1,
		    customer.len > 0 ? buf_str(&customer) : STR(" "));
		n = 0;
		buf_clear(&body);
		if (sql_row(state, statement, &status, diag)) {
			n = sql_get_int(statement, 0);
			buf_clear(&customer);
			buf_add_str(&customer, sql_get_text(statement, 1));
			buf_add_str(&body, sql_get_text(statement, 2));
		}
		sqlite3_reset(statement);
		if (status != STATUS_OK || n == 0)
			break;
		status = forget_one(state, buf_str(&customer), n,
		    buf_str(&body), diag);
	}
	buf_free(&body);
	buf_free(&customer);
	return status;
}

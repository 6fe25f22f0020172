#include "state/customer.h"

#include "base/instant.h"
#include "base/text.h"
#include "state/meta.h"
#include "state/order_anew.h"
#include "state/outbox.h"
#include "state/outbox_rows.h"
#include "state/schema.h"

_Static_assert(DESIRED_CONTACT == 1 && ROW_IDLE == 0 && ROW_WAITING == 1 &&
		   ROW_REFUSED == 3,
    "numbers in the SQL of this file");

const char customer_schema[] =
    "CREATE TABLE customer ("
    " customer TEXT PRIMARY KEY," /* number without leading zeros */
    " seq TEXT," /* of the general data */
    " facts TEXT," /* general data as JSON */
    " whole INTEGER NOT NULL DEFAULT 0," /* a full message is in it */
    " one_time INTEGER NOT NULL DEFAULT 0,"
    " deleted INTEGER NOT NULL DEFAULT 0," /* SAP's flag stands */
    " flagged TEXT," /* seq of the earliest deletion: opted out */
    " erased INTEGER NOT NULL DEFAULT 0," /* 2: Ometria is to erase, too */
    " email TEXT, phone TEXT,"
    " sent_email TEXT" /* the last that was to be sent */
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX customer_email ON customer (lower(email))"
    " WHERE email IS NOT NULL;"
    "CREATE TABLE contact_point ("
    " object TEXT NOT NULL,"
    " object_id TEXT NOT NULL,"
    " customer TEXT NOT NULL,"
    " seq TEXT NOT NULL,"
    " facts TEXT NOT NULL,"
    " whole INTEGER NOT NULL,"
    " PRIMARY KEY (object, object_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX contact_point_customer ON contact_point (customer);"
    "CREATE TABLE suppression ("
    " hash BLOB PRIMARY KEY,"
    " at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* customer.due: when the validity of an address begins or ends next. */
const char customer_schema_4[] =
    "ALTER TABLE customer ADD COLUMN due INTEGER;"
    "CREATE INDEX customer_due ON customer (due) WHERE due IS NOT NULL;";

/* When the customer was found to be opted out. */
const char customer_schema_5[] =
    "ALTER TABLE customer ADD COLUMN flagged_at INTEGER;"
    "UPDATE customer SET flagged_at = unixepoch() WHERE flagged IS NOT NULL;";

/* Addresses of before, in small letters. */
const char customer_schema_6[] = "CREATE TABLE customer_former ("
				 " customer TEXT NOT NULL,"
				 " email TEXT NOT NULL,"
				 " PRIMARY KEY (customer, email)"
				 ") STRICT, WITHOUT ROWID;";

enum status
customer_is_one_time(struct state *state, struct str id, bool *yes,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT one_time FROM customer WHERE customer = ?1", diag);

	*yes = false;
	sql_text(statement, 1, id);
	if (sql_row(state, statement, &status, diag))
		*yes = sql_get_int(statement, 0) != 0;
	sqlite3_reset(statement);
	return status;
}

enum status
customer_contact(struct state *state, struct str id, struct arena *arena,
    struct customer_contact *out, bool *found, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT email, one_time, flagged IS NOT NULL, erased FROM customer"
	    " WHERE customer = ?1",
	    diag);

	*out = (struct customer_contact){ .email = STR_NONE };
	*found = false;
	sql_text(statement, 1, id);
	if (sql_row(state, statement, &status, diag)) {
		*found = true;
		out->email = sql_copy(statement, 0, arena);
		out->one_time = sql_get_int(statement, 1) != 0;
		out->opted_out = sql_get_int(statement, 2) != 0;
		out->erased = sql_get_int(statement, 3) != 0;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
customer_opted_out_by(struct state *state, struct str email,
    struct arena *arena, struct str *id, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT min(customer), count(*) > count(flagged) FROM customer"
	    " WHERE lower(email) = lower(?1) AND email IS NOT NULL"
	    " AND one_time = 0",
	    diag);

	*id = STR_NONE;
	sql_text(statement, 1, str_trim(email));
	if (sql_row(state, statement, &status, diag) &&
	    sql_get_int(statement, 1) == 0)
		*id = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

static enum status
load_points(struct state *state, struct arena *arena,
    struct contact_state *customer, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t size = 0;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT seq, facts, whole FROM contact_point WHERE customer = ?1"
	    " AND object <> '" CUSTOMER_SHOP "' ORDER BY object, object_id",
	    diag);

	sql_text(statement, 1, customer->id);
	while (sql_row(state, statement, &status, diag)) {
		struct contact_part *part;

		customer->points = arena_more(arena, customer->points,
		    customer->point_count, &size, sizeof(*customer->points));
		part = &customer->points[customer->point_count++];
		part->seq = sql_copy(statement, 0, arena);
		part->facts = sql_copy(statement, 1, arena);
		part->full = sql_get_int(statement, 2) != 0;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
customer_load(struct state *state, struct str id, struct arena *arena,
    struct contact_state *customer, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT seq, facts, whole, one_time, deleted, flagged, erased,"
	    " email, phone, sent_email, due FROM customer WHERE customer = ?1",
	    diag);

	*customer = (struct contact_state){ .id = arena_str(arena, id),
		.due = INSTANT_NONE };
	sql_text(statement, 1, id);
	if (sql_row(state, statement, &status, diag)) {
		customer->general.seq = sql_copy(statement, 0, arena);
		customer->general.facts = sql_copy(statement, 1, arena);
		customer->general.full = sql_get_int(statement, 2) != 0;
		customer->one_time = sql_get_int(statement, 3) != 0;
		customer->was_one_time = customer->one_time;
		customer->deleted = sql_get_int(statement, 4) != 0;
		customer->flagged = sql_copy(statement, 5, arena);
		customer->erased = sql_get_int(statement, 6) != 0;
		customer->to_request = sql_get_int(statement, 6) == 2;
		customer->email = sql_copy(statement, 7, arena);
		customer->phone = sql_copy(statement, 8, arena);
		customer->sent_email = sql_copy(statement, 9, arena);
		customer->due = sql_get_time(statement, 10);
	}
	sqlite3_reset(statement);
	if (status == STATUS_OK)
		status = load_points(state, arena, customer, diag);
	return status == STATUS_OK
		   ? customer_load_point(state, STR(CUSTOMER_SHOP),
			 customer->id, arena, &customer->shop, diag)
		   : status;
}

enum status
customer_store(struct state *state, const struct contact_state *customer,
    struct diag *diag)
{
	enum status status;
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO customer (customer, seq, facts, whole, one_time,"
	    " deleted, flagged, erased, email, phone, sent_email, due,"
	    " flagged_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " CASE WHEN ?7 IS NOT NULL THEN ?13 END)"
	    " ON CONFLICT (customer) DO UPDATE SET seq = excluded.seq,"
	    " facts = excluded.facts, whole = excluded.whole,"
	    " one_time = excluded.one_time, deleted = excluded.deleted,"
	    " flagged = excluded.flagged, erased = excluded.erased,"
	    " email = excluded.email, phone = excluded.phone,"
	    " sent_email = excluded.sent_email, due = excluded.due,"
	    " flagged_at = coalesce(flagged_at, excluded.flagged_at)",
	    diag);

	sql_text(statement, 1, customer->id);
	sql_text(statement, 2, customer->general.seq);
	sql_text(statement, 3, customer->general.facts);
	sql_int(statement, 4, customer->general.full);
	sql_int(statement, 5, customer->one_time);
	sql_int(statement, 6, customer->deleted);
	sql_text(statement, 7, customer->flagged);
	sql_int(statement, 8,
	    customer->to_request ? 2 : (int64_t)customer->erased);
	sql_text(statement, 9, customer->email);
	sql_text(statement, 10, customer->phone);
	sql_text(statement, 11, customer->sent_email);
	sql_time(statement, 12, customer->due);
	sql_time(statement, 13, instant_now());
	status = sql_run(state, statement, diag);
	return status == STATUS_OK &&
		       customer->one_time != customer->was_one_time
		   ? order_anew_mark(state, customer->id, diag)
		   : status;
}

enum status
customer_load_point(struct state *state, struct str object,
    struct str object_id, struct arena *arena, struct contact_part *part,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT seq, facts, whole FROM contact_point"
	    " WHERE object = ?1 AND object_id = ?2",
	    diag);

	*part = (struct contact_part){ .seq = STR_NONE };
	sql_text(statement, 1, object);
	sql_text(statement, 2, object_id);
	if (sql_row(state, statement, &status, diag)) {
		part->seq = sql_copy(statement, 0, arena);
		part->facts = sql_copy(statement, 1, arena);
		part->full = sql_get_int(statement, 2) != 0;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
customer_store_point(struct state *state, struct str object,
    struct str object_id, struct str customer, const struct contact_part *part,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO contact_point (object, object_id, customer, seq,"
	    " facts, whole) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT (object, object_id) DO UPDATE SET"
	    " customer = excluded.customer, seq = excluded.seq,"
	    " facts = excluded.facts, whole = excluded.whole",
	    diag);

	sql_text(statement, 1, object);
	sql_text(statement, 2, object_id);
	sql_text(statement, 3, customer);
	sql_text(statement, 4, part->seq);
	sql_text(statement, 5, part->facts);
	sql_int(statement, 6, part->full);
	return sql_run(state, statement, diag);
}

enum status
customer_sharing(struct state *state, struct str email, struct arena *arena,
    struct str ids[CUSTOMER_SHARING], size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT customer FROM customer WHERE lower(email) = lower(?1)"
	    " AND email IS NOT NULL AND one_time = 0 AND flagged IS NULL"
	    " ORDER BY customer LIMIT ?2",
	    diag);

	*count = 0;
	sql_text(statement, 1, email);
	sql_int(statement, 2, CUSTOMER_SHARING);
	while (*count < CUSTOMER_SHARING &&
	       sql_row(state, statement, &status, diag))
		ids[(*count)++] = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
customer_next_shared(struct state *state, struct str after, struct arena *arena,
    struct str *email, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT lower(email) FROM customer WHERE email IS NOT NULL"
	    " AND lower(email) > coalesce(?1, '') AND one_time = 0"
	    " AND flagged IS NULL GROUP BY lower(email) HAVING count(*) > 1"
	    " ORDER BY lower(email) LIMIT 1",
	    diag);

	*email = STR_NONE;
	sql_text(statement, 1, after);
	if (sql_row(state, statement, &status, diag))
		*email = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
customer_due(struct state *state, instant now, struct arena *arena,
    struct str *id, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT customer FROM customer WHERE due <= ?1"
	    " ORDER BY due LIMIT 1",
	    diag);

	*id = STR_NONE;
	sql_time(statement, 1, now);
	if (sql_row(state, statement, &status, diag))
		*id = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
customer_next_sharing(struct state *state, struct str after, struct str email,
    struct arena *arena, struct str *id, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT min(customer) FROM customer WHERE lower(email) = lower(?1)"
	    " AND email IS NOT NULL AND one_time = 0 AND flagged IS NULL"
	    " AND customer > coalesce(?2, '')",
	    diag);

	*id = STR_NONE;
	sql_text(statement, 1, email);
	sql_text(statement, 2, after);
	if (sql_row(state, statement, &status, diag))
		*id = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

enum status
customer_unqueue(struct state *state, struct str id, struct diag *diag)
{
	enum status status = outbox_forget(state, DESIRED_CONTACT, id, diag);
	sqlite3_stmt *statement;

	if (status != STATUS_OK)
		return status;
	/* One that Ometria has an older revision of may come back: whatever it
	 * says then is news. */
	statement = state_sql(state,
	    "UPDATE outbox SET state = 0, hash = zeroblob(length(hash))"
	    " WHERE kind = 1 AND id = ?1 AND state IN (1, 3)",
	    diag);
	sql_text(statement, 1, id);
	return sql_run(state, statement, diag);
}

enum status
customer_add_former(struct state *state, struct str id, struct str email,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO customer_former (customer, email)"
	    " VALUES (?1, lower(?2)) ON CONFLICT DO NOTHING",
	    diag);

	sql_text(statement, 1, id);
	sql_text(statement, 2, email);
	return sql_run(state, statement, diag);
}

enum status
customer_take_former(struct state *state, struct str id, struct arena *arena,
    struct str *email, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT email FROM customer_former WHERE customer = ?1 LIMIT 1",
	    diag);
	enum status status;

	*email = STR_NONE;
	sql_text(statement, 1, id);
	if (sql_row(state, statement, &status, diag))
		*email = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	if (status != STATUS_OK || email->len == 0)
		return status;
	statement = state_sql(state,
	    "DELETE FROM customer_former WHERE customer = ?1 AND email = ?2",
	    diag);
	sql_text(statement, 1, id);
	sql_text(statement, 2, *email);
	return sql_run(state, statement, diag);
}

enum status
customer_configure(struct state *state, struct hash fingerprint,
    struct diag *diag)
{
	bool same = false;
	enum status status =
	    meta_is(state, "contacts-config", fingerprint, &same, diag);

	if (status == STATUS_OK && !same)
		status = state_begin(state, diag);
	if (status != STATUS_OK || same)
		return status;
	status = meta_set(state, "contacts-config", fingerprint, diag);
	if (status == STATUS_OK)
		status = state_exec(state, "UPDATE customer SET due = 0", diag);
	return state_leave(state, true, status, diag);
}

enum status
customer_was_sent(struct state *state, struct str id, bool *yes,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM outbox WHERE kind = 1 AND id = ?1"
	    " AND intent_rev > 0",
	    diag);
	enum status status;

	sql_text(statement, 1, id);
	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
customer_next(struct state *state, struct str after, struct arena *arena,
    struct str *id, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT min(next) FROM ("
	    " SELECT min(customer) AS next FROM customer"
	    "  WHERE customer > coalesce(?1, '')"
	    " UNION ALL SELECT min(customer) FROM contact_point"
	    "  WHERE customer > coalesce(?1, ''))",
	    diag);

	*id = STR_NONE;
	sql_text(statement, 1, after);
	if (sql_row(state, statement, &status, diag))
		*id = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

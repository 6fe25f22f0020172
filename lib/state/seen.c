#include "state/seen.h"
#include "state/exceptions.h"
#include "state/outbox_rows.h"
#include "state/schema.h"

#include "base/instant.h"

/*
 * verified_at and looked_at (the last look that found it absent) are in
 * milliseconds; again_rev is a revision that repeats the one
 * before; doubted is a number of enum seen_doubt.
 */
const char seen_schema_6[] =
    "ALTER TABLE outbox ADD COLUMN verified_rev INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN verified_at INTEGER;"
    "ALTER TABLE outbox ADD COLUMN looked_at INTEGER;"
    "ALTER TABLE outbox ADD COLUMN again_rev INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX outbox_unconfirmed;"
    "CREATE INDEX outbox_unconfirmed ON outbox(kind, id)"
    " WHERE accepted_rev > confirmed_rev;"
    "CREATE INDEX outbox_doubted ON outbox(kind, id) WHERE doubted > 0;";

_Static_assert(DESIRED_CONTACT == 1 && DESIRED_EVENT == 3 && ROW_IDLE == 0,
    "numbers in the SQL of this file");

static enum status
set_flag(struct state *state, const char *key, bool on, struct diag *diag)
{
	sqlite3_stmt *statement =
	    on ? state_sql(state,
		     "INSERT INTO meta(key, value) VALUES(?1, x'01')"
		     " ON CONFLICT(key) DO NOTHING",
		     diag)
	       : state_sql(state, "DELETE FROM meta WHERE key = ?1", diag);

	sql_text(statement, 1, str_of(key));
	return sql_run(state, statement, diag);
}

enum status
seen_want_all(struct state *state, bool all, struct diag *diag)
{
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	return state_leave(state, own, set_flag(state, "all-seen", all, diag),
	    diag);
}

#define COLUMNS                                                                \
	"SELECT kind, id, customer, body, rev, doubted, accepted_at,"          \
	" coalesce(looked_at >= accepted_at, 0), said"                         \
	" FROM outbox WHERE kind = ?1 AND accepted_rev > 0"                    \
	" AND rev = accepted_rev"
#define COUNTED                                                                \
	"SELECT count(*), min(accepted_at) / 1000"                             \
	" FROM outbox WHERE kind = ?1 AND accepted_rev > 0"                    \
	" AND rev = accepted_rev"
#define UNVERIFIED                                                             \
	" AND (verified_rev <> accepted_rev"                                   \
	" OR verified_at < accepted_at + ?4)"
#define BY_ID " AND id > coalesce(?2, '') ORDER BY id LIMIT ?3"
/* ?4 tells whether a look is to be a quarter of its age behind the last. */
#define DUE                                                                    \
	" AND (NOT ?4 OR looked_at IS NULL OR looked_at < accepted_at"         \
	" OR (?5 - looked_at) * 4 >= ?5 - accepted_at)"
#define NEWEST_FIRST " ORDER BY accepted_at DESC, n DESC LIMIT ?3"
/* Of the last deliveries: what is accepted may be a million rows. */
#define LEFT_LAST                                                              \
	" AND id IN (SELECT m.id FROM delivery AS d JOIN delivery_record AS m" \
	"  ON m.delivery = d.id WHERE d.kind = ?1"                             \
	"  AND d.id > (SELECT max(id) FROM delivery) - 1000"                   \
	"  ORDER BY d.id DESC LIMIT 100)"
#define NONE_DOUBTED                                                           \
	" AND NOT EXISTS(SELECT 1 FROM outbox AS x WHERE x.doubted > 0"        \
	"  AND x.kind = ?1 AND x.rev = x.accepted_rev)"

static sqlite3_stmt *
select_rows(struct state *state, enum seen_which which, struct diag *diag)
{
	switch (which) {
	case SEEN_UNCONFIRMED:
		return state_sql(state,
		    COLUMNS " AND accepted_rev > confirmed_rev" DUE BY_ID,
		    diag);
	case SEEN_DOUBTED:
		return state_sql(state, COLUMNS " AND doubted > 0" DUE BY_ID,
		    diag);
	case SEEN_NEWEST:
		return state_sql(state,
		    COLUMNS
		    " AND accepted_rev > confirmed_rev" LEFT_LAST NONE_DOUBTED
			NEWEST_FIRST,
		    diag);
	case SEEN_UNVERIFIED:
		return state_sql(state, COLUMNS UNVERIFIED BY_ID, diag);
	case SEEN_UNVERIFIED_NEWEST:
		return state_sql(state, COLUMNS UNVERIFIED NEWEST_FIRST, diag);
	case SEEN_UNVERIFIED_OLDEST:
		return state_sql(state,
		    COLUMNS UNVERIFIED " ORDER BY accepted_at, n LIMIT ?3",
		    diag);
	case SEEN_ALL:
		return state_sql(state, COLUMNS BY_ID, diag);
	case SEEN_ID:
		break;
	}
	return state_sql(state, COLUMNS " AND id = ?2 LIMIT ?3", diag);
}

static bool
asks_settled(enum seen_which which)
{
	return which == SEEN_UNVERIFIED || which == SEEN_UNVERIFIED_NEWEST ||
	       which == SEEN_UNVERIFIED_OLDEST;
}

static bool
asks_due(enum seen_which which)
{
	return which == SEEN_UNCONFIRMED || which == SEEN_DOUBTED;
}

static bool
asks_id(enum seen_which which)
{
	return which == SEEN_UNCONFIRMED || which == SEEN_DOUBTED ||
	       which == SEEN_UNVERIFIED || which == SEEN_ALL ||
	       which == SEEN_ID;
}

enum status
seen_rows(struct state *state, const struct seen_query *query,
    struct arena *arena, struct seen_row *rows, size_t *count,
    struct diag *diag)
{
	sqlite3_stmt *statement = select_rows(state, query->which, diag);
	enum status status;

	*count = 0;
	sql_int(statement, 1, query->kind);
	if (asks_id(query->which))
		sql_text(statement, 2, query->after);
	sql_int(statement, 3, (int64_t)query->max);
	if (asks_settled(query->which))
		sql_int(statement, 4, query->settled);
	if (asks_due(query->which)) {
		sql_int(statement, 4, query->due);
		sql_int(statement, 5, instant_now_ms());
	}
	while (sql_row(state, statement, &status, diag))
		rows[(*count)++] = (struct seen_row){
			.kind = (enum desired_kind)sql_get_int(statement, 0),
			.id = sql_copy(statement, 1, arena),
			.customer = sql_copy(statement, 2, arena),
			.body = sql_copy(statement, 3, arena),
			.rev = (uint64_t)sql_get_int(statement, 4),
			.lost = sql_get_int(statement, 5) == SEEN_DOUBT_LOST,
			.age = instant_now_ms() - sql_get_int(statement, 6),
			.looked = sql_get_int(statement, 7) != 0,
			.said = (uint64_t)sql_get_int(statement, 8),
		};
	return status;
}

enum status
seen_count(struct state *state, const struct seen_query *query, uint64_t *count,
    int64_t *oldest, struct diag *diag)
{
	bool all = query->which == SEEN_ALL;
	sqlite3_stmt *statement =
	    all ? state_sql(state, COUNTED, diag)
		: state_sql(state,
		      COUNTED " AND (verified_rev <> accepted_rev"
			      " OR verified_at < accepted_at"
			      " + ?2)",
		      diag);
	enum status status;

	*count = 0;
	*oldest = INSTANT_NONE;
	sql_int(statement, 1, query->kind);
	if (!all)
		sql_int(statement, 2, query->settled);
	if (!sql_row(state, statement, &status, diag))
		return status;
	*count = (uint64_t)sql_get_int(statement, 0);
	*oldest = sql_get_time(statement, 1);
	sqlite3_reset(statement);
	return STATUS_OK;
}

enum status
seen_mark(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, struct diag *diag)
{
	const char *name = desired_kind_name(kind);
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    OUTBOX_NOTE_CONFIRMED(
		" AND kind = ?1 AND outbox.id = ?3 AND accepted_rev = ?4"),
	    diag);
	sql_int(statement, 1, kind);
	sql_time(statement, 2, instant_now());
	sql_text(statement, 3, id);
	sql_int(statement, 4, (int64_t)rev);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return state_leave(state, own, status, diag);
	statement = state_sql(state,
	    "UPDATE outbox SET confirmed_rev = accepted_rev,"
	    " verified_rev = accepted_rev, verified_at = ?4, doubted = 0"
	    " WHERE kind = ?1 AND id = ?2 AND accepted_rev = ?3",
	    diag);
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_int(statement, 3, (int64_t)rev);
	sql_int(statement, 4, instant_now_ms());
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		status = exceptions_heal(state, "push-missing", name, id, diag);
	if (status == STATUS_OK)
		status = exceptions_heal(state, "push-differs", name, id, diag);
	return state_leave(state, own, status, diag);
}

enum status
seen_doubt(struct state *state, enum seen_doubt doubt, int64_t from,
    int64_t upto, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET doubted = max(doubted, ?3)"
	    " WHERE accepted_rev > confirmed_rev"
	    " AND " OUTBOX_LAST_DELIVERY " BETWEEN ?1 AND ?2",
	    diag);
	sql_int(statement, 3, doubt);
	sql_int(statement, 1, from);
	sql_int(statement, 2, upto);
	return state_leave(state, own, sql_run(state, statement, diag), diag);
}

enum status
seen_absent(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET looked_at = ?5, doubted = max(doubted, ?4)"
	    " WHERE kind = ?1 AND id = ?2 AND accepted_rev = ?3"
	    " AND confirmed_rev < ?3",
	    diag);
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_int(statement, 3, (int64_t)rev);
	sql_int(statement, 4, SEEN_DOUBT_UNTOLD);
	sql_int(statement, 5, instant_now_ms());
	return state_leave(state, own, sql_run(state, statement, diag), diag);
}

enum status
seen_list_known(struct state *state, struct hash list, bool *known,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*known = false;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT INTO meta(key, value) VALUES('error-list', ?1)"
	    " ON CONFLICT(key) DO UPDATE SET value = ?1 WHERE value <> ?1",
	    diag);
	sql_hash(statement, 1, list);
	status = sql_run(state, statement, diag);
	*known = status == STATUS_OK && state_changes(state) == 0;
	return state_leave(state, own, status, diag);
}

static enum status
doubt_opt_outs(struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET doubted = 1 WHERE kind = 1 AND doubted = 0"
	    " AND accepted_rev > confirmed_rev AND EXISTS(SELECT 1"
	    "  FROM customer AS p WHERE p.customer = outbox.id"
	    "  AND p.flagged IS NOT NULL)",
	    diag);

	return sql_run(state, statement, diag);
}

/* The subject is the request's id, or the delivery's number without one; or
 * the list of errors, which may be about anything. */
static enum status
heal_unconfirmed(struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE exception SET open = 0, closed_at = ?1,"
	    " resolution = 'healed' WHERE open = 1"
	    " AND code = 'push-unconfirmed' AND ((subject = 'request'"
	    "  AND NOT EXISTS(SELECT 1"
	    "   FROM delivery AS d JOIN delivery_record AS m"
	    "   ON m.delivery = d.id JOIN outbox AS o"
	    "   ON o.kind = d.kind AND o.id = m.id"
	    "   WHERE (d.request_id = exception.id"
	    "    OR d.id = CAST(exception.id AS INTEGER))"
	    "   AND o.doubted > 0))"
	    " OR (subject = 'errors'"
	    "  AND NOT EXISTS(SELECT 1 FROM outbox WHERE doubted > 0)))",
	    diag);

	sql_time(statement, 1, instant_now());
	return sql_run(state, statement, diag);
}

enum status
seen_review(struct state *state, struct diag *diag)
{
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = doubt_opt_outs(state, diag);
	if (status == STATUS_OK)
		status = heal_unconfirmed(state, diag);
	return state_leave(state, own, status, diag);
}

/* Its age is that of what Ometria should have, not of its second try. */
enum status
seen_again(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, bool once, bool *queued, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*queued = false;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET rev = last_rev + 1, last_rev = last_rev + 1,"
	    " again_rev = CASE WHEN ?4 THEN last_rev + 1 ELSE again_rev END,"
	    " state = 1, doubted = 0,"
	    " queued_at = accepted_at / 1000, accepted_hash = NULL,"
	    " accepted_rev = CASE kind WHEN 3 THEN 0 ELSE accepted_rev END,"
	    " confirmed_rev = CASE kind WHEN 3 THEN 0 ELSE confirmed_rev END"
	    " WHERE kind = ?1 AND id = ?2 AND state = 0 AND rev = ?3"
	    " AND accepted_rev = ?3 AND (again_rev < ?3 OR NOT ?4)",
	    diag);
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_int(statement, 3, (int64_t)rev);
	sql_int(statement, 4, once);
	status = sql_run(state, statement, diag);
	*queued = status == STATUS_OK && state_changes(state) > 0;
	return state_leave(state, own, status, diag);
}

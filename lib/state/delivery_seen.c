#include "state/delivery.h"
#include "state/exceptions.h"
#include "state/outbox_rows.h"

#include "base/instant.h"

_Static_assert(DESIRED_CONTACT == 1, "numbers in the SQL of this file");

enum status
delivery_want_seen(struct state *state, bool wanted, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement =
	    wanted ? state_sql(state,
			 "INSERT INTO meta(key, value)"
			 " VALUES('contacts-seen', x'01')"
			 " ON CONFLICT(key) DO NOTHING",
			 diag)
		   : state_sql(state,
			 "DELETE FROM meta WHERE key = 'contacts-seen'", diag);
	return state_leave(state, own, sql_run(state, statement, diag), diag);
}

enum status
delivery_unseen(struct state *state, struct arena *arena, bool newest,
    struct str after, size_t max, struct delivery_unseen *list, size_t *count,
    struct diag *diag)
{
	sqlite3_stmt *statement = newest
				      ? state_sql(state,
					    "SELECT id, rev, body, accepted_at"
					    " FROM outbox WHERE kind = 1"
					    " AND accepted_rev > confirmed_rev"
					    " AND rev = accepted_rev"
					    " AND ?1 IS NULL"
					    " ORDER BY accepted_at DESC, n DESC"
					    " LIMIT ?2",
					    diag)
				      : state_sql(state,
					    "SELECT id, rev, body, accepted_at"
					    " FROM outbox WHERE kind = 1"
					    " AND accepted_rev > confirmed_rev"
					    " AND rev = accepted_rev"
					    " AND id > coalesce(?1, '')"
					    " ORDER BY id LIMIT ?2",
					    diag);
	enum status status;

	*count = 0;
	sql_text(statement, 1, after);
	sql_int(statement, 2, (int64_t)max);
	while (sql_row(state, statement, &status, diag))
		list[(*count)++] = (struct delivery_unseen){
			.id = arena_str(arena, sql_get_text(statement, 0)),
			.rev = (uint64_t)sql_get_int(statement, 1),
			.body = arena_str(arena, sql_get_text(statement, 2)),
			.age = instant_now_ms() - sql_get_int(statement, 3),
		};
	return status;
}

enum status
delivery_seen(struct state *state, struct str id, uint64_t rev,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE outbox SET confirmed_rev = accepted_rev WHERE kind = 1"
	    " AND accepted_rev > confirmed_rev"
	    " AND (?1 IS NULL OR (id = ?1 AND accepted_rev = ?2))",
	    diag);
	sql_text(statement, 1, id);
	sql_int(statement, 2, (int64_t)rev);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK && id.len > 0)
		status = exceptions_heal(state, "push-missing",
		    desired_kind_name(DESIRED_CONTACT), id, diag);
	return state_leave(state, own, status, diag);
}

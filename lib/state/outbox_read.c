#include "state/outbox.h"
#include "state/outbox_rows.h"

#include "base/instant.h"

#define COLUMNS                                                                \
	"kind, id, rev, hash, customer, body, lane, queued_at, accepted_rev,"  \
	" confirmed_rev, refused_rev, intent_rev, last_rev, said"

/*
 * ?2 is now. Behind the acceptance of the former revision ?6 passes, unless
 * that was seen; ?7: or confirmed, which takes the settle time.
 */
#define RIPE                                                                   \
	"(o.withheld IS NULL OR o.withheld <= ?1)"                             \
	" AND (o.not_before IS NULL OR o.not_before <= ?2)"                    \
	" AND (o.accepted_at IS NULL OR o.accepted_at > ?2"                    \
	"  OR o.accepted_at <= ?2 - ?6 OR o.verified_rev = o.accepted_rev"     \
	"  OR (?7 AND o.confirmed_rev = o.accepted_rev))"

_Static_assert(DESIRED_CONTACT == 1 && DESIRED_ORDER == 2 &&
		   DESIRED_EVENT == 3 && DESIRED_KIND_COUNT == 4,
    "numbers in the SQL of this file");
_Static_assert(ROW_IDLE == 0 && ROW_WAITING == 1 && ROW_IN_FLIGHT == 2,
    "numbers in the SQL of this file");

/* The parameters of RIPE. */
static void
bind_ripe(const struct state *state, sqlite3_stmt *statement)
{
	const struct config *config = state_config(state);
	bool settle = config_text(config, "ometria", NULL, "gap") == NULL;

	sql_time(statement, 1, instant_now());
	sql_int(statement, 2, instant_now_ms());
	sql_int(statement, 6,
	    config_duration(config, "ometria", NULL,
		settle ? "settle" : "gap"));
	sql_int(statement, 7, settle);
}

static void
read_row(sqlite3_stmt *statement, struct arena *arena, struct outbox_row *row)
{
	*row = (struct outbox_row){
		.kind = (enum desired_kind)sql_get_int(statement, 0),
		.id = sql_copy(statement, 1, arena),
		.rev = (uint64_t)sql_get_int(statement, 2),
		.customer = sql_copy(statement, 4, arena),
		.body = sql_copy(statement, 5, arena),
		.lane = (enum lane)sql_get_int(statement, 6),
		.queued_at = sql_get_time(statement, 7),
		.accepted_rev = (uint64_t)sql_get_int(statement, 8),
		.confirmed_rev = (uint64_t)sql_get_int(statement, 9),
		.refused_rev = (uint64_t)sql_get_int(statement, 10),
		.intent_rev = (uint64_t)sql_get_int(statement, 11),
		.last_rev = (uint64_t)sql_get_int(statement, 12),
		.said = (uint64_t)sql_get_int(statement, 13),
	};
	sql_get_hash(statement, 3, &row->hash);
}

enum status
outbox_get(struct state *state, enum desired_kind kind, struct str id,
    struct arena *arena, struct outbox_row *row, bool *found, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " COLUMNS " FROM outbox WHERE kind = ?1 AND id = ?2", diag);
	enum status status;

	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	*found = sql_row(state, statement, &status, diag);
	if (*found)
		read_row(statement, arena, row);
	sqlite3_reset(statement);
	return status;
}

static enum status
take(struct state *state, struct arena *arena, enum lane lane,
    enum desired_kind kind, size_t max, struct outbox_row *rows, size_t *count,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT " COLUMNS " FROM outbox AS o WHERE o.state > 0"
	    " AND o.kind = ?3 AND o.lane = ?4 AND o.state = 1 AND " RIPE
	    " AND NOT " OUTBOX_HELD " AND NOT " OUTBOX_GATED
	    " ORDER BY o.queued_at, o.n LIMIT ?5",
	    diag);
	enum status status;

	bind_ripe(state, statement);
	sql_int(statement, 3, kind);
	sql_int(statement, 4, lane);
	sql_int(statement, 5, (int64_t)max);
	*count = 0;
	while (sql_row(state, statement, &status, diag))
		read_row(statement, arena, &rows[(*count)++]);
	return status;
}

static enum status
take_contacts(struct state *state, struct arena *arena, size_t max,
    struct outbox_row *rows, size_t *count, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (int lane = LANE_URGENT;
	     lane <= LANE_LIVE && status == STATUS_OK && *count == 0; lane++)
		status = take(state, arena, (enum lane)lane, DESIRED_CONTACT,
		    max, rows, count, diag);
	return status;
}

enum status
outbox_batch(struct state *state, struct arena *arena,
    const struct outbox_want *want, struct outbox_row *rows, size_t *count,
    enum desired_kind *kind, struct diag *diag)
{
	int kinds = want->no_events ? DESIRED_EVENT : DESIRED_KIND_COUNT;

	*count = 0;
	*kind = DESIRED_CONTACT;
	if (want->contacts_first) {
		enum status status =
		    take_contacts(state, arena, want->max, rows, count, diag);

		if (status != STATUS_OK || *count > 0)
			return status;
	}
	for (int lane = LANE_URGENT; lane <= LANE_BACKFILL; lane++)
		for (int each = 0; each < kinds; each++) {
			enum status status;

			*kind = (enum desired_kind)each;
			status = take(state, arena, (enum lane)lane, *kind,
			    want->max, rows, count, diag);
			if (status != STATUS_OK || *count > 0)
				return status;
		}
	return STATUS_OK;
}

/* FILTER stops at the first part that is false, a sum would ask for all. */
enum status
outbox_backlog(struct state *state, enum desired_kind kind,
    struct outbox_backlog *backlog, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*),"
	    " count(*) FILTER (WHERE o.state = 1 AND " RIPE
	    "  AND NOT " OUTBOX_HELD " AND NOT " OUTBOX_GATED "),"
	    " count(*) FILTER (WHERE o.state <> 3 AND " OUTBOX_HELD "),"
	    " count(*) FILTER (WHERE o.state <> 3 AND o.withheld > ?1),"
	    " count(*) FILTER (WHERE o.state = 3),"
	    " count(*) FILTER (WHERE o.state = 2),"
	    " min(o.queued_at)"
	    " FROM outbox AS o WHERE o.state > 0 AND o.kind = ?3",
	    diag);
	enum status status;

	*backlog = (struct outbox_backlog){ .oldest = INSTANT_NONE };
	bind_ripe(state, statement);
	sql_int(statement, 3, kind);
	if (!sql_row(state, statement, &status, diag))
		return status;
	backlog->pending = (uint64_t)sql_get_int(statement, 0);
	backlog->sendable = (uint64_t)sql_get_int(statement, 1);
	backlog->held = (uint64_t)sql_get_int(statement, 2);
	backlog->withheld = (uint64_t)sql_get_int(statement, 3);
	backlog->refused = (uint64_t)sql_get_int(statement, 4);
	backlog->in_flight = (uint64_t)sql_get_int(statement, 5);
	backlog->oldest = sql_get_time(statement, 6);
	sqlite3_reset(statement);
	return STATUS_OK;
}

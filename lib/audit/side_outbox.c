#include "audit/side_child.h"

#include "base/tool.h"
#include "ometria/facts.h"
#include "state/outbox_rows.h"

/* What would not leave if everything else did: withheld, or of a customer whose
 * failed record no newer one has answered. */
#define KEPT_BACK                                                              \
	"(coalesce(withheld > ?2, 0) OR (kind >= 2 AND EXISTS("                \
	"SELECT 1 FROM hold WHERE hold.customer = o.customer"                  \
	" AND coalesce(answered, '') < seq)))"

/* Nothing tells that it has taken the place of the revision before, which was
 * seen, or is not even confirmed itself. */
#define REPLACES                                                               \
	"(rev > 1 AND verified_rev < rev"                                      \
	" AND (confirmed_rev < rev OR verified_rev > 0))"

struct reading {
	struct side_maker *maker;
	struct state *state;
	bool sent;
	struct buf key;
	struct json_doc doc;
};

/* Columns of the statement in read_kind. */
enum {
	ID,
	STATE,
	BODY,
	REVISED,
	ACCEPTED_AT,
	CUSTOMER,
	KEPT
};

static enum side_standing
standing_of(const struct reading *reading, sqlite3_stmt *rows)
{
	int64_t state = sql_get_int(rows, STATE);

	if (!reading->sent)
		return sql_get_int(rows, KEPT) != 0 ? SIDE_WAITING
						    : SIDE_ACCEPTED;
	if (state == ROW_REFUSED)
		return SIDE_REFUSED;
	return state == ROW_IDLE && !sql_is_null(rows, ACCEPTED_AT)
		   ? SIDE_ACCEPTED
		   : SIDE_WAITING;
}

static enum status
put_row(struct reading *reading, enum desired_kind kind, sqlite3_stmt *rows,
    struct diag *diag)
{
	struct side_maker *maker = reading->maker;
	struct side_meta meta = { .accepted_at =
				      sql_get_time(rows, ACCEPTED_AT) };
	struct payload_facts facts = { .collection = maker->plan->collection };
	struct facts_query query = {
		.state = reading->state,
		.kind = kind,
		.id = sql_get_text(rows, ID),
		.customer = sql_get_text(rows, CUSTOMER),
		.body = sql_get_text(rows, BODY),
		.doc = &reading->doc,
		.arena = &maker->arena,
	};
	enum status status;

	arena_reset(&maker->arena);
	if (meta.accepted_at != INSTANT_NONE)
		meta.accepted_at /= 1000;
	meta.standing = standing_of(reading, rows);
	meta.revised = sql_get_int(rows, REVISED) != 0;
	buf_clear(&reading->key);
	side_key(&reading->key, kind, query.id);
	status = facts_learn(&facts, &query, diag);
	return status == STATUS_OK
		   ? side_maker_put(maker, buf_str(&reading->key), &meta,
			 query.body, &facts, diag)
		   : status;
}

/* The index of the outbox has them in order. */
static enum status
read_kind(struct reading *reading, enum desired_kind kind, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(reading->state,
	    "SELECT id, state, body, " REPLACES
	    ", accepted_at, customer, " KEPT_BACK
	    " FROM outbox AS o WHERE kind = ?1 ORDER BY id",
	    diag);
	enum status status;

	sql_int(rows, 1, kind);
	sql_time(rows, 2, instant_now());
	while (sql_row(reading->state, rows, &status, diag)) {
		status = put_row(reading, kind, rows, diag);
		if (status == STATUS_OK && tool_interrupted())
			status =
			    diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
		if (status != STATUS_OK)
			break;
	}
	return status;
}

enum status
side_outbox_make(struct side_maker *maker, const void *user, struct diag *diag)
{
	const struct side_outbox *outbox = user;
	struct reading reading = {
		.maker = maker,
		.sent = outbox->sent,
		.doc = JSON_DOC_INIT,
	};
	enum status status = state_open(&reading.state, outbox->path,
	    STATE_READ, maker->plan->config, diag);

	if (status == STATUS_OK)
		status = state_begin(reading.state, diag);
	for (int i = 0; i < DESIRED_KIND_COUNT && status == STATUS_OK; i++)
		if (side_wants(maker->plan, (enum desired_kind)i))
			status =
			    read_kind(&reading, (enum desired_kind)i, diag);
	state_close(reading.state);
	return status;
}

#include "audit/side_lines.h"

#include "ometria/facts.h"
#include "ometria/payload.h"
#include "state/outbox_rows.h"

/* What would not leave if everything else did: withheld, or of a customer whose
 * failed record no newer one has answered. */
#define KEPT_BACK                                                              \
	"(coalesce(withheld > ?2, 0) OR (kind >= 2 AND EXISTS("                \
	"SELECT 1 FROM hold WHERE hold.customer = o.customer"                  \
	" AND coalesce(answered, '') < seq)))"

struct side_sap {
	const struct side_plan *plan;
	struct side_lines *lines; /* desired records, or */
	struct state *state; /* a state */
	bool sent;
	int kind; /* of the outbox, that is being read */
	bool reading;
	sqlite3_stmt *rows;
	struct buf key, payload;
	struct json_doc doc, made;
	struct arena arena; /* of one row */
	uint64_t unfit;
};

static struct side_sap *
new_side(const struct side_plan *plan)
{
	struct side_sap *side = mem_zero(1, sizeof(*side));

	side->plan = plan;
	side->doc = side->made = (struct json_doc)JSON_DOC_INIT;
	return side;
}

void
side_sap_free(struct side_sap *side)
{
	if (side == NULL)
		return;
	side_lines_free(side->lines);
	buf_free(&side->key);
	buf_free(&side->payload);
	json_doc_free(&side->doc);
	json_doc_free(&side->made);
	arena_free(&side->arena);
	free(side);
}

struct side_sap *
side_sap_state(const struct side_plan *plan, struct state *state, bool sent)
{
	struct side_sap *side = new_side(plan);

	side->state = state;
	side->sent = sent;
	return side;
}

enum status
side_sap_lines(struct side_sap **opened, const struct side_plan *plan, int fd,
    struct diag *diag)
{
	struct side_lines *lines;
	enum status status = side_lines_start(&lines, plan, fd, diag);

	if (status != STATUS_OK)
		return status;
	*opened = new_side(plan);
	(*opened)->lines = lines;
	return STATUS_OK;
}

static bool
is_inside(struct side_sap *side, const struct side_sap_row *row)
{
	const struct side_plan *plan = side->plan;
	instant at = row->accepted_at;

	if (plan->since == INSTANT_NONE && plan->before == INSTANT_NONE)
		return true;
	if (row->kind == DESIRED_PRODUCT)
		return true;
	if (row->kind >= DESIRED_ORDER &&
	    !instant_parse(json_text(json_parse(&side->made, row->payload),
			       "timestamp", &side->arena),
		&at))
		return true;
	return (plan->since == INSTANT_NONE || at >= plan->since) &&
	       (plan->before == INSTANT_NONE || at < plan->before);
}

/* The payload by what is known of its customer. *fit = it may leave. */
static enum status
make(struct side_sap *side, struct side_sap_row *row, struct str customer,
    struct str body, bool *fit, struct diag *diag)
{
	struct payload_facts facts = { .collection = side->plan->collection };
	struct facts_query query = {
		.state = side->state,
		.kind = row->kind,
		.id = row->id,
		.customer = customer,
		.body = body,
		.doc = &side->doc,
		.arena = &side->arena,
	};
	struct payload_fault fault;
	enum status status;

	status = facts_learn(&facts, &query, diag);
	if (status != STATUS_OK)
		return status;
	buf_clear(&side->payload);
	*fit = payload_make(&side->payload, row->kind, body, &facts, &side->doc,
		   &side->arena, &fault) == PAYLOAD_READY;
	row->payload = buf_str(&side->payload);
	side->unfit += !*fit;
	if (*fit)
		row->inside = is_inside(side, row);
	return STATUS_OK;
}

static enum side_standing
standing_of(const struct side_sap *side, sqlite3_stmt *rows)
{
	int64_t state = sql_get_int(rows, 1);
	int64_t accepted = sql_get_time(rows, 5);
	int64_t late = (side->plan->as_of - side->plan->settle) * 1000;

	if (!side->sent)
		return sql_get_int(rows, 7) != 0 ? SIDE_WAITING : SIDE_ACCEPTED;
	if (state == ROW_REFUSED)
		return SIDE_REFUSED;
	if (state != ROW_IDLE || accepted == INSTANT_NONE || accepted > late)
		return SIDE_WAITING;
	return SIDE_ACCEPTED;
}

/* The columns of read_outbox. */
static enum status
take_row(struct side_sap *side, struct side_sap_row *row, bool *fit,
    struct diag *diag)
{
	sqlite3_stmt *rows = side->rows;
	int64_t accepted_at = sql_get_time(rows, 5);

	row->kind = (enum desired_kind)side->kind;
	row->id = arena_str(&side->arena, sql_get_text(rows, 0));
	buf_clear(&side->key);
	side_key(&side->key, row->kind, row->id);
	row->key = buf_str(&side->key);
	row->standing = standing_of(side, rows);
	row->revised = sql_get_int(rows, 3) > 1 &&
		       sql_get_int(rows, 3) > sql_get_int(rows, 4);
	row->accepted_at =
	    accepted_at == INSTANT_NONE ? INSTANT_NONE : accepted_at / 1000;
	return make(side, row, sql_get_text(rows, 6), sql_get_text(rows, 2),
	    fit, diag);
}

static enum status
read_outbox(struct side_sap *side, struct side_sap_row *row, bool *found,
    bool *fit, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (*found = false; side->kind < DESIRED_KIND_COUNT; side->kind++) {
		if (!side_wants(side->plan, (enum desired_kind)side->kind))
			continue;
		if (!side->reading) {
			side->rows = state_sql(side->state,
			    "SELECT id, state, body, rev, confirmed_rev,"
			    " accepted_at, customer, " KEPT_BACK
			    " FROM outbox AS o WHERE kind = ?1 ORDER BY id",
			    diag);
			sql_int(side->rows, 1, side->kind);
			sql_time(side->rows, 2, instant_now());
			side->reading = true;
		}
		*found = sql_row(side->state, side->rows, &status, diag);
		if (*found)
			return take_row(side, row, fit, diag);
		if (status != STATUS_OK)
			return status;
		side->reading = false;
	}
	return status;
}

static enum status
read_lines(struct side_sap *side, struct side_sap_row *row, bool *found,
    struct diag *diag)
{
	enum status status =
	    side_lines_next(side->lines, &row->key, &row->payload, found, diag);

	if (status != STATUS_OK || !*found)
		return status;
	row->kind = (enum desired_kind)(row->key.data[0] - '0');
	row->id = str_from(row->key, 1);
	row->standing = SIDE_ACCEPTED;
	row->inside = is_inside(side, row);
	return STATUS_OK;
}

enum status
side_sap_next(struct side_sap *side, struct side_sap_row *row, bool *found,
    struct diag *diag)
{
	enum status status;
	bool fit;

	do {
		fit = true;
		arena_reset(&side->arena);
		*row = (struct side_sap_row){ .accepted_at = INSTANT_NONE };
		status = side->state != NULL
			     ? read_outbox(side, row, found, &fit, diag)
			     : read_lines(side, row, found, diag);
	} while (status == STATUS_OK && *found && !fit);
	return status;
}

uint64_t
side_sap_unfit(const struct side_sap *side)
{
	return side->lines != NULL ? side_lines_unfit(side->lines)
				   : side->unfit;
}

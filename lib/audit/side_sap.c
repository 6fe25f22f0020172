#include "audit/side_child.h"

struct side_sap {
	const struct side_plan *plan;
	struct side_child *child;
	bool sent; /* acceptance counts */
	struct json_doc doc;
	struct arena arena;
};

static enum status
start(struct side_sap **opened, const struct side_plan *plan, bool sent,
    enum status (*make)(struct side_maker *, const void *, struct diag *),
    const void *user, struct diag *diag)
{
	struct side_child *child;
	struct side_sap *side;
	enum status status = side_child_start(&child, plan, make, user, diag);

	if (status != STATUS_OK)
		return status;
	side = mem_zero(1, sizeof(*side));
	side->plan = plan;
	side->child = child;
	side->sent = sent;
	side->doc = (struct json_doc)JSON_DOC_INIT;
	*opened = side;
	return STATUS_OK;
}

enum status
side_sap_state(struct side_sap **opened, const struct side_plan *plan,
    const char *path, bool sent, struct diag *diag)
{
	const struct side_outbox outbox = { path, sent };

	return start(opened, plan, sent, side_outbox_make, &outbox, diag);
}

enum status
side_sap_lines(struct side_sap **opened, const struct side_plan *plan, int fd,
    struct diag *diag)
{
	return start(opened, plan, false, side_lines_make, &fd, diag);
}

void
side_sap_free(struct side_sap *side)
{
	if (side == NULL)
		return;
	side_child_free(side->child);
	json_doc_free(&side->doc);
	arena_free(&side->arena);
	free(side);
}

static bool
is_inside(struct side_sap *side, const struct side_sap_row *row)
{
	const struct side_plan *plan = side->plan;
	instant at = INSTANT_NONE;

	if (plan->since == INSTANT_NONE && plan->before == INSTANT_NONE)
		return true;
	if (row->kind == DESIRED_CONTACT)
		at = row->accepted_at;
	else if (row->kind >= DESIRED_ORDER &&
		 !instant_parse(json_text(json_parse(&side->doc, row->payload),
				    "timestamp", &side->arena),
		     &at))
		at = INSTANT_NONE;
	return side_within(plan, at);
}

/* What was accepted just now may not show yet. */
static bool
has_settled(const struct side_sap *side, const struct side_meta *meta)
{
	return !side->sent ||
	       meta->accepted_at <= side->plan->as_of - side->plan->settle;
}

enum status
side_sap_next(struct side_sap *side, struct side_sap_row *row, bool *found,
    struct diag *diag)
{
	struct side_meta meta;
	enum status status = side_child_next(side->child, &row->key, &meta,
	    &row->payload, found, diag);

	if (status != STATUS_OK || !*found)
		return status;
	arena_reset(&side->arena);
	row->kind = (enum desired_kind)(row->key.data[0] - '0');
	row->id = str_from(row->key, 1);
	row->accepted_at = meta.accepted_at;
	row->revised = meta.revised;
	row->standing =
	    meta.standing == SIDE_ACCEPTED && !has_settled(side, &meta)
		? SIDE_WAITING
		: meta.standing;
	row->inside = row->standing != SIDE_UNFIT && is_inside(side, row);
	return STATUS_OK;
}

uint64_t
side_sap_unfit(const struct side_sap *side)
{
	return side_child_unfit(side->child);
}

#include "stock.h"

#include "state/goods_issue.h"
#include "state/meta.h"
#include "state/product.h"

/*
 * In the ledger of movements a message of a delivery is what it adds to the one
 * before it: at its own time, so that a snapshot between the two covers the
 * former alone. Where the two are not about one place, or the later message
 * names an earlier time, it gives back what the former took, and takes its own.
 */
static struct str
name_of(struct stocks *s, struct str id, struct str seq, const char *part)
{
	return arena_format(&s->record, "%.*s@%.*s%s", STR_ARGS(id),
	    STR_ARGS(seq), part);
}

static const char gives_back[] = "-back";

/* A movement, unless it is of nothing or a snapshot covers it. */
static enum status
post(struct stocks *s, struct str item, struct str id,
    const struct goods_issue *issue, int64_t delta, instant at,
    const struct goods_issue *place, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	const struct stock_fact fact = {
		.id = id,
		.seq = issue->seq,
		.plant = place->plant,
		.location = place->location,
		.at = at,
		.quantity = delta,
	};
	struct stock_cell cell;
	struct str sku = STR_NONE;
	enum status status;

	if (delta == 0)
		return STATUS_OK;
	status = stock_load(state, item, fact.plant, fact.location, &s->record,
	    &cell, diag);
	if (status != STATUS_OK || stock_covers(&cell, &fact))
		return status;
	status = stocks_put_movement(s, item, &fact, &cell, diag);
	if (status == STATUS_OK)
		status = product_sku(state, item, &s->record, &sku, diag);
	names_add(&s->changed, sku);
	names_add(&s->moved, sku);
	return status;
}

static enum status
post_step(struct stocks *s, struct str id, const struct goods_issue *issue,
    const struct goods_issue *before, struct diag *diag)
{
	bool first = before->seq.len == 0;
	bool same = !first && issue->at >= before->at &&
		    str_eq(issue->item, before->item) &&
		    str_eq(issue->plant, before->plant) &&
		    str_eq(issue->location, before->location);
	enum status status = post(s, issue->item,
	    name_of(s, id, issue->seq, ""), issue,
	    issue->delta - (same ? before->delta : 0), issue->at, issue, diag);

	if (status != STATUS_OK || first || same)
		return status;
	return post(s, before->item, name_of(s, id, issue->seq, gives_back),
	    issue, -before->delta,
	    issue->at > before->at ? issue->at : before->at, before, diag);
}

static enum status
drop(struct stocks *s, struct str id, struct diag *diag)
{
	struct stock_movement old;
	bool found;
	enum status status = stock_find_movement(s->aggregate.state, id,
	    &s->record, &old, &found, diag);

	return status == STATUS_OK && found
		   ? stocks_take_back(s, id, &old, diag)
		   : status;
}

static enum status
drop_step(struct stocks *s, struct str id, const struct goods_issue *issue,
    struct diag *diag)
{
	enum status status = drop(s, name_of(s, id, issue->seq, ""), diag);

	return status == STATUS_OK
		   ? drop(s, name_of(s, id, issue->seq, gives_back), diag)
		   : status;
}

enum status
stocks_take_issue(struct stocks *s, struct str item,
    const struct stock_fact *fact, enum stock_verdict *verdict,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	const struct goods_issue issue = {
		.item = item,
		.plant = fact->plant,
		.location = fact->location,
		.seq = fact->seq,
		.at = fact->at,
		.delta = fact->quantity,
	};
	struct goods_issue before, after;
	struct stock_cell cell;
	bool added;
	enum status status = goods_issue_add(state, item, fact, &added, diag);

	*verdict = STOCK_DUPLICATE;
	if (status != STATUS_OK || !added)
		return status;
	status = stock_load(state, item, fact->plant, fact->location,
	    &s->record, &cell, diag);
	if (status == STATUS_OK)
		status = goods_issue_beside(state, fact->id, fact->seq,
		    &s->record, &before, &after, diag);
	if (status == STATUS_OK && after.seq.len > 0)
		status = drop_step(s, fact->id, &after, diag);
	if (status == STATUS_OK)
		status = post_step(s, fact->id, &issue, &before, diag);
	if (status == STATUS_OK && after.seq.len > 0)
		status = post_step(s, fact->id, &after, &issue, diag);
	*verdict = status == STATUS_OK && after.seq.len == 0 &&
			   !stock_covers(&cell, fact)
		       ? STOCK_TAKEN
		       : STOCK_SUPERSEDED;
	return status;
}

enum status
stocks_begin_source(struct stocks *s, struct diag *diag)
{
	static const char *const names[] = { "source-documents",
		"source-deliveries" };
	struct state *state = s->aggregate.state;
	const char *source = names[s->rule.deliveries];
	instant other, since;
	bool own;
	enum status status =
	    meta_time(state, names[!s->rule.deliveries], &other, diag);

	if (status == STATUS_OK)
		status = meta_time(state, source, &since, diag);
	if (status != STATUS_OK)
		return status;
	s->rule.since = since;
	if (since != INSTANT_NONE && since >= other)
		return STATUS_OK;
	/* The first source of a state has told of all that was before. */
	s->rule.since = other == INSTANT_NONE ? 0 : instant_now();
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	return state_leave(state, own,
	    meta_set_time(state, source, s->rule.since, diag), diag);
}

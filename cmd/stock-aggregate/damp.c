#include "stock.h"

#include "base/limits.h"
#include "state/exceptions.h"

static enum status
remark_flapping(struct stocks *s, struct str sku, struct buf *output,
    struct diag *diag)
{
	bool open;
	enum status status = exceptions_is_open(s->aggregate.state,
	    "stock-flapping", "sku", sku, &open, diag);

	return status == STATUS_OK && !open
		   ? stocks_remark(s, "stock-flapping", "sku", sku,
			 "goes in and out of stock; that it is back is said "
			 "when it stands still",
			 output, diag)
		   : status;
}

enum status
stocks_say(struct stocks *s, struct str sku, enum stock_answer answer,
    bool *news, struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct availability before, now;
	instant at = instant_now();
	uint64_t flips = 0;
	enum status status = availability_load(state, sku, &before, diag);

	*news = false;
	if (status == STATUS_OK && stock_flips(&before, answer))
		status = availability_flip(state, sku, answer == STOCK_IN, at,
		    at - s->rule.damping, &flips, diag);
	if (status != STATUS_OK)
		return status;
	now = stock_damp(&s->rule, &before, answer, flips, at);
	*news = now.said != before.said;
	if (*news || now.held_until != before.held_until)
		status = availability_store(state, sku, &now, diag);
	return status == STATUS_OK && s->rule.damping > 0 && flips > 0 &&
		       flips >= s->rule.flips
		   ? remark_flapping(s, sku, output, diag)
		   : status;
}

enum status
stocks_take_calm(struct stocks *s, bool *more, struct diag *diag)
{
	struct str sku = STR_NONE;
	enum status status = STATUS_OK;
	instant now = instant_now();

	*more = true;
	arena_reset(&s->record);
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		status = availability_due(s->aggregate.state, now, sku,
		    &s->record, &sku, diag);
		*more = status == STATUS_OK && sku.len > 0;
		names_add(&s->changed, sku);
	}
	return status;
}

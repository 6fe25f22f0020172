#include "stock.h"

#include "base/limits.h"
#include "state/product.h"

/* Zero in one place that the list does not name. */
static enum status
take_zero(struct stocks *s, struct str item, struct stock_fact *fact,
    struct buf *output, struct diag *diag)
{
	struct record record = { .type = RECORD_STOCK_LEVEL };
	enum stock_verdict verdict;
	struct str sku;
	enum status status =
	    product_sku(s->aggregate.state, item, &s->record, &sku, diag);

	if (status != STATUS_OK)
		return status;
	record.id = arena_format(&s->record, "%.*s:%.*s:%.*s", STR_ARGS(sku),
	    STR_ARGS(fact->plant), STR_ARGS(fact->location));
	return stocks_take_level(s, &record, item, sku, fact, &verdict, output,
	    diag);
}

enum status
stocks_absent(void *user, bool *more, struct buf *output, struct diag *diag)
{
	struct stocks *s = user;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < LIMIT_BATCH && status == STATUS_OK &&
			   s->listed_at < s->listed->count;
	     i++) {
		struct stock_fact fact = {
			.plant = s->listed->list[s->listed_at],
			.at = s->as_of,
		};
		struct str item;
		bool found;

		arena_reset(&s->record);
		status = stock_unseen(s->aggregate.state, fact.plant, s->as_of,
		    &s->record, &item, &fact.location, &found, diag);
		if (status == STATUS_OK && found)
			status = take_zero(s, item, &fact, output, diag);
		else if (status == STATUS_OK)
			status = stock_count_plant(s->aggregate.state,
			    fact.plant, s->as_of, diag);
		s->listed_at += !found;
	}
	*more = s->listed_at < s->listed->count;
	return status == STATUS_OK ? stocks_batch_end(s, output, diag) : status;
}

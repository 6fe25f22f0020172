#include "orders.h"

static instant
arrival_of(struct str seq)
{
	struct str digits = { seq.data, seq.len < 14 ? seq.len : 14 };
	instant at;

	return zone_from_digits(digits, &at) ? at : instant_now();
}

enum status
orders_settle(struct passage *at, enum outcome outcome, const char *rule)
{
	at->of->aggregate.run.duplicates += outcome == OUTCOME_DUPLICATE;
	return ledger_settle(at->of->aggregate.state, &at->record->src, outcome,
	    rule, at->diag);
}

enum status
orders_settle_merge(struct passage *at, enum order_merge merge)
{
	static const enum outcome outcomes[] = {
		[ORDER_OLDER] = OUTCOME_SUPERSEDED,
		[ORDER_SAME] = OUTCOME_DUPLICATE,
		[ORDER_NEWER] = OUTCOME_FOLDED,
	};

	return orders_settle(at, outcomes[merge], NULL);
}

enum status
orders_except(struct passage *at, const char *code, const char *subject,
    struct str id, struct str message, bool settles)
{
	struct exception exception = {
		.code = code,
		.subject = subject,
		.id = id,
		.message = message,
		.src = at->record->src,
		.settles = settles,
	};

	return filter_except(&at->of->aggregate.filter, &exception, at->output,
	    at->diag);
}

static struct record_src
copy_src(const struct record_src *src, struct arena *arena)
{
	return (struct record_src){
		.sys = arena_str(arena, src->sys),
		.client = arena_str(arena, src->client),
		.docnum = arena_str(arena, src->docnum),
		.mestyp = arena_str(arena, src->mestyp),
		.idoctyp = arena_str(arena, src->idoctyp),
		.file = arena_str(arena, src->file),
		.n = src->n,
		.r = src->r,
		.backfill = src->backfill,
	};
}

void
orders_touch(struct orders *of, struct touches *touches, struct str id,
    const struct record_src *src)
{
	for (size_t i = touches->count; i > 0; i--)
		if (str_eq(touches->list[i - 1].id, id)) {
			touches->list[i - 1].src = copy_src(src, &of->batch);
			return;
		}
	if (touches->count == touches->size) {
		touches->size = touches->size == 0 ? 64 : 2 * touches->size;
		touches->list = mem_grow(touches->list, touches->size,
		    sizeof(*touches->list));
	}
	touches->list[touches->count].id = arena_str(&of->batch, id);
	touches->list[touches->count++].src = copy_src(src, &of->batch);
}

enum status
orders_find(struct orders *of, struct str document, struct str web_order,
    struct str *id, bool *found, struct diag *diag)
{
	const struct hand_order *order;
	enum status status = order_find(of->aggregate.state, document, STR_NONE,
	    &of->arena, id, found, diag);

	if (status != STATUS_OK || *found || web_order.len == 0)
		return status;
	order = hand_find(&of->hand, web_order);
	*found = order != NULL && order->due;
	if (*found) {
		*id = order->order.id;
		return STATUS_OK;
	}
	return order_find(of->aggregate.state, STR_NONE, web_order, &of->arena,
	    id, found, diag);
}

static enum status
dispatch(struct passage *at)
{
	if (at->record->type == RECORD_ORDER)
		return orders_order(at);
	if (at->record->type == RECORD_SHIPMENT)
		return orders_shipment(at);
	return orders_invoice(at);
}

enum status
orders_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag)
{
	struct orders *of = user;
	struct passage at = { .of = of,
		.record = record,
		.output = output,
		.diag = diag };
	enum status status;
	bool duplicate;

	arena_reset(&of->arena);
	status = aggregate_arrive(of->aggregate.state, record, &of->arena,
	    &at.arrival, &duplicate, diag);
	if (status != STATUS_OK)
		return status;
	if (duplicate) {
		of->aggregate.run.duplicates++;
		return STATUS_OK;
	}
	at.arrived = arrival_of(record->seq);
	status = dispatch(&at);
	/* Large orders: what is in hand is put down before the batch ends. */
	if (status == STATUS_OK &&
	    (hand_is_full(&of->hand) || of->batch.used >= HAND_BYTES))
		status = orders_batch_end(of, output, diag);
	return status;
}

typedef enum status review_fn(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag);

static enum status
review(struct orders *of, const struct touches *touches, review_fn *each,
    struct buf *output, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < touches->count && status == STATUS_OK; i++) {
		arena_reset(&of->arena);
		status = each(of, &touches->list[i], output, diag);
	}
	return status;
}

enum status
orders_batch_end(void *user, struct buf *output, struct diag *diag)
{
	struct orders *of = user;
	enum status status = STATUS_OK;

	/* Without a state all is said at the end of input, but for what history
	 * does not say. */
	if (state_is_temporary(of->aggregate.state)) {
		if (of->aggregate.filter.past)
			status = review(of, &of->orders, orders_ignore_past,
			    output, diag);
	} else {
		if (!of->units_reviewed)
			status = orders_review_units(of, diag);
		of->units_reviewed = true;
		if (status == STATUS_OK)
			status = review(of, &of->shipments,
			    orders_review_shipment, output, diag);
		if (status == STATUS_OK)
			status = review(of, &of->credits, orders_review_credit,
			    output, diag);
		if (status == STATUS_OK)
			status = review(of, &of->orders, orders_evaluate,
			    output, diag);
	}
	if (status == STATUS_OK)
		status = hand_store(&of->hand, of->aggregate.state, diag);
	hand_clear(&of->hand);
	of->orders.count = of->shipments.count = of->credits.count = 0;
	arena_reset(&of->batch);
	return status;
}

/* Each of what the state holds, in order. */
static enum status
review_all(struct orders *of, enum order_part part, review_fn *each,
    struct buf *output, struct diag *diag)
{
	struct touched touched = { .id = STR_NONE };
	struct buf last = BUF_INIT;
	enum status status;
	bool found;

	for (;;) {
		arena_reset(&of->batch);
		arena_reset(&of->arena);
		status = order_next(of->aggregate.state, part, buf_str(&last),
		    &of->batch, &touched.id, &found, diag);
		if (status == STATUS_OK && found)
			status = each(of, &touched, output, diag);
		if (status != STATUS_OK || !found)
			break;
		buf_clear(&last);
		buf_add_str(&last, touched.id);
	}
	buf_free(&last);
	return status;
}

enum status
orders_at_end(void *user, struct buf *output, struct diag *diag)
{
	struct orders *of = user;
	enum status status = review_all(of, ORDER_PART_SHIPMENT,
	    orders_review_shipment, output, diag);

	if (status == STATUS_OK)
		status = review_all(of, ORDER_PART_CREDIT, orders_review_credit,
		    output, diag);
	return status == STATUS_OK ? review_all(of, ORDER_PART_ORDER,
					 orders_evaluate, output, diag)
				   : status;
}

void
orders_free(struct orders *orders)
{
	order_rules_close(&orders->rules);
	arena_free(&orders->arena);
	arena_free(&orders->batch);
	free(orders->orders.list);
	free(orders->shipments.list);
	free(orders->credits.list);
}

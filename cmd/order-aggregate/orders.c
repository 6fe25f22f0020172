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
	};
}

void
orders_touch(struct orders *of, struct str id, const struct record_src *src)
{
	for (size_t i = of->count; i > 0; i--)
		if (str_eq(of->touched[i - 1].id, id)) {
			of->touched[i - 1].src = copy_src(src, &of->batch);
			return;
		}
	if (of->count == of->size) {
		of->size = of->size == 0 ? 64 : 2 * of->size;
		of->touched =
		    mem_grow(of->touched, of->size, sizeof(*of->touched));
	}
	of->touched[of->count].id = arena_str(&of->batch, id);
	of->touched[of->count++].src = copy_src(src, &of->batch);
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
	return dispatch(&at);
}

enum status
orders_batch_end(void *user, struct buf *output, struct diag *diag)
{
	struct orders *of = user;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < of->count && status == STATUS_OK; i++) {
		arena_reset(&of->arena);
		status = orders_evaluate(of, &of->touched[i], output, diag);
	}
	of->count = 0;
	arena_reset(&of->batch);
	return status;
}

void
orders_free(struct orders *orders)
{
	order_rules_close(&orders->rules);
	arena_free(&orders->arena);
	arena_free(&orders->batch);
	free(orders->touched);
}

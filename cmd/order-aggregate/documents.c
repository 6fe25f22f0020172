#include "orders.h"

#include "fold/shipment.h"
#include "state/exceptions.h"

/* Look up the order of one reference; touch it. */
static enum status
look(struct orders *of, struct str document, struct str web_order,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	struct str id;
	bool found;
	enum status status = order_find(of->aggregate.state, document,
	    web_order, &of->arena, &id, &found, diag);

	if (status != STATUS_OK)
		return status;
	*waits |= !found;
	if (found && src != NULL)
		orders_touch(of, id, src);
	return STATUS_OK;
}

enum status
orders_shipment_waits(struct orders *of, const struct shipment *shipment,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	enum status status = STATUS_OK;

	*waits = false;
	for (size_t i = 0; i < shipment->count && status == STATUS_OK; i++) {
		const struct shipment_line *line = &shipment->lines[i];

		if (i > 0 && str_eq(line->document, line[-1].document) &&
		    str_eq(line->web_order, line[-1].web_order))
			continue;
		/* Splits and packing may refer to nothing by themselves. */
		if (line->parent.len > 0 && line->document.len == 0 &&
		    line->web_order.len == 0)
			continue;
		status =
		    look(of, line->document, line->web_order, src, waits, diag);
	}
	return status;
}

enum status
orders_credit_waits(struct orders *of, const struct credit *credit,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	enum status status = STATUS_OK;

	*waits = false;
	for (size_t i = 0; i < credit->count && status == STATUS_OK; i++)
		status = look(of, credit->lines[i].document,
		    credit->lines[i].web_order, src, waits, diag);
	return status;
}

/* The remark of a document that waits, raised or healed as it changes. */
static enum status
remark(struct passage *at, const char *code, const char *subject, struct str id,
    bool was, bool is, const char *message)
{
	if (is && !was)
		return orders_except(at, code, subject, id, str_of(message),
		    false);
	if (was && !is)
		return exceptions_heal(at->of->aggregate.state, code, subject,
		    id, at->diag);
	return STATUS_OK;
}

enum status
orders_shipment(struct passage *at)
{
	struct orders *of = at->of;
	struct shipment shipment, old;
	enum order_merge merge = ORDER_NEWER;
	bool found, ignored;
	enum status status;

	shipment_read(&shipment, at->record, at->record->seq, &of->rules,
	    &of->arena);
	status = order_shipment_load(of->aggregate.state, shipment.delivery,
	    &of->arena, &old, &found, at->diag);
	if (status == STATUS_OK && found)
		merge = order_merge(at->record->seq, old.seq, at->arrival);
	if (status != STATUS_OK || merge != ORDER_NEWER)
		return status != STATUS_OK ? status
					   : orders_settle_merge(at, merge);
	status = orders_shipment_waits(of, &old, &at->record->src, &ignored,
	    at->diag);
	if (status == STATUS_OK)
		status = orders_shipment_waits(of, &shipment, &at->record->src,
		    &shipment.waiting, at->diag);
	if (status == STATUS_OK)
		status = order_shipment_store(of->aggregate.state, &shipment,
		    at->diag);
	if (status == STATUS_OK)
		status = remark(at, "shipment-without-order", "shipment",
		    shipment.delivery, old.waiting, shipment.waiting,
		    "delivery of an order that is not known yet; it waits");
	return status != STATUS_OK ? status : orders_settle_merge(at, merge);
}

/* A cancellation concerns the orders of the credit memo that it takes back. */
static enum status
touch_cancelled(struct passage *at, const struct credit *credit)
{
	struct credit taken;
	bool found, ignored;
	enum status status;

	if (!credit->cancellation || credit->refers.len == 0)
		return STATUS_OK;
	status = order_credit_load(at->of->aggregate.state, credit->refers,
	    &at->of->arena, &taken, &found, at->diag);
	return status != STATUS_OK || !found
		   ? status
		   : orders_credit_waits(at->of, &taken, &at->record->src,
			 &ignored, at->diag);
}

static enum status
fold_credit(struct passage *at, struct credit *credit, const struct credit *old)
{
	struct orders *of = at->of;
	bool ignored;
	enum status status =
	    orders_credit_waits(of, old, &at->record->src, &ignored, at->diag);

	if (status == STATUS_OK)
		status = orders_credit_waits(of, credit, &at->record->src,
		    &credit->waiting, at->diag);
	credit->waiting &= !credit->cancellation;
	if (status == STATUS_OK)
		status = touch_cancelled(at, credit);
	if (status == STATUS_OK)
		status =
		    order_credit_store(of->aggregate.state, credit, at->diag);
	if (status == STATUS_OK)
		status = remark(at, "order-unknown-original", "invoice",
		    credit->invoice, old->waiting, credit->waiting,
		    "credit of an order that is not known yet; it waits");
	return status != STATUS_OK ? status
				   : orders_settle(at, OUTCOME_FOLDED, NULL);
}

enum status
orders_invoice(struct passage *at)
{
	struct orders *of = at->of;
	struct credit credit, old;
	enum order_merge merge = ORDER_NEWER;
	bool found;
	enum status status;

	if (!credit_read(&credit, at->record, at->record->seq, &of->rules,
		&of->arena))
		return orders_settle(at, OUTCOME_IGNORED, "invoice");
	status = order_credit_load(of->aggregate.state, credit.invoice,
	    &of->arena, &old, &found, at->diag);
	if (status == STATUS_OK && found)
		merge = order_merge(at->record->seq, old.seq, at->arrival);
	if (status != STATUS_OK)
		return status;
	return merge == ORDER_NEWER ? fold_credit(at, &credit, &old)
				    : orders_settle_merge(at, merge);
}

#include "orders.h"

#include "fold/shipment.h"

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
		    &ignored, at->diag);
	shipment.waiting = old.waiting;
	if (status == STATUS_OK)
		status = order_shipment_store(of->aggregate.state, &shipment,
		    at->diag);
	orders_touch(of, &of->shipments, shipment.delivery, &at->record->src);
	return status != STATUS_OK ? status : orders_settle_merge(at, merge);
}

/* A cancellation concerns the orders of the credit memo that it takes back. */
static enum status
touch_cancelled(struct passage *at, const struct credit *credit)
{
	struct credit taken;
	bool found, ignored;
	enum status status;

	if (credit->kind != CREDIT_CANCELLATION || credit->refers.len == 0)
		return STATUS_OK;
	status = order_credit_load(at->of->aggregate.state, credit->refers,
	    &at->of->arena, &taken, &found, at->diag);
	if (status != STATUS_OK || !found)
		return status;
	orders_touch(at->of, &at->of->credits, credit->refers,
	    &at->record->src);
	return orders_credit_waits(at->of, &taken, &at->record->src, &ignored,
	    at->diag);
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
		    &ignored, at->diag);
	credit->waiting = old->waiting;
	if (status == STATUS_OK)
		status = touch_cancelled(at, credit);
	if (status == STATUS_OK)
		status =
		    order_credit_store(of->aggregate.state, credit, at->diag);
	orders_touch(of, &of->credits, credit->invoice, &at->record->src);
	return status != STATUS_OK ? status
				   : orders_settle(at, OUTCOME_FOLDED, NULL);
}

static enum status
take_credit(struct passage *at, struct credit *credit)
{
	struct orders *of = at->of;
	struct credit old;
	enum order_merge merge = ORDER_NEWER;
	bool found;
	enum status status = order_credit_load(of->aggregate.state,
	    credit->invoice, &of->arena, &old, &found, at->diag);

	if (status == STATUS_OK && found)
		merge = order_merge(at->record->seq, old.seq, at->arrival);
	if (status != STATUS_OK)
		return status;
	return merge == ORDER_NEWER ? fold_credit(at, credit, &old)
				    : orders_settle_merge(at, merge);
}

enum status
orders_invoice(struct passage *at)
{
	struct orders *of = at->of;
	struct credit credit;

	return credit_read(&credit, at->record, at->record->seq, &of->rules,
		   &of->arena)
		   ? take_credit(at, &credit)
		   : orders_settle(at, OUTCOME_IGNORED, "invoice");
}

enum status
orders_return(struct passage *at, const struct order_input *input)
{
	struct orders *of = at->of;
	struct credit credit;

	if (input->stage == ORDER_CHANGED && !input->cancelled)
		return orders_settle(at, OUTCOME_IGNORED,
		    "return-order-change");
	return return_read(&credit, at->record, input, &of->rules, &of->arena)
		   ? take_credit(at, &credit)
		   : orders_settle(at, OUTCOME_IGNORED,
			 "return-without-original");
}

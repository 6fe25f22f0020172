#include "orders.h"

#include "state/exceptions.h"

/* Look up the order of one reference; touch it. */
static enum status
look(struct orders *of, struct str document, struct str web_order,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	struct str id;
	bool found;
	enum status status =
	    orders_find(of, document, web_order, &id, &found, diag);

	if (status != STATUS_OK)
		return status;
	*waits |= !found;
	if (!found || src == NULL)
		return STATUS_OK;
	orders_touch(of, &of->orders, id, src);
	trace_add(&of->aggregate.filter.trace, src, DESIRED_ORDER, id);
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

/* A credit memo that names the return order which it bills: the order is that
 * one's. */
static enum status
look_behind_return(struct orders *of, struct str document,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	struct credit announced;
	struct str key =
	    arena_format(&of->arena, ORDER_RETURN "%.*s", STR_ARGS(document));
	bool found;
	enum status status = order_credit_load(of->aggregate.state, key,
	    &of->arena, &announced, &found, diag);

	*waits |= status == STATUS_OK && (!found || announced.count == 0);
	for (size_t i = 0; found && i < announced.count; i++)
		if (status == STATUS_OK)
			status = look(of, announced.lines[i].document,
			    announced.lines[i].web_order, src, waits, diag);
	return status;
}

enum status
orders_credit_waits(struct orders *of, const struct credit *credit,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	enum status status = STATUS_OK;

	*waits = false;
	for (size_t i = 0; i < credit->count && status == STATUS_OK; i++) {
		const struct credit_line *line = &credit->lines[i];
		bool missing = false;

		if (i > 0 && str_eq(line->document, line[-1].document) &&
		    str_eq(line->web_order, line[-1].web_order))
			continue;
		status = look(of, line->document, line->web_order, src,
		    &missing, diag);
		if (missing && status == STATUS_OK &&
		    credit->kind != CREDIT_RETURN && line->document.len > 0)
			status = look_behind_return(of, line->document, src,
			    waits, diag);
		else
			*waits |= missing;
	}
	return status;
}

/* What is to be said of a document that waits, or does no more. */
struct remark {
	const char *code, *subject, *message;
	struct str id;
	bool stood;
};

/* Raise or heal; what is said already is not said again. */
static enum status
remark(struct orders *of, const struct remark *what, bool stands,
    const struct record_src *src, struct buf *output, struct diag *diag)
{
	struct exception exception = {
		.code = what->code,
		.subject = what->subject,
		.id = what->id,
		.message = str_of(what->message),
		.src = *src,
	};

	if (stands == what->stood)
		return STATUS_OK;
	return stands ? filter_except(&of->aggregate.filter, &exception, output,
			    diag)
		      : exceptions_heal(of->aggregate.state, what->code,
			    what->subject, what->id, diag);
}

enum status
orders_review_shipment(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag)
{
	struct shipment shipment;
	struct remark what = {
		.code = "shipment-without-order",
		.subject = "shipment",
		.message =
		    "delivery of an order that is not known yet; it waits",
	};
	bool found;
	enum status status = order_shipment_load(of->aggregate.state,
	    touched->id, &of->arena, &shipment, &found, diag);

	if (status != STATUS_OK || !found)
		return status;
	what.id = shipment.delivery;
	what.stood = shipment.waiting;
	status =
	    orders_shipment_waits(of, &shipment, NULL, &shipment.waiting, diag);
	if (status == STATUS_OK)
		status = remark(of, &what, shipment.waiting, &touched->src,
		    output, diag);
	return status != STATUS_OK || what.stood == shipment.waiting
		   ? status
		   : order_shipment_store(of->aggregate.state, &shipment, diag);
}

enum status
orders_review_credit(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag)
{
	struct credit credit;
	struct remark what = {
		.code = "order-unknown-original",
		.subject = "invoice",
		.message = "credit of an order that is not known yet; it waits",
	};
	bool found, stands = false;
	enum status status = order_credit_load(of->aggregate.state, touched->id,
	    &of->arena, &credit, &found, diag);

	if (status != STATUS_OK || !found)
		return status;
	what.id = credit.invoice;
	if (credit.kind == CREDIT_RETURN) {
		what.subject = "order";
		what.id = credit.refers;
		what.message =
		    "return of an order that is not known yet; it waits";
	}
	what.stood = credit.waiting;
	status = orders_credit_waits(of, &credit, NULL, &credit.waiting, diag);
	if (status == STATUS_OK)
		status = order_credit_stands(of->aggregate.state,
		    credit.invoice, &stands, diag);
	credit.waiting = credit.waiting && stands;
	if (status == STATUS_OK)
		status = remark(of, &what, credit.waiting, &touched->src,
		    output, diag);
	return status != STATUS_OK || what.stood == credit.waiting
		   ? status
		   : order_credit_store(of->aggregate.state, &credit, diag);
}

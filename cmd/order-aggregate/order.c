#include "orders.h"

#include "fold/order_body.h"
#include "fold/order_party.h"
#include "state/exceptions.h"
#include "state/outbox.h"

static struct str
shown(struct passage *at, struct str text)
{
	return order_view_text(text, &at->of->arena);
}

/* An id that may hold personal data is not repeated. */
static enum status
except_id(struct passage *at, const struct order_input *input,
    const char *fault)
{
	struct str subject = input->sales_document;

	if (subject.len == 0 || order_id_fault(subject) != NULL)
		subject = at->record->src.docnum;
	at->of->bad_ids.any = true;
	return orders_except(at, "order-id-invalid", "order", subject,
	    str_of(fault), true);
}

/* What another sold-to party is about: each document that is not folded. */
static struct str
refused_document(const struct order_input *input, struct str id)
{
	return input->sales_document.len > 0 ? input->sales_document : id;
}

static enum status
except_customers(struct passage *at, const struct order_input *input,
    struct str id)
{
	struct str message = arena_format(&at->of->arena,
	    "sales document %.*s has another sold-to party than order %.*s",
	    STR_ARGS(shown(at, input->document)), STR_ARGS(shown(at, id)));

	at->of->two_customers.any = true;
	return orders_except(at, "order-two-customers", "order",
	    refused_document(input, id), message, true);
}

/* A sales document that can be folded heals what was wrong with it before: its
 * order number, */
static enum status
heal_id(struct passage *at, const struct order_input *input)
{
	struct state *state = at->of->aggregate.state;
	bool any;
	enum status status = exceptions_watch(state, &at->of->bad_ids,
	    "order-id-invalid", &any, at->diag);

	if (status != STATUS_OK || !any || input->sales_document.len == 0)
		return status;
	return exceptions_heal(state, "order-id-invalid", "order",
	    input->sales_document, at->diag);
}

/* and its sold-to party, in whichever order it is now. */
static enum status
heal_customers(struct passage *at, const struct order_input *input,
    struct str id)
{
	struct state *state = at->of->aggregate.state;
	bool any;
	enum status status = exceptions_watch(state, &at->of->two_customers,
	    "order-two-customers", &any, at->diag);

	if (status != STATUS_OK || !any)
		return status;
	return exceptions_heal(state, "order-two-customers", "order",
	    refused_document(input, id), at->diag);
}

/* Whether its event left under an id that it had before. */
static enum status
left_elsewhere(struct passage *at, struct str id, bool *event)
{
	struct order_state order;
	enum status status = order_load(at->of->aggregate.state, id,
	    &at->of->arena, &order, at->diag);

	*event = status == STATUS_OK && order.event == ORDER_EVENT_ELSEWHERE;
	return status;
}

/* Whether a send intent was written for the order or its event. */
static enum status
was_sent(struct passage *at, struct str id, bool *order, bool *event)
{
	struct orders *of = at->of;
	struct buf event_id = BUF_INIT;
	struct outbox_row row;
	enum status status;
	bool found;

	status = outbox_get(of->aggregate.state, DESIRED_ORDER, id, &of->arena,
	    &row, &found, at->diag);
	*order = status == STATUS_OK && found && row.intent_rev > 0;
	desired_event_id(&event_id, id);
	if (status == STATUS_OK)
		status = outbox_get(of->aggregate.state, DESIRED_EVENT,
		    buf_str(&event_id), &of->arena, &row, &found, at->diag);
	*event = status == STATUS_OK && found && row.intent_rev > 0;
	buf_free(&event_id);
	return status == STATUS_OK && !*event ? left_elsewhere(at, id, event)
					      : status;
}

/* Nothing of this id leaves any more. */
static enum status
retire(struct passage *at, struct str id, bool order_too)
{
	struct state *state = at->of->aggregate.state;
	struct buf event_id = BUF_INIT;
	enum status status = STATUS_OK;

	desired_event_id(&event_id, id);
	if (order_too)
		status = outbox_withhold(state, DESIRED_ORDER, id, INT64_MAX,
		    at->diag);
	if (status == STATUS_OK)
		status = outbox_withhold(state, DESIRED_EVENT,
		    buf_str(&event_id), INT64_MAX, at->diag);
	if (status == STATUS_OK)
		status = exceptions_heal(state, NULL, "order", id, at->diag);
	buf_free(&event_id);
	return status;
}

/* The order's facts go from one id to another. */
static enum status
move(struct passage *at, struct str from, struct str to, bool event_sent)
{
	struct orders *of = at->of;
	struct order_state order;
	enum status status;

	status = order_move(of->aggregate.state, from, to, at->diag);
	if (status == STATUS_OK)
		status = orders_unreserve(of, from, at->diag);
	if (status == STATUS_OK)
		status = order_load(of->aggregate.state, to, &of->arena, &order,
		    at->diag);
	if (status != STATUS_OK || !event_sent)
		return status;
	order.event = ORDER_EVENT_ELSEWHERE;
	return order_store(of->aggregate.state, &order, at->diag);
}

/* Both are to be read again, as the state has them now. */
static enum status
put_down(struct passage *at, struct str from, struct str to)
{
	struct orders *of = at->of;
	enum status status =
	    hand_drop(&of->hand, of->aggregate.state, from, at->diag);

	return status != STATUS_OK
		   ? status
		   : hand_drop(&of->hand, of->aggregate.state, to, at->diag);
}

/*
 * An order known by its sales document turns out to have a web order number.
 * Until a send intent is written the number becomes its id. Afterwards the id
 * is frozen: the number is a property, or, where the shop's order stands under
 * it already, the old id is void.
 */
static enum status
rekey(struct passage *at, struct str from, struct str *to, bool to_exists)
{
	struct orders *of = at->of;
	bool order_sent, event_sent;
	enum status status = was_sent(at, from, &order_sent, &event_sent);

	if (status != STATUS_OK)
		return status;
	if (order_sent && !to_exists) {
		status = put_down(at, from, *to);
		if (status == STATUS_OK)
			status = order_redirect(of->aggregate.state, *to, from,
			    at->diag);
		*to = from;
		return status;
	}
	if (order_sent) {
		of->bad_ids.any = true;
		status = orders_void(of, from, at->output, at->diag);
		if (status == STATUS_OK)
			status = retire(at, from, false);
		if (status == STATUS_OK)
			status = orders_except(at, "order-id-invalid", "order",
			    from,
			    STR("was sent under its sales document before its "
				"web order number was known; it is void now"),
			    false);
	} else
		status = retire(at, from, true);
	if (status == STATUS_OK)
		status = put_down(at, from, *to);
	return status != STATUS_OK ? status : move(at, from, *to, event_sent);
}

/* A sales document of a web order that has a number of its own now. The order
 * that has left under the old number keeps the last of them: its id is frozen.
 */
static enum status
is_part(struct passage *at, const struct order_input *input,
    const struct order_state *order, bool *part)
{
	bool others = false, sent = false, event_sent = false;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < order->document_count; i++)
		others |= order->documents[i].document.data[0] != '@' &&
			  !str_eq(order->documents[i].document,
			      input->sales_document);
	*part = !str_eq(order->id, input->sales_document);
	if (*part && !others)
		status = was_sent(at, order->id, &sent, &event_sent);
	*part = *part && (others || (!sent && !event_sent));
	return status;
}

/* It leaves its order, which is worked out anew without it. */
static enum status
take_out(struct passage *at, struct str document, struct str from,
    struct str to)
{
	struct orders *of = at->of;
	struct state *state = of->aggregate.state;
	struct hand_order *left;
	enum status status = put_down(at, from, to);

	if (status == STATUS_OK)
		status = order_move_document(state, document, to, at->diag);
	if (status == STATUS_OK)
		status = hand_take(&of->hand, state, from, &of->batch, &left,
		    at->diag);
	if (status != STATUS_OK)
		return status;
	order_party_settle(&left->order, STR_NONE, false);
	left->due = true;
	orders_touch(of, &of->orders, from, &at->record->src);
	return order_store_parts(state, &left->order, at->diag);
}

/* A message that is older than what made the document's number. */
static bool
is_behind(const struct order_input *input, const struct order_state *order)
{
	const struct order_document *document =
	    order_document_find(order, input->document);

	return document != NULL &&
	       str_cmp(input->seq, document->facts[ORDER_WEB_ORDER].seq) < 0;
}

/* Where a record is to be folded. */
struct target {
	struct hand_order *order;
	bool joins; /* its document comes from another order */
	bool refused; /* it was excepted or ignored */
};

/* The document is part of another order than the one that the record names. */
static enum status
change_order(struct passage *at, const struct order_input *input,
    struct str from, struct str id, bool named, struct target *target)
{
	struct orders *of = at->of;
	struct hand_order *other;
	bool part = false, mixed = false, forgotten;
	enum status status = hand_take(&of->hand, of->aggregate.state, from,
	    &of->batch, &other, at->diag);

	if (status != STATUS_OK)
		return status;
	forgotten = other->order.forgotten || target->order->order.forgotten;
	if (!forgotten && is_behind(input, &other->order)) {
		target->order = other;
		return STATUS_OK;
	}
	if (!forgotten)
		status = is_part(at, input, &other->order, &part);
	target->joins = part;
	if (!part)
		mixed = order_other_customer(&target->order->order, input) ||
			order_customers_differ(&other->order,
			    &target->order->order);
	target->refused = forgotten || mixed;
	if (status != STATUS_OK)
		return status;
	if (forgotten)
		return orders_settle(at, OUTCOME_IGNORED, ORDERS_FORGOTTEN);
	if (mixed)
		return except_customers(at, input, id);
	status = part ? take_out(at, input->sales_document, from, id)
		      : rekey(at, from, &id, named);
	return status != STATUS_OK
		   ? status
		   : hand_take(&of->hand, of->aggregate.state, id, &of->batch,
			 &target->order, at->diag);
}

/* The order that a record is about: by its sales document, else by its id. */
static enum status
find_target(struct passage *at, const struct order_input *input,
    struct target *target)
{
	struct orders *of = at->of;
	struct str by_document, id = input->id;
	bool known, named;
	enum status status;

	status = orders_find(of, input->sales_document, STR_NONE, &by_document,
	    &known, at->diag);
	if (status == STATUS_OK)
		status =
		    orders_find(of, STR_NONE, input->id, &id, &named, at->diag);
	if (status != STATUS_OK)
		return status;
	if (!named)
		id = input->id;
	if (known && input->web_order.len == 0)
		id = by_document;
	status = hand_take(&of->hand, of->aggregate.state, id, &of->batch,
	    &target->order, at->diag);
	if (status != STATUS_OK)
		return status;
	if (known && !str_eq(by_document, id))
		return change_order(at, input, by_document, id, named, target);
	target->refused = target->order->order.forgotten;
	return target->refused
		   ? orders_settle(at, OUTCOME_IGNORED, ORDERS_FORGOTTEN)
		   : STATUS_OK;
}

static enum status
fold(struct passage *at, const struct order_input *input,
    const struct target *target)
{
	struct orders *of = at->of;
	struct hand_order *order = target->order;
	const struct order_document *document =
	    order_document_find(&order->order, input->document);
	bool joins = target->joins || document == NULL ||
		     document->facts[ORDER_CUSTOMER].value.len == 0;
	bool empty = order->order.found && order->order.document_count == 0;
	enum order_merge merge = order_fold(&order->order, input, &of->batch);
	enum status status;

	order_party_settle(&order->order, input->document, joins);
	status =
	    order_store_parts(of->aggregate.state, &order->order, at->diag);
	/* It was withheld when its last document went to another order. */
	if (status == STATUS_OK && empty)
		status = outbox_withhold(of->aggregate.state, DESIRED_ORDER,
		    order->order.id, INSTANT_NONE, at->diag);
	if (status == STATUS_OK &&
	    order_party_fits(&order->order, input->document))
		status = heal_customers(at, input, order->order.id);
	if (status != STATUS_OK)
		return status;
	order->order.found = order->due = true;
	orders_touch(of, &of->orders, order->order.id, &at->record->src);
	if (merge == ORDER_NEWER)
		trace_add(&of->aggregate.filter.trace, &at->record->src,
		    DESIRED_ORDER, order->order.id);
	/* Kept, in case the shop's record comes: that is no sale either. */
	if (input->no_sale && merge == ORDER_NEWER &&
	    order_document_find(&order->order, STR(ORDER_SHOP)) == NULL)
		return orders_settle(at, OUTCOME_IGNORED, "no-sale");
	return orders_settle_merge(at, merge);
}

enum status
orders_order(struct passage *at)
{
	struct orders *of = at->of;
	/* What is folded lives as long as the order is in hand. */
	struct order_input input = {
		.seq = arena_str(&of->batch, at->record->seq),
		.arrival = at->arrival,
		.arrived = at->arrived,
	};
	struct target target = { .refused = false };
	enum order_read read =
	    order_read(&input, at->record, &of->rules, &of->batch);
	const char *fault;
	enum status status;

	if (read == ORDER_READ_RETURN)
		return orders_return(at, &input);
	if (read == ORDER_READ_NO_STAGE)
		return orders_except(at, "record-invalid", "idoc",
		    at->record->src.docnum,
		    STR("order record has no known stage"), true);
	fault = order_id_fault(input.id);
	if (fault != NULL)
		return except_id(at, &input, fault);
	status = heal_id(at, &input);
	if (status == STATUS_OK)
		status = find_target(at, &input, &target);
	return status != STATUS_OK || target.refused
		   ? status
		   : fold(at, &input, &target);
}

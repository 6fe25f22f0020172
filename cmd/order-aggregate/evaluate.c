#include "orders.h"

#include "fold/order_body.h"
#include "fold/order_party.h"
#include "state/customer.h"
#include "state/exceptions.h"
#include "state/order_anew.h"
#include "state/outbox.h"
#include "state/sku_other.h"
#include "state/sku_register.h"

/* One order while it is worked out. */
struct evaluation {
	struct orders *of;
	struct hand_order *hand; /* where the order came from, or NULL */
	struct order_state order;
	struct order_view view;
	struct order_remarks before;
	struct order_remarks parties; /* what is wrong with them, */
	bool two_parties; /* and why it waits */
	bool event_sent;
	const struct record_src *src;
	struct buf *output;
	struct diag *diag;
};

static struct str
plain_sku(struct orders *of, struct str text)
{
	struct buf scratch = BUF_INIT;
	struct str sku = arena_str(&of->arena,
	    sku_normalise(&of->rules.sku, text, &scratch));

	buf_free(&scratch);
	return sku;
}

/* The product of a line that names an EAN and nothing else; when it is known
 * later, or is another, the order is worked out again. */
static enum status
name_by_ean(struct evaluation *e, struct order_line *line)
{
	struct state *state = e->of->aggregate.state;
	struct arena *arena = &e->of->arena;
	struct buf key = BUF_INIT;
	struct str ean = sku_ean_key(line->facts[LINE_EAN].value, &key);
	struct str material = STR_NONE;
	bool found;
	enum status status = STATUS_OK;

	if (ean.len > 0)
		status = order_anew_by_ean(state, ean, e->order.id, e->diag);
	if (status == STATUS_OK)
		status =
		    sku_ean_material(state, ean, arena, &material, e->diag);
	if (status == STATUS_OK && material.len > 0)
		status = sku_register_find(state, material, arena,
		    &line->product, &found, e->diag);
	buf_free(&key);
	return status;
}

static enum status
name_product(struct evaluation *e, struct order_line *line)
{
	struct str material = line->facts[LINE_MATERIAL].value;
	struct str sku = line->facts[LINE_SKU].value;
	bool found = false;
	enum status status = STATUS_OK;

	if (material.len == 0 && sku.len == 0)
		return name_by_ean(e, line);
	if (material.len > 0)
		status = sku_register_find(e->of->aggregate.state, material,
		    &e->of->arena, &line->product, &found, e->diag);
	if (status == STATUS_OK && !found)
		line->product = plain_sku(e->of, sku.len > 0 ? sku : material);
	return status;
}

static enum status
find_event(struct evaluation *e)
{
	struct orders *of = e->of;
	struct buf id = BUF_INIT;
	struct outbox_row row;
	enum status status;
	bool found;

	e->event_sent = e->order.event == ORDER_EVENT_ELSEWHERE;
	if (e->order.event == ORDER_EVENT_NONE || e->event_sent)
		return STATUS_OK;
	desired_event_id(&id, e->order.id);
	status = outbox_get(of->aggregate.state, DESIRED_EVENT, buf_str(&id),
	    &of->arena, &row, &found, e->diag);
	e->event_sent = status == STATUS_OK && found && row.intent_rev > 0;
	buf_free(&id);
	return status;
}

static enum status
load(struct evaluation *e, struct str id)
{
	struct orders *of = e->of;
	enum status status = STATUS_OK;

	e->hand = hand_find(&of->hand, id);
	if (e->hand != NULL)
		e->order = e->hand->order;
	else
		status = order_load(of->aggregate.state, id, &of->arena,
		    &e->order, e->diag);
	if (status != STATUS_OK || !e->order.found)
		return status;
	status = order_shipment_join(of->aggregate.state, &e->order, &of->arena,
	    e->diag);
	if (status == STATUS_OK)
		status = order_credit_join(of->aggregate.state, &e->order,
		    &of->arena, e->diag);
	e->two_parties = order_party_differs(&e->order);
	order_party_remark(&e->order, &e->parties, &of->arena);
	order_party_leave(&e->order, &of->arena);
	if (status == STATUS_OK)
		status = find_event(e);
	for (size_t i = 0; i < e->order.line_count; i++)
		if (status == STATUS_OK)
			status = name_product(e, &e->order.lines[i]);
	order_remark_read(&e->before, e->order.remarks, &of->arena);
	return status;
}

static enum status
view(struct evaluation *e)
{
	struct orders *of = e->of;
	bool one_time = false;
	enum status status;

	order_view(&e->view, &e->order, &of->rules, e->event_sent, false,
	    &of->arena);
	if (e->view.guest)
		return STATUS_OK;
	status = customer_is_one_time(of->aggregate.state,
	    e->view.values[ORDER_CUSTOMER], &one_time, e->diag);
	if (status == STATUS_OK && one_time)
		order_view(&e->view, &e->order, &of->rules, e->event_sent, true,
		    &of->arena);
	return status;
}

/* --- remarks --- */

static enum status
raise(struct evaluation *e, const struct order_remark *remark)
{
	struct exception exception = {
		.code = remark->code,
		.subject = remark->subject,
		.id = remark->id,
		.customer = e->order.customer,
		.message = remark->message,
		.src = *e->src,
	};

	return filter_except(&e->of->aggregate.filter, &exception, e->output,
	    e->diag);
}

static enum status
update_remarks(struct evaluation *e)
{
	struct order_remarks *now = &e->view.remarks;
	const struct order_remarks *before = &e->before;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < e->parties.count; i++)
		order_remark_add(now, e->parties.list[i].code,
		    e->parties.list[i].subject, e->parties.list[i].id,
		    e->parties.list[i].message, &e->of->arena);
	for (size_t i = 0; i < now->count && status == STATUS_OK; i++)
		if (!order_remark_has(before, now->list[i].code,
			now->list[i].subject, now->list[i].id))
			status = raise(e, &now->list[i]);
	for (size_t i = 0; i < before->count && status == STATUS_OK; i++)
		if (!order_remark_has(now, before->list[i].code,
			before->list[i].subject, before->list[i].id))
			status = exceptions_heal(e->of->aggregate.state,
			    before->list[i].code, before->list[i].subject,
			    before->list[i].id, e->diag);
	e->order.remarks = order_remark_text(now, &e->of->arena);
	return status;
}

/* What came before its order has no trace yet; its seq ends with the number of
 * its IDoc, which is of the system of the order's. */
static void
trace_early(struct evaluation *e, struct str seq)
{
	struct record_src src = {
		.sys = e->src->sys,
		.client = e->src->client,
		.docnum = str_from(seq, sizeof("YYYYMMDDHHMMSS.") - 1),
	};

	trace_add(&e->of->aggregate.filter.trace, &src, DESIRED_ORDER,
	    e->order.id);
}

/* Deliveries and credits that waited for this order, perhaps for others too. */
static enum status
release(struct evaluation *e)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < e->order.shipment_count; i++) {
		const struct shipment *one = &e->order.shipments[i];
		struct touched waits = { one->delivery, *e->src };

		if (!one->waiting || status != STATUS_OK)
			continue;
		trace_early(e, one->seq);
		status =
		    orders_review_shipment(e->of, &waits, e->output, e->diag);
	}
	for (size_t i = 0; i < e->order.credit_count; i++) {
		const struct credit *one = &e->order.credits[i];
		struct touched waits = { one->invoice, *e->src };

		if (!one->waiting || status != STATUS_OK)
			continue;
		trace_early(e, one->seq);
		status =
		    orders_review_credit(e->of, &waits, e->output, e->diag);
	}
	return status;
}

static enum status
update_deadlines(struct evaluation *e)
{
	struct order_state *order = &e->order;
	bool due = order->provisional_at != INSTANT_NONE;

	order->customer =
	    e->view.guest ? STR_NONE : e->view.values[ORDER_CUSTOMER];
	if (e->view.answered) {
		if (order->confirmed_at != INSTANT_NONE)
			return STATUS_OK;
		order->confirmed_at = instant_now();
	} else if (e->view.cancelled) {
		/* The shop took it back itself: nothing is due from SAP. */
		order->provisional_at = INSTANT_NONE;
	} else
		return STATUS_OK;
	if (!due)
		return STATUS_OK;
	return exceptions_heal(e->of->aggregate.state, "order-unconfirmed",
	    "order", order->id, e->diag);
}

/* --- outbox --- */

static enum status
put(struct evaluation *e, enum desired_kind kind, struct str id,
    const struct buf *body, bool urgent, bool print)
{
	struct desired desired = {
		.kind = kind,
		.id = id,
		.customer = e->order.customer,
		.urgent = urgent,
		.body = buf_str(body),
	};
	enum outbox_change change;
	enum status status = outbox_put(e->of->aggregate.state, &desired,
	    urgent ? LANE_URGENT : LANE_LIVE, &change, e->diag);

	if (status == STATUS_OK && change == OUTBOX_QUEUED && print &&
	    !state_is_temporary(e->of->aggregate.state)) {
		desired_write(e->output, &desired);
		buf_add_char(e->output, '\n');
	}
	return status;
}

/* Whether it waited for its documents to name one sold-to party. */
static bool
waited(const struct evaluation *e)
{
	return order_remark_has(&e->before, "order-two-customers", "order",
	    e->order.id);
}

static enum status
put_order(struct evaluation *e)
{
	struct orders *of = e->of;
	bool withhold = of->rules.withhold && e->view.trouble != TROUBLE_NONE;
	bool withheld = (of->rules.withhold && order_remark_has(&e->before,
						   "order-totals-mismatch",
						   "order", e->order.id)) ||
			waited(e);
	struct buf body = BUF_INIT;
	enum status status;

	order_body(&body, &e->order, &e->view, &of->arena);
	status = put(e, DESIRED_ORDER, e->order.id, &body,
	    e->view.status == ORDER_IS_PENDING, !withhold);
	if (status == STATUS_OK && withhold != withheld)
		status = outbox_withhold(of->aggregate.state, DESIRED_ORDER,
		    e->order.id, withhold ? INT64_MAX : INSTANT_NONE, e->diag);
	buf_free(&body);
	return status;
}

/* The order itself, unless its totals withhold it. */
static enum status
withhold_order(struct evaluation *e, int64_t until)
{
	struct orders *of = e->of;

	if (of->rules.grace == 0 ||
	    (of->rules.withhold && e->view.trouble != TROUBLE_NONE))
		return STATUS_OK;
	return outbox_withhold(of->aggregate.state, DESIRED_ORDER, e->order.id,
	    until, e->diag);
}

/* An order that Ometria knows stays what it was until its event is due, since
 * it is shipped with it; one that was never sent does not wait. */
static enum status
begin_grace(struct evaluation *e, struct str id)
{
	struct orders *of = e->of;
	int64_t until = of->rules.grace > 0 ? instant_now() + of->rules.grace
					    : INSTANT_NONE;
	struct outbox_row row;
	bool found;
	enum status status = outbox_withhold(of->aggregate.state, DESIRED_EVENT,
	    id, until, e->diag);

	if (status != STATUS_OK || until == INSTANT_NONE)
		return status;
	status = outbox_get(of->aggregate.state, DESIRED_ORDER, e->order.id,
	    &of->arena, &row, &found, e->diag);
	if (status != STATUS_OK || !found || row.intent_rev == 0)
		return status;
	return withhold_order(e, until);
}

static enum status
queue_event(struct evaluation *e, struct str id)
{
	bool fresh = e->order.event != ORDER_EVENT_QUEUED;
	struct buf body = BUF_INIT;
	enum status status;

	order_event_body(&body, &e->order, &e->view);
	trace_add(&e->of->aggregate.filter.trace, e->src, DESIRED_EVENT, id);
	status = put(e, DESIRED_EVENT, id, &body, false, true);
	if (status == STATUS_OK && fresh)
		status = begin_grace(e, id);
	/* A refund, say, is not kept back. */
	if (status == STATUS_OK && e->view.status != ORDER_IS_SHIPPED)
		status = withhold_order(e, INSTANT_NONE);
	e->order.event = ORDER_EVENT_QUEUED;
	buf_free(&body);
	return status;
}

static enum status
withdraw_event(struct evaluation *e, struct str id)
{
	enum status status = outbox_withhold(e->of->aggregate.state,
	    DESIRED_EVENT, id, INT64_MAX, e->diag);

	e->order.event = ORDER_EVENT_WITHDRAWN;
	return status == STATUS_OK ? withhold_order(e, INSTANT_NONE) : status;
}

/* Of the past: nobody is to be told today. The record that would have made it
 * says in the ledger why there is none. */
static enum status
ignore_event(struct evaluation *e)
{
	e->order.event = ORDER_EVENT_IGNORED;
	return ledger_remark(e->of->aggregate.state, e->src, "backfill",
	    e->diag);
}

/* Ometria takes an event of somebody only; a guest's e-mail may come later. */
static bool
is_anonymous(const struct evaluation *e)
{
	return e->view.guest && e->view.shop_email.len == 0;
}

/* Once its send intent is written the event is never touched again. */
static enum status
put_event(struct evaluation *e)
{
	struct buf id = BUF_INIT;
	enum status status = STATUS_OK;

	if (e->event_sent)
		return STATUS_OK;
	if (e->order.event == ORDER_EVENT_IGNORED && e->view.fulfilled)
		return STATUS_OK;
	if (e->order.event == ORDER_EVENT_IGNORED)
		e->order.event = ORDER_EVENT_NONE;
	if (e->view.fulfilled && e->src->backfill &&
	    e->order.event != ORDER_EVENT_QUEUED)
		return ignore_event(e);
	desired_event_id(&id, e->order.id);
	if (e->view.fulfilled && !is_anonymous(e))
		status = queue_event(e, buf_str(&id));
	else if (e->order.event == ORDER_EVENT_QUEUED)
		status = withdraw_event(e, buf_str(&id));
	buf_free(&id);
	return status;
}

/* Nothing leaves that may be another party's. */
static enum status
hold(struct evaluation *e)
{
	struct buf id = BUF_INIT;
	enum status status = STATUS_OK;

	desired_event_id(&id, e->order.id);
	if (!e->event_sent && e->order.event == ORDER_EVENT_QUEUED)
		status = withdraw_event(e, buf_str(&id));
	if (status == STATUS_OK)
		status = outbox_withhold(e->of->aggregate.state, DESIRED_ORDER,
		    e->order.id, INT64_MAX, e->diag);
	buf_free(&id);
	return status;
}

/* Its only document, which never left, went to another order. */
static enum status
pass_empty(struct evaluation *e)
{
	struct orders *of = e->of;
	enum status status = update_remarks(e);

	if (status == STATUS_OK)
		status = hold(e);
	if (status == STATUS_OK)
		status = orders_unreserve(of, e->order.id, e->diag);
	if (status == STATUS_OK)
		status = order_store(of->aggregate.state, &e->order, e->diag);
	if (e->hand != NULL)
		e->hand->due = false;
	return status;
}

/* What it was cannot be said any more, so nothing new is said of it. */
static enum status
pass_forgotten(struct evaluation *e)
{
	if (e->hand != NULL)
		e->hand->due = false;
	return ledger_remark(e->of->aggregate.state, e->src, ORDERS_FORGOTTEN,
	    e->diag);
}

/* A document that became no sale after it had left goes on to leave, as an
 * order that is not valid. */
static enum status
find_former(struct evaluation *e)
{
	struct outbox_row row;

	return outbox_get(e->of->aggregate.state, DESIRED_ORDER, e->order.id,
	    &e->of->arena, &row, &e->view.ready, e->diag);
}

enum status
orders_evaluate(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag)
{
	struct evaluation e = { .of = of,
		.src = &touched->src,
		.output = output,
		.diag = diag };
	enum status status = load(&e, touched->id);

	if (status != STATUS_OK || !e.order.found)
		return status;
	if (e.order.forgotten)
		return pass_forgotten(&e);
	if (e.order.document_count == 0)
		return pass_empty(&e);
	status = view(&e);
	if (status == STATUS_OK && e.view.no_sale && !e.view.ready)
		status = find_former(&e);
	if (status == STATUS_OK)
		status = update_deadlines(&e);
	if (status == STATUS_OK)
		status = update_remarks(&e);
	if (status == STATUS_OK)
		status = release(&e);
	if (status == STATUS_OK && e.two_parties)
		status = hold(&e);
	else if (status == STATUS_OK && e.view.ready)
		status = put_order(&e);
	if (status == STATUS_OK && e.view.ready && !e.two_parties)
		status = put_event(&e);
	if (status == STATUS_OK)
		status = orders_reserve(of, &e.order, &e.view, diag);
	if (status == STATUS_OK)
		status = order_store(of->aggregate.state, &e.order, diag);
	if (e.hand != NULL)
		e.hand->due = false;
	return status;
}

enum status
orders_ignore_past(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag)
{
	struct evaluation e = { .of = of,
		.src = &touched->src,
		.output = output,
		.diag = diag };
	enum status status = load(&e, touched->id);

	if (status == STATUS_OK && e.order.found)
		status = view(&e);
	if (status != STATUS_OK || !e.order.found || !e.view.fulfilled)
		return status;
	status = ignore_event(&e);
	if (status == STATUS_OK)
		status = order_store(of->aggregate.state, &e.order, diag);
	if (e.hand != NULL)
		e.hand->due = false;
	return status;
}

enum status
orders_void(struct orders *of, struct str id, struct buf *output,
    struct diag *diag)
{
	struct evaluation e = { .of = of, .output = output, .diag = diag };
	struct buf body = BUF_INIT;
	enum status status = load(&e, id);

	if (status != STATUS_OK || !e.order.found)
		return status;
	status = view(&e);
	if (status == STATUS_OK) {
		e.view.status = ORDER_IS_CANCELLED;
		e.view.valid = false;
		order_body(&body, &e.order, &e.view, &of->arena);
		status = put(&e, DESIRED_ORDER, id, &body, false, true);
	}
	buf_free(&body);
	return status;
}

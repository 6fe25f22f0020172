#include "fold/order_view.h"

#include "base/currency.h"
#include "base/text.h"

const char *
order_status_name(enum order_status status)
{
	static const char *const names[] = { "pending", "confirmed",
		"part_shipped", "shipped", "partial_refund", "refunded",
		"cancelled" };

	return names[status];
}

struct str
order_view_text(struct str text, struct arena *arena)
{
	struct buf shown = BUF_INIT;
	struct str kept =
	    arena_str(arena, str_of(text_escape(&shown, text, 40)));

	buf_free(&shown);
	return kept;
}

bool
order_is_shop(struct str document)
{
	return str_is(document, ORDER_SHOP);
}

static bool
known(const struct order_document *document, enum order_key key)
{
	return document->facts[key].seq.len > 0;
}

bool
order_view_uses(const struct order_view *view, const struct order_line *line)
{
	return order_is_shop(line->document) == view->from_shop &&
	       (view->no_sale || !line->of->no_sale) &&
	       (view->cancelled || !line->of->cancelled);
}

/* --- lines --- */

static bool
is_vanished(const struct order_line *line)
{
	/* Each message that names a line says whether it is rejected. */
	return str_cmp(line->facts[LINE_REJECTED].seq,
		   line->of->facts[ORDER_LISTED].seq) < 0;
}

static bool
line_is_live(const struct order_line *line, const struct order_rules *rules)
{
	struct str reason = line->facts[LINE_REJECTED].value;

	if (line->facts[LINE_DELETED].value.len > 0)
		return false;
	if (reason.len > 0 && !order_listed(rules, "open-rejections", reason))
		return false;
	/* The shop's newest record says all lines of its basket. */
	return !order_is_shop(line->document) || !is_vanished(line);
}

/* What costs nothing: by its item category, or because its value is zero. */
static bool
is_free(const struct order_line *line, const struct order_rules *rules)
{
	return order_listed(rules, "free-categories",
		   line->facts[LINE_CATEGORY].value) ||
	       (line->subtotal.known && !line->discount.known &&
		   decimal_sign(line->subtotal.value) == 0);
}

static void
make_free(struct order_line *line)
{
	const struct order_amount none = { false, DECIMAL_ZERO };
	const struct order_amount zero = { true, DECIMAL_ZERO };

	line->price = line->subtotal = zero;
	line->discount = none;
	line->total = line->tax.known ? line->tax : zero;
}

static void
derive_line(struct order_line *line, const struct order_rules *rules,
    unsigned digits)
{
	line->live = line_is_live(line, rules);
	line->counts = true;
	line->shipped = RATIO_ZERO;
	line->refunded = DECIMAL_ZERO;
	line->refunded_quantity = DECIMAL_ZERO;
	order_line_amounts(line, digits);
	if (is_free(line, rules))
		make_free(line);
}

/* The lines of a document mostly stand together. */
static void
join_documents(struct order_state *order, const struct order_rules *rules,
    unsigned digits)
{
	struct order_document *at = NULL;

	for (size_t i = 0; i < order->document_count; i++)
		order->documents[i].lines = order->documents[i].live_lines = 0;
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (at == NULL || !str_eq(at->document, line->document))
			at = order_document_find(order, line->document);
		line->of = at;
		derive_line(line, rules, digits);
		at->lines++;
		at->live_lines += line->live;
	}
}

static bool
has_value(const struct order_line *line)
{
	return line->subtotal.known && decimal_sign(line->subtotal.value) != 0;
}

/* The line that this one is a component of, or NULL. */
static const struct order_line *
set_of(const struct order_state *order, const struct order_line *line)
{
	struct str parent = line->facts[LINE_PARENT].value;
	const struct order_line *set =
	    parent.len == 0 ? NULL
			    : order_line_find(order, line->document, parent);

	return set != line ? set : NULL;
}

/* Sets within sets; deeper than any bill of materials that is sold as one. */
#define SET_DEPTH 8

/* A set and its components: when both carry money, the set's alone counts;
 * where both were rejected, likewise. */
static void
join_set(const struct order_state *order, struct order_line *line)
{
	const struct order_line *set = set_of(order, line);

	for (int depth = 0; set != NULL && depth < SET_DEPTH; depth++) {
		if (has_value(set) && has_value(line) &&
		    (set->live || !line->live))
			line->counts = false;
		set = set_of(order, set);
	}
}

/* A component's quantity leaves, its money is the set's. */
static void
derive_sets(struct order_state *order)
{
	for (size_t i = 0; i < order->line_count; i++)
		join_set(order, &order->lines[i]);
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (line->counts)
			continue;
		line->tax.known = false;
		make_free(line);
	}
}

static void
derive_lines(struct order_state *order, const struct order_rules *rules,
    unsigned digits)
{
	join_documents(order, rules, digits);
	derive_sets(order);
}

/* --- cancellation --- */

static bool
document_cancelled(const struct order_state *order,
    const struct order_document *document)
{
	const struct order_document *whole =
	    order_document_find(order, STR(ORDER_SAP));
	const struct order_fact *status = &document->facts[ORDER_STATUS];

	if (str_is(status->value, "cancelled"))
		return true;
	/* A refusal that names no document is of all that came before it. */
	if (whole != NULL && !order_is_shop(document->document) &&
	    str_is(whole->facts[ORDER_STATUS].value, "cancelled") &&
	    str_cmp(whole->facts[ORDER_STATUS].seq, status->seq) > 0)
		return true;
	return document->lines > 0 && document->live_lines == 0 &&
	       known(document, ORDER_FULL);
}

static void
derive_cancelled(struct order_view *view, struct order_state *order)
{
	size_t documents = 0, cancelled = 0;

	for (size_t i = 0; i < order->document_count; i++) {
		struct order_document *document = &order->documents[i];

		document->cancelled = document_cancelled(order, document);
		document->ended = false;
		if (order_is_shop(document->document) == view->answered ||
		    (document->no_sale && !view->no_sale))
			continue;
		documents++;
		cancelled += document->cancelled;
	}
	view->cancelled = documents > 0 && documents == cancelled;
}

/* The order types of SAP's documents: what is no sale is not looked at where
 * others are. */
static void
derive_sale(struct order_view *view, struct order_state *order,
    const struct order_rules *rules)
{
	bool any = false;

	view->no_sale = true;
	for (size_t i = 0; i < order->document_count; i++) {
		struct order_document *document = &order->documents[i];

		document->no_sale = !order_is_shop(document->document) &&
				    order_listed(rules, "no-sale-types",
					document->facts[ORDER_TYPE].value);
		any |= document->no_sale;
		if (!order_is_shop(document->document) && !document->no_sale)
			view->no_sale = false;
	}
	view->no_sale = view->no_sale && any;
}

static void
derive_stage(struct order_view *view, const struct order_state *order)
{
	bool shop = false, full = false;

	view->answered = false;
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];

		if (order_is_shop(document->document)) {
			shop = true;
			continue;
		}
		if (document->no_sale && !view->no_sale)
			continue;
		full |= known(document, ORDER_FULL);
		view->answered |=
		    known(document, ORDER_FULL) ||
		    str_is(document->facts[ORDER_STATUS].value, "cancelled");
	}
	view->ready = shop || (full && !view->no_sale);
	view->from_shop = !full;
}

/* --- remarks --- */

static void
remark_ean(struct order_view *view, const struct order_state *order,
    const struct order_line *line, struct arena *arena)
{
	order_remark_add(&view->remarks, "sku-missing", "order", order->id,
	    arena_format(arena,
		"line %.*s names an EAN that no product has, or several; it "
		"leaves without a product",
		STR_ARGS(order_view_text(line->line, arena))),
	    arena);
}

static void
remark_lines(struct order_view *view, const struct order_state *order,
    struct arena *arena)
{
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (line->live && line->product.len == 0 &&
		    line->facts[LINE_EAN].value.len > 0)
			remark_ean(view, order, line, arena);
		if (order_is_shop(line->document) || !line->live ||
		    !is_vanished(line))
			continue;
		order_remark_add(&view->remarks, "order-line-vanished", "order",
		    order->id,
		    arena_format(arena,
			"line %.*s is missing from SAP's newest message",
			STR_ARGS(order_view_text(line->line, arena))),
		    arena);
	}
}

static void
remark_order(struct order_view *view, const struct order_state *order,
    struct arena *arena)
{
	if (view->ready)
		order_totals_remark(view, order, arena);
	if (!view->ready && !view->no_sale)
		order_remark_add(&view->remarks, "order-unknown-original",
		    "order", order->id,
		    STR("a change came, the order itself did not"), arena);
	remark_lines(view, order, arena);
}

/* --- all of it --- */

enum condition {
	IF_ALWAYS = 0,
	IF_CANCELLED = 1 << 0, /* no document, no line is left */
	IF_CREDITED = 1 << 1, /* some of it */
	IF_ALL_CREDITED = 1 << 2,
	IF_SHIPPED = 1 << 3, /* some of it */
	IF_FULFILLED = 1 << 4, /* every line that stands is despatched */
	IF_EVENT_SENT = 1 << 5, /* Ometria was told so */
	IF_ANSWERED = 1 << 6 /* SAP has spoken */
};

/* The first row whose conditions all hold. */
static const struct {
	unsigned conditions;
	enum order_status status;
	bool valid;
} status_rows[] = {
	{ IF_CANCELLED, ORDER_IS_CANCELLED, false },
	{ IF_CREDITED | IF_ALL_CREDITED, ORDER_IS_REFUNDED, false },
	{ IF_CREDITED, ORDER_IS_PARTIAL_REFUND, true },
	{ IF_FULFILLED, ORDER_IS_SHIPPED, true },
	{ IF_EVENT_SENT, ORDER_IS_SHIPPED, true },
	{ IF_SHIPPED, ORDER_IS_PART_SHIPPED, true },
	{ IF_ANSWERED, ORDER_IS_CONFIRMED, true },
	{ IF_ALWAYS, ORDER_IS_PENDING, true },
};

static void
derive_status(struct order_view *view, const struct order_rules *rules,
    bool event_sent)
{
	unsigned holds = (view->cancelled ? IF_CANCELLED : 0) |
			 (view->any_credited ? IF_CREDITED : 0) |
			 (view->all_credited ? IF_ALL_CREDITED : 0) |
			 (view->any_shipped ? IF_SHIPPED : 0) |
			 (view->fulfilled ? IF_FULFILLED : 0) |
			 (event_sent ? IF_EVENT_SENT : 0) |
			 (view->answered ? IF_ANSWERED : 0);
	size_t row = 0;

	while ((holds & status_rows[row].conditions) !=
	       status_rows[row].conditions)
		row++;
	view->status = status_rows[row].status;
	view->valid =
	    status_rows[row].valid && !view->no_sale &&
	    (view->status != ORDER_IS_PENDING || rules->pending_valid);
}

void
order_view(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, bool event_sent, bool one_time,
    struct arena *arena)
{
	*view = (struct order_view){ .shipped_at = INSTANT_NONE };
	derive_sale(view, order, rules);
	derive_stage(view, order);
	order_values(view, order, rules, one_time, arena);
	view->digits = currency_digits(view->values[ORDER_CURRENCY]);
	view->base_digits = currency_digits(rules->base_currency);
	derive_lines(order, rules, view->digits);
	derive_cancelled(view, order);
	order_cover_shipments(view, order, rules, arena);
	order_totals(view, order, rules, arena);
	order_cover_refunds(view, order, arena);
	view->fulfilled = view->fulfilled && !view->cancelled;
	derive_status(view, rules, event_sent);
	remark_order(view, order, arena);
	if (event_sent && !view->fulfilled && !view->any_credited &&
	    !view->cancelled)
		order_remark_add(&view->remarks, "shipment-reversed", "order",
		    order->id,
		    STR("goods issue was taken back, or more was ordered, "
			"after the event left"),
		    arena);
}

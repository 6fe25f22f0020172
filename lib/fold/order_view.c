#include "fold/order_view.h"

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

static bool
is_shop(struct str document)
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
	return is_shop(line->document) == view->from_shop &&
	       (view->cancelled || !line->of->cancelled);
}

static struct order_amount
amount_of(const struct order_fact *fact)
{
	struct order_amount amount = { false, DECIMAL_ZERO };

	amount.known = decimal_parse(fact->value, &amount.value);
	return amount;
}

/* to += amount; an overflow leaves the sum unknown. */
static void
add(struct order_amount *to, struct order_amount amount)
{
	if (!amount.known)
		return;
	to->known = decimal_add(to->value, amount.value, &to->value);
}

static struct order_amount
sum_of(struct order_amount a, struct order_amount b, struct order_amount c)
{
	struct order_amount sum = { a.known, a.value };

	if (a.known) {
		add(&sum, b);
		add(&sum, c);
	}
	return sum;
}

/* --- lines --- */

static bool
line_is_live(const struct order_line *line)
{
	const struct order_fact *full = &line->of->facts[ORDER_FULL];

	if (line->facts[LINE_DELETED].value.len > 0 ||
	    line->facts[LINE_REJECTED].value.len > 0)
		return false;
	/* The shop's newest record says all lines of its basket. */
	return !is_shop(line->document) || !str_is(full->value, "lines") ||
	       str_cmp(line->facts[LINE_REJECTED].seq, full->seq) >= 0;
}

static void
derive_line(struct order_line *line)
{
	line->live = line_is_live(line);
	line->counts = true;
	line->shipped = RATIO_ZERO;
	line->refunded = DECIMAL_ZERO;
	line->refunded_quantity = DECIMAL_ZERO;
	line->quantity = amount_of(&line->facts[LINE_QUANTITY]);
	line->price = amount_of(&line->facts[LINE_UNIT_PRICE]);
	line->subtotal = amount_of(&line->facts[LINE_SUBTOTAL]);
	line->discount = amount_of(&line->facts[LINE_DISCOUNT]);
	line->tax = amount_of(&line->facts[LINE_TAX]);
	line->total = amount_of(&line->facts[LINE_TOTAL]);
	if (!line->subtotal.known && line->price.known && line->quantity.known)
		line->subtotal.known =
		    decimal_mul(line->price.value, line->quantity.value,
			&line->subtotal.value) &&
		    decimal_rescale(line->subtotal.value, 2,
			&line->subtotal.value);
	if (!line->total.known)
		line->total = sum_of(line->subtotal, line->discount, line->tax);
}

/* The lines of a document mostly stand together. */
static void
join_documents(struct order_state *order)
{
	struct order_document *at = NULL;

	for (size_t i = 0; i < order->document_count; i++)
		order->documents[i].lines = order->documents[i].live_lines = 0;
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (at == NULL || !str_eq(at->document, line->document))
			at = order_document_find(order, line->document);
		line->of = at;
		derive_line(line);
		at->lines++;
		at->live_lines += line->live;
	}
}

/* A set and its components: when both carry money, the set's alone counts. */
static void
derive_lines(struct order_state *order)
{
	join_documents(order);
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];
		struct str parent = line->facts[LINE_PARENT].value;
		struct order_line *set =
		    parent.len == 0
			? NULL
			: order_line_find(order, line->document, parent);

		if (set == NULL || set == line)
			continue;
		line->counts = !set->live || !set->subtotal.known ||
			       !line->subtotal.known ||
			       decimal_sign(set->subtotal.value) == 0 ||
			       decimal_sign(line->subtotal.value) == 0;
	}
}

/* --- values --- */

/* Among SAP's documents the newest word, the lowest document on a tie. */
static struct str
sap_value(const struct order_state *order, enum order_key key)
{
	const struct order_fact *best = NULL;

	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];
		const struct order_fact *fact = &document->facts[key];

		if (is_shop(document->document) || fact->value.len == 0)
			continue;
		if (best == NULL || str_cmp(fact->seq, best->seq) > 0)
			best = fact;
	}
	return best != NULL ? best->value : STR_NONE;
}

/* An address comes whole from one document: the city decides which. */
static bool
sap_has_address(const struct order_state *order, enum order_key city)
{
	return sap_value(order, city).len > 0 ||
	       sap_value(order, city + 2).len > 0 ||
	       sap_value(order, city + 3).len > 0;
}

static struct str
shop_value(const struct order_state *order, enum order_key key)
{
	const struct order_document *shop =
	    order_document_find(order, STR(ORDER_SHOP));

	return shop != NULL ? shop->facts[key].value : STR_NONE;
}

static void
derive_values(struct order_view *view, const struct order_state *order)
{
	bool ship = sap_has_address(order, ORDER_SHIP_CITY);
	bool bill = sap_has_address(order, ORDER_BILL_CITY);

	for (enum order_key key = 0; key < ORDER_KEY_COUNT; key++) {
		struct str value = sap_value(order, key);
		bool whole = (ship && key >= ORDER_SHIP_CITY &&
				 key <= ORDER_SHIP_COUNTRY) ||
			     (bill && key >= ORDER_BILL_CITY &&
				 key <= ORDER_BILL_COUNTRY);

		view->values[key] =
		    value.len > 0 || whole ? value : shop_value(order, key);
	}
}

static void
derive_customer(struct order_view *view, const struct order_state *order,
    bool one_time)
{
	view->shop_email = shop_value(order, ORDER_EMAIL);
	view->guest = one_time ||
		      str_is(view->values[ORDER_ONE_TIME], "true") ||
		      view->values[ORDER_CUSTOMER].len == 0;
	/* A guest has no master; the order document is all there is. */
	if (view->guest && view->shop_email.len == 0)
		view->shop_email = view->values[ORDER_EMAIL];
}

static void
derive_store(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, struct arena *arena)
{
	struct str shop = shop_value(order, ORDER_CHANNEL);
	const char *area = arena_format(arena, "%.*s/%.*s",
	    STR_ARGS(view->values[ORDER_SALES_ORG]),
	    STR_ARGS(view->values[ORDER_SALES_CHANNEL]))
			       .data;
	const char *text;

	view->store = view->values[ORDER_STORE];
	view->channel = view->values[ORDER_CHANNEL];
	if (!config_labelled(rules->config, "sales-area", area))
		return;
	text = config_text(rules->config, "sales-area", area, "store");
	if (text != NULL)
		view->store = str_of(text);
	text = config_text(rules->config, "sales-area", area, "channel");
	/* "online" may be the default: the shop knows better which one. */
	if (text != NULL && (strcmp(text, "online") != 0 || shop.len == 0))
		view->channel = str_of(text);
}

static instant
shop_placed(const struct order_state *order)
{
	instant at;

	return instant_parse(shop_value(order, ORDER_PLACED_AT), &at)
		   ? at
		   : order->provisional_at;
}

/* SAP's dates mostly come without a time, as the midnight they begin with: the
 * shop's word of the same day is the more exact one. */
static bool
is_day_of(instant midnight, instant at)
{
	char day[15], digits[15];

	if (midnight == INSTANT_NONE || at == INSTANT_NONE)
		return false;
	zone_to_digits(midnight, day);
	zone_to_digits(at, digits);
	return strcmp(day + 8, "000000") == 0 && memcmp(day, digits, 8) == 0;
}

static void
derive_placed(struct order_view *view, const struct order_state *order)
{
	instant shop = shop_placed(order);

	view->placed_at = INSTANT_NONE;
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];
		instant at;

		if (!is_shop(document->document) &&
		    instant_parse(document->facts[ORDER_PLACED_AT].value,
			&at) &&
		    (view->placed_at == INSTANT_NONE || at < view->placed_at))
			view->placed_at = at;
	}
	if (view->placed_at == INSTANT_NONE || is_day_of(view->placed_at, shop))
		view->placed_at = shop;
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
	if (whole != NULL && !is_shop(document->document) &&
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
		if (is_shop(document->document) == view->answered)
			continue;
		documents++;
		cancelled += document->cancelled;
	}
	view->cancelled = documents > 0 && documents == cancelled;
}

static void
derive_stage(struct order_view *view, const struct order_state *order)
{
	bool shop = false, full = false;

	view->answered = false;
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];

		if (is_shop(document->document)) {
			shop = true;
			continue;
		}
		full |= known(document, ORDER_FULL);
		view->answered |=
		    known(document, ORDER_FULL) ||
		    str_is(document->facts[ORDER_STATUS].value, "cancelled");
	}
	view->ready = shop || full;
	view->from_shop = !full;
}

/* --- totals --- */

static void
line_sums(const struct order_state *order,
    const struct order_document *document,
    struct order_amount totals[TOTAL_COUNT])
{
	/* All are rejected: their last amounts are what the order was. */
	bool all = document->live_lines == 0;

	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (line->of != document || !line->counts ||
		    (!line->live && !all))
			continue;
		add(&totals[TOTAL_SUBTOTAL], line->subtotal);
		add(&totals[TOTAL_DISCOUNT], line->discount);
		add(&totals[TOTAL_TAX], line->tax);
	}
}

static struct order_amount
grand_total(const struct order_amount totals[TOTAL_COUNT])
{
	return sum_of(totals[TOTAL_SUBTOTAL],
	    sum_of(totals[TOTAL_DISCOUNT].known
		       ? totals[TOTAL_DISCOUNT]
		       : (struct order_amount){ true, DECIMAL_ZERO },
		totals[TOTAL_SHIPPING], totals[TOTAL_TAX]),
	    (struct order_amount){ false, DECIMAL_ZERO });
}

/* What the header names; what it leaves open comes from the lines. */
static void
document_totals(const struct order_state *order,
    const struct order_document *document,
    struct order_amount totals[TOTAL_COUNT])
{
	struct order_amount lines[TOTAL_COUNT] = { { false, DECIMAL_ZERO } };

	for (size_t i = 0; i < TOTAL_COUNT; i++)
		totals[i] = amount_of(&document->facts[ORDER_SUBTOTAL + i]);
	if (totals[TOTAL_SUBTOTAL].known && totals[TOTAL_GRAND].known)
		return;
	line_sums(order, document, lines);
	for (size_t i = 0; i < TOTAL_GRAND; i++)
		if (!totals[i].known)
			totals[i] = lines[i];
	if (!totals[TOTAL_GRAND].known)
		totals[TOTAL_GRAND] = grand_total(totals);
}

static void
derive_totals(struct order_view *view, const struct order_state *order)
{
	struct order_amount one[TOTAL_COUNT];
	struct order_amount sum;

	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];

		if (is_shop(document->document) != view->from_shop ||
		    (!view->cancelled && document->cancelled))
			continue;
		document_totals(order, document, one);
		view->incomplete |=
		    str_is(document->facts[ORDER_INCOMPLETE].value, "true");
		for (size_t t = 0; t < TOTAL_COUNT; t++)
			add(&view->totals[t], one[t]);
	}
	sum = grand_total(view->totals);
	view->mismatch =
	    view->incomplete ||
	    (view->totals[TOTAL_GRAND].known && sum.known &&
		decimal_cmp(sum.value, view->totals[TOTAL_GRAND].value) != 0);
}

/* --- remarks --- */

static void
remark_lines(struct order_view *view, const struct order_state *order,
    struct arena *arena)
{
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];
		const struct order_fact *full = &line->of->facts[ORDER_FULL];

		if (is_shop(line->document) || !line->live ||
		    !str_is(full->value, "lines") ||
		    str_cmp(line->facts[LINE_REJECTED].seq, full->seq) >= 0)
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
	struct buf text = BUF_INIT;

	if (view->ready && view->mismatch) {
		buf_add_text(&text,
		    view->incomplete
			? "the message does not say all that totals are made of"
			: "totals do not add up to grand total ");
		if (!view->incomplete)
			decimal_add_to(&text, view->totals[TOTAL_GRAND].value);
		order_remark_add(&view->remarks, "order-totals-mismatch",
		    "order", order->id, arena_str(arena, buf_str(&text)),
		    arena);
	}
	if (!view->ready)
		order_remark_add(&view->remarks, "order-unknown-original",
		    "order", order->id,
		    STR("a change came, the order itself did not"), arena);
	buf_free(&text);
	remark_lines(view, order, arena);
}

/* --- all of it --- */

static enum order_status
status_of(const struct order_view *view, bool event_sent)
{
	if (view->cancelled)
		return ORDER_IS_CANCELLED;
	if (view->all_credited)
		return ORDER_IS_REFUNDED;
	if (view->any_credited)
		return ORDER_IS_PARTIAL_REFUND;
	if (view->fulfilled || event_sent)
		return ORDER_IS_SHIPPED;
	if (view->any_shipped)
		return ORDER_IS_PART_SHIPPED;
	return view->answered ? ORDER_IS_CONFIRMED : ORDER_IS_PENDING;
}

void
order_view(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, bool event_sent, bool one_time,
    struct arena *arena)
{
	*view = (struct order_view){ .shipped_at = INSTANT_NONE };
	derive_lines(order);
	derive_stage(view, order);
	derive_values(view, order);
	derive_customer(view, order, one_time);
	derive_store(view, order, rules, arena);
	derive_placed(view, order);
	derive_cancelled(view, order);
	order_cover_shipments(view, order, rules, arena);
	derive_totals(view, order);
	order_cover_credits(view, order);
	view->fulfilled = view->fulfilled && !view->cancelled;
	view->status = status_of(view, event_sent);
	view->valid = view->status == ORDER_IS_PENDING
			  ? rules->pending_valid
			  : view->status != ORDER_IS_CANCELLED &&
				view->status != ORDER_IS_REFUNDED;
	remark_order(view, order, arena);
	if (event_sent && !view->fulfilled && !view->any_credited &&
	    !view->cancelled)
		order_remark_add(&view->remarks, "shipment-reversed", "order",
		    order->id,
		    STR("goods issue was taken back, or more was ordered, "
			"after the event left"),
		    arena);
}

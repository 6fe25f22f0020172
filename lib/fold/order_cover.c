#include "fold/order_view.h"

/* Whether goods have left with this delivery. */
static bool
is_posted(const struct shipment *shipment)
{
	return shipment->posted_at != INSTANT_NONE && !shipment->reversed;
}

/* --- which line of the order --- */

/* A document number as it stands in this order; SAP's messages may have named
 * none (ORDER_SAP). Empty: the order has no such document yet. */
static struct str
document_key(const struct order_state *order, struct str document)
{
	if (document.len > 0 && order_document_find(order, document) != NULL)
		return document;
	if (order_document_find(order, STR(ORDER_SAP)) != NULL)
		return STR(ORDER_SAP);
	return STR_NONE;
}

static bool
same_product(const struct order_line *line, struct str sku, struct str material)
{
	return (sku.len > 0 && str_eq(line->facts[LINE_SKU].value, sku)) ||
	       (material.len > 0 &&
		   str_eq(line->facts[LINE_MATERIAL].value, material));
}

/* The only reference is the web order: any of its documents may be meant. */
static struct order_line *
find_anywhere(const struct order_view *view, const struct order_state *order,
    struct str number, struct str sku, struct str material)
{
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (!order_view_uses(view, line))
			continue;
		if (number.len > 0 ? str_eq(line->line, number)
				   : same_product(line, sku, material))
			return line;
	}
	return NULL;
}

static struct order_line *
find_line(const struct order_view *view, const struct order_state *order,
    struct str document, struct str number, struct str sku, struct str material)
{
	struct str key = document_key(order, document);

	if (document.len == 0 || key.len == 0 || number.len == 0)
		return find_anywhere(view, order, number, sku, material);
	return order_line_find(order, key, number);
}

/* Whether the order itself is still due from SAP as far as this goes. */
static bool
must_wait(const struct order_view *view, const struct order_state *order,
    struct str document)
{
	struct str key = document_key(order, document);
	const struct order_document *found = order_document_find(order, key);

	if (view->from_shop)
		return true;
	return document.len > 0 &&
	       (found == NULL || found->facts[ORDER_FULL].seq.len == 0);
}

/* --- shipments --- */

/* A main item whose quantity is repeated by its batch splits: items that name
 * it as parent and stand for the same line of the order. */
static bool
is_split_main(const struct shipment *shipment, const struct shipment_line *main)
{
	for (size_t i = 0; i < shipment->count; i++) {
		const struct shipment_line *line = &shipment->lines[i];
		struct decimal quantity;

		if (line != main && str_eq(line->parent, main->line) &&
		    str_eq(line->sales_line, main->sales_line) &&
		    decimal_parse(line->quantity, &quantity) &&
		    decimal_sign(quantity) > 0)
			return true;
	}
	return false;
}

static void
remark_shipment(struct order_view *view, const char *code,
    const struct shipment *shipment, struct str line, const char *what,
    struct arena *arena)
{
	order_remark_add(&view->remarks, code, "shipment", shipment->delivery,
	    arena_format(arena, "delivery item %.*s %s",
		STR_ARGS(order_view_text(line, arena)), what),
	    arena);
}

/* What was despatched, in the unit of the order's line; empty when the two
 * cannot be compared. */
static struct str
comparable(const struct order_line *line, const struct shipment_line *shipped)
{
	struct str unit = line->facts[LINE_UNIT].value;

	if (unit.len == 0 || shipped->unit.len == 0 ||
	    str_eq(unit, shipped->unit))
		return shipped->quantity;
	return str_eq(unit, shipped->base_unit) ? shipped->base_quantity
						: STR_NONE;
}

/* Count one item of a delivery; true when it moved goods of this order. */
static bool
cover_line(struct order_view *view, const struct order_state *order,
    const struct shipment *shipment, const struct shipment_line *shipped,
    struct arena *arena)
{
	struct order_line *line = find_line(view, order, shipped->document,
	    shipped->sales_line, shipped->sku, shipped->material);
	struct decimal quantity;

	if (must_wait(view, order, shipped->document))
		return false;
	if (line == NULL) {
		remark_shipment(view, "shipment-unknown-line", shipment,
		    shipped->line, "refers to no line of the order", arena);
		return false;
	}
	if (!decimal_parse(shipped->quantity, &quantity) ||
	    decimal_sign(quantity) <= 0 || is_split_main(shipment, shipped))
		return false;
	if (!decimal_parse(comparable(line, shipped), &quantity)) {
		remark_shipment(view, "shipment-unit", shipment, shipped->line,
		    "has another unit than the order's line", arena);
		return false;
	}
	if (!is_posted(shipment))
		return false;
	decimal_add(line->shipped, quantity, &line->shipped);
	return true;
}

static bool
is_later(const struct shipment *a, const struct shipment *b)
{
	if (b == NULL || a->posted_at != b->posted_at)
		return b == NULL || a->posted_at > b->posted_at;
	return str_cmp(a->delivery, b->delivery) > 0;
}

static void
cover_shipment(struct order_view *view, const struct order_state *order,
    const struct shipment *shipment, struct arena *arena)
{
	bool moved = false;

	for (size_t i = 0; i < shipment->count; i++)
		moved |= cover_line(view, order, shipment, &shipment->lines[i],
		    arena);
	if (!moved)
		return;
	view->deliveries++;
	if (is_later(shipment, view->last))
		view->last = shipment;
	if (view->shipped_at == INSTANT_NONE ||
	    shipment->posted_at > view->shipped_at)
		view->shipped_at = shipment->posted_at;
}

static bool
line_is_due(const struct order_line *line)
{
	if (!line->quantity.known)
		return decimal_sign(line->shipped) <= 0;
	return decimal_cmp(line->shipped, line->quantity.value) < 0;
}

static void
judge_line(struct order_view *view, const struct order_state *order,
    const struct order_line *line, struct arena *arena)
{
	if (decimal_sign(line->shipped) > 0)
		view->any_shipped = true;
	/* A set is despatched when its components are. */
	if (line_is_due(line) && !line->set)
		view->fulfilled = false;
	/* What a till took back has a negative quantity. */
	if (line->quantity.known && decimal_sign(line->shipped) > 0 &&
	    decimal_cmp(line->shipped, line->quantity.value) > 0)
		order_remark_add(&view->remarks, "shipment-over", "order",
		    order->id,
		    arena_format(arena,
			"more than ordered was despatched of line %.*s",
			STR_ARGS(order_view_text(line->line, arena))),
		    arena);
}

/* A document of which nothing but changes came: its lines are not all known. */
static bool
all_documents_full(const struct order_state *order)
{
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];

		if (!str_is(document->document, ORDER_SHOP) &&
		    document->facts[ORDER_FULL].seq.len == 0 &&
		    !str_is(document->facts[ORDER_STATUS].value, "cancelled"))
			return false;
	}
	return true;
}

void
order_cover_shipments(struct order_view *view, struct order_state *order,
    struct arena *arena)
{
	for (size_t i = 0; i < order->shipment_count; i++)
		cover_shipment(view, order, &order->shipments[i], arena);
	view->fulfilled = !view->from_shop && view->deliveries > 0 &&
			  all_documents_full(order);
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (line->live && order_view_uses(view, line))
			judge_line(view, order, line, arena);
	}
}

/* --- credits --- */

/* Some systems write a credit memo's amounts as negative ones. */
static bool
credit_amount(struct str text, struct decimal *value)
{
	if (!decimal_parse(text, value))
		return false;
	if (decimal_sign(*value) < 0)
		*value = decimal_neg(*value);
	return true;
}

/*
 * A credit memo mostly names the credit memo request that it bills, a document
 * of its own with item numbers of its own: what is credited is known by the
 * product then.
 */
static bool
is_request(const struct order_state *order, const struct credit_line *credit)
{
	return credit->document.len > 0 &&
	       document_key(order, credit->document).len == 0;
}

static void
cover_credit(struct order_view *view, const struct order_state *order,
    const struct credit_line *credit)
{
	bool request = is_request(order, credit);
	struct order_line *line =
	    request
		? find_anywhere(view, order, STR_NONE, credit->sku, STR_NONE)
		: find_line(view, order, credit->document, credit->sales_line,
		      credit->sku, STR_NONE);
	struct decimal value;

	if (request ? view->from_shop
		    : must_wait(view, order, credit->document))
		return;
	view->any_credited = true;
	if (line == NULL)
		return;
	if (credit_amount(credit->quantity, &value))
		decimal_add(line->refunded_quantity, value,
		    &line->refunded_quantity);
	/* Gross: what the customer got back. */
	if (credit_amount(credit->net, &value))
		decimal_add(line->refunded, value, &line->refunded);
	if (credit_amount(credit->tax, &value))
		decimal_add(line->refunded, value, &line->refunded);
}

static bool
is_fully_credited(const struct order_line *line)
{
	if (line->quantity.known &&
	    decimal_cmp(line->refunded_quantity, line->quantity.value) < 0)
		return false;
	return !line->total.known ||
	       decimal_cmp(line->refunded, line->total.value) >= 0;
}

void
order_cover_credits(struct order_view *view, struct order_state *order)
{
	bool live = false, open = false;

	for (size_t i = 0; i < order->credit_count; i++)
		for (size_t j = 0; j < order->credits[i].count; j++)
			cover_credit(view, order, &order->credits[i].lines[j]);
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (!line->live || !line->counts ||
		    !order_view_uses(view, line))
			continue;
		live = true;
		open |= !is_fully_credited(line);
	}
	view->all_credited = view->any_credited && live && !open;
}

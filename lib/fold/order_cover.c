#include "fold/order_view.h"
#include "fold/shipment.h"
#include "fold/unit.h"

/* Whether goods have left with this delivery. */
static bool
is_posted(const struct shipment *shipment)
{
	return shipment->posted_at != INSTANT_NONE && !shipment->reversed;
}

/* --- which line of the order --- */

/* A document number as it stands in this order; SAP's messages may have named
 * none (ORDER_SAP). Empty: the order has no such document yet. */
struct str
order_cover_document(const struct order_state *order, struct str document)
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

static bool
line_is_due(const struct order_line *line)
{
	struct ratio ordered;

	if (!line->quantity.known || !ratio_of(line->quantity.value, &ordered))
		return ratio_sign(line->shipped) <= 0;
	return ratio_cmp(line->shipped, ordered) < 0;
}

/* Which of two lines is meant when both may be: one of which goods are still
 * due, then the one with the lower number. */
static bool
is_rather(const struct order_line *line, const struct order_line *other)
{
	if (line_is_due(line) != line_is_due(other))
		return line_is_due(line);
	return order_line_cmp(line, other) < 0;
}

/* By number or, without one, by product, in the document or (key empty) in any
 * of them. */
static struct order_line *
find_anywhere(const struct order_view *view, const struct order_state *order,
    struct str key, struct str number, struct str sku, struct str material)
{
	struct order_line *found = NULL;

	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (!order_view_uses(view, line) ||
		    (key.len > 0 && !str_eq(line->document, key)))
			continue;
		if ((number.len > 0 ? str_eq(line->line, number)
				    : same_product(line, sku, material)) &&
		    (found == NULL || is_rather(line, found)))
			found = line;
	}
	return found;
}

struct order_line *
order_cover_line(const struct order_view *view, const struct order_state *order,
    struct str document, struct str number, struct str sku, struct str material)
{
	struct str key = order_cover_document(order, document);

	if (document.len == 0 || key.len == 0)
		return find_anywhere(view, order, STR_NONE, number, sku,
		    material);
	if (number.len == 0)
		return find_anywhere(view, order, key, number, sku, material);
	return order_line_find(order, key, number);
}

/* Whether the order itself is still due from SAP as far as this goes. */
bool
order_cover_waits(const struct order_view *view,
    const struct order_state *order, struct str document)
{
	struct str key = order_cover_document(order, document);
	const struct order_document *found = order_document_find(order, key);

	if (view->from_shop)
		return true;
	return document.len > 0 &&
	       (found == NULL || found->facts[ORDER_FULL].seq.len == 0);
}

/* --- shipments --- */

/* The main items whose quantity is repeated by their batch splits: items that
 * name it as parent and stand for the same line of the order. */
static void
mark_split_mains(const struct shipment *shipment, struct arena *arena)
{
	struct shipment_line **sorted = shipment_sort(shipment, arena);

	for (size_t i = 0; i < shipment->count; i++)
		shipment->lines[i].repeated = false;
	for (size_t i = 0; i < shipment->count; i++) {
		const struct shipment_line *line = &shipment->lines[i];
		struct shipment_line *main =
		    shipment_find(sorted, shipment->count, line->parent);
		struct decimal quantity;

		if (main != NULL && main != line &&
		    str_eq(line->sales_line, main->sales_line) &&
		    decimal_parse(line->quantity, &quantity) &&
		    decimal_sign(quantity) > 0)
			main->repeated = true;
	}
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

/* Count one item of a delivery; true when it moved goods of this order. */
static bool
cover_line(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, const struct shipment *shipment,
    const struct shipment_line *shipped, struct arena *arena)
{
	struct order_line *line =
	    order_cover_line(view, order, shipped->document,
		shipped->sales_line, shipped->sku, shipped->material);
	struct decimal quantity;
	struct ratio despatched;

	if (order_cover_waits(view, order, shipped->document))
		return false;
	if (line == NULL) {
		remark_shipment(view, "shipment-unknown-line", shipment,
		    shipped->line, "refers to no line of the order", arena);
		return false;
	}
	/* Beside a sale, what was given for nothing is no part of it. */
	if (line->of->no_sale && !view->no_sale)
		return false;
	if (!decimal_parse(shipped->quantity, &quantity) ||
	    decimal_sign(quantity) <= 0 || shipped->repeated)
		return false;
	if (!unit_despatched(rules->config, line, shipped, &despatched) ||
	    !ratio_add(line->shipped, despatched, &despatched)) {
		remark_shipment(view, "shipment-unit", shipment, shipped->line,
		    "has another unit than the order's line", arena);
		return false;
	}
	if (!is_posted(shipment))
		return false;
	line->shipped = despatched;
	return true;
}

static int
by_posting(const void *left, const void *right)
{
	const struct shipment *a = left, *b = right;

	if (a->posted_at != b->posted_at)
		return a->posted_at < b->posted_at ? -1 : 1;
	return str_cmp(a->delivery, b->delivery);
}

static void
cover_shipment(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, struct shipment *shipment,
    struct arena *arena)
{
	shipment->counted = false;
	mark_split_mains(shipment, arena);
	for (size_t i = 0; i < shipment->count; i++)
		shipment->counted |= cover_line(view, order, rules, shipment,
		    &shipment->lines[i], arena);
	if (!shipment->counted)
		return;
	view->any_shipped = true;
	view->deliveries++;
	view->last = shipment; /* they come sorted by time */
	view->shipped_at = shipment->posted_at;
}

/* Goods have left: whatever was refused later was the rest of them. */
static void
revive_documents(struct order_view *view, const struct order_state *order)
{
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (ratio_sign(line->shipped) <= 0)
			continue;
		line->of->ended |= line->of->cancelled;
		line->of->cancelled = false;
		view->cancelled = false;
	}
}

/* --- what is still due --- */

static bool
has_category(const struct order_rules *rules, const char *key,
    const struct order_line *line)
{
	return order_listed(rules, key, line->facts[LINE_CATEGORY].value);
}

/* Downloads, services, pick-up at the till: no delivery will ever come. */
static bool
never_ships(const struct order_rules *rules, const struct order_line *line)
{
	return has_category(rules, "no-delivery-categories", line);
}

/* A set is despatched when its components are; a free item hangs below one
 * that is despatched by itself. */
static void
mark_sets(struct order_state *order, const struct order_rules *rules)
{
	for (size_t i = 0; i < order->line_count; i++)
		order->lines[i].set = false;
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];
		struct str parent = line->facts[LINE_PARENT].value;
		struct order_line *set =
		    parent.len > 0
			? order_line_find(order, line->document, parent)
			: NULL;

		if (set != NULL && set != line && line->live &&
		    !never_ships(rules, line) &&
		    !has_category(rules, "free-categories", line))
			set->set = true;
	}
}

static bool
line_is_over(const struct order_line *line)
{
	struct ratio ordered;

	/* What a till took back has a negative quantity. */
	return line->quantity.known && ratio_sign(line->shipped) > 0 &&
	       ratio_of(line->quantity.value, &ordered) &&
	       ratio_cmp(line->shipped, ordered) > 0;
}

static void
judge_line(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, struct order_line *line,
    struct arena *arena)
{
	line->due = line_is_due(line) && !line->set && !line->of->ended &&
		    !never_ships(rules, line);
	if (line->due)
		view->fulfilled = false;
	if (line_is_over(line))
		order_remark_add(&view->remarks, "shipment-over", "order",
		    order->id,
		    arena_format(arena,
			"more than ordered was despatched of line %.*s",
			STR_ARGS(order_view_text(line->line, arena))),
		    arena);
}

static struct str
tracking_of(const struct order_state *order, struct arena *arena)
{
	struct buf list = BUF_INIT;
	struct str kept;

	for (size_t i = 0; i < order->shipment_count; i++)
		if (order->shipments[i].counted)
			shipment_track(&list,
			    order->shipments[i].tracking_numbers,
			    SHIPMENT_TRACKING_MAX);
	kept = arena_str(arena, buf_str(&list));
	buf_free(&list);
	return kept;
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
    const struct order_rules *rules, struct arena *arena)
{
	if (order->shipment_count > 1)
		qsort(order->shipments, order->shipment_count,
		    sizeof(*order->shipments), by_posting);
	for (size_t i = 0; i < order->shipment_count; i++)
		cover_shipment(view, order, rules, &order->shipments[i], arena);
	view->tracking = tracking_of(order, arena);
	revive_documents(view, order);
	mark_sets(order, rules);
	view->fulfilled = !view->from_shop && view->deliveries > 0 &&
			  all_documents_full(order);
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		line->due = false;
		if (line->live && order_view_uses(view, line))
			judge_line(view, order, rules, line, arena);
	}
}

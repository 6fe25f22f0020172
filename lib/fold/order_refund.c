#include <stdlib.h>

#include "fold/amount.h"
#include "fold/order_view.h"

/* One item of a credit memo, in the terms of the order. */
struct refund {
	struct str document, line, sku;
	bool request; /* its document is none of the order's */
	struct order_amount quantity, amount;
};

/* The item of a return order that a credit memo bills; *returned: the document
 * is a return order of this order. */
static const struct credit_line *
announced(const struct order_state *order, const struct credit_line *item,
    bool *returned)
{
	*returned = false;
	for (size_t i = 0; i < order->credit_count; i++) {
		const struct credit *credit = &order->credits[i];

		if (credit->kind != CREDIT_RETURN ||
		    !str_eq(credit->refers, item->document))
			continue;
		*returned = true;
		for (size_t j = 0; j < credit->count; j++)
			if (str_eq(credit->lines[j].line, item->sales_line))
				return &credit->lines[j];
	}
	return NULL;
}

static struct order_amount
number(struct str text)
{
	return amount_said(&(struct order_fact){ .value = text });
}

/*
 * A credit memo mostly names the return order or credit memo request that it
 * bills, a document of its own with item numbers of its own: what is credited
 * is what that one names, else known by the product.
 */
static struct refund
refund_of(const struct order_state *order, const struct credit_line *item)
{
	bool returned;
	const struct credit_line *original = announced(order, item, &returned);
	struct refund refund = {
		.document = item->document,
		.line = item->sales_line,
		.sku = item->sku,
		.quantity = number(item->quantity),
	};
	struct order_amount net = number(item->net), tax = number(item->tax);

	if (returned) {
		refund.document =
		    original != NULL ? original->document : STR_NONE;
		refund.line =
		    original != NULL ? original->sales_line : STR_NONE;
		if (refund.sku.len == 0 && original != NULL)
			refund.sku = original->sku;
	}
	/* Gross: what the customer got back. */
	if (net.known || tax.known)
		refund.amount =
		    amount_plus(amount_or_zero(net), amount_or_zero(tax), 1);
	refund.request = refund.document.len > 0 &&
			 order_cover_document(order, refund.document).len == 0;
	return refund;
}

static bool
is_something(const struct refund *refund)
{
	return (refund->quantity.known &&
		   decimal_sign(refund->quantity.value) > 0) ||
	       (refund->amount.known &&
		   decimal_sign(refund->amount.value) != 0);
}

static void
give(struct order_line *line, struct order_amount quantity,
    struct order_amount amount)
{
	if (quantity.known)
		decimal_add(line->refunded_quantity, quantity.value,
		    &line->refunded_quantity);
	if (amount.known)
		decimal_add(line->refunded, amount.value, &line->refunded);
}

/* The money that goes to a line which comes back whole: what is still open of
 * its total, else its part of the quantity. */
static struct order_amount
share(const struct order_line *line, const struct refund *refund,
    struct order_amount room, unsigned digits)
{
	struct order_amount done = { true, line->refunded };
	struct order_amount open = amount_plus(line->total, done, -1);
	struct order_amount money = refund->amount;

	if (!money.known)
		return money;
	if (open.known && decimal_sign(open.value) >= 0)
		return decimal_cmp(open.value, money.value) < 0 ? open : money;
	money.known = decimal_mul(money.value, room.value, &money.value) &&
		      decimal_div(money.value, refund->quantity.value, digits,
			  &money.value);
	return money;
}

static int
by_line(const void *left, const void *right)
{
	const struct order_line *a = *(struct order_line *const *)left;
	const struct order_line *b = *(struct order_line *const *)right;
	int order = str_cmp(a->document, b->document);

	if (order == 0 && a->line.len != b->line.len)
		order = a->line.len < b->line.len ? -1 : 1;
	return order != 0 ? order : str_cmp(a->line, b->line);
}

/* The lines of a product, in the document that was named if any, sorted. */
static struct order_line **
lines_of(const struct order_view *view, struct order_state *order,
    const struct refund *refund, size_t *count, struct arena *arena)
{
	struct str document =
	    refund->request || refund->document.len == 0
		? STR_NONE
		: order_cover_document(order, refund->document);
	struct order_line **lines =
	    arena_array(arena, order->line_count + 1, sizeof(*lines));

	*count = 0;
	for (size_t i = 0; i < order->line_count; i++) {
		struct order_line *line = &order->lines[i];

		if (line->live && order_view_uses(view, line) &&
		    (document.len == 0 || str_eq(line->document, document)) &&
		    str_eq(line->facts[LINE_SKU].value, refund->sku))
			lines[(*count)++] = line;
	}
	if (*count > 1)
		qsort(lines, *count, sizeof(struct order_line *), by_line);
	return lines;
}

/* Over the lines of one product, each as far as it was not credited yet; what
 * is left goes to the first. */
static bool
pour(const struct order_view *view, struct order_state *order,
    struct refund *refund, struct arena *arena)
{
	size_t count;
	struct order_line **lines =
	    lines_of(view, order, refund, &count, arena);
	struct order_line *last = count > 0 ? lines[0] : NULL;

	for (size_t i = 0; i < count && refund->quantity.known; i++) {
		struct order_amount done = { true,
			lines[i]->refunded_quantity };
		struct order_amount room =
		    amount_plus(lines[i]->quantity, done, -1);
		struct order_amount money;

		if (!room.known || decimal_sign(room.value) <= 0)
			continue;
		if (decimal_cmp(room.value, refund->quantity.value) >= 0) {
			last = lines[i];
			break;
		}
		money = share(lines[i], refund, room, view->digits);
		give(lines[i], room, money);
		refund->quantity = amount_plus(refund->quantity, room, -1);
		refund->amount = amount_plus(refund->amount, money, -1);
	}
	if (last != NULL)
		give(last, refund->quantity, refund->amount);
	return last != NULL;
}

/* Items that name a line first, so that those of a product alone find what is
 * left of it. */
static void
cover_item(struct order_view *view, struct order_state *order,
    const struct credit_line *item, bool named, struct arena *arena)
{
	struct refund refund = refund_of(order, item);
	struct order_line *line;

	if ((refund.line.len > 0 && !refund.request) != named ||
	    !is_something(&refund) ||
	    (refund.request ? view->from_shop
			    : order_cover_waits(view, order, refund.document)))
		return;
	view->any_credited = true;
	line = named ? order_cover_line(view, order, refund.document,
			   refund.line, refund.sku, STR_NONE)
		     : NULL;
	if (line != NULL)
		give(line, refund.quantity, refund.amount);
	else if (refund.sku.len == 0 || !pour(view, order, &refund, arena))
		view->refunded_other = amount_plus(
		    amount_or_zero(view->refunded_other), refund.amount, 1);
}

static void
cover_return(struct order_view *view, const struct credit *credit)
{
	for (size_t i = 0; i < credit->count; i++) {
		struct order_amount quantity =
		    number(credit->lines[i].quantity);

		if (quantity.known)
			view->return_requested =
			    amount_plus(amount_or_zero(view->return_requested),
				quantity, 1);
	}
}

/* What has no value of its own beside the set or paid item that it belongs to
 * comes back with it. */
static bool
goes_along(const struct order_line *line)
{
	return (line->set || line->facts[LINE_PARENT].value.len > 0) &&
	       (!line->subtotal.known ||
		   decimal_sign(line->subtotal.value) == 0);
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

static bool
is_over(const struct order_line *line)
{
	return line->quantity.known &&
	       decimal_sign(line->refunded_quantity) > 0 &&
	       decimal_cmp(line->refunded_quantity, line->quantity.value) > 0;
}

static void
judge(struct order_view *view, const struct order_state *order,
    struct arena *arena)
{
	bool live = false, open = false, over = false;

	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		over |= is_over(line);
		if (!line->live || !line->counts ||
		    !order_view_uses(view, line))
			continue;
		live = true;
		open |= !goes_along(line) && !is_fully_credited(line);
	}
	view->all_credited = view->any_credited && live && !open;
	if (view->any_credited && over)
		order_remark_add(&view->remarks, "order-over-credited", "order",
		    order->id, STR("more was credited than was ordered"),
		    arena);
}

static int
by_number(const void *left, const void *right)
{
	const struct credit *a = left, *b = right;

	return str_cmp(a->invoice, b->invoice);
}

void
order_cover_refunds(struct order_view *view, struct order_state *order,
    struct arena *arena)
{
	if (order->credit_count > 1)
		qsort(order->credits, order->credit_count,
		    sizeof(*order->credits), by_number);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < order->credit_count; i++) {
			const struct credit *credit = &order->credits[i];

			if (credit->kind != CREDIT_MEMO)
				continue;
			for (size_t j = 0; j < credit->count; j++)
				cover_item(view, order, &credit->lines[j],
				    pass == 0, arena);
		}
	for (size_t i = 0; i < order->credit_count; i++)
		if (order->credits[i].kind == CREDIT_RETURN)
			cover_return(view, &order->credits[i]);
	judge(view, order, arena);
}

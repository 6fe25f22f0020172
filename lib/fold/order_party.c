#include "fold/order_party.h"

#include "fold/order_view.h"

static bool
is_apart(const struct order_document *document)
{
	return document->facts[ORDER_APART].value.len > 0;
}

/* The sold-to party that SAP gave it, or nothing. */
static struct str
party(const struct order_document *document)
{
	return str_is(document->document, ORDER_SHOP)
		   ? STR_NONE
		   : document->facts[ORDER_CUSTOMER].value;
}

/* Whether a document of the order itself has another party than this one. */
static bool
is_foreign(const struct order_state *order, const struct order_document *one)
{
	struct str own = party(one);

	for (size_t i = 0; i < order->document_count && own.len > 0; i++) {
		const struct order_document *other = &order->documents[i];
		struct str customer = party(other);

		if (other != one && !is_apart(other) && customer.len > 0 &&
		    !str_eq(customer, own))
			return true;
	}
	return false;
}

static void
set_apart(struct order_document *document, bool apart)
{
	struct order_fact *fact = &document->facts[ORDER_APART];

	if (apart == is_apart(document))
		return;
	/* No message says it, so it has no time. */
	*fact = (struct order_fact){ STR_NONE, STR_NONE };
	if (apart)
		*fact = (struct order_fact){ STR("yes"), STR("0") };
	document->changed = true;
}

void
order_party_settle(struct order_state *order, struct str document, bool joins)
{
	struct order_document *one = order_document_find(order, document);

	if (one != NULL && joins)
		set_apart(one, is_foreign(order, one));
	for (size_t i = 0; i < order->document_count; i++) {
		struct order_document *other = &order->documents[i];

		if (is_apart(other))
			set_apart(other, is_foreign(order, other));
	}
}

bool
order_party_differs(const struct order_state *order)
{
	for (size_t i = 0; i < order->document_count; i++)
		if (!is_apart(&order->documents[i]) &&
		    is_foreign(order, &order->documents[i]))
			return true;
	return false;
}

bool
order_party_fits(const struct order_state *order, struct str document)
{
	const struct order_document *one = order_document_find(order, document);

	return one == NULL || (!is_apart(one) && !is_foreign(order, one));
}

void
order_party_remark(const struct order_state *order,
    struct order_remarks *remarks, struct arena *arena)
{
	struct str id = order_view_text(order->id, arena);

	if (order_party_differs(order))
		order_remark_add(remarks, "order-two-customers", "order",
		    order->id,
		    arena_format(arena,
			"the sales documents of order %.*s have different "
			"sold-to parties",
			STR_ARGS(id)),
		    arena);
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *one = &order->documents[i];

		if (!is_apart(one))
			continue;
		order_remark_add(remarks, "order-two-customers", "order",
		    str_is(one->document, ORDER_SAP) ? order->id
						     : one->document,
		    arena_format(arena,
			"sales document %.*s has another sold-to party than "
			"order %.*s",
			STR_ARGS(order_view_text(one->document, arena)),
			STR_ARGS(id)),
		    arena);
	}
}

static bool
stays(const struct order_state *order, struct str document)
{
	const struct order_document *of = order_document_find(order, document);

	return of == NULL || !is_apart(of);
}

static void
leave_references(struct order_state *order)
{
	for (size_t i = 0; i < order->shipment_count; i++) {
		struct shipment *one = &order->shipments[i];
		size_t kept = 0;

		for (size_t j = 0; j < one->count; j++)
			if (stays(order, one->lines[j].document))
				one->lines[kept++] = one->lines[j];
		one->count = kept;
	}
	for (size_t i = 0; i < order->credit_count; i++) {
		struct credit *one = &order->credits[i];
		size_t kept = 0;

		for (size_t j = 0; j < one->count; j++)
			if (stays(order, one->lines[j].document))
				one->lines[kept++] = one->lines[j];
		one->count = kept;
	}
}

void
order_party_leave(struct order_state *order, struct arena *arena)
{
	struct order_state all = *order;
	bool any = false;

	for (size_t i = 0; i < all.document_count; i++)
		any |= is_apart(&all.documents[i]);
	if (!any)
		return;
	leave_references(order);
	order->documents = NULL;
	order->document_count = order->document_size = 0;
	order->lines = NULL;
	order->line_count = order->line_size = 0;
	order->line_slots = NULL;
	order->line_slot_count = 0;
	for (size_t i = 0; i < all.document_count; i++)
		if (!is_apart(&all.documents[i]))
			*order_document_take(order, all.documents[i].document,
			    arena) = all.documents[i];
	for (size_t i = 0; i < all.line_count; i++)
		if (stays(&all, all.lines[i].document))
			*order_line_take(order, all.lines[i].document,
			    all.lines[i].line, arena) = all.lines[i];
}

#ifndef TESTS_ORDER_ORACLE_H
#define TESTS_ORDER_ORACLE_H

/*
 * What a history comes to, worked out without any of lib/: the messages are
 * sorted by their seq and replayed on plain arrays, then everything is asked of
 * these by loops. Slow, simple, from the words of sap-ometria-record(5).
 */

#include <stdlib.h>

#include "order_history.h"

#define ORACLE_ITEMS 4 /* item 10, 20, 30 and the shop's 1, 2, 3 at 1 to 3 */

/* Said: a message that takes the thing back says it only for want of better. */
enum oracle_said {
	SAID_NOTHING,
	SAID_IN_PASSING,
	SAID
};

struct oracle_cell {
	enum oracle_said said;
	int value;
	int seq; /* of the message that said it */
};

struct oracle_item {
	bool there, deleted, rejected, live, counts;
	int seq; /* its newest message */
	int parent, sku;
	enum history_unit unit;
	struct oracle_cell quantity, price, subtotal;
	int total; /* or NOT_SAID */
	int shipped, back, refunded;
};

struct oracle_document {
	bool there, full, cancelled, refused;
	bool ended; /* refused in its rest: nothing more will leave */
	int seq; /* its newest full message */
	bool lists; /* which has lines */
	struct oracle_item items[ORACLE_ITEMS];
};

struct oracle {
	struct oracle_document documents[HISTORY_DOCUMENTS];
	const struct history_message *deliveries[10], *sorted[HISTORY_MESSAGES];
	bool from_shop, answered, ready, cancelled;
	bool any_shipped, fulfilled, any_credited, all_credited;
	int parcels, at;
};

/* --- replay --- */

static inline int
oracle_place(int item)
{
	return item >= 10 ? item / 10 : item;
}

static inline void
oracle_say(struct oracle_cell *cell, int value, int seq, bool in_passing)
{
	if (in_passing && cell->said == SAID)
		return;
	cell->said = in_passing ? SAID_IN_PASSING : SAID;
	cell->value = value;
	cell->seq = seq;
}

static inline bool
oracle_is_newer(const struct oracle_cell *a, const struct oracle_cell *b)
{
	return a->said != b->said ? a->said > b->said : a->seq > b->seq;
}

static inline bool
oracle_is_dead(const struct history_line *line)
{
	return line->rejected || line->deleted;
}

/* A message that takes its whole document back. */
static inline bool
oracle_takes_back(const struct history_message *m)
{
	if (m->kind == HISTORY_REJECTED)
		return true;
	if (m->kind == HISTORY_PROVISIONAL || m->count == 0)
		return false;
	if (m->kind == HISTORY_CHANGED && (!m->totals || m->grand != 0))
		return false;
	for (int i = 0; i < m->count; i++)
		if (!oracle_is_dead(&m->lines[i]))
			return false;
	return true;
}

static inline void
oracle_replay_line(struct oracle_item *item, const struct history_message *m,
    const struct history_line *line)
{
	const int values[] = { line->quantity, line->price, line->subtotal };
	struct oracle_cell *const cells[] = { &item->quantity, &item->price,
		&item->subtotal };
	bool full =
	    m->kind == HISTORY_PROVISIONAL || m->kind == HISTORY_CONFIRMED;

	item->there = true;
	item->seq = m->seq;
	item->deleted = line->deleted;
	item->rejected = line->rejected;
	if (line->sku != 0)
		item->sku = line->sku;
	if (line->unit != UNIT_NONE)
		item->unit = line->unit;
	if (line->parent != 0)
		item->parent = line->parent;
	for (int i = 0; i < 3; i++)
		if (values[i] != NOT_SAID || (full && !oracle_is_dead(line)))
			oracle_say(cells[i], values[i], m->seq,
			    oracle_is_dead(line));
}

static inline void
oracle_replay_order(struct oracle *o, const struct history_message *m)
{
	struct oracle_document *d = &o->documents[m->document];

	d->there = true;
	if (m->kind == HISTORY_REJECTED)
		d->refused = true;
	if (m->kind == HISTORY_PROVISIONAL || m->kind == HISTORY_CONFIRMED) {
		d->refused = false;
		d->full = true;
		d->seq = m->seq;
		d->lists = m->count > 0;
	}
	for (int i = 0; i < m->count; i++)
		oracle_replay_line(&d->items[oracle_place(m->lines[i].item)], m,
		    &m->lines[i]);
}

static inline int
oracle_by_seq(const void *left, const void *right)
{
	const struct history_message *a =
	    *(const struct history_message *const *)left;
	const struct history_message *b =
	    *(const struct history_message *const *)right;

	return a->seq - b->seq;
}

static inline void
oracle_replay(struct oracle *o, const struct history *h)
{
	for (int i = 0; i < h->count; i++)
		o->sorted[i] = &h->messages[i];
	qsort(o->sorted, (size_t)h->count, sizeof(o->sorted[0]), oracle_by_seq);
	for (int i = 0; i < h->count; i++) {
		const struct history_message *m = o->sorted[i];

		if (m->kind == HISTORY_DELIVERY)
			o->deliveries[m->number - 8000] = m;
		else if (m->kind != HISTORY_CREDIT)
			oracle_replay_order(o, m);
	}
}

/* --- lines and documents --- */

static inline int
oracle_known(const struct oracle_cell *cell)
{
	return cell->said != SAID_NOTHING ? cell->value : NOT_SAID;
}

/* Half cents go away from zero. */
static inline int
oracle_product(int price, int quantity)
{
	return (price * quantity + 500) / 1000;
}

static inline void
oracle_judge_item(const struct oracle_document *d, struct oracle_item *item,
    bool shop)
{
	int price = oracle_known(&item->price);
	int quantity = oracle_known(&item->quantity);

	item->live = item->there && !item->deleted && !item->rejected &&
		     (!shop || !d->lists || item->seq >= d->seq);
	/* An amount of another quantity than the last is none. */
	item->total = oracle_is_newer(&item->quantity, &item->subtotal)
			  ? NOT_SAID
			  : oracle_known(&item->subtotal);
	if (item->total == NOT_SAID && price != NOT_SAID &&
	    quantity != NOT_SAID)
		item->total = oracle_product(price, quantity);
}

/* The price of a set is that of its components, when both have one: also where
 * both are gone. */
static inline bool
oracle_is_part(const struct oracle_item *item, const struct oracle_item *set)
{
	return set != item && set->total > 0 && item->total > 0 &&
	       (set->live || !item->live);
}

static inline void
oracle_judge_sets(struct oracle_document *d)
{
	for (int i = 0; i < ORACLE_ITEMS; i++) {
		struct oracle_item *item = &d->items[i];

		item->counts = item->parent == 0 ||
			       !oracle_is_part(item,
				   &d->items[oracle_place(item->parent)]);
	}
	for (int i = 0; i < ORACLE_ITEMS; i++)
		if (!d->items[i].counts)
			d->items[i].total = 0;
}

static inline void
oracle_judge_documents(struct oracle *o)
{
	int asked = 0, cancelled = 0;

	for (int i = 0; i < HISTORY_DOCUMENTS; i++) {
		struct oracle_document *d = &o->documents[i];
		int items = 0, live = 0;

		for (int j = 0; j < ORACLE_ITEMS; j++) {
			oracle_judge_item(d, &d->items[j], i == HISTORY_SHOP);
			items += d->items[j].there;
			live += d->items[j].live;
		}
		oracle_judge_sets(d);
		d->cancelled =
		    d->refused || (items > 0 && live == 0 && d->full);
		if (i == HISTORY_SHOP)
			continue;
		o->ready |= d->full;
		o->answered |= d->full || d->refused;
	}
	o->from_shop = !o->ready;
	o->ready |= o->documents[HISTORY_SHOP].there;
	for (int i = 0; i < HISTORY_DOCUMENTS; i++)
		if (o->documents[i].there &&
		    (i == HISTORY_SHOP) == !o->answered) {
			asked++;
			cancelled += o->documents[i].cancelled;
		}
	o->cancelled = asked > 0 && asked == cancelled;
}

/* Whether the order consists of this document. */
static inline bool
oracle_speaks(const struct oracle *o, int document)
{
	const struct oracle_document *d = &o->documents[document];

	return d->there && (document == HISTORY_SHOP) == o->from_shop &&
	       (o->cancelled || !d->cancelled);
}

/* --- goods --- */

/* The line of the order, once its document is known in full. */
static inline struct oracle_item *
oracle_line(struct oracle *o, const struct history_line *line)
{
	struct oracle_document *d = &o->documents[line->document];

	if (!d->full || line->of == 90 ||
	    !d->items[oracle_place(line->of)].there)
		return NULL;
	return &d->items[oracle_place(line->of)];
}

/* A main item that its batches repeat. */
static inline bool
oracle_is_repeated(const struct history_message *m,
    const struct history_line *main)
{
	for (int i = 0; i < m->count; i++)
		if (m->lines[i].parent == main->item &&
		    m->lines[i].quantity > 0)
			return true;
	return false;
}

/* In the unit of the order's line; 0 when there is no telling. */
static inline int
oracle_despatched(const struct oracle_item *item,
    const struct history_line *line)
{
	if (item->unit == UNIT_NONE || item->unit == line->unit)
		return line->quantity;
	if (item->unit == UNIT_PIECE && line->pieces != NOT_SAID)
		return line->pieces;
	return 0;
}

static inline void
oracle_deliver(struct oracle *o, const struct history_message *m)
{
	bool moved = false;

	if (m->posted == 0 || m->reversed)
		return;
	for (int i = 0; i < m->count; i++) {
		struct oracle_item *item = oracle_line(o, &m->lines[i]);
		int quantity;

		if (item == NULL || oracle_is_repeated(m, &m->lines[i]))
			continue;
		quantity = oracle_despatched(item, &m->lines[i]);
		item->shipped += quantity;
		moved |= quantity > 0;
	}
	if (!moved)
		return;
	o->parcels++;
	if (m->posted > o->at)
		o->at = m->posted;
}

/* Something live below it: its components are what leaves. */
static inline bool
oracle_has_parts(const struct oracle_document *d, int place)
{
	for (int i = 0; i < ORACLE_ITEMS; i++)
		if (i != place && d->items[i].live &&
		    d->items[i].parent == place * 10)
			return true;
	return false;
}

/* A document of which goods have left is not cancelled by what comes then. */
static inline void
oracle_end_documents(struct oracle *o)
{
	for (int i = 1; i < HISTORY_DOCUMENTS; i++) {
		struct oracle_document *d = &o->documents[i];
		int shipped = 0;

		for (int j = 0; j < ORACLE_ITEMS; j++)
			shipped += d->items[j].shipped > 0;
		if (shipped == 0)
			continue;
		d->ended = d->cancelled;
		d->cancelled = o->cancelled = false;
	}
}

static inline void
oracle_ship(struct oracle *o)
{
	if (o->from_shop)
		return;
	for (int i = 0; i < 10; i++)
		if (o->deliveries[i] != NULL)
			oracle_deliver(o, o->deliveries[i]);
	oracle_end_documents(o);
	o->fulfilled = o->any_shipped = o->parcels > 0;
	for (int i = 1; i < HISTORY_DOCUMENTS; i++) {
		const struct oracle_document *d = &o->documents[i];

		if (d->there && !d->full && !d->refused)
			o->fulfilled = false; /* more is to come */
		for (int j = 0; j < ORACLE_ITEMS && oracle_speaks(o, i); j++) {
			const struct oracle_item *item = &d->items[j];
			int due = oracle_known(&item->quantity);

			if (!item->live || d->ended)
				continue;
			if (item->shipped < (due == NOT_SAID ? 1 : due) &&
			    !oracle_has_parts(d, j))
				o->fulfilled = false;
		}
	}
}

/* --- money back --- */

static inline void
oracle_give_back(struct oracle *o, const struct history_message *m)
{
	for (int i = 0; i < m->count; i++) {
		const struct history_line *line = &m->lines[i];
		struct oracle_item *item = oracle_line(o, line);

		if (o->from_shop || !o->documents[line->document].full)
			continue;
		o->any_credited = true;
		if (item == NULL)
			continue;
		item->back += line->quantity;
		item->refunded += line->subtotal + line->tax;
	}
}

static inline void
oracle_credit(struct oracle *o, const struct history *h)
{
	int live = 0, open = 0;

	for (int i = 0; i < h->count; i++)
		if (o->sorted[i]->kind == HISTORY_CREDIT)
			oracle_give_back(o, o->sorted[i]);
	for (int i = 0; i < HISTORY_DOCUMENTS; i++)
		for (int j = 0; j < ORACLE_ITEMS && oracle_speaks(o, i); j++) {
			const struct oracle_item *item =
			    &o->documents[i].items[j];

			if (!item->live || !item->counts)
				continue;
			live++;
			open += item->back < oracle_known(&item->quantity) ||
				item->refunded < item->total;
		}
	o->all_credited = o->any_credited && live > 0 && open == 0;
}

/* --- all of it --- */

static inline void
oracle_ask(struct oracle *o, const struct history *h)
{
	*o = (struct oracle){ .parcels = 0 };
	oracle_replay(o, h);
	oracle_judge_documents(o);
	oracle_ship(o);
	oracle_credit(o, h);
}

static inline const char *
oracle_status(const struct oracle *o, bool event_sent)
{
	if (o->cancelled)
		return "cancelled";
	if (o->all_credited)
		return "refunded";
	if (o->any_credited)
		return "partial_refund";
	if (o->fulfilled || event_sent)
		return "shipped";
	if (o->any_shipped)
		return "part_shipped";
	return o->answered ? "confirmed" : "pending";
}

#endif

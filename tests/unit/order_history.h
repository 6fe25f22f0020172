#ifndef TESTS_ORDER_HISTORY_H
#define TESTS_ORDER_HISTORY_H

/*
 * Random histories of one order, W10001: the shop's records, SAP's messages
 * about one or two sales documents, deliveries with splits, units and
 * reversals, credit memos. The same seed gives the same history everywhere.
 *
 * Amounts are whole numbers: quantities in thousandths, money in cents;
 * NOT_SAID where a message does not name one.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define HISTORY_MESSAGES 24
#define HISTORY_LINES 4
#define HISTORY_SHOP 0 /* the document of the shop */
#define HISTORY_DOCUMENTS 3 /* the shop's, and two of SAP's */
#define NOT_SAID (-1)

enum history_kind {
	HISTORY_PROVISIONAL,
	HISTORY_CONFIRMED,
	HISTORY_CHANGED,
	HISTORY_REJECTED,
	HISTORY_DELIVERY,
	HISTORY_CREDIT
};

enum history_unit {
	UNIT_NONE,
	UNIT_PIECE,
	UNIT_BOX
};

struct history_line {
	int item; /* of its own message */
	int document, of; /* deliveries, credits: the order's line */
	int sku; /* 0: not named */
	int quantity, price, subtotal, tax;
	int parent; /* set or batch-split main item; 0: none */
	enum history_unit unit;
	int pieces; /* deliveries in boxes: the same in pieces, or NOT_SAID */
	bool rejected, deleted;
};

struct history_message {
	enum history_kind kind;
	int seq; /* unique, the greater the newer */
	int document; /* orders */
	int number; /* deliveries and credits */
	bool totals;
	int subtotal, tax, grand;
	int posted; /* the hour of goods issue; 0: not posted */
	bool reversed;
	struct history_line lines[HISTORY_LINES];
	int count;
};

struct history {
	uint64_t seed, random;
	struct history_message messages[HISTORY_MESSAGES];
	int count;
};

/* --- chance --- */

/* splitmix64 */
static inline uint64_t
history_random(struct history *h)
{
	uint64_t z = (h->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to below */
static inline int
history_pick(struct history *h, int below)
{
	return (int)(history_random(h) % (uint64_t)below);
}

static inline bool
history_chance(struct history *h, int percent)
{
	return history_pick(h, 100) < percent;
}

/* --- messages of an order --- */

static inline struct history_message *
history_add(struct history *h, enum history_kind kind)
{
	struct history_message *m = &h->messages[h->count++];

	*m = (struct history_message){ .kind = kind };
	return m;
}

/* An amount of an item: pieces mostly, sometimes half ones. */
static inline int
history_quantity(struct history *h)
{
	return 1000 * (1 + history_pick(h, 3)) +
	       (history_chance(h, 10) ? 500 : 0);
}

static inline void
history_price_line(struct history *h, struct history_line *line)
{
	line->sku = line->item / 10 + 1;
	line->unit = history_chance(h, 90) ? UNIT_PIECE : UNIT_BOX;
	line->quantity = history_quantity(h);
	line->price =
	    history_chance(h, 70) ? 100 * (1 + history_pick(h, 30)) : NOT_SAID;
	line->subtotal = line->price == NOT_SAID || history_chance(h, 60)
			     ? 50 * (1 + history_pick(h, 60))
			     : NOT_SAID;
	line->tax = NOT_SAID;
}

static inline void
history_total(struct history *h, struct history_message *m, int percent)
{
	m->totals = history_chance(h, percent);
	m->subtotal = 50 * history_pick(h, 100);
	m->tax = 10 * history_pick(h, 20);
	m->grand = m->subtotal + m->tax;
	if (history_chance(h, 10))
		m->grand++;
}

/* A message that says all lines, or those that are left. */
static inline void
history_full(struct history *h, enum history_kind kind, int document)
{
	struct history_message *m = history_add(h, kind);
	int step = kind == HISTORY_PROVISIONAL ? 1 : 10;

	m->document = document;
	for (int i = 1; i < HISTORY_LINES; i++) {
		struct history_line *line = &m->lines[m->count];

		if (!history_chance(h, 75))
			continue;
		*line = (struct history_line){ .item = i * step };
		history_price_line(h, line);
		if (kind != HISTORY_PROVISIONAL) {
			line->rejected = history_chance(h, 12);
			if (i == 3 && history_chance(h, 25))
				line->parent = 10;
		}
		m->count++;
	}
	history_total(h, m, 50);
}

static inline void
history_change(struct history *h, int document)
{
	struct history_message *m = history_add(h, HISTORY_CHANGED);

	m->document = document;
	for (int i = 1; i < HISTORY_LINES; i++) {
		struct history_line *line = &m->lines[m->count];

		if (!history_chance(h, 40))
			continue;
		*line = (struct history_line){ .item = i * 10,
			.quantity = NOT_SAID,
			.price = NOT_SAID,
			.subtotal = NOT_SAID,
			.tax = NOT_SAID };
		if (history_chance(h, 60))
			history_price_line(h, line);
		line->deleted = history_chance(h, 20);
		line->rejected = !line->deleted && history_chance(h, 25);
		m->count++;
	}
	history_total(h, m, 40);
	if (history_chance(h, 10))
		m->subtotal = m->tax = m->grand = 0;
}

static inline void
history_document(struct history *h, int document)
{
	int messages = 1 + history_pick(h, 4);

	for (int i = 0; i < messages; i++) {
		int what = history_pick(h, 100);

		if (what < 50)
			history_full(h, HISTORY_CONFIRMED, document);
		else if (what < 92)
			history_change(h, document);
		else {
			history_full(h, HISTORY_REJECTED, document);
			if (history_chance(h, 50))
				h->messages[h->count - 1].count = 0;
		}
	}
}

/* --- deliveries and credits --- */

/* Mostly of a line that the order may have. */
static inline void
history_reference(struct history *h, struct history_line *line, int documents)
{
	line->document = 1 + history_pick(h, documents);
	line->of = history_chance(h, 95) ? 10 * (1 + history_pick(h, 3)) : 90;
	line->quantity = history_quantity(h);
	line->price = line->subtotal = NOT_SAID;
}

static inline void
history_delivery(struct history *h, int number, int documents)
{
	struct history_message *m = history_add(h, HISTORY_DELIVERY);
	int count = 1 + history_pick(h, 2);

	m->number = number;
	m->posted = history_chance(h, 80) ? 1 + history_pick(h, 100) : 0;
	m->reversed = history_chance(h, 7);
	for (int i = 1; i <= count; i++) {
		struct history_line *line = &m->lines[m->count++];

		*line = (struct history_line){ .item = i * 10,
			.unit = history_chance(h, 85) ? UNIT_PIECE : UNIT_BOX };
		history_reference(h, line, documents);
		line->pieces =
		    history_chance(h, 60) ? 2 * line->quantity : NOT_SAID;
	}
	/* Batches of the first item, which repeats them or not. */
	if (!history_chance(h, 15))
		return;
	for (int i = 1; i <= 2; i++) {
		struct history_line *line = &m->lines[m->count++];

		*line = m->lines[0];
		line->item = 900000 + i;
		line->parent = 10;
		line->quantity = history_quantity(h);
		line->pieces = NOT_SAID;
	}
	if (history_chance(h, 50))
		m->lines[0].quantity = 0;
}

static inline void
history_credit(struct history *h, int number, int documents)
{
	struct history_message *m = history_add(h, HISTORY_CREDIT);
	int count = 1 + history_pick(h, 3);

	m->number = number;
	for (int i = 1; i <= count; i++) {
		struct history_line *line = &m->lines[m->count++];

		*line = (struct history_line){ .item = i * 10 };
		history_reference(h, line, documents);
		line->subtotal = 50 * history_pick(h, 100);
		line->tax = 10 * history_pick(h, 10);
	}
}

/* Messages get their place in time, each its own. */
static inline void
history_date(struct history *h)
{
	int seqs[HISTORY_MESSAGES];

	for (int i = 0; i < h->count; i++)
		seqs[i] = i + 1;
	for (int i = h->count - 1; i > 0; i--) {
		int other = history_pick(h, i + 1), kept = seqs[i];

		seqs[i] = seqs[other];
		seqs[other] = kept;
	}
	for (int i = 0; i < h->count; i++)
		h->messages[i].seq = seqs[i];
}

static inline void
history_make(struct history *h, uint64_t seed)
{
	int documents = 1, shops;

	*h = (struct history){ .seed = seed, .random = seed };
	documents += history_chance(h, 25);
	shops = history_chance(h, 75) ? 1 + history_pick(h, 2) : 0;
	for (int i = 0; i < shops; i++)
		history_full(h, HISTORY_PROVISIONAL, HISTORY_SHOP);
	if (shops == 0 || history_chance(h, 90))
		for (int i = 1; i <= documents; i++)
			history_document(h, i);
	for (int i = 1; i <= 3; i++)
		for (int times = history_pick(h, 3); times > 0; times--)
			history_delivery(h, 8000 + i, documents);
	if (history_chance(h, 30))
		for (int i = history_pick(h, 3); i > 0; i--)
			history_credit(h, 9000 + i, documents);
	history_date(h);
}

/* --- as records --- */

struct history_text {
	char text[4096];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static inline void
history_print(struct history_text *to, const char *format, ...)
{
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(to->text + to->len, sizeof(to->text) - to->len, format,
	    list);
	va_end(list);
	if (n > 0)
		to->len += (size_t)n;
}

static inline void
history_amount(struct history_text *to, const char *key, int value, int scale)
{
	if (value != NOT_SAID)
		history_print(to, ",\"%s\":\"%d.%0*d\"", key,
		    value / (scale == 2 ? 100 : 1000), scale,
		    value % (scale == 2 ? 100 : 1000));
}

static const char *const history_units[] = { "", "PCE", "CT" };

static inline void
history_write_line(struct history_text *to, const struct history_message *m,
    const struct history_line *line)
{
	history_print(to, "{\"line\":\"%d\"", line->item);
	if (line->of != 0)
		history_print(to,
		    ",\"sales_document\":\"470%d\",\"sales_line\":\"%d\"",
		    line->document, line->of);
	if (line->sku != 0)
		history_print(to, ",\"sku\":\"S%d\"", line->sku);
	if (line->unit != UNIT_NONE)
		history_print(to, ",\"unit\":\"%s\"",
		    history_units[line->unit]);
	history_amount(to, "quantity", line->quantity, 3);
	history_amount(to, "unit_price", line->price, 2);
	history_amount(to, m->kind == HISTORY_CREDIT ? "net" : "subtotal",
	    line->subtotal, 2);
	if (m->kind == HISTORY_CREDIT)
		history_amount(to, "tax", line->tax, 2);
	if (line->unit == UNIT_BOX && line->of != 0 &&
	    line->pieces != NOT_SAID) {
		history_amount(to, "base_quantity", line->pieces, 3);
		history_print(to, ",\"base_unit\":\"PCE\"");
	}
	if (line->parent != 0)
		history_print(to, ",\"parent\":\"%d\"", line->parent);
	if (line->rejected)
		history_print(to, ",\"rejected\":\"Z1\"");
	if (line->deleted)
		history_print(to, ",\"action\":\"delete\"");
	history_print(to, "}");
}

static inline void
history_write_order(struct history_text *to, const struct history_message *m)
{
	static const char *const stages[] = { "provisional", "confirmed",
		"changed", "rejected" };

	history_print(to, "\"stage\":\"%s\",\"web_order\":\"W10001\"",
	    stages[m->kind]);
	if (m->document != HISTORY_SHOP)
		history_print(to, ",\"sales_document\":\"470%d\"", m->document);
	if (!m->totals)
		return;
	history_print(to, ",\"totals\":{\"v\":\"1\"");
	history_amount(to, "subtotal", m->subtotal, 2);
	history_amount(to, "tax", m->tax, 2);
	history_amount(to, "grand_total", m->grand, 2);
	history_print(to, "}");
}

static inline void
history_write_delivery(struct history_text *to, const struct history_message *m)
{
	history_print(to, "\"reversed\":%s", m->reversed ? "true" : "false");
	if (m->posted != 0)
		history_print(to, ",\"posted_at\":\"2026-03-%02dT%02d:00:00Z\"",
		    1 + m->posted / 24, m->posted % 24);
}

/* The message as a record line. Two share a second: the number breaks ties. */
static inline const char *
history_write(struct history_text *to, const struct history_message *m)
{
	static const char *const types[] = { "order", "order", "order", "order",
		"shipment", "invoice" };

	to->len = 0;
	history_print(to, "{\"v\":1,\"type\":\"%s\",\"id\":\"", types[m->kind]);
	if (m->number != 0)
		history_print(to, "%d", m->number);
	else
		history_print(to, "W10001");
	history_print(to, "\",\"seq\":\"20260301%06d.%016d\",", m->seq / 2,
	    m->seq);
	if (m->kind == HISTORY_DELIVERY)
		history_write_delivery(to, m);
	else if (m->kind == HISTORY_CREDIT)
		history_print(to, "\"kind\":\"credit\"");
	else
		history_write_order(to, m);
	history_print(to, ",\"lines\":[");
	for (int i = 0; i < m->count; i++) {
		if (i > 0)
			history_print(to, ",");
		history_write_line(to, m, &m->lines[i]);
	}
	history_print(to, "]}");
	return to->text;
}

#endif

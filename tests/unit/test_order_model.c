/*
 * Folding orders against a model: random histories, each in a random order of
 * arrival, must come to what the slow oracle makes of them.
 *
 *	test_order_model [SEED]    that one history alone, with all it says
 */

#include <stdlib.h>

#include "fold/order_view.h"
#include "fold/shipment.h"
#include "order_oracle.h"
#include "tap.h"

#define HISTORIES 10000

struct bench {
	struct order_rules rules;
	struct arena arena;
	struct order_state order;
	struct order_view view;
};

/* --- the product: as cmd/order-aggregate folds --- */

static void
take_shipment(struct bench *bench, const struct record *record)
{
	struct order_state *order = &bench->order;
	struct shipment read, *to = NULL;

	shipment_read(&read, record, record->seq, &bench->rules, &bench->arena);
	for (size_t i = 0; i < order->shipment_count; i++)
		if (str_eq(order->shipments[i].delivery, read.delivery))
			to = &order->shipments[i];
	if (order_merge(read.seq, to != NULL ? to->seq : STR_NONE, false) !=
	    ORDER_NEWER)
		return;
	if (to == NULL)
		to = order_shipment_add(order, &bench->arena);
	*to = read;
}

static void
take_order(struct bench *bench, const struct record *record)
{
	struct order_input input = { .seq = record->seq };

	order_read(&input, record, &bench->rules, &bench->arena);
	order_fold(&bench->order, &input, &bench->arena);
}

static void
take(struct bench *bench, const char *text)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct diag diag = { .status = STATUS_OK };
	struct record record;
	struct credit credit;

	if (record_parse(&record, &doc, &bench->arena,
		arena_str(&bench->arena, str_of(text)), &diag) != STATUS_OK) {
		printf("# %s: %s\n", diag.message, text);
		abort();
	}
	if (record.type == RECORD_SHIPMENT)
		take_shipment(bench, &record);
	else if (record.type == RECORD_ORDER)
		take_order(bench, &record);
	else if (credit_read(&credit, &record, record.seq, &bench->rules,
		     &bench->arena))
		*order_credit_add(&bench->order, &bench->arena) = credit;
	json_doc_free(&doc);
}

static void
fold(struct bench *bench, struct history *h, const int *arrival,
    bool event_sent)
{
	struct history_text text;

	arena_reset(&bench->arena);
	bench->order = (struct order_state){ .id = STR("W10001"),
		.provisional_at = INSTANT_NONE,
		.confirmed_at = INSTANT_NONE };
	for (int i = 0; i < h->count; i++)
		take(bench, history_write(&text, &h->messages[arrival[i]]));
	order_view(&bench->view, &bench->order, &bench->rules, event_sent,
	    false, &bench->arena);
}

/* --- both in the same words --- */

static void
tell_amount(struct history_text *to, const char *what, int value, int scale)
{
	if (value == NOT_SAID)
		history_print(to, " %s -", what);
	else
		history_print(to, " %s %d.%0*d", what,
		    value / (scale == 2 ? 100 : 1000), scale,
		    value % (scale == 2 ? 100 : 1000));
}

static void
tell_decimal(struct history_text *to, const char *what,
    struct order_amount amount, unsigned scale)
{
	struct buf text = BUF_INIT;
	struct decimal rounded;

	if (amount.known && decimal_rescale(amount.value, scale, &rounded))
		decimal_add_to(&text, rounded);
	else
		buf_add_char(&text, '-');
	history_print(to, " %s %.*s", what, (int)text.len, text.data);
	buf_free(&text);
}

static struct order_amount
certain(struct decimal value)
{
	return (struct order_amount){ true, value };
}

/* Histories have one unit: all that is despatched is a decimal. */
static struct order_amount
despatched(struct ratio ratio)
{
	struct order_amount amount;

	amount.known = decimal_div((struct decimal){ ratio.top, 0 },
	    (struct decimal){ ratio.bottom, 0 }, 3, &amount.value);
	return amount;
}

static const struct order_line *
line_at(const struct bench *bench, int document, int place)
{
	char name[8], item[8];

	snprintf(name, sizeof(name), "470%d", document);
	snprintf(item, sizeof(item), "%d",
	    document == HISTORY_SHOP ? place : 10 * place);
	return order_line_find(&bench->order,
	    document == HISTORY_SHOP ? STR(ORDER_SHOP) : str_of(name),
	    str_of(item));
}

static void
tell_line(struct history_text *to, const struct order_line *line)
{
	tell_decimal(to, "of", line->quantity, 3);
	tell_decimal(to, "for", line->total, 2);
	tell_decimal(to, "shipped", despatched(line->shipped), 3);
	tell_decimal(to, "back", certain(line->refunded_quantity), 3);
	tell_decimal(to, "refunded", certain(line->refunded), 2);
}

static void
tell_product(struct history_text *to, const struct bench *bench)
{
	const struct order_view *view = &bench->view;
	char at[INSTANT_TEXT] = "-";

	to->len = 0;
	history_print(to, "%s%s%s\n", order_status_name(view->status),
	    view->valid ? " valid" : "", view->ready ? " ready" : "");
	if (view->fulfilled)
		instant_format(view->shipped_at, at);
	history_print(to, "fulfilled %d at %s parcels %zu\n", view->fulfilled,
	    at, view->fulfilled ? view->deliveries : 0);
	for (int i = 0; i < HISTORY_DOCUMENTS; i++)
		for (int j = 1; j < ORACLE_ITEMS; j++) {
			const struct order_line *line = line_at(bench, i, j);

			if (line == NULL || !line->live ||
			    !order_view_uses(view, line))
				continue;
			history_print(to, "line %d/%d%s", i, j,
			    line->counts ? "" : " (a part)");
			tell_line(to, line);
			history_print(to, "\n");
		}
}

static void
tell_oracle_item(struct history_text *to, int document, int place,
    const struct oracle_item *item)
{
	history_print(to, "line %d/%d%s", document, place,
	    item->counts ? "" : " (a part)");
	tell_amount(to, "of", oracle_known(&item->quantity), 3);
	tell_amount(to, "for", item->total, 2);
	tell_amount(to, "shipped", item->shipped, 3);
	tell_amount(to, "back", item->back, 3);
	tell_amount(to, "refunded", item->refunded, 2);
	history_print(to, "\n");
}

static void
tell_oracle(struct history_text *to, const struct oracle *o, bool event_sent)
{
	const char *status = oracle_status(o, event_sent);
	bool valid =
	    strcmp(status, "cancelled") != 0 && strcmp(status, "refunded") != 0;

	to->len = 0;
	history_print(to, "%s%s%s\n", status, valid ? " valid" : "",
	    o->ready ? " ready" : "");
	if (o->fulfilled)
		history_print(to,
		    "fulfilled 1 at 2026-03-%02dT%02d:00:00Z parcels %d\n",
		    1 + o->at / 24, o->at % 24, o->parcels);
	else
		history_print(to, "fulfilled 0 at - parcels 0\n");
	for (int i = 0; i < HISTORY_DOCUMENTS; i++)
		for (int j = 1; j < ORACLE_ITEMS; j++)
			if (oracle_speaks(o, i) &&
			    o->documents[i].items[j].live)
				tell_oracle_item(to, i, j,
				    &o->documents[i].items[j]);
}

/* Totals are not the oracle's: test_order_money.c has their rules. But whatever
 * the order of arrival they are the same, and what is not excepted adds up. */
static void
tell_totals(struct history_text *to, const struct bench *bench)
{
	const struct order_view *view = &bench->view;

	to->len = 0;
	history_print(to, "trouble %d", view->trouble);
	tell_decimal(to, "subtotal", view->totals[TOTAL_SUBTOTAL], 2);
	tell_decimal(to, "tax", view->totals[TOTAL_TAX], 2);
	tell_decimal(to, "total", view->totals[TOTAL_GRAND], 2);
	tell_decimal(to, "off", view->difference, 2);
	history_print(to, "\n");
}

static bool
adds_up(const struct bench *bench)
{
	const struct order_view *view = &bench->view;

	return view->cancelled || view->trouble != TROUBLE_NONE ||
	       !view->difference.known ||
	       decimal_sign(view->difference.value) == 0;
}

/* --- one history --- */

static void
tell_history(struct history *h, const int *arrival)
{
	struct history_text text;

	printf("# history of seed %llu, as it arrived:\n",
	    (unsigned long long)h->seed);
	for (int i = 0; i < h->count; i++)
		printf("#   %s\n",
		    history_write(&text, &h->messages[arrival[i]]));
}

static void
tell_lines(const char *what, const char *text)
{
	printf("# %s:\n#   ", what);
	for (; *text != '\0'; text++) {
		putchar(*text);
		if (*text == '\n' && text[1] != '\0')
			printf("#   ");
	}
}

static void
shuffle(struct history *h, int *arrival)
{
	for (int i = 0; i < h->count; i++)
		arrival[i] = i;
	for (int i = h->count - 1; i > 0; i--) {
		int other = history_pick(h, i + 1), kept = arrival[i];

		arrival[i] = arrival[other];
		arrival[other] = kept;
	}
}

/* How often a history came to each status, so that none is left out. */
struct seen {
	int statuses[ORDER_IS_CANCELLED + 1];
	int messages, fulfilled, sent;
};

static bool
try(struct bench *bench, uint64_t seed, bool aloud, struct seen *seen)
{
	struct history h;
	struct oracle oracle;
	struct history_text got, want, totals, sorted;
	int arrival[HISTORY_MESSAGES];
	bool event_sent, good;

	history_make(&h, seed);
	for (int i = 0; i < h.count; i++)
		arrival[i] = i;
	fold(bench, &h, arrival, false);
	tell_totals(&sorted, bench);
	shuffle(&h, arrival);
	event_sent = history_chance(&h, 10);
	oracle_ask(&oracle, &h);
	tell_oracle(&want, &oracle, event_sent);
	fold(bench, &h, arrival, event_sent);
	tell_product(&got, bench);
	tell_totals(&totals, bench);
	good = strcmp(got.text, want.text) == 0 && adds_up(bench) &&
	       strcmp(totals.text, sorted.text) == 0;
	if (!good || aloud) {
		tell_history(&h, arrival);
		tell_lines(event_sent ? "folded, the event was sent" : "folded",
		    got.text);
		tell_lines("the oracle", want.text);
		tell_lines("totals", totals.text);
		tell_lines("in another order", sorted.text);
	}
	seen->statuses[bench->view.status]++;
	seen->fulfilled += bench->view.fulfilled;
	seen->sent += event_sent;
	seen->messages += h.count;
	return good;
}

static void
try_all(struct bench *bench)
{
	struct seen seen = { .messages = 0 };
	int wrong = 0;

	for (uint64_t seed = 1; seed <= HISTORIES && wrong < 3; seed++)
		wrong += !try(bench, seed, false, &seen);
	OK(wrong == 0, "histories come to what the oracle says");
	printf("# %d messages\n", seen.messages);
	for (int i = 0; i <= ORDER_IS_CANCELLED; i++) {
		printf("# %5d %s\n", seen.statuses[i],
		    order_status_name((enum order_status)i));
		OK(seen.statuses[i] >= HISTORIES / 200,
		    order_status_name((enum order_status)i));
	}
	OK(seen.fulfilled > HISTORIES / 50, "some are fulfilled");
}

int
main(int argc, char **argv)
{
	struct bench bench = { .arena = ARENA_INIT };
	struct seen seen = { .messages = 0 };
	struct diag diag;

	if (order_rules_open(&bench.rules, NULL, &diag) != STATUS_OK)
		return 1;
	if (argc > 1)
		OK(try(&bench, strtoull(argv[1], NULL, 10), true, &seen),
		    "that history");
	else
		try_all(&bench);
	order_rules_close(&bench.rules);
	arena_free(&bench.arena);
	DONE();
}

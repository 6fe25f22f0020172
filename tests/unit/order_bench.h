#ifndef TESTS_ORDER_BENCH_H
#define TESTS_ORDER_BENCH_H

/* One order on the bench: messages go in, in any order of arrival, and what
 * follows comes out. */

#include <stdlib.h>

#include "fold/order_body.h"
#include "fold/shipment.h"
#include "tap.h"

#define MESSAGES_MAX 6

/* Records by what distinguishes them. */
#define ORDER(seq, rest)                                                       \
	"{\"v\":1,\"type\":\"order\",\"id\":\"W10001\",\"seq\":\"" seq         \
	".0000000000000001\",\"web_order\":\"W10001\"," rest "}"
#define DELIVERY(id, seq, rest)                                                \
	"{\"v\":1,\"type\":\"shipment\",\"id\":\"" id "\",\"seq\":\"" seq      \
	".0000000000000001\"," rest "}"
#define SHIPS(line, quantity)                                                  \
	"\"lines\":[{\"line\":\"10\",\"sales_document\":\"4711\","             \
	"\"sales_line\":\"" line "\",\"quantity\":\"" quantity                 \
	"\",\"unit\":\"PCE\"}]"

struct bench {
	struct order_rules rules;
	struct arena arena;
	struct order_state order;
	struct order_view view;
	bool event_sent;
};

static inline void
begin(struct bench *bench)
{
	arena_reset(&bench->arena);
	bench->order = (struct order_state){ .id = STR("W10001"),
		.provisional_at = INSTANT_NONE,
		.confirmed_at = INSTANT_NONE };
	bench->event_sent = false;
}

static inline enum order_merge
take_shipment(struct bench *bench, const struct record *record)
{
	struct order_state *order = &bench->order;
	struct shipment read, *to = NULL;
	enum order_merge merge;

	shipment_read(&read, record, record->seq, &bench->rules, &bench->arena);
	for (size_t i = 0; i < order->shipment_count; i++)
		if (str_eq(order->shipments[i].delivery, read.delivery))
			to = &order->shipments[i];
	merge = order_merge(read.seq, to != NULL ? to->seq : STR_NONE, false);
	if (merge != ORDER_NEWER)
		return merge;
	if (to == NULL)
		to = order_shipment_add(order, &bench->arena);
	*to = read;
	return merge;
}

static inline enum order_merge
take(struct bench *bench, const char *text)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct diag diag = { .status = STATUS_OK };
	struct record record;
	struct order_input input = { .arrival = false };
	struct credit credit;
	enum order_merge merge = ORDER_NEWER;

	if (record_parse(&record, &doc, &bench->arena, str_of(text), &diag) !=
	    STATUS_OK) {
		printf("# %s\n", diag.message);
		abort();
	}
	if (record.type == RECORD_SHIPMENT) {
		merge = take_shipment(bench, &record);
	} else if (record.type == RECORD_INVOICE) {
		credit_read(&credit, &record, record.seq, &bench->rules,
		    &bench->arena);
		*order_credit_add(&bench->order, &bench->arena) = credit;
	} else {
		input.seq = record.seq;
		if (order_read(&input, &record, &bench->rules, &bench->arena) ==
		    ORDER_READ_RETURN) {
			if (return_read(&credit, &record, &input, &bench->rules,
				&bench->arena))
				*order_credit_add(&bench->order,
				    &bench->arena) = credit;
		} else
			merge =
			    order_fold(&bench->order, &input, &bench->arena);
	}
	json_doc_free(&doc);
	return merge;
}

/* The bodies that follow, in one text. */
static inline char *
outcome(struct bench *bench)
{
	struct buf text = BUF_INIT;
	struct order_state *order = &bench->order;

	for (size_t i = 0; i < order->line_count; i++)
		order->lines[i].product = order->lines[i].facts[LINE_SKU].value;
	order_view(&bench->view, order, &bench->rules, bench->event_sent, false,
	    &bench->arena);
	if (bench->view.ready)
		order_body(&text, order, &bench->view, &bench->arena);
	buf_add_char(&text, '\n');
	if (bench->view.fulfilled)
		order_event_body(&text, order, &bench->view);
	return text.data;
}

static inline bool
remarked(const struct bench *bench, const char *code)
{
	for (size_t i = 0; i < bench->view.remarks.count; i++)
		if (strcmp(bench->view.remarks.list[i].code, code) == 0)
			return true;
	return false;
}

/* Feed a list of messages, and give the status. */
static inline const char *
status_after(struct bench *bench, const char *const *messages)
{
	begin(bench);
	while (*messages != NULL)
		take(bench, *messages++);
	free(outcome(bench));
	return order_status_name(bench->view.status);
}

static inline void
swap(size_t *a, size_t *b)
{
	size_t kept = *a;

	*a = *b;
	*b = kept;
}

/* The next permutation in lexical order; false behind the last. */
static inline bool
permute(size_t *order, size_t count)
{
	size_t i = count - 1, j = count - 1;

	while (i > 0 && order[i - 1] >= order[i])
		i--;
	if (i == 0)
		return false;
	while (order[j] <= order[i - 1])
		j--;
	swap(&order[i - 1], &order[j]);
	for (j = count - 1; i < j; i++, j--)
		swap(&order[i], &order[j]);
	return true;
}

static inline void
every_order_of_arrival(struct bench *bench, const char *const *messages,
    size_t count, const char *what)
{
	size_t order[MESSAGES_MAX], tried = 0, same = 0;
	char *want = NULL;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	do {
		char *got;

		begin(bench);
		for (size_t i = 0; i < count; i++)
			take(bench, messages[order[i]]);
		got = outcome(bench);
		if (want == NULL)
			want = got;
		same += strcmp(want, got) == 0;
		if (want != got) {
			if (strcmp(want, got) != 0)
				printf("# want %s\n# got  %s\n", want, got);
			free(got);
		}
		tried++;
	} while (permute(order, count));
	IS_INT(same, tried, what);
	free(want);
}

#endif

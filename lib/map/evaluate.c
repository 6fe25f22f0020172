#include "map/evaluate.h"

#include "base/text.h"
#include "map/explain.h"
#include "map/format.h"
#include "map/value.h"

/* The node of a dotted key. */
static const struct row_node *
find_node(const struct row_node *node, const char *key)
{
	struct str rest = str_of(key);

	while (node != NULL && rest.len > 0) {
		const char *dot = rest.data[0] != '.'
				      ? memchr(rest.data, '.', rest.len)
				      : NULL;
		size_t len = dot != NULL ? (size_t)(dot - rest.data) : rest.len;
		struct str part = { rest.data, len };

		for (node = node->first; node != NULL; node = node->next)
			if (str_is(part, node->key))
				break;
		rest.data += len + (dot != NULL);
		rest.len -= len + (dot != NULL);
	}
	return node;
}

/* Many calls name the same few literals: each is looked up once. */
static struct row_result *
find_result(const struct row_at *at, const char *key)
{
	struct row_message *message = at->message;
	uint64_t hash = (uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
	struct row_memo *memo = &message->memos[hash >> 32 & (ROW_MEMOS - 1)];

	if (memo->key != key) {
		const struct row_node *node = find_node(&message->root, key);

		memo->key = key;
		memo->slot = node != NULL ? node->slot : message->slots - 1;
	}
	if (at->explain != NULL && at->results[memo->slot].kind != ROW_NOTHING)
		explain_use(at->explain, key);
	return &at->results[memo->slot];
}

struct str
row_text(const struct row_at *at, struct row_result result)
{
	struct buf digits = BUF_INIT;
	char room[48];

	switch (result.kind) {
	case ROW_NOTHING:
		break;
	case ROW_NULL:
		return STR("null");
	case ROW_TEXT:
		return result.text;
	case ROW_NUMBER:
		/* 20 digits, sign and point: nothing grows. */
		digits.data = room;
		digits.size = sizeof(room);
		decimal_add_to(&digits, result.number);
		return arena_str(at->arena, buf_str(&digits));
	case ROW_FALSE:
		return STR("false");
	case ROW_TRUE:
		return STR("true");
	}
	return STR_NONE;
}

struct str
row_value(const struct row_at *at, const char *key)
{
	const struct row_result *result = find_result(at, key);

	/* Not kept with the result: memory of a list element goes with it. */
	return result->kind == ROW_NUMBER ? row_text(at, *result)
					  : result->text;
}

bool
row_decimal(const struct row_at *at, const char *key, struct decimal *value)
{
	const struct row_result *result = find_result(at, key);

	if (result->kind != ROW_NUMBER)
		return decimal_parse(result->text, value);
	*value = result->number;
	return true;
}

bool
row_true(const struct row_at *at, const char *key)
{
	return find_result(at, key)->kind == ROW_TRUE;
}

/* One row being evaluated. */
struct evaluation {
	const struct row_at *at;
	const struct row_node *node;
	const struct path_branch *branch;
	struct row_result *result; /* of the last visit that gave one */
	struct decimal sum;
	bool overflow;
	bool any; /* there is something to add up or to join */
};

/* The value of a segment's fields, in e->result; false when there is none. */
static inline bool
visit_value(struct evaluation *e, const struct idoc_segment *segment)
{
	const struct row_node *node = e->node;
	struct str raw[PATH_FIELDS];
	struct row_result result;

	if (!path_fields(e->branch, &e->at->scope, segment, raw))
		return false;
	if (node->format != NULL && node->format->count > 0)
		result = format_apply(node->format, e->at, raw);
	else
		result = node->function(e->at, raw);
	if (e->at->explain != NULL)
		explain_match(e->at->explain, e->branch, segment, raw,
		    result.kind != ROW_NOTHING);
	if (result.kind == ROW_NOTHING)
		return false;
	*e->result = result;
	return true;
}

static bool
visit_first(void *user, const struct idoc_segment *segment)
{
	return visit_value(user, segment);
}

static bool
visit_last(void *user, const struct idoc_segment *segment)
{
	visit_value(user, segment);
	return false;
}

static bool
visit_sum(void *user, const struct idoc_segment *segment)
{
	struct evaluation *e = user;
	struct arena_mark mark = arena_mark(e->at->arena);
	struct decimal value;
	bool valid;

	if (!visit_value(e, segment))
		return false;
	value = e->result->number;
	valid = e->result->kind == ROW_NUMBER ||
		decimal_parse(e->result->text, &value);
	arena_release(e->at->arena, &mark);
	if (!valid)
		return false;
	e->overflow = !decimal_add(e->sum, value, &e->sum);
	e->any = true;
	return e->overflow;
}

#define UTF8_MAX 4 /* bytes of a character */

/* What is longer than the limit is cut off later: no need to gather it. */
static bool
visit_join(void *user, const struct idoc_segment *segment)
{
	struct evaluation *e = user;
	struct buf *joined = &e->at->message->joined;

	if (!visit_value(e, segment))
		return false;
	if (!e->any)
		buf_clear(joined);
	else
		buf_add_str(joined, e->node->format->between);
	buf_add_str(joined, row_text(e->at, *e->result));
	e->any = true;
	return joined->len > (size_t)UTF8_MAX * e->node->row.limit;
}

/* Quantities without zeros at the end, money with two decimals. */
static struct row_result
sum_of(const struct evaluation *e)
{
	const struct row_node *node = e->node;
	row_function *last = node->function;

	if (node->format != NULL && node->format->count > 0)
		last = format_last(node->format);
	if (e->overflow)
		return VALUE_NOTHING;
	return last == value_quantity ? value_number(decimal_trim(e->sum))
				      : value_amount(e->at, e->sum);
}

static void
evaluate_branch(struct evaluation *e)
{
	const struct path_scope *scope = &e->at->scope;

	switch (e->node->row.mode) {
	case ROW_LAST:
		path_walk(e->branch, scope, visit_last, e);
		break;
	case ROW_JOIN:
		path_walk(e->branch, scope, visit_join, e);
		if (e->any)
			*e->result = value_of(arena_str(e->at->arena,
			    buf_str(&e->at->message->joined)));
		break;
	case ROW_SUM:
		path_walk(e->branch, scope, visit_sum, e);
		*e->result = e->any ? sum_of(e) : VALUE_NOTHING;
		break;
	case ROW_FIRST:
	case ROW_LIST:
	case ROW_TABLE:
		path_walk(e->branch, scope, visit_first, e);
		break;
	}
}

static void
evaluate(const struct row_at *at, const struct row_node *node,
    struct row_result *result)
{
	static const struct str none[PATH_FIELDS];
	const struct row *row = &node->row;
	struct evaluation e = { .at = at, .node = node, .result = result };

	*result = VALUE_NOTHING;
	if (row->path == NULL && row->rule != NULL)
		*result = row->rule(at, none);
	for (size_t i = 0; i < node->path.count; i++) {
		e.branch = &node->path.branches[i];
		evaluate_branch(&e);
		if (e.any || result->kind != ROW_NOTHING)
			break;
	}
	if (result->kind == ROW_NOTHING && row->no)
		*result = value_bool(false);
	if (result->kind == ROW_TEXT && row->limit > 0 &&
	    result->text.len > row->limit)
		result->text =
		    str_trim_right(text_cut(result->text, row->limit));
}

void
evaluate_all(const struct row_at *at, const struct row_node *parent)
{
	const struct row_order *order = &parent->order;

	for (size_t i = 0; i < order->count; i++) {
		const struct row_node *node = order->nodes[i];

		/* Most rows of a line name a field that is not there. */
		if (node->own != 0 && at->scope.fields[node->own].len == 0)
			at->results[node->slot] = VALUE_NOTHING;
		else
			evaluate(at, node, &at->results[node->slot]);
		if (at->explain != NULL)
			explain_done(at->explain, node);
	}
}

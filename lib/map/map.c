#include "map/map.h"

#include "base/limits.h"
#include "base/pattern.h"
#include "base/text.h"
#include "map/evaluate.h"
#include "map/explain.h"
#include "map/value.h"

enum status
map_new(struct map **result, struct idoc_symbols *symbols,
    const struct config *config, struct diag *diag)
{
	struct map *map = mem_zero(1, sizeof(*map));
	const char *regex = config_text(config, "order", NULL, "web-number");

	*result = map;
	map->config = config;
	map->web_number_standard =
	    regex != NULL && value_is_standard_web_number(regex);
	map->web_number_set =
	    regex != NULL && pattern_compile(&map->web_number, regex);
	return compile_map(map, symbols, diag);
}

void
map_free(struct map *map)
{
	if (map == NULL)
		return;
	if (map->web_number_set)
		regfree(&map->web_number);
	for (size_t i = 0; i < map->count; i++)
		buf_free(&map->messages[i].joined);
	arena_free(&map->arena);
	free(map);
}

/* A message type, or a basic type where no message type was sent. */
static struct row_message *
find_message(const struct map *map, struct str mestyp)
{
	for (size_t i = 0; i < map->count; i++)
		if (str_is(mestyp, map->messages[i].mestyp))
			return &map->messages[i];
	if (mestyp.len > 2 &&
	    str_all_digits((struct str){ mestyp.data + mestyp.len - 2, 2 }))
		return find_message(map,
		    (struct str){ mestyp.data, mestyp.len - 2 });
	return NULL;
}

bool
map_knows(const struct map *map, struct str mestyp)
{
	return find_message(map, mestyp) != NULL;
}

static void write_children(const struct row_at *at,
    const struct row_node *parent, struct jsonw *w);

struct listing {
	const struct row_at *at; /* of what holds it */
	struct row_at inside; /* of its elements */
	const struct row_node *node;
	const struct path_branch *branch;
	struct jsonw *w;
	const char **seen; /* keys of a table */
	size_t count;
	size_t live; /* of those that are there */
};

static bool
visit_element(void *user, const struct idoc_segment *segment)
{
	struct listing *list = user;
	struct arena_mark mark = arena_mark(list->at->arena);
	struct explain *explain = list->at->explain;
	struct explain_place before = { 0 };

	list->count++;
	list->live++;
	if (explain != NULL)
		before = explain_enter(explain, list->node->key, list->count);
	list->inside.scope.self = segment;
	list->inside.element = list->count;
	path_enter(&list->inside.scope, &list->node->index);
	evaluate_all(&list->inside, list->node);
	jsonw_open(list->w, '{');
	write_children(&list->inside, list->node, list->w);
	jsonw_close(list->w, '}');
	if (explain != NULL)
		explain_leave(explain, &before);
	arena_release(list->at->arena, &mark);
	return false;
}

#define TABLE_MAX 128 /* more languages than SAP has */

static bool
visit_member(void *user, const struct idoc_segment *segment)
{
	struct listing *list = user;
	struct str raw[PATH_FIELDS];
	struct row_result key;
	struct str text;

	if (list->count == TABLE_MAX)
		return true;
	if (!path_fields(list->branch, &list->at->scope, segment, raw))
		return false;
	text = raw[list->branch->field_count - 1];
	key = list->node->row.rule(list->at, raw);
	if (key.kind != ROW_NULL && (key.kind != ROW_TEXT || text.len == 0))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (str_is(key.text, list->seen[i]))
			return false;
	list->seen[list->count] = arena_str(list->at->arena, key.text).data;
	jsonw_key(list->w, list->seen[list->count]);
	if (list->node->row.limit > 0)
		text = text_cut(text, list->node->row.limit);
	if (key.kind == ROW_NULL)
		jsonw_raw(list->w, text = STR("null"));
	else
		jsonw_str(list->w, text);
	list->live += key.kind != ROW_NULL;
	if (list->at->explain != NULL)
		explain_member(list->at->explain, list->at, list->node,
		    list->branch, segment, raw, list->seen[list->count], text);
	list->count++;
	return false;
}

/* Members or elements between brackets; nothing at all when there are none. */
static void
write_many(const struct row_at *at, const struct row_node *node,
    struct jsonw *w)
{
	bool table = node->row.mode == ROW_TABLE;
	struct arena_mark mark = arena_mark(at->arena);
	struct jsonw before = *w;
	size_t len = w->to->len;
	struct listing list = { .at = at, .node = node, .w = w };

	if (table) {
		list.seen =
		    arena_array(at->arena, TABLE_MAX, sizeof(*list.seen));
	} else {
		list.inside = *at;
		list.inside.scope.siblings = false;
		path_prepare(&list.inside.scope, &node->index, at->arena);
	}
	jsonw_head(w, node->head);
	jsonw_open(w, table ? '{' : '[');
	for (size_t i = 0; i < node->path.count && list.live == 0; i++) {
		list.branch = &node->path.branches[i];
		path_walk(list.branch, &at->scope,
		    table ? visit_member : visit_element, &list);
	}
	jsonw_close(w, table ? '}' : ']');
	arena_release(at->arena, &mark);
	if (list.count == 0) {
		*w = before;
		w->to->len = len;
	}
}

static void
write_object(const struct row_at *at, const struct row_node *node,
    struct jsonw *w)
{
	struct jsonw before = *w;
	size_t len = w->to->len;
	struct explain_place place = { 0 };

	jsonw_head(w, node->head);
	jsonw_open(w, '{');
	if (at->explain != NULL)
		place = explain_enter(at->explain, node->key, 0);
	write_children(at, node, w);
	if (at->explain != NULL)
		explain_leave(at->explain, &place);
	if (!w->comma) {
		*w = before;
		w->to->len = len;
		return;
	}
	jsonw_close(w, '}');
}

/* What follows a value is never taken back beyond it: all around it stays. */
static void
write_value(const struct row_at *at, const struct row_node *node,
    struct jsonw *w)
{
	const struct row_result *result = &at->results[node->slot];

	switch (result->kind) {
	case ROW_NOTHING:
		break;
	case ROW_NULL:
		jsonw_head(w, node->head);
		jsonw_raw(w, STR("null"));
		break;
	case ROW_TEXT:
		if (result->text.len == 0)
			break;
		jsonw_pair(w, node->head, result->text);
		break;
	case ROW_NUMBER:
		jsonw_head(w, node->head);
		jsonw_decimal_text(w, result->number);
		break;
	case ROW_FALSE:
	case ROW_TRUE:
		jsonw_head(w, node->head);
		jsonw_bool(w, result->kind == ROW_TRUE);
		break;
	}
	spool_settle(at->output);
}

static void
write_children(const struct row_at *at, const struct row_node *parent,
    struct jsonw *w)
{
	for (const struct row_node *node = parent->first; node != NULL;
	     node = node->next) {
		if (node->object)
			write_object(at, node, w);
		else if (node->row.mode == ROW_LIST ||
			 node->row.mode == ROW_TABLE)
			write_many(at, node, w);
		else if (at->explain != NULL)
			explain_value(at->explain, at, node);
		if (at->results[node->slot].kind != ROW_NOTHING &&
		    node->key[0] != '.')
			write_value(at, node, w);
	}
}

/* One IDoc being mapped. */
struct application {
	struct row_at at;
	struct row_message *message;
	const struct idoc_segment **outer;
	struct record_src src;
	struct str seq;
	struct spool *output;
	uint64_t begin; /* of the IDoc's records in it */
	struct map_result *result;
};

static bool
fail(struct application *a, const char *code, struct str subject,
    struct str message)
{
	a->result->code = code;
	a->result->subject = subject;
	a->result->message = message;
	return false;
}

static bool
write_record(struct application *a)
{
	const struct row_record *record = a->message->record;
	struct row_at *at = &a->at;
	struct str id, subject = STR_NONE;
	const char *why = record->check(at, &subject);
	uint64_t begin = spool_length(a->output);
	struct jsonw w;

	id = why == NULL ? record->id(at) : subject;
	if (at->explain != NULL)
		explain_record(at->explain, record->type, id);
	if (why != NULL) {
		/* Nothing of it is kept, but told it is. */
		w = jsonw_start(&a->output->recent);
		if (at->explain != NULL)
			write_children(at, &a->message->root, &w);
		return fail(a, record->fault, subject, str_of(why));
	}
	a->src.r = ++a->result->records;
	w = record_begin(&a->output->recent, record->type, id, a->seq, &a->src);
	write_children(at, &a->message->root, &w);
	jsonw_close(&w, '}');
	buf_add_char(&a->output->recent, '\n');
	if (spool_length(a->output) - begin > LIMIT_LINE)
		return fail(a, "idoc-too-large", subject,
		    STR("one record of it is longer than a line may be"));
	if (spool_length(a->output) - a->begin > LIMIT_OUTPUT)
		return fail(a, "idoc-too-large", subject,
		    STR("its records are beyond their limit"));
	return true;
}

/* The records of one anchor segment: one, the two sides of a transfer, or none.
 */
static bool
apply_anchor(struct application *a, const struct idoc_segment *anchor)
{
	const struct row_record *record = a->message->record;
	struct row_at *at = &a->at;
	struct arena_mark mark = arena_mark(at->arena);
	unsigned sides;

	at->scope.self = at->scope.anchor = anchor;
	at->position++;
	at->side = ROW_WHOLE;
	path_enter(&at->scope, &a->message->root.index);
	evaluate_all(at, &a->message->root);
	sides = record->sides != NULL ? record->sides(at) : 1;
	if (sides == 1 && !write_record(a))
		return false;
	for (at->side = ROW_FROM; sides > 1 && at->side <= ROW_TO; at->side++) {
		evaluate_all(at, &a->message->root);
		if (!write_record(a))
			return false;
	}
	/* Only what a failure says would live longer. */
	arena_release(at->arena, &mark);
	if (at->explain != NULL)
		explain_forget(at->explain);
	return true;
}

/* Depth first; the reader bounds the depth (LIMIT_DEPTH). */
static bool
apply_below(struct application *a, const struct idoc_segment *parent)
{
	const struct row_message *message = a->message;

	for (const struct idoc_segment *segment = parent->first;
	     segment != NULL; segment = idoc_next(segment)) {
		for (size_t i = 0; i < message->outer_count; i++)
			if (segment->type == message->outer[i])
				a->outer[i] = segment;
		if (segment->type != message->anchor) {
			if (!apply_below(a, segment))
				return false;
			continue;
		}
		/* What stands beside an anchor belongs to the first of them. */
		if (message->record->siblings && a->result->records > 0)
			continue;
		if (!apply_anchor(a, segment))
			return false;
	}
	return true;
}

static struct str
message_type(const struct idoc *idoc)
{
	if (idoc->control.mestyp.len > 0)
		return idoc->control.mestyp;
	if (idoc->control.idoctyp.len > 0)
		return idoc->control.idoctyp;
	return idoc->root->type != NULL ? idoc->root->type->name : STR_NONE;
}

/* The records of one kind. told: where to tell what came from where, or NULL.
 */
static void
apply_message(struct application *a, struct row_message *message,
    struct spool *told, bool all)
{
	const struct idoc *idoc = a->at.idoc;
	const struct idoc_segment *root = idoc->root;
	struct arena *arena = a->at.arena;
	struct explain explain = { 0 };

	a->message = a->at.message = message;
	a->outer = arena_array(arena, message->outer_count + 1,
	    sizeof(struct idoc_segment *));
	a->at.mestyp = str_of(message->mestyp);
	a->at.position = 0;
	a->at.scope = (struct path_scope){ .outer = a->outer,
		.siblings = message->record->siblings };
	path_prepare(&a->at.scope, &message->root.index, arena);
	a->at.scope.anchor_ranges = a->at.scope.ranges;
	a->at.results =
	    arena_array(arena, message->slots, sizeof(*a->at.results));
	if (told != NULL) {
		explain_begin(&explain, idoc, message->slots, all, told, arena);
		a->at.explain = &explain;
	}
	if (message->record->arrange != NULL)
		root = message->record->arrange(message->anchor, idoc, arena);
	if (!apply_below(a, root) || a->result->records > 0)
		;
	else if (a->at.position > 0)
		a->result->ignored_by = message->record->none;
	else
		fail(a, message->record->fault, STR_NONE,
		    arena_format(arena, "it has no segment %s",
			message->record->anchor));
	explain_end(&explain);
}

static void
apply(struct map *map, const struct idoc *idoc, struct spool *output,
    struct arena *arena, struct map_result *result, struct spool *told,
    bool all)
{
	struct application a = { .output = output,
		.begin = spool_length(output),
		.result = result };
	struct row_message *message = find_message(map, message_type(idoc));

	*result = (struct map_result){ 0 };
	if (message == NULL) {
		fail(&a, "idoc-unmapped", STR_NONE,
		    STR("there is no field map for its message type"));
		return;
	}
	map_src(&idoc->control, idoc->file, idoc->n, idoc->hash, arena, &a.src,
	    &a.seq);
	a.src.backfill = idoc->backfill;
	a.at = (struct row_at){ .map = map,
		.config = map->config,
		.idoc = idoc,
		.src = &a.src,
		.arena = arena,
		.output = output };
	apply_message(&a, message, told, all);
	if (message->also != NULL && result->code == NULL)
		apply_message(&a, message->also, told, all);
	if (result->code != NULL) {
		result->records = 0;
		spool_cut(output, a.begin);
	}
}

enum status
map_apply(struct map *map, const struct idoc *idoc, struct spool *output,
    struct arena *arena, struct map_result *result, struct diag *diag)
{
	(void)diag;
	apply(map, idoc, output, arena, result, NULL, false);
	return STATUS_OK;
}

void
map_explain(struct map *map, const struct idoc *idoc, bool all,
    struct spool *output, struct arena *arena, struct map_result *result)
{
	struct spool records = SPOOL_INIT;

	apply(map, idoc, &records, arena, result, output, all);
	if (result->code != NULL)
		explain_fault(&output->recent, &idoc->control, idoc->file,
		    idoc->n, "exception", result->code, result->message);
	else if (result->ignored_by != NULL)
		explain_fault(&output->recent, &idoc->control, idoc->file,
		    idoc->n, "ignored", result->ignored_by, STR_NONE);
	spool_free(&records);
}

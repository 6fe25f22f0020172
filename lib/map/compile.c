#include "base/text.h"
#include "map/format.h"
#include "map/row.h"
#include "map/value.h"

static const struct row_family families[] = {
	{ "DEBMAS", &map_customer_record, NULL },
	{ "ADRMAS", &map_contact_record, NULL },
	{ "ADR2MAS", &map_contact_person_record, NULL },
	{ "ORDERS", &map_order_record, NULL },
	{ "ORDRSP", &map_order_record, NULL },
	{ "ORDCHG", &map_order_record, NULL },
	{ "DESADV", &map_delivery_record, &map_issue_record },
	{ "SHPCON", &map_delivery_record, &map_issue_record },
	{ "WHSCON", &map_delivery_record, &map_issue_record },
	{ "SHPORD", &map_delivery_record, &map_issue_record },
	{ "WHSORD", &map_delivery_record, &map_issue_record },
	{ "PICKSD", &map_delivery_record, &map_issue_record },
	{ "SHPADV", &map_delivery_record, &map_issue_record },
	{ "DELVRY", &map_delivery_record, &map_issue_record },
	{ "INVOIC", &map_invoice_record, NULL },
	{ "MATMAS", &map_material_record, NULL },
	{ "ARTMAS", &map_article_record, NULL },
	{ "COND_A", &map_price_record, NULL },
	{ "MBGMCR", &map_movement_bapi_record, NULL },
	{ "WMMBXY", &map_movement_record, NULL },
	{ "WPUBON", &map_till_record, NULL },
};

#define FAMILY_COUNT (sizeof(families) / sizeof(families[0]))

/* Written by record_begin for every record. */
static const char *const envelope[] = { "v", "type", "id", "seq", "src" };

struct compiler {
	struct map *map;
	struct idoc_symbols *symbols;
	struct row_message *message;
	const struct row_record *other; /* of the same message type, or NULL */
	const char *why;
};

static struct row_node *
find_child(const struct row_node *parent, struct str key)
{
	struct row_node *node = parent->first;

	while (node != NULL && !str_is(key, node->key))
		node = node->next;
	return node;
}

static struct row_node *
add_child(struct compiler *c, struct row_node *parent, struct str key)
{
	struct row_node *node = arena_alloc(&c->map->arena, sizeof(*node));

	node->key = arena_str(&c->map->arena, key).data;
	node->head = arena_format(&c->map->arena, "\"%.*s\":", STR_ARGS(key));
	node->object = true;
	node->slot = c->message->slots++;
	if (parent->last != NULL)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

/* Compile a row's path in the scope of a list, or of the record; *rest is what
 * stands behind it. */
static bool
set_path(struct compiler *c, struct row_node *node, struct row_node *list,
    struct str *rest)
{
	struct row_node *scope = list != NULL ? list : &c->message->root;
	struct path_context context = {
		.symbols = c->symbols,
		.arena = &c->map->arena,
		.self = c->message->anchor,
		.anchor = c->message->anchor,
		.outer = c->message->outer,
		.outer_count = c->message->outer_count,
		.index = &scope->index,
		.anchor_index = &c->message->root.index,
		.list = node->row.mode == ROW_LIST,
		.configured = node->line > 0,
	};

	node->path = (struct path){ 0 };
	*rest = str_of(node->row.path);
	if (node->row.path == NULL)
		return true;
	if (list != NULL)
		context.self = list->path.branches[0].steps[0].type;
	return path_parse(&node->path, rest, &context, &c->why);
}

#define JOINED_LIMIT 1000 /* characters of a join that names no limit */

/* The steps of a configured row, and whether they fit its paths. */
static bool
set_format(struct compiler *c, struct row_node *node, struct str steps)
{
	struct format *format = arena_alloc(&c->map->arena, sizeof(*format));
	struct row *row = &node->row;
	row_function *last;
	size_t most = PATH_FIELDS;

	if (!format_parse(format, steps, &c->map->arena, &c->why))
		return false;
	node->format = format;
	if (row->value == NULL || row->value == value_text)
		row->value = format_words;
	if (format->count > 0)
		row->mode = ROW_FIRST;
	if (format->has_mode)
		row->mode = format->mode;
	if (format->limit > 0)
		row->limit = format->limit;
	else if (row->mode == ROW_JOIN && row->limit == 0)
		row->limit = JOINED_LIMIT;
	last = format->count > 0 ? format_last(format) : row->value;
	c->why = "a sum needs money, quantity or negative";
	if (row->mode == ROW_SUM && !format_is_number(last))
		return false;
	if (format->count == 0)
		most = format_fields(row->value);
	else if (format->transforms[0].function != NULL)
		most = format_fields(format->transforms[0].function);
	c->why = "joins more fields than its format takes";
	for (size_t i = 0; i < node->path.count; i++)
		if (node->path.branches[i].field_count > most)
			return false;
	return true;
}

/* A configured path takes the place of a built-in one, not of its format. */
static bool
set_row(struct compiler *c, struct row_node *node, const struct row *row,
    size_t line)
{
	if (line > 0 && node->row.mode == ROW_LIST) {
		c->why = "is a list";
		return false;
	}
	if (node->first != NULL || (line > 0 && node->row.mode == ROW_TABLE)) {
		c->why = "is an object";
		return false;
	}
	if (line > 0 && !node->object) {
		node->row.path = row->path;
		node->row.rule = NULL;
	} else {
		node->row = *row;
	}
	node->object = false;
	node->line = line;
	return true;
}

/* Put a row where its dotted key says, making objects on the way. */
static bool
add_row(struct compiler *c, const struct row *row, const char *key, size_t line)
{
	struct row_node *node = &c->message->root, *list = NULL;
	struct str rest = str_of(key), steps;

	while (rest.len > 0) {
		const char *dot = rest.data[0] == '.'
				      ? NULL
				      : memchr(rest.data, '.', rest.len);
		size_t len = dot != NULL ? (size_t)(dot - rest.data) : rest.len;
		struct str part = { rest.data, len };
		struct row_node *parent = node;

		if (parent->row.mode == ROW_LIST)
			list = parent;
		else if (!parent->object) {
			c->why = "is below a value";
			return false;
		}
		node = find_child(parent, part);
		if (node == NULL)
			node = add_child(c, parent, part);
		rest.data += len + (dot != NULL);
		rest.len -= len + (dot != NULL);
	}
	return set_row(c, node, row, line) && set_path(c, node, list, &steps) &&
	       (line == 0 || set_format(c, node, steps));
}

static void
compile_record(struct compiler *c)
{
	const struct row_record *record = c->message->record;
	const char *const *outer = record->outer;
	struct idoc_symbol *symbol;

	c->message->root.object = true;
	symbol = idoc_symbol(c->symbols, str_of(record->anchor));
	symbol->wanted = true;
	c->message->anchor = symbol;
	while (outer != NULL && outer[c->message->outer_count] != NULL)
		c->message->outer_count++;
	c->message->outer = arena_array(&c->map->arena,
	    c->message->outer_count + 1, sizeof(*c->message->outer));
	for (size_t i = 0; i < c->message->outer_count; i++) {
		symbol = idoc_symbol(c->symbols, str_of(outer[i]));
		symbol->wanted = true;
		c->message->outer[i] = symbol;
	}
}

static bool
compile_rows(struct compiler *c)
{
	for (const struct row *row = c->message->record->rows; row->key != NULL;
	     row++) {
		if (row->only != NULL &&
		    strcmp(row->only, c->message->mestyp) != 0)
			continue;
		if (!add_row(c, row, row->key, 0))
			return false;
	}
	return true;
}

/* The key behind "customer.", checked; NULL when it is not one. */
static const char *
configured_key(struct compiler *c, const char *key)
{
	const char *type = record_type_name(c->message->record->type);
	size_t len = strlen(type);
	struct str first;
	char before = '.';

	c->why = "does not begin with the record type and a dot";
	if (strncmp(key, type, len) != 0 || key[len] != '.')
		return NULL;
	key += len + 1;
	c->why = "is not lower-case words joined by dots";
	for (const char *p = key; *p != '\0'; before = *p++) {
		bool letter = *p >= 'a' && *p <= 'z';
		bool other = (*p >= '0' && *p <= '9') || *p == '_';

		if (before == '.' ? !letter : !letter && !other && *p != '.')
			return NULL;
	}
	if (before == '.')
		return NULL;
	first = (struct str){ key, strcspn(key, ".") };
	c->why = "is a key that every record has";
	for (size_t i = 0; i < sizeof(envelope) / sizeof(envelope[0]); i++)
		if (str_is(first, envelope[i]))
			return NULL;
	return key;
}

static enum status
refuse(struct map *map, const struct config_entry *entry, const char *why,
    struct diag *diag)
{
	struct buf key = BUF_INIT, path = BUF_INIT;

	diag_set(diag, STATUS_CONFIG, "field-map row '%s = %s': %s",
	    text_escape(&key, str_of(entry->key), 60),
	    text_escape(&path, str_of(entry->value), 120), why);
	diag_place(diag, config_file(map->config), entry->line);
	buf_free(&key);
	buf_free(&path);
	return STATUS_CONFIG;
}

/* Whether a configured row is of the other record of the message. */
static bool
is_of_other(const struct compiler *c, const char *key)
{
	const char *type =
	    c->other != NULL ? record_type_name(c->other->type) : NULL;

	return type != NULL && strncmp(key, type, strlen(type)) == 0 &&
	       key[strlen(type)] == '.';
}

/* The rows of [map "MESTYP"]. */
static enum status
compile_configured(struct compiler *c, struct diag *diag)
{
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(c->map->config, i)) != NULL;
	     i++) {
		struct row row = { .path = entry->value };
		const char *key;

		if (strcmp(entry->section, "map") != 0 ||
		    strcmp(entry->label, c->message->mestyp) != 0 ||
		    is_of_other(c, entry->key))
			continue;
		key = configured_key(c, entry->key);
		if (key == NULL || !add_row(c, &row, key, entry->line))
			return refuse(c->map, entry, c->why, diag);
	}
	return STATUS_OK;
}

static bool
is_value(const struct row_node *node)
{
	return !node->object && node->row.mode != ROW_LIST &&
	       node->row.mode != ROW_TABLE;
}

/* The one field of the scope's own segment without which the row gives
 * nothing, 0 when it is not that simple. */
static uint32_t
only_field(const struct row_node *node)
{
	const struct path_branch *branch = node->path.branches;

	if (node->path.count != 1 || branch->start != PATH_SELF ||
	    branch->step_count != 1 || branch->field_count != 1 || node->row.no)
		return 0;
	return branch->own[0];
}

/* Rows that nothing fills stay out of it. */
static void
add_to_order(struct row_order *order, struct row_node *parent, bool sent)
{
	for (struct row_node *node = parent->first; node != NULL;
	     node = node->next) {
		const struct row *row = &node->row;

		if (node->object)
			add_to_order(order, node, sent);
		if (!is_value(node) || (row->path != NULL) != sent ||
		    (row->path == NULL && row->rule == NULL && !row->no))
			continue;
		node->function = row->rule != NULL ? row->rule : row->value;
		if (node->function == NULL)
			node->function = value_text;
		node->own = only_field(node);
		order->nodes[order->count++] = node;
	}
}

/* Lists are worked out where they are written: they have their own order. */
static void
compile_order(struct compiler *c, struct row_node *parent)
{
	if (!parent->object || parent == &c->message->root) {
		parent->order.nodes = arena_array(&c->map->arena,
		    c->message->slots + 1, sizeof(struct row_node *));
		add_to_order(&parent->order, parent, true);
		add_to_order(&parent->order, parent, false);
	}
	for (struct row_node *node = parent->first; node != NULL;
	     node = node->next)
		if (node->first != NULL)
			compile_order(c, node);
}

static enum status
check_labels(struct map *map, struct diag *diag)
{
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(map->config, i)) != NULL;
	     i++) {
		size_t f = 0;

		if (strcmp(entry->section, "map") != 0)
			continue;
		while (f < FAMILY_COUNT &&
		       strcmp(entry->label, families[f].mestyp) != 0)
			f++;
		if (f == FAMILY_COUNT)
			return refuse(map, entry,
			    "there is no field map for its message type", diag);
	}
	return STATUS_OK;
}

static enum status
compile_message(struct map *map, struct idoc_symbols *symbols,
    const struct row_family *family, const struct row_record *record,
    const struct row_record *other, struct diag *diag)
{
	struct compiler c = { map, symbols, &map->messages[map->count++], other,
		"" };
	enum status status;

	c.message->mestyp = family->mestyp;
	c.message->record = record;
	compile_record(&c);
	if (!compile_rows(&c))
		return diag_set(diag, STATUS_BUG, "field map of %s: %s",
		    family->mestyp, c.why);
	status = compile_configured(&c, diag);
	compile_order(&c, &c.message->root);
	c.message->slots++;
	return status;
}

/* Deliveries are movements, too, where the configuration has it so. */
static const struct row_record *
also_of(const struct map *map, const struct row_family *family)
{
	const char *source = config_text(map->config, "stock", NULL, "source");

	return strcmp(source, "deliveries") == 0 ? family->also : NULL;
}

enum status
compile_map(struct map *map, struct idoc_symbols *symbols, struct diag *diag)
{
	enum status status = check_labels(map, diag);

	/* First those that are found by their message type. */
	map->messages =
	    arena_array(&map->arena, 2 * FAMILY_COUNT, sizeof(*map->messages));
	for (size_t i = 0; status == STATUS_OK && i < FAMILY_COUNT; i++)
		status = compile_message(map, symbols, &families[i],
		    families[i].record, also_of(map, &families[i]), diag);
	for (size_t i = 0; status == STATUS_OK && i < FAMILY_COUNT; i++) {
		const struct row_record *also = also_of(map, &families[i]);

		if (also == NULL)
			continue;
		map->messages[i].also = &map->messages[map->count];
		status = compile_message(map, symbols, &families[i], also,
		    families[i].record, diag);
	}
	return status;
}

#include "normalise.h"

#include "sku/sku_map.h"

static bool
key_is(const struct json *item, const char *key, size_t len)
{
	return item->key.len == len && memcmp(item->key.data, key, len) == 0;
}

/* The members of one object that matter here; NULL when absent. */
struct item {
	const struct json *material, *matnr, *sku, *lines, *ean;
};

static struct item
find_members(const struct json *object)
{
	struct item item = { NULL, NULL, NULL, NULL, NULL };

	JSON_EACH(member, object)
	{
		if (key_is(member, "material", 8))
			item.material = member;
		else if (key_is(member, "matnr", 5))
			item.matnr = member;
		else if (key_is(member, "sku", 3))
			item.sku = member;
		else if (key_is(member, "lines", 5))
			item.lines = member;
		else if (key_is(member, "ean", 3))
			item.ean = member;
	}
	return item;
}

static struct str
text_of(struct normaliser *n, const struct json *node)
{
	if (node == NULL || node->type != JSON_STRING)
		return STR_NONE;
	return json_str(node, &n->arena);
}

/* The SKU that a material is to have: a mapping may name either number. */
static struct str
sku_made(struct normaliser *n, struct str material, struct str matnr)
{
	struct str sku = sku_map_find(n->rule.map, material);

	if (sku.len == 0 && matnr.len > 0)
		sku = sku_map_find(n->rule.map, matnr);
	return sku.len > 0 ? sku
			   : sku_normalise(&n->rule, material, &n->scratch);
}

/* Give one object its sku; *sku is it, empty when it has none. */
static enum status
normalise_item(struct normaliser *n, const struct record *record,
    const struct item *item, struct str *sku, struct diag *diag)
{
	struct str material = str_trim(text_of(n, item->material));
	struct str matnr = str_trim(text_of(n, item->matnr));
	struct str old = text_of(n, item->sku);
	enum status status = STATUS_OK;

	*sku = sku_made(n, material.len > 0 ? material : old,
	    material.len > 0 ? matnr : STR_NONE);
	if (sku->len == 0)
		return STATUS_OK;
	if (sku->data == n->scratch.data)
		*sku = arena_str(&n->arena, *sku);
	if (material.len > 0 && n->see != NULL)
		status =
		    n->see(n->user, material, matnr, record->seq, sku, diag);
	else if (material.len == 0 && n->see_shop != NULL &&
		 (record->type == RECORD_ORDER ||
		     record->type == RECORD_PRODUCT))
		status = n->see_shop(n->user, old, *sku, diag);
	if (status != STATUS_OK)
		return status;
	if (sku->len == 0) {
		if (item->sku != NULL)
			splice_remove(&n->splice, record->line, item->sku);
		return STATUS_OK;
	}
	if (item->sku == NULL)
		splice_before(&n->splice, record->line, item->material, "sku",
		    *sku);
	else if (!str_eq(*sku, old))
		splice_value(&n->splice, item->sku->raw, *sku);
	return STATUS_OK;
}

/* A line that names an EAN and nothing else gets the material behind it. */
static enum status
normalise_ean(struct normaliser *n, const struct record *record,
    const struct json *ean, struct diag *diag)
{
	struct str material = STR_NONE, sku;
	enum status status =
	    n->find_ean(n->user, text_of(n, ean), &material, diag);

	if (status != STATUS_OK || material.len == 0)
		return status;
	sku = arena_str(&n->arena,
	    sku_normalise(&n->rule, material, &n->scratch));
	status = n->see(n->user, material, STR_NONE, record->seq, &sku, diag);
	if (status == STATUS_OK && sku.len > 0)
		splice_before(&n->splice, record->line, ean, "sku", sku);
	splice_before(&n->splice, record->line, ean, "material", material);
	return status;
}

static enum status
normalise_lines(struct normaliser *n, const struct record *record,
    const struct json *lines, struct diag *diag)
{
	enum status status = STATUS_OK;

	JSON_EACH(line, lines)
	{
		struct item item = find_members(line);
		struct str sku;

		if (line->type == JSON_OBJECT &&
		    (item.material != NULL || item.sku != NULL))
			status = normalise_item(n, record, &item, &sku, diag);
		else if (line->type == JSON_OBJECT && item.ean != NULL &&
			 n->find_ean != NULL)
			status = normalise_ean(n, record, item.ean, diag);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

/* A string member that holds nothing but a material number. */
static void
normalise_member(struct normaliser *n, const struct json *member)
{
	struct str old = text_of(n, member), new;

	new = sku_normalise(&n->rule, old, &n->scratch);
	if (new.len > 0 && !str_eq(new, old))
		splice_value(&n->splice, member->raw, new);
}

/* id = SKU, or SKU:plant:location. */
static void
rewrite_id(struct normaliser *n, const struct record *record, struct str sku)
{
	const struct json *id = json_get(record->root, "id");
	struct str new = sku;

	if (record->type == RECORD_STOCK_LEVEL) {
		struct str plant = json_text(record->root, "plant", &n->arena);
		struct str place =
		    json_text(record->root, "location", &n->arena);

		if (plant.len == 0)
			return;
		new = arena_format(&n->arena, "%.*s:%.*s:%.*s", STR_ARGS(sku),
		    STR_ARGS(plant), STR_ARGS(place));
	}
	if (!str_eq(new, record->id))
		splice_value(&n->splice, id->raw, new);
}

static enum status
normalise_head(struct normaliser *n, const struct record *record,
    const struct item *item, struct diag *diag)
{
	bool product = record->type == RECORD_PRODUCT;
	struct str sku;
	enum status status;

	if (product)
		normalise_member(n, json_get(record->root, "parent"));
	if (item->material == NULL && item->sku == NULL) {
		if (product)
			normalise_member(n, json_get(record->root, "id"));
		return STATUS_OK;
	}
	status = normalise_item(n, record, item, &sku, diag);
	if (status == STATUS_OK && sku.len > 0 &&
	    (product || record->type == RECORD_STOCK_LEVEL))
		rewrite_id(n, record, sku);
	return status;
}

enum status
normalise_record(struct normaliser *n, const struct record *record,
    bool *changed, struct diag *diag)
{
	struct item item = find_members(record->root);
	enum status status;

	splice_clear(&n->splice);
	status = normalise_head(n, record, &item, diag);
	if (status == STATUS_OK && item.lines != NULL &&
	    item.lines->type == JSON_ARRAY)
		status = normalise_lines(n, record, item.lines, diag);
	*changed = n->splice.count > 0;
	return status;
}

/* Walk down one path; arrays are looked through, however deep. */
static void
normalise_path(struct normaliser *n, const struct json *node,
    const struct path *path, size_t depth)
{
	if (node->type == JSON_ARRAY) {
		JSON_EACH(element, node)
		normalise_path(n, element, path, depth);
		return;
	}
	if (depth == path->count) {
		if (node->type == JSON_STRING)
			normalise_member(n, node);
		return;
	}
	if (node->type != JSON_OBJECT)
		return;
	JSON_EACH(member, node)
	if (str_eq(member->key, path->names[depth])) {
		normalise_path(n, member, path, depth + 1);
		return;
	}
}

bool
normalise_keys(struct normaliser *n, const struct json *root)
{
	splice_clear(&n->splice);
	for (size_t i = 0; i < n->path_count; i++)
		normalise_path(n, root, &n->paths[i], 0);
	return n->splice.count > 0;
}

/* The next name of a path: up to '.' or its end, without "[]". */
static struct str
next_name(struct str *rest)
{
	size_t len = 0;
	struct str name;

	while (len < rest->len && rest->data[len] != '.')
		len++;
	name = (struct str){ rest->data, len };
	if (len < rest->len)
		len++;
	rest->data += len;
	rest->len -= len;
	while (str_ends(name, "[]"))
		name.len -= 2;
	return name;
}

static bool
add_path(struct normaliser *n, struct str text)
{
	struct path path = { NULL, 0 };

	if (str_starts(text, ".")) {
		text.data++;
		text.len--;
	}
	while (text.len > 0) {
		struct str name = next_name(&text);

		if (name.len == 0)
			break;
		path.names =
		    mem_grow(path.names, path.count + 1, sizeof(*path.names));
		path.names[path.count++] = name;
	}
	if (path.count == 0 || text.len > 0) {
		free(path.names);
		return false;
	}
	n->paths = mem_grow(n->paths, n->path_count + 1, sizeof(*n->paths));
	n->paths[n->path_count++] = path;
	return true;
}

enum status
normalise_paths(struct normaliser *n, const char *text, struct diag *diag)
{
	for (;;) {
		size_t len = strcspn(text, ",");

		if (!add_path(n, str_trim((struct str){ text, len })))
			return diag_set(diag, STATUS_USAGE,
			    "option '--key' takes paths such as sku,lines.sku");
		if (text[len] == '\0')
			return STATUS_OK;
		text += len + 1;
	}
}

void
normalise_free(struct normaliser *n)
{
	for (size_t i = 0; i < n->path_count; i++)
		free(n->paths[i].names);
	free(n->paths);
	json_doc_free(&n->doc);
	arena_free(&n->arena);
	buf_free(&n->scratch);
	splice_free(&n->splice);
}

#include "audit/side_parts.h"

#include "base/text.h"

void
side_key(struct buf *to, enum desired_kind kind, struct str id)
{
	buf_add_char(to, (char)('0' + (int)kind));
	buf_add_str(to, id);
}

struct side_ometria *
side_ometria_new(const struct side_plan *plan)
{
	struct side_ometria *side = mem_zero(1, sizeof(*side));

	side->plan = plan;
	side->rows = sorter_new(SORTER_MEMORY);
	side->emails = sorter_new(SORTER_MEMORY / 4);
	side->doc = (struct json_doc)JSON_DOC_INIT;
	return side;
}

void
side_ometria_free(struct side_ometria *side)
{
	if (side == NULL)
		return;
	sorter_free(side->rows);
	sorter_free(side->emails);
	json_doc_free(&side->doc);
	arena_free(&side->arena);
	buf_free(&side->key);
	buf_free(&side->value);
	buf_free(&side->scratch);
	buf_free(&side->columns);
	free(side);
}

instant
side_updated(const struct json *row, struct arena *arena)
{
	instant updated;

	return instant_parse(json_text(row, "timestamp_update", arena),
		   &updated)
		   ? updated
		   : INSTANT_NONE;
}

/* Orders and events are of their own time, all else of Ometria's. */
static bool
is_inside(struct side_ometria *side, enum desired_kind kind,
    const struct json *row)
{
	instant at = INSTANT_NONE;

	if (kind == DESIRED_CONTACT)
		at = side_updated(row, &side->arena);
	else if (kind >= DESIRED_ORDER &&
		 !instant_parse(json_text(row, "timestamp", &side->arena), &at))
		at = INSTANT_NONE;
	return side_within(side->plan, at);
}

static bool
find_kind(struct side_ometria *side, const struct json *row,
    enum desired_kind *kind)
{
	struct str type = json_text(row, "@type", &side->arena);
	unsigned kinds = side->plan->kinds;

	if (type.len > 0)
		return desired_kind_of(type, kind);
	for (int i = 0; i < DESIRED_KIND_COUNT; i++)
		if (kinds == 1U << i) {
			*kind = (enum desired_kind)i;
			return true;
		}
	return false;
}

static enum status
add_email(struct side_ometria *side, struct str email, struct str id,
    struct diag *diag)
{
	if (email.len == 0)
		return STATUS_OK;
	buf_clear(&side->key);
	for (size_t i = 0; i < email.len; i++)
		buf_add_char(&side->key, text_lower(email.data[i]));
	buf_add_char(&side->key, '\0');
	buf_add_str(&side->key, id);
	return sorter_add(side->emails, buf_str(&side->key), STR_NONE, diag);
}

static enum status
add_row(struct side_ometria *side, enum desired_kind kind, struct str id,
    struct str json, struct diag *diag)
{
	uint32_t length = (uint32_t)id.len;
	struct str canonical = id;

	if (kind == DESIRED_PRODUCT)
		canonical = sku_normalise(&side->plan->sku, id, &side->scratch);
	buf_clear(&side->key);
	side_key(&side->key, kind, canonical);
	buf_clear(&side->value);
	buf_add(&side->value, &length, sizeof(length));
	buf_add_str(&side->value, id);
	buf_add_str(&side->value, json);
	return sorter_add(side->rows, buf_str(&side->key),
	    buf_str(&side->value), diag);
}

enum status
side_ometria_add(struct side_ometria *side, enum desired_kind kind,
    struct str json, bool *known, struct diag *diag)
{
	struct arena *arena = &side->arena;
	const struct json *row = json_parse(&side->doc, json);
	struct str id, collection;
	enum status status;
	bool inside;

	arena_reset(arena);
	*known = row != NULL && row->type == JSON_OBJECT;
	if (*known && kind == DESIRED_KIND_COUNT)
		*known = find_kind(side, row, &kind);
	if (!*known)
		return STATUS_OK;
	id = json_text(row, "id", arena);
	*known = id.len > 0;
	if (!*known || !side_wants(side->plan, kind))
		return STATUS_OK;
	/* A contact that Ometria touched before the window may be one that it
	 * should have touched in it. */
	inside = is_inside(side, kind, row);
	if (!inside && kind != DESIRED_CONTACT)
		return STATUS_OK;
	collection = json_text(row, "@collection", arena);
	if (kind == DESIRED_CONTACT && collection.len > 0 &&
	    !str_eq(collection, side->plan->collection))
		return STATUS_OK;
	status = add_row(side, kind, id, json, diag);
	if (status == STATUS_OK && inside && kind == DESIRED_CONTACT)
		status =
		    add_email(side, json_text(row, "email", arena), id, diag);
	return status;
}

enum status
side_ometria_end(struct side_ometria *side, struct diag *diag)
{
	enum status status = sorter_end(side->rows, diag);

	return status == STATUS_OK ? sorter_end(side->emails, diag) : status;
}

enum status
side_ometria_next(struct side_ometria *side, struct side_ometria_row *row,
    bool *found, struct diag *diag)
{
	struct str value;
	uint32_t length;
	enum status status =
	    sorter_next(side->rows, &row->key, &value, found, diag);

	if (status != STATUS_OK || !*found)
		return status;
	memcpy(&length, value.data, sizeof(length));
	row->kind = (enum desired_kind)(row->key.data[0] - '0');
	row->id = (struct str){ value.data + sizeof(length), length };
	row->json = str_from(value, sizeof(length) + length);
	return STATUS_OK;
}

enum status
side_ometria_next_email(struct side_ometria *side, struct str *email,
    struct str *id, bool *found, struct diag *diag)
{
	struct str key, none;
	enum status status =
	    sorter_next(side->emails, &key, &none, found, diag);

	if (status != STATUS_OK || !*found)
		return status;
	*email = str_of(key.data);
	*id = str_from(key, email->len + 1);
	return STATUS_OK;
}

bool
side_ometria_tells(const struct side_ometria *side, struct str field)
{
	struct str names = buf_str(&side->columns);

	if (names.len == 0)
		return true;
	while (names.len > 0) {
		size_t len = strlen(names.data);

		/* The field itself, or what it is a part of. */
		if (len <= field.len &&
		    memcmp(names.data, field.data, len) == 0 &&
		    (len == field.len || field.data[len] == '.' ||
			field.data[len] == '['))
			return true;
		names = str_from(names, len + 1);
	}
	return false;
}

#include "fold/contact_property.h"

#include "base/text.h"

#define NAMED 5 /* of those that were cut: a message is to be read */
#define KEY_SHOWN 40

struct property {
	const struct json *node;
	size_t size; /* characters of ,"key":value */
	struct str raw; /* the value as it leaves; empty = left out */
	bool cut;
};

static struct str
quoted(struct str text, struct arena *arena)
{
	struct buf out = BUF_INIT;
	struct jsonw w = jsonw_start(&out);
	struct str copy;

	jsonw_str(&w, text);
	copy = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return copy;
}

static size_t
key_size(struct str key, struct arena *arena)
{
	return text_length(quoted(key, arena)) + 2; /* comma and colon */
}

static int
by_size(const void *left, const void *right)
{
	const struct property *const *a = left, *const *b = right;

	if ((*a)->size != (*b)->size)
		return (*a)->size < (*b)->size ? -1 : 1;
	return (*a)->node < (*b)->node ? -1 : (*a)->node > (*b)->node;
}

/* The longest beginning of a text that fits, quoted; empty when none does. */
static struct str
fit(struct str text, size_t room, struct arena *arena)
{
	while (text.len > 0) {
		struct str json = quoted(text, arena);
		size_t length = text_length(json);

		if (length <= room)
			return json;
		/* An escaped character takes up to six. */
		length = (length - room + 5) / 6;
		if (length >= text_length(text))
			break;
		text = text_cut(text, text_length(text) - length);
	}
	return STR_NONE;
}

static void
squeeze(struct property *property, size_t room, struct arena *arena)
{
	size_t key = key_size(property->node->key, arena);

	property->cut = true;
	property->raw = STR_NONE;
	if (property->node->type == JSON_STRING && room > key)
		property->raw =
		    fit(text_cut(json_str(property->node, arena), room - key),
			room - key, arena);
	property->size =
	    property->raw.len > 0 ? key + text_length(property->raw) : 0;
}

static void
note(const struct property *list, size_t count, struct buf *cut)
{
	struct buf key = BUF_INIT;
	size_t noted = 0;

	for (size_t i = 0; i < count; i++) {
		if (!list[i].cut || ++noted > NAMED)
			continue;
		if (cut->len > 0)
			buf_add_text(cut, ", ");
		buf_add_text(cut, "properties.");
		buf_add_text(cut,
		    text_escape(&key, list[i].node->key, KEY_SHOWN));
	}
	if (noted > NAMED)
		buf_add_format(cut, " and %zu more properties", noted - NAMED);
	buf_free(&key);
}

void
contact_property_write(const struct json *properties, struct jsonw *w,
    struct buf *cut, struct arena *arena)
{
	size_t room = CONTACT_PROPERTY_CHARACTERS - 1; /* "{}" but a comma */
	struct property *list, **order;
	size_t count = 0, written = 0;

	if (properties->type != JSON_OBJECT || properties->count == 0)
		return;
	list = arena_array(arena, properties->count, sizeof(*list));
	order =
	    arena_array(arena, properties->count, sizeof(struct property *));
	JSON_EACH(node, properties)
	{
		list[count] = (struct property){ node,
			key_size(node->key, arena) + text_length(node->raw),
			node->raw, false };
		order[count] = &list[count];
		count++;
	}
	qsort(order, count, sizeof(struct property *), by_size);
	for (size_t i = 0; i < count; i++) {
		if (order[i]->size > room || written == CONTACT_PROPERTIES)
			squeeze(order[i],
			    written == CONTACT_PROPERTIES ? 0 : room, arena);
		room -= order[i]->size;
		written += order[i]->raw.len > 0;
	}
	note(list, count, cut);
	if (written == 0)
		return;
	jsonw_key(w, "properties");
	jsonw_open(w, '{');
	for (size_t i = 0; i < count; i++) {
		if (list[i].raw.len == 0)
			continue;
		jsonw_head(w, arena_format(arena, "%.*s:",
				  STR_ARGS(quoted(list[i].node->key, arena))));
		jsonw_raw(w, list[i].raw);
	}
	jsonw_close(w, '}');
}

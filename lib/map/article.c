#include "map/article.h"

/* A segment and the article that it is about. */
struct entry {
	struct str key;
	size_t index; /* in the IDoc */
	const struct idoc_segment *segment;
};

struct article {
	size_t index; /* of its first mention */
	struct idoc_segment *head;
};

struct list {
	struct entry *entries;
	size_t count;
};

/* The number of 18 characters first: no segment is without it. */
static struct str
key_of(const struct idoc_segment *segment)
{
	static const char *const names[2][3] = {
		{ "MATERIAL", "MATERIAL_LONG", "MATERIAL_EXTERNAL" },
		{ "VARIANT", "VARIANT_LONG", "VARIANT_EXTERNAL" },
	};
	bool variant = str_is(segment->type->name, "E1BPE1VARKEY");
	struct str key = STR_NONE;

	for (size_t i = 0; i < 3 && key.len == 0; i++)
		key = idoc_named(segment, names[variant][i]);
	return key;
}

/* Whether there is an article because a segment speaks of it. */
static bool
introduces(const struct idoc_segment *segment)
{
	static const char *const types[] = { "E1BPE1MATHEAD", "E1BPE1VARKEY",
		"E1BPE1MARART", "E1BPE1MAKTRT" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_is(segment->type->name, types[i]))
			return true;
	return false;
}

/* Depth first; the reader bounds the depth (LIMIT_DEPTH). */
static void
collect(struct list *list, const struct idoc_segment *parent)
{
	for (const struct idoc_segment *segment = parent->first;
	     segment != NULL; segment = segment->next) {
		struct str key = key_of(segment);

		if (key.len > 0 && str_starts(segment->type->name, "E1BPE1")) {
			list->entries[list->count] =
			    (struct entry){ key, list->count, segment };
			list->count++;
		}
		collect(list, segment);
	}
}

static int
by_key(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = str_cmp(a->key, b->key);

	if (order != 0)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int
by_index(const void *left, const void *right)
{
	const struct article *a = left, *b = right;

	return a->index < b->index ? -1 : a->index > b->index;
}

static void
append(struct idoc_segment *parent, struct idoc_segment *child)
{
	child->parent = parent;
	child->next = NULL;
	if (parent->last != NULL)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

static struct idoc_segment *
copy_alone(const struct idoc_segment *segment, struct arena *arena)
{
	struct idoc_segment *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *segment;
	copy->first = copy->last = NULL;
	return copy;
}

/* One article of the entries of one key; false when none introduces it. */
static bool
make_article(const struct idoc_symbol *anchor, const struct entry *entries,
    size_t count, struct article *article, struct arena *arena)
{
	struct idoc_segment *head = NULL;
	bool known = false;

	for (size_t i = 0; i < count; i++) {
		known |= introduces(entries[i].segment);
		if (head == NULL && entries[i].segment->type == anchor)
			head = copy_alone(entries[i].segment, arena);
	}
	if (!known)
		return false;
	if (head == NULL) {
		head = arena_alloc(arena, sizeof(*head));
		head->type = anchor;
		head->definition = anchor->name;
	}
	for (size_t i = 0; i < count; i++)
		if (entries[i].segment->type != anchor)
			append(head, copy_alone(entries[i].segment, arena));
	*article = (struct article){ entries[0].index, head };
	return true;
}

const struct idoc_segment *
article_arrange(const struct idoc_symbol *anchor, const struct idoc *idoc,
    struct arena *arena)
{
	struct idoc_segment *root = copy_alone(idoc->root, arena);
	struct list list = { NULL, 0 };
	struct article *articles;
	size_t count = 0, end;

	list.entries = arena_array(arena, (size_t)idoc->segment_count + 1,
	    sizeof(*list.entries));
	collect(&list, idoc->root);
	qsort(list.entries, list.count, sizeof(*list.entries), by_key);
	articles = arena_array(arena, list.count + 1, sizeof(*articles));
	for (size_t i = 0; i < list.count; i = end) {
		for (end = i + 1; end < list.count; end++)
			if (!str_eq(list.entries[end].key, list.entries[i].key))
				break;
		count += make_article(anchor, &list.entries[i], end - i,
		    &articles[count], arena);
	}
	qsort(articles, count, sizeof(*articles), by_index);
	for (size_t i = 0; i < count; i++)
		append(root, articles[i].head);
	return root;
}

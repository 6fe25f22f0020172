#include "idoc/tree.h"

#include "base/limits.h"

#define FIRST_ROOM 8 /* fields of a segment before its list grows */

static struct tree_node *
node_of(struct idoc_segment *segment)
{
	return (struct tree_node *)(void *)segment;
}

static struct tree_node *
root_of(const struct tree *tree)
{
	return node_of(tree->idoc->root);
}

void
tree_begin(struct tree *tree, struct arena *arena, struct idoc *idoc)
{
	struct tree_node *root = arena_alloc(arena, sizeof(*root));

	idoc->root = &root->segment;
	*tree = (struct tree){ arena, idoc, root };
}

static struct tree_node *
up(struct tree_node *node)
{
	return node_of(node->segment.parent);
}

/* The nearest open segment that may hold the known one. */
static struct tree_node *
allowed_parent(const struct tree *tree, const struct dictionary_segment *known)
{
	struct tree_node *root = root_of(tree);

	for (struct tree_node *at = tree->last; at != root; at = up(at))
		if (at->known != NULL && dictionary_allows(at->known, known))
			return at;
	return NULL;
}

/* A segment that only a report tells of. */
static bool
is_added(const struct dictionary_segment *known)
{
	for (size_t i = 0; i < known->layout_count; i++)
		if (known->layouts[i].source == NULL)
			return false;
	return known->layout_count > 0;
}

/* The open segment that a flat line names as its parent, NULL for none. */
static struct tree_node *
named_parent(const struct tree *tree, const struct tree_place *place)
{
	struct tree_node *root = root_of(tree);

	if (place->psgnum == 0 || place->psgnum == place->segnum)
		return NULL;
	for (struct tree_node *at = tree->last; at != root; at = up(at))
		if (at->segnum == place->psgnum)
			return at;
	return NULL;
}

/* Where a flat line itself says that it belongs. */
static struct tree_node *
stated_parent(const struct tree *tree, const struct tree_place *place)
{
	struct tree_node *root = root_of(tree), *at, *top = root;

	at = named_parent(tree, place);
	if (at != NULL)
		return at;
	if (place->hlevel > 0)
		for (at = tree->last; at != root; at = up(at))
			if (at->hlevel > 0 && at->hlevel < place->hlevel)
				return at;
	if (place->hlevel == 1)
		return root;
	for (at = tree->last; at != root; at = up(at))
		top = at;
	return top;
}

static struct tree_node *
parent_of(struct tree *tree, const struct dictionary_segment *known,
    const struct tree_place *place)
{
	struct tree_node *parent;

	if (place->inside != NULL)
		return place->inside;
	if (known != NULL) {
		parent = allowed_parent(tree, known);
		if (parent != NULL) {
			if (!place->flat &&
			    !str_is(parent->segment.type->name, "E1EDK01"))
				tree->idoc->nesting_repaired = true;
			return parent;
		}
		/* A report of a client's own segments alone does not say what
		 * they stand below: their lines do. */
		parent = known->top && is_added(known)
			     ? named_parent(tree, place)
			     : NULL;
		if (parent != NULL)
			return parent;
		if (known->top)
			return root_of(tree);
	}
	return place->flat ? stated_parent(tree, place) : root_of(tree);
}

struct tree_node *
tree_add(struct tree *tree, const struct idoc_symbol *type,
    const struct dictionary_segment *known, struct str definition,
    const struct tree_place *place)
{
	struct tree_node *parent = parent_of(tree, known, place);
	struct tree_node *node;

	if (parent->depth >= LIMIT_DEPTH)
		return NULL;
	node = arena_alloc(tree->arena, sizeof(*node));
	node->known = known;
	node->segnum = place->segnum;
	node->hlevel = place->hlevel;
	node->depth = parent->depth + 1;
	node->segment.type = type;
	node->segment.definition = definition;
	node->segment.parent = &parent->segment;
	node->segment.number = ++tree->idoc->segment_count;
	if (parent->segment.last != NULL)
		parent->segment.last->next = &node->segment;
	else
		parent->segment.first = &node->segment;
	parent->segment.last = &node->segment;
	tree->last = node;
	return node;
}

void
tree_add_field(struct tree *tree, struct tree_node *node,
    const struct idoc_symbol *name, struct str value)
{
	struct idoc_segment *segment = &node->segment;
	struct idoc_field *more;

	if (segment->field_count == node->room) {
		node->room = node->room > 0 ? 2 * node->room : FIRST_ROOM;
		more = arena_array(tree->arena, node->room, sizeof(*more));
		if (segment->field_count > 0)
			memcpy(more, segment->fields,
			    segment->field_count * sizeof(*more));
		segment->fields = more;
	}
	segment->fields[segment->field_count++] =
	    (struct idoc_field){ name, value };
}

struct ranked {
	struct idoc_field field;
	size_t rank, index;
};

static int
by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

/* Place of a name in the layout, its length when it has none. Most fields come
 * in order: the search begins at a guess. */
static size_t
rank_of(const struct dictionary_layout *layout, struct str name, size_t guess)
{
	size_t count = layout->field_count;

	for (size_t i = 0; i < count; i++) {
		size_t at = (guess + i) % count;

		if (str_is(name, layout->fields[at].name))
			return at;
	}
	return count;
}

void
tree_order_fields(struct tree_node *node)
{
	size_t count = node->segment.field_count;
	struct idoc_field *fields = node->segment.fields;
	const struct dictionary_layout *layout = NULL;
	struct ranked *ranked;
	bool ordered = true;

	if (node->known != NULL)
		layout =
		    dictionary_layout(node->known, node->segment.definition);
	if (layout == NULL || count < 2)
		return;
	ranked = mem_zero(count, sizeof(*ranked));
	for (size_t i = 0; i < count; i++) {
		size_t guess = i > 0 ? ranked[i - 1].rank + 1 : 0;
		size_t rank = rank_of(layout, fields[i].name->name, guess);

		ranked[i] = (struct ranked){ fields[i], rank, i };
		ordered = ordered && (i == 0 || ranked[i - 1].rank <= rank);
	}
	if (!ordered)
		qsort(ranked, count, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < count; i++)
		fields[i] = ranked[i].field;
	free(ranked);
}

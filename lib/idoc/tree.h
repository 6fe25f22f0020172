#ifndef IDOC_TREE_H
#define IDOC_TREE_H

/*
 * Builds the segment tree of one IDoc, in an arena, by the nesting rule of
 * the nearest open segment that the dictionary allows as parent;
 * else what the line says (PSGNUM, HLEVEL); else the last top segment. In XML
 * a segment inside another one stays there; those at the top are put right.
 *
 * Header segments of orders and invoices are sent beside E1EDK01 or below it:
 * here they are always below it.
 */

#include "idoc/dictionary.h"
#include "idoc/idoc.h"

struct tree_node {
	struct idoc_segment segment; /* first: a node is its segment */
	const struct dictionary_segment *known;
	size_t room; /* of segment.fields */
	uint32_t segnum; /* as a flat line says, 0 = not */
	unsigned hlevel;
	unsigned depth; /* top segments have 1 */
};

struct tree {
	struct arena *arena;
	struct idoc *idoc;
	struct tree_node *last; /* the segment added last, root when none */
};

/* What the file says about a segment's place. */
struct tree_place {
	struct tree_node *inside; /* XML: the segment it stands in, or NULL */
	bool flat; /* the rest counts */
	uint32_t segnum, psgnum;
	unsigned hlevel;
};

/* Begin a tree in idoc->root. */
void tree_begin(struct tree *tree, struct arena *arena, struct idoc *idoc);

/* NULL when it would be nested deeper than LIMIT_DEPTH. */
struct tree_node *tree_add(struct tree *tree, const struct idoc_symbol *type,
    const struct dictionary_segment *known, struct str definition,
    const struct tree_place *place);

/* value is in the arena already. */
void tree_add_field(struct tree *tree, struct tree_node *node,
    const struct idoc_symbol *name, struct str value);

/* Put the fields in the order of the segment's layout, as in a flat file; those
 * that it does not have come last, and one name's values keep their order. */
void tree_order_fields(struct tree_node *node);

#endif

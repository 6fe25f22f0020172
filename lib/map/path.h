#ifndef MAP_PATH_H
#define MAP_PATH_H

/*
 * Paths into an IDoc's tree, compiled once to symbol pointers.
 *
 *   path     = branch { "|" branch }           the first that gives a value
 *   branch   = step { "/" step } "/" fields    (fields are absent for a list)
 *            | constant                        the last alternative, if any
 *   step     = SEGMENT { "[" FIELD ( "=" | "!=" ) VALUE "]" }
 *   fields   = FIELD { "+" FIELD } | "*"       several of one segment; any
 *   constant = '"' text '"'
 *
 * An empty VALUE stands for a field that is not there. Names are SAP's, with
 * a name space when they have one: /CWM/TOLGR. Constants stand in the rows of a
 * configuration alone, where format.h says what may follow a path.
 *
 * The first step names the segment that the record or list element stands for,
 * a child of it, the record's own segment (from within a list element), or one
 * of the record's outer segments.
 */

#include "base/arena.h"
#include "idoc/idoc.h"

#define PATH_FIELDS 5 /* most that one row joins */

enum path_start {
	PATH_CHILD, /* a child of the scope's segment */
	PATH_SELF, /* the scope's segment itself */
	PATH_ANCHOR, /* the segment the record stands for */
	PATH_OUTER, /* a header segment met before the anchor */
	PATH_CONSTANT
};

struct path_test {
	const struct idoc_symbol *field;
	struct str value;
	bool unequal;
};

struct path_step {
	const struct idoc_symbol *type;
	struct path_test *tests;
	size_t test_count;
};

struct path_branch {
	enum path_start start;
	size_t outer; /* index for PATH_OUTER */
	struct str constant; /* of PATH_CONSTANT */
	struct path_step *steps;
	size_t step_count;
	uint32_t group; /* of the first step below the start, 0 = none */
	const struct idoc_symbol *fields[PATH_FIELDS]; /* NULL stands for "*" */
	uint32_t own[PATH_FIELDS]; /* the same in the index of PATH_SELF */
	size_t field_count;
};

struct path {
	struct path_branch *branches;
	size_t count;
};

/*
 * What all paths of one scope look for, by the numbers of symbols, so that a
 * segment's fields and children are gone through once, not once for each row.
 */
struct path_index {
	uint32_t *groups; /* of the types of children; 0 = nobody looks */
	uint32_t *fields; /* of the segment's own fields */
	size_t size; /* entries in both */
	uint32_t group_count, field_count; /* both with the unused 0 */
};

/* What a path is compiled against. */
struct path_context {
	struct idoc_symbols *symbols;
	struct arena *arena;
	const struct idoc_symbol *self; /* type of the scope's segment */
	const struct idoc_symbol *anchor; /* type of the record's segment */
	const struct idoc_symbol *const *outer;
	size_t outer_count;
	struct path_index *index; /* of the scope; grows */
	struct path_index *anchor_index; /* of the record; grows */
	bool list; /* the path ends with a segment */
	bool configured; /* not built in: constants; no secret fields */
};

/*
 * Compile; texts of tests are copied to the arena, all names are marked as
 * wanted. *text is left with what stands behind the path: empty, or from a ':'
 * on. False with a reason when the syntax is wrong.
 */
bool path_parse(struct path *path, struct str *text,
    const struct path_context *context, const char **why);

/* The children of one type, first to last; others may stand between them. */
struct path_range {
	const struct idoc_segment *first, *last;
};

/* Where a path is looked up. */
struct path_scope {
	const struct idoc_segment *self;
	const struct idoc_segment *anchor;
	const struct idoc_segment *const *outer; /* NULL where none was met */
	bool siblings; /* segments beside self count as its children */
	struct str *fields; /* of self, trimmed, by the index */
	struct path_range *ranges; /* groups below self, then beside it */
	const struct path_range *anchor_ranges; /* ranges of the anchor */
	uint32_t groups; /* ranges of each kind */
};

/* Take the room that a scope of this index needs. */
void path_prepare(struct path_scope *scope, const struct path_index *index,
    struct arena *arena);
/* Look through scope->self once; to be called when it has changed. */
void path_enter(struct path_scope *scope, const struct path_index *index);

/* Called for each segment that matches; true ends the walk. */
typedef bool path_visit(void *user, const struct idoc_segment *segment);

/* path_walk where there is something to walk. */
bool path_walk_far(const struct path_branch *branch,
    const struct path_scope *scope, path_visit *visit, void *user);

/* Whether there is any child that a path begins with. */
static inline bool
path_has_child(const struct path_branch *branch, const struct path_scope *scope)
{
	return scope->ranges[branch->group].first != NULL ||
	       (scope->siblings &&
		   scope->ranges[scope->groups + branch->group].first != NULL);
}

/* True when a visit ended the walk. Most paths name a field of the scope's own
 * segment, or a child that is not there: those are short. A constant is one
 * visit without a segment. */
static inline bool
path_walk(const struct path_branch *branch, const struct path_scope *scope,
    path_visit *visit, void *user)
{
	const struct path_step *step = branch->steps;

	if (branch->start == PATH_SELF && branch->step_count == 1 &&
	    step->test_count == 0)
		return scope->self->type == step->type &&
		       visit(user, scope->self);
	if (branch->start == PATH_CHILD && !path_has_child(branch, scope))
		return false;
	return path_walk_far(branch, scope, visit, user);
}

/* The values of a branch's fields in a segment that it led to: PATH_FIELDS
 * entries, empty where there is none. False when all would be empty: then raw
 * is not filled. */
bool path_fields(const struct path_branch *branch,
    const struct path_scope *scope, const struct idoc_segment *segment,
    struct str raw[PATH_FIELDS]);

#endif

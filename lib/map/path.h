#ifndef MAP_PATH_H
#define MAP_PATH_H

/*
 * Paths into an IDoc's tree, compiled once to symbol pointers.
 *
 *   path    = branch { "|" branch }            the first that gives a value
 *   branch  = step { "/" step } "/" fields     (fields are absent for a list)
 *   step    = SEGMENT { "[" FIELD ( "=" | "!=" ) VALUE "]" }
 *   fields  = FIELD { "+" FIELD } | "*"        several of one segment; any
 *
 * An empty VALUE stands for a field that is not there. Names are SAP's, with
 * a name space when they have one: /CWM/TOLGR.
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
	PATH_OUTER /* a header segment met before the anchor */
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
	struct path_step *steps;
	size_t step_count;
	const struct idoc_symbol *fields[PATH_FIELDS]; /* NULL stands for "*" */
	size_t field_count;
};

struct path {
	struct path_branch *branches;
	size_t count;
};

/* What a path is compiled against. */
struct path_context {
	struct idoc_symbols *symbols;
	struct arena *arena;
	const struct idoc_symbol *self; /* type of the scope's segment */
	const struct idoc_symbol *anchor; /* type of the record's segment */
	const struct idoc_symbol *const *outer;
	size_t outer_count;
	bool list; /* the path ends with a segment */
	bool configured; /* not built in: secret fields are refused */
};

/*
 * Compile; texts of tests are copied to the arena, all names are marked as
 * wanted. False with a reason when the syntax is wrong.
 */
bool path_parse(struct path *path, struct str text,
    const struct path_context *context, const char **why);

/* Where a path is looked up. */
struct path_scope {
	const struct idoc_segment *self;
	const struct idoc_segment *anchor;
	const struct idoc_segment *const *outer; /* NULL where none was met */
	bool siblings; /* segments beside self count as its children */
};

/* Called for each segment that matches; true ends the walk. */
typedef bool path_visit(void *user, const struct idoc_segment *segment);

/* path_walk where there is something to walk. */
bool path_walk_far(const struct path_branch *branch,
    const struct path_scope *scope, path_visit *visit, void *user);

/* True when a visit ended the walk. Most paths name a field of the scope's own
 * segment: those are short. */
static inline bool
path_walk(const struct path_branch *branch, const struct path_scope *scope,
    path_visit *visit, void *user)
{
	const struct path_step *step = &branch->steps[0];

	if (branch->start == PATH_SELF && branch->step_count == 1 &&
	    step->test_count == 0)
		return scope->self->type == step->type &&
		       visit(user, scope->self);
	return path_walk_far(branch, scope, visit, user);
}

/* The values of a branch's fields in a segment: PATH_FIELDS entries, empty
 * where there is none. False when all are empty. */
bool path_fields(const struct path_branch *branch,
    const struct idoc_segment *segment, struct str raw[PATH_FIELDS]);

#endif

#ifndef MAP_EXPLAIN_H
#define MAP_EXPLAIN_H

/*
 * Where each key of a record came from: notes taken while rows are worked out
 * (evaluate.c) and told, in the order of the record, while it is written
 * (map.c). One line a value, columns separated by TAB: idoc-parse(1).
 *
 * row_at.explain is NULL when nobody asked: then none of this is called.
 */

#include "base/limits.h"
#include "map/row.h"

struct explain_note;

/* Where the keys that follow stand; what was noted there is forgotten when it
 * is left. */
struct explain_place {
	size_t prefix;
	struct arena_mark notes;
};

/* What is known of one row. */
struct explain_row {
	struct explain_note *first, *last; /* its matches */
	struct explain_note *good; /* the last one that gave a value */
	struct str keys; /* that a rule read */
};

struct explain {
	struct spool *to;
	struct arena notes;
	const struct idoc *idoc;
	bool all; /* rows that found nothing, too */
	struct buf record; /* type:id of the record being written */
	struct buf prefix; /* of keys: "lines[2]." */
	struct buf keys; /* read by the rule at work, with commas */
	struct explain_row now; /* the row at work */
	struct explain_row *rows; /* by slot */
	struct {
		const struct idoc_segment *segment;
		size_t number;
	} seen[LIMIT_DEPTH + 2]; /* segments counted last, by depth */
};

/* slots: rows of the message. The arena has to last until explain_end. */
void explain_begin(struct explain *explain, const struct idoc *idoc,
    size_t slots, bool all, struct spool *to, struct arena *arena);
/* Forget all notes: a record was written. */
void explain_forget(struct explain *explain);
void explain_end(struct explain *explain);

/* While a row is worked out: a match of its path, which gave a value or not;
 * a key that its rule read; its end. segment is NULL for a constant. */
void explain_match(struct explain *explain, const struct path_branch *branch,
    const struct idoc_segment *segment, const struct str *raw, bool good);
void explain_use(struct explain *explain, const char *key);
void explain_done(struct explain *explain, const struct row_node *node);

/* While a record is written: which one; a row's value; a member of a table;
 * an object or element (from 1, 0 = none) around the rows that follow, and
 * back to what stood before. */
void explain_record(struct explain *explain, enum record_type type,
    struct str id);
void explain_value(struct explain *explain, const struct row_at *at,
    const struct row_node *node);
void explain_member(struct explain *explain, const struct row_at *at,
    const struct row_node *node, const struct path_branch *branch,
    const struct idoc_segment *segment, const struct str *raw, const char *key,
    struct str text);
struct explain_place explain_enter(struct explain *explain, const char *key,
    size_t number);
void explain_leave(struct explain *explain, const struct explain_place *before);

/* The line of column names. */
void explain_head(struct buf *to);
/* An IDoc without a record: what is "exception" or "ignored". */
void explain_fault(struct buf *to, const struct idoc_control *control,
    struct str file, uint64_t n, const char *what, const char *code,
    struct str message);

#endif

#ifndef MAP_FORMAT_H
#define MAP_FORMAT_H

/*
 * What a configured row does with the values that its paths lead to:
 *
 *   row  = path { ":" step }
 *   step = "first" | "last" | "join" TEXT | "sum"      which matches count
 *        | "limit" NUMBER                              characters at most
 *        | "map" TEXT                                  "A=online,B=store"
 *        | a transform by its name: "upper", "money" ... (format.c)
 *
 * TEXT stands in double quotes. Transforms are done in their order, each on
 * what the one before gave; the first may take several fields. In a map "*"
 * stands for every other value; without it, a value that is not there is
 * nothing. Constants are treated like the values of fields.
 */

#include "map/row.h"

struct format_pair {
	struct str from, to;
};

struct format_transform {
	row_function *function; /* NULL: look it up among pairs */
	struct format_pair *pairs;
	size_t pair_count;
};

struct format {
	bool has_mode;
	enum row_mode mode;
	struct str between; /* of ROW_JOIN */
	unsigned limit; /* 0 = none given */
	struct format_transform *transforms;
	size_t count;
};

/*
 * Parse what stands behind a path. Memory comes from the arena. False with a
 * reason (literal, or in the arena) when a step is unknown or wrong.
 */
bool format_parse(struct format *format, struct str steps, struct arena *arena,
    const char **why);

/* All transforms in turn. */
struct row_result format_apply(const struct format *format,
    const struct row_at *at, const struct str *raw);

/* The format of rows that have none of their own: the fields, with a blank
 * between them. */
row_function format_words;

/* How many fields a function takes at most; whether it gives numbers. */
size_t format_fields(row_function *function);
bool format_is_number(row_function *function);
/* The last, or NULL when there are none or it is a map. */
row_function *format_last(const struct format *format);

#endif

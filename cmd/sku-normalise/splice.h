#ifndef SKU_NORMALISE_SPLICE_H
#define SKU_NORMALISE_SPLICE_H

/*
 * Edits of one line: values replaced, members put in or taken out, every other
 * byte as it was. Spans point into the line; they do not overlap, and may come
 * in any order.
 */

#include "base/json.h"

struct edit {
	struct str span; /* what goes; may be empty */
	size_t from, to; /* what comes, in texts */
};

struct splice {
	struct edit *edits;
	size_t count, size;
	struct buf texts;
};

void splice_clear(struct splice *splice);
void splice_free(struct splice *splice);

/* Replace a value of the line by a JSON string. */
void splice_value(struct splice *splice, struct str raw, struct str text);
/* Put "key":"text", in front of a member. False when the member's key is
 * written with escapes, which no tool of ours does: nothing is changed. */
bool splice_before(struct splice *splice, struct str line,
    const struct json *member, const char *key, struct str text);
/* Take a member out of its object, which has at least one other. */
bool splice_remove(struct splice *splice, struct str line,
    const struct json *member);

/* The line with all edits made, appended. */
void splice_apply(const struct splice *splice, struct str line, struct buf *to);

#endif

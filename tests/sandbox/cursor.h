#ifndef SANDBOX_CURSOR_H
#define SANDBOX_CURSOR_H

/*
 * Where pages of lists ended, so that the next one begins there: to skip the
 * rows of an offset costs as much as to read them. An answer is the same with
 * and without: what was kept before any record changed is not used.
 */

#include "base/hash.h"

struct cursor {
	struct hash list; /* what is listed, with its filters and order */
	uint64_t version; /* of the records */
	int64_t offset; /* rows that were read */
	int64_t touch, n; /* of the last of them */
};

/* With list and version set, and offset as asked for: the furthest place known
 * that is not behind it, or the beginning. */
void cursor_find(struct cursor *cursor);
void cursor_keep(const struct cursor *cursor);

#endif

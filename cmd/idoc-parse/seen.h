#ifndef IDOC_PARSE_SEEN_H
#define IDOC_PARSE_SEEN_H

/*
 * The files that were read and are still where they were, by their marks
 * (identity.h): eight bytes each. What a scan of the folder does not meet is
 * forgotten, so memory follows the folder, up to SEEN_MAX files.
 */

#include "base/buf.h"

#define SEEN_MAX 200000

struct seen {
	uint64_t *slots; /* 0 = free */
	size_t size, count;
};

bool seen_has(const struct seen *seen, uint64_t mark);
/* False when it is full. */
bool seen_add(struct seen *seen, uint64_t mark);
void seen_free(struct seen *seen);

#endif

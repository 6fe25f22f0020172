#include "cursor.h"

#define KEPT 64

/* Used under the lock of the store. */
static struct cursor kept[KEPT];
static size_t oldest;

void
cursor_find(struct cursor *cursor)
{
	struct cursor best = *cursor;

	best.offset = 0;
	best.touch = -1;
	best.n = 0;
	for (size_t i = 0; i < KEPT; i++)
		if (hash_equal(kept[i].list, cursor->list) &&
		    kept[i].version == cursor->version &&
		    kept[i].offset <= cursor->offset &&
		    kept[i].offset > best.offset)
			best = kept[i];
	*cursor = best;
}

void
cursor_keep(const struct cursor *cursor)
{
	kept[oldest] = *cursor;
	oldest = (oldest + 1) % KEPT;
}

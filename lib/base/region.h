#ifndef BASE_REGION_H
#define BASE_REGION_H

/*
 * A span of memory that lies in an unlinked temporary file. Its addresses stay,
 * but its pages need not be resident: region_cool gives all of them back to the
 * kernel, which keeps them in the file (or in its cache, which it can write
 * out), and they return one by one when they are touched. Who builds or walks
 * something large in a region calls region_cool every now and then, mostly
 * through region_pass, and has a constant footprint.
 *
 * Blocks of the file are reserved before they are used: a full disk is an error
 * of region_take, not a SIGBUS.
 */

#include "base/buf.h"

struct region;

/* Room for at most size bytes; NULL with errno. */
struct region *region_new(size_t size);
void region_free(struct region *region);

/* Memory of an unknown content, aligned for any type; NULL with errno. */
void *region_take(struct region *region, size_t size);
/* How much was given out, and taking back all but the first used bytes. */
size_t region_used(const struct region *region);
void region_cut(struct region *region, size_t used);

/* Give back the pages of all regions of the process. */
void region_cool(void);

/* How far a walk goes before it cools what it left behind: 128 KiB. */
#define REGION_STEP_BITS 17

/* A walk goes on from here to there. */
static inline void
region_pass(const void *here, const void *there)
{
	if (((uintptr_t)here ^ (uintptr_t)there) >> REGION_STEP_BITS != 0)
		region_cool();
}

#endif

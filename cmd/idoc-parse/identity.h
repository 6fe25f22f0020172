#ifndef IDOC_PARSE_IDENTITY_H
#define IDOC_PARSE_IDENTITY_H

/* What tells one content of a file from another: device, inode, size and time
 * of its last change. */

#include <sys/stat.h>

#include "base/hash.h"

struct identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

static inline struct identity
identity_of(const struct stat *info)
{
	return (struct identity){ info->st_dev, info->st_ino, info->st_size,
		info->st_mtim };
}

static inline bool
identity_same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Never 0. */
static inline uint64_t
identity_mark(const struct identity *identity)
{
	const uint64_t parts[] = { (uint64_t)identity->device,
		(uint64_t)identity->inode, (uint64_t)identity->size,
		(uint64_t)identity->changed.tv_sec,
		(uint64_t)identity->changed.tv_nsec };
	struct hash hash =
	    hash_of((struct str){ (const char *)parts, sizeof(parts) });
	uint64_t mark;

	memcpy(&mark, hash.bytes, sizeof(mark));
	return mark != 0 ? mark : 1;
}

#endif

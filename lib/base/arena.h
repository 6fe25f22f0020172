#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Memory with one lifetime: everything of one IDoc or one record is taken from
 * an arena and goes with arena_reset, which keeps the first block. Memory is
 * zeroed, aligned for any type, and ends the process when none is left.
 */

#include <stddef.h>

#include "base/buf.h"

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
	size_t used; /* bytes handed out since the last reset */
};

#define ARENA_INIT                                                             \
	{                                                                      \
		NULL, NULL, 0                                                  \
	}

void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy of text, followed by a NUL. */
struct str arena_str(struct arena *arena, struct str text);
/* printf into the arena. */
struct str arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif

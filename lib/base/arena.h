#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Memory with one lifetime: everything of one IDoc or one record is taken from
 * an arena and goes with arena_reset, which keeps the first block. Memory is
 * aligned for any type, zeroed unless it is filled with a text, and its lack
 * ends the process.
 *
 * An arena whose `hold` was set keeps that much in memory and has what comes
 * after it in a region (region.h), so that its footprint stays bounded by hold
 * and the step of region_pass. Where the disk is full it goes on in memory and
 * says so in `err`: the owner looks there every few allocations, and ends.
 */

#include <stdalign.h>
#include <stddef.h>

#include "base/region.h"

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
	char *at; /* where the current block is free */
	size_t left; /* and for how many bytes */
	size_t used; /* bytes handed out since the last reset */
	size_t hold; /* of them in memory, 0 = all */
	struct region *region; /* the others */
	size_t spilled; /* bytes taken from the region */
	int err; /* errno of what was to be there and could not, 0 = none */
};

#define ARENA_INIT                                                             \
	{                                                                      \
		NULL, NULL, NULL, 0, 0, 0, NULL, 0, 0                          \
	}

/* arena_take where the current block does not suffice. */
void *arena_take_more(struct arena *arena, size_t size);

/* Memory as it was left by its last user: for what is overwritten at once. */
static inline void *
arena_take(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *memory = arena->at;

	if (size >= arena->left)
		return arena_take_more(arena, size);
	size = (size + align - 1) / align * align;
	arena->at += size;
	arena->left -= size;
	arena->used += size;
	return memory;
}

static inline void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_take(arena, size), 0, size);
}

/* A copy of text, followed by a NUL. */
static inline struct str
arena_str(struct arena *arena, struct str text)
{
	char *copy = arena_take(arena, text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return (struct str){ copy, text.len };
}

void *arena_array(struct arena *arena, size_t count, size_t size);
/* The list with room for one more than its count elements, zeroed: the same, or
 * a copy of twice the room. *room: how many there are room for; 0 at first. */
void *arena_more(struct arena *arena, void *list, size_t count, size_t *room,
    size_t size);
/* The parts one behind the other, followed by a NUL. */
struct str arena_join(struct arena *arena, const struct str *parts,
    size_t count);
/* printf into the arena. */
struct str arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The arena as it is now, to return to. */
struct arena_mark {
	struct arena_block *block;
	char *at;
	size_t left;
	size_t used;
	size_t spilled;
};

static inline struct arena_mark
arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->current, arena->at, arena->left,
		arena->used, arena->spilled };
}

/* arena_release where memory was added since. */
void arena_release_more(struct arena *arena, const struct arena_mark *mark);

/* Take back what was handed out since the mark. */
static inline void
arena_release(struct arena *arena, const struct arena_mark *mark)
{
	if (arena->current != mark->block || arena->spilled != mark->spilled)
		arena_release_more(arena, mark);
	arena->at = mark->at;
	arena->left = mark->left;
	arena->used = mark->used;
}

void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif

#include "base/arena.h"

#include <errno.h>
#include <stdarg.h>

#include "base/limits.h"

#define ARENA_BLOCK ((size_t)16 * 1024)
#define ARENA_SPAN ((size_t)1 << REGION_STEP_BITS)
/* Addresses of a region: the limit is checked behind an allocation, and blocks
 * that are not full take some. */
#define ARENA_REGION (2 * LIMIT_IDOC)

struct arena_block {
	struct arena_block *next;
	size_t size; /* a multiple of the alignment */
	alignas(max_align_t) char data[];
};

static void
add_block(struct arena *arena, size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX / 2)
		status_out_of_memory();
	if (size < ARENA_BLOCK)
		size = ARENA_BLOCK;
	block = mem_alloc(sizeof(*block) + size);
	block->next = NULL;
	block->size = size;
	if (arena->first == NULL)
		arena->first = block;
	else
		arena->current->next = block;
	arena->current = block;
	arena->at = block->data;
	arena->left = size;
}

/* False where the disk is full. What was filled before is done with for now. */
static bool
add_span(struct arena *arena, size_t size)
{
	char *span = NULL;

	if (size < ARENA_SPAN)
		size = ARENA_SPAN;
	region_cool();
	if (arena->region == NULL)
		arena->region = region_new(ARENA_REGION);
	if (arena->region != NULL)
		span = region_take(arena->region, size);
	if (span == NULL) {
		arena->err = errno;
		return false;
	}
	arena->spilled = region_used(arena->region);
	arena->at = span;
	arena->left = size;
	return true;
}

void *
arena_take_more(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	bool held;
	void *memory;

	if (size > SIZE_MAX - align)
		status_out_of_memory();
	size = (size + align - 1) / align * align;
	held = arena->hold == 0 || arena->first == NULL || arena->err != 0 ||
	       arena->used + size <= arena->hold;
	if (held || !add_span(arena, size))
		add_block(arena, size);
	memory = arena->at;
	arena->at += size;
	arena->left -= size;
	arena->used += size;
	return memory;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		status_out_of_memory();
	return arena_alloc(arena, count * size);
}

void *
arena_more(struct arena *arena, void *list, size_t count, size_t *room,
    size_t size)
{
	void *more;

	if (count < *room)
		return list;
	while (*room <= count)
		*room = *room != 0 ? 2 * *room : 4;
	more = arena_array(arena, *room, size);
	if (count > 0)
		memcpy(more, list, count * size);
	return more;
}

struct str
arena_join(struct arena *arena, const struct str *parts, size_t count)
{
	size_t len = 0;
	char *text, *to;

	for (size_t i = 0; i < count; i++)
		len += parts[i].len;
	text = to = arena_take(arena, len + 1);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len > 0)
			memcpy(to, parts[i].data, parts[i].len);
		to += parts[i].len;
	}
	*to = '\0';
	return (struct str){ text, len };
}

struct str
arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return STR_NONE;
	text = arena_take(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return (struct str){ text, (size_t)len };
}

static void
free_blocks(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void
arena_release_more(struct arena *arena, const struct arena_mark *mark)
{
	if (arena->region != NULL)
		region_cut(arena->region, mark->spilled);
	arena->spilled = mark->spilled;
	if (mark->block == NULL) {
		free_blocks(arena->first);
		arena->first = NULL;
	} else {
		free_blocks(mark->block->next);
		mark->block->next = NULL;
	}
	arena->current = mark->block;
}

void
arena_reset(struct arena *arena)
{
	region_free(arena->region);
	arena->region = NULL;
	arena->spilled = 0;
	arena->used = 0;
	arena->err = 0;
	if (arena->first == NULL)
		return;
	free_blocks(arena->first->next);
	arena->first->next = NULL;
	arena->current = arena->first;
	arena->at = arena->first->data;
	arena->left = arena->first->size;
}

void
arena_free(struct arena *arena)
{
	arena_reset(arena);
	free(arena->first);
	*arena = (struct arena)ARENA_INIT;
}

#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>

#define ARENA_BLOCK ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX / 2)
		status_out_of_memory();
	block = mem_alloc(sizeof(*block) + size);
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

static void *
block_take(struct arena_block *block, size_t size)
{
	void *memory = block->data + block->used;

	block->used += size;
	memset(memory, 0, size);
	return memory;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = arena->current;

	if (size > SIZE_MAX - align)
		status_out_of_memory();
	size = (size + align - 1) / align * align;
	arena->used += size;
	if (block != NULL && block->size - block->used >= size)
		return block_take(block, size);
	block = block_new(size > ARENA_BLOCK ? size : ARENA_BLOCK);
	if (arena->first == NULL)
		arena->first = block;
	else
		arena->current->next = block;
	arena->current = block;
	return block_take(block, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		status_out_of_memory();
	return arena_alloc(arena, count * size);
}

struct str
arena_str(struct arena *arena, struct str text)
{
	char *copy = arena_alloc(arena, text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	return (struct str){ copy, text.len };
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
	text = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return (struct str){ text, (size_t)len };
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *block;

	arena->used = 0;
	if (arena->first == NULL)
		return;
	for (block = arena->first->next; block != NULL;) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->current = arena->first;
}

void
arena_free(struct arena *arena)
{
	arena_reset(arena);
	free(arena->first);
	*arena = (struct arena)ARENA_INIT;
}

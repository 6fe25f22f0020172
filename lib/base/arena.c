#include "base/arena.h"

#include <stdarg.h>

#define ARENA_BLOCK ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size; /* a multiple of the alignment */
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
	return block;
}

void *
arena_take_more(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block;

	if (size > SIZE_MAX - align)
		status_out_of_memory();
	size = (size + align - 1) / align * align;
	block = block_new(size > ARENA_BLOCK ? size : ARENA_BLOCK);
	if (arena->first == NULL)
		arena->first = block;
	else
		arena->current->next = block;
	arena->current = block;
	arena->at = block->data + size;
	arena->left = block->size - size;
	arena->used += size;
	return block->data;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		status_out_of_memory();
	return arena_alloc(arena, count * size);
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

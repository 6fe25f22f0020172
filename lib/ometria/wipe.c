#include "ometria/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *
wipe_malloc(size_t size)
{
	return malloc(size);
}

void *
wipe_calloc(size_t count, size_t size)
{
	return calloc(count, size);
}

/* In place as long as it fits, else never by realloc: what it leaves behind
 * could not be wiped any more. */
void *
wipe_realloc(void *old, size_t size)
{
	size_t room = old != NULL ? malloc_usable_size(old) : 0;
	void *memory;

	if (old != NULL && size > 0 && size <= room)
		return old;
	memory = malloc(size);
	if (memory == NULL || old == NULL)
		return memory;
	memcpy(memory, old, room < size ? room : size);
	wipe_free(old);
	return memory;
}

char *
wipe_strdup(const char *text)
{
	return strdup(text);
}

void
wipe_free(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

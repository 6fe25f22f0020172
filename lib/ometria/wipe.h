#ifndef OMETRIA_WIPE_H
#define OMETRIA_WIPE_H

/*
 * Memory for libcurl that is wiped before it is given back: the API key is in
 * its headers and in what it sends, and it wipes neither.
 */

#include <stddef.h>

void *wipe_malloc(size_t size);
void *wipe_calloc(size_t count, size_t size);
void *wipe_realloc(void *old, size_t size);
char *wipe_strdup(const char *text);
void wipe_free(void *memory);

#endif

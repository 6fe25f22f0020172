#ifndef SANDBOX_UUID_H
#define SANDBOX_UUID_H

/*
 * Ids as Ometria gives them, made of a counter and the seed alone: the same
 * requests after the same start get the same ids, so that runs can be compared.
 */

#include "base/buf.h"

#define UUID_TEXT 37

/* The n-th of a kind, such as "request". */
void uuid_make(char to[UUID_TEXT], const char *kind, int64_t n);

#endif

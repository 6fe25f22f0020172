#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Calls that this code base does not make: unbounded copies, hidden shared
 * buffers, conversions that cannot report an error, shells. Included last by
 * base/status.h, so that using one of them is a compile error.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A macro with clang and _FORTIFY_SOURCE, which cannot be poisoned. */
#undef sprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison gmtime localtime ctime asctime mktemp atoi atol system popen

#endif

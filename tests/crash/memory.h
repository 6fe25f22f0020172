#ifndef CRASH_MEMORY_H
#define CRASH_MEMORY_H

#include <stdbool.h>

/* One more allocation: whether it is to fail (killpoint.c). */
bool memory_is_short(void);

#endif

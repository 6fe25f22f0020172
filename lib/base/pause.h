#ifndef BASE_PAUSE_H
#define BASE_PAUSE_H

/* Waiting that a signal can end. */

#include "base/buf.h"

/*
 * Wait so many milliseconds of real time; ends early when stop (may be NULL)
 * says so. False when it was ended early.
 */
bool pause_for(int64_t milliseconds, bool (*stop)(void));

#endif

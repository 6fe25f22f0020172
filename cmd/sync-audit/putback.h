#ifndef SYNC_AUDIT_PUTBACK_H
#define SYNC_AUDIT_PUTBACK_H

/*
 * Files of exceptions once more: what was archived goes back to where it was
 * read, so that the next run of the line reads it; what has an outcome is a
 * duplicate then, what was excepted is tried again. What dies in between is
 * ended by the next run of the line, or by the same again.
 */

#include "audit.h"

/* The files of the open exceptions of that name. NO_INPUT when there is none,
 * CANNOT_CREATE when another file of that name is there. */
enum status putback(struct audit *audit, const char *name);

#endif

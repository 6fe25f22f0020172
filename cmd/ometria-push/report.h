#ifndef PUSH_REPORT_H
#define PUSH_REPORT_H

/* What a run says of itself while it goes on, and at its end. */

#include "push.h"

/* For struct drain, user is a struct push: a copy of what was raised, as every
 * tool of the line writes it; a rehearsal keeps its standard output for the
 * requests. */
void report_exception(void *user, const struct exception *exception);
/* Between requests: a sign of life, and the line for a person. */
void report_tick(void *user);
/* The lines of the end. */
enum status report_summary(struct push *push);

#endif

#ifndef PUSH_PROGRESS_H
#define PUSH_PROGRESS_H

/*
 * What a person at a terminal sees of a long drain: one line that is written
 * over and over: records, requests, records a second, what waits and for how
 * long still.
 */

#include "ometria/drain.h"

struct progress {
	bool shown; /* standard error is a terminal and may be written to */
	bool dirty; /* a line stands there */
	int64_t begun, last; /* ticks */
	bool counted; /* the backlog, at least once */
	uint64_t backlog; /* when it was counted last, and what had left then */
	uint64_t left;
};

void progress_begin(struct progress *progress, bool quiet);
/* The backlog was counted again. */
void progress_count(struct progress *progress, const struct drain *drain,
    uint64_t backlog);
/* Write the line again, a few times a second at most; true when the backlog
 * may be counted again. */
bool progress_show(struct progress *progress, const struct drain *drain);
/* Take the line away. */
void progress_end(struct progress *progress);

#endif

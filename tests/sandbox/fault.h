#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

/*
 * Misbehaviour on order: which push request fails, and how. A plan is a list
 * "KIND@WHEN[:MS],...". KIND is a status from 203 to 599 (nothing is stored),
 * `reset` (close the connection before anything is stored), `reset-after`
 * (store, then close without an answer), `slow` (wait MS first), or how the
 * answer is spoilt after all was stored: `empty`, `html`, `truncated` (half of
 * its JSON), `short` (less than its Content-Length), `gzip` (compressed, which
 * is no fault). WHEN counts push requests from 1 since the start: N, N-M, or N+
 * for all from N on.
 */

#include "base/buf.h"

#define FAULTS_MAX 64

enum fault_kind {
	FAULT_STATUS,
	FAULT_RESET,
	FAULT_RESET_AFTER,
	FAULT_SLOW,
	FAULT_EMPTY,
	FAULT_HTML,
	FAULT_TRUNCATED,
	FAULT_SHORT,
	FAULT_GZIP
};

struct fault {
	enum fault_kind kind;
	unsigned status;
	uint64_t first, last;
	uint64_t delay; /* milliseconds */
};

struct fault_plan {
	struct fault faults[FAULTS_MAX];
	size_t count;
};

/* STATUS_USAGE with diag when the plan is malformed. */
enum status fault_parse(struct fault_plan *plan, const char *text,
    struct diag *diag);
/* The first fault of this kind for push request `number`, or NULL. */
const struct fault *fault_find(const struct fault_plan *plan,
    enum fault_kind kind, uint64_t number);

#endif

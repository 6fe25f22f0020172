#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

/*
 * Misbehaviour on order: which requests fail, and how. A plan is a list
 *	KIND@WHEN[:MS][;path=PATTERN][;method=METHOD][;type=TYPE][;id=ID],...
 *
 * KIND is a status from 200 to 599 (nothing is stored), `reset` (close the
 * connection before anything is stored), `slow` (wait MS first), or what goes
 * wrong after all was done: such a status with `-after` behind it,
 * `reset-after`, `lost` (the first record of a push is never seen), `uncounted`
 * (accepted is one less), and how the answer is spoilt: `empty`, `html`,
 * `truncated` (half of its JSON), `short` (less than its Content-Length),
 * `large` (17 MB longer), `gzip` (compressed, which is no fault), `garbage`
 * (bytes that are no HTTP).
 *
 * WHEN counts from 1 the requests with the right key that the rest is true of,
 * since the plan was made: N, N-M, or N+ for all from N on. The path behind
 * /v2 fits a pattern of the shell in which * is one part; without one it is a
 * push. The type and the id are of a record that is pushed.
 *
 * The plan is of the process. Call these under the lock of the store.
 */

#include "base/buf.h"

#define FAULTS_MAX 64
#define FAULT_TEXT 64 /* bytes of a pattern, an id */

enum fault_kind {
	FAULT_STATUS,
	FAULT_STATUS_AFTER,
	FAULT_RESET,
	FAULT_RESET_AFTER,
	FAULT_SLOW,
	FAULT_LOST,
	FAULT_UNCOUNTED,
	FAULT_EMPTY,
	FAULT_HTML,
	FAULT_TRUNCATED,
	FAULT_SHORT,
	FAULT_LARGE,
	FAULT_GZIP,
	FAULT_GARBAGE,
	FAULT_KINDS
};

/* What the rules look at. */
struct fault_request {
	struct str method, path; /* behind /v2, without the query */
	struct str type, ids; /* of a push; ids joined by ',' */
};

/* What goes wrong with one request. */
struct fault_hits {
	bool on[FAULT_KINDS];
	unsigned status; /* of the first of the two kinds that have one */
	uint64_t delay; /* milliseconds, of `slow` */
};

/*
 * Another plan from now on; empty = none. USAGE with diag, and the plan as it
 * was, when it is malformed.
 */
enum status fault_set(struct str plan, struct diag *diag);
/* Count the request and tell what goes wrong with it. */
void fault_count(const struct fault_request *request, struct fault_hits *hits);

#endif

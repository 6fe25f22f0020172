#ifndef AUDIT_SIDE_PAGES_H
#define AUDIT_SIDE_PAGES_H

/*
 * Ometria's side from its API (Data API: list endpoints): page by page, at most
 * half of the requests that the rate allows, to the moment of the plan.
 *
 * Offsets count in a set that changes: each page begins with the row that ended
 * the one before, and is asked for anew further in front when it does not. A
 * page may be shorter than what was asked for; the end is where nothing new
 * comes. What a filter should have kept out is left out here, and counted.
 */

#include "audit/side.h"
#include "ometria/exchange.h"

/* By how much windows are wider than asked: whether bounds are inclusive is not
 * documented. */
#define PAGES_OVERLAP 300 /* seconds */

struct side_pages {
	const struct side_plan *plan;
	struct drain *drain; /* transport, rate, retry, timeout, stop */
	struct limiter *half; /* what an audit may use of the rate */
	/* Takes the rows in place of a side, when there is none. */
	enum status (*take)(void *user, enum desired_kind kind,
	    const struct json *row, struct diag *diag);
	void *user;
	uint64_t rows; /* that were shown */
	uint64_t strangers; /* of them outside of the filters */
};

/* All kinds of the plan. UNAVAILABLE, NOT_ALLOWED, PROTOCOL as for a drain. */
enum status side_pages_read(struct side_pages *pages, struct side_ometria *side,
    struct diag *diag);
/* One record by its id; payload: as it was sent, which names the type of an
 * event. */
enum status side_pages_look(struct side_pages *pages, enum desired_kind kind,
    struct str id, struct str payload, struct buf *to, bool *there,
    struct diag *diag);

#endif

#ifndef SANDBOX_ENTRY_H
#define SANDBOX_ENTRY_H

/*
 * Who enters a campaign, or does not, and why: somebody who is known, opted in
 * when it is marketing, in time, and one of the first thousand.
 */

#include "store.h"

#define ENTRY_TICK 300 /* seconds, in which at most 1,000 contacts enter */

/* Somebody at the door. */
struct candidate {
	const char *kind;
	struct str key; /* of the event, order, visit or product */
	int64_t profile; /* 0 = nobody that is known */
	instant at;
	int64_t tick; /* of the limit, seconds; 0 = ENTRY_TICK */
	bool visit; /* that closed then, or is due then: it is in time always */
	bool anybody; /* need not be known */
	const char *reason; /* why not, known beforehand, or NULL */
};

/* A row of the statements that select campaigns. */
struct campaign {
	struct str name;
	bool marketing;
	int64_t wait, send;
};

/* Whose profile it is: by customer, e-mail or its own id; 0 = nobody's. */
int64_t entry_profile(struct store *store, struct str customer,
    struct str email, struct str id);
/* Into one campaign; written down either way. */
void entry_add(struct store *store, const struct campaign *campaign,
    const struct candidate *who);
/* Into all campaigns that the statement selects; false when there are none. */
bool entry_add_all(struct store *store, sqlite3_stmt *select,
    const struct candidate *who);

#endif

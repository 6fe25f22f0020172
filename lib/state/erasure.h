#ifndef STATE_ERASURE_H
#define STATE_ERASURE_H

/*
 * Data-deletion requests: one row per address of a person whom Ometria is to
 * erase, with the intent before and the result after each request. The address
 * itself goes with the result; its keyed hash stays, so that it is asked for
 * once.
 */

#include "base/arena.h"
#include "state/state.h"

struct erasure {
	int64_t n;
	struct str customer, email; /* in the arena */
	int64_t attempts;
};

/* Inside a transaction. *news: it was not known yet. */
enum status erasure_queue(struct state *state, struct str customer,
    struct str email, bool *news, struct diag *diag);
/* It is for a person to ask Ometria: only that it was said is kept. */
enum status erasure_by_hand(struct state *state, struct str customer,
    bool *news, struct diag *diag);

/*
 * One that may leave now: the person's opt-out is confirmed or refused, no
 * order of theirs is on its way, and no pause stands. One whose answer was lost
 * is asked for again: twice erased is erased.
 */
enum status erasure_next(struct state *state, struct arena *arena,
    struct erasure *erasure, bool *found, struct diag *diag);
/* The calls below are transactions of their own. */
enum status erasure_intend(struct state *state, const struct erasure *erasure,
    struct diag *diag);
enum status erasure_accepted(struct state *state, const struct erasure *erasure,
    struct str request_id, struct diag *diag);
enum status erasure_refused(struct state *state, const struct erasure *erasure,
    struct diag *diag);
/* Again after so many milliseconds. */
enum status erasure_again(struct state *state, const struct erasure *erasure,
    int64_t pause, struct diag *diag);
/* Ask again for a customer what Ometria refused; *count: so many addresses. */
enum status erasure_retry(struct state *state, struct str customer,
    uint64_t *count, struct diag *diag);

#endif

#ifndef STATE_DEADLINE_H
#define STATE_DEADLINE_H

/*
 * Deadlines: one pass over what time alone makes wrong (order-unconfirmed,
 * deletion-overdue: an opt-out or deletion request that Ometria has not
 * confirmed within [deletion] verify-within; stock-flapping of SKUs that stand
 * still; event grace, escalation). Run when a stateful run ends, on a timer
 * when following, and by `sync-audit status`. Joins the caller's transaction or
 * makes its own.
 */

#include "state/state.h"

/* Since when the oldest opt-out or deletion request waits for Ometria to
 * confirm it; INSTANT_NONE = none does. */
enum status deadline_opt_out(struct state *state, int64_t *since,
    struct diag *diag);

enum status deadline_pass(struct state *state, int64_t now, struct diag *diag);

#endif

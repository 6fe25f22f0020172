#ifndef STATE_ESCALATION_H
#define STATE_ESCALATION_H

/*
 * An open exception that nobody acknowledged in time becomes critical and, when
 * the configuration says to whom, somebody else's; once until it is opened
 * again. After how long and to whom is said by the section [exception] of its
 * code, else by [owner] of its owner, else by [escalation].
 */

#include "state/state.h"

/* Inside a transaction. */
enum status escalation_pass(struct state *state, int64_t now,
    struct diag *diag);

#endif

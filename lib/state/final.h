#ifndef STATE_FINAL_H
#define STATE_FINAL_H

/*
 * What an aggregator without --state does at end of input: print every desired
 * record that is to leave, once, without a revision, sorted by kind (in the
 * order in which kinds depend on each other) and id. Withheld ones are left
 * out. Not inside a transaction.
 */

#include "base/out.h"
#include "state/state.h"

enum status final_print(struct state *state, struct out *out,
    struct diag *diag);

#endif

#ifndef STATE_RUN_H
#define STATE_RUN_H

/*
 * One row per tool run: when, how much, and where the time went. From run_begin
 * to run_end every state_commit saves the counters with what it commits, so
 * that a killed run leaves true figures: count a thing in the transaction that
 * handles it. The struct must live until run_end. wait_state is kept by
 * state_begin.
 */

#include "state/state.h"

struct run {
	const char *tool;
	int64_t id;
	uint64_t read; /* IDocs or lines of its own types */
	uint64_t written; /* records, desired records or requests */
	uint64_t excepted;
	uint64_t duplicates;
	/* Milliseconds; wait_rate: for the rate of requests, and for pauses. */
	int64_t wait_input, wait_state, wait_network, wait_rate;
};

enum status run_begin(struct state *state, struct run *run, const char *tool,
    struct diag *diag);
/* Whether a run without an end is still going on; else it died. Inside a
 * transaction: a run that is just beginning is not to be taken for dead. */
bool run_is_alive(struct state *state, int64_t run);
/*
 * Writes the row and makes the pass over deadlines (state/deadline.h). Returns
 * result, or its own failure when result was none; *diag is of that alone.
 */
enum status run_end(struct state *state, struct run *run, enum status result,
    struct diag *diag);
/* The counters into the row, inside a transaction (done by state_commit). */
enum status run_save(struct state *state, const struct run *run,
    struct diag *diag);

#endif

#ifndef STATE_AGGREGATE_H
#define STATE_AGGREGATE_H

/*
 * What the aggregators share around the filter loop: opening the state (or a
 * temporary one), the run, the output, and, without a state, the final desired
 * records at end of input.
 */

#include "base/tool.h"
#include "state/filter.h"

/* The whole command line of an aggregator. */
extern const struct option aggregate_options[];
extern const char *const aggregate_synopsis[];

struct aggregate {
	struct filter filter; /* types, apply, batch_end and user are given */
	int fd; /* of the input: standard input unless given */
	/*
	 * At end of input, in a transaction of its own: what can only be said
	 * then. Called for a temporary state only; may be NULL.
	 */
	enum status (
	    *at_end)(void *user, struct buf *output, struct diag *diag);
	/* Before anything is read, with a state of --state; may be NULL. */
	enum status (*begin)(void *user, struct diag *diag);
	/*
	 * When a run with a state ends, and about once a minute while its input
	 * pauses: what time has made due, each call in a transaction of its
	 * own, until *more is false. May be NULL.
	 */
	enum status (*due)(void *user, bool *more, struct buf *output,
	    struct diag *diag);
	struct run run;
	struct out out;
	struct state *state;
};

/*
 * The input to standard output until its end, with the state of --state or
 * a temporary one. STATUS_OK, STATUS_FINDINGS, STATUS_USAGE for an operand, or
 * what ended it.
 */
enum status aggregate_run(struct aggregate *aggregate, struct tool_run *run);

/* For filter.idle of an aggregator that has something due. */
enum status aggregate_idle(struct aggregate *aggregate, struct diag *diag);

/*
 * A record as the fold needs it: one without src is adopted by the ledger, one
 * without seq gets the time of arrival (*stamped). *duplicate: the same line
 * was settled before. Inside a transaction; texts live in the arena.
 */
enum status aggregate_arrive(struct state *state, struct record *record,
    struct arena *arena, bool *stamped, bool *duplicate, struct diag *diag);

#endif

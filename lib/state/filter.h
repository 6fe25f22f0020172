#ifndef STATE_FILTER_H
#define STATE_FILTER_H

/*
 * The loop of a stateful filter: reads lines, passes on what is not its own
 * byte for byte, gathers its own until LIMIT_BATCH records or the input is
 * idle, applies them in one transaction, commits, and only then writes what
 * they gave. Nothing read behind an own record is written before that record's
 * batch is committed (sap-ometria(7)).
 *
 * A line that is no record, too long or unfinished becomes a record-invalid
 * exception, and reading goes on. A signal ends the reading after the batch in
 * hand; what was not read is read by the next run.
 */

#include "base/lines.h"
#include "base/out.h"
#include "record/exception.h"
#include "state/run.h"
#include "state/trace.h"

struct filter {
	struct state *state;
	struct run *run;
	struct out *out;
	const char *tool;
	uint32_t types; /* bits 1 << enum record_type of what is its own */
	/* The same of those whose aggregator this is: one that arrives shows
	 * that it is not missing in the pipe, which is noted once. */
	uint32_t stages;
	/*
	 * Fold one own record inside the transaction; append the lines it gives
	 * (each with its newline) to output. Facts that cannot be folded are
	 * exceptions, not failures: a status other than OK ends the tool.
	 */
	enum status (*apply)(void *user, struct record *record,
	    struct buf *output, struct diag *diag);
	/* After the last record of a batch, and between records of it that are
	 * history and such that are not, inside the transaction; may be NULL.
	 */
	enum status (
	    *batch_end)(void *user, struct buf *output, struct diag *diag);
	/* While the input pauses, about once a minute; may be NULL. */
	enum status (*idle)(void *user, struct diag *diag);
	/* In each pause, and once a second in a long one: whether idle is due
	 * at once, because another process left work; may be NULL. */
	enum status (*peek)(void *user, bool *due, struct diag *diag);
	void *user;
	bool past; /* what is in hand is history (src.backfill) */
	bool lived; /* the run has had a record that is none */
	/* What the batch in hand is part of: apply and batch_end add to it. */
	struct trace trace;
};

/*
 * Until end of input. Keeps run->read (own lines), written (lines given) and
 * excepted. STATUS_OK, STATUS_FINDINGS (it raised an exception; those that pass
 * through were told by who raised them), or what ended it: then nothing of the
 * batch in hand was written or committed.
 */
enum status filter_run(struct filter *filter, int fd, struct diag *diag);

/*
 * The same for a loop that has other things to do as well: begin, take a turn
 * whenever the descriptor can be read, end. A turn reads what is there, at most
 * one batch, which is committed and written; it waits for no more than a line
 * that has begun.
 * *more: input is left that can be had at once; *ended: there will be none. The
 * end frees and returns what filter_run would have returned for status.
 */
struct filter_loop;
struct filter_loop *filter_begin(struct filter *filter, int fd,
    struct diag *diag);
enum status filter_turn(struct filter_loop *loop, bool *more, bool *ended);
enum status filter_end(struct filter_loop *loop, enum status status);

/*
 * Raise an exception in the state and append its record line to output;
 * settles the record of exception->src when exception->settles.
 */
enum status filter_except(struct filter *filter,
    const struct exception *exception, struct buf *output, struct diag *diag);

#endif

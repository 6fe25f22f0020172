#ifndef PUSH_INTAKE_H
#define PUSH_INTAKE_H

/*
 * Standard input into the state: desired records that the outbox does not have
 * yet, exceptions of tools that ran without a state. Any other record type is
 * a sign that its aggregator is missing from the pipe.
 */

#include "state/filter.h"

/*
 * To the end of input. Exceptions raised here are also written to out.
 * STATUS_FINDINGS when there were exceptions, OK, or what ended it.
 */
enum status intake_run(struct state *state, struct run *run, struct out *out,
    int fd, struct diag *diag);

/*
 * The same beside other work: a turn takes what is there, at most one batch, as
 * filter_turn does. intake_end frees, and returns what intake_run would have
 * for status.
 */
struct intake;
struct intake *intake_begin(struct state *state, struct run *run,
    struct out *out, int fd, struct diag *diag);
enum status intake_turn(struct intake *intake, bool *more, bool *ended);
enum status intake_end(struct intake *intake, enum status status);

#endif

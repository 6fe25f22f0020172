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

#endif

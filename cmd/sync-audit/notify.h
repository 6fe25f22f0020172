#ifndef SYNC_AUDIT_NOTIFY_H
#define SYNC_AUDIT_NOTIFY_H

/*
 * Telling people: a command is run for each exception that is new, open again
 * or escalated, with the record of it on its standard input. The command is a
 * program, run without a shell and without arguments; what it prints goes to
 * standard error.
 *
 * Exit code 69 or 75 of the command: nobody was told, the next run tries again.
 * Any other end counts as told: nothing is told twice.
 */

#include "audit.h"
#include "state/triage.h"

/* FINDINGS when the command failed for one, UNAVAILABLE when one is to be
 * tried again. */
enum status notify(struct audit *audit, const char *command, uint64_t most,
    const struct exception_filter *filter);

#endif

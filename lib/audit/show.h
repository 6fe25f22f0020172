#ifndef AUDIT_SHOW_H
#define AUDIT_SHOW_H

/*
 * Exceptions in full, for who is to deal with them: what the catalogue says
 * about each, where its record came from, what became of it, and the record
 * itself, masked.
 */

#include "base/buf.h"
#include "state/triage.h"

/* Append those of that name, open or not; *count = how many. json: one object
 * a line, the exception record with more members. */
enum status show_exceptions(struct buf *to, struct state *state,
    struct str name, bool json, uint64_t *count, struct diag *diag);

#endif

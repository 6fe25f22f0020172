#ifndef AUDIT_ORIGIN_H
#define AUDIT_ORIGIN_H

/*
 * Where the record that an exception is about came from: the file that holds
 * it now, and what stands in it, masked (mask.h).
 */

#include "state/triage.h"

struct origin {
	struct buf file; /* where it is now; empty: none is known */
	struct buf was; /* where it was read, when it was moved since */
	struct buf text; /* lines; empty: cannot be told */
	struct buf trouble; /* why not */
};

/* The name that the file has now, by the one it was read by. *moved: these are
 * two. A file that nobody knows has still that one. */
enum status origin_file(struct state *state, struct str read_as,
    struct buf *now, bool *moved, struct diag *diag);
/* A file that is not there, or not readable, is no failure. */
enum status origin_find(struct origin *origin, struct state *state,
    const struct exception_row *row, struct diag *diag);
/* Append what would leave for Ometria, or has left, about the subject: a line
 * of JSON, masked; nothing when there is no such record. */
enum status origin_outbox(struct buf *to, struct state *state,
    const struct exception_row *row, struct diag *diag);
void origin_free(struct origin *origin);

#endif

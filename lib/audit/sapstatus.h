#ifndef AUDIT_SAPSTATUS_H
#define AUDIT_SAPSTATUS_H

/*
 * What became of SAP's IDocs, as status records (EDI_DS40) for its status file
 * input, which shows them in transaction WE02: 16 with the request under which
 * Ometria took it, or why nothing had to be sent; 17 with Ometria's words, or
 * with the exception that it ended in.
 *
 * An IDoc is told of when all its records have an outcome and all that it is
 * part of is confirmed, or something of it is refused; again when a 17 becomes
 * a 16. Records made outside SAP are not told of.
 */

#include "state/state.h"

#define SAPSTATUS_MOST 10000 /* IDocs in one file */

/* What is told, for sapstatus_told; starts as {0}. */
struct sapstatus {
	struct buf text; /* the status records, each with a newline */
	int64_t *idocs; /* told of, 17 as a negative number */
	size_t count, size;
	size_t refused; /* of them */
	bool more; /* than one file takes */
};

/* Inside a transaction. now: of records that have no other time. */
enum status sapstatus_read(struct sapstatus *to, struct state *state,
    int64_t now, struct diag *diag);
/* They are told: the file is safe. A transaction of its own. */
enum status sapstatus_told(const struct sapstatus *from, struct state *state,
    struct diag *diag);
void sapstatus_free(struct sapstatus *sapstatus);

#endif

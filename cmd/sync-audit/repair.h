#ifndef SYNC_AUDIT_REPAIR_H
#define SYNC_AUDIT_REPAIR_H

/* What SAP is right about goes back into the outbox: a revision of its own, in
 * which nothing changed. Holds apply to it as to any other. */

#include "audit.h"
#include "audit/diff_write.h"
#include "base/sorter.h"

struct repair {
	struct state *state; /* read-only for a dry run */
	struct sorter *keys; /* of side_key; one may come several times */
	struct diff_writer *writer;
	bool dry; /* only told */

	/* Filled by repair_run. */
	uint64_t queued;
};

/* Calls sorter_end. A row is written for each record that was queued (or would
 * be), after it is committed. */
enum status repair_run(struct repair *repair, struct diag *diag);

#endif

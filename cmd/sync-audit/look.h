#ifndef SYNC_AUDIT_LOOK_H
#define SYNC_AUDIT_LOOK_H

/* How the sync is, after noting what time alone has made wrong. */

#include "audit.h"
#include "audit/health.h"

/*
 * Pass the deadlines, read the state, raise or close the exceptions of its
 * thresholds. Who may not write only reads. health: zeroed, to be freed by the
 * caller in any case.
 */
enum status look(struct audit *audit, struct health *health);

#endif

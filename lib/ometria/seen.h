#ifndef OMETRIA_SEEN_H
#define OMETRIA_SEEN_H

/* What was accepted is read back until it shows. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * Read back by GET what was accepted and waits to be seen: what is doubted (a
 * part of it a run; sync-audit verify does the rest), and by drain->confirm
 * each record or a few of the newest of each kind. A few contacts stand for
 * all. What does not show is looked for again after the settle time, a few
 * times, and left to the next run; it is missing when it was accepted long ago
 * (readback.h).
 *
 * Contacts go first, for orders wait for them: *more says that some were seen
 * and that the other kinds are still to be looked at. A service looks for a few
 * of each kind a call, once, and does not wait; the longer something does not
 * show, the longer it is until it is looked for again.
 */
enum status seen_run(struct drain *drain, bool *more, struct diag *diag);

#endif

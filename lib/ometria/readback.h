#ifndef OMETRIA_READBACK_H
#define OMETRIA_READBACK_H

/*
 * Whether Ometria shows what it accepted: one record by GET, or what a page of
 * a list holds, beside the payload as it would be sent now (compare.h). What
 * does not show after the time that Ometria takes is an exception, and is sent
 * once more; an event only after further look-ups. A record that would not
 * leave any more, such as the event of an erased person, is not missed. No
 * transaction is open while the network is used.
 */

#include "ometria/compare.h"
#include "ometria/drain.h"
#include "state/seen.h"

enum readback_verdict {
	READBACK_SAME,
	READBACK_MISSING,
	READBACK_DIFFERS,
	READBACK_ENDED /* stop() came before the answer */
};

struct readback {
	enum readback_verdict verdict;
	struct comparison comparison; /* of DIFFERS; texts of drain->arena */
};

/* Ask for the record of this row, one GET. */
enum status readback_get(struct drain *drain, const struct seen_row *row,
    struct readback *found, struct diag *diag);

/* Judge an object that a list returned. */
enum status readback_judge(struct drain *drain, const struct seen_row *row,
    const struct json *theirs, struct readback *found, struct diag *diag);

/*
 * What follows: SAME marks the revision as verified. MISSING and DIFFERS of one
 * that was accepted drain->visible ago or earlier are push-missing and
 * push-differs, and the row is queued once more (*queued); of a younger one
 * nothing follows yet. One whose error may have been lost is queued at once.
 */
enum status readback_settle(struct drain *drain, const struct seen_row *row,
    const struct readback *found, bool *queued, struct diag *diag);

#endif

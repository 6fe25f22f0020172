#ifndef OMETRIA_CONFIRM_H
#define OMETRIA_CONFIRM_H

/* From accepted to confirmed, or refused after all. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * While something accepted is unconfirmed: wait until the last of it is settle
 * milliseconds old, poll /push/_errors once, refuse what stands there, read
 * back what is to be seen (seen.h), and confirm the rest. Doubted, and so read
 * back, is what a list of errors that overflowed may have been about, or one
 * with new errors that name no record. drain->unpolled says that there is more
 * to confirm. stop() ends it early, with nothing confirmed.
 */
enum status confirm_run(struct drain *drain, struct diag *diag);

#endif

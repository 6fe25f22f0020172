#ifndef OMETRIA_CONFIRM_H
#define OMETRIA_CONFIRM_H

/* From accepted to confirmed, or refused after all. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * While something accepted is unconfirmed: wait until the last of it is settle
 * milliseconds old, poll /push/_errors once, refuse what stands there, confirm
 * the rest, contacts by read-back (seen.h) when that is wanted. stop() ends it
 * early, with nothing confirmed.
 */
enum status confirm_run(struct drain *drain, struct diag *diag);

#endif

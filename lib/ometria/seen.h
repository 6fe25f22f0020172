#ifndef OMETRIA_SEEN_H
#define OMETRIA_SEEN_H

/* Accepted contacts are read back until they show. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * Read back the accepted contacts that were not seen yet, each of them or a few
 * of the newest, which then stand for all: GET /contacts/COLLECTION/ID. A
 * contact is seen when every text that was sent is there; consent and times are
 * Ometria's to decide. What does not show is looked for again after the settle
 * time, a few times, and left to the next run; it becomes push-missing when it
 * was accepted long ago.
 */
enum status seen_run(struct drain *drain, struct diag *diag);

#endif

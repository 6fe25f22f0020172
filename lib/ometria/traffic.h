#ifndef OMETRIA_TRAFFIC_H
#define OMETRIA_TRAFFIC_H

/* The batches of a drain: loaded, launched, landed. For lib/ometria alone. */

#include "ometria/flight.h"

size_t traffic_count(const struct drain *drain, enum flight_state state);

/*
 * Write down the answers that have come, let go what is ready, and load and
 * launch what is sendable, when there is room and the rate allows it: one batch
 * under a limit, so that what is more urgent never waits behind more than that.
 * *wait: milliseconds until one that is ready may leave, 0 = none is.
 */
enum status traffic_step(struct drain *drain, int64_t *wait, struct diag *diag);

/* Until something is to be done: an answer, another batch, input, the turn of
 * traffic_step (0 = none), the time. */
void traffic_wait(struct drain *drain, int64_t turn);

#endif

#ifndef OMETRIA_DELIVER_H
#define OMETRIA_DELIVER_H

/* One batch whose intent is written: sent until it has an answer, which is
 * written down. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * doubt: an earlier try may have arrived. answer->verdict: ACCEPTED, UNCLEAR
 * (both are in the journal), REFUSED (left to the caller, who knows the rows),
 * or ENDED (the batch stays in flight, or was dissolved meanwhile).
 */
enum status deliver_batch(struct drain *drain,
    const struct delivery_batch *batch, bool doubt, struct push_answer *answer,
    struct diag *diag);

#endif

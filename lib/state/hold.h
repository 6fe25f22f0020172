#ifndef STATE_HOLD_H
#define STATE_HOLD_H

/*
 * Holds: a customer whose master data failed. Nothing of that customer leaves
 * but its contact, until a newer valid record of the same message type has
 * been folded and its contact is delivered, equal to what Ometria has, or not
 * sendable - or `sync-audit release` (sap-ometria(7)).
 */

#include "state/state.h"

/*
 * The message type of a hold that stands for a contact refused by Ometria: it
 * needs no answer, it lifts when a newer revision of the contact is accepted.
 */
#define HOLD_REJECTED "contact"

/*
 * seq of the failed record; arrival time digits when it is not known. A hold
 * that stands takes the greater seq; facts that are folded already and are not
 * older answer it at once. No customer: nothing happens. Call it in the
 * transaction that raises the exception.
 */
enum status hold_set(struct state *state, struct str customer,
    struct str mestyp, struct str seq, struct diag *diag);
/* A valid record of that type with this seq was folded: it answers a failed one
 * with a smaller seq, or with the same one (the IDoc mended and sent again).
 * What was said of one that a person has released is healed at once. */
enum status hold_answer(struct state *state, struct str customer,
    struct str mestyp, struct str seq, struct diag *diag);
/* Lift every answered hold whose contact is out; called after folding and
 * after deliveries. With the last hold of a customer its exceptions
 * customer-malformed and customer-rejected are healed. hold_lift and
 * hold_release join the caller's transaction or make their own. */
enum status hold_lift(struct state *state, uint64_t *lifted, struct diag *diag);
/* By a person; the exceptions stay open until they are healed or resolved. The
 * failed records that were released, and older ones, hold no more when read
 * again. */
enum status hold_release(struct state *state, struct str customer,
    uint64_t *released, struct diag *diag);

#endif

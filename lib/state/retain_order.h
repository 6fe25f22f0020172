#ifndef STATE_RETAIN_ORDER_H
#define STATE_RETAIN_ORDER_H

/*
 * Orders that ended long ago: shipped, refunded or cancelled, with nothing open
 * about them, and nothing told to Ometria of them since a moment. What was said
 * of their lines and deliveries goes. What stays: the number of the order and
 * those of its documents, so that whatever comes of it later is known to be its
 * own and is ignored by rule order-forgotten; whether its event was sent; and
 * what Ometria has of it.
 */

#include "state/state.h"

/* Look at some rows of the outbox behind *after and forget those orders. Inside
 * a transaction; *more: there are other rows. */
enum status retain_order_step(struct state *state, int64_t before,
    int64_t *after, bool *more, struct diag *diag);

#endif

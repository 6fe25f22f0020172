#ifndef FOLD_ORDER_BODY_H
#define FOLD_ORDER_BODY_H

/*
 * Desired bodies of orders and of their one fulfilment event: canonical JSON,
 * the same view gives the same bytes. Lines carry the SKU in line->product,
 * which the caller fills before.
 */

#include "fold/order_view.h"

void order_body(struct buf *to, const struct order_state *order,
    const struct order_view *view, struct arena *arena);

void order_event_body(struct buf *to, const struct order_state *order,
    const struct order_view *view);

#endif

#ifndef FOLD_ORDER_PARTY_H
#define FOLD_ORDER_PARTY_H

/*
 * One web order has one sold-to party. A sales document that comes to an order
 * of another party is folded but stands apart (fact APART): the order goes on
 * without it until all of them name the same party. Where a document that was
 * part of the order changes its party, the order waits for the others to
 * follow: neither party is sent what may be the other's.
 */

#include "fold/order_remark.h"
#include "state/order.h"

/* A document was folded into the order, or taken out of it (empty). *joins: it
 * was not part of the order before, or had no party. */
void order_party_settle(struct order_state *order, struct str document,
    bool joins);

/* Whether its documents, but for those apart, have two sold-to parties. */
bool order_party_differs(const struct order_state *order);
/* Whether there is nothing wrong with the party of this document. */
bool order_party_fits(const struct order_state *order, struct str document);

/* Say what is wrong: of each document apart, and of the order that waits. */
void order_party_remark(const struct order_state *order,
    struct order_remarks *remarks, struct arena *arena);

/* Leave out of a loaded and joined order what stands apart. Its documents and
 * lines are copied: those of the order in hand stay. */
void order_party_leave(struct order_state *order, struct arena *arena);

#endif

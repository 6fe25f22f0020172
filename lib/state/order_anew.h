#ifndef STATE_ORDER_ANEW_H
#define STATE_ORDER_ANEW_H

/*
 * Orders that are to be worked out anew, because their customer turned out to
 * be a one-time account, or to be none: its orders are a guest's then, with
 * the name of the document, or a customer's; or because a product of theirs is
 * another one now. Whoever folds customers marks the customer, the SKU register
 * marks its rows (sku.moved); whoever folds orders goes through all orders
 * once, a range at a time, since neither has an index of its orders
 * (suppression.c says why). A mark that comes meanwhile begins anew. Orders
 * that name an EAN are known by it. Writing calls stand inside a transaction of
 * the caller.
 */

#include "base/arena.h"
#include "state/state.h"

extern const char order_anew_schema_8[]; /* order_anew, order_anew_pass */

extern const char order_anew_product_schema_8[]; /* order_ean, _due, ... */

/* Orders that one call looks at. */
#define ORDER_ANEW_RANGE 500

enum status order_anew_mark(struct state *state, struct str customer,
    struct diag *diag);
/* A line of an order names this EAN (its key) and nothing else. */
enum status order_anew_by_ean(struct state *state, struct str ean,
    struct str order, struct diag *diag);
/* What product an EAN stands for may have changed. */
enum status order_anew_ean(struct state *state, struct str ean,
    struct diag *diag);
/* Whether any order may be left. */
enum status order_anew_waits(struct state *state, bool *yes, struct diag *diag);
/* Take the orders that an EAN has marked, else those of marked customers and
 * materials in the next range, or end the pass when there is none. */
enum status order_anew_take(struct state *state, struct arena *arena,
    struct str ids[ORDER_ANEW_RANGE], size_t *count, struct diag *diag);

#endif

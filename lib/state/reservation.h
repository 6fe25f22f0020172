#ifndef STATE_RESERVATION_H
#define STATE_RESERVATION_H

/*
 * What open orders will still take out of stock, and what left so lately that
 * its movement may be on the way: rows for each order and item, in thousandths
 * of the unit in which its stock is kept. Whoever folds orders writes it,
 * whoever folds stock subtracts it; what has changed for an item waits in
 * reservation_due until that is done.
 *
 * An item is a material as in state/stock.h, or a SKU (by_sku) where the order
 * names no material. Writing calls stand inside a transaction of the caller.
 */

#include "base/instant.h"
#include "state/product.h"

extern const char reservation_schema_7[]; /* reservation, _due, _pass */

struct reservation {
	struct str item;
	bool by_sku;
	int64_t quantity;
};

struct reservation_times {
	instant until; /* when what is listed ends */
	/* Goods of the order have left: what it takes less than before still
	 * counts until then. INSTANT_NONE: it does not. */
	instant left_until;
};

/* All of an order; the list holds each item once. */
enum status reservation_set(struct state *state, struct str order,
    const struct reservation_times *times, const struct reservation *list,
    size_t count, struct diag *diag);
/* The order is no more. */
enum status reservation_drop(struct state *state, struct str order,
    struct diag *diag);
/* What is reserved no longer goes. */
enum status reservation_expire(struct state *state, instant now,
    struct diag *diag);
/* What is reserved of a SKU over all orders. */
enum status reservation_sum(struct state *state, struct str sku, int64_t *sum,
    struct diag *diag);

/* Whether anything waits. */
enum status reservation_waits(struct state *state, bool *yes,
    struct diag *diag);
/* Take the next item that waits, as its SKU now (empty: it has none);
 * *found false: none does. */
enum status reservation_take(struct state *state, struct arena *arena,
    struct str *sku, bool *found, struct diag *diag);

/*
 * All orders are to be worked out anew, once, when the configuration is not
 * the one that the state remembers, unless orders reserve nothing now.
 * reservation_next takes the next order of those that are left, empty when
 * there is none.
 */
enum status reservation_configure(struct state *state, bool reserve,
    struct hash fingerprint, struct diag *diag);
enum status reservation_next(struct state *state, struct arena *arena,
    struct str *order, struct diag *diag);

#endif

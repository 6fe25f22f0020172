#ifndef ORDER_AGGREGATE_HAND_H
#define ORDER_AGGREGATE_HAND_H

/*
 * The orders in hand: each order of a batch is loaded once, folded into as
 * often as the batch names it, and worked out at the batch's end from what is
 * in hand. Its documents and lines are stored with each record, because other
 * records find it by them; its own row only once (`due`).
 */

#include "base/hash.h"
#include "state/order.h"

struct hand_order {
	struct order_state order;
	bool due; /* its own row is not stored yet */
	bool dropped; /* it is to be loaded again */
};

#define HAND_SLOTS 1024 /* a power of two, twice the orders of a batch */
/* Memory of the orders in hand: a batch of ordinary ones needs less. */
#define HAND_BYTES (2 * 1024 * 1024)

struct hand {
	struct hand_order *slots[HAND_SLOTS];
	size_t count;
};

/* The order, or NULL when it is not in hand. */
struct hand_order *hand_find(const struct hand *hand, struct str id);
/* Take it up, loaded into the arena when it is not in hand yet. */
enum status hand_take(struct hand *hand, struct state *state, struct str id,
    struct arena *arena, struct hand_order **order, struct diag *diag);
/* Store its row, if due, and put it down: what is in the state counts. */
enum status hand_drop(struct hand *hand, struct state *state, struct str id,
    struct diag *diag);
/* Store all rows that are due. */
enum status hand_store(struct hand *hand, struct state *state,
    struct diag *diag);
bool hand_is_full(const struct hand *hand);
/* Put all down; their arena may go. */
void hand_clear(struct hand *hand);

#endif

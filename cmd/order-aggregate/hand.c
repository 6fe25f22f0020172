#include "hand.h"

/* The slot of an id, or the free one where it belongs. */
static size_t
slot_of(const struct hand *hand, struct str id)
{
	size_t slot = (size_t)str_spread(id) & (HAND_SLOTS - 1);

	while (hand->slots[slot] != NULL &&
	       !str_eq(hand->slots[slot]->order.id, id))
		slot = (slot + 1) & (HAND_SLOTS - 1);
	return slot;
}

struct hand_order *
hand_find(const struct hand *hand, struct str id)
{
	struct hand_order *order = hand->slots[slot_of(hand, id)];

	return order != NULL && !order->dropped ? order : NULL;
}

enum status
hand_take(struct hand *hand, struct state *state, struct str id,
    struct arena *arena, struct hand_order **order, struct diag *diag)
{
	size_t slot = slot_of(hand, id);

	*order = hand->slots[slot];
	if (*order != NULL && !(*order)->dropped)
		return STATUS_OK;
	if (*order == NULL) {
		*order = arena_alloc(arena, sizeof(**order));
		hand->slots[slot] = *order;
		hand->count++;
		(*order)->order.id = arena_str(arena, id);
	}
	(*order)->due = (*order)->dropped = false;
	return order_load(state, (*order)->order.id, arena, &(*order)->order,
	    diag);
}

enum status
hand_drop(struct hand *hand, struct state *state, struct str id,
    struct diag *diag)
{
	struct hand_order *order = hand_find(hand, id);

	if (order == NULL)
		return STATUS_OK;
	order->dropped = true;
	return order->due ? order_store(state, &order->order, diag) : STATUS_OK;
}

enum status
hand_store(struct hand *hand, struct state *state, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < HAND_SLOTS && status == STATUS_OK; i++) {
		struct hand_order *order = hand->slots[i];

		if (order == NULL || order->dropped || !order->due)
			continue;
		order->due = false;
		status = order_store(state, &order->order, diag);
	}
	return status;
}

bool
hand_is_full(const struct hand *hand)
{
	return hand->count >= HAND_SLOTS / 2;
}

void
hand_clear(struct hand *hand)
{
	if (hand->count > 0)
		memset(hand, 0, sizeof(*hand));
}

#include "orders.h"

#include "fold/unit.h"

static enum status
touch_next(struct orders *of, struct buf *last, bool *found, struct diag *diag)
{
	static const struct record_src none = { .n = 0 };
	struct state *state = of->aggregate.state;
	struct shipment shipment;
	struct str delivery;
	bool known, ignored;
	enum status status = order_shipment_unlike(state, buf_str(last),
	    &of->arena, &delivery, found, diag);

	if (status != STATUS_OK || !*found)
		return status;
	buf_clear(last);
	buf_add_str(last, delivery);
	status = order_shipment_load(state, delivery, &of->arena, &shipment,
	    &known, diag);
	if (status != STATUS_OK || !known)
		return status;
	return orders_shipment_waits(of, &shipment, &none, &ignored, diag);
}

enum status
orders_review_units(struct orders *of, struct diag *diag)
{
	struct state *state = of->aggregate.state;
	struct hash units = unit_rules_hash(of->rules.config);
	struct buf last = BUF_INIT;
	bool changed, found = true;
	enum status status = order_units_note(state, units, &changed, diag);

	while (status == STATUS_OK && changed && found) {
		arena_reset(&of->arena);
		status = touch_next(of, &last, &found, diag);
	}
	buf_free(&last);
	return status;
}

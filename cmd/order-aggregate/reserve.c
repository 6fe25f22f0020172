#include "orders.h"

#include "base/limits.h"
#include "fold/order_reserve.h"
#include "state/reservation.h"
#include "state/sku_register.h"

/* What one line takes, added to the list. */
static enum status
add_line(struct orders *of, const struct order_view *view,
    const struct order_line *line, struct reservation *list, size_t *count,
    struct diag *diag)
{
	struct str material = line->facts[LINE_MATERIAL].value;
	struct reservation one = { .item = STR_NONE };
	struct str unit = STR_NONE;
	enum status status = sku_register_item(of->aggregate.state, material,
	    &of->arena, &one.item, diag);

	if (status == STATUS_OK && one.item.len == 0) {
		one.item = line->product;
		one.by_sku = true;
	} else if (status == STATUS_OK)
		status = product_unit(of->aggregate.state, one.item, &of->arena,
		    &unit, diag);
	one.quantity = order_line_reserves(view, line, of->rules.config, unit);
	if (status != STATUS_OK || one.item.len == 0 || one.quantity == 0)
		return status;
	for (size_t i = 0; i < *count; i++)
		if (list[i].by_sku == one.by_sku &&
		    str_eq(list[i].item, one.item)) {
			list[i].quantity += one.quantity;
			return status;
		}
	list[(*count)++] = one;
	return status;
}

static int64_t
seconds_of(const struct orders *of, const char *key)
{
	return config_duration(of->rules.config, "stock", NULL, key) / 1000;
}

/*
 * An order of which nothing has been heard for long is not waited for. Goods
 * that left count until their movement is there as well, or they would seem to
 * be back in between.
 */
static struct reservation_times
times_of(const struct orders *of, const struct order_state *order,
    const struct order_view *view)
{
	instant begin = view->placed_at != INSTANT_NONE ? view->placed_at
							: order->confirmed_at;
	int64_t grace = seconds_of(of, "reserve-grace");
	bool left = view->any_shipped && order_reserves(view) && grace > 0;

	return (struct reservation_times){
		.until = begin + seconds_of(of, "reserve-for"),
		.left_until = left ? instant_now() + grace : INSTANT_NONE,
	};
}

enum status
orders_reserve(struct orders *of, const struct order_state *order,
    const struct order_view *view, struct diag *diag)
{
	const struct reservation_times times = times_of(of, order, view);
	bool reserves = order_reserves(view) && times.until > instant_now();
	struct reservation *list;
	enum status status = STATUS_OK;
	size_t count = 0;

	if (!of->reserve || state_is_temporary(of->aggregate.state))
		return STATUS_OK;
	list = arena_array(&of->arena, order->line_count, sizeof(*list));
	for (size_t i = 0;
	     i < order->line_count && reserves && status == STATUS_OK; i++)
		if (order->lines[i].due)
			status = add_line(of, view, &order->lines[i], list,
			    &count, diag);
	return status == STATUS_OK ? reservation_set(of->aggregate.state,
					 order->id, &times, list, count, diag)
				   : status;
}

enum status
orders_unreserve(struct orders *of, struct str id, struct diag *diag)
{
	return of->reserve ? reservation_drop(of->aggregate.state, id, diag)
			   : STATUS_OK;
}

enum status
orders_begin(void *user, struct diag *diag)
{
	static const char *const sections[] = { "stock", "unit", NULL };
	struct orders *of = user;

	return reservation_configure(of->aggregate.state, of->reserve,
	    config_fingerprint(of->rules.config, sections), diag);
}

enum status
orders_reserve_anew(struct orders *of, bool *more, struct buf *output,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	*more = true;
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		struct touched touched = { .id = STR_NONE };

		arena_reset(&of->batch);
		arena_reset(&of->arena);
		status = reservation_next(of->aggregate.state, &of->batch,
		    &touched.id, diag);
		*more = status == STATUS_OK && touched.id.len > 0;
		if (*more)
			status = orders_evaluate(of, &touched, output, diag);
	}
	return status;
}

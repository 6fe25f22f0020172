#include "orders.h"

#include "state/order_anew.h"

/* Orders of customers that became, or ceased to be, one-time accounts. */
static enum status
evaluate_range(struct orders *of, struct buf *output, struct diag *diag)
{
	struct str ids[ORDER_ANEW_RANGE];
	size_t count;
	enum status status;

	arena_reset(&of->batch);
	status =
	    order_anew_take(of->aggregate.state, &of->batch, ids, &count, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct touched touched = { .id = ids[i] };

		arena_reset(&of->arena);
		status = orders_evaluate(of, &touched, output, diag);
	}
	return status;
}

enum status
orders_due(void *user, bool *more, struct buf *output, struct diag *diag)
{
	struct orders *of = user;
	enum status status;

	status = order_anew_waits(of->aggregate.state, more, diag);
	if (status == STATUS_OK && *more)
		return evaluate_range(of, output, diag);
	return status == STATUS_OK ? orders_reserve_anew(of, more, output, diag)
				   : status;
}

enum status
orders_peek(void *user, bool *due, struct diag *diag)
{
	struct orders *of = user;

	return order_anew_waits(of->aggregate.state, due, diag);
}

enum status
orders_idle(void *user, struct diag *diag)
{
	struct orders *of = user;

	return aggregate_idle(&of->aggregate, diag);
}

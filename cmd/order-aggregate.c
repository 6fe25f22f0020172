/* order-aggregate: everything said about an order becomes one desired order
 * and one fulfilment event. */

#include "base/tool.h"
#include "order-aggregate/orders.h"

static const struct tool tool = {
	.name = "order-aggregate",
	.purpose = "fold order, shipment and invoice records into desired "
		   "orders and fulfilment events",
	.synopsis = aggregate_synopsis,
	.options = aggregate_options,
};

static enum status
work(struct tool_run *run)
{
	struct orders orders = {
		.aggregate.filter = {
			.types = UINT32_C(1) << RECORD_ORDER |
			    UINT32_C(1) << RECORD_SHIPMENT |
			    UINT32_C(1) << RECORD_INVOICE,
			.apply = orders_apply,
			.batch_end = orders_batch_end,
			.idle = orders_idle,
			.peek = orders_peek,
			.user = &orders,
		},
		.aggregate.at_end = orders_at_end,
		.aggregate.begin = orders_begin,
		.aggregate.due = orders_due,
		.reserve =
		    config_bool(run->config, "stock", NULL, "reserve"),
	};
	enum status status;

	status = order_rules_open(&orders.rules, run->config, &run->diag);
	if (status == STATUS_OK)
		status = aggregate_run(&orders.aggregate, run);
	orders_free(&orders);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

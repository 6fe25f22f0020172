/* customer-aggregate: SAP's customer records become one desired contact each.
 */

#include "base/tool.h"
#include "customer-aggregate/customer.h"

static const struct tool tool = {
	.name = "customer-aggregate",
	.purpose = "fold SAP's customer records into desired contacts",
	.synopsis = aggregate_synopsis,
	.options = aggregate_options,
};

static enum status
work(struct tool_run *run)
{
	struct customers customers = { .config = run->config };
	enum status status;

	customers.aggregate.filter.types =
	    1U << RECORD_CUSTOMER | 1U << RECORD_CONTACT_POINT;
	customers.aggregate.filter.apply = customers_apply;
	customers.aggregate.filter.batch_end = customers_batch_end;
	customers.aggregate.filter.user = &customers;
	customers.aggregate.at_end = customers_at_end;
	customers.aggregate.filter.idle = customers_idle;
	customers.aggregate.begin = customers_begin;
	customers.aggregate.due = customers_decide_due;
	status = aggregate_run(&customers.aggregate, run);
	customers_free(&customers);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

/* stock-aggregate: goods movements and snapshots become product availability.
 */

#include "base/tool.h"
#include "stock-aggregate/stock.h"

static const struct tool tool = {
	.name = "stock-aggregate",
	.purpose = "fold stock movements and snapshots into availability",
	.synopsis = aggregate_synopsis,
	.options = aggregate_options,
};

static enum status
work(struct tool_run *run)
{
	struct stocks stocks = {
		.rule = stock_rule_of(run->config),
		.sku_rule = sku_rule_of(run->config),
	};
	enum status status;

	stocks.aggregate.filter.types = 1U << RECORD_PRODUCT |
					1U << RECORD_STOCK_MOVEMENT |
					1U << RECORD_STOCK_LEVEL;
	stocks.aggregate.filter.apply = stocks_apply;
	stocks.aggregate.filter.batch_end = stocks_batch_end;
	stocks.aggregate.filter.user = &stocks;
	stocks.aggregate.at_end = stocks_at_end;
	status = aggregate_run(&stocks.aggregate, run);
	stocks_free(&stocks);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

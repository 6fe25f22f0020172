/* stock-aggregate: goods movements and snapshots become product availability.
 */

#include <sys/stat.h>
#include <unistd.h>

#include "base/tool.h"
#include "fold/unit.h"
#include "stock-aggregate/levels.h"

static const struct option options[] = {
	{ "levels", 0, "FILE", "read SAP's stock list instead of records",
	    false, false },
	{ "as-of", 0, "TIME", "when the list was made (default: the file's)",
	    false, false },
	{ "partial", 0, NULL, "what the list does not hold stays as it is",
	    false, false },
	OPTION_STATE,
	OPTIONS_COMMON,
	{ 0 },
};

static const char *const synopsis[] = {
	"[-c FILE] [-s FILE]",
	"[-c FILE] [-s FILE] --levels FILE [--as-of TIME] [--partial]",
	NULL,
};

static const struct tool tool = {
	.name = "stock-aggregate",
	.purpose = "fold stock movements and snapshots into availability",
	.synopsis = synopsis,
	.options = options,
};

static enum status
fold(struct tool_run *run, struct stocks *stocks)
{
	stocks->aggregate.filter.types = 1U << RECORD_PRODUCT |
					 1U << RECORD_STOCK_MOVEMENT |
					 1U << RECORD_STOCK_LEVEL;
	stocks->aggregate.filter.apply = stocks_apply;
	stocks->aggregate.filter.batch_end = stocks_batch_end;
	stocks->aggregate.filter.user = stocks;
	stocks->aggregate.filter.idle = stocks_idle;
	stocks->aggregate.filter.peek = stocks_peek;
	stocks->aggregate.begin = stocks_begin;
	stocks->aggregate.due = stocks_due;
	stocks->aggregate.at_end = stocks_at_end;
	return aggregate_run(&stocks->aggregate, run);
}

/* Seconds by which the clock that a list goes by may be ahead of ours. */
#define CLOCKS_DIFFER 300

static enum status
rule_of(struct tool_run *run, struct levels_rule *rule)
{
	const char *as_of = options_value(&run->options, "as-of");
	struct stat file;

	rule->config = run->config;
	rule->file = options_value(&run->options, "levels");
	rule->partial = options_has(&run->options, "partial");
	rule->comma = strcmp(config_text(run->config, "stock", NULL, "decimal"),
			  "comma") == 0;
	rule->sku = sku_rule_of(run->config);
	rule->as_of = instant_now();
	if (as_of == NULL) {
		if (stat(rule->file, &file) == 0 &&
		    (instant)file.st_mtime < rule->as_of)
			rule->as_of = (instant)file.st_mtime;
	} else if (!instant_parse(str_of(as_of), &rule->as_of))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--as-of' takes a time such as "
		    "2026-03-02T08:00:00Z");
	else if (rule->as_of > instant_now() + CLOCKS_DIFFER)
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--as-of' takes no time of the future");
	return STATUS_OK;
}

/* A list with rows that could not be read is not taken to be whole. */
static enum status
fold_list(struct tool_run *run, struct stocks *stocks)
{
	struct levels levels = { .fd = -1 };
	struct levels_rule rule;
	enum status status = rule_of(run, &rule);

	if (status == STATUS_OK)
		status = levels_read(&levels, &rule, &run->diag);
	if (status == STATUS_OK) {
		stocks->aggregate.fd = levels.fd;
		stocks->listed = &levels.plants;
		stocks->as_of = rule.as_of;
		stocks->whole = levels.faulty == 0 && !rule.partial;
		status = fold(run, stocks);
	}
	if (levels.fd >= 0)
		close(levels.fd);
	names_free(&levels.plants);
	return status;
}

static enum status
work(struct tool_run *run)
{
	struct stocks stocks = {
		.rule = stock_rule_of(run->config),
		.sku_rule = sku_rule_of(run->config),
	};
	enum status status = stocks_load(&stocks, run->config, &run->diag);

	if (status == STATUS_OK)
		status = unit_rules_check(run->config, &run->diag);
	if (status != STATUS_OK)
		;
	else if (options_has(&run->options, "levels"))
		status = fold_list(run, &stocks);
	else if (options_has(&run->options, "as-of") ||
		 options_has(&run->options, "partial"))
		status = diag_set(&run->diag, STATUS_USAGE,
		    "options '--as-of' and '--partial' go with '--levels'");
	else
		status = fold(run, &stocks);
	stocks_free(&stocks);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

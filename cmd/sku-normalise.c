/* sku-normalise: every material number becomes its one canonical SKU. */

#include "base/tool.h"
#include "sku-normalise/check.h"
#include "sku-normalise/mapping.h"
#include "sku-normalise/register.h"
#include "sku-normalise/stream.h"

static const struct option options[] = {
	{ "key", 'k', "PATH,...",
	    "normalise the strings at these dotted paths of any JSON lines",
	    false, false },
	{ "text", 't', NULL, "every line of plain text is one number", false,
	    false },
	{ "map", 0, "FILE", "materials and SKUs that the numbers do not say",
	    true, false },
	{ "check", 0, NULL,
	    "list the SKUs of each of two files that the other has not", false,
	    false },
	{ "json", 0, NULL, "print JSON lines instead of a table", false,
	    false },
	OPTION_STATE,
	OPTIONS_COMMON,
	{ 0 },
};

static const char *const synopsis[] = {
	"[-c FILE] [-s FILE] [--map FILE]",
	"[-c FILE] [--map FILE] --key PATH,...",
	"[-c FILE] [--map FILE] --text",
	"[-c FILE] [-s FILE] --check [-q] [--json] FILE FILE",
	NULL,
};

static const struct tool tool = {
	.name = "sku-normalise",
	.purpose = "give every material number its one canonical SKU",
	.synopsis = synopsis,
	.options = options,
};

static enum status
check_usage(struct tool_run *run, bool by_key, bool by_text, bool check)
{
	if (check && run->options.operand_count != 2)
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--check' takes two files");
	if (check && (by_key || by_text))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--check' goes with neither '--key' nor '--text'");
	if (!check && options_has(&run->options, "json"))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--json' goes with '--check'");
	if (!check && run->options.operand_count > 0)
		return diag_set(&run->diag, STATUS_USAGE,
		    "takes no operands: records come by standard input");
	if (by_key && by_text)
		return diag_set(&run->diag, STATUS_USAGE,
		    "options '--key' and '--text' exclude each other");
	return STATUS_OK;
}

static enum status
load_map(struct tool_run *run, struct sku_rule *rule, struct sku_map **map)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_OK;

	mapping_name(run->config, options_value(&run->options, "map"), &name);
	if (name.len > 0)
		status = sku_map_load(map, &sku_map_skus, name.data, rule,
		    &run->diag);
	rule->map = *map;
	buf_free(&name);
	return status;
}

static enum status
work(struct tool_run *run)
{
	const char *keys = options_value(&run->options, "key");
	const char *state = options_value(&run->options, "state");
	bool by_text = options_has(&run->options, "text");
	struct normaliser normaliser = { .rule = sku_rule_of(run->config) };
	struct sku_map *map = NULL;
	bool check = options_has(&run->options, "check");
	enum status status = check_usage(run, keys != NULL, by_text, check);

	if (status == STATUS_OK && check)
		return check_run(run, run->options.operands,
		    options_has(&run->options, "json"), state, &run->diag);
	if (status == STATUS_OK)
		status = load_map(run, &normaliser.rule, &map);
	if (status == STATUS_OK && keys != NULL)
		status = normalise_paths(&normaliser, keys, &run->diag);
	if (status != STATUS_OK)
		;
	else if (keys != NULL)
		status = stream_run(&normaliser, STREAM_KEYS, run, &run->diag);
	else if (by_text)
		status = stream_run(&normaliser, STREAM_TEXT, run, &run->diag);
	else if (state != NULL)
		status =
		    register_run(&normaliser, run->config, state, &run->diag);
	else
		status =
		    stream_run(&normaliser, STREAM_RECORDS, run, &run->diag);
	normalise_free(&normaliser);
	sku_map_free(map);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

#include "base/tool.h"
#include "idoc-parse/inbox.h"
#include "idoc-parse/intake.h"
#include "idoc-parse/segments.h"

static const struct option option_table[] = {
	{ "format", 0, "NAME", "auto, xml or flat (default auto)", false,
	    false },
	{ "encoding", 0, "NAME", "read all input in this encoding", false,
	    false },
	{ "segments", 0, "FILE",
	    "know the segments of this report of SAP (WE60), too", false,
	    true },
	{ "list-segments", 0, NULL,
	    "print the known segments, or the fields of one", false, false },
	{ "raw", 0, NULL, "print the whole segment tree instead of records",
	    false, false },
	{ "explain", 0, NULL,
	    "print where each value comes from instead of records", false,
	    false },
	OPTION_STATE,
	{ "archive", 0, "DIR", "move files that are settled to DIR", false,
	    false },
	{ "settle", 0, "MS",
	    "leave files of a folder that changed within MS "
	    "(default 200)",
	    false, false },
	{ "wait", 0, "SECONDS",
	    "wait for the pipe to settle what is to be archived "
	    "(default 10)",
	    false, false },
	{ "strict", 0, NULL, "exit 65 instead of 1 when anything was excepted",
	    false, false },
	OPTIONS_COMMON,
	{ 0 },
};

static const char *const synopsis[] = {
	"[-qv] [-c FILE] [-s FILE [--archive DIR] [--wait SECONDS]] "
	"[--format NAME] [--encoding NAME] [--segments FILE] [--settle MS] "
	"[--strict] [PATH ...]",
	"--raw [-qv] [-c FILE] [--format NAME] [--encoding NAME] "
	"[--segments FILE] [PATH ...]",
	"--explain [-qv] [-c FILE] [--format NAME] [--encoding NAME] "
	"[--segments FILE] [PATH ...]",
	"--list-segments [-qv] [-c FILE] [--segments FILE] [SEGMENT]",
	NULL,
};

static const struct tool tool = {
	.name = "idoc-parse",
	.purpose = "read SAP IDocs, write records as JSON lines",
	.synopsis = synopsis,
	.options = option_table,
};

static enum status
choose_format(struct tool_run *run, enum idoc_format *format)
{
	const char *name = options_value(&run->options, "format");

	*format = IDOC_AUTO;
	if (name == NULL || strcmp(name, "auto") == 0)
		return STATUS_OK;
	if (strcmp(name, "xml") == 0)
		*format = IDOC_XML;
	else if (strcmp(name, "flat") == 0)
		*format = IDOC_FLAT;
	else
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--format' takes auto, xml or flat");
	return STATUS_OK;
}

static enum status
check_combination(struct tool_run *run)
{
	static const char *const pairs[][2] = {
		{ "raw", "state" },
		{ "explain", "state" },
		{ "explain", "raw" },
		{ "list-segments", "raw" },
		{ "list-segments", "explain" },
	};
	bool state = options_has(&run->options, "state");

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (options_has(&run->options, pairs[i][0]) &&
		    options_has(&run->options, pairs[i][1]))
			return diag_set(&run->diag, STATUS_USAGE,
			    "options '--%s' and '--%s' exclude each other",
			    pairs[i][0], pairs[i][1]);
	if (options_has(&run->options, "archive") && !state)
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--archive' needs '--state'");
	return STATUS_OK;
}

static enum status
number_option(struct tool_run *run, const char *name, uint64_t standard,
    uint64_t *value)
{
	const char *text = options_value(&run->options, name);

	*value = standard;
	if (text != NULL && !str_to_u64(str_of(text), 86400000, value))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--%s' takes a whole number", name);
	return STATUS_OK;
}

/* Every operand in turn; a missing one is said and costs exit 66. */
static enum status
read_operands(struct tool_run *run, struct inbox *inbox, struct intake *intake)
{
	enum status result = STATUS_OK;

	if (run->options.operand_count == 0)
		return inbox_read(inbox, "-", intake, &run->diag);
	for (size_t i = 0; i < run->options.operand_count; i++) {
		const char *path = run->options.operands[i];
		enum status status =
		    inbox_read(inbox, path, intake, &run->diag);

		if (status == STATUS_NO_INPUT) {
			diag_print(&run->diag, run->tool->name);
			result = status;
		} else if (status != STATUS_OK) {
			return status;
		}
		if (tool_interrupted())
			break;
	}
	return result;
}

static enum status
list_segments(struct tool_run *run)
{
	struct segments segments = { 0 };
	enum status status;

	if (run->options.operand_count > 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--list-segments' takes one segment at most");
	status = segments_load(&segments, run, &run->diag);
	if (status == STATUS_OK)
		status =
		    segments_list(&segments, run, run->options.operands[0]);
	segments_free(&segments);
	return status;
}

static enum status
work(struct tool_run *run)
{
	struct segments segments = { 0 };
	struct intake_options options = {
		.tool = run,
		.raw = options_has(&run->options, "raw"),
		.explain = options_has(&run->options, "explain"),
		.state = options_value(&run->options, "state"),
		.encoding = options_value(&run->options, "encoding"),
	};
	struct inbox inbox = { .archive =
				   options_value(&run->options, "archive") };
	struct intake *intake = NULL;
	enum status status, closed;

	status = check_combination(run);
	if (status == STATUS_OK && options_has(&run->options, "list-segments"))
		return list_segments(run);
	if (status == STATUS_OK)
		status = choose_format(run, &options.format);
	if (status == STATUS_OK)
		status = number_option(run, "settle", 200, &inbox.quiet_ms);
	if (status == STATUS_OK)
		status = number_option(run, "wait", 10, &inbox.wait_seconds);
	if (status == STATUS_OK)
		status = segments_load(&segments, run, &run->diag);
	options.dictionary = segments.dictionary;
	if (status == STATUS_OK)
		status = intake_open(&intake, &options, &run->diag);
	if (status == STATUS_OK) {
		struct diag diag;

		status = read_operands(run, &inbox, intake);
		closed = intake_finish(intake, &diag);
		if (closed != STATUS_OK && status == STATUS_OK) {
			status = closed;
			run->diag = diag;
		}
		if (status == STATUS_OK || status == STATUS_NO_INPUT)
			inbox_archive(&inbox, intake, run);
		if (status == STATUS_OK && intake_excepted(intake) > 0)
			status =
			    options_has(&run->options, "strict")
				? diag_set(&run->diag, STATUS_DATA,
				      "input held IDocs or lines that were excepted")
				: STATUS_FINDINGS;
	}
	closed = intake_close(intake, status);
	inbox_free(&inbox);
	segments_free(&segments);
	return closed;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

#include <signal.h>

#include "base/instant.h"
#include "base/pause.h"
#include "base/tool.h"
#include "idoc-parse/age.h"
#include "idoc-parse/segments.h"
#include "idoc-parse/watch.h"

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
	{ "backfill", 0, NULL,
	    "what is read is history: it leaves last, without events", false,
	    false },
	{ "watch", 0, "DIR", "read what comes into DIR until a signal", false,
	    false },
	{ "poll", 0, "SECONDS",
	    "look into DIR so often: for network file systems", false, false },
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
	"[--backfill] [--format NAME] [--encoding NAME] [--segments FILE] "
	"[--settle MS] [--strict] [PATH ...]",
	"--watch DIR [-qv] [-c FILE] [-s FILE [--archive DIR]] [--poll SECONDS] "
	"[--backfill] [--format NAME] [--encoding NAME] [--segments FILE] "
	"[--settle MS] [--strict]",
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
		{ "raw", "backfill" },
		{ "explain", "backfill" },
		{ "explain", "state" },
		{ "explain", "raw" },
		{ "list-segments", "raw" },
		{ "list-segments", "explain" },
		{ "watch", "raw" },
		{ "watch", "explain" },
		{ "watch", "list-segments" },
		{ "watch", "wait" },
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
	if (options_has(&run->options, "watch") &&
	    run->options.operand_count > 0)
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--watch' takes no operands");
	if (options_has(&run->options, "poll") &&
	    !options_has(&run->options, "watch"))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--poll' needs '--watch'");
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

/* How often the ledger is asked whether files have settled. */
#define SETTLE_POLL_MS 50

struct work {
	struct tool_run *run;
	uint64_t settle_ms, poll, wait_seconds;
	struct segments segments;
	struct intake_options options;
	struct intake *intake;
	struct archive archive;
	struct inbox inbox;
	bool reader_gone;
};

static enum status
read_options(struct work *work)
{
	struct tool_run *run = work->run;
	enum status status;

	work->options = (struct intake_options){
		.tool = run,
		.raw = options_has(&run->options, "raw"),
		.explain = options_has(&run->options, "explain"),
		.backfill = options_has(&run->options, "backfill"),
		.state = options_value(&run->options, "state"),
		.encoding = options_value(&run->options, "encoding"),
	};
	status = choose_format(run, &work->options.format);
	if (status == STATUS_OK)
		status = number_option(run, "settle", 200, &work->settle_ms);
	if (status == STATUS_OK)
		status = number_option(run, "poll", 0, &work->poll);
	if (status == STATUS_OK)
		status = number_option(run, "wait", 10, &work->wait_seconds);
	if (status == STATUS_OK && work->poll == 0 &&
	    options_has(&run->options, "poll"))
		status = diag_set(&run->diag, STATUS_USAGE,
		    "option '--poll' takes at least one second");
	return status;
}

static enum status
open_all(struct work *work)
{
	struct tool_run *run = work->run;
	const char *folder = options_value(&run->options, "archive");
	enum status status =
	    intake_open(&work->intake, &work->options, &run->diag);

	work->inbox = (struct inbox){ .tool = run,
		.intake = work->intake,
		.settle = (int64_t)work->settle_ms * 1000000 };
	if (status == STATUS_OK && folder != NULL) {
		work->inbox.archive = &work->archive;
		status = archive_open(&work->archive, folder, run,
		    intake_state(work->intake), intake_run(work->intake),
		    &run->diag);
	}
	return status;
}

/* Every operand in turn; one that cannot be read is said and costs the exit
 * code. */
static enum status
read_operands(struct work *work)
{
	struct tool_run *run = work->run;
	enum status result = STATUS_OK;

	if (run->options.operand_count == 0)
		return inbox_read(&work->inbox, "-", &run->diag);
	for (size_t i = 0;
	     i < run->options.operand_count && !tool_interrupted(); i++) {
		enum status status = inbox_read(&work->inbox,
		    run->options.operands[i], &run->diag);

		if (status == STATUS_NO_INPUT || status == STATUS_NOT_ALLOWED) {
			diag_print(&run->diag, run->tool->name);
			result = status;
		} else if (status != STATUS_OK) {
			return status;
		}
	}
	return result;
}

static enum status
read_all(struct work *work)
{
	const char *folder = options_value(&work->run->options, "watch");
	struct watch *watch;
	enum status status;

	if (folder == NULL)
		return read_operands(work);
	watch = watch_new(&work->inbox, folder, work->poll * 1000);
	status = watch_run(watch, &work->reader_gone, &work->run->diag);
	watch_free(watch);
	return status;
}

/* Wait, bounded, until the line has settled what is to be archived. */
static void
await_archive(struct work *work)
{
	int64_t until = instant_ticks() + (int64_t)work->wait_seconds * 1000;

	if (work->reader_gone || options_has(&work->run->options, "watch"))
		until = 0;
	while (!archive_pass(&work->archive) && !tool_interrupted() &&
	       instant_ticks() < until)
		pause_for(SETTLE_POLL_MS, tool_interrupted);
	if (work->archive.count > 0)
		tool_say(work->run,
		    "%zu files stay: not all of their IDocs are settled",
		    work->archive.count);
}

static enum status
read_and_finish(struct work *work)
{
	struct tool_run *run = work->run;
	struct diag diag;
	enum status status = read_all(work);
	enum status closed = intake_finish(work->intake, &diag);

	if (closed != STATUS_OK && status == STATUS_OK) {
		status = closed;
		run->diag = diag;
	}
	if (work->inbox.archive != NULL &&
	    (status == STATUS_OK || status == STATUS_NO_INPUT ||
		status == STATUS_NOT_ALLOWED)) {
		await_archive(work);
		if (status == STATUS_OK && !tool_interrupted())
			status = age_pass(&work->archive, &run->diag);
	}
	if (status != STATUS_OK || intake_excepted(work->intake) == 0)
		return status;
	return options_has(&run->options, "strict")
		   ? diag_set(&run->diag, STATUS_DATA,
			 "input held IDocs or lines that were excepted")
		   : STATUS_FINDINGS;
}

static enum status
work(struct tool_run *run)
{
	struct work work = { .run = run };
	enum status status = check_combination(run);

	if (status == STATUS_OK && options_has(&run->options, "list-segments"))
		return list_segments(run);
	if (status == STATUS_OK)
		status = read_options(&work);
	if (status == STATUS_OK)
		status = segments_load(&work.segments, run, &run->diag);
	work.options.dictionary = work.segments.dictionary;
	/* What is said when a lease is broken, see inbox.c: nothing to die of.
	 */
	signal(SIGIO, SIG_IGN);
	if (status == STATUS_OK)
		status = open_all(&work);
	if (status == STATUS_OK)
		status = read_and_finish(&work);
	status = intake_close(work.intake, status, &run->diag);
	archive_free(&work.archive);
	inbox_free(&work.inbox);
	segments_free(&work.segments);
	/* As if it had been noticed by writing. */
	if (work.reader_gone)
		raise(SIGPIPE);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

#include "base/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/instant.h"
#include "base/version.h"

static volatile sig_atomic_t caught;

static void
on_signal(int number)
{
	caught = number;
}

static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool
tool_interrupted(void)
{
	return caught != 0;
}

static enum status
set_clock(struct tool_run *run)
{
	const char *text = options_value(&run->options, "now");
	instant now;

	if (text == NULL)
		return STATUS_OK;
	if (!instant_parse(str_of(text), &now))
		return diag_set(&run->diag, STATUS_USAGE,
		    "option '--now' takes a time such as 2026-01-31T08:00:00Z");
	instant_fix(now);
	return STATUS_OK;
}

/* Help or version, when they were asked for. */
static bool
introduce(const struct tool_run *run)
{
	if (options_has(&run->options, "help"))
		options_help(run->tool);
	else if (options_has(&run->options, "version"))
		printf("%s %s\n", run->tool->name, SAP_OMETRIA_VERSION);
	else
		return false;
	return true;
}

static enum status
prepare(struct tool_run *run)
{
	enum status status;

	run->verbose = options_has(&run->options, "verbose");
	run->quiet = options_has(&run->options, "quiet");
	status = set_clock(run);
	if (status == STATUS_OK)
		status = config_load(&run->config,
		    options_value(&run->options, "config"), &run->diag);
	if (status != STATUS_OK)
		return status;
	tool_note(run, "configuration: %s",
	    config_file(run->config) != NULL ? config_file(run->config)
					     : "no file, defaults");
	return zone_use(config_text(run->config, "sap", NULL, "timezone"),
	    &run->diag);
}

static int
finish(struct tool_run *run)
{
	if (run->status != STATUS_OK && run->status != STATUS_FINDINGS)
		diag_print(&run->diag, run->tool->name);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		diag_errno(&run->diag, STATUS_IO, errno,
		    "cannot write the output");
		diag_print(&run->diag, run->tool->name);
		run->status = STATUS_IO;
	}
	options_free(&run->options);
	config_free(run->config);
	if (caught != 0) {
		signal(caught, SIG_DFL);
		raise(caught);
	}
	return (int)run->status;
}

int
tool_main(const struct tool *tool, enum status (*work)(struct tool_run *),
    int argc, char **argv)
{
	struct tool_run run = { .tool = tool };

	status_tool(tool->name);
	catch_signals();
	fd_widen(STDIN_FILENO);
	fd_widen(STDOUT_FILENO);
	run.status = options_parse(&run.options, tool, argc, argv, &run.diag);
	if (run.status != STATUS_OK || introduce(&run))
		return finish(&run);
	run.status = prepare(&run);
	if (run.status == STATUS_OK)
		run.status = work(&run);
	else if (tool->unprepared != NULL)
		tool->unprepared(&run);
	return finish(&run);
}

static void __attribute__((format(printf, 2, 0)))
say(const struct tool_run *run, const char *format, va_list args)
{
	fprintf(stderr, "%s: ", run->tool->name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void
tool_say(const struct tool_run *run, const char *format, ...)
{
	va_list args;

	if (run->quiet)
		return;
	va_start(args, format);
	say(run, format, args);
	va_end(args);
}

void
tool_note(const struct tool_run *run, const char *format, ...)
{
	va_list args;

	if (!run->verbose)
		return;
	va_start(args, format);
	say(run, format, args);
	va_end(args);
}

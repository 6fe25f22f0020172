#include "base/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/out.h"
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

static bool
finish(struct tool_run *run, enum status status)
{
	run->status = status;
	tool_end(run);
	return false;
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

bool
tool_start(struct tool_run *run, const struct tool *tool, int argc, char **argv)
{
	enum status status;

	*run = (struct tool_run){ .tool = tool };
	catch_signals();
	pipe_widen(STDIN_FILENO);
	pipe_widen(STDOUT_FILENO);
	status = options_parse(&run->options, tool, argc, argv, &run->diag);
	if (options_has(&run->options, "help") && status == STATUS_OK) {
		options_help(tool);
		return finish(run, STATUS_OK);
	}
	if (options_has(&run->options, "version") && status == STATUS_OK) {
		printf("%s %s\n", tool->name, SAP_OMETRIA_VERSION);
		return finish(run, STATUS_OK);
	}
	run->verbose = options_has(&run->options, "verbose");
	run->quiet = options_has(&run->options, "quiet");
	if (status == STATUS_OK)
		status = set_clock(run);
	if (status == STATUS_OK)
		status = config_load(&run->config,
		    options_value(&run->options, "config"), &run->diag);
	if (status == STATUS_OK)
		status =
		    zone_use(config_text(run->config, "sap", NULL, "timezone"),
			&run->diag);
	return status == STATUS_OK ? true : finish(run, status);
}

int
tool_end(struct tool_run *run)
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
	run->config = NULL;
	if (caught != 0) {
		signal(caught, SIG_DFL);
		raise(caught);
	}
	return (int)run->status;
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

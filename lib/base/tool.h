#ifndef BASE_TOOL_H
#define BASE_TOOL_H

/*
 * What every tool does first and last: signals, pipe sizes, options,
 * --help and --version, the configuration, the zone, the clock.
 *
 *	int
 *	main(int argc, char **argv)
 *	{
 *		struct tool_run run;
 *
 *		if (!tool_start(&run, &tool, argc, argv))
 *			return run.status;
 *		run.status = work(&run);
 *		return tool_end(&run);
 *	}
 */

#include "base/config.h"
#include "base/option.h"

struct tool_run {
	const struct tool *tool;
	struct options options;
	struct config *config;
	struct diag diag;
	enum status status; /* the exit code */
	bool verbose, quiet;
};

/*
 * False when the tool is to end now with run->status: help or version was
 * printed, or something is wrong (said on standard error).
 */
bool tool_start(struct tool_run *run, const struct tool *tool, int argc,
    char **argv);

/*
 * Says run->diag when status is neither OK nor FINDINGS, flushes standard
 * output (74 when that fails), frees, re-raises a caught signal, returns the
 * exit code.
 */
int tool_end(struct tool_run *run);

/* Whether SIGINT or SIGTERM asked the tool to end after the work in hand. */
bool tool_interrupted(void);

/* One line on standard error unless --quiet; only with --verbose for note. */
void tool_say(const struct tool_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tool_note(const struct tool_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

#ifndef BASE_TOOL_H
#define BASE_TOOL_H

/*
 * What every tool does first and last: signals, pipe sizes, options,
 * --help and --version, the configuration, the zone, the clock.
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
 * The whole of main(): start, work, end. Help, version and what is wrong with
 * options or configuration are dealt with before work is called. Afterwards
 * run->diag is said when the result is neither OK nor FINDINGS, standard output
 * is flushed (74 when that fails) and a caught signal is raised again.
 */
int tool_main(const struct tool *tool, enum status (*work)(struct tool_run *),
    int argc, char **argv);

/* Whether SIGINT or SIGTERM asked the tool to end after the work in hand. */
bool tool_interrupted(void);

/* One line on standard error unless --quiet; only with --verbose for note. */
void tool_say(const struct tool_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tool_note(const struct tool_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

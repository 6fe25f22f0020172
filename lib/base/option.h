#ifndef BASE_OPTION_H
#define BASE_OPTION_H

/*
 * The command line of a tool as data. One table gives parsing, usage, --help
 * and the tests of the manual pages. Names are never abbreviated; "--" ends
 * options; "-" is an operand. An option with an argument may also be set by
 * the environment as SAP_OMETRIA_<NAME> (upper case, '-' as '_') when its row
 * says so; the command line wins.
 */

#include "base/buf.h"

struct option {
	const char *name; /* long name without dashes */
	char letter; /* 0 = none */
	const char *argument; /* name of its argument in the help, or NULL */
	const char *help; /* one line */
	bool environment; /* may come from SAP_OMETRIA_<NAME> */
	bool repeated; /* may be given several times */
};

/* What stands in every tool's table after its own rows. */
#define OPTIONS_COMMON                                                         \
	{ "config", 'c', "FILE", "read this configuration file", true,         \
		false },                                                       \
	    { "verbose", 'v', NULL, "say more on standard error", false,       \
		    false },                                                   \
	    { "quiet", 'q', NULL, "say less on standard error", false,         \
		    false },                                                   \
	    { "now", 0, "TIME", "take this UTC time as the clock (for tests)", \
		    true, false },                                             \
	    { "help", 'h', NULL, "print this help and exit", false, false },   \
	{                                                                      \
		"version", 'V', NULL, "print the version and exit", false,     \
		    false                                                      \
	}
#define OPTION_STATE                                                           \
	{                                                                      \
		"state", 's', "FILE", "keep and use the state in FILE", true,  \
		    false                                                      \
	}

struct tool_run;

struct tool {
	const char *name;
	const char *purpose; /* one line for --help */
	const char *const *synopsis; /* lines without the name, NULL at end */
	const struct option *options; /* ends with a row of NULL name */
	/* What is done in place of the work when the configuration cannot be
	 * read; or NULL. */
	void (*unprepared)(struct tool_run *run);
};

struct options {
	const struct tool *tool;
	struct {
		const struct option *option;
		const char *value;
		bool environment; /* not from the command line */
	} * given;
	size_t given_count;
	char **operands; /* NULL-terminated, borrowed from argv */
	size_t operand_count;
};

/*
 * Parse argv (and the environment). STATUS_USAGE with diag for an unknown
 * option, a missing, empty or unwanted argument, an option given twice.
 */
enum status options_parse(struct options *options, const struct tool *tool,
    int argc, char **argv, struct diag *diag);
void options_free(struct options *options);

bool options_has(const struct options *options, const char *name);
/* The value, or NULL when the option was not given. */
const char *options_value(const struct options *options, const char *name);
/* The index-th value of a repeated option, NULL behind the last. */
const char *options_nth(const struct options *options, const char *name,
    size_t index);

/* Usage, options and exit codes of the tool on standard output. */
void options_help(const struct tool *tool);

#endif

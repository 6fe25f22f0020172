#ifndef IDOC_PARSE_GATHER_H
#define IDOC_PARSE_GATHER_H

/*
 * Groups of IDocs: with a state, their ledger rows and exceptions are written
 * in one transaction, and only then their records leave. Without a state they
 * leave as they come.
 */

#include "base/spool.h"
#include "base/tool.h"
#include "record/exception.h"
#include "state/ledger.h"
#include "state/run.h"

/* One IDoc or record line, read. Its records (lines, each with newline) are
 * what was appended to gather->records since the last gather_add; texts are
 * copied. */
struct gather_item {
	struct ledger_idoc idoc;
	uint64_t total; /* records */
	const char *code; /* it is an exception: this code, else NULL */
	const char *because; /* a second code to be said with it, or NULL */
	struct str message;
	struct str customer;
	size_t line; /* of the input, 0 = unknown */
	const char *ignored_by; /* it is ignored: the rule, else NULL */
};

struct gather_entry;

struct gather {
	struct state *state;
	const struct tool_run *tool;
	struct run *run;
	struct out out;
	struct spool records; /* of the items, and of the one in hand */
	uint64_t placed; /* bytes of the items' records */
	struct gather_entry *entries;
	size_t count;
	struct arena arena; /* texts of the items */
	struct buf exceptions; /* records of exceptions, written behind */
	uint64_t excepted;
	struct buf unmapped; /* message types said in this run, one a line */
	uint64_t added; /* items so far */
	bool backfill; /* records say that they are history */
	bool deaths; /* some IDoc is under suspicion, see guard.h */
};

void gather_open(struct gather *gather, struct state *state,
    const struct tool_run *tool, struct run *run);
enum status gather_add(struct gather *gather, const struct gather_item *item,
    struct diag *diag);
/* Let records leave that are no business of the ledger (--raw, --explain). */
enum status gather_pass(struct gather *gather, struct diag *diag);
/* A whole file that cannot be read, or is not to be: an exception of it. */
enum status gather_file(struct gather *gather, const char *code,
    const char *file, const char *why, struct diag *diag);
/* The line on standard error of an exception; counts it. */
enum status gather_say(struct gather *gather, const char *code, struct str file,
    size_t line, struct str message);
/* Commit what is gathered and write it. */
enum status gather_flush(struct gather *gather, struct diag *diag);
/* Flush and close standard output, so that the pipe ends. */
enum status gather_close(struct gather *gather, struct diag *diag);
void gather_free(struct gather *gather);

#endif

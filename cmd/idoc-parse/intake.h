#ifndef IDOC_PARSE_INTAKE_H
#define IDOC_PARSE_INTAKE_H

/*
 * From files to standard output: every IDoc is mapped to records, entered in
 * the ledger when there is a state, and written once its ledger rows are
 * committed. What cannot be read or mapped becomes an exception record (and a
 * line on standard error).
 *
 * IDocs are gathered and committed in groups, so that a crash at any point
 * leaves rows that are open, and the next run emits their records again.
 */

#include "base/tool.h"
#include "idoc/reader.h"
#include "state/run.h"

struct intake;

struct intake_options {
	const struct tool_run *tool;
	bool raw;
	bool backfill; /* it is history */
	bool explain; /* tell where values come from, instead of writing them */
	const char *state; /* path, or NULL */
	const char *encoding;
	enum idoc_format format;
	const struct dictionary *dictionary; /* must outlive the intake */
};

enum status intake_open(struct intake **intake,
    const struct intake_options *options, struct diag *diag);
/* Read one descriptor to its end; name is what src.file says. What it held may
 * be gathered still: intake_flush. */
enum status intake_file(struct intake *intake, int fd, const char *name,
    struct diag *diag);
/* A file that cannot be read, or is not to be, is an exception of this code;
 * the others are not to wait. */
enum status intake_skip(struct intake *intake, const char *code,
    const char *name, const char *why, struct diag *diag);
/* Whether nothing in the last file could be read. */
bool intake_unreadable(const struct intake *intake);
/* Whether a signal came before its end: the rest is for the next run. */
bool intake_cut(const struct intake *intake);
/* IDocs and lines in the last file, those that could not be read included. */
uint64_t intake_found(const struct intake *intake);
/* Commit and write what is gathered: no more files are at hand. */
enum status intake_flush(struct intake *intake, struct diag *diag);
/* Commit and write what is gathered, flush and close standard output. */
enum status intake_finish(struct intake *intake, struct diag *diag);
/* Whether writing standard output has failed. */
bool intake_output_failed(const struct intake *intake);
/* IDocs, lines and files that became exceptions in this run. */
uint64_t intake_excepted(const struct intake *intake);
/* NULL without --state. */
struct state *intake_state(struct intake *intake);
const struct run *intake_run(const struct intake *intake);
/* The run has waited so many milliseconds for files. */
void intake_waited(struct intake *intake, int64_t milliseconds);
/* Writes the run row; frees. Returns status, or what closing failed with. */
enum status intake_close(struct intake *intake, enum status status,
    struct diag *diag);

#endif

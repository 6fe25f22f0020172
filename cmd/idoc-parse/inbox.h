#ifndef IDOC_PARSE_INBOX_H
#define IDOC_PARSE_INBOX_H

/*
 * Files: named ones, folders (every file in them, by name, not deeper), and
 * standard input ("-"). A file of a folder is read only when it is quiet:
 * unchanged for quiet_ms. Hidden files and names that end in .tmp, .part or
 * .filepart are somebody's work in progress and are passed over.
 *
 * With an archive, a file whose IDocs are all settled moves there, under a name
 * that never collides; one with nothing readable in it moves to failed/ below
 * the archive. Device, inode, size and time are compared before and after.
 */

#include <sys/stat.h>

#include "intake.h"

struct inbox_file {
	char *path;
	struct stat seen;
	bool unreadable; /* nothing in it could be read */
};

struct inbox {
	uint64_t quiet_ms;
	uint64_t wait_seconds;
	const char *archive; /* NULL = files stay where they are */
	struct inbox_file *files; /* read in this run, not yet archived */
	size_t count;
};

/* STATUS_NO_INPUT when the path does not exist. */
enum status inbox_read(struct inbox *inbox, const char *path,
    struct intake *intake, struct diag *diag);
/* Wait, bounded, until files settle, and move those that did. What cannot be
 * moved is said on standard error and stays. */
void inbox_archive(struct inbox *inbox, struct intake *intake,
    const struct tool_run *run);
void inbox_free(struct inbox *inbox);

#endif

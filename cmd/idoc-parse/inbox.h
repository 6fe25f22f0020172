#ifndef IDOC_PARSE_INBOX_H
#define IDOC_PARSE_INBOX_H

/*
 * Files: named ones, folders with the folders below them (folder.h), and
 * standard input ("-"). Of what lies in a folder the oldest seq is read first.
 *
 * A file of a folder is read only when it is quiet: unchanged for settle, and,
 * where the system can tell, open for writing nowhere. One that does not look
 * finished (peek.h) gets ten times as long. With a state the same holds for
 * named files. Device, inode, size and time are compared before and after
 * reading; a file that changed meanwhile is read again.
 *
 * Symbolic links are refused, as operands too, unless they lead to a pipe.
 */

#include "archive.h"
#include "intake.h"
#include "queue.h"
#include "seen.h"

struct inbox {
	const struct tool_run *tool;
	struct intake *intake;
	int64_t settle; /* nanoseconds */
	bool polling; /* quiet = the same in two scans; else by the clock */
	struct archive *archive; /* NULL = files stay where they are */
	/* A folder is about to be listed; or NULL. */
	enum status (*folder)(void *user, const char *path, struct diag *diag);
	void *user;
	struct queue queue;
	struct seen seen; /* read already */
	struct seen met; /* of those, found by the scan in progress */
	struct seen sighted, sighting; /* polling: in the last scan, in this */
	struct arena arena;
	bool scanning;
	bool noted; /* the ledger knows that files are being read */
	bool link_said, full_said;
	bool unlisted_said; /* by the first scan, for all of them */
};

/* Nanoseconds of a clock that never jumps. */
int64_t inbox_clock(void);

/*
 * Read an operand to its end. STATUS_NO_INPUT or NOT_ALLOWED when it is not
 * there or not to be read: the other operands may be.
 */
enum status inbox_read(struct inbox *inbox, const char *path,
    struct diag *diag);

/*
 * The steps of it, for who watches. What was found is looked into once it has
 * been quiet, and read when it is ready:
 */
enum status inbox_scan(struct inbox *inbox, const char *folder,
    struct diag *diag);
/* A file that was not found by a scan. */
void inbox_offer(struct inbox *inbox, const char *path,
    const struct stat *info);
/* Look at what is due by now. */
void inbox_ripen(struct inbox *inbox);
/* The same after the pause that lets all become quiet that is going to be. */
void inbox_await_quiet(struct inbox *inbox);
/* Read what is ready, commit and write it. */
enum status inbox_read_ready(struct inbox *inbox, struct diag *diag);

void inbox_free(struct inbox *inbox);

#endif

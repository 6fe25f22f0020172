#ifndef BASE_LINES_H
#define BASE_LINES_H

/*
 * Lines from a descriptor, checked for what pipes do to them: a line longer
 * than LIMIT_LINE is skipped and reported, a last line without its newline is
 * reported (a writer died in the middle of it). Memory grows with the longest
 * line, not with the input.
 */

#include "base/buf.h"

enum lines_result {
	LINES_LINE, /* *line is the next one, without its newline */
	LINES_END, /* end of input, or a signal asked the tool to end */
	LINES_TOO_LONG, /* a line over LIMIT_LINE was skipped */
	LINES_UNFINISHED, /* the last bytes have no newline; *line is them */
	LINES_FAILED /* read failed, diag says why */
};

struct lines {
	int fd;
	char *data;
	size_t size;
	size_t begin; /* first byte not yet handed out */
	size_t end; /* behind the last byte read */
	size_t number; /* of the line handed out last, from 1 */
	bool ended;
	bool skipping;
};

void lines_open(struct lines *lines, int fd);
/* Bytes that were read from fd before, to come first; at most 128 KiB. */
void lines_unread(struct lines *lines, struct str start);
void lines_close(struct lines *lines); /* frees memory; fd stays open */

/* The line is valid until the next call. Blocks; restarts on EINTR. */
enum lines_result lines_next(struct lines *lines, struct str *line,
    struct diag *diag);

/*
 * Take all lines, a last one without its newline as well, until one is not OK.
 * DATA: a line is too long. TRY_AGAIN: a signal asked the tool to end.
 */
enum status lines_each(struct lines *lines,
    enum status (*take)(void *user, struct str line, struct diag *diag),
    void *user, struct diag *diag);

/*
 * Whether lines_next would return at once: a whole line is buffered, or input
 * arrives (or ends) within wait milliseconds. A signal ends the wait early.
 */
bool lines_ready(struct lines *lines, int wait);

#endif

#ifndef BASE_OUT_H
#define BASE_OUT_H

/*
 * Buffered output to a descriptor. Every write is checked: a full disk or a
 * closed file gives STATUS_IO (74) and stays failed. SIGPIPE keeps its default.
 */

#include "base/buf.h"

struct out {
	int fd;
	int err; /* errno of the write that failed, 0 = none */
	struct buf held;
};

void out_open(struct out *out, int fd);
/* Appends, and writes when enough is held. */
enum status out_add(struct out *out, struct str bytes, struct diag *diag);
/* The same for a line: bytes and a newline. */
enum status out_line(struct out *out, struct str line, struct diag *diag);
enum status out_flush(struct out *out, struct diag *diag);
/* Flushes and frees; the descriptor is not closed. */
enum status out_close(struct out *out, struct diag *diag);

#endif

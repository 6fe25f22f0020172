#ifndef BASE_FD_H
#define BASE_FD_H

/* Reads and writes on descriptors, restarted after signals and checked. */

#include "base/buf.h"

/*
 * Read up to room bytes; *len 0 is the end of input. STATUS_TRY_AGAIN when a
 * signal asked the tool to end while it waited, STATUS_IO with errno otherwise.
 */
enum status fd_read(int fd, void *to, size_t room, size_t *len,
    struct diag *diag);

/* Whether a read would not wait, or will not within so many milliseconds. */
bool fd_ready(int fd, int wait);

/* Write all bytes; STATUS_IO with errno otherwise. */
enum status fd_write(int fd, struct str bytes, struct diag *diag);

/*
 * A new file for reading and writing that has no name and that nobody else can
 * open, in $TMPDIR or /tmp; -1 with errno. It goes when it is closed.
 */
int fd_unlinked(void);

/* Ask for 1 MiB of pipe buffer; failure does not matter: it is for speed. */
void fd_widen(int fd);

#endif

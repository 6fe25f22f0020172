#ifndef CRASH_UNSYNCED_H
#define CRASH_UNSYNCED_H

/*
 * What a machine that loses its power forgets: writes to files, their
 * truncation, renames and removals that no fsync (of the file, or of the folder
 * of the name) came behind. Each is written down beforehand with what it takes
 * to undo it, in the file UNSYNCED_LOG, which all processes of a line share;
 * what a name loses is kept as a hard link in UNSYNCED_LOG.d.
 *
 * Not undone: the making of a file, which the fsync of the file keeps, and what
 * goes to a file by a mapping.
 *
 * For killpoint.c alone; calls go to the kernel directly.
 */

#include <stddef.h>
#include <sys/types.h>

/* Without UNSYNCED_LOG the others do nothing. */
void unsynced_open(void);

/* at -1: where the descriptor stands, as by write. */
void unsynced_write(int fd, size_t len, off_t at);
void unsynced_truncate(int fd, off_t len);
void unsynced_sync(int fd);
void unsynced_rename(int from_dir, const char *from, int to_dir,
    const char *to);
void unsynced_unlink(int dir, const char *path);

/* Undo what the log says, the newest first: when all processes are dead. */
void unsynced_undo(const char *log);

#endif

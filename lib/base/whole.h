#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

/* A file that is there whole or not at all, whenever the machine stops. */

#include "base/buf.h"

/*
 * Write text to FILE.tmp, sync it, rename it to the file, and sync the folder.
 * mode: of the new file, under the umask. CANNOT_CREATE or IO, with nothing
 * left of it; an older file of that name then stays.
 */
enum status whole_write(const char *file, struct str text, unsigned mode,
    struct diag *diag);

/* The last step of that alone, for a part that was written and synced: it takes
 * the name of the file, in the same folder, and the folder is synced. */
enum status whole_publish(const char *part, const char *file,
    struct diag *diag);

/* A name that was made or removed counts once its folder is on disk as well. */
enum status whole_sync_name(const char *file, struct diag *diag);

/*
 * Move a file to a name that nobody has, in any folder of its file system, and
 * sync both folders. again: it may have been begun before, and is ended from
 * wherever it was left. NO_INPUT when it is not there, CANNOT_CREATE when
 * another file has the name: nothing has moved then. IO: that is not known.
 */
enum status whole_move(const char *from, const char *to, bool again,
    struct diag *diag);

#endif

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

#endif

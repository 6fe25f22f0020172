#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

/*
 * What lies in a folder and in the folders below it, in no order. Passed over:
 * hidden names and lost+found, names that end in .tmp, .part or .filepart
 * (somebody's work in progress), symbolic links, whatever is neither file nor
 * folder, and one folder by its device and inode (the archive).
 */

#include <sys/stat.h>

#include "base/buf.h"

/* Folders in folders: more is a loop of mounts. */
#define FOLDER_DEPTH 32

struct folder_walk {
	const struct stat *except; /* this folder is not entered; or NULL */
	/* A folder is about to be listed; or NULL. */
	enum status (*folder)(void *user, const char *path, struct diag *diag);
	enum status (*file)(void *user, const char *path,
	    const struct stat *info, struct diag *diag);
	/* A symbolic link, or a folder that cannot be listed (err); or NULL. */
	void (*passed)(void *user, const char *path, int err);
	void *user;
};

/*
 * STATUS_NO_INPUT when the folder itself is gone, NOT_ALLOWED or IO when it
 * cannot be listed; folders below it that cannot be are told to passed. Else
 * what a callback returned.
 */
enum status folder_walk(const struct folder_walk *walk, const char *path,
    struct diag *diag);
/* Whether a name in a folder is one to read or enter. */
bool folder_takes(const char *name);

#endif

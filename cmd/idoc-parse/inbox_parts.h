#ifndef IDOC_PARSE_INBOX_PARTS_H
#define IDOC_PARSE_INBOX_PARTS_H

/*
 * What inbox.c (operands), inbox_find.c (what is quiet) and inbox_read.c (what
 * is ready) share; nobody else includes this.
 */

#include "inbox.h"

/* With --verbose: "'path' what". */
void inbox_note_path(const struct inbox *inbox, const char *path,
    const char *what);
/* Whether errno says that the file is not there any more. */
bool inbox_is_gone(int err);
/* A regular file, never through a link, never waiting; -1 with errno. */
int inbox_open_file(const char *path, struct stat *info);
/* Commit and write what was gathered: the files of it have been read. */
enum status inbox_flush(struct inbox *inbox, struct diag *diag);
/*
 * With a state the ledger knows what is being read; a file that somebody died
 * of is read alone, or set aside. *go: it may be read.
 */
enum status inbox_note_reading(struct inbox *inbox,
    const struct queue_file *file, bool *go, struct diag *diag);

#endif

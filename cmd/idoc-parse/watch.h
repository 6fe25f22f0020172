#ifndef IDOC_PARSE_WATCH_H
#define IDOC_PARSE_WATCH_H

/*
 * A folder, and the folders below it, for as long as the process lives: first
 * what lies there, the oldest seq first, then each file once it is quiet.
 *
 * inotify tells of files that were closed or moved in; a scan every minute, and
 * whenever events were lost or folders came and went, finds what it cannot
 * tell. Where it is blind (network file systems) or its limits are reached, the
 * folder is scanned again and again (poll).
 */

#include "inbox.h"

struct watch;

/* poll: milliseconds between scans, 0 = by inotify. */
struct watch *watch_new(struct inbox *inbox, const char *folder, uint64_t poll);
/*
 * Returns STATUS_OK when a signal asked for the end or the reader of standard
 * output went away (*reader_gone), STATUS_NO_INPUT when the folder did.
 */
enum status watch_run(struct watch *watch, bool *reader_gone,
    struct diag *diag);
void watch_free(struct watch *watch);

#endif

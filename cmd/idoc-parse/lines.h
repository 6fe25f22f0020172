#ifndef IDOC_PARSE_LINES_H
#define IDOC_PARSE_LINES_H

/* Record files in the inbox: JSON lines, written there by the shop. */

#include "gather.h"

/*
 * Pass the lines of fd on; start holds the bytes already read. With a state
 * each line is an IDoc of one record in the ledger, and lines without src are
 * stamped with it; without a state they pass byte for byte. A line that is no
 * record becomes a record-invalid exception. *cut: a signal came before its
 * end.
 */
enum status lines_pass(struct gather *gather, int fd, const char *name,
    struct str start, bool *cut, struct diag *diag);

#endif

#ifndef AUDIT_UNARCHIVE_H
#define AUDIT_UNARCHIVE_H

/* An archived file goes back to where it was read. */

#include "base/status.h"

/*
 * Move it, and take away the page beside it that says what was wrong. again: it
 * may have been begun before. Fails as whole_move does.
 */
enum status unarchive(const char *from, const char *to, bool again,
    struct diag *diag);

#endif

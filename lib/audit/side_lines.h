#ifndef AUDIT_SIDE_LINES_H
#define AUDIT_SIDE_LINES_H

/*
 * SAP's side from desired records: read, sorted and made into payloads by a
 * process of its own, while this one is busy with Ometria's. For
 * lib/audit/side_sap alone.
 */

#include "audit/side.h"

struct side_lines;

/* The descriptor is read by the child; nothing of it is consumed here. */
enum status side_lines_start(struct side_lines **lines,
    const struct side_plan *plan, int fd, struct diag *diag);
/* The next in order, of several with one id the last; valid until the next
 * call. What the child says it died of is the status. */
enum status side_lines_next(struct side_lines *lines, struct str *key,
    struct str *payload, bool *found, struct diag *diag);
/* Records whose payload breaks a limit; known at the end. */
uint64_t side_lines_unfit(const struct side_lines *lines);
void side_lines_free(struct side_lines *lines); /* NULL is fine */

#endif

#ifndef AUDIT_LIST_H
#define AUDIT_LIST_H

/* The exceptions as lines, and what a person decides about them. */

#include "base/out.h"
#include "state/exceptions.h"

/*
 * Tab-separated with a header: code, severity, owner, subject (type:id),
 * customer, age, count, message; or exception records (json). *count = how many
 * are open.
 */
enum status list_exceptions(struct state *state, struct out *out, bool all,
    bool json, uint64_t *count, struct diag *diag);

/*
 * Note that somebody knows about it, or close it. name is code:type:id, type:id
 * or code. *count = how many open ones it named. Own transaction.
 */
enum status list_ack(struct state *state, struct str name, struct str by,
    uint64_t *count, struct diag *diag);
enum status list_resolve(struct state *state, struct str name, struct str by,
    uint64_t *count, struct diag *diag);

#endif

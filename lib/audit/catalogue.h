#ifndef AUDIT_CATALOGUE_H
#define AUDIT_CATALOGUE_H

/* The table of exceptions as text: whose each is, what it means, what to do. */

#include "base/buf.h"

/*
 * Tab-separated below a header: code, severity, owner, who closes it (itself,
 * person or either), section of the runbook, meaning, next action, what else
 * there is to know; or one JSON object a line. Severities and owners are the
 * built-in ones.
 */
void catalogue_write(struct buf *to, bool json);

#endif

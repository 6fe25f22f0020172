#ifndef AUDIT_METRICS_H
#define AUDIT_METRICS_H

/*
 * The numbers of lib/audit/health in the text format that Prometheus and its
 * node exporter read (textfile collector): HELP, TYPE, then a line for each
 * value. Names begin with sap_ometria_ and end with their unit.
 */

#include "audit/health.h"

/* health NULL: the state could not be read; only that is said. now: seconds. */
void metrics_write(struct buf *to, const struct health *health, instant now);

#endif

#ifndef AUDIT_BALANCE_H
#define AUDIT_BALANCE_H

/*
 * The proof that nothing is lost: per message type, IDocs = settled + open and
 * records = folded + superseded + duplicate + excepted + ignored + open, and
 * open is nothing. Everything is counted from the rows themselves, never from
 * the marks that the tools keep for speed; the marks are checked against it,
 * and so is the number of IDocs that the runs of idoc-parse say they read.
 * Fulfilment events that were left out are counted by the rule, and those that
 * were not are looked for in the outbox.
 */

#include "state/state.h"

struct balance_plan {
	bool all; /* list every IDoc that does not balance */
	bool daily; /* a row for each message type and day, not only type */
};

/*
 * Append a table, a line for each IDoc that does not balance (at most 100
 * unless all) with its number and file, and a verdict.
 */
enum status balance_write(struct state *state, struct buf *to,
    struct balance_plan plan, bool *holds, struct diag *diag);

#endif

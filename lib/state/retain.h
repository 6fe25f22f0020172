#ifndef STATE_RETAIN_H
#define STATE_RETAIN_H

/*
 * What the state may forget of before a moment, so that it does not grow for
 * ever: settled IDocs with the outcomes of their records, the names of their
 * files, ended runs but the last of each tool, and closed exceptions. Of each
 * IDoc eight bytes stay, by which it is a duplicate when it comes again; of all
 * of them, what the balance counts.
 *
 * Orders that have ended go by an age of their own (retain_order.h).
 *
 * What stays: other folded entities, the outbox and what Ometria has, ids of
 * events, the suppression list; IDocs that are not settled, or of which a
 * record was excepted or is still to be confirmed; and, where sap-status tells
 * SAP, IDocs of which SAP was not told: it does when it ran within the time
 * retained. A movement goes when a snapshot covers it (stock.h), a delivery and
 * a trace by ages of their own (deadline.h).
 */

#include "record/record.h"
#include "state/state.h"

/* The day of an IDoc `AS i` in the balance: on which SAP made it, else on which
 * it was read. */
#define RETAIN_DAY                                                             \
	"coalesce(substr(i.seq, 1, 4) || '-' || substr(i.seq, 5, 2)"           \
	" || '-' || substr(i.seq, 7, 2), date(i.first_at, 'unixepoch'))"

/* Which IDocs SAP knows by their number, and is told of. */
#define RETAIN_TOLD "length(docnum) = 16 AND docnum NOT GLOB '*[^0-9]*'"

/* The least time from the end of a pass to the next one, seconds. */
#define RETAIN_PAUSE 3600

/* Milliseconds; 0: it is kept. */
struct retain_ages {
	int64_t all; /* but orders */
	int64_t orders;
};

/* Whether anything ages at all. */
bool retain_forgets(const struct retain_ages *ages);

/*
 * Forget in transactions of 200 rows or 50 orders, a few milliseconds each, at
 * most so many (from 1) of them; the next call goes on from there. *more: a
 * pass is not at its end. Nothing happens within RETAIN_PAUSE of the end of the
 * last one.
 */
enum status retain_pass(struct state *state, const struct retain_ages *ages,
    size_t steps, bool *more, struct diag *diag);

/* SAP is told what becomes of its IDocs, now. A transaction of its own. */
enum status retain_telling(struct state *state, struct diag *diag);

/* Whether an IDoc that the ledger does not have was settled and is forgotten:
 * the same number with the same content. */
enum status retain_knows(struct state *state, const struct record_src *src,
    struct hash hash, bool *known, struct diag *diag);
/* idoc-parse has read such a one again. Inside a transaction. */
enum status retain_sight(struct state *state, struct str mestyp,
    struct diag *diag);

#endif

#ifndef STATE_OUTBOX_H
#define STATE_OUTBOX_H

/*
 * The outbox: one row per Ometria record, holding what it should look like
 * (revision and hash of the body) and what Ometria has accepted and confirmed.
 * A row is pending when the two differ; newer revisions replace older ones, so
 * that nothing old can be delivered late. Delivered is said of a revision,
 * never of a row. Revisions of a row only grow, except that a revert goes back
 * to the accepted one; a number once used never stands for another body.
 */

#include "record/desired.h"
#include "state/state.h"

enum lane {
	LANE_URGENT, /* opt-outs, availability flips, provisional orders */
	LANE_LIVE,
	LANE_BACKFILL
};

enum outbox_change {
	OUTBOX_SAME, /* Ometria has it, or it is already waiting */
	OUTBOX_QUEUED, /* a new revision waits */
	OUTBOX_REVERTED /* equal to what Ometria has: the waiting one is void */
};

/*
 * Put a desired record; desired->rev is set to the revision that stands for it,
 * desired->backfill to whether it waits as history.
 * body must be canonical (same facts, same bytes): its hash decides.
 * Hash of the body alone (sap-ometria(7)). An order takes
 * a waiting contact of its customer with it into its own, faster lane. The
 * order_id in the body of an event is the order it waits for. Inside a
 * transaction.
 */
enum status outbox_put(struct state *state, struct desired *desired,
    enum lane lane, enum outbox_change *change, struct diag *diag);

/*
 * What is put from now on says live records, which is so at first, or history:
 * all of that but opt-outs waits in the backfill lane, behind what is live. Or
 * no record says it, but time or a configuration: what is news then is live,
 * and what waits as history goes on to. A desired record may say itself that it
 * is history.
 */
enum outbox_age {
	OUTBOX_LIVE,
	OUTBOX_HISTORY,
	OUTBOX_DUE
};
void outbox_set_age(struct state *state, enum outbox_age age);

/* Withhold or let go a row (order-totals-mismatch, event grace). until
 * INSTANT_NONE = let go, INT64_MAX = until told otherwise. Lasts over new
 * revisions; nothing happens when there is no such row. */
enum status outbox_withhold(struct state *state, enum desired_kind kind,
    struct str id, int64_t until, struct diag *diag);

/* Drop a row that no send intent was ever written for. */
enum status outbox_forget(struct state *state, enum desired_kind kind,
    struct str id, struct diag *diag);

struct outbox_row {
	enum desired_kind kind;
	struct str id;
	uint64_t rev;
	uint64_t
	    last_rev; /* the greatest ever given: after a revert over rev */
	struct hash hash;
	struct str customer;
	struct str body;
	enum lane lane;
	int64_t queued_at;
	uint64_t accepted_rev; /* last revision Ometria accepted, 0 = none */
	uint64_t confirmed_rev; /* last revision known to be stored */
	uint64_t refused_rev; /* last revision Ometria refused, 0 = none */
	uint64_t intent_rev; /* last revision a send intent was written for */
	uint64_t said; /* fields that Ometria may have of it, see
			  ometria/said.h */
};

/* One row by key; *found false when there is none. Texts live in the arena. */
enum status outbox_get(struct state *state, enum desired_kind kind,
    struct str id, struct arena *arena, struct outbox_row *row, bool *found,
    struct diag *diag);

/* What the next batch may be of. */
struct outbox_want {
	size_t max; /* rows */
	bool no_events; /* they may not leave now, however many wait */
	/*
	 * The batch before this one was of another kind. Contacts, but those
	 * of the backfill, then go before the rest, so that a burst of orders,
	 * urgent ones included, delays a customer's update by one batch at
	 * most.
	 */
	bool contacts_first;
};

/*
 * Sendable rows of one kind, in the order in which they are to leave: urgent
 * lane first, then by age. Sendable: pending, not withheld, not refused in this
 * revision, not in flight, its pause (delivery_returned) over, its customer not
 * held (contacts are exempt), no contact of its customer waiting (one that
 * Ometria refused does not count), an event's order accepted. Not before the
 * gap ([ometria] gap) behind the acceptance of an older revision either, unless
 * that was seen in Ometria: it promises no order of processing. A product gates
 * nothing. *kind is chosen: the first of lane and dependency order that has
 * rows. *count 0: nothing is sendable now.
 */
enum status outbox_batch(struct state *state, struct arena *arena,
    const struct outbox_want *want, struct outbox_row *rows, size_t *count,
    enum desired_kind *kind, struct diag *diag);

/* Make refused revisions sendable again, of one record or (id empty) of all.
 * Joins a transaction or makes its own. */
enum status outbox_retry(struct state *state, enum desired_kind kind,
    struct str id, uint64_t *retried, struct diag *diag);

/*
 * What Ometria has, of one record or (id empty) of all of a kind, is to be sent
 * once more, as a new revision. What waits, is refused or was never sent is
 * none of it; nor are events, which must not come twice.
 */
enum status outbox_resend(struct state *state, enum desired_kind kind,
    struct str id, uint64_t *resent, struct diag *diag);

/* What is waiting: all pending rows, and those that are sendable now. */
struct outbox_backlog {
	uint64_t pending;
	uint64_t sendable;
	uint64_t held;
	uint64_t withheld;
	uint64_t refused;
	uint64_t in_flight;
	int64_t oldest; /* queued_at of the oldest pending row */
};
enum status outbox_backlog(struct state *state, enum desired_kind kind,
    struct outbox_backlog *backlog, struct diag *diag);

#endif

#ifndef STATE_DELIVERY_H
#define STATE_DELIVERY_H

/*
 * The journal of deliveries. Intent (the exact bytes and the revisions in
 * them) is committed before a request leaves, the result after its answer. A
 * batch that a crash left without a result is sent again with the same bytes
 * while all its members still stand, else it is dissolved.
 *
 * Every call joins the caller's transaction when there is one (so that an
 * exception and a hold stand or fall with the refusal they are about), else it
 * is a transaction of its own.
 */

#include "state/outbox.h"

struct delivery_batch {
	int64_t id;
	enum desired_kind kind;
	struct str bytes; /* the request body */
	size_t count;
};

/*
 * Write the intent; marks the rows as in flight. STATUS_TRY_AGAIN when a row
 * changed, or something keeps it back since outbox_batch gave it: nothing is
 * written then, ask outbox_batch again.
 */
enum status delivery_intend(struct state *state, const struct outbox_row *rows,
    size_t count, struct str bytes, int64_t *batch, struct diag *diag);

/*
 * The oldest intent without a result behind the batch `after` (0 = any) whose
 * members all still stand; *found false when there is none. Dissolves those on
 * the way that do not: what they sent may or may not have arrived, so their
 * rows are queued again. Texts live in the arena.
 */
enum status delivery_pending(struct state *state, struct arena *arena,
    int64_t after, struct delivery_batch *batch, bool *found,
    struct diag *diag);
/* Whether an intent without a result may go out again as it is; else it is
 * dissolved. */
enum status delivery_stands(struct state *state, int64_t batch, bool *yes,
    struct diag *diag);

/* Results; each removes the in-flight bytes. */
enum status delivery_accepted(struct state *state, int64_t batch,
    struct str request_id, struct diag *diag);
/* Not sent or certainly not stored: rows are sendable again after pause ms
 * by instant_now_ms, 0 = at once. */
enum status delivery_returned(struct state *state, int64_t batch, int64_t pause,
    struct str why, struct diag *diag);
/*
 * Exactly one record of kind and id was refused in this revision, in flight or
 * accepted before: it is no longer sendable until it changes or is retried.
 * It leaves its batch; the batch of one record is ended by it, a larger one
 * still wants its delivery_accepted or delivery_returned.
 */
enum status delivery_refused(struct state *state, enum desired_kind kind,
    struct str id, uint64_t rev, struct str why, struct diag *diag);

/* Confirm what was accepted at least settle ms ago, is not doubted and need not
 * be seen (state/seen.h); *waiting = what is accepted and still not confirmed.
 */
enum status delivery_confirm(struct state *state, int64_t settle,
    uint64_t *confirmed, uint64_t *waiting, struct diag *diag);
/* The last delivery that was begun when this request was answered, 0 = it is
 * none of ours: later ones reached Ometria after it. */
enum status delivery_of_request(struct state *state, struct str request_id,
    int64_t *delivery, struct diag *diag);
/* The same of the last one that was answered by then. */
enum status delivery_answered_by(struct state *state, instant at,
    int64_t *delivery, struct diag *diag);
/* How many records are accepted and not yet confirmed. */
enum status delivery_unconfirmed(struct state *state, uint64_t *waiting,
    struct diag *diag);
/*
 * The revision of a record that an error under this request is about; 0 = none:
 * the request is not ours, or the revision was sent again since. A request that
 * is not known is taken for one that was accepted without telling its number
 * (the answer was lost, and the event found in Ometria).
 */
enum status delivery_find(struct state *state, struct str request_id,
    enum desired_kind kind, struct str id, uint64_t *rev, struct diag *diag);

/* How many records of a kind left, or were to leave, since then. */
enum status delivery_since(struct state *state, enum desired_kind kind,
    int64_t since, uint64_t *records, struct diag *diag);

/* Only one process drains: a lock on FILE-push. STATUS_TRY_AGAIN when taken. */
enum status delivery_lock(struct state *state, int *fd, struct diag *diag);
void delivery_unlock(int fd);

#endif

#ifndef STATE_SEEN_H
#define STATE_SEEN_H

/*
 * What read-back found out: an accepted revision is verified when Ometria shows
 * it. Doubted is an accepted revision that a clean list of errors does not
 * confirm, because the list overflowed, the answer did not add up, or it is an
 * opt-out, which law wants to be seen; it is confirmed by being seen alone.
 *
 * Rows that count here are those whose accepted revision is the desired one:
 * what is on its way needs no look. Calls that write join the caller's
 * transaction when there is one.
 */

#include "state/outbox.h"

/*
 * Whether all has to be seen in Ometria before it counts as confirmed; orders
 * and events wait for that of their contact then. Kept in the state, for all
 * who ask what is sendable.
 */
enum status seen_want_all(struct state *state, bool all, struct diag *diag);

struct seen_row {
	enum desired_kind kind;
	struct str id, customer, body;
	uint64_t rev, said; /* as in struct outbox_row */
	bool lost; /* SEEN_DOUBT_LOST */
	bool looked; /* it was looked for before, and did not show */
	int64_t age; /* milliseconds since it was accepted */
};

enum seen_doubt {
	SEEN_DOUBT_NONE,
	SEEN_DOUBT_UNTOLD, /* it may not have been stored */
	SEEN_DOUBT_LOST /* an error about it may have come and gone */
};

/* Which accepted rows of a kind. */
enum seen_which {
	SEEN_UNCONFIRMED, /* by id */
	SEEN_DOUBTED, /* by id */
	SEEN_NEWEST, /* unconfirmed, newest first, of what left last; none while
			one of the kind is doubted */
	SEEN_UNVERIFIED, /* by id; or verified before it had settled */
	SEEN_UNVERIFIED_NEWEST,
	SEEN_UNVERIFIED_OLDEST,
	SEEN_ALL, /* by id */
	SEEN_ID /* the one with the id `after` */
};

struct seen_query {
	enum desired_kind kind;
	enum seen_which which;
	/* Milliseconds after its acceptance before which a look is not the
	 * last: an older revision may still come. For SEEN_UNVERIFIED*. */
	int64_t settled;
	/* Only where the last look is a quarter of the age ago, so that what
	 * never shows is asked for ever less. SEEN_UNCONFIRMED, _DOUBTED. */
	bool due;
	struct str after; /* the id behind which to begin, where by id */
	size_t max;
};

/* Up to query->max rows. Texts live in the arena. */
enum status seen_rows(struct state *state, const struct seen_query *query,
    struct arena *arena, struct seen_row *rows, size_t *count,
    struct diag *diag);
/* How many there are, and when the oldest was accepted (seconds). */
enum status seen_count(struct state *state, const struct seen_query *query,
    uint64_t *count, int64_t *oldest, struct diag *diag);

/* Ometria shows this revision: confirmed and verified. Closes its push-missing
 * and push-differs. */
enum status seen_mark(struct state *state, enum desired_kind kind,
    struct str id, uint64_t rev, struct diag *diag);

/* The accepted records of these deliveries are doubted; from 0 = from the
 * first. */
enum status seen_doubt(struct state *state, enum seen_doubt doubt, int64_t from,
    int64_t upto, struct diag *diag);
/* It did not show when it was looked for last: doubted. */
enum status seen_absent(struct state *state, enum desired_kind kind,
    struct str id, uint64_t rev, struct diag *diag);
/* Whether the list of errors is the one of the last call; it is remembered. */
enum status seen_list_known(struct state *state, struct hash list, bool *known,
    struct diag *diag);
/* Opt-outs that were accepted are doubted; and push-unconfirmed are closed of
 * requests, and of the list, of which nothing is doubted any more. */
enum status seen_review(struct state *state, struct diag *diag);

/*
 * Queue the same body as a new revision; *queued is false when this revision is
 * not the desired one any more, or, with once, a repetition itself. An event is
 * thereby one that may be there: it is looked for before it leaves.
 */
enum status seen_again(struct state *state, enum desired_kind kind,
    struct str id, uint64_t rev, bool once, bool *queued, struct diag *diag);

#endif

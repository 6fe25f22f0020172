#ifndef STATE_GOODS_ISSUE_H
#define STATE_GOODS_ISSUE_H

/*
 * Goods issues as the messages of a delivery tell of them: each says anew what
 * has left, and when. All of them are kept, so that what has left by a time is
 * known in whatever order messages and snapshots came: goods that are taken
 * back after a snapshot has counted them go back from then on.
 *
 * Writing calls stand inside a transaction of the caller.
 */

#include "state/stock.h"

extern const char goods_issue_schema_8[]; /* goods_issue */

/* What one message says of an item of a delivery. */
struct goods_issue {
	struct str item, plant, location;
	struct str seq; /* of the message; empty: there is none */
	instant at; /* goods issue, or the message's own time */
	int64_t delta; /* 0: nothing has left, or all was taken back */
};

/* Keep one; *added is false when it is there already. */
enum status goods_issue_add(struct state *state, struct str item,
    const struct stock_fact *fact, bool *added, struct diag *diag);
/* The messages of the same identity right before and right after this seq.
 * Texts live in the arena. */
enum status goods_issue_beside(struct state *state, struct str id,
    struct str seq, struct arena *arena, struct goods_issue *before,
    struct goods_issue *after, struct diag *diag);
/* All of one item goes to another. */
enum status goods_issue_move(struct state *state, struct str from,
    struct str to, struct diag *diag);
/* How long after it goods issue may be taken back, in seconds. */
#define GOODS_ISSUE_KEPT (INT64_C(90) * 24 * 3600)
/* Drop what is older, so much at a time that no transaction is long. */
enum status goods_issue_prune(struct state *state, instant now,
    struct diag *diag);

#endif

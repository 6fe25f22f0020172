#ifndef OMETRIA_LIMITER_H
#define OMETRIA_LIMITER_H

/*
 * Never more than so many requests in any second, over all processes on one
 * state: the last send times stand in the side file STATE-rate, milliseconds
 * of the boot clock (which no clock change touches), read and written under a
 * lock. A temporary state keeps them in memory. Nobody waits inside the lock.
 *
 * A time is never earlier than the request left: it is counted before it leaves
 * and, when it leaves late, counted anew from then on, and again and again for
 * as long as it has not left at all. What comes a window behind all that are
 * counted is a window behind all that left.
 */

#include "base/buf.h"

#define LIMITER_MAX 1000 /* requests a second that can be asked for */
/*
 * The window in milliseconds. A little over a second, because what counts is
 * the time of arrival: two requests may travel at different speeds.
 */
#define LIMITER_WINDOW 1020
/* A request that leaves so much later is counted anew; less is within what the
 * window is over a second. */
#define LIMITER_LATE 5

/* Deletion requests: so many in any minute, in a side file of their own. */
#define LIMITER_ERASE 6
#define LIMITER_ERASE_WINDOW 60020

struct limiter {
	int fd; /* of the side file, -1 = in memory */
	size_t rate; /* 0 = no limit */
	int64_t window; /* milliseconds */
	int64_t times[LIMITER_MAX];
	size_t count;
	int64_t last; /* the time that was counted last */
};

/* path: of the state file, NULL when it is temporary. rate 0 = no limit. */
enum status limiter_open(struct limiter *limiter, const char *path, size_t rate,
    struct diag *diag);
/* The bucket of deletion requests, STATE-rate-erase. */
enum status limiter_open_erase(struct limiter *limiter, const char *path,
    struct diag *diag);
void limiter_close(struct limiter *limiter);

/*
 * Wait until a request may leave, and count it. A true stop() ends the wait:
 * the request is not counted then, and must not leave.
 */
enum status limiter_take(struct limiter *limiter, bool (*stop)(void),
    struct diag *diag);

/* The same without waiting: *wait = 0: it may leave, else in so many
 * milliseconds one may ask again. */
enum status limiter_try(struct limiter *limiter, int64_t *wait,
    struct diag *diag);

/*
 * A request that was counted at `from` (limiter->last, or the `to` before) left
 * only at `to`, or has not left by then, since its connection has to be made:
 * it counts from then on.
 */
enum status limiter_late(struct limiter *limiter, int64_t from, int64_t to,
    struct diag *diag);

/* The clock of the send times: milliseconds since the system started. */
int64_t limiter_clock(void);

/*
 * The rule alone: with these send times (oldest first), may a request leave at
 * `now`? 0 = yes, and it is counted; else the milliseconds to wait. Times
 * later than now are of an earlier boot and are forgotten.
 */
int64_t limiter_rule(int64_t times[LIMITER_MAX], size_t *count, size_t rate,
    int64_t window, int64_t now);
/* One of these times is later than it was said; missing, it is put in. */
void limiter_move(int64_t times[LIMITER_MAX], size_t *count, int64_t from,
    int64_t to);

#endif

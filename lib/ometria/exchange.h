#ifndef OMETRIA_EXCHANGE_H
#define OMETRIA_EXCHANGE_H

/*
 * Requests one after the other, and the pauses of all: within the rate, again
 * after connection failures, 429 and 5xx, with exponential backoff and jitter
 * or Retry-After, until drain->timeout has passed without an answer. Batches
 * that are out go on meanwhile. For lib/ometria and lib/audit.
 */

#include "ometria/drain.h"

/*
 * Wait for the rate and send once; drain->response is the answer. *verdict is
 * AGAIN when none came, ENDED when stop() said so before it was sent, and
 * ACCEPTED for any answer that is to be judged by the caller.
 */
enum status exchange_once(struct drain *drain, const char *method,
    const char *path, struct str body, enum push_verdict *verdict, char *why,
    size_t why_size, struct diag *diag);

/*
 * GET until there is an answer that is not "again"; *code is its HTTP status,
 * 0 when stop() came first, and drain->response the answer. A 200 whose body is
 * no JSON, such as a page of somebody in between or half an answer, is asked
 * for again a few times, and then the caller's to judge. NOT_ALLOWED: the key
 * is refused; a key that may not read is good enough to send, so of a sample
 * that is the caller's as well.
 */
enum status exchange_get(struct drain *drain, const char *path, long *code,
    struct diag *diag);

struct question {
	const char *path;
	long code; /* HTTP status of the answer; 0 = stop() came first */
	/* Its own. */
	struct call call;
	bool out, done;
	unsigned bodies;
	int64_t counted;
};

/*
 * The same of several, as many under way at once as the connections allow.
 * answered() is called for each when its answer has come, in any order, with
 * drain->response as that; a status other than OK ends it. All but paths zero.
 */
enum status exchange_get_all(struct drain *drain, struct question *questions,
    size_t count,
    enum status (*answered)(void *user, const struct question *question,
	struct diag *diag),
    void *user, struct diag *diag);

/* Wait so many milliseconds of real time; false when stop() ended it. */
bool exchange_pause(struct drain *drain, int64_t milliseconds);

/*
 * A try failed for the moment: nothing is sent until drain->paused_until.
 * UNAVAILABLE when it has failed for too long. why: what went wrong, for the
 * message. retry_after: milliseconds, -1 = not said.
 */
enum status exchange_failed(struct drain *drain, int64_t retry_after,
    const char *why, struct diag *diag);

/* A definite answer to a push came: the backoff starts anew; a queue that is
 * nearly full makes a pause. */
void exchange_answered(struct drain *drain, const struct response *response);

/*
 * A pause that Ometria asked an earlier run for and that is not over: it is
 * kept by this one too. UNAVAILABLE when it is longer than the timeout. forget:
 * the state may be written to.
 */
enum status exchange_resume(struct drain *drain, bool forget,
    struct diag *diag);

/* At the end of a run: what is left of such a pause is for the next one. */
enum status exchange_keep(struct drain *drain, struct diag *diag);

/* Milliseconds until a pause after a failure ends, 0 = there is none. */
int64_t exchange_paused(const struct drain *drain);

/* Milliseconds until the next request may leave: 0 = now, and it is counted;
 * batches that are out and have not left count as if they left now. */
enum status exchange_turn(struct drain *drain, int64_t *wait,
    struct diag *diag);

/* A request that was counted at *counted counts from when it left, as far as
 * that is known; *counted is 0 when there is no more to learn. */
enum status exchange_left(struct drain *drain, int64_t *counted,
    const struct call *call, struct diag *diag);

#endif

#ifndef OMETRIA_EXCHANGE_H
#define OMETRIA_EXCHANGE_H

/*
 * One request until it has an answer: within the rate, again after connection
 * failures, 429 and 5xx, with exponential backoff and jitter or Retry-After,
 * until drain->timeout has passed without an answer. For lib/ometria alone.
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
 * Before the next try: UNAVAILABLE when time is up, else wait. why: what went
 * wrong, for the message. *ended: stop() ended the wait.
 */
enum status exchange_back_off(struct drain *drain, const char *why, bool *ended,
    struct diag *diag);

/*
 * GET until there is an answer that is not "again"; *code is its HTTP status,
 * 0 when stop() came first. NOT_ALLOWED: the key is refused.
 */
enum status exchange_get(struct drain *drain, const char *path, long *code,
    struct diag *diag);

/* A definite answer came: the backoff starts anew. */
void exchange_answered(struct drain *drain);

#endif

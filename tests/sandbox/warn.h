#ifndef SANDBOX_WARN_H
#define SANDBOX_WARN_H

/*
 * What Ometria would swallow in silence and a good client never sends: noted
 * in the table of warnings, never an error.
 */

#include "apply.h"

/* Same identity twice, or several types, in one request. */
void warn_batch(struct store *store, int64_t request, const struct json *batch,
    struct arena *arena);

/* Sums, signs, time zones, ids, keys of one valid record. */
void warn_record(struct store *store, int64_t request,
    const struct json *record, const struct identity *identity,
    struct arena *arena);

#endif

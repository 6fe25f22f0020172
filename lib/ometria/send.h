#ifndef OMETRIA_SEND_H
#define OMETRIA_SEND_H

/* Batches: payloads, intent, request, result. For lib/ometria alone. */

#include "ometria/drain.h"

/*
 * Send rows of one kind. Records that break a limit are refused, the rest
 * leaves in one request; when Ometria refuses that, it is sent again in halves
 * until the refused record stands alone. TRY_AGAIN: a row changed meanwhile,
 * the outbox is to be asked anew. OK also when stop() left a batch in flight.
 */
enum status send_rows(struct drain *drain, const struct outbox_row *rows,
    size_t count, struct diag *diag);

/*
 * Send again what an earlier try left without an answer: the same bytes.
 * *found: there was such a batch.
 */
enum status send_pending(struct drain *drain, bool *found, struct diag *diag);

#endif

#ifndef OMETRIA_FLIGHT_H
#define OMETRIA_FLIGHT_H

/*
 * A batch on its way: packed, its intent written, sent until there is an answer
 * that is not "again", and the answer written down. Several are under way at
 * once, never two with one identity: the journal marks the rows.
 *
 * When Ometria refuses a batch, half of it is sent. Accepted: the refused
 * record is in the other half, of which half is sent next, and so on; refused:
 * it is in this half, and the other one goes back to the outbox. So the record
 * is found in log2(n) requests. For lib/ometria alone.
 */

#include "ometria/parcel.h"

enum flight_state {
	FLIGHT_FREE,
	FLIGHT_READY, /* its intent is written, it may leave */
	FLIGHT_OUT /* sent, without an answer */
};

struct flight {
	enum flight_state state;
	struct arena arena; /* of the rows */
	struct parcels parcels; /* none when the batch is of an earlier run */
	size_t from, count; /* those in the batch */
	size_t rest; /* so many behind them hold the refused one, if these are
			accepted */
	bool searching; /* for a refused record */
	struct delivery_batch batch;
	struct buf bytes; /* of the batch */
	bool doubt; /* an earlier try may have arrived */
	bool asked; /* and it had not, as Ometria said since */
	bool landing; /* accepted; the next transaction writes that down */
	int64_t counted; /* when the limiter counted it */
	struct call call;
};

/*
 * Fill a free one with rows whose texts are in its arena; it stays free when
 * nothing of them is to be sent. TRY_AGAIN: a row changed meanwhile, the outbox
 * is to be asked anew.
 */
enum status flight_pack(struct drain *drain, struct flight *flight,
    const struct outbox_row *rows, size_t count, struct diag *diag);

/* Fill a free one with the batch behind `after` that an earlier run left
 * without an answer. */
enum status flight_resume(struct drain *drain, struct flight *flight,
    int64_t *after, bool *found, struct diag *diag);

/* Before one that is ready may leave: events of which an earlier try may have
 * arrived are looked for. It may not, and is not as it was, when they are
 * there, and it may not when stop() came before that was known. */
enum status flight_ask(struct drain *drain, struct flight *flight, bool *may,
    struct diag *diag);

/* Send one that is ready; the limiter has counted it. */
void flight_start(struct drain *drain, struct flight *flight);

/* Whether the answer to one that is out says that all of it is accepted, and no
 * more is to be done than to write that down. */
bool flight_accepted(const struct flight *flight);

/*
 * Deal with the answer to one that is out: it is free, or ready again,
 * afterwards. A status other than OK ends the drain: the key is refused, the
 * answer is not Ometria's, or it failed for too long.
 */
enum status flight_land(struct drain *drain, struct flight *flight,
    struct diag *diag);

/* One that was never sent is given back. */
enum status flight_cancel(struct drain *drain, struct flight *flight,
    struct diag *diag);

void flight_free(struct flight *flight);

#endif

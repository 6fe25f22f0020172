#ifndef RECORD_DESIRED_H
#define RECORD_DESIRED_H

/*
 * A desired record: what one Ometria record should look like, in this
 * project's words. Aggregators make it; ometria-push alone turns its body into
 * Ometria's payload, at send time.
 */

#include "record/record.h"

/* Seconds after which an event starts no automation (Data API, "Timestamps for
 * custom events"). */
#define DESIRED_EVENT_LATE (4 * 3600)

#define DESIRED_KINDS(X)                                                       \
	X(PRODUCT, "product")                                                  \
	X(CONTACT, "contact")                                                  \
	X(ORDER, "order")                                                      \
	X(EVENT, "custom_event")

/* In the order in which kinds depend on each other. */
enum desired_kind {
#define X(name, text) DESIRED_##name,
	DESIRED_KINDS(X)
#undef X
	DESIRED_KIND_COUNT
};

struct desired {
	enum desired_kind kind;
	struct str id; /* the Ometria id */
	uint64_t rev; /* outbox revision; 0 = made without a state */
	struct str customer; /* the customer it is sequenced behind, or empty */
	bool urgent; /* ahead of bulk: opt-outs, availability flips */
	bool backfill; /* history: behind all that is live */
	struct str body; /* a JSON object */
};

const char *desired_kind_name(enum desired_kind kind);
bool desired_kind_of(struct str name, enum desired_kind *kind);

/* The id of the fulfilment event of an order: "shipped-" and the order id, or
 * 24 digits of its hash when longer than 32, which is Ometria's limit. */
void desired_event_id(struct buf *to, struct str order_id);

/* One desired record, without newline: id = kind:id, kind, rev, customer,
 * urgent, backfill, body. */
void desired_write(struct buf *to, const struct desired *desired);
enum status desired_read(struct desired *desired, const struct record *record,
    struct arena *arena, struct diag *diag);

#endif

#ifndef OMETRIA_DRAIN_H
#define OMETRIA_DRAIN_H

/*
 * Drain the outbox: batches in the order that lib/state/outbox gives, each
 * written to the journal before it leaves and again when it was answered, so
 * that a kill at any point loses nothing. A batch without an answer is sent
 * again with the same bytes. No transaction is open while the network is used.
 *
 * Drained = nothing is sendable now. What was accepted is confirmed by one
 * poll of /push/_errors after the settle time; what is on that list is refused
 * after all. A record that Ometria or a limit refuses becomes an exception and
 * leaves the way of the others; a refused contact holds its customer.
 */

#include "ometria/client.h"
#include "ometria/limiter.h"
#include "ometria/payload.h"
#include "record/exception.h"
#include "state/delivery.h"

/* Under so many free places in Ometria's queue the pace is slowed down. */
#define DRAIN_QUEUE_LOW 1000
#define DRAIN_PAUSE_MAX 60000 /* milliseconds, of the exponential backoff */
/* Longest wait for the settle time; what is younger is left to the next run. */
#define DRAIN_SETTLE_MAX 60000

/* How far a contact must have come before orders of its customer leave. */
enum drain_confirm {
	DRAIN_CONFIRM_NONE, /* accepted */
	DRAIN_CONFIRM_SAMPLE, /* a few of the newest are seen by read-back */
	DRAIN_CONFIRM_ALL /* each is seen by read-back */
};

struct drain {
	/* Set by the caller; times in milliseconds. */
	struct state *state;
	struct transport transport;
	struct limiter *limiter;
	struct str collection;
	size_t batch; /* records in a request */
	int64_t retry; /* first pause of the backoff */
	int64_t timeout; /* failing so long without an answer ends the drain */
	int64_t settle;
	enum drain_confirm confirm;
	bool rehearsal; /* nothing is confirmed: no poll */
	bool (*stop)(void);
	/* Called after an exception was committed; may be NULL. */
	void (*excepted)(void *user, const struct exception *exception);
	void *user;

	/* Filled by drain_run. */
	uint64_t records; /* accepted */
	uint64_t requests; /* pushes, again-sent ones included */
	uint64_t refused; /* records refused by a limit or by Ometria */
	uint64_t excepted_count;
	int64_t wait_network;

	/* Its own. */
	struct arena arena; /* of one batch */
	struct json_doc doc;
	struct response response;
	int64_t
	    failing_since; /* ticks of the first failure in a row, 0 = none */
	unsigned failures;
	int64_t accepted_at; /* ticks of the last acceptance, 0 = none */
	bool unpolled;
	instant restored; /* of the state, from a copy; INSTANT_NONE = never */
	bool contacts_first; /* the last batch was of something else */
};

/*
 * UNAVAILABLE: Ometria did not answer for `timeout`; everything is kept.
 * NOT_ALLOWED: it refused the key. PROTOCOL: it answered something else. OK
 * otherwise, also when stop() ended the drain.
 */
enum status drain_run(struct drain *drain, struct diag *diag);

#endif

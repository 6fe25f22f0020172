#ifndef OMETRIA_DRAIN_H
#define OMETRIA_DRAIN_H

/*
 * Drain the outbox: batches in the order that lib/state/outbox gives, each
 * written to the journal before it leaves and again when it was answered, so
 * that a kill at any point loses nothing. A batch without an answer is sent
 * again with the same bytes. No transaction is open while the network is used.
 *
 * As many requests are under way as the answers take time (flight.h), within
 * the rate. Drained = nothing is sendable now. What was accepted is confirmed
 * by one poll of /push/_errors after the settle time; what is on that list is
 * refused after all. A record that Ometria or a limit refuses becomes an
 * exception and leaves the way of the others; a refused contact holds its
 * customer.
 *
 * Following, records are taken from an input at the same time, and it goes on
 * until that ends: batches that are not full linger, urgent ones no longer than
 * their share of the rate takes; what other processes queue, and what only
 * waited for its time, is looked for every second; so are holds, confirmations
 * and deadlines.
 */

#include "ometria/client.h"
#include "ometria/limiter.h"
#include "ometria/payload.h"
#include "record/exception.h"
#include "state/delivery.h"
#include "state/retain.h"

/* Under so many free places in Ometria's queue the pace is slowed down. */
#define DRAIN_QUEUE_LOW 1000
#define DRAIN_PAUSE_MAX 60000 /* milliseconds, of the exponential backoff */
/* Longest wait for the settle time; what is younger is left to the next run. */
#define DRAIN_SETTLE_MAX 60000

/* What is read back. */
enum drain_confirm {
	DRAIN_CONFIRM_NONE, /* what is doubted alone (state/seen.h) */
	DRAIN_CONFIRM_SAMPLE, /* and a few of the newest of each kind but
				 events */
	DRAIN_CONFIRM_ALL /* each record; orders wait for their contact */
};

/* Where records come from while others leave. */
struct drain_input {
	int fd;
	int64_t linger; /* milliseconds that a batch waits to be full */
	/* Take what is there, at most one batch, into the outbox. *more: there
	 * is still some; *ended: and nothing will come any more. */
	enum status (
	    *take)(void *user, bool *more, bool *ended, struct diag *diag);
	/* Its own. */
	bool more;
	int64_t lingers; /* ticks until which an incomplete batch waits, 0 =
			    none does */
	/* Ticks of the last look about, pass over deadlines, confirmation. */
	int64_t looked, deadlines, polled;
	bool forgets; /* there is more that is old */
};

struct drain {
	/* Set by the caller; times in milliseconds. */
	struct state *state;
	struct transport transport;
	struct limiter *limiter;
	struct str collection;
	size_t batch; /* records in a request */
	size_t connections; /* requests under way at once; 0 = all there are */
	int64_t retry; /* first pause of the backoff */
	int64_t timeout; /* failing so long without an answer ends the drain */
	int64_t settle;
	int64_t visible; /* age at which what does not show is missing */
	struct retain_ages retain; /* when the state forgets */
	enum drain_confirm confirm;
	bool rehearsal; /* nothing is confirmed: no poll */
	bool (*stop)(void);
	/* Called after an exception was committed; may be NULL. */
	void (*excepted)(void *user, const struct exception *exception);
	void *user;
	struct drain_input *input; /* NULL: not following */
	/* At least every second, but in no transaction; may be NULL. */
	void (*tick)(void *user);
	/* Following, every second when nothing else is to be done first: what
	 * else asks Ometria; may be NULL. */
	enum status (*look)(void *user, struct diag *diag);

	/* Filled by drain_run. */
	uint64_t records; /* accepted */
	uint64_t requests; /* pushes, again-sent ones included */
	uint64_t refused; /* records refused by a limit or by Ometria */
	uint64_t excepted_count;
	int64_t wait_network; /* milliseconds in which all waited for Ometria */
	int64_t wait_rate; /* ... or for the rate and for pauses */

	/* Its own. */
	struct flight *flights;
	size_t flight_count;
	bool dry; /* the outbox gave nothing when it was asked last */
	bool shut; /* no batch is loaded: earlier ones first, or coming down */
	struct arena arena; /* of one batch */
	struct json_doc doc;
	struct response response; /* to a question, see exchange.h */
	int64_t paused_until; /* ticks: nothing is sent before */
	int64_t paced_until; /* ticks: no events are, before */
	int64_t asked_until; /* the same, of pauses that Ometria asked for */
	int64_t
	    failing_since; /* ticks of the first failure in a row, 0 = none */
	unsigned failures;
	int64_t accepted_at; /* ticks of the last acceptance, 0 = none */
	bool unpolled;
	struct buf seen_after[DESIRED_KIND_COUNT]; /* seen.c, following */
	unsigned samples; /* there, too: so many were taken */
	bool samples_off; /* Ometria does not let them be read */
	bool samples_one; /* the question that is out is of one */
	instant restored; /* of the state, from a copy; INSTANT_NONE = never */
	bool contacts_first; /* the last batch was of something else */
};

/*
 * UNAVAILABLE: Ometria did not answer for `timeout`, or asked for a pause that
 * is longer, which the next runs keep; everything is kept.
 * NOT_ALLOWED: it refused the key. PROTOCOL: it answered something else. OK
 * otherwise, also when stop() ended the drain.
 */
enum status drain_run(struct drain *drain, struct diag *diag);

#endif

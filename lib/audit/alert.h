#ifndef AUDIT_ALERT_H
#define AUDIT_ALERT_H

/*
 * What is measured against the thresholds of [alert] in the configuration. A
 * threshold is crossed by what is above it; one that is "off" never is.
 */

#include "base/arena.h"
#include "base/config.h"
#include "state/state.h"

enum alert {
	ALERT_CRITICAL,
	ALERT_HIGH,
	ALERT_MEDIUM,
	ALERT_LOW,
	ALERT_HELD,
	ALERT_REFUSED,
	ALERT_BACKLOG,
	ALERT_OPT_OUT,
	ALERT_OLDEST_FLIP,
	ALERT_OLDEST_PRODUCT,
	ALERT_OLDEST_CONTACT,
	ALERT_OLDEST_ORDER,
	ALERT_OLDEST_EVENT,
	ALERT_EVENT_AGE,
	ALERT_UNCONFIRMED,
	ALERT_UNSETTLED,
	ALERT_NO_RUN,
	ALERT_LATENCY,
	ALERT_COUNT
};

#define ALERT_OFF INT64_MAX

struct alert_value {
	int64_t value; /* records, or seconds */
	int64_t limit; /* ALERT_OFF: none */
	struct str of; /* what it is about, more precisely; may be empty */
};

struct alerts {
	struct alert_value values[ALERT_COUNT];
};

const char *alert_key(enum alert alert);
/* The code of the exception that is raised when it is crossed, or NULL. */
const char *alert_code(enum alert alert);
bool alert_is_age(enum alert alert); /* seconds */
bool alert_crossed(const struct alerts *alerts, enum alert alert);
/* "an order waits for 2h (oldest-order = 1h)", without newline. */
void alert_say(struct buf *to, const struct alerts *alerts, enum alert alert);
/* The limits of the configuration; all values 0. */
void alert_limits(struct alerts *alerts, const struct config *config);
/*
 * The ages that the state alone tells: what waits to be sent and is not kept
 * back, opt-outs, what is not confirmed or has no outcome.
 */
enum status alert_read(struct alerts *alerts, struct state *state, int64_t now,
    struct diag *diag);
/*
 * Raise the exceptions of what is crossed, and close those of what is not. A
 * transaction of its own.
 */
enum status alert_note(const struct alerts *alerts, struct state *state,
    struct diag *diag);

#endif

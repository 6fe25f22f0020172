#ifndef AUDIT_HEALTH_H
#define AUDIT_HEALTH_H

/*
 * The state of the sync on one screen: verdict first and why, then what waits
 * for Ometria, holds, open exceptions and the last run of each tool.
 */

#include "record/exception.h"
#include "state/outbox.h"

enum verdict {
	VERDICT_HEALTHY,
	VERDICT_ATTENTION, /* a person should look, the sync goes on */
	VERDICT_BROKEN /* nothing moves until a person has acted */
};

struct health_run {
	struct str tool;
	int64_t started_at;
	int64_t ended_at; /* INSTANT_NONE: did not end */
	bool running; /* its process exists */
	enum status result;
	uint64_t read, written, excepted, duplicates;
};

struct health_hold {
	struct str customer, mestyp;
	int64_t since;
	uint64_t waiting; /* orders and events behind it */
};

struct health_count {
	enum severity severity;
	struct str owner;
	uint64_t count, acked;
};

#define HEALTH_ROWS 50 /* of each list; the totals count all */

struct health {
	enum verdict verdict;
	struct buf reasons; /* each with a newline */
	struct outbox_backlog backlog[DESIRED_KIND_COUNT];
	uint64_t unconfirmed;
	uint64_t open_idocs; /* without all outcomes */
	uint64_t stale_idocs; /* those that no run touched for 15 minutes */
	struct health_run runs[HEALTH_ROWS];
	size_t run_count;
	struct health_hold holds[HEALTH_ROWS];
	size_t hold_count; /* listed */
	uint64_t held; /* customers */
	struct health_count exceptions[HEALTH_ROWS];
	size_t exception_count;
	struct arena arena; /* of all texts */
};

/* Read everything and judge. health_free in any case. */
enum status health_read(struct health *health, struct state *state,
    struct diag *diag);
void health_free(struct health *health);

const char *verdict_name(enum verdict verdict);
void health_write_text(struct buf *to, const struct health *health);
/* One JSON object and a newline. */
void health_write_json(struct buf *to, const struct health *health);

#endif

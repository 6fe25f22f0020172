#ifndef AUDIT_HEALTH_H
#define AUDIT_HEALTH_H

/*
 * The state of the sync on one screen: verdict first and why, then what waits
 * for Ometria, holds, open exceptions, how long IDocs take, what goes through,
 * and the last run of each tool.
 */

#include "audit/alert.h"
#include "audit/flow.h"
#include "audit/latency.h"
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
	const struct flow_tool *flow; /* NULL: more tools than it lists */
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

/* Where IDocs spend most of their way to Ometria. */
struct health_bottleneck {
	enum latency_stage stage; /* LATENCY_ALL: none was measured */
	int percent; /* of the time of all stages */
	const struct flow_tool *tool; /* that ends the stage; NULL: none ran */
};

#define HEALTH_ROWS 50 /* of each list; the totals count all */

struct health {
	enum verdict verdict;
	struct buf reasons; /* each with a newline, what is broken first */
	struct alerts alerts;
	struct latency latency; /* of IDocs of the last day */
	struct flow flow;
	struct health_bottleneck bottleneck;
	struct outbox_backlog backlog[DESIRED_KIND_COUNT];
	uint64_t unconfirmed;
	uint64_t open_idocs; /* without all outcomes */
	uint64_t stale_idocs; /* not touched for [alert] unsettled */
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
/* "done", "failed" ...: how a run ended. */
const char *health_run_end(const struct health_run *run);
/* The first line is the verdict and the first reason. colour: with the
 * sequences of a terminal. */
void health_write_text(struct buf *to, const struct health *health,
    bool colour);
/* One JSON object and a newline. */
void health_write_json(struct buf *to, const struct health *health);

#endif

#ifndef AUDIT_FLOW_H
#define AUDIT_FLOW_H

/*
 * What went through the line lately, where its tools spent their time, and how
 * old events were when Ometria took them (its automations start for those
 * within four hours only).
 */

#include "audit/histogram.h"
#include "base/arena.h"
#include "state/state.h"

#define FLOW_TOOLS 16
#define FLOW_EVENTS 100000 /* the newest that are looked at */
#define FLOW_HOUR 3600
#define FLOW_DAY ((int64_t)24 * 3600)

/* Within a span of time that ends now. */
struct flow_span {
	uint64_t idocs; /* parsed for the first time */
	uint64_t records, requests; /* accepted by Ometria */
};

enum flow_time {
	FLOW_INPUT, /* waiting for input */
	FLOW_STATE, /* ... for the lock of the state */
	FLOW_NETWORK, /* ... for Ometria */
	FLOW_RATE, /* ... for the rate limit, and in pauses after failures */
	FLOW_WORK, /* the rest; the next tool of the pipe may be slow, too */
	FLOW_TIMES
};

struct flow_tool {
	struct str tool;
	int64_t good_at; /* end of its last good run, INSTANT_NONE = none;
			  * now while one is running */
	int64_t first_at; /* start of the first run that is remembered */
	int64_t spent[FLOW_TIMES]; /* milliseconds, of runs of the last day */
	int64_t total; /* of them all */
};

struct flow {
	struct flow_span hour, day;
	struct flow_tool tools[FLOW_TOOLS];
	size_t tool_count;
	struct figures event_age; /* of events of the last day, accepted */
	uint64_t events_late; /* of them, over four hours old */
	int64_t oldest_event; /* when what waits happened, or INSTANT_NONE */
};

const char *flow_time_name(enum flow_time time);
/* What a tool spent most of its time on; FLOW_WORK when it spent none. */
enum flow_time flow_mostly(const struct flow_tool *tool);
/* NULL when it never ran. */
const struct flow_tool *flow_tool_find(const struct flow *flow,
    const char *tool);
enum status flow_read(struct flow *flow, struct state *state, int64_t now,
    struct arena *arena, struct diag *diag);

#endif

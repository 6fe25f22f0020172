#ifndef AUDIT_LATENCY_H
#define AUDIT_LATENCY_H

/*
 * How long IDocs took from SAP to Ometria, by message type and by stage: made
 * in SAP (the time of its control record), parsed, folded, sent, accepted,
 * confirmed. Measured once for each Ometria record that an IDoc is part of,
 * with the delivery that first held it. What has not reached a stage is no
 * part of its figures; what waits is told by the backlog. History (--backfill)
 * is none either: it is old, and it is to wait.
 */

#include "audit/histogram.h"
#include "base/arena.h"
#include "state/state.h"

/* Each from the one before it. */
enum latency_stage {
	LATENCY_PARSED, /* from SAP; nothing for what was made outside it */
	LATENCY_FOLDED,
	LATENCY_SENT,
	LATENCY_ACCEPTED,
	LATENCY_VERIFIED,
	LATENCY_ALL, /* made in SAP (else parsed) to accepted */
	LATENCY_STAGES
};

#define LATENCY_TYPES 24 /* message types; further ones are "other" */
#define LATENCY_MOST 100000 /* the newest that are looked at */

struct latency_type {
	struct str mestyp;
	struct figures stages[LATENCY_STAGES];
};

struct latency {
	struct latency_type types[LATENCY_TYPES]; /* by name */
	size_t count;
	/* Seconds spent in each stage, by all together. */
	int64_t spent[LATENCY_STAGES];
};

const char *latency_stage_name(enum latency_stage stage);
/* Of IDocs that were parsed since then; texts live in the arena. */
enum status latency_read(struct latency *latency, struct state *state,
    int64_t since, struct arena *arena, struct diag *diag);
/* The stage of the way to Ometria that took most of the time; ALL when none
 * took any. */
enum latency_stage latency_slowest(const struct latency *latency);

#endif

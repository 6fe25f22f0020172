#ifndef AUDIT_DIFF_H
#define AUDIT_DIFF_H

/*
 * SAP's truth beside Ometria's: both sides in order of kind and id, merged, and
 * every difference named by its class. What waits in the outbox, is held, or is
 * younger than the settle time is no difference.
 *
 * A record counts in one class, the first of the list that one of its fields
 * belongs to; all of its differing fields are told.
 */

#include "audit/revenue.h"
#include "audit/side.h"

#define DIFF_CLASSES(X)                                                        \
	X(MISSING, "missing") /* Ometria accepted it and does not show it */   \
	X(UNEXPECTED, "unexpected") /* SAP knows nothing of it */              \
	X(CUSTOMER, "wrong-customer") /* an order of somebody else */          \
	X(PADDED, "padded-sku") /* one product under two numbers */            \
	X(DELETION, "deletion") /* SAP's deletion flag is not applied */       \
	X(STATUS, "status") /* an order that has not moved */                  \
	X(STALE, "stale") /* an older revision is there */                     \
	X(FIELD, "differs")                                                    \
	X(EMAIL, "duplicate-email") /* contacts that share an address */       \
	X(AMBIGUOUS, "ambiguous") /* two contents under one id */              \
	X(WAITING, "waiting") /* not sent yet, or just now */

enum diff_class {
#define X(name, text) DIFF_##name,
	DIFF_CLASSES(X)
#undef X
	DIFF_CLASS_COUNT
};

const char *diff_class_name(enum diff_class class);

/* A field that differs, or a record as a whole (field empty). */
struct diff_finding {
	enum diff_class class;
	enum desired_kind kind;
	struct str id;
	struct str field; /* as Ometria calls it: lineitems[2].quantity */
	struct str sap, ometria; /* values, as JSON or text; empty = none */
	int64_t age; /* seconds since Ometria accepted it, -1 = not known */
	bool repairable; /* SAP is right: to be sent again, unless refused */
};

struct diff {
	const struct side_plan *plan;
	struct side_sap *sap;
	struct side_ometria *ometria;
	bool all; /* also what waits */
	enum status (*found)(void *user, const struct diff_finding *finding,
	    struct diag *diag);
	/* The record of this payload at Ometria, asked for by its id when a
	 * page did not show it: *there with the row in `to`. NULL: there is
	 * nobody to ask. */
	enum status (*look)(void *user, enum desired_kind kind, struct str id,
	    struct str payload, struct buf *to, bool *there, struct diag *diag);
	void *user;
	struct revenue *revenue; /* of the orders that are read, or NULL */

	/* Filled by diff_run. */
	uint64_t compared; /* on both sides */
	uint64_t counts[DIFF_CLASS_COUNT]; /* records */
	uint64_t again; /* misses that were there after all */
	uint64_t changed; /* came twice, from an API, and not the same */
};

/* Any status but OK ends it. Counts tell whether there are differences. */
enum status diff_run(struct diff *diff, struct diag *diag);
/* How many records differ: all classes but what waits. */
uint64_t diff_total(const struct diff *diff);
#endif

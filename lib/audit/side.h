#ifndef AUDIT_SIDE_H
#define AUDIT_SIDE_H

/*
 * The two sides of a comparison. SAP's comes out of the outbox, which is in
 * order, or from desired records (sap-ometria-record(5)); Ometria's from an
 * export or page by page from its API, and is sorted. Memory is bounded,
 * however many there are.
 */

#include "base/config.h"
#include "base/instant.h"
#include "record/desired.h"
#include "sku/sku.h"
#include "state/state.h"

/* What is compared. */
struct side_plan {
	unsigned kinds; /* bits 1 << enum desired_kind */
	instant since, before; /* INSTANT_NONE = open; before is not in it */
	instant touched; /* orders that Ometria wrote since; INSTANT_NONE */
	instant as_of; /* the moment that Ometria's side shows */
	int64_t settle; /* seconds that what was accepted has to show */
	struct str collection; /* of contacts; others are none of ours */
	struct sku_rule sku;
	const struct config *config;
};

static inline bool
side_wants(const struct side_plan *plan, enum desired_kind kind)
{
	return (plan->kinds & 1U << kind) != 0;
}

/* Whether a time is in the window; what has none is. */
static inline bool
side_within(const struct side_plan *plan, instant at)
{
	return at == INSTANT_NONE ||
	       ((plan->since == INSTANT_NONE || at >= plan->since) &&
		   (plan->before == INSTANT_NONE || at < plan->before));
}

/* The texts by which both sides are in order: kind, and id. */
void side_key(struct buf *to, enum desired_kind kind, struct str id);

/* --- SAP --- */

enum side_standing {
	SIDE_ACCEPTED, /* Ometria has accepted it, long enough ago */
	SIDE_WAITING, /* or not, or something keeps it back */
	SIDE_REFUSED, /* the newest revision is refused */
	SIDE_UNFIT /* it never leaves: breaks a limit, or is suppressed */
};

struct side_sap_row {
	enum desired_kind kind;
	struct str key, id;
	struct str payload; /* as the pusher would make it; empty: UNFIT */
	enum side_standing standing;
	bool inside; /* the window of the plan */
	bool revised; /* by all that is known the one before may stand yet */
	int64_t accepted_at; /* INSTANT_NONE = not known */
};

struct side_sap;

/* The outbox of the state at this path, read as it is now. sent = false:
 * nothing of it was ever sent (it was folded from files), and all of it is
 * taken for accepted that would leave. */
enum status side_sap_state(struct side_sap **side, const struct side_plan *plan,
    const char *path, bool sent, struct diag *diag);
/* Desired records from a descriptor. What is no desired record is passed over;
 * a line that is none at all is DATA. */
enum status side_sap_lines(struct side_sap **side, const struct side_plan *plan,
    int fd, struct diag *diag);
/*
 * Both are read by a process of its own, meanwhile: what goes wrong there is
 * told here. The next in order; texts are valid until the next call.
 */
enum status side_sap_next(struct side_sap *side, struct side_sap_row *row,
    bool *found, struct diag *diag);
/* How many are unfit; known at the end. */
uint64_t side_sap_unfit(const struct side_sap *side);
void side_sap_free(struct side_sap *side);

/* --- Ometria --- */

struct side_ometria_row {
	enum desired_kind kind;
	struct str key; /* of a product: by its canonical SKU */
	struct str id;
	struct str json;
};

struct side_ometria;

struct side_ometria *side_ometria_new(const struct side_plan *plan);
void side_ometria_free(struct side_ometria *side);
/*
 * Take a row. kind DESIRED_KIND_COUNT: its @type says, or, when the plan has
 * one kind alone, that. Rows of other kinds and collections are passed over,
 * and those outside the window but contacts. *known = it can be told what it
 * is: false for what is no object, has no id, or no kind.
 */
enum status side_ometria_add(struct side_ometria *side, enum desired_kind kind,
    struct str json, bool *known, struct diag *diag);
/* All are taken; from now on they come out. */
enum status side_ometria_end(struct side_ometria *side, struct diag *diag);
enum status side_ometria_next(struct side_ometria *side,
    struct side_ometria_row *row, bool *found, struct diag *diag);
/* Contacts in order of e-mail (small letters) and id, of those that have one;
 * what was taken twice comes twice. */
enum status side_ometria_next_email(struct side_ometria *side,
    struct str *email, struct str *id, bool *found, struct diag *diag);

/* When Ometria last touched a row, by the field after whose name it sorts
 * lists; INSTANT_NONE when the row does not say. */
instant side_updated(const struct json *row, struct arena *arena);

/* Rows of an export, JSON lines or CSV with Ometria's names in its header, a
 * dot between those of nested fields, told apart by the first byte. DATA names
 * the line. */
enum status side_ometria_export(struct side_ometria *side, int fd,
    struct diag *diag);
/* Whether a field can be told from an export: always, but of CSV only what has
 * a column. */
bool side_ometria_tells(const struct side_ometria *side, struct str field);

#endif

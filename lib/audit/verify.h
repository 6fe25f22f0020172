#ifndef AUDIT_VERIFY_H
#define AUDIT_VERIFY_H

/*
 * Whether Ometria shows what it accepted, record by record. Few are asked for
 * by their ids, many are read page by page and what no page showed is asked for
 * then. What shows is verified; what does not, or shows other content, goes to
 * the outbox once more with a new revision, under an exception
 * (ometria/readback.h).
 *
 * The measure of decay: contacts whose state in Ometria is older than SAP's,
 * by the age of what Ometria does not show, which is what segments are made of.
 */

#include "audit/side_pages.h"
#include "ometria/readback.h"

/* Contacts by the age of what is missing in Ometria. */
#define VERIFY_AGES 6
struct verify_decay {
	uint64_t contacts; /* that SAP knows */
	uint64_t stale[VERIFY_AGES];
	int64_t oldest; /* seconds, 0 = none is */
};

struct verify_count {
	uint64_t looked; /* = same + young + missing + differ */
	uint64_t same;
	uint64_t young; /* do not show yet, and may still */
	uint64_t missing, differ;
	uint64_t queued; /* of these, sent once more by the next run */
};

struct verify_mark {
	enum desired_kind kind;
	struct str id;
	uint64_t rev;
};

#define VERIFY_MARKS 250

struct verify {
	/* Set by the caller. The drain: state, transport, rate, collection,
	 * visible, stop. */
	struct drain *drain;
	struct limiter *half;
	size_t sample; /* so many of the newest and of the oldest; 0 = all */
	bool all; /* also what was verified before */
	bool dry; /* write nothing */
	enum status (*found)(void *user, const struct seen_row *row,
	    const struct readback *readback, struct diag *diag);
	void *user;

	/* Filled by verify_run. */
	struct verify_count counts[DESIRED_KIND_COUNT];
	struct verify_decay decay;

	/* Its own. */
	struct verify_mark marks[VERIFY_MARKS]; /* not written yet */
	size_t mark_count;
	struct arena arena; /* of the marks */
};

/* found is called for what is missing or differs. UNAVAILABLE, NOT_ALLOWED,
 * PROTOCOL as for a drain; TRY_AGAIN when stop() ended it. */
enum status verify_run(struct verify *verify, struct diag *diag);

/* The text of a band of ages: "up to 5m", "over 7d". */
const char *verify_age(size_t band);
/* Add the contacts whose newest revision Ometria has not even accepted. */
enum status verify_decay(struct verify_decay *decay, struct state *state,
    struct diag *diag);

#endif

#ifndef STATE_NOTICE_H
#define STATE_NOTICE_H

/*
 * Who was told of which exceptions. A notice is of one opening, or of the
 * escalation behind it; none is due for what is closed or acknowledged. The
 * intent is committed before anybody is told, the result after it: a notice is
 * given at most once, whatever dies in between. One whose result nobody knows
 * is not given again; the history says so.
 */

#include "state/triage.h"

enum notice_kind {
	NOTICE_NEW,
	NOTICE_REOPENED,
	NOTICE_ESCALATED
};
const char *notice_kind_name(enum notice_kind kind);

struct notice {
	int64_t n; /* of the exception */
	enum notice_kind kind;
	instant at; /* since when it is open, or escalated */
	int64_t event; /* of the history */
};

/* One that a notice is due for. */
struct notice_due {
	int64_t n;
	struct str owner; /* in the arena */
	size_t rank; /* the most severe and oldest first */
};

/* Those of the filter, by rank; *list lives in the arena. */
enum status notice_due(struct state *state,
    const struct exception_filter *filter, struct arena *arena,
    struct notice_due **list, size_t *count, struct diag *diag);
/* Write the intent. *due false: somebody else was faster, or it is closed by
 * now. The row's texts live in the arena. Joins a transaction or makes one. */
enum status notice_begin(struct state *state, int64_t n, struct arena *arena,
    struct notice *notice, struct exception_row *row, bool *due,
    struct diag *diag);
/* The result. given false: nobody was told, it is due again. Joins a
 * transaction or makes one. */
enum status notice_end(struct state *state, const struct notice *notice,
    bool given, struct diag *diag);

#endif

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
	struct exception_row row; /* its texts live in the arena */
	int64_t event; /* of the history */
};

/* The exceptions of the filter that a notice is due for, by number; from
 * mem_grow. */
enum status notice_due(struct state *state,
    const struct exception_filter *filter, int64_t **list, size_t *count,
    struct diag *diag);
/* Write the intent. *due false: somebody else was faster, or it is closed by
 * now. Own transaction. */
enum status notice_begin(struct state *state, int64_t n, struct arena *arena,
    struct notice *notice, bool *due, struct diag *diag);
/* The result. given false: nobody was told, it is due again. Own transaction.
 */
enum status notice_end(struct state *state, const struct notice *notice,
    bool given, struct diag *diag);

#endif

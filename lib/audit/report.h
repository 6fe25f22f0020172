#ifndef AUDIT_REPORT_H
#define AUDIT_REPORT_H

/*
 * One page for who has to decide: the verdict, the seven failures that the line
 * exists to prevent, each with its evidence in this client's data, charts,
 * tables, the balance, methods and limits. It needs nothing beside itself, is
 * readable without JavaScript, and sorts its tables with it. Works from a
 * state, and from what `profile --json` and `diff --json` printed; each of the
 * three may be missing.
 */

#include "audit/diff.h"
#include "base/json.h"
#include "state/state.h"

struct report_match; /* the revenue of both sides */

/* What `profile --json` and `diff --json` say. */
struct report_files {
	struct buf text; /* of the profile */
	struct json_doc doc;
	const struct json *profile; /* NULL = none was given */
	bool diff; /* one was given */
	/* Records that differ, by class and kind. */
	uint64_t counts[DIFF_CLASS_COUNT][DESIRED_KIND_COUNT];
	uint64_t fields; /* lines of diff */
	struct buf first; /* the first of them */
	struct report_match *match; /* NULL = without `--revenue` */
};

/* Each name NULL when it was not given. NO_INPUT; DATA when it is not what the
 * command prints. report_files_free in any case. */
enum status report_files_read(struct report_files *files, const char *profile,
    const char *diff, struct diag *diag);
void report_files_free(struct report_files *files);

/*
 * Append the page. state NULL: from the files alone. mask: no numbers of
 * customers, orders and their documents, and no values of fields.
 */
enum status report_write(struct buf *to, struct state *state,
    struct report_files *files, bool mask, struct diag *diag);

#endif

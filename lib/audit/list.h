#ifndef AUDIT_LIST_H
#define AUDIT_LIST_H

/* The exceptions as lines. */

#include "base/jsonw.h"
#include "base/out.h"
#include "state/triage.h"

enum list_form {
	/* Tab-separated below a header: code, severity, owner, subject
	 * (type:id), customer, age since it was opened, count, message. */
	LIST_TABLE,
	LIST_RECORDS, /* exception records */
	/* Comma-separated below a header: all that is known of each. What a
	 * spreadsheet would take for a formula begins with an apostrophe. */
	LIST_CSV
};

enum status list_exceptions(struct state *state, struct out *out,
    const struct exception_filter *filter, enum list_form form,
    struct diag *diag);

/* The exception record of a row, open for more members. */
struct jsonw list_begin_record(struct buf *to, const struct exception_row *row);

/* What its owner is told besides: address, meaning, action, runbook; the
 * latter three. */
void list_add_advice(struct jsonw *w, const struct config *config,
    const struct exception_row *row);
void list_add_meaning(struct jsonw *w, struct str code);
/* Where the owner is reached, unless nobody has said it. */
void list_add_address(struct jsonw *w, const struct config *config,
    struct str owner);
/* The row of the catalogue, NULL when another version knew it. */
const struct exception_code *list_code(struct str code);
/* Where the owner is reached, NULL when nobody has said it. */
const char *list_address(const struct config *config, struct str owner);

#endif

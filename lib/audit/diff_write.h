#ifndef AUDIT_DIFF_WRITE_H
#define AUDIT_DIFF_WRITE_H

/*
 * Findings as lines: cells separated by tabs below a header, or JSON objects.
 * Names, e-mail addresses and phones show their first character alone, unless
 * they are asked for.
 */

#include "audit/diff.h"
#include "base/out.h"

struct diff_writer {
	struct out *out;
	bool json, unmask;
	struct buf line, cell, sums[REVENUE_SIDES];
	struct arena arena;
};

/* class kind id field sap ometria age; nothing when it is JSON. */
enum status diff_write_head(struct diff_writer *writer, struct diag *diag);
enum status diff_write(struct diff_writer *writer,
    const struct diff_finding *finding, struct diag *diag);
/* A record that is queued again (or would be): a row of that class. */
enum status diff_write_repair(struct diff_writer *writer, const char *class,
    enum desired_kind kind, struct str id, struct diag *diag);
/* The revenue of a day of a channel: a row of class "revenue". */
enum status diff_write_revenue(struct diff_writer *writer,
    const struct revenue_row *row, struct diag *diag);
void diff_writer_free(struct diff_writer *writer);

#endif

#ifndef AUDIT_REPORT_PARTS_H
#define AUDIT_REPORT_PARTS_H

/* What the files of the report share; nobody else includes this. */

#include "audit/chart.h"
#include "audit/report.h"

struct report {
	struct buf *to;
	struct state *state; /* or NULL */
	struct report_files *files;
	bool mask;
	struct arena arena;
	struct diag *diag;
};

/* --- report_page.c --- */

/* A section of the page, up to the next one; NULL ends the last. */
void report_section(struct report *report, const char *id, const char *title,
    const char *about);

/* --- report_table.c --- */

/* How a column is shown. */
enum report_cell {
	REPORT_TEXT,
	REPORT_PERSON, /* a number that stands for a person: masked */
	REPORT_NUMBER,
	REPORT_SHARE, /* the text of a number: "18.8 %", "80.50" */
	REPORT_AGE, /* seconds */
	REPORT_TIME /* seconds since 1970 */
};

struct report_column {
	const char *head;
	enum report_cell cell;
};

void report_table_begin(struct report *report,
    const struct report_column *columns);
/* One cell more; number for all but texts, INSTANT_NONE = none. */
void report_cell_text(struct report *report, enum report_cell cell,
    struct str text);
void report_cell_number(struct report *report, enum report_cell cell,
    int64_t number);
void report_row_begin(struct report *report);
void report_row_end(struct report *report);
void report_table_end(struct report *report);
/* The rows of an SQL text as a table; says so when there are none. */
enum status report_query(struct report *report, const char *sql,
    const struct report_column *columns);

/* --- report_files.c --- */

/* What a check of the profile counted, 0 without one. */
uint64_t report_profile_count(const struct report_files *files,
    const char *check);
/* Records that differ: of a class, and of a kind unless it is
 * DESIRED_KIND_COUNT. */
uint64_t report_diff_count(const struct report_files *files,
    enum diff_class class, enum desired_kind kind);
void report_profile_tables(struct report *report);
void report_diff_tables(struct report *report);

/* --- report_match.c --- */

/* A row of diff --revenue. */
void report_match_take(struct report_files *files, struct str day,
    struct str channel, const struct str amounts[REVENUE_SIDES]);
/* A section, when there are any. */
void report_match_write(struct report *report);
void report_match_free(struct report_match *match);

/* --- report_failures.c --- */

enum status report_failures(struct report *report);

/* --- report_charts.c, report_revenue.c --- */

/* How long what is in the journal took; filled for the charts. */
enum status report_ways(struct report *report);
enum status report_charts(struct report *report);
enum status report_revenue(struct report *report, struct chart *chart);

#endif

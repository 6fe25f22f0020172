#include "audit/report_parts.h"

#include "audit/verify.h"
#include "base/instant.h"
#include "state/delivery_result.h"

/* Points of a line at most, and the least time between two. */
#define STEPS 40
#define STEP_LEAST 60

_Static_assert(DELIVERY_ACCEPTED == 1, "result = 1");
_Static_assert(STEPS + 1 <= CHART_POINTS, "room for all steps");

/* --- the way of each IDoc into each record --- */

static const char ways[] =
    "CREATE TEMP TABLE IF NOT EXISTS report_way("
    " kind INTEGER NOT NULL,"
    " made INTEGER NOT NULL," /* in SAP, else when it was read */
    " folded INTEGER NOT NULL,"
    " accepted INTEGER);" /* by Ometria, NULL = not yet */
    "DELETE FROM report_way;";

static enum status
put_way(struct report *report, sqlite3_stmt *row)
{
	sqlite3_stmt *insert = state_sql(report->state,
	    "INSERT INTO report_way VALUES(?1, ?2, ?3, ?4)", report->diag);
	struct str seq = sql_get_text(row, 1);
	instant made = INSTANT_NONE;

	/* What was made outside SAP has a number that begins with '#'. */
	if (sql_get_int(row, 5) != 0 || seq.len < 14 ||
	    !zone_from_digits((struct str){ seq.data, 14 }, &made))
		made = sql_get_time(row, 2);
	sql_int(insert, 1, sql_get_int(row, 0));
	sql_time(insert, 2, made);
	sql_time(insert, 3, sql_get_time(row, 3));
	sql_time(insert, 4, sql_get_time(row, 4));
	return sql_run(report->state, insert, report->diag);
}

enum status
report_ways(struct report *report)
{
	enum status status = state_exec(report->state, ways, report->diag);
	sqlite3_stmt *rows;

	if (status != STATUS_OK)
		return status;
	rows = state_sql(report->state,
	    "SELECT t.kind, i.seq, i.first_at, t.folded_at,"
	    " (SELECT min(d.ended_at) FROM delivery_record AS m"
	    "  JOIN delivery AS d ON d.id = m.delivery WHERE m.id = t.id"
	    "  AND d.kind = t.kind AND m.rev >= t.rev AND m.refused = 0"
	    "  AND d.result = 1), i.docnum LIKE '#%'"
	    " FROM trace AS t JOIN idoc AS i ON i.id = t.idoc",
	    report->diag);
	while (sql_row(report->state, rows, &status, report->diag)) {
		status = put_way(report, rows);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

/* --- time --- */

/* Steps of time from first to last. */
struct steps {
	int64_t first, width;
	size_t count; /* 0 = there is no time */
	bool days; /* over two of them */
};

/* The SQL text gives first and last. */
static enum status
find_steps(struct report *report, const char *sql, struct steps *steps)
{
	sqlite3_stmt *row = state_sql(report->state, sql, report->diag);
	enum status status;
	int64_t span;

	*steps = (struct steps){ .count = 0 };
	sql_int(row, 1, instant_now());
	if (sql_row(report->state, row, &status, report->diag) &&
	    !sql_is_null(row, 0)) {
		steps->first = sql_get_int(row, 0);
		span = sql_get_int(row, 1) - steps->first;
		steps->width = span / STEPS + 1;
		if (steps->width < STEP_LEAST)
			steps->width = STEP_LEAST;
		steps->count = (size_t)(span / steps->width) + 1;
		steps->days = span > 2 * 86400;
	}
	sqlite3_reset(row);
	return status;
}

static size_t
step_point(struct report *report, struct chart *chart,
    const struct steps *steps, int64_t step)
{
	instant at = steps->first + step * steps->width;
	char text[INSTANT_TEXT];
	size_t point = chart->points;

	instant_format(at, text);
	/* Two moments may look the same. */
	if (chart->points < CHART_POINTS) {
		chart->labels[chart->points++] = arena_str(&report->arena,
		    steps->days ? (struct str){ text + 5, 5 }
				: (struct str){ text + 11, 5 });
		for (size_t i = 0; i < CHART_SERIES; i++)
			chart->values[i][point] = CHART_NONE;
	}
	return point;
}

/* Rows of step and values at each step into the points. */
static enum status
fill_steps(struct report *report, struct chart *chart, const char *sql,
    const struct steps *steps)
{
	sqlite3_stmt *rows = state_sql(report->state, sql, report->diag);
	enum status status;

	for (size_t i = 0; i < steps->count; i++)
		step_point(report, chart, steps, (int64_t)i);
	sql_int(rows, 1, steps->first);
	sql_int(rows, 2, steps->width);
	while (sql_row(report->state, rows, &status, report->diag)) {
		uint64_t step = (uint64_t)sql_get_int(rows, 0);

		if (step >= chart->points)
			continue;
		for (int i = 0; i < CHART_SERIES && chart->series[i] != NULL;
		     i++)
			chart->values[i][step] = sql_get_time(rows, i + 1);
	}
	return status;
}

/* A row for each, with changes or not. */
#define ALL_STEPS                                                              \
	"WITH RECURSIVE at(step) AS (SELECT 0 UNION ALL"                       \
	" SELECT step + 1 FROM at WHERE step < 47)"
/* The first step that is not before it. */
#define FOLDED_STEP "(folded - ?1 + ?2 - 1) / ?2"
#define ACCEPTED_STEP "(accepted - ?1 + ?2 - 1) / ?2"
/* The least of n ways in order that so many percent do not exceed. */
#define PERCENTILE(percent)                                                    \
	" max(CASE WHEN r = (n * " percent " + 99) / 100 THEN waited END)"
#define HALF PERCENTILE("50")
#define MOST PERCENTILE("95")

static enum status
fill_latency(struct report *report, struct chart *chart)
{
	struct steps steps;
	enum status status = find_steps(report,
	    "SELECT min(accepted), max(accepted) FROM report_way", &steps);

	if (status != STATUS_OK || steps.count == 0)
		return status;
	return fill_steps(report, chart,
	    "SELECT step," HALF "," MOST " FROM (SELECT step, waited,"
	    " count(*) OVER (PARTITION BY step) AS n,"
	    " row_number() OVER (PARTITION BY step ORDER BY waited) AS r"
	    " FROM (SELECT (accepted - ?1) / ?2 AS step,"
	    "  max(accepted - made, 0) AS waited FROM report_way"
	    "  WHERE accepted IS NOT NULL)) GROUP BY step",
	    &steps);
}

/* What was folded by then and not accepted, by kind. */
static enum status
fill_backlog(struct report *report, struct chart *chart)
{
	struct steps steps;
	enum status status = find_steps(report,
	    "SELECT min(folded), max(?1, max(folded)) FROM report_way", &steps);

	if (status != STATUS_OK || steps.count == 0)
		return status;
	return fill_steps(report, chart,
	    ALL_STEPS
	    ", move(step, kind, n) AS ("
	    " SELECT " FOLDED_STEP ", kind, 1 FROM report_way"
	    " UNION ALL SELECT " ACCEPTED_STEP ", kind, -1"
	    "  FROM report_way WHERE accepted IS NOT NULL),"
	    " moved AS (SELECT step AS at_step, sum(n * (kind = 0)) AS n0,"
	    "  sum(n * (kind = 1)) AS n1, sum(n * (kind = 2)) AS n2,"
	    "  sum(n * (kind = 3)) AS n3 FROM move GROUP BY step)"
	    " SELECT step, sum(coalesce(n0, 0)) OVER w,"
	    " sum(coalesce(n1, 0)) OVER w, sum(coalesce(n2, 0)) OVER w,"
	    " sum(coalesce(n3, 0)) OVER w FROM at LEFT JOIN moved"
	    " ON at_step = step WINDOW w AS (ORDER BY step)",
	    &steps);
}

static enum status
fill_flips(struct report *report, struct chart *chart)
{
	struct steps steps;
	enum status status = find_steps(report,
	    "SELECT min(at), max(at) FROM availability_flip", &steps);

	if (status != STATUS_OK || steps.count == 0)
		return status;
	return fill_steps(report, chart,
	    ALL_STEPS
	    ", flip(at_step, back) AS ("
	    " SELECT (at - ?1) / ?2, in_stock FROM availability_flip)"
	    " SELECT step, coalesce(sum(back), 0), coalesce(sum(1 - back), 0)"
	    " FROM at LEFT JOIN flip ON at_step = step GROUP BY step",
	    &steps);
}

/* --- names --- */

static enum status
fill_owners(struct report *report, struct chart *chart)
{
	sqlite3_stmt *rows = state_sql(report->state,
	    "SELECT owner, sum(severity = 3), sum(severity = 2),"
	    " sum(severity = 1), sum(severity = 0) FROM exception"
	    " WHERE open = 1 GROUP BY owner ORDER BY owner",
	    report->diag);
	enum status status;

	while (sql_row(report->state, rows, &status, report->diag)) {
		size_t at;

		if (!chart_point(chart, sql_get_text(rows, 0), &report->arena,
			&at))
			continue;
		for (int i = 0; i < CHART_SERIES; i++)
			chart->values[i][at] = sql_get_int(rows, i + 1);
	}
	return status;
}

static enum status
fill_freshness(struct report *report, struct chart *chart)
{
	struct verify_decay decay = { .contacts = 0 };
	enum status status = verify_decay(&decay, report->state, report->diag);
	uint64_t fresh = decay.contacts;
	size_t at;

	if (status != STATUS_OK || decay.contacts == 0)
		return status;
	for (size_t i = 0; i < VERIFY_AGES; i++)
		fresh -= decay.stale[i];
	chart_point(chart, STR("current"), &report->arena, &at);
	chart->values[0][at] = (int64_t)fresh;
	for (size_t i = 0; i < VERIFY_AGES; i++) {
		chart_point(chart, str_of(verify_age(i)), &report->arena, &at);
		chart->values[0][at] = (int64_t)decay.stale[i];
	}
	return STATUS_OK;
}

static const struct drawing {
	struct chart chart;
	enum status (*fill)(struct report *report, struct chart *chart);
} drawings[] = {
	{ { .id = "latency",
	      .title = "From SAP to Ometria",
	      .about = "How long what Ometria accepted had taken since it was "
		       "made in SAP, over time: half of the records took no "
		       "longer than the lower line, 95 of 100 no longer than "
		       "the upper one.",
	      .form = CHART_LINES,
	      .unit = CHART_SECONDS,
	      .series = { "half", "95 of 100" } },
	    fill_latency },
	{ { .id = "backlog",
	      .title = "Backlog",
	      .about = "Changes from SAP that were folded and not yet accepted "
		       "by Ometria, over time.",
	      .form = CHART_LINES,
	      .series = { "products", "contacts", "orders", "events" } },
	    fill_backlog },
	{ { .id = "owners",
	      .title = "Open exceptions by owner",
	      .about = "Whose turn it is, and how severe it is.",
	      .form = CHART_BARS,
	      .series = { "critical", "high", "medium", "low" } },
	    fill_owners },
	{ { .id = "freshness",
	      .title = "Freshness of contacts",
	      .about =
		  "Contacts whose newest state Ometria has accepted, and "
		  "the others by the age of what it lacks: segments are as "
		  "old as that.",
	      .form = CHART_BARS,
	      .series = { "contacts" } },
	    fill_freshness },
	{ { .id = "flips",
	      .title = "Availability flips",
	      .about = "How often SKUs came back in stock and went out of it, "
		       "by what SAP says, over the last 90 days at most. Each "
		       "time that one is back may start a back-in-stock mail.",
	      .form = CHART_LINES,
	      .series = { "back in stock", "out of stock" } },
	    fill_flips },
	{ { .id = "revenue",
	      .title = "Revenue by channel, as far as it is accepted",
	      .about =
		  "Revenue of valid orders by currency, store and channel, "
		  "in whole units: SAP's, the part of it whose newest state "
		  "Ometria has accepted, and the part that read-back has seen "
		  "there since. What else Ometria shows is not in it: that "
		  "is read by sync-audit diff --revenue.",
	      .form = CHART_BARS,
	      .series = { "SAP", "accepted by Ometria", "seen by read-back" } },
	    report_revenue },
};

enum status
report_charts(struct report *report)
{
	struct chart *chart = mem_alloc(sizeof(*chart));
	enum status status = STATUS_OK;

	report_section(report, "charts", "The sync over time", NULL);
	buf_add_text(report->to, "<div class=charts>\n");
	for (size_t i = 0;
	     i < sizeof(drawings) / sizeof(drawings[0]) && status == STATUS_OK;
	     i++) {
		*chart = drawings[i].chart;
		status = drawings[i].fill(report, chart);
		if (status == STATUS_OK)
			chart_write(chart, report->to);
	}
	buf_add_text(report->to, "</div>\n");
	free(chart);
	return status;
}

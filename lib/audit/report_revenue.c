#include "audit/report_parts.h"

#include "audit/revenue.h"
#include "state/outbox_rows.h"

/* Sums by channel. */
struct revenue {
	struct decimal sums[2][CHART_POINTS]; /* SAP's, Ometria's */
	bool lost[CHART_POINTS]; /* it did not fit once */
};

/* Cancelled and refunded orders are not valid: they count as nothing. */
static bool
counts(const struct json *body)
{
	return json_true(json_get(body, "valid"), true);
}

static void
add_order(struct revenue *revenue, size_t at, struct decimal amount,
    bool accepted)
{
	if (!decimal_add(revenue->sums[0][at], amount, &revenue->sums[0][at]) ||
	    (accepted && !decimal_add(revenue->sums[1][at], amount,
			     &revenue->sums[1][at])))
		revenue->lost[at] = true;
}

static void
take_sums(struct chart *chart, const struct revenue *revenue)
{
	for (size_t at = 0; at < chart->points; at++)
		for (size_t side = 0; side < 2; side++) {
			struct decimal whole;

			if (!revenue->lost[at] &&
			    decimal_rescale(revenue->sums[side][at], 0, &whole))
				chart->values[side][at] = whole.units;
		}
}

enum status
report_revenue(struct report *report, struct chart *chart)
{
	sqlite3_stmt *rows = state_sql(report->state,
	    "SELECT body, state = ?1 AND accepted_at IS NOT NULL FROM outbox"
	    " WHERE kind = 2",
	    report->diag);
	struct revenue *revenue = mem_zero(1, sizeof(*revenue));
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	enum status status;

	sql_int(rows, 1, ROW_IDLE);
	while (sql_row(report->state, rows, &status, report->diag)) {
		const struct json *body =
		    json_parse(&doc, sql_get_text(rows, 0));
		struct decimal amount;
		size_t at;

		arena_reset(&arena);
		if (body == NULL || !counts(body) ||
		    !decimal_parse(json_text(body, "grand_total", &arena),
			&amount))
			continue;
		if (chart_point(chart, revenue_channel(body, &arena),
			&report->arena, &at))
			add_order(revenue, at, amount,
			    sql_get_int(rows, 1) != 0);
	}
	take_sums(chart, revenue);
	json_doc_free(&doc);
	arena_free(&arena);
	free(revenue);
	return status;
}

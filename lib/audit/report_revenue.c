#include "audit/report_parts.h"

#include "audit/revenue.h"
#include "state/outbox_rows.h"

#define REACHES 3 /* SAP's, accepted by Ometria, seen there */

/* Sums by channel. */
struct channels {
	struct decimal sums[REACHES][CHART_POINTS];
	bool lost[CHART_POINTS]; /* it did not fit once */
};

/* Cancelled and refunded orders are not valid: they count as nothing. */
static bool
counts(const struct json *body)
{
	return json_true(json_get(body, "valid"), true);
}

/* The row tells how far it has come. */
static void
add_order(struct channels *channels, size_t at, struct decimal amount,
    sqlite3_stmt *row)
{
	for (int i = 0; i < REACHES; i++) {
		struct decimal *sum = &channels->sums[i][at];

		if ((i == 0 || sql_get_int(row, i) != 0) &&
		    !decimal_add(*sum, amount, sum))
			channels->lost[at] = true;
	}
}

static void
take_sums(struct chart *chart, const struct channels *channels)
{
	for (size_t at = 0; at < chart->points; at++)
		for (size_t side = 0; side < REACHES; side++) {
			struct decimal whole;

			if (!channels->lost[at] &&
			    decimal_rescale(channels->sums[side][at], 0,
				&whole))
				chart->values[side][at] = whole.units;
		}
}

enum status
report_revenue(struct report *report, struct chart *chart)
{
	sqlite3_stmt *rows = state_sql(report->state,
	    "SELECT body, state = ?1 AND accepted_at IS NOT NULL,"
	    " state = ?1 AND verified_rev = rev FROM outbox WHERE kind = 2",
	    report->diag);
	struct channels *channels = mem_zero(1, sizeof(*channels));
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
			add_order(channels, at, amount, rows);
	}
	take_sums(chart, channels);
	json_doc_free(&doc);
	arena_free(&arena);
	free(channels);
	return status;
}

#include "audit/report_parts.h"

#include "audit/revenue.h"

#define UNEQUAL 200 /* rows listed */

struct report_match {
	uint64_t rows, equal; /* days of channels; of them the same */
	struct buf unequal; /* the first others: texts, each with a NUL */
	/* By channel. */
	size_t channels;
	struct str names[CHART_POINTS];
	struct decimal sums[CHART_POINTS][REVENUE_SIDES];
	bool lost[CHART_POINTS]; /* it did not fit */
	struct arena arena;
};

void
report_match_free(struct report_match *match)
{
	if (match == NULL)
		return;
	buf_free(&match->unequal);
	arena_free(&match->arena);
	free(match);
}

static void
add_text(struct buf *to, struct str text)
{
	buf_add_str(to, text);
	buf_add_char(to, '\0');
}

static struct str
next_text(struct str *left)
{
	struct str text = str_of(left->data);

	*left = str_from(*left, text.len + 1);
	return text;
}

static void
add_channel(struct report_match *match, struct str name,
    const struct decimal sums[REVENUE_SIDES], bool known)
{
	size_t at = 0;

	while (at < match->channels && !str_eq(match->names[at], name))
		at++;
	if (at == CHART_POINTS)
		return;
	if (at == match->channels) {
		match->names[at] = arena_str(&match->arena, name);
		match->channels++;
	}
	for (int i = 0; i < REVENUE_SIDES; i++)
		if (!known || !decimal_add(match->sums[at][i], sums[i],
				  &match->sums[at][i]))
			match->lost[at] = true;
}

void
report_match_take(struct report_files *files, struct str day,
    struct str channel, const struct str amounts[REVENUE_SIDES])
{
	struct report_match *match = files->match;
	struct decimal sums[REVENUE_SIDES];
	bool known = true;

	if (match == NULL)
		match = files->match = mem_zero(1, sizeof(*match));
	for (int i = 0; i < REVENUE_SIDES; i++)
		known &= decimal_parse(amounts[i], &sums[i]);
	match->rows++;
	add_channel(match, channel, sums, known);
	if (known &&
	    decimal_cmp(sums[REVENUE_SAP], sums[REVENUE_OMETRIA]) == 0) {
		match->equal++;
	} else if (match->rows - match->equal <= UNEQUAL) {
		add_text(&match->unequal, day);
		add_text(&match->unequal, channel);
		for (int i = 0; i < REVENUE_SIDES; i++)
			add_text(&match->unequal, amounts[i]);
	}
}

static void
write_chart(struct report *report, const struct report_match *match)
{
	struct chart *chart = mem_zero(1, sizeof(*chart));

	chart->id = "match";
	chart->title = "Channel revenue: SAP beside Ometria";
	chart->about = "Revenue of valid orders by currency, store and "
		       "channel, in whole units: SAP's, and the one that was "
		       "read from Ometria.";
	chart->form = CHART_BARS;
	chart->series[REVENUE_SAP] = "SAP";
	chart->series[REVENUE_OMETRIA] = "shown by Ometria";
	for (size_t i = 0; i < match->channels; i++) {
		size_t at;

		chart_point(chart, match->names[i], &report->arena, &at);
		for (int side = 0; side < REVENUE_SIDES; side++) {
			struct decimal whole;

			if (!match->lost[i] &&
			    decimal_rescale(match->sums[i][side], 0, &whole))
				chart->values[side][at] = whole.units;
		}
	}
	chart_write(chart, report->to);
	free(chart);
}

static void
write_unequal(struct report *report, const struct report_match *match)
{
	static const struct report_column columns[] = {
		{ "day", REPORT_TEXT },
		{ "channel", REPORT_TEXT },
		{ "SAP", REPORT_SHARE },
		{ "Ometria", REPORT_SHARE },
		{ NULL, REPORT_TEXT },
	};
	struct str left = buf_str(&match->unequal);

	if (left.len == 0)
		return;
	report_table_begin(report, columns);
	while (left.len > 0) {
		report_row_begin(report);
		for (size_t i = 0; columns[i].head != NULL; i++)
			report_cell_text(report, columns[i].cell,
			    next_text(&left));
		report_row_end(report);
	}
	report_table_end(report);
	if (match->rows - match->equal > UNEQUAL)
		buf_add_format(report->to, "<p>The first %d of %llu.</p>\n",
		    UNEQUAL, (unsigned long long)(match->rows - match->equal));
}

void
report_match_write(struct report *report)
{
	const struct report_match *match = report->files->match;

	if (match == NULL)
		return;
	report_section(report, "revenue-match", "Revenue in SAP and in Ometria",
	    "What the differences above amount to: the revenue of each day, in "
	    "UTC, and channel in SAP, and in Ometria as it was read.");
	buf_add_format(report->to,
	    "<p>%llu of %llu days of channels are the same to the cent.</p>\n",
	    (unsigned long long)match->equal, (unsigned long long)match->rows);
	write_chart(report, match);
	write_unequal(report, match);
}

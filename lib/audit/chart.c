#include "audit/chart.h"

#include "base/html.h"
#include "base/instant.h"

/* Units of the drawing; the page scales it. */
#define WIDTH 640
#define HEIGHT 250
#define LEFT 64
#define RIGHT 12
#define TOP 12
#define BOTTOM 34
#define TICKS 4
#define BAR_MOST 44 /* width of a bar */
#define NAMES_MOST 8 /* labels below it */

bool
chart_point(struct chart *chart, struct str label, struct arena *arena,
    size_t *point)
{
	for (*point = 0; *point < chart->points; ++*point)
		if (str_eq(chart->labels[*point], label))
			return true;
	if (chart->points == CHART_POINTS)
		return false;
	chart->labels[chart->points++] = arena_str(arena, label);
	for (size_t i = 0; i < CHART_SERIES; i++)
		chart->values[i][*point] = CHART_NONE;
	return true;
}

static size_t
series_count(const struct chart *chart)
{
	size_t count = 0;

	while (count < CHART_SERIES && chart->series[count] != NULL)
		count++;
	return count;
}

/* The end of the scale. */
static int64_t
scale_of(const struct chart *chart)
{
	static const int64_t spans[] = { 4, 20, 60, 240, 600, 1200, 3600, 7200,
		14400, 28800, 86400, 172800, 345600, 604800 };
	int64_t most = 1, end = 4;

	for (size_t i = 0; i < series_count(chart); i++)
		for (size_t at = 0; at < chart->points; at++)
			if (chart->values[i][at] > most)
				most = chart->values[i][at];
	for (size_t i = 0; chart->unit == CHART_SECONDS &&
			   i < sizeof(spans) / sizeof(spans[0]);
	     i++)
		if (spans[i] >= most)
			return spans[i];
	/* 4, 8, 20, 40, 80, 200: whole ticks. */
	for (int step = 0; end < most && end < INT64_MAX / 10; step++)
		end = step % 3 == 1 ? end * 5 / 2 : end * 2;
	return end;
}

static void
add_value(struct buf *to, const struct chart *chart, int64_t value)
{
	char text[32];

	if (value == CHART_NONE) {
		buf_add_char(to, '-');
		return;
	}
	snprintf(text, sizeof(text), "%lld", (long long)value);
	if (chart->unit == CHART_SECONDS)
		duration_format(value, text, sizeof(text));
	buf_add_text(to, text);
}

static int64_t
y_of(int64_t value, int64_t scale)
{
	const int64_t high = HEIGHT - TOP - BOTTOM;

	return HEIGHT - BOTTOM -
	       (scale > INT64_MAX / high ? value / (scale / high)
					 : value * high / scale);
}

/* The middle of a point's place. */
static int64_t
x_of(const struct chart *chart, size_t point)
{
	int64_t wide = WIDTH - LEFT - RIGHT;

	return LEFT +
	       wide * (2 * (int64_t)point + 1) / (2 * (int64_t)chart->points);
}

static void
add_scale(const struct chart *chart, int64_t scale, struct buf *to)
{
	for (int i = 0; i <= TICKS; i++) {
		long long y = y_of(scale * i / TICKS, scale);

		buf_add_format(to,
		    "<line class=grid x1=%d x2=%d y1=%lld y2=%lld />"
		    "<text x=%d y=%lld text-anchor=end>",
		    LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4);
		add_value(to, chart, scale * i / TICKS);
		buf_add_text(to, "</text>");
	}
}

/* So many of the labels that they do not run into each other. */
static void
add_labels(const struct chart *chart, struct buf *to)
{
	size_t step = (chart->points + NAMES_MOST - 1) / NAMES_MOST;

	for (size_t at = 0; at < chart->points; at += step) {
		buf_add_format(to, "<text x=%lld y=%d text-anchor=middle>",
		    (long long)x_of(chart, at), HEIGHT - BOTTOM + 20);
		html_text(to, chart->labels[at]);
		buf_add_text(to, "</text>");
	}
}

static void
add_line(const struct chart *chart, size_t series, int64_t scale,
    struct buf *to)
{
	const int64_t *values = chart->values[series];
	bool drawing = false;

	buf_add_format(to, "<path class=\"line s%zu\" d=\"", series);
	for (size_t at = 0; at < chart->points; at++) {
		if (values[at] != CHART_NONE)
			buf_add_format(to, "%c%lld %lld", drawing ? 'L' : 'M',
			    (long long)x_of(chart, at),
			    (long long)y_of(values[at], scale));
		drawing |= values[at] != CHART_NONE;
	}
	buf_add_text(to, "\"/>");
	for (size_t at = 0; at < chart->points; at++)
		if (values[at] != CHART_NONE)
			buf_add_format(to,
			    "<circle class=s%zu cx=%lld cy=%lld r=3 />", series,
			    (long long)x_of(chart, at),
			    (long long)y_of(values[at], scale));
}

static void
add_bars(const struct chart *chart, size_t series, int64_t scale,
    struct buf *to)
{
	int64_t count = (int64_t)series_count(chart);
	int64_t place = (WIDTH - LEFT - RIGHT) / (int64_t)chart->points;
	int64_t wide = place * 8 / 10 / count;

	if (wide > BAR_MOST)
		wide = BAR_MOST;
	for (size_t at = 0; at < chart->points; at++) {
		int64_t value = chart->values[series][at];
		int64_t y;

		if (value == CHART_NONE)
			continue;
		y = y_of(value, scale);
		buf_add_format(to,
		    "<rect class=s%zu x=%lld y=%lld width=%lld height=%lld />",
		    series,
		    (long long)(x_of(chart, at) - wide * count / 2 +
				wide * (int64_t)series),
		    (long long)y, (long long)(wide > 2 ? wide - 1 : wide),
		    (long long)(HEIGHT - BOTTOM - y));
	}
}

static void
add_legend(const struct chart *chart, struct buf *to)
{
	if (series_count(chart) < 2)
		return;
	buf_add_text(to, "<p class=legend>");
	for (size_t i = 0; i < series_count(chart); i++) {
		buf_add_format(to, "<span><i class=s%zu></i>", i);
		html_text(to, str_of(chart->series[i]));
		buf_add_text(to, "</span> ");
	}
	buf_add_text(to, "</p>\n");
}

static void
add_figures(const struct chart *chart, struct buf *to)
{
	buf_add_text(to,
	    "<details><summary>Figures</summary><div class=wide tabindex=0>"
	    "<table><thead><tr><th></th>");
	for (size_t i = 0; i < series_count(chart); i++)
		html_element(to, "th class=n", str_of(chart->series[i]));
	buf_add_text(to, "</tr></thead><tbody>\n");
	for (size_t at = 0; at < chart->points; at++) {
		buf_add_text(to, "<tr>");
		html_element(to, "th", chart->labels[at]);
		for (size_t i = 0; i < series_count(chart); i++) {
			buf_add_format(to, "<td class=n data-v=%lld>",
			    (long long)chart->values[i][at]);
			add_value(to, chart, chart->values[i][at]);
			buf_add_text(to, "</td>");
		}
		buf_add_text(to, "</tr>\n");
	}
	buf_add_text(to, "</tbody></table></div></details>\n");
}

void
chart_write(const struct chart *chart, struct buf *to)
{
	int64_t scale = scale_of(chart);

	buf_add_format(to, "<figure id=\"%s\"><figcaption>", chart->id);
	html_element(to, "h3", str_of(chart->title));
	html_element(to, "p", str_of(chart->about));
	buf_add_text(to, "</figcaption>\n");
	if (chart->points == 0) {
		buf_add_text(to, "<p class=none>Nothing to show.</p>"
				 "</figure>\n");
		return;
	}
	buf_add_format(to,
	    "<div class=wide tabindex=0><svg viewBox=\"0 0 %d %d\" role=img aria-labelledby=\"%s-t "
	    "%s-d\"><title id=\"%s-t\">",
	    WIDTH, HEIGHT, chart->id, chart->id, chart->id);
	html_text(to, str_of(chart->title));
	buf_add_format(to, "</title><desc id=\"%s-d\">", chart->id);
	html_text(to, str_of(chart->about));
	buf_add_text(to, "</desc>");
	add_scale(chart, scale, to);
	for (size_t i = 0; i < series_count(chart); i++)
		if (chart->form == CHART_LINES)
			add_line(chart, i, scale, to);
		else
			add_bars(chart, i, scale, to);
	add_labels(chart, to);
	buf_add_text(to, "</svg></div>\n");
	add_legend(chart, to);
	add_figures(chart, to);
	buf_add_text(to, "</figure>\n");
}

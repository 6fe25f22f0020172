#ifndef AUDIT_CHART_H
#define AUDIT_CHART_H

/*
 * A chart as inline SVG, with a name and a description for who cannot see it,
 * and its figures as a table behind it. Lines over moments, or bars over names;
 * values are whole numbers. Colours are the page's classes s0 to s3.
 */

#include "base/arena.h"

#define CHART_POINTS 48
#define CHART_SERIES 4

enum chart_form {
	CHART_LINES,
	CHART_BARS
};

enum chart_unit {
	CHART_COUNT,
	CHART_SECONDS
};

#define CHART_NONE INT64_MIN /* no value at this point */

/* Starts with its texts and no points. */
struct chart {
	const char *id; /* of the element: letters */
	const char *title;
	const char *about; /* what it shows and how to read it */
	enum chart_form form;
	enum chart_unit unit;
	const char *series[CHART_SERIES]; /* names, NULL behind the last */
	struct str labels[CHART_POINTS];
	int64_t values[CHART_SERIES][CHART_POINTS];
	size_t points;
};

/* The point of a label, made when it is new, with all its values none; false
 * when there is no room. The label is copied. */
bool chart_point(struct chart *chart, struct str label, struct arena *arena,
    size_t *point);
/* A chart without points says that there is nothing to show. */
void chart_write(const struct chart *chart, struct buf *to);

#endif

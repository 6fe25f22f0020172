#ifndef AUDIT_HISTOGRAM_H
#define AUDIT_HISTOGRAM_H

/*
 * Durations counted in a fixed number of slots: a percentile of any number of
 * them takes no more memory. Exact below 512 seconds; beyond, up to 68 years, a
 * slot is at most 0.4 % wide and its lower end is told.
 */

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_EXACT 512
#define HISTOGRAM_SLOTS (HISTOGRAM_EXACT + 22 * HISTOGRAM_EXACT / 2)

/* Starts as {0}. */
struct histogram {
	uint64_t count;
	uint32_t slots[HISTOGRAM_SLOTS];
};

/* What is below 0 (clocks differ) counts as 0. */
void histogram_add(struct histogram *histogram, int64_t seconds);
/* The least duration that so many percent (1 to 100) do not exceed; 0 when
 * there is none. */
int64_t histogram_at(const struct histogram *histogram, unsigned percent);

/* What people ask of it. */
struct figures {
	uint64_t count;
	int64_t p50, p95, p99; /* seconds */
};

struct figures histogram_figures(const struct histogram *histogram);

#endif

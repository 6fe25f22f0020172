#include "audit/histogram.h"

#define HALF (HISTOGRAM_EXACT / 2)
#define GREATEST ((UINT64_C(1) << 31) - 1)

/* Each power of two beyond what is exact has HALF slots. */
static size_t
slot_of(uint64_t seconds)
{
	size_t power = 0;

	if (seconds > GREATEST)
		seconds = GREATEST;
	if (seconds < HISTOGRAM_EXACT)
		return (size_t)seconds;
	while (seconds >> power >= HISTOGRAM_EXACT)
		power++;
	return HISTOGRAM_EXACT + (power - 1) * HALF +
	       (size_t)(seconds >> power) - HALF;
}

static int64_t
least_of(size_t slot)
{
	size_t power;

	if (slot < HISTOGRAM_EXACT)
		return (int64_t)slot;
	power = (slot - HISTOGRAM_EXACT) / HALF + 1;
	return (int64_t)((slot - HISTOGRAM_EXACT) % HALF + HALF) << power;
}

void
histogram_add(struct histogram *histogram, int64_t seconds)
{
	histogram->slots[slot_of(seconds > 0 ? (uint64_t)seconds : 0)]++;
	histogram->count++;
}

int64_t
histogram_at(const struct histogram *histogram, unsigned percent)
{
	uint64_t rank = (histogram->count * percent + 99) / 100, seen = 0;

	for (size_t slot = 0; slot < HISTOGRAM_SLOTS && rank > 0; slot++) {
		seen += histogram->slots[slot];
		if (seen >= rank)
			return least_of(slot);
	}
	return 0;
}

struct figures
histogram_figures(const struct histogram *histogram)
{
	return (struct figures){
		.count = histogram->count,
		.p50 = histogram_at(histogram, 50),
		.p95 = histogram_at(histogram, 95),
		.p99 = histogram_at(histogram, 99),
	};
}

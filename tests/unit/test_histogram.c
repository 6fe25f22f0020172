/* Percentiles of any number of durations, in fixed memory. */

#include <stdbool.h>

#include "audit/histogram.h"
#include "tap.h"

/* Exact where it says so, else at most 0.4 % low. */
static bool
is_near(int64_t got, int64_t exact)
{
	if (exact < HISTOGRAM_EXACT)
		return got == exact;
	return got <= exact && exact - got <= got * 4 / 1000;
}

/* A percentile of 1..n is known: the least that so many percent do not
 * exceed. */
static void
test_percentiles(void)
{
	static const struct {
		int64_t most;
		unsigned percent;
		int64_t exact;
	} rows[] = {
		{ 1, 50, 1 },
		{ 2, 50, 1 },
		{ 100, 95, 95 },
		{ 100, 99, 99 },
		{ 101, 95, 96 },
		{ 511, 100, 511 },
		{ 4000, 50, 2000 },
		{ 100000, 99, 99000 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static struct histogram histogram;
		char what[80];
		int64_t got;

		histogram = (struct histogram){ 0 };
		for (int64_t value = rows[i].most; value >= 1; value--)
			histogram_add(&histogram, value);
		got = histogram_at(&histogram, rows[i].percent);
		snprintf(what, sizeof(what), "percentile %u of 1..%lld",
		    rows[i].percent, (long long)rows[i].most);
		OK(is_near(got, rows[i].exact), what);
	}
}

static void
test_edges(void)
{
	static const int64_t values[] = { 0, 1, 511, 512, 513, 1023, 1024,
		65535, 65536, 86400, INT64_C(2147483647) };
	static struct histogram histogram;

	IS_INT(histogram_at(&histogram, 95), 0, "nothing has no percentile");
	histogram_add(&histogram, -5);
	IS_INT(histogram_at(&histogram, 95), 0, "clocks that differ: no time");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char what[80];

		histogram = (struct histogram){ 0 };
		histogram_add(&histogram, values[i]);
		snprintf(what, sizeof(what), "%lld alone",
		    (long long)values[i]);
		OK(is_near(histogram_at(&histogram, 50), values[i]), what);
	}
	histogram = (struct histogram){ 0 };
	histogram_add(&histogram, INT64_MAX);
	OK(histogram_at(&histogram, 50) > INT64_C(2130000000),
	    "longer than anything: the last slot");
}

int
main(void)
{
	test_percentiles();
	test_edges();
	DONE();
}

/* Exact fractions. */

#include "base/ratio.h"
#include "tap.h"

static struct ratio
of(const char *text)
{
	struct ratio ratio = { 0, 0 };

	if (!ratio_parse(str_of(text), &ratio))
		ratio.bottom = 0;
	return ratio;
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		long long top, bottom; /* bottom 0: no ratio */
	} cases[] = {
		{ "6", 6, 1 },
		{ "2.500", 5, 2 },
		{ "10/3", 10, 3 },
		{ "2/4", 1, 2 },
		{ "0.3-", -3, 10 },
		{ "1/3-", -1, 3 },
		{ "0/7", 0, 1 },
		{ "0.000000001", 1, 1000000000 },
		{ "1/0", 0, 0 },
		{ "", 0, 0 },
		{ "/", 0, 0 },
		{ "1/2/3", 0, 0 },
		{ "x", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ratio ratio = of(cases[i].text);

		OK(ratio.bottom == cases[i].bottom &&
			(ratio.bottom == 0 || ratio.top == cases[i].top),
		    cases[i].text[0] != '\0' ? cases[i].text : "empty");
	}
}

static void
test_sums(void)
{
	struct ratio third = of("1/3"), sum = RATIO_ZERO;

	for (int i = 0; i < 3; i++)
		OK(ratio_add(sum, third, &sum), "a third more");
	IS_INT(ratio_cmp(sum, RATIO_ONE), 0, "three thirds are one");
	OK(ratio_mul(of("5"), third, &sum) && ratio_cmp(sum, of("5/3")) == 0,
	    "five thirds");
	OK(ratio_div(sum, of("5"), &sum) && ratio_cmp(sum, third) == 0,
	    "and a fifth of them");
	OK(!ratio_div(sum, RATIO_ZERO, &sum), "nothing is divided by zero");
	IS_INT(ratio_cmp(of("0.333333333"), third), -1,
	    "a rounded third is less");
	IS_INT(ratio_cmp(of("0.333333334"), third), 1, "or more");
	IS_INT(ratio_cmp(of("-1"), third), -1, "a negative one is less");
	IS_INT(ratio_sign(of("-1/3")), -1, "its sign");
	IS_INT(ratio_sign(RATIO_ZERO), 0, "zero has none");
}

static void
test_range(void)
{
	struct ratio huge = { INT64_MAX, 1 }, tiny = { 1, INT64_MAX };
	struct ratio near = { INT64_MAX - 1, INT64_MAX }, result;

	OK(!ratio_add(huge, huge, &result), "a sum that does not fit");
	OK(!ratio_mul(huge, huge, &result), "a product that does not fit");
	OK(!ratio_div(tiny, huge, &result), "a quotient that does not fit");
	OK(ratio_mul(huge, tiny, &result) && ratio_cmp(result, RATIO_ONE) == 0,
	    "large terms that cancel out do");
	IS_INT(ratio_cmp(near, RATIO_ONE), -1, "comparing is exact");
	IS_INT(ratio_cmp(huge, tiny), 1, "at both ends");
}

int
main(void)
{
	test_parse();
	test_sums();
	test_range();
	DONE();
}

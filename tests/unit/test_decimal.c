/* Exact decimals: SAP's forms, rounding half away from zero, overflow. */

#include "base/decimal.h"
#include "tap.h"

#define MAX "9223372036854775807"

static struct decimal
of(const char *text)
{
	struct decimal value = DECIMAL_ZERO;

	if (!decimal_parse(str_of(text), &value))
		printf("# cannot parse %s\n", text);
	return value;
}

static const char *
show(struct decimal value)
{
	static struct buf text[4];
	static size_t turn;
	struct buf *to = &text[turn++ % 4];

	buf_clear(to);
	decimal_add_to(to, value);
	return to->data;
}

static void
test_parse(void)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "0", "0" },
		{ "12.50", "12.50" },
		{ "12.50-", "-12.50" },
		{ "-12.50", "-12.50" },
		{ "+12.50", "12.50" },
		{ "12.50+", "12.50" },
		{ "  7.000 ", "7.000" },
		{ "12.50 -", "-12.50" },
		{ "0-", "0" },
		{ "-0.00", "0.00" },
		{ ".5", "0.5" },
		{ "5.", "5" },
		{ "000012", "12" },
		{ "1.123456789", "1.123456789" },
		{ "1.1234567890000", "1.123456789" },
		{ "1.1234567891", NULL },
		{ MAX, MAX },
		{ MAX "-", "-" MAX },
		{ "9223372036854775808", NULL },
		{ "-9223372036854775808", NULL },
		{ "99999999999999999999999", NULL },
		{ "", NULL },
		{ " ", NULL },
		{ "-", NULL },
		{ ".", NULL },
		{ "-.", NULL },
		{ "1,50", NULL },
		{ "1.2.3", NULL },
		{ "-5-", NULL },
		{ "--5", NULL },
		{ "5--", NULL },
		{ "1e3", NULL },
		{ "0x10", NULL },
		{ "1 000", NULL },
		{ "NaN", NULL },
		{ "*", NULL },
	};
	char what[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decimal value = { 0, 0 };
		bool good = decimal_parse(str_of(cases[i].text), &value);

		snprintf(what, sizeof(what), "parse '%s'", cases[i].text);
		if (cases[i].want == NULL)
			OK(!good, what);
		else
			IS_STR(good ? show(value) : "refused", cases[i].want,
			    what);
	}
	OK(!decimal_parse(STR("1\0002"), &(struct decimal){ 0, 0 }),
	    "a zero byte is no digit");
}

static void
test_rescale(void)
{
	static const struct {
		const char *value;
		unsigned scale;
		const char *want;
	} cases[] = {
		{ "1.005", 2, "1.01" },
		{ "1.004", 2, "1.00" },
		{ "1.005-", 2, "-1.01" },
		{ "1.004-", 2, "-1.00" },
		{ "0.5", 0, "1" },
		{ "0.5-", 0, "-1" },
		{ "0.49", 0, "0" },
		{ "2", 2, "2.00" },
		{ "9.995", 2, "10.00" },
		{ "0.004-", 2, "0.00" },
	};
	struct decimal out;
	char what[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good =
		    decimal_rescale(of(cases[i].value), cases[i].scale, &out);

		snprintf(what, sizeof(what), "%s at scale %u", cases[i].value,
		    cases[i].scale);
		IS_STR(good ? show(out) : "refused", cases[i].want, what);
	}
	OK(!decimal_rescale(of(MAX), 1, &out), "padding that overflows");
	OK(!decimal_rescale(of("1"), DECIMAL_SCALE_MAX + 1, &out),
	    "a scale that decimals do not have");
}

static void
test_sums(void)
{
	struct decimal out;

	OK(decimal_add(of("0.1"), of("0.20"), &out), "add");
	IS_STR(show(out), "0.30", "0.1 + 0.20 is exactly 0.30");
	OK(decimal_sub(of("10"), of("0.01"), &out), "sub");
	IS_STR(show(out), "9.99", "10 - 0.01");
	OK(!decimal_add(of(MAX), of("1"), &out), "add above the range");
	OK(!decimal_sub(of(MAX "-"), of("2"), &out), "sub below the range");
	OK(!decimal_add(of(MAX), of("0.1"), &out), "aligning scales overflows");
	OK(decimal_add(of(MAX), of(MAX "-"), &out) && decimal_sign(out) == 0,
	    "the ends of the range cancel out");
}

static void
test_products(void)
{
	struct decimal out;

	OK(decimal_mul(of("3"), of("19.99"), &out), "mul");
	IS_STR(show(out), "59.97", "3 * 19.99");
	OK(decimal_mul(of("0.00001"), of("0.00005"), &out), "mul, small");
	IS_STR(show(out), "0.000000001", "rounded half away from zero");
	OK(decimal_mul(of("0.00001-"), of("0.00005"), &out), "mul, negative");
	IS_STR(show(out), "-0.000000001", "away from zero below zero too");
	OK(!decimal_mul(of(MAX), of("2"), &out), "mul above the range");
	OK(decimal_div(of("10"), of("3"), 2, &out), "div");
	IS_STR(show(out), "3.33", "10 / 3 at scale 2");
	OK(decimal_div(of("20"), of("3"), 2, &out), "div, up");
	IS_STR(show(out), "6.67", "20 / 3 at scale 2");
	OK(decimal_div(of("1"), of("8-"), 2, &out), "div by a negative");
	IS_STR(show(out), "-0.13", "1 / -8: half away from zero");
	OK(decimal_div(of(MAX), of("0.000000001"), 0, &out) == false,
	    "div above the range");
	OK(!decimal_div(of("1"), of("0.00"), 2, &out), "div by zero");
}

static void
test_order(void)
{
	IS_INT(decimal_cmp(of("1.5"), of("1.500")), 0, "1.5 = 1.500");
	IS_INT(decimal_cmp(of("1.5-"), of("1.4-")), -1, "-1.5 < -1.4");
	IS_INT(decimal_cmp(of(MAX), of("0.000000001")), 1,
	    "comparing never overflows");
	IS_INT(decimal_sign(of("0.00-")), 0, "the sign of nothing");
	IS_INT(decimal_sign(of("0.01-")), -1, "the sign of a cent taken");
	IS_STR(show(decimal_trim(of("5.000"))), "5", "trim 5.000");
	IS_STR(show(decimal_trim(of("0.000"))), "0", "trim 0.000");
	IS_STR(show(decimal_trim(of("100"))), "100", "trim keeps 100");
	IS_STR(show(decimal_trim(of("1.250-"))), "-1.25", "trim -1.250");
	IS_STR(show(decimal_neg(of("0.05"))), "-0.05", "neg 0.05");
}

int
main(void)
{
	test_parse();
	test_rescale();
	test_sums();
	test_products();
	test_order();
	DONE();
}

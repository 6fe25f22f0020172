/* Time: ISO texts, SAP's local times in zones with their gaps and repeated
 * hours, durations. */

#include "base/instant.h"
#include "tap.h"

static const char *
iso(instant value)
{
	static char text[4][INSTANT_TEXT];
	static size_t turn;

	return instant_format(value, text[turn++ % 4]);
}

static const char *
sap(const char *date, const char *clock)
{
	instant value;

	return zone_from_sap(str_of(date), str_of(clock), &value) ? iso(value)
								  : "refused";
}

static void
zone(const char *name)
{
	struct diag diag = { 0 };
	char what[80];

	snprintf(what, sizeof(what), "zone %s", name);
	OK(zone_use(name, &diag) == STATUS_OK, what);
}

static void
test_iso(void)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z" },
		{ "2026-01-31T08:00:00z", "2026-01-31T08:00:00Z" },
		{ "2026-01-31 08:00:00", "2026-01-31T08:00:00Z" },
		{ "2026-01-31T08:00:00.123456Z", "2026-01-31T08:00:00Z" },
		{ "2026-01-31T08:00:00+01:00", "2026-01-31T07:00:00Z" },
		{ "2026-01-31T08:00:00-0530", "2026-01-31T13:30:00Z" },
		{ "2026-01-31T00:00:00+02", "2026-01-30T22:00:00Z" },
		{ "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z" },
		{ "2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z" },
		{ "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ "1900-02-29T12:00:00Z", NULL },
		{ "2026-02-29T12:00:00Z", NULL },
		{ "2026-13-01T12:00:00Z", NULL },
		{ "2026-00-01T12:00:00Z", NULL },
		{ "2026-01-00T12:00:00Z", NULL },
		{ "2026-01-31T24:00:00Z", NULL },
		{ "2026-01-31T08:60:00Z", NULL },
		{ "2026-01-31T08:00:60Z", NULL },
		{ "2026-01-31T08:00Z", NULL },
		{ "2026-01-31", NULL },
		{ "20260131T080000Z", NULL },
		{ "2026-01-31T08:00:00+1", NULL },
		{ "2026-01-31T08:00:00+15:00", NULL },
		{ "2026-01-31T08:00:00+01:00 ", NULL },
		{ "2026-01-31T08:00:00ZZ", NULL },
		{ "2026/01/31T08:00:00Z", NULL },
		{ "", NULL },
	};
	instant value;
	char what[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = instant_parse(str_of(cases[i].text), &value);

		snprintf(what, sizeof(what), "parse '%s'", cases[i].text);
		if (cases[i].want == NULL)
			OK(!good, what);
		else
			IS_STR(good ? iso(value) : "refused", cases[i].want,
			    what);
	}
	IS_STR(iso(INSTANT_NONE), "", "no time is an empty text");
	instant_fix(1000000000);
	IS_STR(iso(instant_now()), "2001-09-09T01:46:40Z", "a fixed clock");
}

static void
test_london(void)
{
	zone("Europe/London");
	IS_STR(sap("20260115", "093000"), "2026-01-15T09:30:00Z", "winter");
	IS_STR(sap("20260715", "093000"), "2026-07-15T08:30:00Z", "summer");
	IS_STR(sap("20260115", ""), "2026-01-15T00:00:00Z",
	    "no time is midnight");
	IS_STR(sap("20260715", "000000"), "2026-07-14T23:00:00Z",
	    "midnight in summer is the day before in UTC");
	IS_STR(sap("20260329", "005959"), "2026-03-29T00:59:59Z",
	    "before the gap");
	IS_STR(sap("20260329", "013000"), "2026-03-29T01:30:00Z",
	    "in the gap: the offset before it counts");
	IS_STR(sap("20260329", "020000"), "2026-03-29T01:00:00Z",
	    "behind the gap");
	IS_STR(sap("20261025", "003000"), "2026-10-24T23:30:00Z",
	    "before the repeated hour");
	IS_STR(sap("20261025", "013000"), "2026-10-25T00:30:00Z",
	    "the repeated hour: the first pass");
	IS_STR(sap("20261025", "020000"), "2026-10-25T02:00:00Z",
	    "behind the repeated hour");
	IS_STR(sap("20260630", "240000"), "2026-06-30T23:00:00Z",
	    "240000 is the end of the day");
	IS_STR(sap("19700101", "000000"), "1969-12-31T23:00:00Z",
	    "1970, when London was on summer time all year");
}

static void
test_zones(void)
{
	zone("America/New_York");
	IS_STR(sap("20260308", "023000"), "2026-03-08T07:30:00Z",
	    "New York, in the gap");
	IS_STR(sap("20260308", "030000"), "2026-03-08T07:00:00Z",
	    "New York, behind the gap");
	IS_STR(sap("20261101", "013000"), "2026-11-01T05:30:00Z",
	    "New York, the repeated hour: the first pass");
	IS_STR(sap("20261101", "020000"), "2026-11-01T07:00:00Z",
	    "New York, behind the repeated hour");
	zone("Europe/Dublin");
	IS_STR(sap("20261025", "013000"), "2026-10-25T00:30:00Z",
	    "Dublin, whose daylight saving is in winter: the first pass");
	IS_STR(sap("20260329", "013000"), "2026-03-29T01:30:00Z",
	    "Dublin, in the gap");
	IS_STR(sap("20260715", "120000"), "2026-07-15T11:00:00Z",
	    "Dublin, summer");
	zone("Asia/Kolkata");
	IS_STR(sap("20260715", "120000"), "2026-07-15T06:30:00Z",
	    "a zone without daylight saving");
	zone("Australia/Lord_Howe");
	IS_STR(sap("20260405", "014500"), "2026-04-04T14:45:00Z",
	    "half an hour repeated: the first pass");
	zone("UTC");
	IS_STR(sap("20260329", "013000"), "2026-03-29T01:30:00Z", "UTC");
}

static void
test_refused(void)
{
	static const char *const dates[] = { "", "00000000", "        ",
		"99991231", "20260230", "20261301", "20260001", "2026013",
		"202601311", "2026-1-1", "2026011a", "00000101" };
	static const char *const clocks[] = { "250000", "246000", "240001",
		"126000", "120060", "1200", "12:00:00", "12000a" };
	struct diag diag = { 0 };
	char what[80];

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		snprintf(what, sizeof(what), "no date: '%s'", dates[i]);
		IS_STR(sap(dates[i], "120000"), "refused", what);
	}
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		snprintf(what, sizeof(what), "no time: '%s'", clocks[i]);
		IS_STR(sap("20260131", clocks[i]), "refused", what);
	}
	IS_INT(zone_use("Europe/Lundon", &diag), STATUS_CONFIG,
	    "a zone that does not exist");
	IS_INT(zone_use("../../etc/passwd", &diag), STATUS_CONFIG,
	    "a path is no zone");
	IS_INT(zone_use("Europe", &diag), STATUS_CONFIG, "a folder is no zone");
	IS_INT(zone_use("", &diag), STATUS_CONFIG, "nothing is no zone");
}

/* Every hour of two years survives the way to SAP's digits and back, but the
 * second pass of the repeated hour, which the digits cannot tell. */
static void
test_digits(const char *name)
{
	char digits[15], what[80];
	instant start, back;
	int wrong = 0, moved = 0;

	zone(name);
	instant_parse(STR("2025-01-01T00:00:00Z"), &start);
	for (instant at = start; at < start + 2 * 365 * 86400; at += 1800) {
		zone_to_digits(at, digits);
		if (!zone_from_digits(str_of(digits), &back))
			wrong++;
		else if (back != at && at - back != 3600)
			wrong++;
		else
			moved += back != at;
	}
	snprintf(what, sizeof(what), "%s: digits and back", name);
	IS_INT(wrong, 0, what);
	snprintf(what, sizeof(what), "%s: two repeated hours in two years",
	    name);
	IS_INT(moved, 4, what);
}

static void
test_durations(void)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: refused */
	} cases[] = { { "500ms", 500 }, { "90s", 90000 }, { "30m", 1800000 },
		{ "4h", 14400000 }, { "2d", 172800000 }, { "0s", 0 },
		{ "100000000d", 8640000000000000 }, { "100000001d", -1 },
		{ "30", -1 }, { "m", -1 }, { "", -1 }, { "-5m", -1 },
		{ "5 m", -1 }, { "5M", -1 }, { "1.5h", -1 }, { "5mm", -1 },
		{ "5w", -1 } };
	static const struct {
		int64_t seconds;
		const char *want;
	} ages[] = { { 0, "0s" }, { 119, "119s" }, { 120, "2m" },
		{ 7199, "119m" }, { 7200, "2h" }, { 172799, "47h" },
		{ 172800, "2d" }, { -5, "-5s" } };
	char text[24], what[80];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value = -1;

		if (!duration_parse(str_of(cases[i].text), &value))
			value = -1;
		snprintf(what, sizeof(what), "duration '%s'", cases[i].text);
		IS_INT(value, cases[i].want, what);
	}
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		duration_format(ages[i].seconds, text, sizeof(text));
		IS_STR(text, ages[i].want, "an age as a person reads it");
	}
}

int
main(void)
{
	test_iso();
	test_london();
	test_zones();
	test_refused();
	test_digits("Europe/London");
	test_digits("America/New_York");
	test_digits("Europe/Dublin");
	test_durations();
	DONE();
}

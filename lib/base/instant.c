#include "base/instant.h"

#include <errno.h>
#include <sys/stat.h>

static instant fixed = INSTANT_NONE;

instant
instant_now(void)
{
	return fixed != INSTANT_NONE ? fixed : (instant)time(NULL);
}

int64_t
instant_now_ms(void)
{
	struct timespec now;

	if (fixed != INSTANT_NONE)
		return fixed * 1000;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
instant_fix(instant now)
{
	fixed = now;
}

int64_t
instant_ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t
days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - 719468;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
digits_at(struct str text, size_t at, size_t count, int *value)
{
	int sum = 0;

	if (text.len < at + count)
		return false;
	for (size_t i = at; i < at + count; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		sum = sum * 10 + (text.data[i] - '0');
	}
	*value = sum;
	return true;
}

struct civil {
	int year, month, day, hour, minute, second;
};

static bool
civil_valid(const struct civil *c)
{
	return c->year >= 1 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= days_in_month(c->year, c->month) && c->hour <= 23 &&
	       c->minute <= 59 && c->second <= 59;
}

static instant
civil_utc(const struct civil *c)
{
	return days_from_civil(c->year, c->month, c->day) * 86400 +
	       c->hour * 3600 + c->minute * 60 + c->second;
}

/* Z, +HH, +HHMM, +HH:MM at the end of an ISO time; seconds east of UTC. */
static bool
offset_parse(struct str text, int *seconds)
{
	int hours, minutes = 0;

	*seconds = 0;
	if (text.len == 0 || str_is(text, "Z") || str_is(text, "z"))
		return true;
	if ((text.data[0] != '+' && text.data[0] != '-') ||
	    !digits_at(text, 1, 2, &hours))
		return false;
	if (text.len == 5 && !digits_at(text, 3, 2, &minutes))
		return false;
	if (text.len == 6 &&
	    (text.data[3] != ':' || !digits_at(text, 4, 2, &minutes)))
		return false;
	if ((text.len != 3 && text.len != 5 && text.len != 6) || hours > 14 ||
	    minutes > 59)
		return false;
	*seconds =
	    (hours * 3600 + minutes * 60) * (text.data[0] == '-' ? -1 : 1);
	return true;
}

bool
instant_parse(struct str text, instant *value)
{
	struct civil c;
	int offset;
	size_t at = 19;

	if (!digits_at(text, 0, 4, &c.year) ||
	    !digits_at(text, 5, 2, &c.month) ||
	    !digits_at(text, 8, 2, &c.day) ||
	    !digits_at(text, 11, 2, &c.hour) ||
	    !digits_at(text, 14, 2, &c.minute) ||
	    !digits_at(text, 17, 2, &c.second) || !civil_valid(&c))
		return false;
	if (text.data[4] != '-' || text.data[7] != '-' ||
	    text.data[13] != ':' || text.data[16] != ':' ||
	    (text.data[10] != 'T' && text.data[10] != ' '))
		return false;
	if (at < text.len && text.data[at] == '.')
		for (at++; at < text.len && text.data[at] >= '0' &&
			   text.data[at] <= '9';)
			at++;
	if (!offset_parse((struct str){ text.data + at, text.len - at },
		&offset))
		return false;
	*value = civil_utc(&c) - offset;
	return true;
}

static void
put_digits(char *to, int64_t value, size_t count)
{
	while (count > 0) {
		to[--count] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* The other way of days_from_civil; year 1 and later. */
static void
civil_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t era, day_of_era, year_of_era, day_of_year, shifted;

	days += 719468;
	era = days / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			  day_of_era / 146096) /
		      365;
	day_of_year = day_of_era -
		      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted + (shifted < 10 ? 3 : -9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

#define FIRST_SECOND INT64_C(-62135596800) /* of the year 1 */
#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

const char *
instant_format(instant value, char to[INSTANT_TEXT])
{
	int64_t since, second, year, month, day;

	to[0] = '\0';
	if (value < FIRST_SECOND || value > LAST_SECOND)
		return to;
	since = value - FIRST_SECOND;
	second = since % 86400;
	civil_from_days(since / 86400 + FIRST_SECOND / 86400, &year, &month,
	    &day);
	memcpy(to, "YYYY-MM-DDTHH:MM:SSZ", INSTANT_TEXT);
	put_digits(to, year, 4);
	put_digits(to + 5, month, 2);
	put_digits(to + 8, day, 2);
	put_digits(to + 11, second / 3600, 2);
	put_digits(to + 14, second / 60 % 60, 2);
	put_digits(to + 17, second % 60, 2);
	return to;
}

bool
zone_exists(const char *name)
{
	char path[512];
	struct stat status;
	const char *root = getenv("TZDIR");

	if (strcmp(name, "UTC") == 0)
		return true;
	if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL)
		return false;
	snprintf(path, sizeof(path), "%s/%s",
	    root != NULL ? root : "/usr/share/zoneinfo", name);
	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/*
 * The offsets of local quarters of an hour that were looked up: input has many
 * times of few days, and mktime is slow. Transitions happen on quarters since
 * long before SAP.
 */
#define QUARTERS 64

static struct {
	int64_t number; /* since 1970; 0, which is never kept: free */
	int64_t offset;
} quarters[QUARTERS];

enum status
zone_use(const char *name, struct diag *diag)
{
	char value[256];

	if (!zone_exists(name))
		return diag_set(diag, STATUS_CONFIG,
		    "time zone is not in the zone database (package tzdata)");
	snprintf(value, sizeof(value), ":%s", name);
	if (setenv("TZ", value, 1) != 0)
		return diag_errno(diag, STATUS_OS, errno,
		    "cannot set the time zone");
	/* It says nothing, and would go on with UTC. */
	errno = 0;
	tzset();
	if (errno == ENOMEM)
		status_out_of_memory();
	memset(quarters, 0, sizeof(quarters));
	return STATUS_OK;
}

/* The instant of a local time; *exact: the zone has that time as such. */
static instant
zone_try(const struct civil *c, int summer, bool *exact)
{
	struct tm tm = { .tm_year = c->year - 1900,
		.tm_mon = c->month - 1,
		.tm_mday = c->day,
		.tm_hour = c->hour,
		.tm_min = c->minute,
		.tm_sec = c->second,
		.tm_isdst = summer };
	time_t seconds = mktime(&tm);

	*exact = tm.tm_mday == c->day && tm.tm_hour == c->hour &&
		 tm.tm_min == c->minute;
	return (instant)seconds;
}

/*
 * Both readings are tried: which of them is the earlier differs by zone
 * (Europe/Dublin has its daylight saving in winter). In a repeated hour both
 * exist and the first pass is meant; in a skipped hour neither does and the
 * offset before the gap counts.
 */
static bool
zone_local(const struct civil *c, instant *value)
{
	instant utc = civil_utc(c);
	int64_t quarter = utc / 900;
	size_t slot = (size_t)quarter % QUARTERS;
	bool exact[2];
	instant read[2];
	int early;

	if (quarter > 0 && quarters[slot].number == quarter) {
		*value = utc - quarters[slot].offset;
		return true;
	}
	read[0] = zone_try(c, 0, &exact[0]);
	read[1] = zone_try(c, 1, &exact[1]);
	early = read[1] < read[0];
	if (exact[0] == exact[1])
		*value = read[exact[0] ? early : !early];
	else
		*value = read[exact[1]];
	if (*value == -1 && c->year != 1969 && c->year != 1970)
		return false;
	if (c->year >= 1980) {
		quarters[slot].number = quarter;
		quarters[slot].offset = utc - *value;
	}
	return true;
}

bool
zone_from_sap(struct str date, struct str clock, instant *value)
{
	struct civil c = { 0 };

	date = str_trim(date);
	clock = str_trim(clock);
	if (date.len != 8 || str_is(date, "00000000") ||
	    str_is(date, "99991231") || !digits_at(date, 0, 4, &c.year) ||
	    !digits_at(date, 4, 2, &c.month) || !digits_at(date, 6, 2, &c.day))
		return false;
	if (clock.len > 0 &&
	    (clock.len != 6 || !digits_at(clock, 0, 2, &c.hour) ||
		!digits_at(clock, 2, 2, &c.minute) ||
		!digits_at(clock, 4, 2, &c.second)))
		return false;
	/* SAP writes 240000 for the end of a day. */
	if (c.hour == 24 && c.minute == 0 && c.second == 0) {
		c.hour = 0;
		if (!civil_valid(&c) || !zone_local(&c, value))
			return false;
		*value += 86400;
		return true;
	}
	return civil_valid(&c) && zone_local(&c, value);
}

void
zone_to_digits(instant value, char to[15])
{
	struct tm tm;
	time_t seconds = (time_t)value;

	to[0] = '\0';
	if (localtime_r(&seconds, &tm) != NULL)
		strftime(to, 15, "%Y%m%d%H%M%S", &tm);
}

bool
zone_from_digits(struct str digits, instant *value)
{
	if (digits.len < 14)
		return false;
	return zone_from_sap((struct str){ digits.data, 8 },
	    (struct str){ digits.data + 8, 6 }, value);
}

bool
duration_parse(struct str text, int64_t *milliseconds)
{
	static const struct {
		const char *unit;
		int64_t factor;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 } };
	size_t digits = 0;
	uint64_t count;

	while (digits < text.len && text.data[digits] >= '0' &&
	       text.data[digits] <= '9')
		digits++;
	if (!str_to_u64((struct str){ text.data, digits }, 100000000, &count))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct str rest = { text.data + digits, text.len - digits };

		if (str_is(rest, units[i].unit)) {
			*milliseconds = (int64_t)count * units[i].factor;
			return true;
		}
	}
	return false;
}

void
duration_format(int64_t seconds, char *to, size_t size)
{
	static const struct {
		int64_t from;
		int64_t unit;
		char name;
	} steps[] = { { 172800, 86400, 'd' }, { 7200, 3600, 'h' },
		{ 120, 60, 'm' }, { INT64_MIN, 1, 's' } };
	size_t i = 0;

	while (seconds < steps[i].from)
		i++;
	snprintf(to, size, "%lld%c", (long long)(seconds / steps[i].unit),
	    steps[i].name);
}

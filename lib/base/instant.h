#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

/*
 * Time: instants are seconds since 1970-01-01T00:00:00Z, written as
 * "YYYY-MM-DDTHH:MM:SSZ". SAP's dates and times are local to its system: the
 * configured zone ([sap] timezone) converts them, daylight saving included.
 */

#include "base/buf.h"

typedef int64_t instant; /* seconds UTC */

#define INSTANT_NONE INT64_MIN
#define INSTANT_TEXT 21 /* "2026-11-23T07:12:00Z" and its NUL */

/*
 * The clock of the program. instant_fix makes it stand still at `now` (option
 * --now), so that tests and replays are deterministic.
 */
instant instant_now(void);
/* The same clock in milliseconds. */
int64_t instant_now_ms(void);
void instant_fix(instant now);
/* Milliseconds of a clock that never jumps; not for records. */
int64_t instant_ticks(void);

/*
 * Accepts "YYYY-MM-DDTHH:MM:SS" followed by Z, +HH, +HH:MM, -HHMM, or nothing
 * (taken as UTC), fractions ignored, a blank instead of T. False otherwise.
 */
bool instant_parse(struct str text, instant *value);
/* Writes INSTANT_TEXT bytes; returns to. INSTANT_NONE gives "". */
const char *instant_format(instant value, char to[INSTANT_TEXT]);

/*
 * Use this zone from now on: a name of the zone database such as
 * "Europe/London". DATA-free failure: STATUS_CONFIG when it does not exist.
 */
enum status zone_use(const char *name, struct diag *diag);
/* Whether the zone database, or TZDIR, has a zone of this name. */
bool zone_exists(const char *name);
/*
 * SAP's DATS (YYYYMMDD) and TIMS (HHMMSS, may be empty = midnight) in that
 * zone. False when the date is initial (blank or zeros), "99991231", or not a
 * date. In the repeated hour of autumn the first pass is meant.
 */
bool zone_from_sap(struct str date, struct str time, instant *value);
/* The 14 digits YYYYMMDDHHMMSS of an instant in that zone, and its NUL. */
void zone_to_digits(instant value, char to[15]);
/* Those 14 digits (the start of a seq) as an instant; false when wrong. */
bool zone_from_digits(struct str digits, instant *value);

/* "30m", "4h", "90s", "2d", "500ms": milliseconds; false when malformed. */
bool duration_parse(struct str text, int64_t *milliseconds);
/* "3d", "4h", "12m", "8s": an age as a person reads it, whole units. */
void duration_format(int64_t seconds, char *to, size_t size);

#endif

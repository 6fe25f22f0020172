#ifndef TESTS_TAP_H
#define TESTS_TAP_H

/* TAP for C: each check prints one line, and a failed one its reason on stderr,
 * which prove shows; DONE() prints the plan and returns 1 from main when a
 * check failed. */

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline void
tap_check(int good, const char *file, int line, const char *what)
{
	tap_count++;
	tap_failed += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, what);
	if (!good)
		fprintf(stderr, "#   Failed test %d of %s:%d: %s\n", tap_count,
		    file, line, what);
}

static inline void
tap_text(const char *got, const char *want, const char *file, int line,
    const char *what)
{
	int good = got != NULL && want != NULL && strcmp(got, want) == 0;

	tap_check(good, file, line, what);
	if (!good)
		fprintf(stderr, "# got  %s\n# want %s\n",
		    got != NULL ? got : "NULL", want != NULL ? want : "NULL");
}

static inline void
tap_int(long long got, long long want, const char *file, int line,
    const char *what)
{
	tap_check(got == want, file, line, what);
	if (got != want)
		fprintf(stderr, "# got  %lld\n# want %lld\n", got, want);
}

#define OK(condition, what)                                                    \
	tap_check((condition) != 0, __FILE__, __LINE__, what)
#define IS_STR(got, want, what) tap_text(got, want, __FILE__, __LINE__, what)
#define IS_INT(got, want, what)                                                \
	tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, what)
#define DONE()                                                                 \
	do {                                                                   \
		printf("1..%d\n", tap_count);                                  \
		return tap_failed != 0;                                        \
	} while (0)

#endif

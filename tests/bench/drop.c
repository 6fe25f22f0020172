/*
 * Files into an inbox at a steady pace: renames each file of FROM, in order of
 * their names, into DIR, one every GAP milliseconds, and prints for each
 *
 *	NAME MILLISECONDS
 *
 * its name and when it was renamed, since 1970.
 *
 *	drop FROM DIR GAP
 */

#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_MS INT64_C(1000000)

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000 * NS_MS + now.tv_nsec;
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
wait_until(int64_t at)
{
	struct timespec when = { .tv_sec = at / (1000 * NS_MS),
		.tv_nsec = at % (1000 * NS_MS) };

	while (
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) != 0)
		;
}

int
main(int argc, char **argv)
{
	struct dirent **files;
	int64_t gap, next;
	int count;

	if (argc != 4) {
		fprintf(stderr, "usage: drop FROM DIR GAP\n");
		return 64;
	}
	gap = strtol(argv[3], NULL, 10) * NS_MS;
	count = scandir(argv[1], &files, visible, alphasort);
	if (count < 0) {
		perror(argv[1]);
		return 66;
	}
	next = clock_ns(CLOCK_MONOTONIC);
	for (int i = 0; i < count; i++) {
		char from[4096], to[4096];

		snprintf(from, sizeof(from), "%s/%s", argv[1],
		    files[i]->d_name);
		snprintf(to, sizeof(to), "%s/%s", argv[2], files[i]->d_name);
		wait_until(next);
		next += gap;
		if (rename(from, to) != 0) {
			perror(to);
			return 74;
		}
		printf("%s %" PRId64 "\n", files[i]->d_name,
		    clock_ns(CLOCK_REALTIME) / NS_MS);
		free(files[i]);
	}
	free(files);
	return 0;
}

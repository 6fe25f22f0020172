#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/*
 * A clock of the day that somebody sets to and fro: CLOCK_JUMP seconds ahead at
 * every other look, as many behind at the others. Other clocks go on.
 */

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t jump;
static atomic_uint looks;

__attribute__((constructor)) static void
start(void)
{
	const char *text = getenv("CLOCK_JUMP");

	jump = text == NULL ? 0 : strtoll(text, NULL, 10);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (result == 0 && clock == CLOCK_REALTIME)
		now->tv_sec +=
		    atomic_fetch_add(&looks, 1) % 2 == 0 ? jump : -jump;
	return result;
}

time_t
time(time_t *now)
{
	struct timespec exact;

	clock_gettime(CLOCK_REALTIME, &exact);
	if (now != NULL)
		*now = exact.tv_sec;
	return exact.tv_sec;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec exact;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &exact);
	now->tv_sec = exact.tv_sec;
	now->tv_usec = exact.tv_nsec / 1000;
	return 0;
}

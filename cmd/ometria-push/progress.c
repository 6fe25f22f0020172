#include "progress.h"

#include <unistd.h>

#include "base/instant.h"

#define SHOW_MS 200
#define COUNT_MS 2000

void
progress_begin(struct progress *progress, bool quiet)
{
	*progress = (struct progress){
		.shown = !quiet && isatty(STDERR_FILENO),
		.begun = instant_ticks(),
	};
}

void
progress_count(struct progress *progress, const struct drain *drain,
    uint64_t backlog)
{
	progress->counted = true;
	progress->backlog = backlog;
	progress->left = drain->records + drain->refused;
}

/* Over the whole time: what the rate allows in it evens out. */
static int64_t
per_second(const struct progress *progress, const struct drain *drain,
    int64_t now)
{
	int64_t ran = now - progress->begun;

	return ran <= 0 ? 0 : (int64_t)drain->records * 1000 / ran;
}

bool
progress_show(struct progress *progress, const struct drain *drain)
{
	int64_t now = instant_ticks(), speed;
	uint64_t gone = drain->records + drain->refused - progress->left;
	uint64_t waiting =
	    progress->backlog > gone ? progress->backlog - gone : 0;
	char eta[32] = "?";
	bool count = false;

	if (!progress->shown || now - progress->last < SHOW_MS)
		return false;
	if (!progress->counted)
		return true;
	count = now / COUNT_MS != progress->last / COUNT_MS;
	progress->last = now;
	speed = per_second(progress, drain, now);
	if (speed > 0)
		duration_format((int64_t)waiting / speed, eta, sizeof(eta));
	fprintf(stderr,
	    "\r%llu records, %llu requests, %lld/s, %llu waiting, %s left"
	    "\033[K",
	    (unsigned long long)drain->records,
	    (unsigned long long)drain->requests, (long long)speed,
	    (unsigned long long)waiting, eta);
	progress->dirty = true;
	return count;
}

void
progress_end(struct progress *progress)
{
	if (progress->dirty)
		fputs("\r\033[K", stderr);
	progress->dirty = false;
}

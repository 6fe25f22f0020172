#include "ometria/limiter.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/pause.h"

/* CLOCK_BOOTTIME runs on while the machine sleeps. */
int64_t
limiter_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
limiter_rule(int64_t times[LIMITER_MAX], size_t *count, size_t rate,
    int64_t window, int64_t now)
{
	size_t kept = 0;

	if (rate == 0)
		return 0;
	for (size_t i = 0; i < *count; i++)
		if (times[i] <= now && times[i] > now - window)
			times[kept++] = times[i];
	*count = kept;
	if (kept >= rate)
		return times[kept - rate] + window - now;
	times[(*count)++] = now;
	return 0;
}

void
limiter_move(int64_t times[LIMITER_MAX], size_t *count, int64_t from,
    int64_t to)
{
	size_t i = 0;

	while (i < *count && times[i] != from)
		i++;
	if (i == LIMITER_MAX)
		i = 0; /* full of others: the oldest gives way */
	else if (i == *count)
		(*count)++;
	for (; i + 1 < *count && times[i + 1] < to; i++)
		times[i] = times[i + 1];
	times[i] = to;
}

static enum status
open_bucket(struct limiter *limiter, const char *path, const char *ending,
    struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_OK;

	limiter->fd = -1;
	limiter->count = 0;
	if (path == NULL || limiter->rate == 0)
		return STATUS_OK;
	buf_add_format(&name, "%s%s", path, ending);
	limiter->fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (limiter->fd < 0)
		status = diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot open '%s'", name.data);
	buf_free(&name);
	return status;
}

enum status
limiter_open(struct limiter *limiter, const char *path, size_t rate,
    struct diag *diag)
{
	limiter->fd = -1;
	limiter->rate = rate;
	limiter->window = LIMITER_WINDOW;
	if (rate > LIMITER_MAX)
		return diag_set(diag, STATUS_CONFIG,
		    "rate is over %d requests a second; 0 is no limit",
		    LIMITER_MAX);
	return open_bucket(limiter, path, "-rate", diag);
}

enum status
limiter_open_erase(struct limiter *limiter, const char *path, struct diag *diag)
{
	limiter->rate = LIMITER_ERASE;
	limiter->window = LIMITER_ERASE_WINDOW;
	return open_bucket(limiter, path, "-rate-erase", diag);
}

void
limiter_close(struct limiter *limiter)
{
	if (limiter->fd >= 0)
		close(limiter->fd);
	limiter->fd = -1;
}

static enum status
lock(struct limiter *limiter, int operation, struct diag *diag)
{
	while (flock(limiter->fd, operation) < 0)
		if (errno != EINTR)
			return diag_errno(diag, STATUS_OS, errno,
			    "cannot lock the rate file");
	return STATUS_OK;
}

/* A damaged or foreign length is cut to whole times: at worst one wait. */
static enum status
load(struct limiter *limiter, struct diag *diag)
{
	ssize_t got =
	    pread(limiter->fd, limiter->times, sizeof(limiter->times), 0);

	if (got < 0)
		return diag_errno(diag, STATUS_IO, errno,
		    "cannot read the rate file");
	limiter->count = (size_t)got / sizeof(limiter->times[0]);
	return STATUS_OK;
}

static enum status
store(struct limiter *limiter, struct diag *diag)
{
	size_t size = limiter->count * sizeof(limiter->times[0]);
	ssize_t put = pwrite(limiter->fd, limiter->times, size, 0);

	if (put != (ssize_t)size || ftruncate(limiter->fd, (off_t)size) < 0)
		return diag_errno(diag, STATUS_IO, errno,
		    "cannot write the rate file");
	return STATUS_OK;
}

/* The bucket as the file has it, locked. */
static enum status
enter(struct limiter *limiter, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (limiter->fd < 0)
		return STATUS_OK;
	status = lock(limiter, LOCK_EX, diag);
	if (status != STATUS_OK)
		return status;
	status = load(limiter, diag);
	if (status != STATUS_OK)
		flock(limiter->fd, LOCK_UN);
	return status;
}

static enum status
leave(struct limiter *limiter, bool changed, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (limiter->fd < 0)
		return STATUS_OK;
	if (changed)
		status = store(limiter, diag);
	flock(limiter->fd, LOCK_UN);
	return status;
}

enum status
limiter_try(struct limiter *limiter, int64_t *wait, struct diag *diag)
{
	enum status status;
	int64_t now;

	*wait = 0;
	if (limiter->rate == 0)
		return STATUS_OK;
	status = enter(limiter, diag);
	if (status != STATUS_OK)
		return status;
	now = limiter_clock(); /* behind the lock: no time is later */
	*wait = limiter_rule(limiter->times, &limiter->count, limiter->rate,
	    limiter->window, now);
	if (*wait == 0)
		limiter->last = now;
	/* Counted before it is sent: a crash sends less, not more. */
	return leave(limiter, *wait == 0, diag);
}

enum status
limiter_late(struct limiter *limiter, int64_t from, int64_t to,
    struct diag *diag)
{
	enum status status;

	if (limiter->rate == 0)
		return STATUS_OK;
	status = enter(limiter, diag);
	if (status != STATUS_OK)
		return status;
	limiter_move(limiter->times, &limiter->count, from, to);
	return leave(limiter, true, diag);
}

enum status
limiter_take(struct limiter *limiter, bool (*stop)(void), struct diag *diag)
{
	int64_t wait = 0;
	enum status status;

	do {
		status = limiter_try(limiter, &wait, diag);
	} while (status == STATUS_OK && wait > 0 && pause_for(wait, stop));
	return status;
}

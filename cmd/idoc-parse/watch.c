#define _GNU_SOURCE /* ppoll */
#include "watch.h"
#include "age.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/text.h"
#include "state/deadline.h"

#define NS_MS INT64_C(1000000)
/* What inotify cannot tell is found by a scan so often. */
#define SCAN_NS (60000 * NS_MS)
/* And so often where something was left out of the last one. */
#define SCAN_AGAIN_NS (1000 * NS_MS)
/* How often the ledger is asked whether files have settled. */
#define SETTLE_NS (100 * NS_MS)
/* Between the passes over deadlines. */
#define DEADLINE_NS (60000 * NS_MS)
/* Between scans where inotify's limits are reached. */
#define FALLBACK_NS (1000 * NS_MS)

#define EVENTS                                                                 \
	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |            \
	    IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW |      \
	    IN_EXCL_UNLINK)

/* A folder that is watched. Numbers only grow: the rows stay in order. */
struct row {
	int number; /* watch descriptor */
	char *path;
	bool met; /* by the scan in progress */
};

struct watch {
	struct inbox *inbox;
	const char *folder;
	int fd; /* of inotify, -1 = polling */
	int root; /* watch descriptor of the folder itself */
	int64_t poll; /* nanoseconds */
	int64_t scan_at;
	int64_t settle_at;
	int64_t deadline_at;
	struct row *rows;
	size_t count, size;
	bool gone;
};

static void
start_polling(struct watch *watch, int64_t interval)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	watch->poll = interval;
	watch->inbox->polling = true;
	watch->scan_at = 0;
}

/* inotify has no room for all folders: look again and again instead. */
static void
fall_back(struct watch *watch, int err)
{
	tool_say(watch->inbox->tool,
	    "cannot watch all folders (%s; see fs.inotify limits): looking "
	    "every second instead",
	    strerror(err));
	start_polling(watch, FALLBACK_NS);
}

static struct row *
find_row(struct watch *watch, int number)
{
	size_t from = 0, to = watch->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (watch->rows[middle].number < number)
			from = middle + 1;
		else
			to = middle;
	}
	return from < watch->count && watch->rows[from].number == number
		   ? &watch->rows[from]
		   : NULL;
}

static void
set_row(struct watch *watch, int number, const char *path)
{
	struct row *row = find_row(watch, number);

	if (row == NULL) {
		if (watch->count == watch->size) {
			watch->size = watch->size == 0 ? 8 : 2 * watch->size;
			watch->rows = mem_grow(watch->rows, watch->size,
			    sizeof(*watch->rows));
		}
		row = &watch->rows[watch->count++];
		*row = (struct row){ .number = number };
	}
	free(row->path);
	row->path = mem_strdup(path);
	row->met = true;
}

/* A folder is about to be listed: what comes from now on is told. */
static enum status
on_folder(void *user, const char *path, struct diag *diag)
{
	struct watch *watch = user;
	int number;

	(void)diag;
	if (watch->fd < 0)
		return STATUS_OK;
	number = inotify_add_watch(watch->fd, path, EVENTS);
	if (number >= 0)
		set_row(watch, number, path);
	else if (errno == ENOSPC || errno == ENOMEM)
		fall_back(watch, errno);
	/* Anything else: it is gone, or its listing will fail. */
	if (number >= 0 && strcmp(path, watch->folder) == 0)
		watch->root = number;
	return STATUS_OK;
}

/* Folders that the scan did not meet are not below ours any more. */
static void
drop_unmet(struct watch *watch)
{
	size_t left = 0;

	for (size_t i = 0; i < watch->count; i++) {
		struct row *row = &watch->rows[i];

		if (row->met) {
			watch->rows[left++] = *row;
			continue;
		}
		if (watch->fd >= 0)
			inotify_rm_watch(watch->fd, row->number);
		free(row->path);
	}
	watch->count = left;
}

static enum status
scan(struct watch *watch, struct diag *diag)
{
	enum status status;

	for (size_t i = 0; i < watch->count; i++)
		watch->rows[i].met = false;
	watch->scan_at = INT64_MAX;
	status = inbox_scan(watch->inbox, watch->folder, diag);
	if (status != STATUS_OK)
		return status;
	if (!tool_interrupted())
		drop_unmet(watch);
	/* A fallback in the middle of it asks for the next at once. */
	if (watch->scan_at != 0)
		watch->scan_at =
		    inbox_clock() + (watch->poll > 0 ? watch->poll : SCAN_NS);
	return STATUS_OK;
}

/* A file was closed, moved in or linked in. */
static void
offer(struct watch *watch, const struct row *row, const char *name,
    uint32_t mask)
{
	struct buf path = BUF_INIT;
	struct stat info;

	buf_add_text(&path, row->path);
	if (path.data[path.len - 1] != '/')
		buf_add_char(&path, '/');
	buf_add_text(&path, name);
	/* What was created is being written, but for a link to what was. */
	if (lstat(path.data, &info) == 0 && S_ISREG(info.st_mode) &&
	    ((mask & IN_CREATE) == 0 || info.st_nlink > 1))
		inbox_offer(watch->inbox, path.data, &info);
	buf_free(&path);
}

static void
take_event(struct watch *watch, const struct inotify_event *event)
{
	const struct row *row = find_row(watch, event->wd);
	bool root = event->wd == watch->root;

	if ((event->mask & IN_Q_OVERFLOW) != 0 || (event->mask & IN_ISDIR) != 0)
		watch->scan_at = 0;
	if ((event->mask & (IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
		watch->scan_at = 0;
		watch->gone = watch->gone || root;
	}
	if (row != NULL && event->len > 0 && (event->mask & IN_ISDIR) == 0 &&
	    (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE)) != 0 &&
	    folder_takes(event->name))
		offer(watch, row, event->name, event->mask);
}

static void
take_events(struct watch *watch)
{
	_Alignas(struct inotify_event) char bytes[16384];
	ssize_t got;

	while (
	    watch->fd >= 0 && (got = read(watch->fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t at = 0; at < got;) {
			const struct inotify_event *event =
			    (const void *)(bytes + at);

			take_event(watch, event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
}

/* When there is something to do without anything happening. */
static int64_t
next_time(const struct watch *watch)
{
	const struct queue *queue = &watch->inbox->queue;
	int64_t next = watch->scan_at;

	if (intake_state(watch->inbox->intake) != NULL &&
	    watch->deadline_at < next)
		next = watch->deadline_at;

	if (queue->waiting_count > 0 && queue->waiting[0].due < next)
		next = queue->waiting[0].due;
	if (watch->inbox->archive != NULL && watch->inbox->archive->count > 0 &&
	    watch->settle_at < next)
		next = watch->settle_at;
	return next;
}

/*
 * Sleep until then, an event, a signal or the reader's end. Signals are let in
 * only while it sleeps, so that none is overlooked just before.
 */
static void
sleep_until(struct watch *watch, int64_t until, bool *reader_gone)
{
	struct pollfd fds[] = { { .fd = STDOUT_FILENO },
		{ .fd = watch->fd, .events = POLLIN } };
	int64_t left = until - inbox_clock();
	struct timespec span = { .tv_sec = 0 };
	int64_t since = instant_ticks();
	sigset_t ends, before;
	int ready = 0;

	if (left > 0) {
		span.tv_sec = left / (1000 * NS_MS);
		span.tv_nsec = left % (1000 * NS_MS);
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, &before);
	if (!tool_interrupted())
		ready = ppoll(fds, 2, &span, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	intake_waited(watch->inbox->intake, instant_ticks() - since);
	*reader_gone =
	    ready > 0 && (fds[0].revents & (POLLERR | POLLNVAL)) != 0;
	if (ready > 0 && fds[1].revents != 0)
		take_events(watch);
}

static enum status
folder_gone(const struct watch *watch, struct diag *diag)
{
	struct buf name = BUF_INIT;

	diag_set(diag, STATUS_NO_INPUT, "the watched folder '%s' is gone",
	    text_escape(&name, str_of(watch->folder), 200));
	buf_free(&name);
	return STATUS_NO_INPUT;
}

/* What time alone makes wrong, see deadline.h. */
static enum status
pass_deadlines(struct watch *watch, struct diag *diag)
{
	struct state *state = intake_state(watch->inbox->intake);
	enum status status = STATUS_OK;

	if (state == NULL || inbox_clock() < watch->deadline_at)
		return STATUS_OK;
	watch->deadline_at = inbox_clock() + DEADLINE_NS;
	if (watch->inbox->archive != NULL)
		status = age_pass(watch->inbox->archive, diag);
	return status == STATUS_OK ? deadline_pass(state, instant_now(), diag)
				   : status;
}

/* Everything that is due; then there is time to sleep. */
static enum status
step(struct watch *watch, struct diag *diag)
{
	struct inbox *inbox = watch->inbox;
	enum status status = STATUS_OK;
	bool progress;

	if (watch->gone)
		return folder_gone(watch, diag);
	if (inbox_clock() >= watch->scan_at)
		status = scan(watch, diag);
	if (status == STATUS_OK)
		inbox_ripen(inbox);
	progress = inbox->queue.ready_count > 0;
	if (status == STATUS_OK && progress)
		status = inbox_read_ready(inbox, diag);
	if (inbox->queue.more && watch->scan_at > 0)
		watch->scan_at = progress ? 0 : inbox_clock() + SCAN_AGAIN_NS;
	inbox->queue.more = false;
	if (status == STATUS_OK && inbox->archive != NULL &&
	    inbox_clock() >= watch->settle_at) {
		archive_pass(inbox->archive);
		watch->settle_at = inbox_clock() + SETTLE_NS;
	}
	return status == STATUS_OK ? pass_deadlines(watch, diag) : status;
}

struct watch *
watch_new(struct inbox *inbox, const char *folder, uint64_t poll)
{
	struct watch *watch = mem_zero(1, sizeof(*watch));

	watch->inbox = inbox;
	watch->folder = folder;
	watch->fd = -1;
	watch->root = -1;
	inbox->folder = on_folder;
	inbox->user = watch;
	if (poll > 0)
		start_polling(watch, (int64_t)poll * NS_MS);
	else
		watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (poll == 0 && watch->fd < 0)
		fall_back(watch, errno);
	return watch;
}

enum status
watch_run(struct watch *watch, bool *reader_gone, struct diag *diag)
{
	enum status status = scan(watch, diag);

	*reader_gone = false;
	/* The backlog in one order, with what is quiet in a moment. */
	if (status == STATUS_OK && !watch->inbox->polling)
		inbox_await_quiet(watch->inbox);
	while (status == STATUS_OK && !*reader_gone && !tool_interrupted()) {
		status = step(watch, diag);
		if (status == STATUS_OK)
			sleep_until(watch, next_time(watch), reader_gone);
	}
	return status;
}

void
watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	if (watch->fd >= 0)
		close(watch->fd);
	for (size_t i = 0; i < watch->count; i++)
		free(watch->rows[i].path);
	free(watch->rows);
	free(watch);
}

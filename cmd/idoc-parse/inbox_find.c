#define _GNU_SOURCE /* F_SETLEASE */
#include "inbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/pause.h"
#include "base/text.h"

#define NS_MS INT64_C(1000000)
#define NS_S INT64_C(1000000000)
/* A file that does not look finished waits so many times as long. */
#define PATIENCE 10

int64_t
inbox_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_S + now.tv_nsec;
}

/* Since the last change; below 0 for one in the future. */
static int64_t
age_of(const struct identity *identity)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec - identity->changed.tv_sec) * NS_S + now.tv_nsec -
	       identity->changed.tv_nsec;
}

void
inbox_note_path(const struct inbox *inbox, const char *path, const char *what)
{
	struct buf name = BUF_INIT;

	tool_note(inbox->tool, "'%s' %s", text_escape(&name, str_of(path), 200),
	    what);
	buf_free(&name);
}

bool
inbox_is_gone(int err)
{
	/* ELOOP: a link has taken its place. */
	return err == ENOENT || err == ENOTDIR || err == ELOOP;
}

/* Never through a link, never waiting for the other end of a pipe. */
static int
open_quickly(const char *path)
{
	return open(path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int
inbox_open_file(const char *path, struct stat *info)
{
	int fd = open_quickly(path);

	if (fd >= 0 && fstat(fd, info) == 0 && S_ISREG(info->st_mode))
		return fd;
	if (fd >= 0) {
		close(fd);
		errno = ENOENT;
	}
	return -1;
}

/* File systems on which a refused lease says that somebody writes. */
static bool
knows_leases(int fd)
{
	static const uint32_t kinds[] = { 0xEF53, 0x58465342, 0x9123683E,
		0x01021994, 0xF2F52010, 0x794C7630 };
	/* ext4, xfs, btrfs, tmpfs, f2fs, overlayfs */
	struct statfs info;

	if (fstatfs(fd, &info) != 0)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((uint32_t)info.f_type == kinds[i])
			return true;
	return false;
}

/*
 * Whether the file is open for writing somewhere: then no read lease is given.
 * Where nobody can tell it is not.
 */
static bool
is_written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		return false;
	}
	return errno == EAGAIN && knows_leases(fd);
}

static void
wait_for(struct inbox *inbox, const char *path, const struct identity *identity,
    int64_t delay)
{
	struct queue_file file = { .path = mem_strdup(path),
		.identity = *identity,
		.due = inbox_clock() + delay };

	queue_wait(&inbox->queue, &file);
}

/* How long until it has been unchanged for a span; 0 = it has. */
static int64_t
rest_of(const struct identity *identity, int64_t span)
{
	int64_t age = age_of(identity);

	if (age < 0)
		return span;
	return age >= span ? 0 : span - age;
}

/* Everything before reading that takes a look into the file. */
static void
examine(struct inbox *inbox, const char *path, const struct identity *identity)
{
	struct queue_file file = { .identity = *identity };
	char bytes[PEEK_BYTES];
	struct str head = { bytes, 0 };
	int64_t rest = 0;
	int fd = open_quickly(path);

	if (fd < 0 && inbox_is_gone(errno))
		return;
	if (fd >= 0) {
		ssize_t got = pread(fd, bytes, sizeof(bytes), 0);

		head.len = got > 0 ? (size_t)got : 0;
		if (!inbox->polling && is_written(fd))
			rest = inbox->settle > NS_MS ? inbox->settle : NS_MS;
		else if (rest_of(identity, PATIENCE * inbox->settle) > 0 &&
			 !peek_finished(fd, head, identity->size))
			rest = rest_of(identity, PATIENCE * inbox->settle);
		close(fd);
	}
	if (rest > 0) {
		wait_for(inbox, path, identity, rest);
		return;
	}
	arena_reset(&inbox->arena);
	peek_seq(head, identity->changed.tv_sec, &inbox->arena, file.seq);
	file.path = mem_strdup(path);
	queue_ready(&inbox->queue, &file);
}

/* Polling: whether the last scan met the same. */
static bool
was_sighted(struct inbox *inbox, uint64_t mark)
{
	seen_add(&inbox->sighting, mark);
	return seen_has(&inbox->sighted, mark);
}

static bool
has_room(struct inbox *inbox, const char *path)
{
	if (inbox->seen.count + inbox->queue.ready_count < SEEN_MAX)
		return true;
	if (!inbox->full_said)
		tool_say(inbox->tool,
		    "over %d files that were read are still in the folder: "
		    "others wait until some are moved away",
		    SEEN_MAX);
	inbox->full_said = true;
	inbox_note_path(inbox, path, "waits");
	return false;
}

void
inbox_offer(struct inbox *inbox, const char *path, const struct stat *info)
{
	struct identity identity = identity_of(info);
	uint64_t mark = identity_mark(&identity);
	int64_t rest;

	if (seen_has(&inbox->seen, mark)) {
		if (inbox->scanning)
			seen_add(&inbox->met, mark);
		if (inbox->scanning && inbox->archive != NULL &&
		    inbox->archive->forgot)
			archive_add(inbox->archive, path, &identity, 0, false);
		return;
	}
	if (!has_room(inbox, path))
		return;
	rest = rest_of(&identity, inbox->settle);
	if (inbox->polling) {
		/* Clocks of other machines may be ahead: two scans count. */
		if (was_sighted(inbox, mark) &&
		    (rest == 0 || age_of(&identity) < 0))
			examine(inbox, path, &identity);
	} else if (rest > 0) {
		wait_for(inbox, path, &identity, rest);
	} else {
		examine(inbox, path, &identity);
	}
	return;
}

void
inbox_ripen(struct inbox *inbox)
{
	int64_t now = inbox_clock();
	struct queue_file file;

	while (queue_due(&inbox->queue, now, &file)) {
		struct identity identity;
		struct stat info;

		if (lstat(file.path, &info) == 0 && S_ISREG(info.st_mode)) {
			identity = identity_of(&info);
			/* The clock of its time may be ahead of ours. */
			if (identity_same(&identity, &file.identity) &&
			    !seen_has(&inbox->seen, identity_mark(&identity)))
				examine(inbox, file.path, &identity);
			else
				inbox_offer(inbox, file.path, &info);
		}
		free(file.path);
	}
}

static void
on_passed(void *user, const char *path, int err)
{
	struct inbox *inbox = user;
	struct buf name = BUF_INIT;

	text_escape(&name, str_of(path), 200);
	if (err != 0 && !inbox->unlisted_said)
		tool_say(inbox->tool, "cannot list the folder '%s': %s",
		    name.data, strerror(err));
	if (err == 0 && !inbox->link_said)
		tool_say(inbox->tool,
		    "'%s' is passed over: symbolic links are not followed",
		    name.data);
	inbox->link_said = inbox->link_said || err == 0;
	buf_free(&name);
}

static enum status
on_folder(void *user, const char *path, struct diag *diag)
{
	struct inbox *inbox = user;

	return inbox->folder != NULL ? inbox->folder(inbox->user, path, diag)
				     : STATUS_OK;
}

static enum status
on_file(void *user, const char *path, const struct stat *info,
    struct diag *diag)
{
	(void)diag;
	inbox_offer(user, path, info);
	return STATUS_OK;
}

enum status
inbox_scan(struct inbox *inbox, const char *folder, struct diag *diag)
{
	struct folder_walk walk = { .folder = on_folder,
		.file = on_file,
		.passed = on_passed,
		.user = inbox };
	enum status status;

	if (inbox->archive != NULL)
		walk.except = &inbox->archive->info;
	if (inbox->archive != NULL && inbox->archive->forgot) {
		archive_forget(inbox->archive);
		inbox->archive->forgot = true;
	}
	/* Whatever waits is found again. */
	queue_free(&inbox->queue);
	inbox->scanning = true;
	status = folder_walk(&walk, folder, diag);
	inbox->scanning = false;
	inbox->unlisted_said = true;
	if (status == STATUS_OK && !tool_interrupted()) {
		seen_free(&inbox->seen);
		inbox->seen = inbox->met;
		seen_free(&inbox->sighted);
		inbox->sighted = inbox->sighting;
		if (inbox->archive != NULL)
			inbox->archive->forgot =
			    inbox->archive->count == ARCHIVE_MAX;
	} else {
		seen_free(&inbox->met);
		seen_free(&inbox->sighting);
	}
	inbox->met = inbox->sighting = (struct seen){ NULL, 0, 0 };
	return status;
}

void
inbox_await_quiet(struct inbox *inbox)
{
	int64_t now = inbox_clock(), until = now;

	for (size_t i = 0; i < inbox->queue.waiting_count; i++)
		if (inbox->queue.waiting[i].due > until)
			until = inbox->queue.waiting[i].due;
	if (until > now + inbox->settle)
		until = now + inbox->settle;
	if (inbox->queue.waiting_count > 0)
		pause_for((until - now) / NS_MS + 1, tool_interrupted);
	inbox_ripen(inbox);
}

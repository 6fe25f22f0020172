#define _GNU_SOURCE /* F_SETLEASE */
#include "inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/pause.h"
#include "base/text.h"
#include "folder.h"
#include "state/ledger_death.h"

#define NS_MS INT64_C(1000000)
#define NS_S INT64_C(1000000000)
/* A file that does not look finished waits so many times as long. */
#define PATIENCE 10
/* How often a run that does not watch looks at files that are changing. */
#define ROUNDS 3

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

static void
note_path(const struct inbox *inbox, const char *path, const char *what)
{
	struct buf name = BUF_INIT;

	tool_note(inbox->tool, "'%s' %s", text_escape(&name, str_of(path), 200),
	    what);
	buf_free(&name);
}

static bool
is_gone(int err)
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

/* The same for regular files only. */
static int
open_file(const char *path, struct stat *info)
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

	if (fd < 0 && is_gone(errno))
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
	note_path(inbox, path, "waits");
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
	if (err != 0)
		tool_say(inbox->tool, "cannot list the folder '%s': %s",
		    name.data, strerror(err));
	else if (!inbox->link_said)
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

/* Commit and write what was gathered: the files of it have been read. */
static enum status
flush(struct inbox *inbox, struct diag *diag)
{
	enum status status = intake_flush(inbox->intake, diag);

	if (status == STATUS_OK && inbox->noted)
		status = ledger_read(intake_state(inbox->intake),
		    intake_run(inbox->intake), diag);
	inbox->noted = false;
	return status;
}

/* A file that cannot be opened, or is not to be: an exception of it. */
static enum status
skip(struct inbox *inbox, const struct queue_file *file, const char *code,
    const char *why, struct diag *diag)
{
	enum status status =
	    intake_skip(inbox->intake, code, file->path, why, diag);

	seen_add(&inbox->seen, identity_mark(&file->identity));
	if (status == STATUS_OK && inbox->archive != NULL)
		archive_add(inbox->archive, file->path, &file->identity, 0,
		    true);
	return status;
}

static bool
is_same(const struct queue_file *file, const struct stat *info)
{
	struct identity now = identity_of(info);

	return identity_same(&now, &file->identity);
}

/*
 * Whether it is still what was examined, at the descriptor and, where that
 * counts at once, in the folder.
 */
static bool
stayed_same(const struct inbox *inbox, const struct queue_file *file, int fd)
{
	struct stat info;

	if (fstat(fd, &info) != 0 || !is_same(file, &info))
		return false;
	return inbox->archive == NULL ||
	       (lstat(file->path, &info) == 0 && is_same(file, &info));
}

static enum status
read_open(struct inbox *inbox, const struct queue_file *file, int fd,
    struct diag *diag)
{
	struct buf name = BUF_INIT;
	struct stat info;
	enum status status;

	status = intake_file(inbox->intake, fd, file->path, diag);
	if (status == STATUS_IO && !intake_output_failed(inbox->intake))
		return skip(inbox, file, "file-unreadable", diag->message,
		    diag);
	if (status != STATUS_OK)
		return status;
	if (stayed_same(inbox, file, fd)) {
		seen_add(&inbox->seen, identity_mark(&file->identity));
		if (inbox->archive != NULL)
			archive_add(inbox->archive, file->path, &file->identity,
			    intake_found(inbox->intake),
			    intake_unreadable(inbox->intake));
		return STATUS_OK;
	}
	if (lstat(file->path, &info) != 0 || !S_ISREG(info.st_mode))
		return STATUS_OK;
	tool_say(inbox->tool, "'%s' changed while it was read: once more",
	    text_escape(&name, str_of(file->path), 200));
	buf_free(&name);
	inbox_offer(inbox, file->path, &info);
	return STATUS_OK;
}

/* The IDocs of it that the line was given are not going to be settled. */
static enum status
set_aside(struct inbox *inbox, const struct queue_file *file, struct diag *diag)
{
	enum status status = flush(inbox, diag);

	if (status == STATUS_OK)
		status = ledger_file_except(intake_state(inbox->intake),
		    str_of(file->path), diag);
	if (status != STATUS_OK)
		return status;
	return skip(inbox, file, "idoc-set-aside",
	    "a tool died three times while it read this file", diag);
}

/*
 * With a state the ledger knows what is being read; a file that somebody died
 * of is read alone. *go: it may be read.
 */
static enum status
note_reading(struct inbox *inbox, const struct queue_file *file, bool *go,
    struct diag *diag)
{
	struct state *state = intake_state(inbox->intake);
	const struct run *run = intake_run(inbox->intake);
	uint64_t mark = identity_mark(&file->identity), deaths;
	enum status status;
	bool busy;

	*go = true;
	if (state == NULL)
		return STATUS_OK;
	inbox->noted = true;
	status = ledger_reading(state, run, str_of(file->path), mark, &busy,
	    &deaths, diag);
	if (status == STATUS_OK && busy)
		note_path(inbox, file->path, "is being read by another run");
	*go = status == STATUS_OK && !busy && deaths < DEATHS_MAX;
	if (status == STATUS_OK && deaths >= DEATHS_MAX)
		return set_aside(inbox, file, diag);
	if (!*go || deaths == 0)
		return status;
	status = flush(inbox, diag);
	return status == STATUS_OK
		   ? ledger_reading(state, run, str_of(file->path), mark, &busy,
			 &deaths, diag)
		   : status;
}

static enum status
read_one(struct inbox *inbox, const struct queue_file *file, struct diag *diag)
{
	enum status status;
	struct stat info;
	bool go;
	int fd;

	if (seen_has(&inbox->seen, identity_mark(&file->identity)))
		return STATUS_OK;
	status = note_reading(inbox, file, &go, diag);
	if (status != STATUS_OK || !go)
		return status;
	fd = open_file(file->path, &info);
	if (fd < 0 && is_gone(errno))
		return STATUS_OK;
	if (fd < 0)
		return skip(inbox, file, "file-unreadable", strerror(errno),
		    diag);
	if (is_same(file, &info))
		status = read_open(inbox, file, fd, diag);
	else
		inbox_offer(inbox, file->path, &info);
	close(fd);
	return status;
}

enum status
inbox_read_ready(struct inbox *inbox, struct diag *diag)
{
	struct queue *queue = &inbox->queue;
	enum status status = STATUS_OK, flushed;
	struct diag own;

	queue_sort(queue);
	for (size_t i = 0; i < queue->ready_count; i++) {
		if (status == STATUS_OK && !tool_interrupted())
			status = read_one(inbox, &queue->ready[i], diag);
		free(queue->ready[i].path);
	}
	queue->ready_count = 0;
	flushed = flush(inbox, &own);
	if (status == STATUS_OK && flushed != STATUS_OK)
		*diag = own;
	return status == STATUS_OK ? flushed : status;
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

/* Read what was found; files that go on changing are left for the next run. */
static enum status
read_found(struct inbox *inbox, struct diag *diag)
{
	enum status status = STATUS_OK;
	int round = 0;

	do {
		inbox_await_quiet(inbox);
		status = inbox_read_ready(inbox, diag);
	} while (status == STATUS_OK && !tool_interrupted() &&
		 inbox->queue.waiting_count > 0 && ++round < ROUNDS);
	if (status == STATUS_OK && inbox->queue.waiting_count > 0 &&
	    !tool_interrupted())
		tool_say(inbox->tool,
		    "%zu files are not finished yet: left for the next run",
		    inbox->queue.waiting_count);
	return status;
}

static enum status
read_folder(struct inbox *inbox, const char *folder, struct diag *diag)
{
	enum status status;
	size_t before;

	do {
		before = inbox->seen.count;
		status = inbox_scan(inbox, folder, diag);
		if (status == STATUS_OK)
			status = read_found(inbox, diag);
	} while (status == STATUS_OK && inbox->queue.more &&
		 !tool_interrupted() && inbox->seen.count > before);
	return status;
}

static enum status
cannot_open(const char *path, int err, struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_IO;

	if (err == ENOENT || err == ENOTDIR)
		status = STATUS_NO_INPUT;
	else if (err == EACCES || err == EPERM)
		status = STATUS_NOT_ALLOWED;
	text_escape(&name, str_of(path), 200);
	if (err == ELOOP)
		status = diag_set(diag, STATUS_NOT_ALLOWED,
		    "'%s' is a symbolic link: name what it leads to",
		    name.data);
	else
		diag_errno(diag, status, err, "cannot open '%s'", name.data);
	buf_free(&name);
	return status;
}

/* A named file or pipe, as it is. */
static enum status
read_named(struct inbox *inbox, const char *path, struct diag *diag)
{
	struct queue_file file = { .path = NULL };
	struct stat info, link;
	enum status status;
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) != 0 || lstat(path, &link) != 0) {
		status = cannot_open(path, errno, diag);
	} else if (!S_ISREG(info.st_mode)) {
		status = intake_file(inbox->intake, fd, path, diag);
	} else if (S_ISLNK(link.st_mode)) {
		status = cannot_open(path, ELOOP, diag);
	} else {
		bool go;

		file.path = mem_strdup(path);
		file.identity = identity_of(&info);
		status = note_reading(inbox, &file, &go, diag);
		if (status == STATUS_OK && go)
			status = intake_file(inbox->intake, fd, path, diag);
	}
	if (fd >= 0)
		close(fd);
	free(file.path);
	return status == STATUS_OK ? flush(inbox, diag) : status;
}

/* The operand without slashes at its end: else a link hides behind them. */
static bool
is_link(const char *path)
{
	char *copy = mem_strdup(path);
	size_t len = strlen(copy);
	struct stat info;
	bool link;

	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	link = lstat(copy, &info) == 0 && S_ISLNK(info.st_mode);
	free(copy);
	return link;
}

enum status
inbox_read(struct inbox *inbox, const char *path, struct diag *diag)
{
	struct stat info;
	enum status status;

	if (strcmp(path, "-") == 0) {
		status = intake_file(inbox->intake, STDIN_FILENO, "-", diag);
		return status == STATUS_OK ? flush(inbox, diag) : status;
	}
	if (stat(path, &info) != 0)
		return cannot_open(path, errno, diag);
	if (S_ISDIR(info.st_mode) && is_link(path))
		return cannot_open(path, ELOOP, diag);
	if (S_ISDIR(info.st_mode))
		return read_folder(inbox, path, diag);
	if (inbox->archive == NULL || !S_ISREG(info.st_mode))
		return read_named(inbox, path, diag);
	if (is_link(path))
		return cannot_open(path, ELOOP, diag);
	inbox_offer(inbox, path, &info);
	return read_found(inbox, diag);
}

void
inbox_free(struct inbox *inbox)
{
	queue_free(&inbox->queue);
	seen_free(&inbox->seen);
	seen_free(&inbox->met);
	seen_free(&inbox->sighted);
	seen_free(&inbox->sighting);
	arena_free(&inbox->arena);
}

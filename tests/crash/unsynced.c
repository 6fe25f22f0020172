#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "unsynced.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PATH_ROOM 512

enum kind {
	WRITTEN,
	SYNCED,
	RENAMED,
	UNLINKED
};

struct entry {
	enum kind kind;
	uint64_t file; /* inode: of the file, or of the folder of a name */
	char path[PATH_ROOM]; /* of the file, or the name */
	char to[PATH_ROOM]; /* RENAMED: the new name */
	char kept[PATH_ROOM]; /* what a name stood for; "" = nothing */
	off_t size, at; /* WRITTEN: of the file before; of the old bytes */
	size_t len; /* so many old bytes follow */
};

static int log_fd = -1;
static bool never_synced;
static char keep[PATH_ROOM - 40];
static atomic_uint kept_count;

static _Noreturn void
fail(const char *what)
{
	char text[200];
	int len = snprintf(text, sizeof(text), "unsynced: %s: %s\n", what,
	    strerror(errno));

	(void)syscall(SYS_write, 2, text, (size_t)len);
	_exit(70);
}

void
unsynced_open(void)
{
	const char *log = getenv("UNSYNCED_LOG");

	if (log == NULL)
		return;
	never_synced = getenv("UNSYNCED_EVER") != NULL;
	snprintf(keep, sizeof(keep), "%s.d", log);
	log_fd = open(log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log_fd < 0 || (mkdir(keep, 0700) != 0 && errno != EEXIST))
		fail("cannot use UNSYNCED_LOG");
}

/* One call appends it all: other processes do the same. */
static void
note(struct entry *entry, const void *bytes)
{
	struct iovec parts[] = { { entry, sizeof(*entry) },
		{ (void *)(uintptr_t)bytes, entry->len } };
	ssize_t want = (ssize_t)(sizeof(*entry) + entry->len);

	if (syscall(SYS_writev, log_fd, parts, entry->len > 0 ? 2 : 1) != want)
		fail("cannot write the log");
}

static void
path_of(int fd, char *path)
{
	char link[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, PATH_ROOM - 1);
	path[len > 0 ? len : 0] = '\0';
}

/* The bytes from `at` on, so many as the file has of them. */
static void
note_bytes(int fd, const struct stat *info, off_t at, size_t len)
{
	struct entry entry = { .kind = WRITTEN, .file = info->st_ino };
	char old[1 << 16];
	int reader;

	path_of(fd, entry.path);
	entry.size = info->st_size;
	reader = open(entry.path, O_RDONLY | O_CLOEXEC);
	if (reader < 0 && errno != ENOENT)
		fail(entry.path);
	for (entry.at = at; reader >= 0 && len > 0 && entry.at < entry.size;) {
		size_t part = len < sizeof(old) ? len : sizeof(old);
		ssize_t got = pread(reader, old, part, entry.at);

		if (got <= 0)
			break;
		entry.len = (size_t)got;
		note(&entry, old);
		entry.at += got;
		len -= (size_t)got;
	}
	entry.len = 0;
	note(&entry, NULL);
	if (reader >= 0)
		close(reader);
}

static bool
is_file(int fd, struct stat *info)
{
	return log_fd >= 0 && fstat(fd, info) == 0 && S_ISREG(info->st_mode);
}

void
unsynced_write(int fd, size_t len, off_t at)
{
	int error = errno;
	struct stat info;

	if (is_file(fd, &info)) {
		if (at < 0 && (fcntl(fd, F_GETFL) & O_APPEND) != 0)
			at = info.st_size;
		else if (at < 0)
			at = lseek(fd, 0, SEEK_CUR);
		note_bytes(fd, &info, at, len);
	}
	errno = error;
}

void
unsynced_truncate(int fd, off_t len)
{
	int error = errno;
	struct stat info;

	if (is_file(fd, &info))
		note_bytes(fd, &info, len,
		    info.st_size > len ? (size_t)(info.st_size - len) : 0);
	errno = error;
}

void
unsynced_sync(int fd)
{
	struct entry entry = { .kind = SYNCED };
	struct stat info;

	if (log_fd < 0 || never_synced || fstat(fd, &info) != 0)
		return;
	entry.file = info.st_ino;
	note(&entry, NULL);
}

/* The name in full, and the inode of its folder. */
static uint64_t
name_of(int dir, const char *path, char *name)
{
	char folder[PATH_ROOM];
	struct stat info;
	char *slash;

	if (path[0] == '/')
		snprintf(name, PATH_ROOM, "%s", path);
	else if (dir == AT_FDCWD && getcwd(folder, sizeof(folder)) != NULL)
		snprintf(name, PATH_ROOM, "%.250s/%.250s", folder, path);
	else {
		path_of(dir, folder);
		snprintf(name, PATH_ROOM, "%.250s/%.250s", folder, path);
	}
	snprintf(folder, sizeof(folder), "%s", name);
	slash = strrchr(folder, '/');
	if (slash != NULL)
		*slash = '\0';
	return stat(folder, &info) == 0 ? info.st_ino : 0;
}

/* Another name for what a name stands for and is about to lose. */
static void
keep_name(const char *name, char *kept)
{
	snprintf(kept, PATH_ROOM, "%s/%d.%u", keep, (int)getpid(),
	    atomic_fetch_add(&kept_count, 1));
	if (syscall(SYS_linkat, AT_FDCWD, name, AT_FDCWD, kept, 0) != 0)
		kept[0] = '\0';
}

void
unsynced_rename(int from_dir, const char *from, int to_dir, const char *to)
{
	struct entry entry = { .kind = RENAMED };
	int error = errno;

	if (log_fd < 0)
		return;
	name_of(from_dir, from, entry.path);
	entry.file = name_of(to_dir, to, entry.to);
	keep_name(entry.to, entry.kept);
	note(&entry, NULL);
	errno = error;
}

void
unsynced_unlink(int dir, const char *path)
{
	struct entry entry = { .kind = UNLINKED };
	int error = errno;

	if (log_fd < 0)
		return;
	entry.file = name_of(dir, path, entry.path);
	keep_name(entry.path, entry.kept);
	note(&entry, NULL);
	errno = error;
}

/* --- afterwards --- */

struct replay {
	const char *bytes;
	size_t *entries; /* where each begins */
	size_t count;
};

static void
read_entry(const struct replay *replay, size_t i, struct entry *entry)
{
	memcpy(entry, replay->bytes + replay->entries[i], sizeof(*entry));
}

/* Whether a sync of its file, or folder, came behind it. */
static bool
is_synced(const struct replay *replay, size_t i, uint64_t file)
{
	struct entry later;

	while (++i < replay->count) {
		read_entry(replay, i, &later);
		if (later.kind == SYNCED && later.file == file)
			return true;
	}
	return false;
}

/* Renames that stay have moved the file since. */
static int
open_written(const struct replay *replay, size_t i, const struct entry *entry)
{
	char path[PATH_ROOM];
	struct entry later;
	struct stat info;

	memcpy(path, entry->path, sizeof(path));
	for (;;) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd >= 0 && fstat(fd, &info) == 0 &&
		    info.st_ino == entry->file)
			return fd;
		if (fd >= 0)
			close(fd);
		do {
			if (++i >= replay->count)
				return -1;
			read_entry(replay, i, &later);
		} while (
		    later.kind != RENAMED || strcmp(later.path, path) != 0);
		memcpy(path, later.to, sizeof(path));
	}
}

static void
undo_write(const struct replay *replay, size_t i, const struct entry *entry)
{
	int fd = open_written(replay, i, entry);

	if (fd < 0)
		return; /* it is gone */
	if (syscall(SYS_pwrite64, fd,
		replay->bytes + replay->entries[i] + sizeof(*entry), entry->len,
		entry->at) != (long)entry->len ||
	    syscall(SYS_ftruncate, fd, entry->size) != 0)
		fail("cannot undo a write");
	close(fd);
}

/* A name that was made again is of something newer. */
static void
undo_name(const struct entry *entry)
{
	struct stat info;

	if (lstat(entry->path, &info) == 0)
		return;
	if (entry->kind == RENAMED)
		syscall(SYS_renameat2, AT_FDCWD, entry->to, AT_FDCWD,
		    entry->path, 0);
	if (entry->kept[0] != '\0')
		syscall(SYS_linkat, AT_FDCWD, entry->kept, AT_FDCWD,
		    entry->kind == RENAMED ? entry->to : entry->path, 0);
}

static void
load(struct replay *replay, char *bytes, size_t len)
{
	struct entry entry;

	replay->bytes = bytes;
	replay->entries = calloc(len / sizeof(entry) + 1, sizeof(size_t));
	if (replay->entries == NULL)
		fail("no memory");
	for (size_t at = 0; at + sizeof(entry) <= len;
	     at += sizeof(entry) + entry.len) {
		replay->entries[replay->count++] = at;
		memcpy(&entry, bytes + at, sizeof(entry));
	}
}

void
unsynced_undo(const char *log)
{
	struct replay replay = { NULL, NULL, 0 };
	struct entry entry;
	struct stat info;
	int fd = open(log, O_RDONLY | O_CLOEXEC);
	char *bytes;

	if (fd < 0 || fstat(fd, &info) != 0)
		fail("cannot read UNSYNCED_LOG");
	bytes = malloc((size_t)info.st_size + 1);
	if (bytes == NULL ||
	    read(fd, bytes, (size_t)info.st_size) != info.st_size)
		fail("cannot read UNSYNCED_LOG");
	close(fd);
	load(&replay, bytes, (size_t)info.st_size);
	for (size_t i = replay.count; i-- > 0;) {
		read_entry(&replay, i, &entry);
		if (entry.kind == SYNCED || is_synced(&replay, i, entry.file))
			continue;
		if (entry.kind == WRITTEN)
			undo_write(&replay, i, &entry);
		else
			undo_name(&entry);
	}
	free(replay.entries);
	free(bytes);
}

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/*
 * A preload (LD_PRELOAD=killpoint.so) that kills a program before its N-th
 * call with an effect: write, pwrite, fsync, fdatasync, ftruncate, fallocate,
 * rename, link, unlink, connect, send, receive and their variants. Writes to
 * descriptor 2 and writes of no bytes do not count, nor does what libc writes
 * for stdio by itself. Or, from its N-th call on, there is no room on the disk,
 * or no memory.
 *
 *	KILLPOINT_COUNTER  the file that holds the count, 8 bytes in host order,
 *	                   shared by all processes of a pipeline; made when it
 *	                   is missing (`od -An -tu8 FILE` reads it)
 *	KILLPOINT_AT       the call, from 1; 0 or unset: only count
 *	KILLPOINT_WHAT     kill (default), room, memory (counts allocations)
 *	KILLPOINT_GROUP    1: kill the whole process group, so run it by setsid
 *	KILLPOINT_ONLY     count in the program of this name alone
 *	UNSYNCED_LOG       write down what a loss of power would undo
 *	UNSYNCED_EVER      no sync counts: all of it would be undone
 *	UNSYNCED_UNDO      undo what that file says, and do nothing else
 *
 * Calls go to the kernel directly: nothing is looked up or allocated here.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"
#include "unsynced.h"

static _Atomic uint64_t *counter; /* NULL: not this program */
static uint64_t kill_at;
static bool kill_group, no_room, no_memory;

static _Noreturn void
fail(void)
{
	static const char text[] = "killpoint: cannot use KILLPOINT_COUNTER\n";

	(void)syscall(SYS_write, 2, text, sizeof(text) - 1);
	_exit(70);
}

__attribute__((constructor)) static void
start(void)
{
	const char *path = getenv("KILLPOINT_COUNTER");
	const char *at = getenv("KILLPOINT_AT");
	const char *what = getenv("KILLPOINT_WHAT");
	const char *group = getenv("KILLPOINT_GROUP");
	const char *only = getenv("KILLPOINT_ONLY");
	const char *undo = getenv("UNSYNCED_UNDO");
	struct stat info;
	void *map;
	int fd;

	if (undo != NULL) {
		unsynced_undo(undo);
		_exit(0);
	}
	if (path == NULL ||
	    (only != NULL && *only != '\0' &&
		strcmp(only, program_invocation_short_name) != 0))
		return;
	if (at != NULL)
		kill_at = strtoull(at, NULL, 10);
	no_room = what != NULL && strcmp(what, "room") == 0;
	no_memory = what != NULL && strcmp(what, "memory") == 0;
	kill_group = group != NULL && strcmp(group, "1") == 0;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &info) != 0 ||
	    (info.st_size < (off_t)sizeof(*counter) &&
		syscall(SYS_ftruncate, fd, sizeof(*counter)) != 0))
		fail();
	map = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	if (map == MAP_FAILED)
		fail();
	close(fd);
	counter = map;
	unsynced_open();
}

/* One more call, from 1; 0: not of this program. */
static uint64_t
next(void)
{
	return counter == NULL ? 0 : atomic_fetch_add(counter, 1) + 1;
}

static bool
is_late(uint64_t call)
{
	return kill_at > 0 && call >= kill_at;
}

bool
memory_is_short(void)
{
	return no_memory && is_late(next());
}

/* One more effect. At the chosen one this does not return; where room is short
 * it is true from then on. */
static bool
count(void)
{
	uint64_t call = no_memory ? 0 : next();

	if (no_room || call == 0 || call != kill_at)
		return no_room && is_late(call);
	kill(kill_group ? 0 : getpid(), SIGKILL);
	for (;;)
		pause();
}

/* The same of an effect that takes room in this file; errno is set then. */
static bool
has_no_room(int fd)
{
	struct stat info;

	if (!count() || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
		return false;
	errno = ENOSPC;
	return true;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	if (fd != 2 && len > 0 && has_no_room(fd))
		return -1;
	unsynced_write(fd, len, -1);
	return syscall(SYS_write, fd, bytes, len);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (len > 0 && has_no_room(fd))
		return -1;
	unsynced_write(fd, len, at);
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
    __attribute__((alias("pwrite")));

int
fsync(int fd)
{
	int result;

	count();
	result = (int)syscall(SYS_fsync, fd);
	if (result == 0)
		unsynced_sync(fd);
	return result;
}

int
fdatasync(int fd)
{
	int result;

	count();
	result = (int)syscall(SYS_fdatasync, fd);
	if (result == 0)
		unsynced_sync(fd);
	return result;
}

int
ftruncate(int fd, off_t len)
{
	count();
	unsynced_truncate(fd, len);
	return (int)syscall(SYS_ftruncate, fd, len);
}

int
posix_fallocate(int fd, off_t at, off_t len)
{
	if (has_no_room(fd))
		return ENOSPC;
	return syscall(SYS_fallocate, fd, 0, at, len) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t at, off64_t len)
    __attribute__((alias("posix_fallocate")));

int ftruncate64(int fd, off64_t len) __attribute__((alias("ftruncate")));

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	count();
	unsynced_rename(from_dir, from, to_dir, to);
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return renameat2(from_dir, from, to_dir, to, 0);
}

int
rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	count();
	return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

int
link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlinkat(int dir, const char *path, int flags)
{
	count();
	unsynced_unlink(dir, path);
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

ssize_t
sendto(int fd, const void *bytes, size_t len, int flags,
    __CONST_SOCKADDR_ARG to, socklen_t to_len)
{
	count();
	return syscall(SYS_sendto, fd, bytes, len, flags, to.__sockaddr__,
	    to_len);
}

ssize_t
send(int fd, const void *bytes, size_t len, int flags)
{
	return sendto(fd, bytes, len, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	count();
	return syscall(SYS_sendmsg, fd, message, flags);
}

int
connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t len)
{
	count();
	return (int)syscall(SYS_connect, fd, to.__sockaddr__, len);
}

ssize_t
recvfrom(int fd, void *bytes, size_t len, int flags, __SOCKADDR_ARG from,
    socklen_t *from_len)
{
	count();
	return syscall(SYS_recvfrom, fd, bytes, len, flags, from.__sockaddr__,
	    from_len);
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	return recvfrom(fd, bytes, len, flags, NULL, NULL);
}

ssize_t
recvmsg(int fd, struct msghdr *message, int flags)
{
	count();
	return syscall(SYS_recvmsg, fd, message, flags);
}

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/*
 * A preload (LD_PRELOAD=killpoint.so) that kills a program before its N-th
 * call with an effect: write, pwrite, fsync, fdatasync, ftruncate, rename,
 * link, unlink, send and their variants. Writes to descriptor 2 and writes of
 * no bytes do not count, nor does what libc writes for stdio by itself.
 *
 *	KILLPOINT_COUNTER  the file that holds the count, 8 bytes in host order,
 *	                   shared by all processes of a pipeline; made when it
 *	                   is missing (`od -An -tu8 FILE` reads it)
 *	KILLPOINT_AT       die before this call, from 1; 0 or unset: only count
 *	KILLPOINT_GROUP    1: kill the whole process group, so run it by setsid
 *	KILLPOINT_ONLY     count in the program of this name alone
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

static _Atomic uint64_t *counter; /* NULL: not this program */
static uint64_t kill_at;
static bool kill_group;

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
	const char *group = getenv("KILLPOINT_GROUP");
	const char *only = getenv("KILLPOINT_ONLY");
	struct stat info;
	void *map;
	int fd;

	if (path == NULL ||
	    (only != NULL && *only != '\0' &&
		strcmp(only, program_invocation_short_name) != 0))
		return;
	if (at != NULL)
		kill_at = strtoull(at, NULL, 10);
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
}

/* One more call; at the chosen one this does not return. */
static void
count(void)
{
	if (counter == NULL || atomic_fetch_add(counter, 1) + 1 != kill_at)
		return;
	kill(kill_group ? 0 : getpid(), SIGKILL);
	for (;;)
		pause();
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	if (fd != 2 && len > 0)
		count();
	return syscall(SYS_write, fd, bytes, len);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (len > 0)
		count();
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
    __attribute__((alias("pwrite")));

int
fsync(int fd)
{
	count();
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	count();
	return (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t len)
{
	count();
	return (int)syscall(SYS_ftruncate, fd, len);
}

int ftruncate64(int fd, off64_t len) __attribute__((alias("ftruncate")));

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	count();
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

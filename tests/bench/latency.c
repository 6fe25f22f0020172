/*
 * How long a quiet file waits for its line: runs a command that watches the
 * folder DIR and drops COUNT files into it, one every GAP milliseconds, each
 * renamed into place. A file is quiet SETTLE milliseconds after it was written
 * or when it is renamed, whichever is later; its line has come when its number
 * is read from the command's standard output.
 *
 *	latency DIR COUNT GAP SETTLE COMMAND [ARG ...]
 *
 * Prints "p50 p99 max" in milliseconds. 1 when a line did not come.
 */

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_MS INT64_C(1000000)
/* How long the last lines may take. */
#define PATIENCE_NS (10000 * NS_MS)

static int64_t *quiet; /* when each file is, 0 = not dropped */
static int64_t *took; /* nanoseconds, -1 = its line has not come */
static long count;
static long answered;

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000 * NS_MS + now.tv_nsec;
}

static _Noreturn void
fail(const char *what)
{
	perror(what);
	exit(74);
}

/* A one-IDoc file, whole when it gets its name. */
static void
drop(const char *dir, long n, int64_t settle)
{
	char hidden[4096], name[4096];
	struct stat info;
	int64_t written, renamed;
	FILE *file;

	snprintf(hidden, sizeof(hidden), "%s/.latency", dir);
	snprintf(name, sizeof(name), "%s/%06ld.xml", dir, n);
	file = fopen(hidden, "w");
	if (file == NULL)
		fail(hidden);
	fprintf(file,
	    "<DEBMAS07><IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
	    "<MANDT>100</MANDT><DOCNUM>%016ld</DOCNUM>"
	    "<IDOCTYP>DEBMAS07</IDOCTYP><MESTYP>DEBMAS</MESTYP>"
	    "<SNDPRN>ECC</SNDPRN><CREDAT>20260302</CREDAT>"
	    "<CRETIM>080000</CRETIM></EDI_DC40><E1KNA1M SEGMENT=\"1\">"
	    "<KUNNR>%010ld</KUNNR><NAME1>Name</NAME1></E1KNA1M></IDOC>"
	    "</DEBMAS07>\n",
	    n + 1, n + 1);
	if (fclose(file) != 0 || stat(hidden, &info) != 0 ||
	    rename(hidden, name) != 0)
		fail(name);
	renamed = now_ns();
	written =
	    info.st_mtim.tv_sec * 1000 * NS_MS + info.st_mtim.tv_nsec + settle;
	quiet[n] = renamed > written ? renamed : written;
}

/* Take in what the command has written until a time; whole lines count. */
static void
listen_until(int fd, int64_t until)
{
	static char held[1 << 16];
	static size_t len;

	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		int64_t left = until - now_ns(), seen;
		char *line = held, *end;
		ssize_t got;

		if (left <= 0 || answered == count ||
		    poll(&wait, 1, (int)(left / NS_MS) + 1) <= 0)
			return;
		got = read(fd, held + len, sizeof(held) - len);
		if (got <= 0)
			return;
		seen = now_ns();
		len += (size_t)got;
		while ((end = memchr(line, '\n',
			    len - (size_t)(line - held))) != NULL) {
			char *id = strstr(line, "\"id\":\"");
			long n = id != NULL && id < end
				     ? strtol(id + 6, NULL, 10) - 1
				     : -1;

			if (n >= 0 && n < count && took[n] < 0) {
				took[n] = seen - quiet[n];
				answered++;
			}
			line = end + 1;
		}
		len -= (size_t)(line - held);
		memmove(held, line, len);
	}
}

static pid_t
start(char **command, int *fd)
{
	int pipe_ends[2];
	pid_t child;

	if (pipe(pipe_ends) != 0)
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0) {
		dup2(pipe_ends[1], STDOUT_FILENO);
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		execvp(command[0], command);
		fail(command[0]);
	}
	close(pipe_ends[1]);
	*fd = pipe_ends[0];
	return child;
}

static int
by_size(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

int
main(int argc, char **argv)
{
	int64_t gap, settle, next;
	pid_t child;
	int fd;

	if (argc < 6) {
		fprintf(stderr,
		    "usage: latency DIR COUNT GAP SETTLE COMMAND [ARG ...]\n");
		return 64;
	}
	count = strtol(argv[2], NULL, 10);
	gap = strtol(argv[3], NULL, 10) * NS_MS;
	settle = strtol(argv[4], NULL, 10) * NS_MS;
	if (count <= 0 || count > 1000000)
		return 64;
	quiet = calloc((size_t)count, sizeof(*quiet));
	took = malloc((size_t)count * sizeof(*took));
	if (quiet == NULL || took == NULL)
		fail("memory");
	child = start(argv + 5, &fd);
	next = now_ns() + 500 * NS_MS;
	listen_until(fd, next);
	for (long n = 0; n < count; n++) {
		took[n] = -1;
		drop(argv[1], n, settle);
		next += gap;
		listen_until(fd, next);
	}
	listen_until(fd, now_ns() + PATIENCE_NS);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	if (answered < count) {
		fprintf(stderr, "latency: %ld of %ld lines came\n", answered,
		    count);
		return 1;
	}
	qsort(took, (size_t)count, sizeof(*took), by_size);
	printf("%.2f %.2f %.2f\n", (double)took[count / 2] / 1e6,
	    (double)took[count * 99 / 100] / 1e6,
	    (double)took[count - 1] / 1e6);
	return 0;
}

#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "record/record.h"

void
fuzz_broken(const char *file, int line, const char *rule)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, rule);
	abort();
}

static struct str input; /* what fd_read() has not yet given out */
static size_t piece;

void
fuzz_input(struct str bytes, size_t pieces)
{
	input = bytes;
	piece = pieces;
}

/* Linked in place of fd_read and fd_ready (ld --wrap): no pipe, no process
 * behind it, nothing to wait for. */
enum status __wrap_fd_read(int fd, void *to, size_t room, size_t *len,
    struct diag *diag);

enum status
__wrap_fd_read(int fd, void *to, size_t room, size_t *len, struct diag *diag)
{
	(void)fd, (void)diag;
	*len = input.len < room ? input.len : room;
	if (piece > 0 && *len > piece)
		*len = piece;
	if (*len > 0)
		memcpy(to, input.data, *len);
	input = str_from(input, *len);
	return STATUS_OK;
}

bool __wrap_fd_ready(int fd, int wait);

bool
__wrap_fd_ready(int fd, int wait)
{
	(void)fd, (void)wait;
	return true;
}

const char *
fuzz_file(struct str bytes)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	REQUIRE(fd >= 0 && ftruncate(fd, 0) == 0 &&
		    pwrite(fd, bytes.data, bytes.len, 0) == (ssize_t)bytes.len,
	    "an input fits into memory");
	return path;
}

void
fuzz_require_records(struct str lines)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	struct record record;
	struct diag diag;

	while (lines.len > 0) {
		const char *end = memchr(lines.data, '\n', lines.len);
		struct str line;

		REQUIRE(end != NULL, "a record ends with a newline");
		line = (struct str){ lines.data, (size_t)(end - lines.data) };
		lines = str_from(lines, line.len + 1);
		/* Whoever asked for them drops those that are too long. */
		if (line.len < LIMIT_LINE)
			REQUIRE(record_parse(&record, &doc, &arena, line,
				    &diag) == STATUS_OK,
			    "a record is one that the next tool takes");
	}
	json_doc_free(&doc);
	arena_free(&arena);
}

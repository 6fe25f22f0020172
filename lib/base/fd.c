#define _GNU_SOURCE /* F_SETPIPE_SZ, O_TMPFILE, mkostemp */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/tool.h"

enum status
fd_read(int fd, void *to, size_t room, size_t *len, struct diag *diag)
{
	ssize_t got;

	*len = 0;
	do
		got = read(fd, to, room);
	while (got < 0 && errno == EINTR && !tool_interrupted());
	if (got < 0 && errno == EINTR)
		return diag_set(diag, STATUS_TRY_AGAIN,
		    "interrupted while reading");
	if (got < 0)
		return diag_errno(diag, STATUS_IO, errno,
		    "cannot read the input");
	*len = (size_t)got;
	return STATUS_OK;
}

bool
fd_ready(int fd, int wait)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, wait) > 0;
}

enum status
fd_write(int fd, struct str bytes, struct diag *diag)
{
	while (bytes.len > 0) {
		ssize_t put = write(fd, bytes.data, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return diag_errno(diag, STATUS_IO, errno,
			    "cannot write the output");
		bytes.data += put;
		bytes.len -= (size_t)put;
	}
	return STATUS_OK;
}

/* Not all file systems know files without a name. */
static int
named_and_unlinked(const char *place)
{
	struct buf path = BUF_INIT;
	int fd;

	buf_add_format(&path, "%s/sap-ometria.XXXXXX", place);
	fd = mkostemp(path.data, O_CLOEXEC);
	if (fd >= 0)
		unlink(path.data);
	buf_free(&path);
	return fd;
}

int
fd_unlinked(void)
{
	const char *place = getenv("TMPDIR");
	int fd;

	if (place == NULL || place[0] == '\0')
		place = "/tmp";
	fd = open(place, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 &&
	    (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		fd = named_and_unlinked(place);
	return fd;
}

void
fd_widen(int fd)
{
	int ignored = fcntl(fd, F_SETPIPE_SZ, (int)MIB);

	(void)ignored;
}

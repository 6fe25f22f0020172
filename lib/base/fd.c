#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
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

void
fd_widen(int fd)
{
	int ignored = fcntl(fd, F_SETPIPE_SZ, (int)MIB);

	(void)ignored;
}

#include "base/spool.h"

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"

#define REPLAY_CHUNK ((size_t)16 * 1024)

void
spool_file(struct spool *spool)
{
	struct buf *recent = &spool->recent;
	size_t done = 0;

	if (spool->err == 0 && spool->fd < 0)
		spool->fd = fd_unlinked();
	if (spool->err == 0 && spool->fd < 0)
		spool->err = errno;
	while (spool->err == 0 && done < recent->len) {
		ssize_t put = pwrite(spool->fd, recent->data + done,
		    recent->len - done, (off_t)(spool->filed + done));

		if (put > 0)
			done += (size_t)put;
		else if (put == 0 || errno != EINTR)
			spool->err = put == 0 ? ENOSPC : errno;
	}
	spool->filed += recent->len;
	buf_clear(recent);
}

struct str
spool_recent(const struct spool *spool, uint64_t begin)
{
	if (begin < spool->filed || begin >= spool_length(spool))
		return STR_NONE;
	return str_from(buf_str(&spool->recent),
	    (size_t)(begin - spool->filed));
}

void
spool_cut(struct spool *spool, uint64_t length)
{
	if (length >= spool->filed) {
		spool->recent.len = (size_t)(length - spool->filed);
	} else {
		spool->filed = length;
		buf_clear(&spool->recent);
	}
}

void
spool_clear(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
	spool->err = 0;
	spool->filed = 0;
	buf_clear(&spool->recent);
}

void
spool_free(struct spool *spool)
{
	spool_clear(spool);
	buf_free(&spool->recent);
}

enum status
spool_status(const struct spool *spool, struct diag *diag)
{
	if (spool->err == 0)
		return STATUS_OK;
	return diag_errno(diag, STATUS_CANNOT_CREATE, spool->err,
	    "cannot hold the records of a large IDoc");
}

enum status
spool_replay(const struct spool *spool, uint64_t begin, uint64_t length,
    struct out *out, struct diag *diag)
{
	enum status status = spool_status(spool, diag);
	char bytes[REPLAY_CHUNK];

	while (status == STATUS_OK && length > 0 && begin < spool->filed) {
		uint64_t filed = spool->filed - begin;
		size_t want = sizeof(bytes);
		ssize_t got;

		if (want > length)
			want = (size_t)length;
		if (want > filed)
			want = (size_t)filed;
		got = pread(spool->fd, bytes, want, (off_t)begin);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return diag_errno(diag, STATUS_IO,
			    got < 0 ? errno : EIO,
			    "cannot read the held records of a large IDoc");
		status = out_add(out, (struct str){ bytes, (size_t)got }, diag);
		begin += (uint64_t)got;
		length -= (uint64_t)got;
	}
	if (status != STATUS_OK || length == 0)
		return status;
	return out_add(out,
	    (struct str){ spool_recent(spool, begin).data, (size_t)length },
	    diag);
}

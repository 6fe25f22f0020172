#include "base/out.h"

#include <errno.h>

#include "base/fd.h"

#define OUT_CHUNK ((size_t)64 * 1024)

void
out_open(struct out *out, int fd)
{
	*out = (struct out){ .fd = fd };
	buf_reserve(&out->held, 2 * OUT_CHUNK - 1);
}

/* Once a write has failed, what follows must not appear without it. */
static enum status
put(struct out *out, struct str bytes, struct diag *diag)
{
	enum status status;

	if (out->err != 0)
		return diag_errno(diag, STATUS_IO, out->err,
		    "cannot write the output");
	status = fd_write(out->fd, bytes, diag);
	if (status != STATUS_OK)
		out->err = diag->err != 0 ? diag->err : EIO;
	return status;
}

enum status
out_flush(struct out *out, struct diag *diag)
{
	enum status status = put(out, buf_str(&out->held), diag);

	buf_clear(&out->held);
	return status;
}

enum status
out_add(struct out *out, struct str bytes, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (bytes.len > OUT_CHUNK ||
	    out->held.len + bytes.len > 2 * OUT_CHUNK - 1)
		status = out_flush(out, diag);
	/* Nothing is held in front of it any more. */
	if (status == STATUS_OK && bytes.len > OUT_CHUNK)
		return put(out, bytes, diag);
	buf_add_str(&out->held, bytes);
	if (status == STATUS_OK && out->held.len >= OUT_CHUNK)
		status = out_flush(out, diag);
	return status;
}

enum status
out_line(struct out *out, struct str line, struct diag *diag)
{
	enum status status = out_add(out, line, diag);

	return status == STATUS_OK ? out_add(out, STR("\n"), diag) : status;
}

enum status
out_close(struct out *out, struct diag *diag)
{
	enum status status = out_flush(out, diag);

	buf_free(&out->held);
	return status;
}

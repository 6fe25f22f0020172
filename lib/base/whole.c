#include "base/whole.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

static enum status
fail(enum status status, const char *what, const char *file, struct diag *diag)
{
	struct buf safe = BUF_INIT;
	int err = errno;

	diag_errno(diag, status, err, "%s '%s'", what,
	    text_escape(&safe, str_of(file), 200));
	buf_free(&safe);
	return status;
}

enum status
whole_sync_name(const char *file, struct diag *diag)
{
	const char *slash = strrchr(file, '/');
	char *folder =
	    slash == NULL
		? mem_strdup(".")
		: mem_str((struct str){ file, (size_t)(slash - file) + 1 });
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (fd < 0 || fsync(fd) != 0)
		status =
		    fail(STATUS_IO, "cannot sync the folder of", file, diag);
	if (fd >= 0)
		close(fd);
	free(folder);
	return status;
}

static enum status
write_part(const char *part, struct str text, unsigned mode, struct diag *diag)
{
	int fd = open(part,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	enum status status;

	if (fd < 0)
		return fail(STATUS_CANNOT_CREATE, "cannot create", part, diag);
	status = fd_write(fd, text, diag);
	if (status == STATUS_OK && fsync(fd) != 0)
		status = fail(STATUS_IO, "cannot sync", part, diag);
	if (close(fd) != 0 && status == STATUS_OK)
		status = fail(STATUS_IO, "cannot close", part, diag);
	return status;
}

enum status
whole_publish(const char *part, const char *file, struct diag *diag)
{
	return rename(part, file) != 0
		   ? fail(STATUS_CANNOT_CREATE, "cannot create", file, diag)
		   : whole_sync_name(file, diag);
}

enum status
whole_write(const char *file, struct str text, unsigned mode, struct diag *diag)
{
	struct buf part = BUF_INIT;
	enum status status;

	buf_add_format(&part, "%s.tmp", file);
	status = write_part(part.data, text, mode, diag);
	if (status == STATUS_OK)
		status = whole_publish(part.data, file, diag);
	if (status != STATUS_OK)
		unlink(part.data);
	buf_free(&part);
	return status;
}

/* Whether a move that was begun has made the second name; or was all done. */
static bool
has_name(const char *from, const char *to)
{
	struct stat source, target;

	if (lstat(to, &target) != 0)
		return false;
	return lstat(from, &source) != 0 ? errno == ENOENT
					 : source.st_dev == target.st_dev &&
					       source.st_ino == target.st_ino;
}

/* By a second name, which takes nobody's place. */
enum status
whole_move(const char *from, const char *to, bool again, struct diag *diag)
{
	enum status status;

	if (link(from, to) != 0) {
		int err = errno;

		if (!again || !has_name(from, to)) {
			errno = err;
			return err == EEXIST
				   ? fail(STATUS_CANNOT_CREATE,
					 "cannot put back", to, diag)
				   : fail(STATUS_NO_INPUT, "cannot put back",
					 from, diag);
		}
	}
	status = whole_sync_name(to, diag);
	if (status != STATUS_OK)
		return status;
	if (unlink(from) != 0 && errno != ENOENT)
		return fail(STATUS_IO, "cannot remove", from, diag);
	return whole_sync_name(from, diag);
}

#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "base/tool.h"

bool
folder_takes(const char *name)
{
	static const char *const unfinished[] = { ".tmp", ".part",
		".filepart" };

	if (name[0] == '.' || strcmp(name, "lost+found") == 0)
		return false;
	for (size_t i = 0; i < sizeof(unfinished) / sizeof(unfinished[0]); i++)
		if (str_ends(str_of(name), unfinished[i]))
			return false;
	return true;
}

static enum status
cannot_list(const char *path, int err, struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_IO;

	if (err == ENOENT || err == ENOTDIR || err == ELOOP)
		status = STATUS_NO_INPUT;
	else if (err == EACCES || err == EPERM)
		status = STATUS_NOT_ALLOWED;
	diag_errno(diag, status, err, "cannot list the folder '%s'",
	    text_escape(&name, str_of(path), 200));
	buf_free(&name);
	return status;
}

static DIR *
open_folder(int parent, const char *name)
{
	int fd = openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	int err = errno;

	if (dir == NULL && fd >= 0)
		close(fd);
	errno = err;
	return dir;
}

static void
tell_passed(const struct folder_walk *walk, const struct buf *path, int err)
{
	if (walk->passed != NULL)
		walk->passed(walk->user, path->data, err);
}

static enum status walk_open(const struct folder_walk *walk, DIR *dir,
    struct buf *path, unsigned depth, struct diag *diag);

static enum status
enter(const struct folder_walk *walk, int parent, const char *name,
    struct buf *path, unsigned depth, struct diag *diag)
{
	DIR *dir;

	if (depth >= FOLDER_DEPTH) {
		tell_passed(walk, path, ELOOP);
		return STATUS_OK;
	}
	dir = open_folder(parent, name);
	if (dir == NULL && errno != ENOENT)
		tell_passed(walk, path, errno);
	if (dir == NULL)
		return STATUS_OK;
	return walk_open(walk, dir, path, depth + 1, diag);
}

static bool
is_excepted(const struct folder_walk *walk, const struct stat *info)
{
	return walk->except != NULL && walk->except->st_dev == info->st_dev &&
	       walk->except->st_ino == info->st_ino;
}

static enum status
take_entry(const struct folder_walk *walk, int parent, const char *name,
    struct buf *path, unsigned depth, struct diag *diag)
{
	struct stat info;

	/* Gone since it was listed: not ours to miss. */
	if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return STATUS_OK;
	if (S_ISREG(info.st_mode))
		return walk->file(walk->user, path->data, &info, diag);
	if (S_ISLNK(info.st_mode))
		tell_passed(walk, path, 0);
	if (!S_ISDIR(info.st_mode) || is_excepted(walk, &info))
		return STATUS_OK;
	return enter(walk, parent, name, path, depth, diag);
}

/* Closes dir. */
static enum status
walk_open(const struct folder_walk *walk, DIR *dir, struct buf *path,
    unsigned depth, struct diag *diag)
{
	size_t len = path->len;
	enum status status = walk->folder == NULL
				 ? STATUS_OK
				 : walk->folder(walk->user, path->data, diag);
	const struct dirent *entry;

	errno = 0;
	while (status == STATUS_OK && !tool_interrupted() &&
	       (entry = readdir(dir)) != NULL) {
		if (!folder_takes(entry->d_name))
			continue;
		if (path->data[len - 1] != '/')
			buf_add_char(path, '/');
		buf_add_text(path, entry->d_name);
		status = take_entry(walk, dirfd(dir), entry->d_name, path,
		    depth, diag);
		path->len = len;
		path->data[len] = '\0';
	}
	closedir(dir);
	return status;
}

enum status
folder_walk(const struct folder_walk *walk, const char *path, struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status;
	DIR *dir = open_folder(AT_FDCWD, path);

	if (dir == NULL)
		return cannot_list(path, errno, diag);
	buf_add_text(&name, path);
	status = walk_open(walk, dir, &name, 0, diag);
	buf_free(&name);
	return status;
}

#include "inbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"

/* How often a run that does not watch looks at files that are changing. */
#define ROUNDS 3

/* Read what was found; files that go on changing are left for the next run. */
static enum status
read_found(struct inbox *inbox, struct diag *diag)
{
	enum status status = STATUS_OK;
	int round = 0;

	do {
		inbox_await_quiet(inbox);
		status = inbox_read_ready(inbox, diag);
	} while (status == STATUS_OK && !tool_interrupted() &&
		 inbox->queue.waiting_count > 0 && ++round < ROUNDS);
	if (status == STATUS_OK && inbox->queue.waiting_count > 0 &&
	    !tool_interrupted())
		tool_say(inbox->tool,
		    "%zu files are not finished yet: left for the next run",
		    inbox->queue.waiting_count);
	return status;
}

static enum status
read_folder(struct inbox *inbox, const char *folder, struct diag *diag)
{
	enum status status;
	size_t before;

	do {
		before = inbox->seen.count;
		status = inbox_scan(inbox, folder, diag);
		if (status == STATUS_OK)
			status = read_found(inbox, diag);
	} while (status == STATUS_OK && inbox->queue.more &&
		 !tool_interrupted() && inbox->seen.count > before);
	return status;
}

static enum status
cannot_open(const char *path, int err, struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_IO;

	if (err == ENOENT || err == ENOTDIR)
		status = STATUS_NO_INPUT;
	else if (err == EACCES || err == EPERM)
		status = STATUS_NOT_ALLOWED;
	text_escape(&name, str_of(path), 200);
	if (err == ELOOP)
		status = diag_set(diag, STATUS_NOT_ALLOWED,
		    "'%s' is a symbolic link: name what it leads to",
		    name.data);
	else
		diag_errno(diag, status, err, "cannot open '%s'", name.data);
	buf_free(&name);
	return status;
}

/* A named file or pipe, as it is. */
static enum status
read_named(struct inbox *inbox, const char *path, struct diag *diag)
{
	struct queue_file file = { .path = NULL };
	struct stat info, link;
	enum status status;
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) != 0 || lstat(path, &link) != 0) {
		status = cannot_open(path, errno, diag);
	} else if (!S_ISREG(info.st_mode)) {
		status = intake_file(inbox->intake, fd, path, diag);
	} else if (S_ISLNK(link.st_mode)) {
		status = cannot_open(path, ELOOP, diag);
	} else {
		bool go;

		file.path = mem_strdup(path);
		file.identity = identity_of(&info);
		status = inbox_note_reading(inbox, &file, &go, diag);
		if (status == STATUS_OK && go)
			status = intake_file(inbox->intake, fd, path, diag);
	}
	if (fd >= 0)
		close(fd);
	free(file.path);
	return status == STATUS_OK ? inbox_flush(inbox, diag) : status;
}

/* The operand without slashes at its end: else a link hides behind them. */
static bool
is_link(const char *path)
{
	char *copy = mem_strdup(path);
	size_t len = strlen(copy);
	struct stat info;
	bool link;

	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	link = lstat(copy, &info) == 0 && S_ISLNK(info.st_mode);
	free(copy);
	return link;
}

enum status
inbox_read(struct inbox *inbox, const char *path, struct diag *diag)
{
	struct stat info;
	enum status status;

	if (strcmp(path, "-") == 0) {
		status = intake_file(inbox->intake, STDIN_FILENO, "-", diag);
		return status == STATUS_OK ? inbox_flush(inbox, diag) : status;
	}
	if (stat(path, &info) != 0)
		return cannot_open(path, errno, diag);
	if (S_ISDIR(info.st_mode) && is_link(path))
		return cannot_open(path, ELOOP, diag);
	if (S_ISDIR(info.st_mode))
		return read_folder(inbox, path, diag);
	if (intake_state(inbox->intake) == NULL || !S_ISREG(info.st_mode))
		return read_named(inbox, path, diag);
	if (is_link(path))
		return cannot_open(path, ELOOP, diag);
	inbox_offer(inbox, path, &info);
	return read_found(inbox, diag);
}

void
inbox_free(struct inbox *inbox)
{
	queue_free(&inbox->queue);
	seen_free(&inbox->seen);
	seen_free(&inbox->met);
	seen_free(&inbox->sighted);
	seen_free(&inbox->sighting);
	arena_free(&inbox->arena);
}

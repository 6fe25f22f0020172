#include "inbox_parts.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "state/ledger_death.h"

enum status
inbox_flush(struct inbox *inbox, struct diag *diag)
{
	enum status status = intake_flush(inbox->intake, diag);

	if (status == STATUS_OK && inbox->noted)
		status = ledger_read(intake_state(inbox->intake),
		    intake_run(inbox->intake), diag);
	inbox->noted = false;
	return status;
}

/* A file that cannot be opened, or is not to be: an exception of it. */
static enum status
skip(struct inbox *inbox, const struct queue_file *file, const char *code,
    const char *why, struct diag *diag)
{
	enum status status =
	    intake_skip(inbox->intake, code, file->path, why, diag);

	seen_add(&inbox->seen, identity_mark(&file->identity));
	if (status == STATUS_OK && inbox->archive != NULL)
		archive_add(inbox->archive, file->path, &file->identity, 0,
		    true);
	return status;
}

static bool
is_same(const struct queue_file *file, const struct stat *info)
{
	struct identity now = identity_of(info);

	return identity_same(&now, &file->identity);
}

/*
 * Whether it is still what was examined, at the descriptor and, where that
 * counts at once, in the folder.
 */
static bool
stayed_same(const struct inbox *inbox, const struct queue_file *file, int fd)
{
	struct stat info;

	if (fstat(fd, &info) != 0 || !is_same(file, &info))
		return false;
	return inbox->archive == NULL ||
	       (lstat(file->path, &info) == 0 && is_same(file, &info));
}

static enum status
read_open(struct inbox *inbox, const struct queue_file *file, int fd,
    struct diag *diag)
{
	struct buf name = BUF_INIT;
	struct stat info;
	enum status status;

	status = intake_file(inbox->intake, fd, file->path, diag);
	if (status == STATUS_IO && !intake_output_failed(inbox->intake))
		return skip(inbox, file, "file-unreadable", diag->message,
		    diag);
	if (status != STATUS_OK || intake_cut(inbox->intake))
		return status;
	if (stayed_same(inbox, file, fd)) {
		seen_add(&inbox->seen, identity_mark(&file->identity));
		if (inbox->archive != NULL)
			archive_add(inbox->archive, file->path, &file->identity,
			    intake_found(inbox->intake),
			    intake_unreadable(inbox->intake));
		return STATUS_OK;
	}
	if (lstat(file->path, &info) != 0 || !S_ISREG(info.st_mode))
		return STATUS_OK;
	tool_say(inbox->tool, "'%s' changed while it was read: once more",
	    text_escape(&name, str_of(file->path), 200));
	buf_free(&name);
	inbox_offer(inbox, file->path, &info);
	return STATUS_OK;
}

/* The IDocs of it that the line was given are not going to be settled. */
static enum status
set_aside(struct inbox *inbox, const struct queue_file *file, struct diag *diag)
{
	enum status status = inbox_flush(inbox, diag);

	if (status == STATUS_OK)
		status = ledger_file_except(intake_state(inbox->intake),
		    str_of(file->path), diag);
	if (status != STATUS_OK)
		return status;
	return skip(inbox, file, "idoc-set-aside",
	    "a tool died three times while it read this file", diag);
}

enum status
inbox_note_reading(struct inbox *inbox, const struct queue_file *file, bool *go,
    struct diag *diag)
{
	struct state *state = intake_state(inbox->intake);
	const struct run *run = intake_run(inbox->intake);
	uint64_t mark = identity_mark(&file->identity), deaths;
	enum status status;
	bool busy;

	*go = true;
	if (state == NULL)
		return STATUS_OK;
	inbox->noted = true;
	status = ledger_reading(state, run, str_of(file->path), mark, &busy,
	    &deaths, diag);
	if (status == STATUS_OK && busy)
		inbox_note_path(inbox, file->path,
		    "is being read by another run");
	*go = status == STATUS_OK && !busy && deaths < DEATHS_MAX;
	if (status == STATUS_OK && deaths >= DEATHS_MAX)
		return set_aside(inbox, file, diag);
	if (!*go || deaths == 0)
		return status;
	status = inbox_flush(inbox, diag);
	return status == STATUS_OK
		   ? ledger_reading(state, run, str_of(file->path), mark, &busy,
			 &deaths, diag)
		   : status;
}

static enum status
read_one(struct inbox *inbox, const struct queue_file *file, struct diag *diag)
{
	enum status status;
	struct stat info;
	bool go;
	int fd;

	if (seen_has(&inbox->seen, identity_mark(&file->identity)))
		return STATUS_OK;
	status = inbox_note_reading(inbox, file, &go, diag);
	if (status != STATUS_OK || !go)
		return status;
	fd = inbox_open_file(file->path, &info);
	if (fd < 0 && inbox_is_gone(errno))
		return STATUS_OK;
	if (fd < 0)
		return skip(inbox, file, "file-unreadable", strerror(errno),
		    diag);
	if (is_same(file, &info))
		status = read_open(inbox, file, fd, diag);
	else
		inbox_offer(inbox, file->path, &info);
	close(fd);
	return status;
}

enum status
inbox_read_ready(struct inbox *inbox, struct diag *diag)
{
	struct queue *queue = &inbox->queue;
	enum status status = STATUS_OK, flushed;
	struct diag own;

	queue_sort(queue);
	for (size_t i = 0; i < queue->ready_count; i++) {
		if (status == STATUS_OK && !tool_interrupted())
			status = read_one(inbox, &queue->ready[i], diag);
		free(queue->ready[i].path);
	}
	queue->ready_count = 0;
	flushed = inbox_flush(inbox, &own);
	if (status == STATUS_OK && flushed != STATUS_OK)
		*diag = own;
	return status == STATUS_OK ? flushed : status;
}

#include "inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/pause.h"
#include "state/ledger.h"

/* How often the ledger is asked whether a file has settled. */
#define SETTLE_POLL_MS 50

/* Milliseconds since the file changed, by the wall clock. */
static int64_t
age_ms(const struct stat *seen)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec - seen->st_mtim.tv_sec) * 1000 +
	       (now.tv_nsec - seen->st_mtim.tv_nsec) / 1000000;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void
remember(struct inbox *inbox, const char *path, const struct stat *seen,
    bool unreadable)
{
	if (inbox->archive == NULL)
		return;
	inbox->files =
	    mem_grow(inbox->files, inbox->count + 1, sizeof(*inbox->files));
	inbox->files[inbox->count].path = mem_strdup(path);
	inbox->files[inbox->count].seen = *seen;
	inbox->files[inbox->count].unreadable = unreadable;
	inbox->count++;
}

static enum status
open_status(int error)
{
	if (error == ENOENT)
		return STATUS_NO_INPUT;
	return error == EACCES || error == EPERM ? STATUS_NOT_ALLOWED
						 : STATUS_IO;
}

static enum status
read_file(struct inbox *inbox, const char *path, struct intake *intake,
    struct diag *diag)
{
	struct stat seen;
	enum status status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return diag_errno(diag, open_status(errno), errno,
		    "cannot open '%s'", path);
	if (fstat(fd, &seen) != 0) {
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot look at '%s'", path);
	} else {
		status = intake_file(intake, fd, path, diag);
		if (status == STATUS_OK)
			status = intake_flush(intake, diag);
		if (status == STATUS_OK && S_ISREG(seen.st_mode))
			remember(inbox, path, &seen, intake_unreadable(intake));
	}
	close(fd);
	return status;
}

/*
 * Whether a file of a folder may be read: wait until it is quiet; false when
 * it is still changing or gone.
 */
static bool
becomes_quiet(const struct inbox *inbox, const char *path)
{
	struct stat before, after;

	if (stat(path, &before) != 0 || !S_ISREG(before.st_mode))
		return false;
	if (age_ms(&before) >= (int64_t)inbox->quiet_ms)
		return true;
	pause_for((int64_t)inbox->quiet_ms, tool_interrupted);
	return stat(path, &after) == 0 && same_file(&before, &after);
}

static int
is_candidate(const struct dirent *entry)
{
	static const char *const unfinished[] = { ".tmp", ".part",
		".filepart" };
	struct str name = str_of(entry->d_name);

	if (entry->d_name[0] == '.')
		return 0;
	for (size_t i = 0; i < sizeof(unfinished) / sizeof(unfinished[0]); i++)
		if (str_ends(name, unfinished[i]))
			return 0;
	return 1;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum status
read_folder(struct inbox *inbox, const char *folder, struct intake *intake,
    struct diag *diag)
{
	struct dirent **names = NULL;
	struct buf path = BUF_INIT;
	enum status status = STATUS_OK;
	int count = scandir(folder, &names, is_candidate, by_name);

	if (count < 0)
		return diag_errno(diag, STATUS_IO, errno,
		    "cannot list the folder '%s'", folder);
	for (int i = 0; i < count; i++) {
		buf_clear(&path);
		buf_add_format(&path, "%s%s%s", folder,
		    str_ends(str_of(folder), "/") ? "" : "/", names[i]->d_name);
		free(names[i]);
		if (status != STATUS_OK || tool_interrupted())
			continue;
		if (!becomes_quiet(inbox, path.data))
			continue;
		status = read_file(inbox, path.data, intake, diag);
		/* Taken away by another run meanwhile: not ours to miss. */
		if (status == STATUS_NO_INPUT)
			status = STATUS_OK;
		else if (status == STATUS_NOT_ALLOWED)
			status = intake_skip(intake, "file-unreadable",
			    path.data, strerror(diag->err), diag);
	}
	free(names);
	buf_free(&path);
	return status;
}

enum status
inbox_read(struct inbox *inbox, const char *path, struct intake *intake,
    struct diag *diag)
{
	struct stat seen;

	if (strcmp(path, "-") == 0)
		return intake_file(intake, STDIN_FILENO, "-", diag);
	if (stat(path, &seen) != 0)
		return diag_errno(diag,
		    errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO, errno,
		    "cannot open '%s'", path);
	if (S_ISDIR(seen.st_mode))
		return read_folder(inbox, path, intake, diag);
	return read_file(inbox, path, intake, diag);
}

static bool
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/*
 * Take a name in the folder that nothing has yet: NAME, NAME.1, NAME.2 ... An
 * empty file keeps it, until the rename replaces that, from whoever else may be
 * looking for a name.
 */
static enum status
take_name(struct buf *to, const char *folder, const char *path,
    struct diag *diag)
{
	char *copy = mem_strdup(path);
	const char *name = basename(copy);
	int fd = -1, err = 0;

	for (unsigned n = 0; n < 1000000 && fd < 0; n++) {
		buf_clear(to);
		buf_add_format(to, "%s/%s", folder, name);
		if (n > 0)
			buf_add_format(to, ".%u", n);
		fd = open(to->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
		err = errno;
		if (fd < 0 && err != EEXIST)
			break;
	}
	free(copy);
	if (fd < 0)
		return diag_errno(diag, STATUS_CANNOT_CREATE, err,
		    "cannot create '%s'", to->data);
	close(fd);
	return STATUS_OK;
}

static enum status
make_folder(const char *folder, struct diag *diag)
{
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot make the folder '%s'", folder);
	return STATUS_OK;
}

static enum status
move_file(const struct inbox_file *file, const char *folder, struct buf *to,
    struct diag *diag)
{
	struct stat now;

	if (lstat(file->path, &now) != 0 || !same_file(&now, &file->seen))
		return diag_set(diag, STATUS_TRY_AGAIN,
		    "'%s' changed after it was read; it stays for the next run",
		    file->path);
	if (take_name(to, folder, file->path, diag) != STATUS_OK)
		return diag->status;
	if (rename(file->path, to->data) != 0) {
		diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot move '%s' to '%s'", file->path, to->data);
		unlink(to->data);
		return diag->status;
	}
	if (lstat(to->data, &now) != 0 || !same_file(&now, &file->seen)) {
		if (rename(to->data, file->path) != 0)
			return diag_errno(diag, STATUS_IO, errno,
			    "'%s' changed while it was moved and cannot be put back",
			    to->data);
		return diag_set(diag, STATUS_TRY_AGAIN,
		    "'%s' changed while it was moved; it stays for the next run",
		    file->path);
	}
	if (!sync_folder(folder))
		return diag_errno(diag, STATUS_IO, errno,
		    "cannot sync the folder '%s'", folder);
	return STATUS_OK;
}

static enum status
note_move(struct state *state, const char *from, const char *to,
    struct diag *diag)
{
	enum status status = state_begin(state, diag);

	if (status == STATUS_OK)
		status =
		    ledger_file_moved(state, str_of(from), str_of(to), diag);
	if (status == STATUS_OK)
		return state_commit(state, diag);
	state_rollback(state);
	return status;
}

/* One look at one file; *done when it needs no further look. */
static enum status
try_archive(struct inbox *inbox, struct inbox_file *file, struct state *state,
    bool *done, struct diag *diag)
{
	struct buf to = BUF_INIT, folder = BUF_INIT;
	struct ledger_file known;
	bool failed;
	enum status status;

	*done = false;
	status = ledger_file(state, str_of(file->path), &known, diag);
	failed = known.excepted == known.idocs &&
		 (file->unreadable || known.idocs > 0);
	if (status == STATUS_OK && known.settled) {
		*done = true;
		buf_add_text(&folder, inbox->archive);
		status = make_folder(folder.data, diag);
		if (status == STATUS_OK && failed) {
			buf_add_text(&folder, "/failed");
			status = make_folder(folder.data, diag);
		}
		if (status == STATUS_OK)
			status = move_file(file, folder.data, &to, diag);
		if (status == STATUS_OK)
			status = note_move(state, file->path, to.data, diag);
	}
	buf_free(&folder);
	buf_free(&to);
	return status;
}

/* Look at every file that is left; true when none is. */
static bool
archive_pass(struct inbox *inbox, struct state *state,
    const struct tool_run *run)
{
	size_t left = 0;

	for (size_t i = 0; i < inbox->count; i++) {
		struct inbox_file *file = &inbox->files[i];
		struct diag diag;
		bool done;

		if (try_archive(inbox, file, state, &done, &diag) !=
		    STATUS_OK) {
			diag_print(&diag, run->tool->name);
			done = true;
		}
		if (done)
			free(file->path);
		else
			inbox->files[left++] = *file;
	}
	inbox->count = left;
	return left == 0;
}

void
inbox_archive(struct inbox *inbox, struct intake *intake,
    const struct tool_run *run)
{
	struct state *state = intake_state(intake);
	int64_t until = instant_ticks() + (int64_t)inbox->wait_seconds * 1000;

	if (inbox->archive == NULL || state == NULL)
		return;
	while (!archive_pass(inbox, state, run) && !tool_interrupted() &&
	       instant_ticks() < until)
		pause_for(SETTLE_POLL_MS, tool_interrupted);
	if (inbox->count > 0)
		tool_say(run,
		    "%zu files stay: not all of their IDocs are settled",
		    inbox->count);
}

void
inbox_free(struct inbox *inbox)
{
	for (size_t i = 0; i < inbox->count; i++)
		free(inbox->files[i].path);
	free(inbox->files);
	inbox->files = NULL;
	inbox->count = 0;
}

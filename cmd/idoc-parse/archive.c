#include "archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "audit/unarchive.h"
#include "base/text.h"
#include "state/ledger.h"
#include "why.h"

/* Files moved between two commits. */
#define BATCH 64
/* Names NAME.1, NAME.2 ... tried at most. */
#define NAME_MAX_NUMBER ((uint64_t)1 << 40)

struct archive_file {
	char *path;
	struct identity identity;
	uint64_t found;
	bool unreadable;
};

struct move {
	struct archive_file file;
	char *to;
	bool failed;
	bool done;
	bool again; /* somebody was quicker to take the name */
};

static enum status
say_path(struct diag *diag, enum status status, int err, const char *what,
    const char *path)
{
	struct buf name = BUF_INIT;

	text_escape(&name, str_of(path), 200);
	if (err != 0)
		diag_errno(diag, status, err, "%s '%s'", what, name.data);
	else
		diag_set(diag, status, "'%s' %s", name.data, what);
	buf_free(&name);
	return status;
}

static enum status
make_folder(const char *folder, struct diag *diag)
{
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return say_path(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot make the folder", folder);
	return STATUS_OK;
}

static enum status
sync_folder(const char *folder, struct diag *diag)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	int err = errno;

	if (fd >= 0)
		close(fd);
	return good ? STATUS_OK
		    : say_path(diag, STATUS_IO, err, "cannot sync the folder",
			  folder);
}

/*
 * What became of a move that a dead run began: whether it was made. Before the
 * rename there is at most an empty file that kept the name, and the page.
 */
static bool
was_moved(const char *from, const char *to)
{
	struct buf why = BUF_INIT;
	struct stat source, target;
	bool stayed = lstat(from, &source) == 0;
	bool there = lstat(to, &target) == 0;

	if (there && (!stayed || target.st_size > 0))
		return true;
	buf_add_format(&why, "%s.why", to);
	unlink(why.data);
	if (there)
		unlink(to);
	buf_free(&why);
	return false;
}

/* One out of the archive is made now: a person wanted it. */
static enum status
heal(struct archive *archive, int64_t run, const char *from, const char *to,
    struct diag *diag)
{
	struct diag ignored;
	bool moved = run == LEDGER_PUT_BACK
			 ? unarchive(from, to, true, &ignored) == STATUS_OK
			 : was_moved(from, to);
	enum status status = state_begin(archive->state, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(archive->state, true,
	    ledger_move_end(archive->state, run, str_of(from), str_of(to),
		moved, diag),
	    diag);
}

static enum status
heal_all(struct archive *archive, struct diag *diag)
{
	struct buf from = BUF_INIT, to = BUF_INIT;
	enum status status;
	int64_t run;
	bool found;

	do {
		status = ledger_move_left(archive->state, &run, &from, &to,
		    &found, diag);
		if (status == STATUS_OK && found)
			status = heal(archive, run, from.data, to.data, diag);
	} while (status == STATUS_OK && found);
	buf_free(&from);
	buf_free(&to);
	return status;
}

enum status
archive_open(struct archive *archive, const char *folder,
    const struct tool_run *tool, struct state *state, const struct run *run,
    struct diag *diag)
{
	struct buf failed = BUF_INIT;
	enum status status;

	*archive = (struct archive){ .tool = tool,
		.state = state,
		.run = run,
		.folder = folder };
	buf_add_format(&failed, "%s/failed", folder);
	archive->failed = failed.data;
	status = make_folder(folder, diag);
	if (status == STATUS_OK && stat(folder, &archive->info) != 0)
		status = say_path(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot look at", folder);
	return status == STATUS_OK ? heal_all(archive, diag) : status;
}

void
archive_add(struct archive *archive, const char *path,
    const struct identity *identity, uint64_t found, bool unreadable)
{
	if (archive->count == ARCHIVE_MAX) {
		archive->forgot = true;
		return;
	}
	if (archive->count == archive->size) {
		archive->size = archive->size == 0 ? 16 : 2 * archive->size;
		archive->files = mem_grow(archive->files, archive->size,
		    sizeof(*archive->files));
	}
	archive->files[archive->count++] =
	    (struct archive_file){ mem_strdup(path), *identity, found,
		    unreadable };
	archive->version = 0;
}

void
archive_forget(struct archive *archive)
{
	for (size_t i = 0; i < archive->count; i++)
		free(archive->files[i].path);
	archive->count = 0;
	archive->forgot = false;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
write_name(const char *folder, const char *name, uint64_t number,
    struct buf *to)
{
	buf_clear(to);
	buf_add_format(to, "%s/%s", folder, name);
	if (number > 0)
		buf_add_format(to, ".%llu", (unsigned long long)number);
}

/* Whether something has that name, or its page's, or is about to. */
static bool
is_taken(const struct buf *to, const struct move *moves, size_t count)
{
	struct buf why = BUF_INIT;
	struct stat info;
	bool taken = lstat(to->data, &info) == 0;

	for (size_t i = 0; i < count && !taken; i++)
		taken = strcmp(moves[i].to, to->data) == 0;
	buf_add_format(&why, "%s.why", to->data);
	taken = taken || lstat(why.data, &info) == 0;
	buf_free(&why);
	return taken;
}

/*
 * NAME, else NAME.1, NAME.2 ...: by doubling and halving, so that the ten
 * thousandth orders.xml is not looked for ten thousand times.
 */
static char *
choose_name(const char *folder, const char *path, const struct move *moves,
    size_t count)
{
	const char *name = base_name(path);
	struct buf to = BUF_INIT;
	uint64_t taken = 0, open = 1;

	write_name(folder, name, 0, &to);
	if (!is_taken(&to, moves, count))
		return to.data;
	for (write_name(folder, name, open, &to);
	     open < NAME_MAX_NUMBER && is_taken(&to, moves, count);
	     write_name(folder, name, open, &to)) {
		taken = open;
		open *= 2;
	}
	while (open - taken > 1) {
		uint64_t middle = taken + (open - taken) / 2;

		write_name(folder, name, middle, &to);
		if (is_taken(&to, moves, count))
			taken = middle;
		else
			open = middle;
	}
	write_name(folder, name, open, &to);
	return to.data;
}

/* It is another file under the old name: take nothing away. */
static enum status
put_back(const struct move *move, struct diag *diag)
{
	if (link(move->to, move->file.path) == 0 && unlink(move->to) == 0)
		return say_path(diag, STATUS_TRY_AGAIN, 0,
		    "changed while it was moved; it stays for the next look",
		    move->file.path);
	return say_path(diag, STATUS_IO, errno,
	    "a file changed while it was moved, and cannot be put back from",
	    move->to);
}

/* Whether the file is not there any more as it was read. */
static bool
is_gone(const struct archive_file *file)
{
	struct identity now;
	struct stat info;

	if (lstat(file->path, &info) != 0)
		return true;
	now = identity_of(&info);
	return !identity_same(&now, &file->identity);
}

/* An empty file keeps the name until the rename replaces it. */
static enum status
keep_name(struct move *move, struct diag *diag)
{
	int fd = open(move->to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	move->again = fd < 0 && errno == EEXIST;
	if (fd < 0)
		return say_path(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot create", move->to);
	close(fd);
	return STATUS_OK;
}

static enum status
rename_file(const struct move *move, struct diag *diag)
{
	struct identity now;
	struct stat info;

	if (rename(move->file.path, move->to) != 0) {
		int err = errno;

		unlink(move->to);
		return say_path(diag, STATUS_CANNOT_CREATE, err,
		    err == EXDEV ? "the archive is on another file system than"
				 : "cannot move",
		    move->file.path);
	}
	if (lstat(move->to, &info) == 0) {
		now = identity_of(&info);
		if (identity_same(&now, &move->file.identity))
			return STATUS_OK;
	}
	return put_back(move, diag);
}

static void
move_one(struct archive *archive, struct move *move)
{
	struct buf why = BUF_INIT;
	struct diag diag;
	enum status status = keep_name(move, &diag);
	bool kept = status == STATUS_OK;

	buf_add_format(&why, "%s.why", move->to);
	if (kept && move->failed)
		status = why_write(archive->state, str_of(move->file.path),
		    why.data, &diag);
	if (kept && status != STATUS_OK)
		unlink(move->to);
	if (status == STATUS_OK)
		status = rename_file(move, &diag);
	move->done = status == STATUS_OK;
	if (kept && !move->done && move->failed)
		unlink(why.data);
	/* Another run took it, or will: it is where it belongs. */
	if (!move->done && !move->again && !is_gone(&move->file))
		diag_print(&diag, archive->tool->tool->name);
	buf_free(&why);
}

static enum status
note(struct archive *archive, const struct move *moves, size_t count,
    bool ended, struct diag *diag)
{
	enum status status = state_begin(archive->state, diag);

	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct str from = str_of(moves[i].file.path);
		struct str to = str_of(moves[i].to);

		if (ended)
			status = ledger_move_end(archive->state,
			    archive->run->id, from, to, moves[i].done, diag);
		else
			status = ledger_move_begin(archive->state,
			    archive->run->id, from, to, diag);
	}
	return state_leave(archive->state, true, status, diag);
}

static enum status
move_all(struct archive *archive, struct move *moves, size_t count,
    struct diag *diag)
{
	bool failed = false, good = false;
	enum status status = note(archive, moves, count, false, diag);

	for (size_t i = 0; i < count; i++) {
		failed = failed || moves[i].failed;
		good = good || !moves[i].failed;
	}
	if (status == STATUS_OK && failed)
		status = make_folder(archive->failed, diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		move_one(archive, &moves[i]);
	if (good)
		status = sync_folder(archive->folder, diag);
	if (failed && status == STATUS_OK)
		status = sync_folder(archive->failed, diag);
	return status == STATUS_OK ? note(archive, moves, count, true, diag)
				   : status;
}

/* Whether a file is to move now (*settled), and where to. */
static enum status
judge(struct archive *archive, const struct archive_file *file, bool *settled,
    bool *failed, struct diag *diag)
{
	struct ledger_file known;
	enum status status =
	    ledger_file(archive->state, str_of(file->path), &known, diag);

	*settled = status == STATUS_OK && known.settled;
	*failed = known.excepted == known.idocs &&
		  (file->unreadable ||
		      (known.idocs > 0 &&
			  (file->found == 0 || file->found == known.idocs)));
	return status;
}

/* A file that has gone or changed is none of ours any more. */
static void
note_gone(const struct archive *archive, const struct archive_file *file)
{
	struct buf name = BUF_INIT;

	tool_note(archive->tool,
	    "'%s' changed or was taken away after it was read",
	    text_escape(&name, str_of(file->path), 200));
	buf_free(&name);
}

/* Take what has settled out of the list, at most a batch of it. */
static enum status
collect(struct archive *archive, struct move moves[BATCH], size_t *count,
    struct diag *diag)
{
	size_t left = 0;
	enum status status = STATUS_OK;

	*count = 0;
	for (size_t i = 0; i < archive->count; i++) {
		struct archive_file *file = &archive->files[i];
		struct move *move = &moves[*count];
		bool settled = false, failed = false;

		if (status == STATUS_OK && *count < BATCH)
			status = judge(archive, file, &settled, &failed, diag);
		if (!settled) {
			archive->files[left++] = *file;
		} else if (is_gone(file)) {
			note_gone(archive, file);
			free(file->path);
		} else {
			*move =
			    (struct move){ .file = *file, .failed = failed };
			move->to = choose_name(failed ? archive->failed
						      : archive->folder,
			    file->path, moves, *count);
			++*count;
		}
	}
	archive->count = left;
	return status;
}

/* Whether anybody has committed since the last pass. */
static bool
state_moved_on(struct archive *archive)
{
	int64_t version = state_version(archive->state);
	bool changed = version != archive->version || version == 0;

	archive->version = version;
	return changed;
}

bool
archive_pass(struct archive *archive)
{
	struct move moves[BATCH];
	struct diag diag;
	size_t count = 0;
	enum status status;

	if (archive->count == 0 || !state_moved_on(archive))
		return archive->count == 0;
	do {
		status = collect(archive, moves, &count, &diag);
		if (status == STATUS_OK && count > 0)
			status = move_all(archive, moves, count, &diag);
		for (size_t i = 0; i < count; i++) {
			const struct archive_file *file = &moves[i].file;

			if (moves[i].again)
				archive_add(archive, file->path,
				    &file->identity, file->found,
				    file->unreadable);
			free(file->path);
			free(moves[i].to);
		}
		if (status != STATUS_OK)
			diag_print(&diag, archive->tool->tool->name);
	} while (status == STATUS_OK && count == BATCH);
	return archive->count == 0;
}

void
archive_free(struct archive *archive)
{
	archive_forget(archive);
	free(archive->files);
	free(archive->failed);
	*archive = (struct archive){ .count = 0 };
}

#include "state/backup.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/text.h"
#include "base/whole.h"
#include "state/meta.h"
#include "state/state_private.h"

/* Pages between two looks at stop(): 16 MB. */
#define BACKUP_PAGES 4096

static enum status
fail(enum status status, int err, const char *what, const char *file,
    struct diag *diag)
{
	struct buf safe = BUF_INIT;

	text_escape(&safe, str_of(file), 200);
	if (err != 0)
		diag_errno(diag, status, err, "%s '%s'", what, safe.data);
	else
		diag_set(diag, status, "%s '%s'", what, safe.data);
	buf_free(&safe);
	return status;
}

static enum status
fail_copy(sqlite3 *copy, const char *file, struct diag *diag)
{
	struct buf safe = BUF_INIT;

	diag_set(diag, STATUS_IO, "cannot write the copy '%s': %s",
	    text_escape(&safe, str_of(file), 200), sqlite3_errmsg(copy));
	buf_free(&safe);
	return STATUS_IO;
}

static bool
same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/*
 * The read transaction of the caller holds what is copied: SQLite would begin
 * anew whenever somebody else commits.
 */
static enum status
copy_pages(struct state *state, sqlite3 *copy, const char *file,
    bool (*stop)(void), struct diag *diag)
{
	sqlite3_backup *backup =
	    sqlite3_backup_init(copy, "main", state->db, "main");
	int rc = SQLITE_OK;

	if (backup == NULL)
		return fail_copy(copy, file, diag);
	while (rc == SQLITE_OK && !stop())
		rc = sqlite3_backup_step(backup, BACKUP_PAGES);
	sqlite3_backup_finish(backup);
	if (rc == SQLITE_OK)
		return diag_set(diag, STATUS_TRY_AGAIN,
		    "the copy was not finished");
	return rc == SQLITE_DONE ? STATUS_OK : fail_copy(copy, file, diag);
}

static int
on_check(void *user, int columns, char **values, char **names)
{
	bool *sound = user;

	(void)names;
	*sound =
	    columns == 1 && values[0] != NULL && strcmp(values[0], "ok") == 0;
	return 0;
}

/* No side files beside a copy: it is moved about as one file. */
static const char mark[] =
    "PRAGMA journal_mode = DELETE;"
    "INSERT OR REPLACE INTO meta(key, value) VALUES('copied', x'01');";

static enum status
finish(sqlite3 *copy, const char *file, struct diag *diag)
{
	bool sound = false;

	if (sqlite3_exec(copy, mark, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(copy, "PRAGMA quick_check(1)", on_check, &sound,
		NULL) != SQLITE_OK)
		return fail_copy(copy, file, diag);
	return sound ? STATUS_OK
		     : fail(STATUS_DATA, 0,
			   "the state is not sound, nor would be its copy",
			   file, diag);
}

static bool
never(void)
{
	return false;
}

static enum status
write_copy(struct state *state, const char *file, bool as_backup,
    bool (*stop)(void), struct diag *diag)
{
	sqlite3 *copy = NULL;
	enum status status = state_begin(state, diag);

	if (status != STATUS_OK)
		return status;
	/* The first look is what the transaction then sees to its end. */
	status = state_exec(state, "SELECT 1 FROM meta LIMIT 1", diag);
	if (status == STATUS_OK &&
	    sqlite3_open_v2(file, &copy,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		status = fail_copy(copy, file, diag);
	if (status == STATUS_OK)
		status = copy_pages(state, copy, file, stop, diag);
	state_rollback(state);
	if (status == STATUS_OK && as_backup)
		status = finish(copy, file, diag);
	if (sqlite3_close(copy) != SQLITE_OK && status == STATUS_OK)
		status = fail(STATUS_IO, 0, "cannot close", file, diag);
	return status;
}

enum status
state_backup(struct state *state, const char *file, bool (*stop)(void),
    struct diag *diag)
{
	struct buf part = BUF_INIT;
	enum status status;
	int fd;

	if (same_file(state->path, file))
		return fail(STATUS_USAGE, 0, "the copy would replace the state",
		    file, diag);
	buf_add_format(&part, "%s.part", file);
	unlink(part.data);
	fd = open(part.data, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		status = fail(STATUS_CANNOT_CREATE, errno, "cannot create",
		    part.data, diag);
		buf_free(&part);
		return status;
	}
	status = write_copy(state, part.data, true, stop, diag);
	if (status == STATUS_OK && fsync(fd) != 0)
		status = fail(STATUS_IO, errno, "cannot sync", part.data, diag);
	close(fd);
	if (status == STATUS_OK)
		status = whole_publish(part.data, file, diag);
	if (status != STATUS_OK)
		unlink(part.data);
	buf_free(&part);
	return status;
}

enum status
state_copy(struct state *state, const char *file, struct diag *diag)
{
	return write_copy(state, file, false, never, diag);
}

enum status
backup_note(struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM meta WHERE key = 'copied'", diag);
	enum status status;
	bool own;

	if (!sql_row(state, statement, &status, diag))
		return status;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = meta_set_time(state, "restored", instant_now(), diag);
	if (status == STATUS_OK)
		status = sql_run(state,
		    state_sql(state, "DELETE FROM meta WHERE key = 'copied'",
			diag),
		    diag);
	return state_leave(state, own, status, diag);
}

enum status
backup_restored(struct state *state, int64_t *at, struct diag *diag)
{
	return meta_time(state, "restored", at, diag);
}

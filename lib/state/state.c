#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "state/backup.h"
#include "state/ledger.h"
#include "state/schema.h"
#include "state/state_private.h"

#include "base/instant.h"
#include "base/text.h"
#include "base/tool.h"

/* How long a reader waits for SQLite's own locks (recovery, checkpoint). */
#define BUSY_MS 10000
/* What a statement may have to undo stays in memory up to so many bytes, those
 * of a batch of records; by default SQLite makes a file for more than 64 KB. */
#define UNDO_MAX (1 << 20)

static const char file_pragmas[] = "PRAGMA synchronous = FULL;"
				   "PRAGMA secure_delete = ON;"
				   "PRAGMA foreign_keys = ON;"
				   "PRAGMA trusted_schema = OFF;"
				   "PRAGMA cache_size = -8000;"
				   "PRAGMA wal_autocheckpoint = 4000;";
/* Sorting takes as much memory as the cache, and reports sort all there is. */
static const char read_pragmas[] = "PRAGMA cache_size = -2000;";

static const char temporary_pragmas[] = "PRAGMA synchronous = OFF;"
					"PRAGMA journal_mode = MEMORY;"
					"PRAGMA foreign_keys = ON;"
					"PRAGMA cache_size = -2000;";

static bool
reads(const struct state *state)
{
	return state->mode == STATE_READ || state->mode == STATE_COPY;
}

/* "state 'path'", fit for a message. */
static const char *
title(const struct state *state, struct buf *safe)
{
	struct buf path = BUF_INIT;

	if (state->called == NULL)
		return "temporary state";
	buf_add_format(safe, "state '%s'",
	    text_escape(&path, str_of(state->called), 200));
	buf_free(&path);
	return safe->data;
}

static enum status
say(struct state *state, enum status status, const char *what,
    struct diag *diag)
{
	struct buf safe = BUF_INIT;

	diag_set(diag, status, "%s %s", title(state, &safe), what);
	buf_free(&safe);
	return status;
}

static enum status
say_errno(struct state *state, enum status status, const char *what,
    struct diag *diag)
{
	struct buf safe = BUF_INIT;
	int err = errno;

	diag_errno(diag, status, err, "cannot %s %s", what,
	    title(state, &safe));
	buf_free(&safe);
	return status;
}

static enum status
status_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STATUS_TRY_AGAIN;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STATUS_DATA;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return STATUS_NOT_ALLOWED;
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return STATUS_IO;
	default:
		return STATUS_BUG;
	}
}

enum status
state_fail(struct state *state, int rc, struct diag *diag)
{
	struct buf what = BUF_INIT;

	if ((rc & 0xff) == SQLITE_NOMEM)
		status_out_of_memory();
	if ((rc & 0xff) == SQLITE_NOTADB)
		buf_add_text(&what, "is not a sap-ometria state");
	else if ((rc & 0xff) == SQLITE_CORRUPT)
		buf_add_text(&what, "is corrupt");
	else if ((rc & 0xff) == SQLITE_READONLY)
		buf_add_text(&what, "is read-only, or its folder is");
	else
		buf_add_format(&what, "failed: %s", sqlite3_errmsg(state->db));
	/* "disk I/O error" leaves open which one. */
	if ((rc & 0xff) == SQLITE_IOERR && sqlite3_system_errno(state->db) != 0)
		buf_add_format(&what, ": %s",
		    strerror(sqlite3_system_errno(state->db)));
	say(state, status_of(rc), what.data, diag);
	buf_free(&what);
	return status_of(rc);
}

enum status
state_exec(struct state *state, const char *sql, struct diag *diag)
{
	int rc = sqlite3_exec(state->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? STATUS_OK : state_fail(state, rc, diag);
}

/* One integer of a pragma or count. */
static enum status
ask(struct state *state, const char *sql, int64_t *value, struct diag *diag)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL);

	*value = 0;
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*value = sqlite3_column_int64(statement, 0);
	else if (rc != SQLITE_DONE)
		state_fail(state, rc, diag);
	sqlite3_finalize(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : diag->status;
}

static char *
beside(const char *path, const char *ending)
{
	struct buf name = BUF_INIT;

	buf_add_text(&name, path);
	buf_add_text(&name, ending);
	return name.data;
}

/*
 * Make sure of the file before SQLite sees it: it would create it with the
 * permissions of the umask and tell "unable to open" for every reason.
 */
static enum status
touch(struct state *state, struct diag *diag)
{
	int flags = reads(state) ? O_RDONLY : O_RDWR;
	int fd = open(state->path, flags | O_CLOEXEC);
	struct stat info;
	bool regular;

	if (fd < 0 && errno == ENOENT && state->mode == STATE_WRITE) {
		fd = open(state->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return say_errno(state, STATUS_CANNOT_CREATE, "create",
			    diag);
	}
	if (fd < 0 && errno == ENOENT)
		return say_errno(state, STATUS_NO_INPUT, "open", diag);
	if (fd < 0)
		return say_errno(state, STATUS_NOT_ALLOWED, "open", diag);
	regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
	close(fd);
	if (!regular)
		return say(state, STATUS_DATA, "is not a file", diag);
	return STATUS_OK;
}

static enum status
open_lock(struct state *state, struct diag *diag)
{
	char *name = beside(state->path, "-lock");

	/* A reader asks it who is alive (state/run.h), when it is there. */
	state->lock = open(name,
	    reads(state) ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC,
	    0600);
	free(name);
	if (state->lock < 0 && !reads(state))
		return say_errno(state, STATUS_CANNOT_CREATE,
		    "create the lock file beside", diag);
	return STATUS_OK;
}

static enum status
lock(struct state *state, struct diag *diag)
{
	if (state->lock < 0 || reads(state))
		return STATUS_OK;
	while (flock(state->lock, LOCK_EX) != 0) {
		if (errno != EINTR)
			return say_errno(state, STATUS_IO, "lock", diag);
		if (tool_interrupted())
			return say(state, STATUS_TRY_AGAIN,
			    "was not free when the run was interrupted", diag);
	}
	state->locked = true;
	return STATUS_OK;
}

static void
unlock(struct state *state)
{
	if (state->locked)
		flock(state->lock, LOCK_UN);
	state->locked = false;
}

/* Is this file ours, and of a version that is known? Changes nothing. */
static enum status
check(struct state *state, int64_t *version, struct diag *diag)
{
	int64_t application = 0, tables = 0;
	enum status status;
	bool empty;

	*version = 0;
	status =
	    ask(state, "SELECT count(*) FROM sqlite_schema", &tables, diag);
	if (status == STATUS_OK)
		status =
		    ask(state, "PRAGMA application_id", &application, diag);
	if (status == STATUS_OK)
		status = ask(state, "PRAGMA user_version", version, diag);
	if (status != STATUS_OK)
		return status;
	empty = application == 0 && *version == 0 && tables == 0;
	if (empty && reads(state))
		return say(state, STATUS_TRY_AGAIN,
		    "is empty: the next run of the line fills it", diag);
	if (application != SCHEMA_APPLICATION && !empty)
		return say(state, STATUS_DATA, "is not a sap-ometria state",
		    diag);
	if (*version > SCHEMA_VERSION)
		return say(state, STATUS_CONFIG,
		    "was written by a newer version of sap-ometria", diag);
	if (*version < SCHEMA_VERSION && state->mode == STATE_READ)
		return say(state, STATUS_TRY_AGAIN,
		    "is of an earlier version: 'sync-audit status' or the next "
		    "run of the line upgrades it",
		    diag);
	return STATUS_OK;
}

static enum status
make_secret(struct state *state, struct diag *diag)
{
	unsigned char secret[16];
	sqlite3_stmt *statement;

	if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret))
		return say_errno(state, STATUS_OS, "make the secret of", diag);
	statement = state_sql(state,
	    "INSERT INTO meta(key, value) VALUES('secret', ?1)", diag);
	sqlite3_bind_blob(statement, 1, secret, sizeof(secret),
	    SQLITE_TRANSIENT);
	return sql_run(state, statement, diag);
}

/* A new file, or one of an earlier version, becomes one of this version. */
static enum status
upgrade(struct state *state, int64_t version, struct diag *diag)
{
	enum status status = state_exec(state, "BEGIN IMMEDIATE", diag);

	if (status != STATUS_OK)
		return status;
	status = schema_upgrade(state, version, diag);
	if (status == STATUS_OK && version == 0)
		status = make_secret(state, diag);
	if (status == STATUS_OK)
		status = state_exec(state, "COMMIT", diag);
	if (status != STATUS_OK)
		sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

static enum status
load_secret(struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT value FROM meta WHERE key = 'secret'", diag);
	enum status status;
	struct hash secret;

	if (sql_row(state, statement, &status, diag) &&
	    sql_get_hash(statement, 0, &secret)) {
		memcpy(state->secret, secret.bytes, sizeof(state->secret));
		sqlite3_reset(statement);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	return say(state, STATUS_DATA, "is corrupt: it has no secret", diag);
}

/* Under the side lock: several tools of one pipe may meet a new file. */
static enum status
prepare_file(struct state *state, struct diag *diag)
{
	int64_t version;
	enum status status = check(state, &version, diag);

	if (status != STATUS_OK)
		return status;
	if (!reads(state))
		status = state_exec(state, "PRAGMA journal_mode = WAL", diag);
	if (status == STATUS_OK)
		status = state_exec(state, file_pragmas, diag);
	if (status == STATUS_OK && reads(state))
		status = state_exec(state, read_pragmas, diag);
	if (status == STATUS_OK && version < SCHEMA_VERSION && !reads(state))
		status = upgrade(state, version, diag);
	return status == STATUS_OK ? load_secret(state, diag) : status;
}

/* Whether SQLite would have to make files beside it, and cannot. */
static bool
is_sealed(struct state *state)
{
	int rc = sqlite3_exec(state->db, "SELECT count(*) FROM sqlite_schema",
	    NULL, NULL, NULL);

	return (rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY;
}

static enum status
open_file(struct state *state, struct diag *diag)
{
	int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	    (reads(state) ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	enum status status = touch(state, diag);
	int rc;

	if (status == STATUS_OK)
		status = open_lock(state, diag);
	if (status == STATUS_OK)
		status = lock(state, diag);
	if (status != STATUS_OK)
		return status;
	rc = sqlite3_open_v2(state->path, &state->db, flags, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(state->db, BUSY_MS);
	status = rc == SQLITE_OK ? STATUS_OK : state_fail(state, rc, diag);
	if (status == STATUS_OK && reads(state) && is_sealed(state))
		status = state_open_sealed(state, diag);
	if (status == STATUS_OK)
		status = prepare_file(state, diag);
	unlock(state);
	return status;
}

static enum status
open_temporary(struct state *state, struct diag *diag)
{
	int rc = sqlite3_open_v2("", &state->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_EXRESCODE,
	    NULL);
	enum status status;

	if (rc != SQLITE_OK)
		return state_fail(state, rc, diag);
	status = state_exec(state, temporary_pragmas, diag);
	if (status == STATUS_OK)
		status = upgrade(state, 0, diag);
	return status == STATUS_OK ? load_secret(state, diag) : status;
}

/*
 * One thread uses it, and nobody reads its statistics: SQLite then takes no
 * locks within the process. Pages of the cache are taken one by one: SQLite
 * would take and write to twenty at once, for each table of a statement's own,
 * too, and that is once for each customer. Ignored once SQLite is in use.
 */
static void
configure(void)
{
	sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, UNDO_MAX);
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum status
open_called(struct state **to, const char *path, const char *called,
    enum state_mode mode, const struct config *config, struct diag *diag)
{
	struct state *state = mem_zero(1, sizeof(*state));
	enum status status;

	*to = NULL;
	configure();
	state->lock = -1;
	state->mode = mode;
	state->config = config;
	if (path != NULL) {
		state->path = mem_strdup(path);
		state->called = mem_strdup(called);
		status = open_file(state, diag);
		if (status == STATUS_OK && !reads(state))
			status = backup_note(state, diag);
	} else {
		state->mode = STATE_WRITE;
		status = open_temporary(state, diag);
	}
	if (status != STATUS_OK)
		state_close(state);
	else
		*to = state;
	return status;
}

enum status
state_open(struct state **state, const char *path, enum state_mode mode,
    const struct config *config, struct diag *diag)
{
	return open_called(state, path, path, mode, config, diag);
}

enum status
state_open_copy(struct state **state, const char *path, const char *original,
    const struct config *config, struct diag *diag)
{
	return open_called(state, path, original, STATE_EXISTING, config, diag);
}

void
state_close(struct state *state)
{
	if (state == NULL)
		return;
	state_rollback(state);
	state_finalize_all(state);
	sqlite3_close(state->db);
	if (state->lock >= 0)
		close(state->lock);
	free(state->path);
	free(state->called);
	buf_free(&state->hand.key);
	free(state);
}

int64_t
state_version(struct state *state)
{
	struct diag ignored;
	int64_t version;

	return ask(state, "PRAGMA data_version", &version, &ignored) ==
		       STATUS_OK
		   ? version
		   : 0;
}

bool
state_is_temporary(const struct state *state)
{
	return state->path == NULL;
}

const char *
state_path(const struct state *state)
{
	return state->path;
}

const struct config *
state_config(const struct state *state)
{
	return state->config;
}

const unsigned char *
state_secret(const struct state *state)
{
	return state->secret;
}

bool
state_in_transaction(const struct state *state)
{
	return state->db != NULL && !sqlite3_get_autocommit(state->db);
}

enum status
state_begin(struct state *state, struct diag *diag)
{
	int64_t since = instant_ticks();
	enum status status = lock(state, diag);

	state_reset_all(state);
	if (status == STATUS_OK)
		status = state_exec(state,
		    reads(state) ? "BEGIN" : "BEGIN IMMEDIATE", diag);
	if (status != STATUS_OK)
		unlock(state);
	if (state->run != NULL)
		state->run->wait_state += instant_ticks() - since;
	return status;
}

enum status
state_commit(struct state *state, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (state->run != NULL)
		status = run_save(state, state->run, diag);
	if (status == STATUS_OK)
		status = ledger_save(state, diag);
	state_reset_all(state);
	if (status == STATUS_OK)
		status = state_exec(state, "COMMIT", diag);
	if (status != STATUS_OK)
		state_rollback(state);
	unlock(state);
	return status;
}

void
state_rollback(struct state *state)
{
	state_reset_all(state);
	state->hand.id = 0;
	if (state_in_transaction(state))
		sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
	unlock(state);
}

enum status
state_join(struct state *state, bool *own, struct diag *diag)
{
	*own = !state_in_transaction(state);
	return *own ? state_begin(state, diag) : STATUS_OK;
}

enum status
state_leave(struct state *state, bool own, enum status status,
    struct diag *diag)
{
	if (!own)
		return status;
	if (status == STATUS_OK)
		return state_commit(state, diag);
	state_rollback(state);
	return status;
}

enum status
state_compact(struct state *state, struct diag *diag)
{
	enum status status = lock(state, diag);
	int64_t busy = 0;

	state_reset_all(state);
	if (status == STATUS_OK)
		status = state_exec(state, "VACUUM", diag);
	if (status == STATUS_OK)
		status =
		    ask(state, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, diag);
	unlock(state);
	return status == STATUS_OK && busy != 0
		   ? say(state, STATUS_TRY_AGAIN,
			 "is being read: its log still holds what was deleted",
			 diag)
		   : status;
}

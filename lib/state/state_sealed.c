#include <sys/file.h>
#include <sys/stat.h>

#include "state/state_private.h"

#include "base/text.h"

/* The name as a URI: SQLite takes the option only in one. */
static void
add_uri(struct buf *to, const char *path)
{
	buf_add_text(to, "file:");
	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) != NULL)
			buf_add_format(to, "%%%02x", (unsigned)*path);
		else
			buf_add_char(to, *path);
	buf_add_text(to, "?immutable=1");
}

/* Whether the log holds what the file does not. */
static bool
has_log(const char *path)
{
	struct buf name = BUF_INIT;
	struct stat info;
	bool has;

	buf_add_text(&name, path);
	buf_add_text(&name, "-wal");
	has = stat(name.data, &info) == 0 && info.st_size > 0;
	buf_free(&name);
	return has;
}

static enum status
fail(const struct state *state, const char *why, struct diag *diag)
{
	struct buf safe = BUF_INIT;

	diag_set(diag, STATUS_NOT_ALLOWED, "cannot read state '%s': %s",
	    text_escape(&safe, str_of(state->path), 200), why);
	buf_free(&safe);
	return STATUS_NOT_ALLOWED;
}

/*
 * SQLite wants to make files beside a file that is in WAL mode, and has no way
 * to read it otherwise but by being told that nobody writes it: with the side
 * file locked against writers nobody does, and without a log nobody has.
 */
enum status
state_open_sealed(struct state *state, struct diag *diag)
{
	struct buf uri = BUF_INIT;
	int rc;

	if (state->lock >= 0 && flock(state->lock, LOCK_SH) != 0)
		return fail(state, "its lock was not free", diag);
	if (has_log(state->path))
		return fail(state,
		    "it has a log, which wants the right to write beside it",
		    diag);
	sqlite3_close(state->db);
	state->db = NULL;
	add_uri(&uri, state->path);
	rc = sqlite3_open_v2(uri.data, &state->db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_EXRESCODE,
	    NULL);
	buf_free(&uri);
	return rc == SQLITE_OK ? STATUS_OK : state_fail(state, rc, diag);
}

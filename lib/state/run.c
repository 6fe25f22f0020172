#define _GNU_SOURCE /* F_OFD_SETLK */
#include <fcntl.h>
#include <unistd.h>

#include "state/deadline.h"
#include "state/run.h"
#include "state/schema.h"
#include "state/state_private.h"

#include "base/instant.h"

const char run_schema[] =
    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY,"
    " tool TEXT NOT NULL,"
    " pid INTEGER NOT NULL,"
    " started_at INTEGER NOT NULL,"
    " ended_at INTEGER," /* NULL: running, or killed */
    " result INTEGER," /* enum status */
    " read INTEGER NOT NULL DEFAULT 0,"
    " written INTEGER NOT NULL DEFAULT 0,"
    " excepted INTEGER NOT NULL DEFAULT 0,"
    " duplicates INTEGER NOT NULL DEFAULT 0,"
    " wait_input INTEGER NOT NULL DEFAULT 0," /* milliseconds */
    " wait_state INTEGER NOT NULL DEFAULT 0,"
    " wait_network INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX run_tool ON run(tool, id);";

const char run_schema_7[] =
    "ALTER TABLE run ADD COLUMN wait_rate INTEGER NOT NULL DEFAULT 0;";

/*
 * A run that is alive holds a byte of the side file locked: of the lock, not
 * of the bytes, which need not be there. The kernel lets go of it when the
 * process ends, however it ends.
 */
#define RUN_LOCKS ((off_t)1 << 32)

static struct flock
byte_of(int64_t run)
{
	return (struct flock){ .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = RUN_LOCKS + run,
		.l_len = 1 };
}

bool
run_is_alive(struct state *state, int64_t run)
{
	struct flock byte = byte_of(run);

	if (state->run != NULL && state->run->id == run)
		return true;
	if (state->lock < 0)
		return false;
	/* Where locks are not to be had, nobody is called dead. */
	return fcntl(state->lock, F_OFD_GETLK, &byte) != 0 ||
	       byte.l_type != F_UNLCK;
}

enum status
run_begin(struct state *state, struct run *run, const char *tool,
    struct diag *diag)
{
	enum status status = state_begin(state, diag);
	sqlite3_stmt *statement;

	*run = (struct run){ .tool = tool };
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT INTO run(tool, pid, started_at) VALUES(?1, ?2, ?3)", diag);
	sql_text(statement, 1, str_of(tool));
	sql_int(statement, 2, getpid());
	sql_time(statement, 3, instant_now());
	status = sql_run(state, statement, diag);
	run->id = sqlite3_last_insert_rowid(state->db);
	if (state->lock >= 0) {
		struct flock byte = byte_of(run->id);

		fcntl(state->lock, F_OFD_SETLK, &byte);
	}
	status = state_leave(state, true, status, diag);
	if (status == STATUS_OK)
		state->run = run;
	return status;
}

enum status
run_save(struct state *state, const struct run *run, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE run SET read = ?2, written = ?3, excepted = ?4,"
	    " duplicates = ?5, wait_input = ?6, wait_state = ?7,"
	    " wait_network = ?8, wait_rate = ?9 WHERE id = ?1",
	    diag);

	sql_int(statement, 1, run->id);
	sql_int(statement, 2, (int64_t)run->read);
	sql_int(statement, 3, (int64_t)run->written);
	sql_int(statement, 4, (int64_t)run->excepted);
	sql_int(statement, 5, (int64_t)run->duplicates);
	sql_int(statement, 6, run->wait_input);
	sql_int(statement, 7, run->wait_state);
	sql_int(statement, 8, run->wait_network);
	sql_int(statement, 9, run->wait_rate);
	return sql_run(state, statement, diag);
}

static enum status
write_end(struct state *state, struct run *run, enum status result,
    struct diag *diag)
{
	enum status status = state_begin(state, diag);
	sqlite3_stmt *statement;

	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE run SET ended_at = ?2, result = ?3 WHERE id = ?1", diag);
	sql_int(statement, 1, run->id);
	sql_time(statement, 2, instant_now());
	sql_int(statement, 3, result);
	return state_leave(state, true, sql_run(state, statement, diag), diag);
}

enum status
run_end(struct state *state, struct run *run, enum status result,
    struct diag *diag)
{
	struct diag own = { .status = STATUS_OK };
	enum status status;

	if (state->run != run)
		return result;
	state_rollback(state);
	status = write_end(state, run, result, &own);
	if (status == STATUS_OK)
		status = deadline_pass(state, instant_now(), &own);
	state->run = NULL;
	if (result != STATUS_OK && result != STATUS_FINDINGS)
		return result;
	if (status == STATUS_OK)
		return result;
	*diag = own;
	return status;
}

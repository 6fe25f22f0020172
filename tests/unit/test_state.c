#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "state/run.h"
#include "state/state.h"

#include "base/instant.h"
#include "state_files.h"
#include "tap.h"

static char folder[] = "/tmp/test_state_XXXXXX";
static char path[64];
static struct diag diag;

static void
write_file(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("Bail out! cannot write %s\n", path);
	close(fd);
}

static enum status
open_close(enum state_mode mode)
{
	struct state *state;
	enum status status = state_open(&state, path, mode, NULL, &diag);

	state_close(state);
	return status;
}

static void
run_sql(const char *sql)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		printf("Bail out! %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
test_create(void)
{
	struct stat info;
	struct state *state;
	unsigned char secret[16];

	IS_INT(open_close(STATE_EXISTING), STATUS_NO_INPUT,
	    "a missing state is no input");
	IS_INT(open_close(STATE_READ), STATUS_NO_INPUT, "also when reading");
	OK(strstr(diag.message, path) != NULL, "the message names the file");
	IS_INT(state_open(&state, path, STATE_WRITE, NULL, &diag), STATUS_OK,
	    "a new state is created");
	memcpy(secret, state_secret(state), 16);
	OK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600,
	    "its mode is 0600");
	IS_STR(state_path(state), path, "it knows its path");
	state_close(state);
	IS_INT(state_open(&state, path, STATE_READ, NULL, &diag), STATUS_OK,
	    "and opened for reading");
	OK(memcmp(secret, state_secret(state), 16) == 0, "the secret stays");
	state_close(state);
}

static void
test_refused(void)
{
	state_files_remove(path);
	write_file("this is no database, only a text that somebody kept here "
		   "under a name that looks like one of ours, and long enough "
		   "for a header");
	IS_INT(open_close(STATE_WRITE), STATUS_DATA, "a text file is refused");
	OK(strstr(diag.message, "is not a sap-ometria state") != NULL,
	    "the message says what it is not");
	state_files_remove(path);
	run_sql("CREATE TABLE other(a)");
	IS_INT(open_close(STATE_WRITE), STATUS_DATA,
	    "another program's database is refused");
	run_sql("SELECT a FROM other");
	state_files_remove(path);
	IS_INT(open_close(STATE_WRITE), STATUS_OK, "a state");
	run_sql("PRAGMA user_version = 99");
	IS_INT(open_close(STATE_WRITE), STATUS_CONFIG,
	    "of a newer version is refused");
	IS_INT(open_close(STATE_READ), STATUS_CONFIG, "also when reading");
	state_files_remove(path);
	write_file("");
	IS_INT(open_close(STATE_READ), STATUS_TRY_AGAIN,
	    "an empty file, which somebody else may be filling, is waited for");
	IS_INT(open_close(STATE_WRITE), STATUS_OK, "an empty file is filled");
	state_files_remove(path);
	snprintf(path, sizeof(path), "%s/none/sync.db", folder);
	IS_INT(open_close(STATE_WRITE), STATUS_CANNOT_CREATE,
	    "a missing folder");
	snprintf(path, sizeof(path), "%s/sync.db", folder);
}

static void
test_corrupt(void)
{
	struct state *state;
	enum status status;
	struct run run;
	int fd;

	state_files_remove(path);
	IS_INT(open_close(STATE_WRITE), STATUS_OK, "a state");
	fd = open(path, O_WRONLY);
	for (int page = 1; page < 100; page++)
		if (pwrite(fd, "garbage garbage garbage", 23,
			(off_t)page * 4096) < 0)
			break;
	close(fd);
	status = state_open(&state, path, STATE_WRITE, NULL, &diag);
	if (status == STATUS_OK)
		status = run_begin(state, &run, "test", &diag);
	IS_INT(status, STATUS_DATA, "a corrupt state is wrong data");
	OK(strstr(diag.message, "is corrupt") != NULL, "and is called corrupt");
	state_close(state);
}

static int64_t
count_runs(struct state *state)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT count(*) FROM run", &diag);
	enum status status;
	int64_t count = -1;

	if (sql_row(state, statement, &status, &diag))
		count = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return count;
}

/* Five processes open one new file at once and write ten rows each. */
static void
test_together(void)
{
	struct state *state;
	int failures = 0;

	state_files_remove(path);
	for (int i = 0; i < 5; i++) {
		if (fork() != 0)
			continue;
		enum status status =
		    state_open(&state, path, STATE_WRITE, NULL, &diag);

		for (int n = 0; n < 10 && status == STATUS_OK; n++) {
			struct run run;

			status = run_begin(state, &run, "test", &diag);
			if (status == STATUS_OK)
				status = run_end(state, &run, STATUS_OK, &diag);
		}
		state_close(state);
		_exit((int)status);
	}
	for (int i = 0; i < 5; i++) {
		int result;

		wait(&result);
		failures += result != 0;
	}
	IS_INT(failures, 0, "five writers of one new file succeed");
	state_open(&state, path, STATE_READ, NULL, &diag);
	IS_INT(count_runs(state), 50, "nothing of theirs is lost");
	state_close(state);
}

static void
test_transaction(void)
{
	struct state *state;
	struct run run;
	bool own;

	IS_INT(state_open(&state, NULL, STATE_WRITE, NULL, &diag), STATUS_OK,
	    "a temporary state");
	OK(state_is_temporary(state) && state_path(state) == NULL,
	    "has no path");
	IS_INT(run_begin(state, &run, "test", &diag), STATUS_OK, "run begins");
	run.read = 7;
	IS_INT(state_begin(state, &diag), STATUS_OK, "begin");
	OK(state_in_transaction(state), "inside");
	IS_INT(state_join(state, &own, &diag), STATUS_OK, "join");
	OK(!own, "the caller's");
	IS_INT(state_leave(state, own, STATUS_OK, &diag), STATUS_OK, "leave");
	OK(state_in_transaction(state), "still inside");
	IS_INT(state_commit(state, &diag), STATUS_OK, "commit");
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT read FROM run", &diag);
	enum status status;

	OK(sql_row(state, statement, &status, &diag) &&
		sql_get_int(statement, 0) == 7,
	    "a commit saves the counters of the run");
	OK(state_sql(state, "SELECT nothing FROM nowhere", &diag) == NULL,
	    "wrong SQL");
	IS_INT(sql_run(state, NULL, &diag), STATUS_BUG, "is a bug, said once");
	state_rollback(state);
	state_rollback(state);
	IS_INT(run_end(state, &run, STATUS_FINDINGS, &diag), STATUS_FINDINGS,
	    "run_end gives the result back");
	state_close(state);
	state_close(NULL);
}

static void
test_readonly(void)
{
	if (geteuid() == 0) {
		OK(1, "read-only state # SKIP root may write everything");
		return;
	}
	state_files_remove(path);
	open_close(STATE_WRITE);
	chmod(path, 0400);
	IS_INT(open_close(STATE_WRITE), STATUS_NOT_ALLOWED,
	    "a read-only state cannot be written");
}

static void
test_default_path(void)
{
	struct buf buf = BUF_INIT;
	char want[128];
	struct stat info;

	setenv("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", 1);
	state_default_path(&buf, &diag);
	IS_STR(buf.data, "/var/lib/a/sync.db", "the service's folder");
	unsetenv("STATE_DIRECTORY");
	snprintf(want, sizeof(want), "%s/x", folder);
	setenv("XDG_STATE_HOME", want, 1);
	IS_INT(state_default_path(&buf, &diag), STATUS_OK, "the user's");
	snprintf(want, sizeof(want), "%s/x/sap-ometria/sync.db", folder);
	IS_STR(buf.data, want, "state home");
	snprintf(want, sizeof(want), "%s/x/sap-ometria", folder);
	OK(stat(want, &info) == 0, "its folders are made");
	rmdir(want);
	snprintf(want, sizeof(want), "%s/x", folder);
	rmdir(want);
	buf_free(&buf);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/sync.db", folder);
	test_create();
	test_refused();
	test_corrupt();
	test_together();
	test_transaction();
	test_readonly();
	test_default_path();
	state_files_remove(path);
	rmdir(folder);
	DONE();
}

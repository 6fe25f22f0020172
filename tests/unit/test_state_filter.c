#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "state/exceptions.h"
#include "state/filter.h"

#include "base/fd.h"
#include "base/limits.h"
#include "state_files.h"
#include "tap.h"

#define CUSTOMER(id) "{\"v\":1,\"type\":\"customer\",\"id\":\"" id "\"}\n"
#define ORDER(id) "{\"v\":1,\"type\":\"order\",\"id\":\"" id "\"}\n"

static struct diag diag;

struct folder {
	size_t count, batches;
	enum status fail;
};

/* Gives "customer 7" for each customer, and an exception for "bad". */
static enum status
apply(void *user, struct record *record, struct buf *output, struct diag *why)
{
	struct folder *folder = user;

	(void)why;
	folder->count++;
	buf_add_text(output, "customer ");
	buf_add_str(output, record->id);
	buf_add_char(output, '\n');
	if (folder->fail != STATUS_OK && folder->count == 3)
		return diag_set(why, folder->fail, "it failed");
	return STATUS_OK;
}

static enum status
batch_end(void *user, struct buf *output, struct diag *why)
{
	struct folder *folder = user;

	(void)why;
	folder->batches++;
	buf_add_text(output, "batch\n");
	return STATUS_OK;
}

/* The child of a fork filters in to out with a state of its own. */
static int
filter(int in, int out, const char *path, struct folder *folder)
{
	struct state *state;
	struct run run;
	struct out output;
	enum status status = state_open(&state, path, STATE_WRITE, NULL, &diag);

	if (status != STATUS_OK)
		return (int)status;
	out_open(&output, out);
	status = run_begin(state, &run, "test", &diag);

	struct filter f = {
		.state = state,
		.run = &run,
		.out = &output,
		.tool = "test",
		.types = UINT32_C(1) << RECORD_CUSTOMER,
		.apply = apply,
		.batch_end = batch_end,
		.user = folder,
	};

	if (status == STATUS_OK)
		status = filter_run(&f, in, &diag);
	status = run_end(state, &run, status, &diag);
	out_close(&output, &diag);
	state_close(state);
	return (int)status;
}

struct child {
	pid_t pid;
	int in, out; /* what the test writes to and reads from */
};

static struct child
start(const char *path, enum status fail)
{
	struct child child;
	int to[2], from[2];

	fflush(stdout);
	if (pipe(to) != 0 || pipe(from) != 0 || (child.pid = fork()) < 0)
		_exit(1);
	if (child.pid == 0) {
		struct folder folder = { .fail = fail };

		close(to[1]);
		close(from[0]);
		_exit(filter(to[0], from[1], path, &folder));
	}
	close(to[0]);
	close(from[1]);
	child.in = to[1];
	child.out = from[0];
	return child;
}

static void
give(struct child *child, const char *text)
{
	fd_write(child->in, str_of(text), &diag);
}

static int
finish(struct child *child, struct buf *output)
{
	char bytes[65536];
	ssize_t got;
	int result;

	while ((got = read(child->out, bytes, sizeof(bytes))) > 0)
		buf_add(output, bytes, (size_t)got);
	close(child->out);
	waitpid(child->pid, &result, 0);
	return WIFEXITED(result) ? WEXITSTATUS(result) : -1;
}

/* Read exactly len bytes, waiting for them. */
static void
take(struct child *child, struct buf *output, size_t len)
{
	char byte;

	buf_clear(output);
	while (output->len < len && read(child->out, &byte, 1) == 1)
		buf_add_char(output, byte);
}

static void
test_order(void)
{
	struct child child = start(NULL, STATUS_OK);
	struct buf got = BUF_INIT;

	give(&child, ORDER("1") CUSTOMER("a") ORDER(
			 "2") "{ \"v\":1, \"type\":\"order\","
			      "  \"id\":\"3\"}\n" CUSTOMER("b") ORDER("4"));
	close(child.in);
	IS_INT(finish(&child, &got), STATUS_OK, "a run without findings");
	IS_STR(got.data,
	    ORDER("1") "customer a\n" ORDER(
		"2") "{ \"v\":1, \"type\":\"order\",  \"id\":\"3\"}\n"
		     "customer b\n" ORDER("4") "batch\n",
	    "others pass byte for byte, everything keeps its place");
	buf_free(&got);
}

static void
test_invalid(void)
{
	struct child child = start(NULL, STATUS_OK);
	struct buf got = BUF_INIT;

	give(&child,
	    "garbage\n" ORDER("1") "{\"v\":1,\"type\":\"customer\"}\n"
				   "{\"v\":1,\"type\":\"exception\","
				   "\"id\":\"x\"}\n" CUSTOMER("a") ORDER("2"));
	give(&child, "{\"v\":1,\"type\":\"order\",\"id\":\"un");
	close(child.in);
	IS_INT(finish(&child, &got), STATUS_FINDINGS, "findings");

	const char *at = got.data;
	int count = 0;

	while ((at = strstr(at, "record-invalid:line:#")) != NULL) {
		count++;
		at++;
	}
	IS_INT(count, 3, "garbage, a record without id and an unfinished line");
	OK(strstr(got.data, "garbage") == NULL,
	    "no body of a line in the exception");
	OK(strstr(got.data, "line 7 of the input of test was left out: its "
			    "end is missing") != NULL,
	    "the message names the line");
	OK(strstr(got.data, ORDER("1")) != NULL &&
		strstr(got.data, "customer a\n" ORDER("2")) != NULL,
	    "reading goes on");
	buf_free(&got);
}

static void
test_long(void)
{
	struct child child = start(NULL, STATUS_OK);
	struct buf got = BUF_INIT, large = BUF_INIT, line = BUF_INIT;

	buf_reserve(&large, LIMIT_LINE + 1);
	for (size_t i = 0; i <= LIMIT_LINE; i++)
		buf_add_char(&large, 'x');
	buf_add_text(&line, "{\"v\":1,\"type\":\"order\",\"id\":\"");
	buf_add(&line, large.data, LIMIT_LINE - line.len - 2);
	buf_add_text(&line, "\"}\n");
	if (fork() == 0) {
		give(&child, CUSTOMER("a"));
		give(&child, line.data);
		buf_add_char(&large, '\n');
		give(&child, large.data);
		give(&child, CUSTOMER("b"));
		_exit(0);
	}
	close(child.in);
	IS_INT(finish(&child, &got), STATUS_FINDINGS, "a line over 4 MiB");
	OK(strstr(got.data, "longer than 4 MiB") != NULL, "is left out");
	OK(strstr(got.data, line.data) != NULL, "one of 4 MiB passes");
	OK(strstr(got.data, "customer b\n") != NULL, "reading goes on");
	wait(NULL);
	buf_free(&got);
	buf_free(&large);
	buf_free(&line);
}

static void
test_idle(void)
{
	struct child child = start(NULL, STATUS_OK);
	struct buf got = BUF_INIT;

	give(&child, ORDER("1"));
	take(&child, &got, strlen(ORDER("1")));
	IS_STR(got.data, ORDER("1"), "what passes leaves when input pauses");
	give(&child, CUSTOMER("a"));
	take(&child, &got, strlen("customer a\nbatch\n"));
	IS_STR(got.data, "customer a\nbatch\n", "an own record too");
	kill(child.pid, SIGKILL);
	close(child.in);
	finish(&child, &got);
	buf_free(&got);
}

static void
test_batches(void)
{
	struct child child = start(NULL, STATUS_OK);
	struct buf got = BUF_INIT, input = BUF_INIT;
	int count = 0;

	for (int i = 0; i < 3 * LIMIT_BATCH; i++)
		buf_add_format(&input,
		    "{\"v\":1,\"type\":\"customer\",\"id\":\"%d\"}\n", i);
	if (fork() == 0) {
		give(&child, input.data);
		_exit(0);
	}
	close(child.in);
	finish(&child, &got);
	wait(NULL);
	for (const char *at = got.data; (at = strstr(at, "batch\n")) != NULL;
	     at++)
		count++;
	OK(count >= 3, "a batch has at most 500 records");
	buf_free(&got);
	buf_free(&input);
}

static void
test_failure(void)
{
	char path[] = "/tmp/test_filter_XXXXXX";
	struct buf got = BUF_INIT;
	int fd = mkstemp(path);
	struct child child;
	struct state *state;
	enum status status;

	close(fd);
	child = start(path, STATUS_BUG);
	give(&child, "garbage\n" CUSTOMER("a"));
	take(&child, &got, 20);
	give(&child, ORDER("1") CUSTOMER("b") "rubbish\n" CUSTOMER("c"));
	close(child.in);
	buf_clear(&got);
	IS_INT(finish(&child, &got), STATUS_BUG, "a failure ends the tool");
	OK(got.data != NULL && strstr(got.data, "customer b") == NULL &&
		strstr(got.data, "customer a") != NULL,
	    "nothing of the batch in hand leaves");
	state_open(&state, path, STATE_READ, NULL, &diag);

	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*), (SELECT read FROM run),"
	    " (SELECT result FROM run) FROM exception",
	    &diag);

	OK(sql_row(state, statement, &status, &diag) &&
		sql_get_int(statement, 0) == 1,
	    "nor is it in the state");
	IS_INT(sql_get_int(statement, 2), STATUS_BUG, "the run says how");
	state_close(state);
	state_files_remove(path);
	buf_free(&got);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_order();
	test_invalid();
	test_long();
	test_idle();
	test_batches();
	test_failure();
	DONE();
}

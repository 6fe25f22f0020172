#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/option.h"
#include "base/version.h"
#include "dump.h"
#include "fault.h"
#include "http.h"
#include "job.h"
#include "switch.h"

#define PROGRAM "ometria-sandbox"
#define TICK 20000000 /* ns between looks at the queue */

static const char *const synopsis[] = {
	"--db FILE [--port-file FILE] [OPTION...]",
	"--list-switches",
	"--dump --db FILE [--records] [--journal] [--history] [--errors] "
	"[--warnings] [--campaigns]",
	NULL,
};

static const struct option options_table[] = {
	{ "db", 0, "FILE", "keep everything in this SQLite file", false,
	    false },
	{ "port-file", 0, "FILE",
	    "write the port here once listening, in place of the address on "
	    "standard output",
	    false, false },
	{ "port", 0, "N", "listen on this port of 127.0.0.1; 0 = any (0)",
	    false, false },
	{ "key", 0, "KEY", "the API key (sandbox-key)", false, false },
	{ "rate", 0, "N", "push requests a second; 0 = any (8)", false, false },
	{ "data-rate", 0, "N", "other requests a second; 0 = any (4)", false,
	    false },
	{ "erase-rate", 0, "N", "deletion requests a minute; 0 = any (6)",
	    false, false },
	{ "merge-rate", 0, "N", "merge requests a minute; 0 = any (1)", false,
	    false },
	{ "mail-rate", 0, "N", "transactional mails a second; 0 = any (30)",
	    false, false },
	{ "delay", 0, "MS", "from acceptance to processing (2000)", false,
	    false },
	{ "queue", 0, "N", "records that may wait (50000)", false, false },
	{ "fault", 0, "PLAN",
	    "what goes wrong with which requests: KIND@WHEN[:MS][;RULE],...",
	    false, false },
	{ "seed", 0, "N", "of request ids, and of what is shuffled (0)", false,
	    false },
	{ "set", 0, "NAME=VALUE", "how to read what is not documented", false,
	    true },
	{ "list-switches", 0, NULL, "print what can be set, and exit", false,
	    false },
	{ "now", 0, "TIME", "take this UTC time as the clock", false, false },
	{ "dump", 0, NULL, "print what is held and exit", false, false },
	{ "records", 0, NULL, "dump: all records", false, false },
	{ "journal", 0, NULL, "dump: all requests", false, false },
	{ "history", 0, NULL, "dump: all accepted records in order", false,
	    false },
	{ "errors", 0, NULL, "dump: all push errors", false, false },
	{ "warnings", 0, NULL, "dump: what a good client never sends", false,
	    false },
	{ "campaigns", 0, NULL, "dump: who entered a campaign, or why not",
	    false, false },
	{ "help", 'h', NULL, "print this help and exit", false, false },
	{ "version", 'V', NULL, "print the version and exit", false, false },
	{ NULL, 0, NULL, NULL, false, false },
};

static const struct tool tool = { PROGRAM, "a local Ometria for tests",
	synopsis, options_table, NULL };

static enum status
number(const struct options *options, const char *name, uint64_t fallback,
    uint64_t max, uint64_t *value, struct diag *diag)
{
	const char *text = options_value(options, name);

	*value = fallback;
	if (text == NULL || str_to_u64(str_of(text), max, value))
		return STATUS_OK;
	return diag_set(diag, STATUS_USAGE, "--%s wants a number up to %llu",
	    name, (unsigned long long)max);
}

static enum status
dump_all(const struct options *options, const char *db, struct diag *diag)
{
	static const struct {
		const char *option;
		enum dump_kind kind;
	} kinds[] = {
		{ "records", DUMP_RECORDS },
		{ "journal", DUMP_JOURNAL },
		{ "history", DUMP_HISTORY },
		{ "errors", DUMP_ERRORS },
		{ "warnings", DUMP_WARNINGS },
		{ "campaigns", DUMP_CAMPAIGNS },
	};
	struct store *store = NULL;
	bool another = false;
	enum status status = store_open(&store, db, false, diag);
	struct out out;

	if (status != STATUS_OK)
		return status;
	out_open(&out, STDOUT_FILENO);
	for (size_t i = 0;
	     i < sizeof(kinds) / sizeof(kinds[0]) && status == STATUS_OK; i++) {
		if (!options_has(options, kinds[i].option))
			continue;
		if (another)
			status = out_line(&out, STR_NONE, diag);
		another = true;
		if (status == STATUS_OK)
			status = dump(store, kinds[i].kind, &out, diag);
	}
	if (!another)
		status = dump(store, DUMP_RECORDS, &out, diag);
	if (status == STATUS_OK)
		status = out_close(&out, diag);
	else
		(void)out_close(&out, &(struct diag){ .err = 0 });
	store_close(store);
	return status;
}

/* Whoever sees the file sees the whole number. */
static enum status
write_port(const char *path, uint16_t port, struct diag *diag)
{
	struct buf temp = BUF_INIT, text = BUF_INIT;
	enum status status = STATUS_OK;
	int fd;

	buf_add_format(&temp, "%s.tmp", path);
	buf_add_format(&text, "%u\n", (unsigned)port);
	fd = open(temp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		status = diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot create the port file");
		goto out;
	}
	status = fd_write(fd, buf_str(&text), diag);
	if (close(fd) != 0 && status == STATUS_OK)
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot write the port file");
	if (status == STATUS_OK && rename(temp.data, path) != 0)
		status = diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot create the port file");
out:
	buf_free(&temp);
	buf_free(&text);
	return status;
}

static enum status
say_address(uint16_t port, struct diag *diag)
{
	struct buf text = BUF_INIT;
	enum status status;

	buf_add_format(&text, "http://127.0.0.1:%u/\n", (unsigned)port);
	status = fd_write(STDOUT_FILENO, buf_str(&text), diag);
	buf_free(&text);
	return status;
}

/* Until SIGTERM or SIGINT; meanwhile the queue is processed when due. */
static void
serve(struct sandbox *sandbox, const sigset_t *signals)
{
	const struct timespec tick = { 0, TICK };

	while (sigtimedwait(signals, NULL, &tick) < 0) {
		int64_t now = instant_ticks();

		pthread_mutex_lock(&sandbox->lock);
		if (queue_is_due(&sandbox->queue, now) ||
		    job_is_due(sandbox->store)) {
			store_run(store_get(sandbox->store, STORE_BEGIN));
			queue_process(&sandbox->queue, now);
			job_tick(sandbox->store);
			store_run(store_get(sandbox->store, STORE_COMMIT));
		}
		pthread_mutex_unlock(&sandbox->lock);
	}
}

/* Signals are blocked before the server's thread is made, which inherits. */
static enum status
run(struct sandbox *sandbox, uint16_t port, const char *port_file,
    struct diag *diag)
{
	struct MHD_Daemon *daemon;
	enum status status;
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	daemon = http_start(sandbox, &port, diag);
	if (daemon == NULL)
		return diag->status;
	if (port_file != NULL)
		status = write_port(port_file, port, diag);
	else
		status = say_address(port, diag);
	if (status == STATUS_OK)
		serve(sandbox, &signals);
	http_stop(sandbox, daemon);
	return status;
}

static enum status
open_rates(const struct options *options, struct sandbox *sandbox,
    struct diag *diag)
{
	static const struct {
		const char *option;
		uint64_t limit;
		int64_t window;
	} limits[RATE_COUNT] = {
		[RATE_PUSH] = { "rate", 8, 1000 },
		[RATE_DATA] = { "data-rate", 4, 1000 },
		[RATE_ERASE] = { "erase-rate", 6, 60000 },
		[RATE_MERGE] = { "merge-rate", 1, 60000 },
		[RATE_MAIL] = { "mail-rate", 30, 1000 },
	};

	for (size_t i = 0; i < RATE_COUNT; i++) {
		uint64_t limit;

		if (number(options, limits[i].option, limits[i].limit, 10000,
			&limit, diag) != STATUS_OK)
			return diag->status;
		rate_open(&sandbox->rates[i], limit, limits[i].window);
	}
	return STATUS_OK;
}

static enum status
open_all(const struct options *options, struct sandbox *sandbox, const char *db,
    struct diag *diag)
{
	const char *key = options_value(options, "key");
	uint64_t delay, queue;
	enum status status;

	sandbox->key = key != NULL ? key : "sandbox-key";
	if ((status = open_rates(options, sandbox, diag)) != 0 ||
	    (status = number(options, "delay", 2000, 86400000, &delay, diag)) !=
		0 ||
	    (status = number(options, "queue", 50000, 100000000, &queue,
		 diag)) != 0 ||
	    (status = fault_set(str_of(options_value(options, "fault")),
		 diag)) != 0 ||
	    (status = store_open(&sandbox->store, db, true, diag)) != 0)
		return status;
	queue_open(&sandbox->queue, sandbox->store, (int64_t)delay,
	    (int64_t)queue);
	return STATUS_OK;
}

static enum status
start(const struct options *options, const char *db, struct diag *diag)
{
	struct sandbox sandbox = { .doc = JSON_DOC_INIT,
		.arena = ARENA_INIT,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	uint64_t port;
	enum status status = number(options, "port", 0, 65535, &port, diag);

	if (status == STATUS_OK)
		status = open_all(options, &sandbox, db, diag);
	if (status == STATUS_OK) {
		status = run(&sandbox, (uint16_t)port,
		    options_value(options, "port-file"), diag);
		queue_close(&sandbox.queue);
	}
	for (size_t i = 0; i < RATE_COUNT; i++)
		rate_close(&sandbox.rates[i]);
	json_doc_free(&sandbox.doc);
	arena_free(&sandbox.arena);
	store_close(sandbox.store);
	return status;
}

static enum status
list_switches(struct diag *diag)
{
	struct buf text = BUF_INIT;
	enum status status;

	switch_list(&text);
	status = fd_write(STDOUT_FILENO, buf_str(&text), diag);
	buf_free(&text);
	return status;
}

static enum status
set_seed(const char *seed, struct diag *diag)
{
	struct buf setting = BUF_INIT;
	enum status status;

	buf_add_format(&setting, "seed=%s", seed);
	status = switch_set(buf_str(&setting), diag);
	buf_free(&setting);
	return status;
}

static enum status
dispatch(const struct options *options, struct diag *diag)
{
	const char *db = options_value(options, "db");
	const char *now = options_value(options, "now");
	instant fixed;

	if (options_has(options, "help")) {
		options_help(&tool);
		return STATUS_OK;
	}
	if (options_has(options, "version")) {
		printf(PROGRAM " %s\n", SAP_OMETRIA_VERSION);
		return STATUS_OK;
	}
	for (size_t i = 0; options_nth(options, "set", i) != NULL; i++)
		if (switch_set(str_of(options_nth(options, "set", i)), diag) !=
		    STATUS_OK)
			return diag->status;
	if (options_value(options, "seed") != NULL &&
	    set_seed(options_value(options, "seed"), diag) != STATUS_OK)
		return diag->status;
	if (options_has(options, "list-switches"))
		return list_switches(diag);
	if (options->operand_count > 0 || db == NULL)
		return diag_set(diag, STATUS_USAGE,
		    "--db is needed, and no operands");
	if (options_has(options, "dump"))
		return dump_all(options, db, diag);
	if (now != NULL) {
		if (!instant_parse(str_of(now), &fixed))
			return diag_set(diag, STATUS_USAGE,
			    "--now wants a UTC time");
		instant_fix(fixed);
	}
	return start(options, db, diag);
}

int
main(int argc, char **argv)
{
	struct diag diag = { .status = STATUS_OK };
	struct options options = { .tool = &tool };
	enum status status = options_parse(&options, &tool, argc, argv, &diag);

	if (status == STATUS_OK)
		status = dispatch(&options, &diag);
	if (status != STATUS_OK)
		diag_print(&diag, PROGRAM);
	options_free(&options);
	return (int)status;
}

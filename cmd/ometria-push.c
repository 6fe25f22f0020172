#include <unistd.h>

#include "base/limits.h"
#include "base/out.h"
#include "base/tool.h"
#include "ometria-push/intake.h"
#include "ometria-push/notify.h"
#include "ometria-push/progress.h"
#include "ometria-push/rehearsal.h"
#include "ometria/drain.h"
#include "ometria/erase.h"

static const char *const synopsis[] = {
	"[-s FILE] [-c FILE] [--url URL] [--rate N] [--api-key-file FILE] "
	"[--ca-file FILE] [--resend KIND[:ID]] [--confirm HOW] [--timeout TIME] [--drain | --follow]",
	"[-s FILE] [-c FILE] [--drain] -n",
	NULL,
};

/* clang-format off */
static const struct option options[] = {
	OPTION_STATE,
	{"url", 0, "URL", "base address of Ometria's Data API", true, false},
	{"rate", 0, "N", "requests in any second; 0 = no limit", true, false},
	{"api-key-file", 0, "FILE", "read the API key from this file", true, false},
	{"ca-file", 0, "FILE", "trust the certificate authorities of this file", true, false},
	{"resend", 0, "KIND[:ID]", "send again what Ometria has: all of a kind, or one", false, true},
	{"confirm", 0, "HOW", "read back contacts before their orders leave: all, sample, none", true, false},
	{"timeout", 0, "TIME", "give up when Ometria fails so long: 90s, 5m", true, false},
	{"follow", 0, NULL, "deliver while records come, until they end or a signal comes", false, false},
	{"drain", 0, NULL, "do not read standard input, only deliver what waits", false, false},
	{"dry-run", 'n', NULL, "print the requests, send and change nothing", false, false},
	OPTIONS_COMMON,
	{NULL, 0, NULL, NULL, false, false},
};
/* clang-format on */

static const struct tool tool = {
	.name = "ometria-push",
	.purpose = "deliver desired records to Ometria: in order, within its "
		   "limits, each revision once",
	.synopsis = synopsis,
	.options = options,
};

struct push {
	struct tool_run *run;
	struct state *state;
	struct out out;
	bool dry;
	bool follow;
	bool findings;
	struct run journal;
	struct limiter limiter;
	struct drain drain;
	struct erasing erasing;
	struct drain_input input; /* following */
	struct intake *intake;
	struct notify notify;
	struct progress progress;
};

static bool
never(void)
{
	return false;
}

/* A copy of what was raised, as every tool of the line writes it; a rehearsal
 * keeps its standard output for the requests. */
static void
on_exception(void *user, const struct exception *exception)
{
	struct push *push = user;
	struct buf line = BUF_INIT;

	exception_write(&line, exception);
	buf_add_char(&line, '\n');
	if (push->dry)
		fwrite(line.data, 1, line.len, stderr);
	else
		buf_add_str(&push->out.held, buf_str(&line));
	buf_free(&line);
}

static enum status
open_state(struct push *push)
{
	struct tool_run *run = push->run;
	const char *path = options_value(&run->options, "state");
	struct buf standard = BUF_INIT;
	enum status status = STATUS_OK;

	if (path == NULL) {
		status = state_default_path(&standard, &run->diag);
		path = standard.data;
	}
	if (status == STATUS_OK && push->dry)
		status =
		    rehearsal_open(&push->state, path, run->config, &run->diag);
	else if (status == STATUS_OK)
		status = state_open(&push->state, path, STATE_WRITE,
		    run->config, &run->diag);
	buf_free(&standard);
	return status;
}

static enum status
take_input(struct push *push)
{
	struct out errors;
	enum status status, closed;

	if (options_has(&push->run->options, "drain") || push->follow ||
	    isatty(STDIN_FILENO))
		return STATUS_OK;
	out_open(&errors, STDERR_FILENO);
	status = intake_run(push->state, &push->journal,
	    push->dry ? &errors : &push->out, STDIN_FILENO, &push->run->diag);
	closed = out_close(&errors, &push->run->diag);
	if (status == STATUS_FINDINGS) {
		push->findings = true;
		status = STATUS_OK;
	}
	return status == STATUS_OK ? closed : status;
}

/* KIND or KIND:ID. */
static enum status
resend(struct push *push, const char *what)
{
	struct diag *diag = &push->run->diag;
	size_t colon = strcspn(what, ":");
	struct str id = str_of(what);
	enum desired_kind kind;
	uint64_t count;
	enum status status;

	if (!desired_kind_of((struct str){ what, colon }, &kind) ||
	    kind == DESIRED_EVENT)
		return diag_set(diag, STATUS_USAGE,
		    "option '--resend' takes product, contact or order, alone "
		    "or with an id behind a colon");
	id = colon == id.len
		 ? STR_NONE
		 : (struct str){ what + colon + 1, id.len - colon - 1 };
	status = outbox_resend(push->state, kind, id, &count, diag);
	if (status == STATUS_OK)
		tool_say(push->run, "sent again: %llu of %s",
		    (unsigned long long)count, desired_kind_name(kind));
	return status;
}

static enum status
resend_all(struct push *push)
{
	const char *what;
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     status == STATUS_OK &&
	     (what = options_nth(&push->run->options, "resend", i)) != NULL;
	     i++)
		status = resend(push, what);
	return status;
}

static enum status
read_rate(const struct tool_run *run, size_t *rate, struct diag *diag)
{
	const char *text = options_value(&run->options, "rate");
	uint64_t number =
	    (uint64_t)config_number(run->config, "ometria", NULL, "rate");

	if (text != NULL && !str_to_u64(str_of(text), LIMITER_MAX, &number))
		return diag_set(diag, STATUS_USAGE,
		    "option '--rate' takes a whole number from 0 to %d",
		    LIMITER_MAX);
	*rate = number > LIMITER_MAX ? LIMITER_MAX + 1 : (size_t)number;
	return STATUS_OK;
}

static enum status
read_confirm(const struct tool_run *run, enum drain_confirm *confirm,
    struct diag *diag)
{
	static const char *const names[] = { "none", "sample", "all" };
	const char *text = options_value(&run->options, "confirm");

	*confirm = DRAIN_CONFIRM_NONE;
	for (size_t i = 0; text != NULL && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (strcmp(text, names[i]) == 0) {
			*confirm = (enum drain_confirm)i;
			return STATUS_OK;
		}
	return text == NULL ? STATUS_OK
			    : diag_set(diag, STATUS_USAGE,
				  "option '--confirm' takes all, sample or "
				  "none");
}

static enum status
count_backlog(struct push *push, struct outbox_backlog *all)
{
	*all = (struct outbox_backlog){ .oldest = INSTANT_NONE };
	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++) {
		struct outbox_backlog backlog = { 0 };
		enum status status = outbox_backlog(push->state,
		    (enum desired_kind)kind, &backlog, &push->run->diag);

		if (status != STATUS_OK)
			return status;
		all->held += backlog.held;
		all->refused += backlog.refused;
		all->pending += backlog.pending;
	}
	return STATUS_OK;
}

/* Milliseconds; 0 = not given. */
static enum status
read_timeout(const struct tool_run *run, int64_t *timeout, struct diag *diag)
{
	const char *text = options_value(&run->options, "timeout");

	*timeout = 0;
	if (text != NULL &&
	    (!duration_parse(str_of(text), timeout) || *timeout == 0))
		return diag_set(diag, STATUS_USAGE,
		    "option '--timeout' takes a time such as 90s or 5m");
	return STATUS_OK;
}

/* Between requests: a sign of life, and the line for a person. */
static void
on_tick(void *user)
{
	struct push *push = user;
	struct outbox_backlog all;

	notify_alive(&push->notify);
	if (progress_show(&push->progress, &push->drain) &&
	    count_backlog(push, &all) == STATUS_OK)
		progress_count(&push->progress, &push->drain,
		    all.pending - all.held - all.refused);
}

static void
set_drain(struct push *push)
{
	const struct config *config = push->run->config;
	struct drain *drain = &push->drain;

	drain->state = push->state;
	drain->limiter = &push->limiter;
	drain->collection =
	    str_of(config_text(config, "ometria", NULL, "collection"));
	drain->batch = (size_t)config_number(config, "ometria", NULL, "batch");
	drain->connections =
	    (size_t)config_number(config, "ometria", NULL, "connections");
	drain->retry = config_duration(config, "ometria", NULL, "retry");
	if (drain->timeout == 0)
		drain->timeout =
		    config_duration(config, "ometria", NULL, "timeout");
	drain->settle = config_duration(config, "ometria", NULL, "settle");
	drain->visible =
	    config_duration(config, "ometria", NULL, "visible-within");
	drain->rehearsal = push->dry;
	drain->stop = push->dry ? never : tool_interrupted;
	drain->excepted = on_exception;
	drain->tick = on_tick;
	drain->user = push;
}

static enum status
say_summary(struct push *push)
{
	const struct drain *drain = &push->drain;
	struct outbox_backlog all;
	enum status status = count_backlog(push, &all);
	unsigned long long held = all.held, refused = all.refused;
	unsigned long long waiting = all.pending - all.held - all.refused;

	if (status != STATUS_OK)
		return status;
	if (drain->requests == 0 && all.pending == 0)
		tool_say(push->run, "nothing to send");
	else if (drain->requests == 0)
		tool_say(push->run,
		    "nothing to send, %llu waiting, %llu held, %llu refused",
		    waiting, held, refused);
	else
		tool_say(push->run,
		    "%llu records in %llu requests%s, %llu waiting, %llu held, "
		    "%llu refused",
		    (unsigned long long)drain->records,
		    (unsigned long long)drain->requests,
		    push->dry ? " would be sent" : "", waiting, held, refused);
	return STATUS_OK;
}

static enum status
on_input(void *user, bool *more, bool *ended, struct diag *diag)
{
	struct push *push = user;

	(void)diag; /* that of the run, which the intake has as well */
	return intake_turn(push->intake, more, ended);
}

/* Records are taken while others leave. */
static enum status
follow(struct push *push)
{
	struct diag *diag = &push->run->diag;
	enum status status;

	push->input = (struct drain_input){
		.fd = STDIN_FILENO,
		.linger = config_duration(push->run->config, "ometria", NULL,
		    "linger"),
		.take = on_input,
	};
	push->drain.input = &push->input;
	push->intake = intake_begin(push->state, &push->journal, &push->out,
	    STDIN_FILENO, diag);
	notify_say(&push->notify, "READY=1\nSTATUS=delivering");
	status = intake_end(push->intake, drain_run(&push->drain, diag));
	notify_say(&push->notify, "STOPPING=1");
	if (status != STATUS_FINDINGS)
		return status;
	push->findings = true;
	return STATUS_OK;
}

/* What the run did goes to the journal and the terminal, failed or not. */
static enum status
drain_and_say(struct push *push)
{
	struct diag first, other;
	enum status status;

	progress_begin(&push->progress, push->run->quiet || push->dry);
	status = push->follow ? follow(push)
			      : drain_run(&push->drain, &push->run->diag);
	progress_end(&push->progress);
	if (status == STATUS_OK && !push->dry)
		status =
		    erase_run(&push->erasing, &push->drain, &push->run->diag);
	first = push->run->diag;

	push->journal.written = push->drain.records;
	push->journal.excepted += push->drain.excepted_count;
	push->journal.wait_network = push->drain.wait_network;
	push->journal.wait_rate = push->drain.wait_rate;
	push->findings = push->findings || push->drain.excepted_count > 0;
	other = first;
	if (say_summary(push) != STATUS_OK)
		other = push->run->diag;
	if (push->erasing.accepted + push->erasing.refused > 0)
		tool_say(push->run,
		    "%llu deletion requests accepted, %llu refused",
		    (unsigned long long)push->erasing.accepted,
		    (unsigned long long)push->erasing.refused);
	push->run->diag = status != STATUS_OK ? first : other;
	return status;
}

static enum status
rehearse(struct push *push)
{
	push->drain.transport = rehearsal_transport(&push->out);
	limiter_open(&push->limiter, NULL, 0, &push->run->diag);
	return drain_and_say(push);
}

/* Another pusher is at work: it delivers what came here as well. */
static enum status
lock_or_leave(struct push *push, int *lock)
{
	struct diag busy;
	enum status status = delivery_lock(push->state, lock, &busy);
	enum status taken = STATUS_OK;

	if (status == STATUS_TRY_AGAIN && push->follow) {
		push->follow = false;
		taken = take_input(push);
	}
	if (taken != STATUS_OK)
		return taken;
	if (status != STATUS_OK)
		push->run->diag = busy;
	return status;
}

static enum status
deliver(struct push *push)
{
	struct tool_run *run = push->run;
	const char *url = options_value(&run->options, "url");
	struct client *client = NULL;
	struct buf ca_file = BUF_INIT;
	struct key key;
	size_t rate = 0;
	enum status status;
	int lock = -1;

	if (url == NULL)
		url = config_text(run->config, "ometria", NULL, "url");
	status = read_rate(run, &rate, &run->diag);
	if (status == STATUS_OK)
		status = client_check_url(url, &run->diag);
	if (status == STATUS_OK)
		status = key_load(&key,
		    options_value(&run->options, "api-key-file"), &run->diag);
	if (status != STATUS_OK)
		return status;
	client_ca_file(run->config, options_value(&run->options, "ca-file"),
	    &ca_file);
	status = client_open(&client, url, ca_file.data, &key, &run->diag);
	key_wipe(&key);
	buf_free(&ca_file);
	if (status == STATUS_OK)
		status = limiter_open(&push->limiter, state_path(push->state),
		    rate, &run->diag);
	if (status == STATUS_OK)
		status = lock_or_leave(push, &lock);
	if (status == STATUS_OK) {
		push->drain.transport = client_transport(client);
		status = drain_and_say(push);
		delivery_unlock(lock);
	}
	limiter_close(&push->limiter);
	client_close(client);
	return status;
}

static enum status
check_modes(const struct push *push)
{
	struct tool_run *run = push->run;

	if (push->follow && options_has(&run->options, "drain"))
		return diag_set(&run->diag, STATUS_USAGE,
		    "options '--follow' and '--drain' exclude each other");
	if (push->follow && push->dry)
		return diag_set(&run->diag, STATUS_USAGE,
		    "options '--follow' and '--dry-run' exclude each other");
	return STATUS_OK;
}

static enum status
work(struct tool_run *run)
{
	struct push push = {
		.run = run,
		.dry = options_has(&run->options, "dry-run"),
		.follow = options_has(&run->options, "follow"),
		.limiter = { .fd = -1 },
	};
	struct diag late;
	enum status status, ended;

	if (run->options.operand_count > 0)
		return diag_set(&run->diag, STATUS_USAGE,
		    "it takes no operands; records come on standard input");
	status = check_modes(&push);
	if (status == STATUS_OK)
		status = read_confirm(run, &push.drain.confirm, &run->diag);
	if (status == STATUS_OK)
		status = read_timeout(run, &push.drain.timeout, &run->diag);
	if (status != STATUS_OK)
		return status;
	notify_open(&push.notify);
	out_open(&push.out, STDOUT_FILENO);
	status = open_state(&push);
	if (status == STATUS_OK)
		status =
		    run_begin(push.state, &push.journal, tool.name, &run->diag);
	if (status == STATUS_OK) {
		status = take_input(&push);
		if (status == STATUS_OK)
			status = resend_all(&push);
		set_drain(&push);
		if (status == STATUS_OK && !tool_interrupted())
			status = push.dry ? rehearse(&push) : deliver(&push);
		ended = run_end(push.state, &push.journal, status, &late);
		if (status == STATUS_OK && ended != STATUS_OK) {
			run->diag = late;
			status = ended;
		}
	}
	ended = out_close(&push.out, &late);
	if (status == STATUS_OK && ended != STATUS_OK) {
		run->diag = late;
		status = ended;
	}
	state_close(push.state);
	notify_close(&push.notify);
	return status == STATUS_OK && push.findings ? STATUS_FINDINGS : status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, work, argc, argv);
}

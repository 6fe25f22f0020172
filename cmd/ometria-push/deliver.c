#include "deliver.h"

#include <unistd.h>

#include "rehearsal.h"
#include "report.h"
#include "resend.h"
#include "settings.h"

/* Of what is old, in a run: 100,000 rows. */
#define FORGET_STEPS 500

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

static enum status
on_input(void *user, bool *more, bool *ended, struct diag *diag)
{
	struct push *push = user;

	(void)diag; /* that of the run, which the intake has as well */
	return intake_turn(push->intake, more, ended);
}

static enum status
on_look(void *user, struct diag *diag)
{
	struct push *push = user;

	return erase_run(&push->erasing, &push->drain, diag);
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
	push->drain.look = on_look;
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
	if (report_summary(push) != STATUS_OK)
		other = push->run->diag;
	push->run->diag = status != STATUS_OK ? first : other;
	return status;
}

/* At the end of a run; a service does it between requests (drain.c). */
static enum status
forget_old(struct push *push)
{
	enum status status = STATUS_OK;
	bool more = retain_forgets(&push->drain.retain);

	for (int i = 0; i < FORGET_STEPS && more && status == STATUS_OK &&
			!tool_interrupted();
	     i++)
		status = retain_pass(push->state, &push->drain.retain, 1, &more,
		    &push->run->diag);
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
dispatch(struct push *push)
{
	struct tool_run *run = push->run;
	const char *url = options_value(&run->options, "url");
	struct client *client = NULL;
	struct buf ca_file = BUF_INIT;
	struct key key;
	enum status status;
	int lock = -1;

	if (url == NULL)
		url = config_text(run->config, "ometria", NULL, "url");
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
		    push->rate, &run->diag);
	if (status == STATUS_OK)
		status = lock_or_leave(push, &lock);
	if (status == STATUS_OK) {
		push->drain.transport = client_transport(client);
		status = drain_and_say(push);
		delivery_unlock(lock);
	}
	if (status == STATUS_OK)
		status = forget_old(push);
	limiter_close(&push->limiter);
	client_close(client);
	return status;
}

enum status
deliver_run(struct push *push)
{
	enum status status = take_input(push);

	if (status == STATUS_OK)
		status = resend_run(push);
	settings_drain(push);
	if (status != STATUS_OK || tool_interrupted())
		return status;
	return push->dry ? rehearse(push) : dispatch(push);
}

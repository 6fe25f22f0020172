/* ometria-push: what Ometria is to look like leaves for it.
 */

#include <unistd.h>

#include "ometria-push/deliver.h"
#include "ometria-push/rehearsal.h"
#include "ometria-push/settings.h"

static const char *const synopsis[] = {
	"[-s FILE] [-c FILE] [--url URL] [--rate N] [--api-key-file FILE] "
	"[--ca-file FILE] [--resend KIND[:ID]] [--confirm HOW] [--retain DAYS] [--timeout TIME] [--drain | --follow]",
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
	{"confirm", 0, "HOW", "read back what was accepted: all, sample, none", true, false},
	{"retain", 0, "DAYS", "forget settled IDocs that are so old", false, false},
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

/* The run is in the journal, whatever became of it. */
static enum status
deliver(struct push *push)
{
	struct diag *diag = &push->run->diag;
	enum status status =
	    run_begin(push->state, &push->journal, tool.name, diag);

	return status == STATUS_OK ? run_end(push->state, &push->journal,
					 deliver_run(push), diag)
				   : status;
}

static enum status
work(struct tool_run *run)
{
	struct push push = { .run = run, .limiter = { .fd = -1 } };
	struct diag late;
	enum status status = settings_read(&push), ended;

	if (status != STATUS_OK)
		return status;
	notify_open(&push.notify);
	out_open(&push.out, STDOUT_FILENO);
	status = open_state(&push);
	if (status == STATUS_OK)
		status = deliver(&push);
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

#include "report.h"

void
report_exception(void *user, const struct exception *exception)
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

void
report_tick(void *user)
{
	struct push *push = user;
	struct outbox_backlog all;

	notify_alive(&push->notify);
	if (progress_show(&push->progress, &push->drain) &&
	    count_backlog(push, &all) == STATUS_OK)
		progress_count(&push->progress, &push->drain,
		    all.pending - all.held - all.refused);
}

static enum status
say_records(struct push *push)
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

enum status
report_summary(struct push *push)
{
	enum status status = say_records(push);

	if (push->erasing.accepted + push->erasing.refused > 0)
		tool_say(push->run,
		    "%llu deletion requests accepted, %llu refused",
		    (unsigned long long)push->erasing.accepted,
		    (unsigned long long)push->erasing.refused);
	return status;
}

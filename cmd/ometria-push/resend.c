#include "resend.h"

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

enum status
resend_run(struct push *push)
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

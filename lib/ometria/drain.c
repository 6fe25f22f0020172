#include "ometria/drain.h"

#include "base/limits.h"
#include "ometria/confirm.h"
#include "ometria/send.h"
#include "state/backup.h"
#include "state/hold.h"

/* A row may change between asking and intending; not for ever. */
#define CHANGES_MAX 20

static enum status
drain_step(struct drain *drain, size_t *count, struct diag *diag)
{
	struct outbox_row rows[OMETRIA_BATCH];
	enum desired_kind kind;
	bool found = false;
	enum status status;

	arena_reset(&drain->arena);
	status = send_pending(drain, &found, diag);
	if (status != STATUS_OK || found)
		return status;
	status = outbox_batch(drain->state, &drain->arena, drain->batch,
	    drain->contacts_first, rows, count, &kind, diag);
	if (status == STATUS_OK && *count > 0) {
		drain->contacts_first = kind != DESIRED_CONTACT;
		status = send_rows(drain, rows, *count, diag);
	}
	return status;
}

/* Everything that is sendable now. */
static enum status
drain_rows(struct drain *drain, struct diag *diag)
{
	unsigned changes = 0;
	enum status status = STATUS_OK;
	size_t count = 1;

	while (status == STATUS_OK && count > 0 && !drain->stop()) {
		status = drain_step(drain, &count, diag);
		if (status != STATUS_TRY_AGAIN)
			changes = 0;
		else if (++changes < CHANGES_MAX)
			status = STATUS_OK;
	}
	return status;
}

static enum status
drain_all(struct drain *drain, struct diag *diag)
{
	uint64_t lifted = 1;
	enum status status = STATUS_OK;

	drain->unpolled = !drain->rehearsal;
	while (status == STATUS_OK && !drain->stop()) {
		status = drain_rows(drain, diag);
		if (status == STATUS_OK)
			status = hold_lift(drain->state, &lifted, diag);
		if (status != STATUS_OK || lifted > 0)
			continue;
		if (!drain->unpolled || drain->rehearsal)
			break;
		/* Confirming may let go more: the outbox is asked again. */
		status = confirm_run(drain, diag);
	}
	return status;
}

enum status
drain_run(struct drain *drain, struct diag *diag)
{
	enum status status;

	if (drain->batch == 0 || drain->batch > OMETRIA_BATCH)
		drain->batch = OMETRIA_BATCH;
	drain->doc = (struct json_doc)JSON_DOC_INIT;
	status = drain->rehearsal
		     ? STATUS_OK
		     : delivery_want_seen(drain->state,
			   drain->confirm != DRAIN_CONFIRM_NONE, diag);
	if (status == STATUS_OK)
		status = backup_restored(drain->state, &drain->restored, diag);
	if (status == STATUS_OK)
		status = drain_all(drain, diag);
	arena_free(&drain->arena);
	json_doc_free(&drain->doc);
	response_free(&drain->response);
	return status;
}

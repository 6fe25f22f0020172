#include "audit.h"

#include "putback.h"
#include "state/erasure.h"
#include "state/hold.h"
#include "state/outbox.h"
#include "state/triage.h"

/* By whom it was done, in the history of the exceptions of these codes that are
 * open about a subject, or of all of them. */
static enum status
note(struct audit *audit, const char *const codes[2], const char *subject,
    const char *id, const char *what)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
		buf_clear(&name);
		buf_add_text(&name, codes[i]);
		if (id != NULL)
			buf_add_format(&name, ":%s:%s", subject, id);
		status = triage_note(audit->state, buf_str(&name), what,
		    audit_by(audit), &audit->run->diag);
	}
	buf_free(&name);
	return status;
}

/* Lift, and note by whom in the history of what held the customer. */
static enum status
release(struct audit *audit, const char *customer, uint64_t *count)
{
	static const char *const codes[] = { "customer-malformed",
		"customer-rejected" };
	struct diag *diag = &audit->run->diag;
	enum status status;
	bool own;

	status = state_join(audit->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = hold_release(audit->state, str_of(customer), count, diag);
	if (status == STATUS_OK && *count > 0)
		status = note(audit, codes, "customer", customer, "released");
	return state_leave(audit->state, own, status, diag);
}

enum status
audit_release(struct audit *audit)
{
	for (size_t i = 0; i < audit->operand_count; i++) {
		uint64_t count;
		enum status status = release(audit, audit->operands[i], &count);

		if (status != STATUS_OK)
			return status;
		if (count == 0)
			return audit_unknown(audit, "no hold on customer",
			    audit->operands[i]);
		tool_say(audit->run, "released: %llu",
		    (unsigned long long)count);
	}
	return STATUS_OK;
}

/* A deletion request that Ometria refused: "deletion:CUSTOMER". */
static enum status
retry_deletion(struct audit *audit, const char *name, size_t at)
{
	uint64_t count;
	enum status status = erasure_retry(audit->state, str_of(name + at),
	    &count, &audit->run->diag);

	return status == STATUS_OK && count == 0
		   ? audit_unknown(audit, "Ometria has not refused", name)
		   : status;
}

/* id NULL: all that Ometria refused. What was said of it stays open until
 * Ometria has taken it. */
static enum status
retry_refused(struct audit *audit, enum desired_kind kind, const char *id,
    uint64_t *count)
{
	static const char *const codes[] = { "push-rejected", "push-limit" };
	struct diag *diag = &audit->run->diag;
	enum status status;
	bool own;

	status = state_join(audit->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = outbox_retry(audit->state, kind,
	    id != NULL ? str_of(id) : STR_NONE, count, diag);
	if (status == STATUS_OK && *count > 0)
		status =
		    note(audit, codes, desired_kind_name(kind), id, "retried");
	return state_leave(audit->state, own, status, diag);
}

static enum status
retry_one(struct audit *audit, const char *name)
{
	struct str id = str_of(name);
	enum desired_kind kind;
	uint64_t count;
	enum status status;
	size_t colon = strcspn(name, ":");

	if (colon != id.len && str_is((struct str){ name, colon }, "deletion"))
		return retry_deletion(audit, name, colon + 1);
	if (colon == id.len ||
	    !desired_kind_of((struct str){ name, colon }, &kind))
		return putback(audit, name);
	status = retry_refused(audit, kind, name + colon + 1, &count);
	if (status == STATUS_OK && count == 0)
		return audit_unknown(audit, "Ometria has not refused", name);
	return status;
}

enum status
audit_retry(struct audit *audit)
{
	enum status status = STATUS_OK;
	uint64_t count;

	for (size_t i = 0; i < audit->operand_count && status == STATUS_OK; i++)
		status = retry_one(audit, audit->operands[i]);
	if (audit->operand_count > 0)
		return status;
	status = retry_refused(audit, DESIRED_PRODUCT, NULL, &count);
	if (status == STATUS_OK)
		tool_say(audit->run, "sent again by the next run: %llu",
		    (unsigned long long)count);
	return status;
}

#include "ometria/confirm.h"

#include "base/pause.h"
#include "ometria/errors.h"
#include "ometria/exchange.h"
#include "ometria/refuse.h"
#include "ometria/seen.h"
#include "state/seen.h"

/*
 * The list is of the whole account and keeps old rows: what is not of a push
 * of ours, was dealt with, or is overtaken by a newer accepted revision, is
 * passed over.
 */
static enum status
apply_error(struct drain *drain, const struct push_error *error,
    struct diag *diag)
{
	struct outbox_row row;
	struct refusal refusal;
	uint64_t rev = 0;
	bool found = false;
	enum status status;

	status = delivery_find(drain->state, error->request_id, error->kind,
	    error->record_id, &rev, diag);
	if (status == STATUS_OK && rev > 0)
		status = outbox_get(drain->state, error->kind, error->record_id,
		    &drain->arena, &row, &found, diag);
	if (status != STATUS_OK || !found || row.refused_rev >= rev ||
	    row.accepted_rev > rev)
		return status;
	refusal = (struct refusal){ error->kind, row.id, rev, row.customer,
		false, error->why.data };
	status = refuse_record(drain, &refusal, diag);
	return status;
}

/*
 * The list holds the newest. When it is full and its oldest row is about a push
 * of ours, rows about that one and those before may have fallen out of it.
 */
static enum status
doubt_overflow(struct drain *drain, const struct push_error *oldest,
    struct diag *diag)
{
	int64_t upto = 0;
	enum status status =
	    delivery_of_request(drain->state, oldest->request_id, &upto, diag);

	return status == STATUS_OK && upto != 0
		   ? seen_doubt(drain->state, SEEN_DOUBT_LOST, 0, upto, diag)
		   : status;
}

/*
 * Errors that name no record may be about any of those that wait, unless they
 * are the same as at the last poll: the list is of the whole account, and keeps
 * them.
 */
static enum status
doubt_nameless(struct drain *drain, struct diag *diag)
{
	struct hash list = hash_of(buf_str(&drain->response.body));
	bool known = false;
	enum status status = seen_list_known(drain->state, list, &known, diag);

	if (status != STATUS_OK || known)
		return status;
	status =
	    seen_doubt(drain->state, SEEN_DOUBT_UNTOLD, 0, INT64_MAX, diag);
	if (status == STATUS_OK)
		status = refuse_raise(drain, "push-unconfirmed", "errors",
		    STR("ometria"),
		    "Ometria lists push errors that name no record", diag);
	return status;
}

static enum status
apply_errors(struct drain *drain, struct diag *diag)
{
	struct push_error *errors;
	size_t count, nameless = 0;
	enum status status = errors_parse(buf_str(&drain->response.body),
	    &drain->arena, &errors, &count, diag);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (errors_is_nameless(&errors[i]))
			nameless++;
		else
			status = apply_error(drain, &errors[i], diag);
	}
	if (status == STATUS_OK && count >= ERRORS_MAX)
		status = doubt_overflow(drain, &errors[count - 1], diag);
	if (status == STATUS_OK && nameless > 0)
		status = doubt_nameless(drain, diag);
	return status;
}

static bool
wait_settled(struct drain *drain)
{
	int64_t age =
	    drain->accepted_at == 0 ? 0 : instant_ticks() - drain->accepted_at;

	return pause_for(drain->settle - age, drain->stop);
}

static enum status
poll_errors(struct drain *drain, bool *polled, struct diag *diag)
{
	long code = 0;
	enum status status = exchange_get(drain, "/push/_errors", &code, diag);

	*polled = status == STATUS_OK && code == 200;
	if (status != STATUS_OK || code == 0 || code == 200)
		return status;
	return diag_set(diag, STATUS_PROTOCOL,
	    "unexpected answer at /push/_errors: HTTP status %ld", code);
}

enum status
confirm_run(struct drain *drain, struct diag *diag)
{
	bool waits = drain->input == NULL && drain->settle <= DRAIN_SETTLE_MAX;
	bool polled = false, more = false;
	uint64_t confirmed, waiting;
	int64_t polled_at;
	enum status status = delivery_unconfirmed(drain->state, &waiting, diag);

	drain->unpolled = false;
	if (status != STATUS_OK || waiting == 0)
		return status;
	if (waits && !wait_settled(drain))
		return STATUS_OK;
	polled_at = instant_ticks();
	status = poll_errors(drain, &polled, diag);
	if (status != STATUS_OK || !polled)
		return status;
	status = apply_errors(drain, diag);
	if (status == STATUS_OK)
		status = seen_review(drain->state, diag);
	if (status == STATUS_OK)
		status = seen_run(drain, &more, diag);
	/* Having waited here, all of it is old enough whatever the clock says;
	 * else it has to be from before the poll. */
	if (status == STATUS_OK)
		status = delivery_confirm(drain->state,
		    waits ? 0 : drain->settle + instant_ticks() - polled_at,
		    &confirmed, &waiting, diag);
	/* A service comes back for what was too young. */
	drain->unpolled =
	    drain->unpolled || more || (drain->input != NULL && waiting > 0);
	if (status == STATUS_OK)
		status = seen_review(drain->state, diag);
	return status == STATUS_OK ? refuse_heal(drain, diag) : status;
}

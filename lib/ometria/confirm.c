#include "ometria/confirm.h"

#include "base/pause.h"
#include "ometria/errors.h"
#include "ometria/exchange.h"
#include "ometria/refuse.h"
#include "ometria/seen.h"
#include "state/seen.h"

#define CLOCKS_APART 300 /* seconds: ours and Ometria's */

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
 * The list holds the newest. When it is full, rows older than its oldest may
 * have fallen out of it: about a push of ours those of that one and before,
 * else those of what had been answered by its time, as far as the two clocks
 * agree. A row of somebody else that does not say when is as good as new.
 */
static enum status
doubt_overflow(struct drain *drain, const struct push_error *oldest, bool known,
    struct diag *diag)
{
	int64_t upto = 0;
	enum status status =
	    delivery_of_request(drain->state, oldest->request_id, &upto, diag);

	if (status == STATUS_OK && upto == 0 && !known) {
		upto = INT64_MAX;
		if (oldest->at < INT64_MAX - CLOCKS_APART)
			status = delivery_answered_by(drain->state,
			    oldest->at + CLOCKS_APART, &upto, diag);
	}
	return status == STATUS_OK && upto != 0
		   ? seen_doubt(drain->state, SEEN_DOUBT_LOST, 0, upto, diag)
		   : status;
}

/* Errors that name no record may be about any of those that wait. */
static enum status
doubt_nameless(struct drain *drain, struct diag *diag)
{
	return seen_doubt(drain->state, SEEN_DOUBT_UNTOLD, 0, INT64_MAX, diag);
}

/*
 * What was listed at the last poll tells nothing new: the list is of the whole
 * account, and keeps its rows. That it was listed is written down together with
 * what is doubted for it.
 */
static enum status
doubt(struct drain *drain, const struct push_error *errors, size_t count,
    bool nameless, struct diag *diag)
{
	struct hash list = hash_of(buf_str(&drain->response.body));
	bool full = count >= ERRORS_MAX, known = false, own;
	enum status status;

	if (!full && !nameless)
		return STATUS_OK;
	status = state_join(drain->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = seen_list_known(drain->state, list, &known, diag);
	if (status == STATUS_OK && full)
		status = doubt_overflow(drain, &errors[count - 1], known, diag);
	if (status == STATUS_OK && nameless && !known)
		status = doubt_nameless(drain, diag);
	status = state_leave(drain->state, own, status, diag);
	return status == STATUS_OK && nameless && !known
		   ? refuse_raise(drain, "push-unconfirmed", "errors",
			 STR("ometria"),
			 "Ometria lists push errors that name no record", diag)
		   : status;
}

static enum status
apply_errors(struct drain *drain, struct diag *diag)
{
	struct push_error *errors;
	bool nameless = false;
	size_t count;
	enum status status = errors_parse(buf_str(&drain->response.body),
	    &drain->arena, &errors, &count, diag);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (errors_is_nameless(&errors[i]))
			nameless = true;
		else
			status = apply_error(drain, &errors[i], diag);
	}
	return status == STATUS_OK ? doubt(drain, errors, count, nameless, diag)
				   : status;
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

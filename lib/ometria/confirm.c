#include "ometria/confirm.h"

#include "base/pause.h"
#include "ometria/errors.h"
#include "ometria/exchange.h"
#include "ometria/refuse.h"
#include "ometria/seen.h"

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
find_gap(struct drain *drain, const struct push_error *errors, size_t count,
    int64_t *gap, struct diag *diag)
{
	if (count < ERRORS_MAX)
		return STATUS_OK;
	return delivery_of_request(drain->state, errors[count - 1].request_id,
	    gap, diag);
}

/* *gap: the last delivery of which not all errors are known, 0 = none. */
static enum status
apply_errors(struct drain *drain, int64_t *gap, struct diag *diag)
{
	struct push_error *errors;
	size_t count, nameless = 0;
	enum status status = errors_parse(buf_str(&drain->response.body),
	    &drain->arena, &errors, &count, diag);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (errors[i].request_id.len == 0 ||
		    errors[i].record_id.len == 0 || !errors[i].has_kind)
			nameless++;
		else
			status = apply_error(drain, &errors[i], diag);
	}
	if (status == STATUS_OK)
		status = find_gap(drain, errors, count, gap, diag);
	if (status == STATUS_OK && nameless > 0)
		status = refuse_raise(drain, "push-unconfirmed", "errors",
		    STR("ometria"),
		    "Ometria lists push errors that name no record", diag);
	return status;
}

static bool
wait_settled(struct drain *drain)
{
	int64_t age =
	    drain->accepted_at == 0 ? 0 : instant_ticks() - drain->accepted_at;

	return pause_for(drain->settle - age, drain->stop);
}

enum status
confirm_run(struct drain *drain, struct diag *diag)
{
	bool waits = drain->input == NULL && drain->settle <= DRAIN_SETTLE_MAX;
	long code = 0;
	uint64_t confirmed, waiting;
	int64_t gap = 0;
	enum status status = delivery_unconfirmed(drain->state, &waiting, diag);

	drain->unpolled = false;
	if (status != STATUS_OK || waiting == 0)
		return status;
	if (waits && !wait_settled(drain))
		return STATUS_OK;
	status = exchange_get(drain, "/push/_errors", &code, diag);
	if (status != STATUS_OK || code == 0)
		return status;
	if (code != 200)
		return diag_set(diag, STATUS_PROTOCOL,
		    "unexpected answer at /push/_errors: HTTP status %ld",
		    code);
	status = apply_errors(drain, &gap, diag);
	if (status == STATUS_OK && gap != 0)
		status = delivery_doubt(drain->state, gap, diag);
	/* Having waited here, all of it is old enough whatever the clock says.
	 */
	if (status == STATUS_OK)
		status = delivery_confirm(drain->state,
		    waits ? 0 : drain->settle, gap, &confirmed, &waiting, diag);
	/* A service comes back for what was too young. */
	drain->unpolled = drain->input != NULL && waiting > 0;
	if (status == STATUS_OK && drain->confirm != DRAIN_CONFIRM_NONE)
		status = seen_run(drain, diag);
	return status == STATUS_OK ? refuse_heal(drain, diag) : status;
}

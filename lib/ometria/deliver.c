#include "ometria/deliver.h"

#include "ometria/exchange.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"

/* Whether the batch in flight may go out again as it is. */
static enum status
still_stands(struct drain *drain, int64_t batch, bool *stands,
    struct diag *diag)
{
	struct delivery_batch again;
	struct arena arena = ARENA_INIT;
	enum status status =
	    delivery_pending(drain->state, &arena, &again, stands, diag);

	if (status == STATUS_OK && *stands)
		*stands = again.id == batch;
	arena_free(&arena);
	return status;
}

/*
 * An event must not arrive twice: while it is unknown whether it did, Ometria
 * is asked first. Everything else may: it overwrites itself.
 */
static enum status
resolve_doubt(struct drain *drain, const struct delivery_batch *batch,
    struct push_answer *answer, struct diag *diag)
{
	bool there = false;
	enum status status = STATUS_OK;

	if (batch->kind == DESIRED_EVENT)
		status = lookup_events(drain, batch->bytes, &there, diag);
	if (there)
		*answer = (struct push_answer){ .verdict = PUSH_ACCEPTED };
	return status;
}

/* After a try that failed for the moment; *gone: the batch is not to be sent.
 */
static enum status
wait_again(struct drain *drain, const struct delivery_batch *batch,
    const char *why, bool *gone, struct diag *diag)
{
	bool stands = true;
	enum status status = exchange_back_off(drain, why, gone, diag);

	if (status != STATUS_OK || *gone)
		return status;
	status = still_stands(drain, batch->id, &stands, diag);
	*gone = !stands;
	return status;
}

/* The same bytes until there is an answer that is not "again". */
static enum status
transmit(struct drain *drain, const struct delivery_batch *batch, bool doubt,
    struct push_answer *answer, struct diag *diag)
{
	bool gone = false;
	enum status status = STATUS_OK;

	for (;;) {
		*answer = (struct push_answer){ .verdict = PUSH_AGAIN };
		if (doubt)
			status = resolve_doubt(drain, batch, answer, diag);
		if (status != STATUS_OK || answer->verdict == PUSH_ACCEPTED)
			return status;
		status = exchange_once(drain, "POST", "/push", batch->bytes,
		    &answer->verdict, answer->why, sizeof(answer->why), diag);
		if (status != STATUS_OK || answer->verdict == PUSH_ENDED)
			return status;
		drain->requests++;
		if (answer->verdict == PUSH_ACCEPTED)
			response_judge(&drain->response, batch->count, answer);
		if (answer->verdict != PUSH_AGAIN)
			break;
		doubt = doubt || drain->response.status != 429;
		status = wait_again(drain, batch, answer->why, &gone, diag);
		answer->verdict = PUSH_ENDED;
		if (status != STATUS_OK || gone)
			return status;
	}
	exchange_answered(drain);
	return STATUS_OK;
}

static enum status
note_accepted(struct drain *drain, const struct delivery_batch *batch,
    const struct push_answer *answer, struct diag *diag)
{
	enum status status = STATUS_OK;
	char number[32];
	struct str subject = str_of(answer->request_id);

	snprintf(number, sizeof(number), "%lld", (long long)batch->id);
	if (subject.len == 0)
		subject = str_of(number);
	if (answer->verdict == PUSH_UNCLEAR)
		status = refuse_raise(drain, "push-unconfirmed", "request",
		    subject, answer->why, diag);
	if (status == STATUS_OK)
		status = delivery_accepted(drain->state, batch->id,
		    str_of(answer->request_id), diag);
	if (status != STATUS_OK)
		return status;
	drain->records += batch->count;
	drain->accepted_at = instant_ticks();
	drain->unpolled = true;
	return STATUS_OK;
}

enum status
deliver_batch(struct drain *drain, const struct delivery_batch *batch,
    bool doubt, struct push_answer *answer, struct diag *diag)
{
	enum status status = transmit(drain, batch, doubt, answer, diag);

	if (status != STATUS_OK)
		return status;
	switch (answer->verdict) {
	case PUSH_ACCEPTED:
	case PUSH_UNCLEAR:
		return note_accepted(drain, batch, answer, diag);
	case PUSH_REFUSED:
		return STATUS_OK; /* the caller knows the rows */
	case PUSH_KEY:
		/* In flight it stays: it goes out when the key is mended. */
		return refuse_key(drain, answer->why, diag);
	case PUSH_PROTOCOL:
		return diag_set(diag, STATUS_PROTOCOL,
		    "unexpected answer to a push: %s; is the address right?",
		    answer->why);
	case PUSH_AGAIN:
	case PUSH_ENDED:
		break;
	}
	return STATUS_OK;
}

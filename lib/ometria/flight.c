#include "ometria/flight.h"

#include "base/limits.h"
#include "ometria/exchange.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"
#include "state/seen.h"

/* Write the intent of some parcels; they are ready then. */
static enum status
intend(struct drain *drain, struct flight *flight, size_t from, size_t count,
    struct diag *diag)
{
	struct outbox_row *rows =
	    arena_array(&flight->arena, count, sizeof(*rows));
	enum status status;

	for (size_t i = 0; i < count; i++)
		rows[i] = flight->parcels.list[from + i].row;
	parcels_join(&flight->parcels, from, count, &flight->bytes);
	flight->from = from;
	flight->count = count;
	flight->batch = (struct delivery_batch){
		.kind = rows[0].kind,
		.bytes = buf_str(&flight->bytes),
		.count = count,
	};
	status = delivery_intend(drain->state, rows, count, flight->batch.bytes,
	    &flight->batch.id, diag);
	flight->state = status == STATUS_OK ? FLIGHT_READY : FLIGHT_FREE;
	flight->doubt = false;
	flight->asked = false;
	return status;
}

enum status
flight_pack(struct drain *drain, struct flight *flight,
    const struct outbox_row *rows, size_t count, struct diag *diag)
{
	enum status status = parcels_pack(drain, &flight->parcels,
	    &flight->arena, rows, count, diag);

	flight->rest = 0;
	flight->searching = false;
	if (status == STATUS_OK && flight->parcels.count > 0)
		status = intend(drain, flight, 0, flight->parcels.count, diag);
	return status;
}

enum status
flight_resume(struct drain *drain, struct flight *flight, int64_t *after,
    bool *found, struct diag *diag)
{
	enum status status;

	arena_reset(&flight->arena);
	flight->parcels.count = 0;
	flight->rest = 0;
	flight->searching = false;
	status = delivery_pending(drain->state, &flight->arena, *after,
	    &flight->batch, found, diag);
	if (status != STATUS_OK || !*found)
		return status;
	*after = flight->batch.id;
	flight->count = flight->batch.count;
	flight->state = FLIGHT_READY;
	flight->doubt = true;
	flight->asked = false;
	return STATUS_OK;
}

/* An answer that does not add up leaves it in doubt what was accepted. */
static enum status
write_accepted(struct drain *drain, const struct delivery_batch *batch,
    const struct push_answer *answer, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	status = delivery_accepted(drain->state, batch->id,
	    str_of(answer->request_id), diag);
	if (status == STATUS_OK && answer->verdict == PUSH_UNCLEAR)
		status = seen_doubt(drain->state, SEEN_DOUBT_UNTOLD, batch->id,
		    batch->id, diag);
	return state_leave(drain->state, own, status, diag);
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
		status = write_accepted(drain, batch, answer, diag);
	if (status != STATUS_OK)
		return status;
	drain->records += batch->count;
	drain->accepted_at = instant_ticks();
	drain->unpolled = true;
	return STATUS_OK;
}

/*
 * Half of so many parcels is sent next; they hold a refused one. Ometria may
 * have kept a batch that it refused: events are looked for before they leave.
 */
static enum status
search(struct drain *drain, struct flight *flight, size_t from, size_t count,
    struct diag *diag)
{
	size_t half = count > 1 ? count / 2 : 1;
	enum status status;

	flight->searching = true;
	status = intend(drain, flight, from, half, diag);
	flight->doubt = flight->batch.kind == DESIRED_EVENT;
	flight->rest = count - half;
	/* A row changed: the outbox gives them all again. */
	return status == STATUS_TRY_AGAIN ? STATUS_OK : status;
}

static enum status
land_accepted(struct drain *drain, struct flight *flight,
    const struct push_answer *answer, struct diag *diag)
{
	size_t from = flight->from + flight->count;
	enum status status = note_accepted(drain, &flight->batch, answer, diag);

	flight->state = FLIGHT_FREE;
	if (status == STATUS_OK && flight->rest > 0)
		status = search(drain, flight, from, flight->rest, diag);
	return status;
}

static enum status
land_refused(struct drain *drain, struct flight *flight, const char *why,
    struct diag *diag)
{
	const struct outbox_row *row = &flight->parcels.list[flight->from].row;
	enum status status;

	flight->state = FLIGHT_FREE;
	if (flight->parcels.count > 0 && flight->count == 1) {
		struct refusal refusal = { row->kind, row->id, row->rev,
			row->customer, false, why };

		return refuse_record(drain, &refusal, diag);
	}
	status = delivery_returned(drain->state, flight->batch.id, 0,
	    str_of(why), diag);
	/* One of an earlier run comes again by the outbox, as rows. */
	if (status == STATUS_OK && flight->parcels.count > 0)
		status =
		    search(drain, flight, flight->from, flight->count, diag);
	return status;
}

/* It failed for the moment. The same bytes go again, unless a member has
 * changed since. */
static enum status
land_again(struct drain *drain, struct flight *flight, const char *why,
    struct diag *diag)
{
	bool stands = false;
	enum status status =
	    delivery_stands(drain->state, flight->batch.id, &stands, diag);

	if (flight->call.outcome.status != STATUS_OK ||
	    flight->call.response.status != 429)
		flight->doubt = true;
	flight->state = stands ? FLIGHT_READY : FLIGHT_FREE;
	return status == STATUS_OK
		   ? exchange_failed(drain, flight->call.response.retry_after,
			 why, diag)
		   : status;
}

/* What the transport says, or what Ometria says. */
static enum status
judge(const struct flight *flight, struct push_answer *answer,
    struct diag *diag)
{
	const struct diag *outcome = &flight->call.outcome;

	*answer = (struct push_answer){ .verdict = PUSH_AGAIN };
	if (outcome->status == STATUS_OK) {
		response_judge(&flight->call.response, flight->batch.count,
		    answer);
	} else if (outcome->status == STATUS_UNAVAILABLE) {
		snprintf(answer->why, sizeof(answer->why), "%.*s",
		    (int)sizeof(answer->why) - 1, outcome->message);
	} else {
		*diag = *outcome;
		return outcome->status;
	}
	return STATUS_OK;
}

bool
flight_accepted(const struct flight *flight)
{
	struct push_answer answer;
	struct diag unused;

	return flight->rest == 0 &&
	       judge(flight, &answer, &unused) == STATUS_OK &&
	       answer.verdict == PUSH_ACCEPTED;
}

enum status
flight_land(struct drain *drain, struct flight *flight, struct diag *diag)
{
	struct push_answer answer;
	enum status status = judge(flight, &answer, diag);

	flight->landing = false;
	if (status != STATUS_OK) {
		flight->state = FLIGHT_FREE; /* the intent stays */
		return status;
	}
	if (answer.verdict != PUSH_AGAIN)
		exchange_answered(drain, &flight->call.response);
	switch (answer.verdict) {
	case PUSH_ACCEPTED:
	case PUSH_UNCLEAR:
		return land_accepted(drain, flight, &answer, diag);
	case PUSH_REFUSED:
		return land_refused(drain, flight, answer.why, diag);
	case PUSH_KEY:
		/* In flight it stays: it goes out when the key is mended. */
		flight->state = FLIGHT_FREE;
		return refuse_key(drain, answer.why, diag);
	case PUSH_PROTOCOL:
		flight->state = FLIGHT_FREE;
		return diag_set(diag, STATUS_PROTOCOL,
		    "unexpected answer to a push: %s; is the address right?",
		    answer.why);
	case PUSH_AGAIN:
	case PUSH_ENDED:
		break;
	}
	return land_again(drain, flight, answer.why, diag);
}

/*
 * An event must not arrive twice: while it is unknown whether it did, Ometria
 * is asked first. Everything else may: it overwrites itself.
 */
enum status
flight_ask(struct drain *drain, struct flight *flight, bool *may,
    struct diag *diag)
{
	struct push_answer answer = { .verdict = PUSH_ACCEPTED };
	enum lookup found;
	enum status status;

	/* The refused one of them may not be there: all are read back. */
	if (flight->searching)
		answer = (struct push_answer){ PUSH_UNCLEAR, "",
			"events of a batch that was refused are there" };
	*may = !flight->doubt || flight->asked || drain->rehearsal ||
	       flight->batch.kind != DESIRED_EVENT;
	if (*may)
		return STATUS_OK;
	status = lookup_batch(drain, flight->batch.bytes, &found, diag);
	*may = status == STATUS_OK && found == LOOKUP_ABSENT;
	flight->asked = *may;
	return status == STATUS_OK && found == LOOKUP_THERE
		   ? land_accepted(drain, flight, &answer, diag)
		   : status;
}

void
flight_start(struct drain *drain, struct flight *flight)
{
	flight->asked = false;
	flight->call.method = "POST";
	flight->call.path = "/push";
	flight->call.body = flight->batch.bytes;
	flight->state = FLIGHT_OUT;
	drain->requests++;
	drain->transport.start(drain->transport.user, &flight->call);
}

enum status
flight_cancel(struct drain *drain, struct flight *flight, struct diag *diag)
{
	flight->state = FLIGHT_FREE;
	if (flight->doubt)
		return STATUS_OK; /* it may have arrived: the intent stays */
	return delivery_returned(drain->state, flight->batch.id, 0, STR_NONE,
	    diag);
}

void
flight_free(struct flight *flight)
{
	arena_free(&flight->arena);
	buf_free(&flight->parcels.bytes);
	buf_free(&flight->bytes);
	response_free(&flight->call.response);
}

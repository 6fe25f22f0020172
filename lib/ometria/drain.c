#include "ometria/drain.h"

#include "base/limits.h"
#include "ometria/confirm.h"
#include "ometria/exchange.h"
#include "ometria/traffic.h"
#include "state/backup.h"
#include "state/deadline.h"
#include "state/hold.h"
#include "state/seen.h"

/* How often a service looks at what time and other processes change. */
#define LOOK_MS 1000
#define DEADLINES_MS 60000
/* Of what is old, between two looks: records go on leaving meanwhile. */
#define FORGET_STEPS 5

/* The last one is for questions: exchange.h. */
_Static_assert(CLIENT_CALLS > 1, "a place for a batch and one for a question");

static enum status
take_input(struct drain *drain, struct diag *diag)
{
	struct drain_input *input = drain->input;
	bool ended = false;
	enum status status;

	if (input == NULL)
		return STATUS_OK;
	status = input->take(drain->user, &input->more, &ended, diag);
	drain->dry = false;
	if (ended)
		drain->input = NULL;
	return status;
}

/* Once a second: what others committed and what the time let go. */
static bool
is_due(struct drain *drain)
{
	struct drain_input *input = drain->input;
	int64_t now = instant_ticks();

	if (input == NULL || now - input->looked < LOOK_MS)
		return false;
	input->looked = now;
	return true;
}

/*
 * Send and land until nothing is sendable and all is answered, or, following,
 * until it is time to look about.
 */
static enum status
fly(struct drain *drain, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (;;) {
		int64_t turn = 0;

		if (drain->tick != NULL)
			drain->tick(drain->user);
		status = take_input(drain, diag);
		if (status == STATUS_OK && !drain->stop())
			status = traffic_step(drain, &turn, diag);
		if (status != STATUS_OK || drain->stop() || is_due(drain))
			return status;
		if (traffic_count(drain, FLIGHT_FREE) == drain->flight_count &&
		    drain->dry && drain->input == NULL)
			return STATUS_OK;
		traffic_wait(drain, turn);
	}
}

/* A service: what was accepted long enough ago, and what is overdue. What is
 * still unconfirmed is asked about ever less. */
static enum status
look_at_time(struct drain *drain, struct diag *diag)
{
	struct drain_input *input = drain->input;
	int64_t now = instant_ticks();
	enum status status = STATUS_OK;

	if (input->deadlines == 0 || now - input->deadlines >= DEADLINES_MS) {
		input->deadlines = now;
		status = deadline_pass(drain->state, instant_now(), diag);
		input->forgets = retain_forgets(&drain->retain);
	}
	if (status == STATUS_OK && input->forgets)
		status = retain_pass(drain->state, &drain->retain, FORGET_STEPS,
		    &input->forgets, diag);
	/* What an earlier run left is as new as this one. */
	if (drain->accepted_at == 0)
		drain->accepted_at = now;
	if (status == STATUS_OK && drain->unpolled &&
	    now - input->polled >= drain->settle &&
	    (now - input->polled) * 4 >= now - drain->accepted_at) {
		input->polled = now;
		status = confirm_run(drain, diag);
	}
	return status == STATUS_OK && drain->look != NULL
		   ? drain->look(drain->user, diag)
		   : status;
}

/* What holds, the error list and the clock have to say. */
static enum status
look_about(struct drain *drain, bool *over, struct diag *diag)
{
	uint64_t lifted = 0;
	enum status status = hold_lift(drain->state, &lifted, diag);

	drain->dry = false;
	*over = false;
	if (status != STATUS_OK || lifted > 0 || drain->rehearsal) {
		*over = lifted == 0;
		return status;
	}
	if (drain->input != NULL)
		return look_at_time(drain, diag);
	*over = !drain->unpolled;
	/* Confirming may let go more: the outbox is asked again. */
	return *over ? STATUS_OK : confirm_run(drain, diag);
}

/* What an earlier run left without an answer comes first. */
static enum status
resume(struct drain *drain, struct diag *diag)
{
	int64_t after = 0;
	bool found = true;
	enum status status = STATUS_OK;

	drain->shut = true;
	while (found && status == STATUS_OK && !drain->stop()) {
		for (size_t i = 0;
		     i < drain->flight_count && found && status == STATUS_OK;
		     i++)
			status = flight_resume(drain, &drain->flights[i],
			    &after, &found, diag);
		while (
		    status == STATUS_OK && !drain->stop() &&
		    traffic_count(drain, FLIGHT_FREE) < drain->flight_count) {
			int64_t turn = 0;

			status = traffic_step(drain, &turn, diag);
			if (status == STATUS_OK)
				traffic_wait(drain, turn);
		}
	}
	drain->shut = false;
	return status;
}

/* Those that are out are let finish; those that are not are given back. */
static enum status
come_down(struct drain *drain, enum status status, struct diag *diag)
{
	struct diag other;
	enum status landed = STATUS_OK;

	drain->shut = true;
	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].state == FLIGHT_READY)
			landed =
			    flight_cancel(drain, &drain->flights[i], &other);
	while (traffic_count(drain, FLIGHT_OUT) > 0) {
		for (size_t i = 0; i < drain->flight_count; i++) {
			struct flight *flight = &drain->flights[i];

			if (flight->state != FLIGHT_OUT || !flight->call.done)
				continue;
			landed = flight_land(drain, flight, &other);
			if (flight->state == FLIGHT_READY)
				flight_cancel(drain, flight, &other);
		}
		if (traffic_count(drain, FLIGHT_OUT) > 0)
			traffic_wait(drain, 0);
	}
	if (status == STATUS_OK && landed != STATUS_OK && !drain->stop())
		*diag = other;
	return status == STATUS_OK && !drain->stop() ? landed : status;
}

static enum status
drain_all(struct drain *drain, struct diag *diag)
{
	bool over = false;
	enum status status = resume(drain, diag);

	drain->unpolled = !drain->rehearsal;
	while (status == STATUS_OK && !over && !drain->stop()) {
		status = fly(drain, diag);
		if (status == STATUS_OK && !drain->stop())
			status = look_about(drain, &over, diag);
	}
	return come_down(drain, status, diag);
}

enum status
drain_run(struct drain *drain, struct diag *diag)
{
	enum status status;

	if (drain->batch == 0 || drain->batch > OMETRIA_BATCH)
		drain->batch = OMETRIA_BATCH;
	drain->doc = (struct json_doc)JSON_DOC_INIT;
	drain->flight_count = drain->connections;
	if (drain->transport.wait == NULL)
		drain->flight_count = 1;
	else if (drain->connections == 0 || drain->connections >= CLIENT_CALLS)
		drain->flight_count = CLIENT_CALLS - 1;
	drain->flights = mem_zero(drain->flight_count, sizeof(*drain->flights));
	status = drain->rehearsal
		     ? STATUS_OK
		     : seen_want_all(drain->state,
			   drain->confirm == DRAIN_CONFIRM_ALL, diag);
	if (status == STATUS_OK)
		status = backup_restored(drain->state, &drain->restored, diag);
	if (status == STATUS_OK && !drain->rehearsal)
		status = exchange_resume(drain, true, diag);
	if (status == STATUS_OK) {
		struct diag other;
		enum status kept;

		status = drain_all(drain, diag);
		kept =
		    exchange_keep(drain, status == STATUS_OK ? diag : &other);
		status = status == STATUS_OK ? kept : status;
	}
	for (size_t i = 0; i < drain->flight_count; i++)
		flight_free(&drain->flights[i]);
	free(drain->flights);
	drain->flights = NULL;
	drain->flight_count = 0;
	arena_free(&drain->arena);
	json_doc_free(&drain->doc);
	for (size_t i = 0; i < DESIRED_KIND_COUNT; i++)
		buf_free(&drain->seen_after[i]);
	response_free(&drain->response);
	return status;
}

#include "ometria/drain.h"

#include "base/limits.h"
#include "ometria/confirm.h"
#include "ometria/exchange.h"
#include "ometria/flight.h"
#include "state/backup.h"
#include "state/deadline.h"
#include "state/hold.h"
#include "state/seen.h"

/* A row may change between asking and intending; not for ever. */
#define CHANGES_MAX 20
/* Bytes of batches in memory at which no further one is packed. */
#define BYTES_MAX (4 << 20)
/* More contacts than that do not enter an automation at once, and are dropped
 * (Data API, "Timestamps for custom events"); there is one type of event. */
#define EVENTS_MAX 1000
#define EVENTS_WINDOW 300 /* seconds */
/* How often a service looks at what time and other processes change. */
#define LOOK_MS 1000
#define DEADLINES_MS 60000

/* The last one is for questions: exchange.h. */
_Static_assert(CLIENT_CALLS > 1, "a place for a batch and one for a question");

static size_t
count_state(const struct drain *drain, enum flight_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < drain->flight_count; i++)
		count += drain->flights[i].state == state;
	return count;
}

/* Whether another batch may be asked for. While a refused record is looked
 * for, its neighbours that went back are not to leave beside it. */
static bool
has_room(const struct drain *drain)
{
	size_t bytes = 0;

	for (size_t i = 0; i < drain->flight_count; i++) {
		const struct flight *flight = &drain->flights[i];

		if (flight->state == FLIGHT_FREE)
			continue;
		if (flight->searching)
			return false;
		bytes += flight->batch.bytes.len;
	}
	return bytes < BYTES_MAX;
}

/* Whether these wait for more to come. */
static bool
lingers(struct drain *drain, const struct outbox_row *rows, size_t count)
{
	struct drain_input *input = drain->input;
	int64_t now = instant_ticks();

	if (input == NULL)
		return false;
	if (count == drain->batch || rows[0].lane == LANE_URGENT ||
	    (input->lingers != 0 && now >= input->lingers)) {
		input->lingers = 0;
		return false;
	}
	if (input->lingers == 0)
		input->lingers = now + input->linger;
	return true;
}

/* So many events may leave now: Ometria lets no more in at once. */
static enum status
pace_events(struct drain *drain, size_t *count, bool *found, struct diag *diag)
{
	uint64_t sent;
	enum status status = delivery_since(drain->state, DESIRED_EVENT,
	    instant_now() - EVENTS_WINDOW, &sent, diag);

	if (status != STATUS_OK)
		return status;
	if (sent + *count > EVENTS_MAX)
		*count = sent < EVENTS_MAX ? (size_t)(EVENTS_MAX - sent) : 0;
	*found = *count > 0;
	return STATUS_OK;
}

/* A free one gets the next batch; *found false when there is none now. */
static enum status
load(struct drain *drain, struct flight *flight, bool *found, struct diag *diag)
{
	struct outbox_row rows[OMETRIA_BATCH];
	enum desired_kind kind;
	size_t count = 0;
	enum status status;

	arena_reset(&flight->arena);
	status = outbox_batch(drain->state, &flight->arena, drain->batch,
	    drain->contacts_first, rows, &count, &kind, diag);
	*found =
	    status == STATUS_OK && count > 0 && !lingers(drain, rows, count);
	if (*found && kind == DESIRED_EVENT)
		status = pace_events(drain, &count, found, diag);
	if (status != STATUS_OK || !*found)
		return status;
	drain->contacts_first = kind != DESIRED_CONTACT;
	return flight_pack(drain, flight, rows, count, diag);
}

/* One that is ready leaves when its turn has come, else *wait says when. */
static enum status
launch(struct drain *drain, struct flight *flight, int64_t *wait,
    struct diag *diag)
{
	enum status status = exchange_turn(drain, wait, diag);

	if (status != STATUS_OK || *wait > 0)
		return status;
	flight->counted = drain->limiter->last;
	return flight_start(drain, flight, diag);
}

static enum status
launch_ready(struct drain *drain, int64_t *wait, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < drain->flight_count && status == STATUS_OK && *wait == 0; i++)
		if (drain->flights[i].state == FLIGHT_READY)
			status = launch(drain, &drain->flights[i], wait, diag);
	return status;
}

static struct flight *
find_free(struct drain *drain)
{
	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].state == FLIGHT_FREE)
			return &drain->flights[i];
	return NULL;
}

/* Load one; what changed meanwhile is asked for again. */
static enum status
load_next(struct drain *drain, struct flight *flight, struct diag *diag)
{
	unsigned changes = 0;
	bool found = true;
	enum status status;

	do {
		status = load(drain, flight, &found, diag);
	} while (status == STATUS_TRY_AGAIN && ++changes < CHANGES_MAX);
	drain->dry = !found;
	return status;
}

/*
 * Send while there is room, something to send, and the rate allows it. A batch
 * is packed when it can leave, so that what is more urgent never waits behind
 * more than one. *wait: milliseconds until it may, 0 = none is ready.
 */
static enum status
send_all(struct drain *drain, int64_t *wait, struct diag *diag)
{
	const struct drain_input *input = drain->input;
	enum status status = launch_ready(drain, wait, diag);
	struct flight *flight;

	if (input != NULL && input->lingers != 0 &&
	    instant_ticks() >= input->lingers)
		drain->dry = false;
	while (status == STATUS_OK && *wait == 0 && !drain->dry &&
	       !drain->stop() && has_room(drain) &&
	       (flight = find_free(drain)) != NULL) {
		status = load_next(drain, flight, diag);
		if (status == STATUS_OK && flight->state == FLIGHT_READY)
			status = launch(drain, flight, wait, diag);
	}
	return status;
}

/* Deal with every answer that has come. */
static enum status
land_all(struct drain *drain, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < drain->flight_count && status == STATUS_OK;
	     i++) {
		struct flight *flight = &drain->flights[i];

		if (flight->state != FLIGHT_OUT)
			continue;
		status =
		    exchange_left(drain, &flight->counted, &flight->call, diag);
		if (status == STATUS_OK && flight->call.done) {
			drain->dry = false;
			status = flight_land(drain, flight, diag);
		}
	}
	return status;
}

static bool
has_answer(const struct drain *drain)
{
	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].state == FLIGHT_OUT &&
		    drain->flights[i].call.done)
			return true;
	return false;
}

/* Until something is to be done: an answer, input, a turn, the time. */
static void
wait_for(struct drain *drain, int64_t turn)
{
	const struct drain_input *input = drain->input;
	int64_t begin = instant_ticks(), wait = LOOK_MS;
	bool out = count_state(drain, FLIGHT_OUT) > 0;

	if (has_answer(drain))
		return;
	if (turn > 0 && turn < wait)
		wait = turn;
	if (input != NULL && input->lingers != 0 &&
	    input->lingers - begin < wait)
		wait = input->lingers > begin ? input->lingers - begin : 0;
	if (input != NULL && input->more)
		wait = 0;
	if (drain->transport.wait == NULL)
		exchange_pause(drain, wait);
	else
		drain->transport.wait(drain->transport.user,
		    input != NULL ? input->fd : -1, wait);
	if (turn > 0)
		drain->wait_rate += instant_ticks() - begin;
	else if (out)
		drain->wait_network += instant_ticks() - begin;
}

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
		status = land_all(drain, diag);
		if (status == STATUS_OK && !drain->stop())
			status = take_input(drain, diag);
		if (status == STATUS_OK && !drain->stop())
			status = send_all(drain, &turn, diag);
		if (status != STATUS_OK || drain->stop() || is_due(drain))
			return status;
		if (count_state(drain, FLIGHT_FREE) == drain->flight_count &&
		    drain->dry && drain->input == NULL)
			return STATUS_OK;
		wait_for(drain, turn);
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
	}
	/* What an earlier run left is as new as this one. */
	if (drain->accepted_at == 0)
		drain->accepted_at = now;
	if (status != STATUS_OK || !drain->unpolled ||
	    now - input->polled < drain->settle ||
	    (now - input->polled) * 4 < now - drain->accepted_at)
		return status;
	input->polled = now;
	return confirm_run(drain, diag);
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

	while (found && status == STATUS_OK && !drain->stop()) {
		for (size_t i = 0;
		     i < drain->flight_count && found && status == STATUS_OK;
		     i++)
			status = flight_resume(drain, &drain->flights[i],
			    &after, &found, diag);
		drain->dry = true;
		while (status == STATUS_OK && !drain->stop() &&
		       count_state(drain, FLIGHT_FREE) < drain->flight_count) {
			int64_t turn = 0;

			status = send_all(drain, &turn, diag);
			if (status == STATUS_OK)
				wait_for(drain, turn);
			if (status == STATUS_OK)
				status = land_all(drain, diag);
			drain->dry = true;
		}
	}
	drain->dry = false;
	return status;
}

/* Those that are out are let finish; those that are not are given back. */
static enum status
come_down(struct drain *drain, enum status status, struct diag *diag)
{
	struct diag other;
	enum status landed = STATUS_OK;

	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].state == FLIGHT_READY)
			landed =
			    flight_cancel(drain, &drain->flights[i], &other);
	while (count_state(drain, FLIGHT_OUT) > 0) {
		for (size_t i = 0; i < drain->flight_count; i++) {
			struct flight *flight = &drain->flights[i];

			if (flight->state != FLIGHT_OUT || !flight->call.done)
				continue;
			landed = flight_land(drain, flight, &other);
			if (flight->state == FLIGHT_READY)
				flight_cancel(drain, flight, &other);
		}
		if (count_state(drain, FLIGHT_OUT) > 0)
			wait_for(drain, 0);
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

static const enum seen_want wants[] = {
	[DRAIN_CONFIRM_NONE] = SEEN_WANT_NONE,
	[DRAIN_CONFIRM_SAMPLE] = SEEN_WANT_CONTACTS,
	[DRAIN_CONFIRM_ALL] = SEEN_WANT_ALL,
};

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
		     : seen_want(drain->state, wants[drain->confirm], diag);
	if (status == STATUS_OK)
		status = backup_restored(drain->state, &drain->restored, diag);
	if (status == STATUS_OK)
		status = drain_all(drain, diag);
	for (size_t i = 0; i < drain->flight_count; i++)
		flight_free(&drain->flights[i]);
	free(drain->flights);
	drain->flights = NULL;
	arena_free(&drain->arena);
	json_doc_free(&drain->doc);
	for (size_t i = 0; i < DESIRED_KIND_COUNT; i++)
		buf_free(&drain->seen_after[i]);
	response_free(&drain->response);
	return status;
}

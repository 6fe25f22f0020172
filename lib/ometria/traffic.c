#include "ometria/traffic.h"

#include "base/limits.h"
#include "ometria/exchange.h"

/* A row may change between asking and intending; not for ever. */
#define CHANGES_MAX 20
/* Bytes of batches in memory at which no further one is packed. */
#define BYTES_MAX (4 << 20)
/* More contacts than that do not enter an automation at once, and are dropped
 * (Data API, "Timestamps for custom events"); there is one type of event. */
#define EVENTS_MAX 1000
#define EVENTS_WINDOW 300 /* seconds */
/* Batches that one transaction loads when no limit tells when they may leave:
 * a disk takes as long for one as for some. */
#define UNLIMITED_LOADS 4
/* A wait looks so often at what else there is. */
#define LOOK_MS 1000

size_t
traffic_count(const struct drain *drain, enum flight_state state)
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

/* Milliseconds until the last request is so old that one more is no more than
 * an even share of the rate; 0 = it is. */
static int64_t
share_left(const struct drain *drain)
{
	const struct limiter *limiter = drain->limiter;
	int64_t left;

	if (limiter->rate == 0 || limiter->last == 0)
		return 0;
	left = limiter->last + limiter->window / (int64_t)limiter->rate -
	       limiter_clock();
	return left > 0 ? left : 0;
}

/*
 * Whether these wait for more to come. What is urgent waits for its share of
 * the rate alone: single records, each at once, would spend the whole of it,
 * and the next one would wait for a second.
 */
static bool
lingers(struct drain *drain, const struct outbox_row *rows, size_t count)
{
	struct drain_input *input = drain->input;
	int64_t now = instant_ticks(), wait = share_left(drain);
	bool urgent = rows[0].lane == LANE_URGENT;

	if (input == NULL)
		return false;
	if (count == drain->batch || (urgent && wait == 0) ||
	    (input->lingers != 0 && now >= input->lingers)) {
		input->lingers = 0;
		return false;
	}
	if (!urgent && wait < input->linger)
		wait = input->linger;
	if (input->lingers == 0 || (urgent && now + wait < input->lingers))
		input->lingers = now + wait;
	return true;
}

/* So many events may leave now: Ometria lets no more in at once. That none may
 * is not asked again at each batch. */
static enum status
pace_events(struct drain *drain, size_t *count, struct diag *diag)
{
	uint64_t sent;
	enum status status = delivery_since(drain->state, DESIRED_EVENT,
	    instant_now() - EVENTS_WINDOW, &sent, diag);

	if (status != STATUS_OK)
		return status;
	if (sent + *count > EVENTS_MAX)
		*count = sent < EVENTS_MAX ? (size_t)(EVENTS_MAX - sent) : 0;
	if (*count == 0)
		drain->paced_until = instant_ticks() + LOOK_MS;
	return STATUS_OK;
}

/* The rows of the next batch. Events that have to wait are no reason for what
 * stands behind them to wait as well. */
static enum status
pick(struct drain *drain, struct arena *arena, struct outbox_row *rows,
    size_t *count, enum desired_kind *kind, struct diag *diag)
{
	struct outbox_want want = {
		.max = drain->batch,
		.no_events = instant_ticks() < drain->paced_until,
		.contacts_first = drain->contacts_first,
	};
	enum status status =
	    outbox_batch(drain->state, arena, &want, rows, count, kind, diag);

	if (status != STATUS_OK || *count == 0 || *kind != DESIRED_EVENT)
		return status;
	status = pace_events(drain, count, diag);
	if (status != STATUS_OK || *count > 0)
		return status;
	want.no_events = true;
	return outbox_batch(drain->state, arena, &want, rows, count, kind,
	    diag);
}

/* Where another batch may go now; NULL = none may be asked for. */
static struct flight *
find_place(struct drain *drain)
{
	if (drain->shut || drain->dry || drain->stop() || !has_room(drain))
		return NULL;
	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].state == FLIGHT_FREE)
			return &drain->flights[i];
	return NULL;
}

/* The next batch into a free one, or nothing when there is none now. Events may
 * have to be asked about, which takes the network: *left unless `events`. */
static enum status
load(struct drain *drain, struct flight *flight, bool events, bool *left,
    struct diag *diag)
{
	struct outbox_row rows[OMETRIA_BATCH];
	enum desired_kind kind;
	size_t count = 0;
	bool found;
	enum status status;

	arena_reset(&flight->arena);
	status = pick(drain, &flight->arena, rows, &count, &kind, diag);
	/* What was left out has lingered. */
	found = status == STATUS_OK && count > 0 &&
		(events || !lingers(drain, rows, count));
	*left = found && kind == DESIRED_EVENT && !events;
	if (*left)
		return STATUS_OK;
	drain->dry = !found;
	if (status != STATUS_OK || !found)
		return status;
	drain->contacts_first = kind != DESIRED_CONTACT;
	return flight_pack(drain, flight, rows, count, diag);
}

/* What changed meanwhile is asked for again. */
static enum status
load_events(struct drain *drain, struct flight *flight, struct diag *diag)
{
	unsigned changes = 0;
	bool left;
	enum status status;

	do {
		status = load(drain, flight, true, &left, diag);
	} while (status == STATUS_TRY_AGAIN && ++changes < CHANGES_MAX);
	return status;
}

/* One that is ready leaves when its turn has come, else *wait says when. */
static enum status
launch(struct drain *drain, struct flight *flight, int64_t *wait,
    struct diag *diag)
{
	bool may;
	enum status status;

	*wait = exchange_paused(drain);
	if (*wait > 0)
		return STATUS_OK;
	status = flight_ask(drain, flight, &may, diag);
	if (status != STATUS_OK || !may)
		return status;
	status = exchange_turn(drain, wait, diag);
	if (status != STATUS_OK || *wait > 0)
		return status;
	flight->counted = drain->limiter->last;
	flight_start(drain, flight);
	return STATUS_OK;
}

/* An order names products: it waits for those that came before it. What its
 * contact and its events wait for stands in the outbox. */
static bool
follows_products(const struct drain *drain, const struct flight *flight)
{
	if (flight->batch.kind != DESIRED_ORDER)
		return false;
	for (size_t i = 0; i < drain->flight_count; i++) {
		const struct flight *other = &drain->flights[i];

		if (other->state != FLIGHT_FREE &&
		    other->batch.kind == DESIRED_PRODUCT &&
		    (other->searching || other->batch.id < flight->batch.id))
			return true;
	}
	return false;
}

static enum status
launch_ready(struct drain *drain, int64_t *wait, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < drain->flight_count && status == STATUS_OK && *wait == 0;
	     i++) {
		struct flight *flight = &drain->flights[i];

		if (flight->state == FLIGHT_READY &&
		    !follows_products(drain, flight))
			status = launch(drain, flight, wait, diag);
	}
	return status;
}

/* Deal with every answer that has come, but for those that go into the next
 * transaction. */
static enum status
land_others(struct drain *drain, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < drain->flight_count && status == STATUS_OK;
	     i++) {
		struct flight *flight = &drain->flights[i];

		if (flight->state != FLIGHT_OUT)
			continue;
		status =
		    exchange_left(drain, &flight->counted, &flight->call, diag);
		if (status != STATUS_OK || !flight->call.done)
			continue;
		drain->dry = false;
		flight->landing = flight_accepted(flight);
		if (!flight->landing)
			status = flight_land(drain, flight, diag);
	}
	return status;
}

static enum status
land_accepted(struct drain *drain, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < drain->flight_count && status == STATUS_OK; i++)
		if (drain->flights[i].landing)
			status = flight_land(drain, &drain->flights[i], diag);
	return status;
}

static bool
has_landing(const struct drain *drain)
{
	for (size_t i = 0; i < drain->flight_count; i++)
		if (drain->flights[i].landing)
			return true;
	return false;
}

/*
 * The next batches; *events: the next one is of events and was left out. What
 * cannot be sent is refused behind this transaction: the outbox would give it
 * to the next batch as well.
 */
static enum status
load_all(struct drain *drain, bool *events, struct diag *diag)
{
	size_t most = drain->limiter->rate == 0 ? UNLIMITED_LOADS : 1;
	struct flight *flight;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < most && status == STATUS_OK && !*events &&
			   (flight = find_place(drain)) != NULL;
	     i++) {
		status = load(drain, flight, false, events, diag);
		if (flight->parcels.refused_count > 0)
			break;
	}
	return status;
}

/*
 * What was accepted and what leaves next, in one transaction: however many
 * answers have come, they cost no more than the intent that is due.
 */
static enum status
write_both(struct drain *drain, bool may_load, bool *events, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	status = land_accepted(drain, diag);
	if (status == STATUS_OK && may_load)
		status = load_all(drain, events, diag);
	return state_leave(drain->state, own, status, diag);
}

static enum status
refuse_all(struct drain *drain, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < drain->flight_count && status == STATUS_OK; i++)
		status =
		    parcels_refuse(drain, &drain->flights[i].parcels, diag);
	return status;
}

enum status
traffic_step(struct drain *drain, int64_t *wait, struct diag *diag)
{
	const struct drain_input *input = drain->input;
	bool events = false;
	enum status status = land_others(drain, diag);

	*wait = 0;
	if (status == STATUS_OK)
		status = launch_ready(drain, wait, diag);
	if (input != NULL && input->lingers != 0 &&
	    instant_ticks() >= input->lingers)
		drain->dry = false;
	if (status != STATUS_OK ||
	    (!has_landing(drain) && (*wait > 0 || find_place(drain) == NULL)))
		return status;
	status = write_both(drain, *wait == 0, &events, diag);
	if (status == STATUS_OK && events)
		status = load_events(drain, find_place(drain), diag);
	if (status == STATUS_OK)
		status = refuse_all(drain, diag);
	return status == STATUS_OK && *wait == 0
		   ? launch_ready(drain, wait, diag)
		   : status;
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

void
traffic_wait(struct drain *drain, int64_t turn)
{
	const struct drain_input *input = drain->input;
	int64_t begin = instant_ticks(), wait = LOOK_MS;
	bool out = traffic_count(drain, FLIGHT_OUT) > 0;

	if (has_answer(drain) || (turn == 0 && find_place(drain) != NULL))
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

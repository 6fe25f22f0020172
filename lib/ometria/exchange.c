#include "ometria/exchange.h"

#include "base/pause.h"
#include "ometria/flight.h"
#include "state/meta.h"

/* A slow queue is given this many first pauses: 10 s by default. */
#define QUEUE_PAUSES 10
/* A wait looks so often whether the tool is to end. */
#define LOOK_MS 1000
/* So often an answer without JSON is asked for. */
#define BODY_TRIES 4
#define PAUSE "pause-until" /* what the state remembers it as */
#define PAUSE_OVER 0
#define PAUSE_MAX_SECONDS 86400

static void
wait_some(struct drain *drain, int64_t milliseconds)
{
	if (drain->tick != NULL)
		drain->tick(drain->user);
	drain->transport.wait(drain->transport.user, -1,
	    milliseconds < LOOK_MS ? milliseconds : LOOK_MS);
}

bool
exchange_pause(struct drain *drain, int64_t milliseconds)
{
	int64_t until = instant_ticks() + milliseconds;

	if (drain->transport.wait == NULL)
		return pause_for(milliseconds, drain->stop);
	for (;;) {
		int64_t left = until - instant_ticks();

		if (drain->stop())
			return false;
		if (left <= 0)
			return true;
		wait_some(drain, left);
	}
}

enum status
exchange_left(struct drain *drain, int64_t *counted, const struct call *call,
    struct diag *diag)
{
	int64_t from = *counted;
	int64_t to = call->left != 0 ? call->left : limiter_clock();

	if (from == 0)
		return STATUS_OK;
	if (call->left != 0 || call->done)
		*counted = 0;
	if (to < from + LIMITER_LATE)
		return STATUS_OK;
	if (*counted != 0)
		*counted = to;
	return limiter_late(drain->limiter, from, to, diag);
}

int64_t
exchange_paused(const struct drain *drain)
{
	int64_t left = drain->paused_until - instant_ticks();

	return left > 0 ? left : 0;
}

enum status
exchange_turn(struct drain *drain, int64_t *wait, struct diag *diag)
{
	enum status status = STATUS_OK;

	*wait = exchange_paused(drain);
	if (*wait > 0)
		return STATUS_OK;
	for (size_t i = 0; i < drain->flight_count && status == STATUS_OK;
	     i++) {
		struct flight *flight = &drain->flights[i];

		if (flight->state == FLIGHT_OUT)
			status = exchange_left(drain, &flight->counted,
			    &flight->call, diag);
	}
	return status == STATUS_OK ? limiter_try(drain->limiter, wait, diag)
				   : status;
}

/* *ended: stop() came before the turn did. */
static enum status
take_turn(struct drain *drain, bool *ended, struct diag *diag)
{
	int64_t wait = 0;
	enum status status;

	*ended = false;
	do {
		status = exchange_turn(drain, &wait, diag);
		*ended =
		    status == STATUS_OK &&
		    (wait > 0 ? !exchange_pause(drain, wait) : drain->stop());
	} while (status == STATUS_OK && wait > 0 && !*ended);
	return status;
}

enum status
exchange_once(struct drain *drain, const char *method, const char *path,
    struct str body, enum push_verdict *verdict, char *why, size_t why_size,
    struct diag *diag)
{
	struct call call = { method, path, body, .response = drain->response };
	int64_t counted, begin;
	bool ended;
	enum status status = take_turn(drain, &ended, diag);

	*verdict = PUSH_ENDED;
	if (status != STATUS_OK || ended)
		return status;
	counted = drain->limiter->last;
	begin = instant_ticks();
	response_clear(&call.response);
	drain->transport.start(drain->transport.user, &call);
	status = exchange_left(drain, &counted, &call, diag);
	while (!call.done) {
		wait_some(drain, LOOK_MS);
		if (status == STATUS_OK)
			status = exchange_left(drain, &counted, &call, diag);
	}
	drain->response = call.response;
	drain->wait_network += instant_ticks() - begin;
	if (status != STATUS_OK)
		return status;
	*verdict = PUSH_ACCEPTED;
	if (call.outcome.status == STATUS_UNAVAILABLE) {
		*verdict = PUSH_AGAIN;
		snprintf(why, why_size, "%.*s", (int)why_size - 1,
		    call.outcome.message);
	} else if (call.outcome.status != STATUS_OK) {
		*diag = call.outcome;
	}
	return *verdict == PUSH_AGAIN ? STATUS_OK : call.outcome.status;
}

/*
 * Half of the pause is fixed, half is by chance, so that clients that failed
 * together do not come back together.
 */
static int64_t
next_pause(const struct drain *drain)
{
	unsigned doublings = drain->failures < 16 ? drain->failures : 16;
	int64_t pause = drain->retry << doublings;

	if (pause > DRAIN_PAUSE_MAX)
		pause = DRAIN_PAUSE_MAX;
	return pause / 2 + (int64_t)arc4random_uniform((uint32_t)pause / 2 + 1);
}

enum status
exchange_failed(struct drain *drain, int64_t retry_after, const char *why,
    struct diag *diag)
{
	int64_t now = instant_ticks(), pause = 0;

	/* A pause may stand that no failure asked for. */
	if (drain->failures == 0)
		drain->failing_since = now;
	/* Of several that failed at one time the first one counts. */
	if (drain->failures == 0 || now >= drain->paused_until) {
		pause = next_pause(drain);
		drain->failures++;
	}
	if (retry_after > pause)
		pause = retry_after;
	if (now + retry_after > drain->asked_until)
		drain->asked_until = now + retry_after;
	if (now + pause > drain->paused_until)
		drain->paused_until = now + pause;
	if (drain->paused_until - drain->failing_since > drain->timeout)
		return diag_set(diag, STATUS_UNAVAILABLE,
		    "cannot reach Ometria: %s; everything is kept for the next "
		    "run",
		    why);
	return STATUS_OK;
}

void
exchange_answered(struct drain *drain, const struct response *response)
{
	int64_t left = response->queue_remaining;
	int64_t until = instant_ticks() + drain->retry * QUEUE_PAUSES;

	drain->failures = 0;
	/* A longer pause that another answer asked for stands. */
	if (left >= 0 && left < DRAIN_QUEUE_LOW && until > drain->paused_until)
		drain->paused_until = until;
}

static bool
is_passing(long code)
{
	return code == 408 || code == 425 || code == 429 || code >= 500;
}

static bool
is_json(struct str body)
{
	struct json_doc doc = JSON_DOC_INIT;
	bool json = json_parse(&doc, body) != NULL;

	json_doc_free(&doc);
	return json;
}

/* Whether the answer to a question is one that another try may better. */
static bool
is_again(const struct response *response, unsigned *bodies, char *why,
    size_t why_size)
{
	bool spoilt = response->status == 200 && ++*bodies < BODY_TRIES &&
		      !is_json(buf_str(&response->body));

	snprintf(why, why_size, "HTTP status %ld%s", response->status,
	    spoilt ? " without JSON" : "");
	return spoilt || is_passing(response->status);
}

/* One that is out was answered: it is done, or to be asked anew. */
static enum status
judge_answer(struct drain *drain, struct question *question, unsigned failures,
    struct diag *diag)
{
	struct call *call = &question->call;
	const struct response *response = &call->response;
	char why[200] = "";

	question->out = false;
	if (call->outcome.status == STATUS_UNAVAILABLE)
		snprintf(why, sizeof(why), "%.*s", (int)sizeof(why) - 1,
		    call->outcome.message);
	else if (call->outcome.status != STATUS_OK) {
		*diag = call->outcome;
		return call->outcome.status;
	}
	if (why[0] != '\0' ||
	    is_again(response, &question->bodies, why, sizeof(why)))
		return exchange_failed(drain, response->retry_after, why, diag);
	question->done = true;
	question->code = response->status;
	/* A push that fails is not mended by an answer to a question. */
	drain->failures = failures;
	return (question->code == 401 || question->code == 403) &&
		       !drain->samples_one
		   ? refuse_key(drain, why, diag)
		   : STATUS_OK;
}

struct asking {
	struct question *questions;
	size_t count, out, done;
	unsigned failures; /* before the first one */
	enum status (*answered)(void *user, const struct question *question,
	    struct diag *diag);
	void *user;
};

/* drain->response is the answer while answered() looks at it. */
static enum status
take_answer(struct drain *drain, struct asking *asking,
    struct question *question, struct diag *diag)
{
	struct response other = drain->response;
	enum status status =
	    judge_answer(drain, question, asking->failures, diag);

	asking->out--;
	drain->response = question->call.response;
	question->call.response = other;
	if (status != STATUS_OK || !question->done)
		return status;
	asking->done++;
	return asking->answered(asking->user, question, diag);
}

static enum status
take_answers(struct drain *drain, struct asking *asking, struct diag *diag)
{
	struct diag first;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < asking->count && asking->out > 0; i++) {
		struct question *question = &asking->questions[i];
		enum status one = STATUS_OK;

		if (!question->out)
			continue;
		one = exchange_left(drain, &question->counted, &question->call,
		    &first);
		if (one == STATUS_OK && question->call.done)
			one = take_answer(drain, asking, question, &first);
		if (one != STATUS_OK && status == STATUS_OK) {
			status = one;
			*diag = first;
		}
	}
	return status;
}

/* So many questions may be out: the connections, less the batches on them. */
static size_t
places(const struct drain *drain)
{
	size_t left = drain->flight_count;

	for (size_t i = 0; i < drain->flight_count; i++)
		left -= drain->flights[i].state == FLIGHT_OUT &&
			!drain->flights[i].call.done;
	return left > 0 ? left : 1;
}

/* The next one, when its turn has come; else *wait says when. */
static enum status
ask(struct drain *drain, struct asking *asking, int64_t *wait,
    struct diag *diag)
{
	struct question *question = asking->questions;
	enum status status = exchange_turn(drain, wait, diag);

	if (status != STATUS_OK || *wait > 0)
		return status;
	while (question->out || question->done)
		question++;
	question->call.method = "GET";
	question->call.path = question->path;
	question->counted = drain->limiter->last;
	question->out = true;
	asking->out++;
	response_clear(&question->call.response);
	drain->transport.start(drain->transport.user, &question->call);
	return STATUS_OK;
}

static void
wait_asking(struct drain *drain, const struct asking *asking, int64_t wait)
{
	int64_t begin = instant_ticks();

	if (drain->transport.wait == NULL)
		exchange_pause(drain, wait);
	else
		wait_some(drain, wait > 0 ? wait : LOOK_MS);
	if (asking->out > 0)
		drain->wait_network += instant_ticks() - begin;
}

static enum status
ask_all(struct drain *drain, struct asking *asking, struct diag *diag)
{
	struct diag other;
	enum status status = STATUS_OK;

	for (;;) {
		int64_t wait = 0;
		bool over, more;

		if (status == STATUS_OK)
			status = take_answers(drain, asking, diag);
		else
			take_answers(drain, asking, &other);
		over = status != STATUS_OK || drain->stop();
		more = !over && asking->done + asking->out < asking->count;
		if (asking->out == 0 && !more)
			return status;
		if (more && asking->out < places(drain)) {
			status = ask(drain, asking, &wait, diag);
			if (wait == 0)
				continue;
		}
		if (status == STATUS_OK || asking->out > 0)
			wait_asking(drain, asking, wait);
	}
}

enum status
exchange_get_all(struct drain *drain, struct question *questions, size_t count,
    enum status (*answered)(void *user, const struct question *question,
	struct diag *diag),
    void *user, struct diag *diag)
{
	struct asking asking = { questions, count, 0, 0, drain->failures,
		answered, user };
	enum status status = ask_all(drain, &asking, diag);

	for (size_t i = 0; i < count; i++)
		response_free(&questions[i].call.response);
	return status;
}

static enum status
keep_answer(void *user, const struct question *question, struct diag *diag)
{
	(void)user;
	(void)question;
	(void)diag;
	return STATUS_OK;
}

enum status
exchange_get(struct drain *drain, const char *path, long *code,
    struct diag *diag)
{
	struct question question = { .path = path };
	enum status status =
	    exchange_get_all(drain, &question, 1, keep_answer, NULL, diag);

	*code = question.code;
	return status;
}

static enum status
remember(struct drain *drain, instant until, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(drain->state, own,
	    meta_set_time(drain->state, PAUSE, until, diag), diag);
}

/* What is over, or absurd since the clock was set back, is forgotten: another
 * change of the clock would make it a pause again. */
enum status
exchange_resume(struct drain *drain, bool forget, struct diag *diag)
{
	instant until, now = instant_now();
	enum status status = meta_time(drain->state, PAUSE, &until, diag);
	int64_t left;

	if (status != STATUS_OK || until == INSTANT_NONE || until == PAUSE_OVER)
		return status;
	if (until <= now || until - now > PAUSE_MAX_SECONDS)
		return forget ? remember(drain, PAUSE_OVER, diag) : STATUS_OK;
	left = (until - now) * 1000;
	drain->paused_until = instant_ticks() + left;
	return left <= drain->timeout
		   ? STATUS_OK
		   : diag_set(diag, STATUS_UNAVAILABLE,
			 "Ometria asked for a pause of another %lld s; "
			 "everything is kept for the next run",
			 (long long)(until - now));
}

enum status
exchange_keep(struct drain *drain, struct diag *diag)
{
	int64_t left = drain->asked_until - instant_ticks();

	return left <= 0 || drain->rehearsal
		   ? STATUS_OK
		   : remember(drain, instant_now() + (left + 999) / 1000, diag);
}

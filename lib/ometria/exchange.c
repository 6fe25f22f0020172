#include "ometria/exchange.h"

#include "base/pause.h"
#include "ometria/refuse.h"

/* A slow queue is given this many first pauses: 10 s by default. */
#define QUEUE_PAUSES 10

enum status
exchange_once(struct drain *drain, const char *method, const char *path,
    struct str body, enum push_verdict *verdict, char *why, size_t why_size,
    struct diag *diag)
{
	enum status status = limiter_take(drain->limiter, drain->stop, diag);
	int64_t begin;

	*verdict = PUSH_ENDED;
	if (status != STATUS_OK || drain->stop())
		return status;
	begin = instant_ticks();
	response_clear(&drain->response);
	status = drain->transport.request(drain->transport.user, method, path,
	    body, &drain->response, diag);
	drain->wait_network += instant_ticks() - begin;
	*verdict = PUSH_ACCEPTED;
	if (status == STATUS_UNAVAILABLE) {
		*verdict = PUSH_AGAIN;
		snprintf(why, why_size, "%.*s", (int)why_size - 1,
		    diag->message);
		return STATUS_OK;
	}
	return status;
}

/*
 * Half of the pause is fixed, half is by chance, so that clients that failed
 * together do not come back together.
 */
static int64_t
next_pause(struct drain *drain)
{
	unsigned doublings = drain->failures < 16 ? drain->failures : 16;
	int64_t pause = drain->retry << doublings;

	if (pause > DRAIN_PAUSE_MAX)
		pause = DRAIN_PAUSE_MAX;
	pause =
	    pause / 2 + (int64_t)arc4random_uniform((uint32_t)pause / 2 + 1);
	if (drain->response.retry_after > pause)
		pause = drain->response.retry_after;
	return pause;
}

enum status
exchange_back_off(struct drain *drain, const char *why, bool *ended,
    struct diag *diag)
{
	int64_t now = instant_ticks();
	int64_t pause = next_pause(drain);

	*ended = false;
	if (drain->failures++ == 0)
		drain->failing_since = now;
	if (now - drain->failing_since + pause > drain->timeout)
		return diag_set(diag, STATUS_UNAVAILABLE,
		    "cannot reach Ometria: %s; everything is kept for the next "
		    "run",
		    why);
	*ended = !pause_for(pause, drain->stop);
	return STATUS_OK;
}

void
exchange_answered(struct drain *drain)
{
	int64_t left = drain->response.queue_remaining;

	drain->failures = 0;
	if (left >= 0 && left < DRAIN_QUEUE_LOW)
		pause_for(drain->retry * QUEUE_PAUSES, drain->stop);
}

static bool
is_passing(long code)
{
	return code == 408 || code == 425 || code == 429 || code >= 500;
}

enum status
exchange_get(struct drain *drain, const char *path, long *code,
    struct diag *diag)
{
	enum push_verdict verdict;
	char why[200] = "";
	bool ended = false;
	unsigned failures = drain->failures;
	enum status status;

	for (;;) {
		*code = 0;
		status = exchange_once(drain, "GET", path, STR_NONE, &verdict,
		    why, sizeof(why), diag);
		if (status != STATUS_OK || verdict == PUSH_ENDED)
			return status;
		if (verdict == PUSH_ACCEPTED) {
			*code = drain->response.status;
			if (!is_passing(*code))
				break;
			snprintf(why, sizeof(why), "HTTP status %ld", *code);
		}
		status = exchange_back_off(drain, why, &ended, diag);
		if (status != STATUS_OK || ended) {
			*code = 0;
			return status;
		}
	}
	/* A push that fails is not mended by an answer to a question. */
	drain->failures = failures;
	if (*code == 401 || *code == 403) {
		snprintf(why, sizeof(why), "HTTP status %ld", *code);
		return refuse_key(drain, why, diag);
	}
	return STATUS_OK;
}

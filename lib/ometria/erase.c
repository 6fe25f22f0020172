#include "ometria/erase.h"

#include "base/jsonw.h"
#include "ometria/exchange.h"
#include "ometria/refuse.h"
#include "state/erasure.h"
#include "state/exceptions.h"

#define ERASE_PATH "/data-deletion-requests"
#define PAUSE_FIRST 60000 /* milliseconds, doubled with each try */
#define PAUSE_MAX 3600000

enum verdict {
	TAKEN,
	REFUSED,
	FORBIDDEN, /* the key may not ask */
	UNCLEAR, /* somebody else's page: asked again, and told */
	AGAIN
};

/* The state forgets who was asked for, so that a page of somebody in between
 * must not pass for Ometria. What the answer holds is not documented. */
static enum verdict
judge_taken(struct str body)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *root = json_parse(&doc, body);
	bool taken = str_trim(body).len == 0 ||
		     (root != NULL && root->type == JSON_OBJECT);

	json_doc_free(&doc);
	return taken ? TAKEN : UNCLEAR;
}

static enum verdict
judge(const struct response *response)
{
	long code = response->status;

	if (code >= 200 && code < 300)
		return judge_taken(buf_str(&response->body));
	if (code == 401 || code == 403)
		return FORBIDDEN;
	return code == 408 || code == 425 || code == 429 || code >= 500
		   ? AGAIN
		   : REFUSED;
}

static void
write_request(struct buf *body, const struct erasure *erasure)
{
	struct jsonw w = jsonw_start(body);
	struct buf comment = BUF_INIT;

	buf_add_text(&comment, "SAP customer ");
	buf_add_str(&comment, erasure->customer);
	jsonw_open(&w, '{');
	jsonw_member(&w, "action", STR("anonymise"));
	jsonw_member(&w, "comment", buf_str(&comment));
	jsonw_key(&w, "identities");
	jsonw_open(&w, '[');
	jsonw_open(&w, '{');
	jsonw_member(&w, "email", erasure->email);
	jsonw_close(&w, '}');
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_free(&comment);
}

static int64_t
pause_after(const struct drain *drain, const struct erasure *erasure)
{
	int64_t doublings = erasure->attempts < 6 ? erasure->attempts : 6;
	int64_t pause = (int64_t)PAUSE_FIRST << doublings;

	if (pause > PAUSE_MAX)
		pause = PAUSE_MAX;
	return drain->response.retry_after > pause ? drain->response.retry_after
						   : pause;
}

static enum status
raise(struct drain *drain, const struct erasure *erasure, struct diag *diag)
{
	char message[120];

	snprintf(message, sizeof(message),
	    "Ometria does not take the deletion request of the customer: HTTP "
	    "status %ld",
	    drain->response.status);
	return refuse_raise(drain, "deletion-request", "customer",
	    erasure->customer, message, diag);
}

static enum status
heal(struct drain *drain, const struct erasure *erasure, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(drain->state, own,
	    exceptions_heal(drain->state, "deletion-request", "customer",
		erasure->customer, diag),
	    diag);
}

static enum status
note_taken(struct erasing *erasing, struct drain *drain,
    const struct erasure *erasure, struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *root =
	    json_parse(&doc, buf_str(&drain->response.body));
	struct str id = root != NULL && root->type == JSON_OBJECT
			    ? json_text(root, "id", &drain->arena)
			    : STR_NONE;
	enum status status;

	if (id.len > 64)
		id.len = 64;
	status = erasure_accepted(drain->state, erasure, id, diag);
	json_doc_free(&doc);
	if (status != STATUS_OK)
		return status;
	erasing->accepted++;
	return heal(drain, erasure, diag);
}

static enum status
note(struct erasing *erasing, struct drain *drain,
    const struct erasure *erasure, enum verdict verdict, struct diag *diag)
{
	enum status status;

	switch (verdict) {
	case TAKEN:
		return note_taken(erasing, drain, erasure, diag);
	case REFUSED:
		erasing->refused++;
		status = erasure_refused(drain->state, erasure, diag);
		break;
	case FORBIDDEN:
		status = erasure_again(drain->state, erasure, PAUSE_MAX, diag);
		break;
	case UNCLEAR:
	case AGAIN:
	default:
		status = erasure_again(drain->state, erasure,
		    pause_after(drain, erasure), diag);
		if (verdict == AGAIN)
			return status;
	}
	return status == STATUS_OK ? raise(drain, erasure, diag) : status;
}

/* *ended: nothing more is asked in this run. */
static enum status
ask(struct erasing *erasing, struct drain *drain, const struct erasure *erasure,
    bool *ended, struct diag *diag)
{
	struct buf body = BUF_INIT;
	char why[200];
	enum push_verdict answered = PUSH_ENDED;
	enum verdict verdict = AGAIN;
	enum status status = erasure_intend(drain->state, erasure, diag);

	write_request(&body, erasure);
	if (status == STATUS_OK)
		status = exchange_once(drain, "POST", ERASE_PATH,
		    buf_str(&body), &answered, why, sizeof(why), diag);
	buf_free(&body);
	*ended = answered != PUSH_ACCEPTED;
	if (status != STATUS_OK || answered == PUSH_ENDED)
		return status;
	if (answered == PUSH_ACCEPTED)
		verdict = judge(&drain->response);
	*ended = *ended || verdict == AGAIN || verdict == UNCLEAR ||
		 verdict == FORBIDDEN;
	return note(erasing, drain, erasure, verdict, diag);
}

static enum status
ask_all(struct erasing *erasing, struct drain *drain, struct limiter *bucket,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	bool found = true, ended = false;

	while (status == STATUS_OK && !ended && !drain->stop()) {
		struct erasure erasure;
		int64_t wait = 0;

		arena_reset(&drain->arena);
		status = erasure_next(drain->state, &drain->arena, &erasure,
		    &found, diag);
		if (status == STATUS_OK && found)
			status = limiter_try(bucket, &wait, diag);
		if (status != STATUS_OK || !found || wait > 0)
			break;
		status = ask(erasing, drain, &erasure, &ended, diag);
	}
	return status;
}

enum status
erase_run(struct erasing *erasing, struct drain *drain, struct diag *diag)
{
	const struct config *config = state_config(drain->state);
	struct limiter bucket;
	enum status status;

	if (!str_is(str_of(config_text(config, "deletion", NULL, "request")),
		"on"))
		return STATUS_OK;
	status = limiter_open_erase(&bucket,
	    state_is_temporary(drain->state) ? NULL : state_path(drain->state),
	    diag);
	if (status == STATUS_OK)
		status = ask_all(erasing, drain, &bucket, diag);
	limiter_close(&bucket);
	arena_free(&drain->arena);
	response_free(&drain->response);
	return status;
}

#ifndef TESTS_OMETRIA_SCRIPT_H
#define TESTS_OMETRIA_SCRIPT_H

/* The delivery loop against an Ometria of a few lines. */

#include <stdlib.h>

#include "ometria/drain.h"
#include "state/triage.h"

#include "config_text.h"
#include "tap.h"

/* What the n-th push is answered, from 1; behind the last: accepted. */
struct script {
	long status[32];
	size_t pushes;
	const char *poison; /* a push that holds this text is refused: 400 */
	struct buf sent; /* one line a push: kind and ids by their order */
	struct buf last, before;
	const char *errors; /* the answer at /push/_errors */
	const char *shown; /* to GET of any contact; NULL = not there */
	size_t polls, lookups, contacts; /* GETs; of contacts */
	bool miscounts; /* one less is accepted than was sent */
	bool stops; /* a look-up is when the tool is told to end */
	bool asleep; /* a request leaves while a transaction is open */
};

/* How the next runs confirm, and when what does not show is missing. */
static enum drain_confirm confirm;
static int64_t visible = 60000;
static struct script script;
static struct state *state;
static struct config *config; /* no gap between revisions */
static struct limiter limiter;
static struct diag diag;
static bool stopped;

static inline bool
stop(void)
{
	return stopped;
}

static inline enum status
answer(const char *method, const char *path, struct str body,
    struct response *response, struct diag *why)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *root;
	long status = 202;

	script.asleep = script.asleep || state_in_transaction(state);
	response_clear(response);
	response->status = 200;
	if (strcmp(method, "GET") == 0 && strcmp(path, "/push/_errors") == 0) {
		script.polls++;
		buf_add_text(&response->body,
		    script.errors != NULL ? script.errors : "[]");
		return STATUS_OK;
	}
	script.contacts += strncmp(path, "/contacts/", 10) == 0;
	if (strncmp(path, "/contacts/", 10) == 0 && script.shown != NULL) {
		script.lookups++;
		buf_add_text(&response->body, script.shown);
		return STATUS_OK;
	}
	if (strcmp(method, "GET") == 0) {
		response->status = 404; /* no such event */
		stopped = stopped || script.stops;
		script.lookups++;
		return STATUS_OK;
	}
	root = json_parse(&doc, body);
	if (root == NULL || root->type != JSON_ARRAY) {
		buf_add_text(&script.sent, "broken\n");
		return diag_set(why, STATUS_BUG, "broken body");
	}
	buf_add_str(&script.sent, json_text(root + 1, "@type", &arena));
	JSON_EACH(item, root)
	{
		buf_add_char(&script.sent, ' ');
		buf_add_str(&script.sent, json_text(item, "id", &arena));
	}
	buf_add_char(&script.sent, '\n');
	buf_clear(&script.before);
	buf_add_str(&script.before, buf_str(&script.last));
	buf_clear(&script.last);
	buf_add_str(&script.last, body);
	if (script.pushes < 32 && script.status[script.pushes] != 0)
		status = script.status[script.pushes];
	script.pushes++;
	if (script.poison != NULL && strstr(body.data, script.poison) != NULL)
		status = 400;
	response->status = status;
	if (status == 202)
		buf_add_format(&response->body,
		    "{\"status\":\"OK\",\"request_id\":\"r%zu\","
		    "\"accepted\":%u,\"rejected\":0}",
		    script.pushes, root->count - script.miscounts);
	else
		buf_add_text(&response->body, "{\"message\":\"not so\"}");
	json_doc_free(&doc);
	arena_free(&arena);
	return status == 1 ? diag_set(why, STATUS_UNAVAILABLE, "no route")
			   : STATUS_OK;
}

static inline void
request(void *user, struct call *call)
{
	(void)user;
	call->outcome.status = answer(call->method, call->path, call->body,
	    &call->response, &call->outcome);
	call->done = true;
}

static inline void
begin(void)
{
	buf_free(&script.sent);
	buf_free(&script.last);
	buf_free(&script.before);
	script = (struct script){ .pushes = 0 };
	stopped = false;
	state_close(state);
	if (state_open(&state, NULL, STATE_WRITE, config, &diag) != STATUS_OK)
		abort();
	limiter_open(&limiter, NULL, 0, &diag);
}

static inline void
put(enum desired_kind kind, const char *id, const char *customer,
    const char *body)
{
	struct desired desired = {
		.kind = kind,
		.id = str_of(id),
		.customer = str_of(customer),
		.body = str_of(body),
	};
	enum outbox_change change;

	state_begin(state, &diag);
	outbox_put(state, &desired, LANE_LIVE, &change, &diag);
	state_commit(state, &diag);
}

static inline void
put_contact(const char *id, const char *name)
{
	struct buf body = BUF_INIT;

	buf_add_format(&body,
	    "{\"customer_id\":\"%s\",\"email\":\"%s@example.com\","
	    "\"last_name\":\"%s\"}",
	    id, id, name);
	put(DESIRED_CONTACT, id, "", body.data);
	buf_free(&body);
}

static inline void
put_order(const char *id, const char *customer)
{
	struct buf body = BUF_INIT;

	buf_add_format(&body,
	    "{\"order_id\":\"%s\",\"valid\":true,\"customer\":{\"id\":\"%s\"}}",
	    id, customer);
	put(DESIRED_ORDER, id, customer, body.data);
	buf_free(&body);
}

/* Nothing but an Ometria that stays away is given up: soon when it is what the
 * test wants, else not on a machine that is merely slow. */
static inline struct drain
run(enum status want, const char *what)
{
	struct drain drain = {
		.state = state,
		.transport = { request, NULL, NULL },
		.limiter = &limiter,
		.collection = STR("sap"),
		.batch = 100,
		.retry = 1,
		.timeout = want == STATUS_UNAVAILABLE ? 300 : 60000,
		.settle = 0,
		.visible = visible,
		.confirm = confirm,
		.stop = stop,
	};

	IS_INT(drain_run(&drain, &diag), want, what);
	OK(!script.asleep, "no transaction is open during a request");
	return drain;
}

struct wanted {
	const char *code;
	size_t count;
};

static inline enum status
count_code(void *user, const struct exception_row *row)
{
	struct wanted *wanted = user;

	wanted->count += str_is(row->code, wanted->code);
	return STATUS_OK;
}

static inline size_t
open_exceptions(const char *code)
{
	struct wanted wanted = { code, 0 };

	exceptions_each(state, NULL, count_code, &wanted, &diag);
	return wanted.count;
}

static inline void
script_end(void)
{
	buf_free(&script.sent);
	buf_free(&script.last);
	buf_free(&script.before);
	state_close(state);
	config_free(config);
}

#endif

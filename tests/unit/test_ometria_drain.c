/* The delivery loop against an Ometria of a few lines. */
#include <stdlib.h>

#include "ometria/drain.h"
#include "state/exceptions.h"
#include "state/hold.h"

#include "config_text.h"
#include "tap.h"

/* What the n-th push is answered, from 1; behind the last: accepted. */
struct script {
	long status[32];
	size_t pushes;
	const char *poison; /* a push that holds this text is refused: 400 */
	struct buf sent; /* one line a push: kind and ids by their order */
	struct buf last, before;
	const char *errors;
	const char *shown;
	/* to GET of any contact; NULL = not there */ /* the answer at
							 /push/_errors */
	size_t polls, lookups, contacts; /* GETs; of contacts */
	bool miscounts; /* one less is accepted than was sent */
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

static bool
stop(void)
{
	return stopped;
}

static enum status
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

static void
request(void *user, struct call *call)
{
	(void)user;
	call->outcome.status = answer(call->method, call->path, call->body,
	    &call->response, &call->outcome);
	call->done = true;
}

static void
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

static void
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

static void
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

static void
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
static struct drain
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

static enum status
count_code(void *user, const struct exception_row *row)
{
	struct wanted *wanted = user;

	wanted->count += str_is(row->code, wanted->code);
	return STATUS_OK;
}

static size_t
open_exceptions(const char *code)
{
	struct wanted wanted = { code, 0 };

	exceptions_each(state, false, count_code, &wanted, &diag);
	return wanted.count;
}

static void
order_of_kinds(void)
{
	struct drain drain;

	begin();
	put(DESIRED_EVENT, "shipped-W1", "7",
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\","
	    "\"order_id\":\"W1\"}");
	put_order("W1", "7");
	put_contact("7", "Doe");
	put(DESIRED_PRODUCT, "4711", "",
	    "{\"sku\":\"4711\",\"in_stock\":true,\"merge\":true}");
	drain = run(STATUS_OK, "everything leaves");
	IS_STR(script.sent.data,
	    "product 4711\ncontact 7\norder W1\ncustom_event shipped-W1\n",
	    "products, contacts, orders, events");
	IS_INT(drain.records, 4, "four records");
	IS_INT(drain.requests, 4, "one kind a request");
	IS_INT(script.polls, 1, "one look at the error list");
	drain = run(STATUS_OK, "again");
	IS_INT(drain.requests, 0, "nothing is sent twice");
	IS_INT(script.polls, 1, "nor asked for");
}

static void
retries(void)
{
	struct drain drain;

	begin();
	script.status[0] = 503;
	script.status[1] = 1;
	script.status[2] = 429;
	put_contact("7", "Doe");
	drain = run(STATUS_OK, "503, no answer, 429, accepted");
	IS_INT(drain.requests, 4, "four tries");
	IS_INT(drain.records, 1, "one record");
	OK(str_eq(buf_str(&script.last), buf_str(&script.before)),
	    "the same bytes again");
	begin();
	for (size_t i = 0; i < 32; i++)
		script.status[i] = 1;
	put_contact("7", "Doe");
	run(STATUS_UNAVAILABLE, "Ometria stays away");
	OK(strstr(diag.message, "no route") != NULL, "the message says why");
	OK(strstr(diag.message, "kept") != NULL, "and that nothing is lost");
	buf_free(&script.before);
	buf_add_str(&script.before, buf_str(&script.last));
	memset(script.status, 0, sizeof(script.status));
	drain = run(STATUS_OK, "the next run");
	IS_INT(drain.records, 1, "delivers it");
}

static void
event_retries(void)
{
	begin();
	for (size_t i = 0; i < 32; i++)
		script.status[i] = 503;
	put(DESIRED_EVENT, "shipped-W1", "7",
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\","
	    "\"order_id\":\"W1\"}");
	run(STATUS_UNAVAILABLE, "pushes fail, questions are answered");
	OK(script.lookups > 0, "it was asked whether the event is there");
	OK(script.pushes < 16, "the pauses grow all the same");
}

static void
back_to_before(void)
{
	begin();
	put_order("W1", "");
	run(STATUS_OK, "an order");
	script.poison = "W1";
	put(DESIRED_ORDER, "W1", "", "{\"order_id\":\"W1\",\"valid\":false}");
	run(STATUS_OK, "its next revision is refused");
	IS_INT(open_exceptions("push-rejected"), 1, "with an exception");
	put_order("W1", "");
	put_contact("7", "Doe");
	run(STATUS_OK, "the revision of before is desired again");
	IS_INT(open_exceptions("push-rejected"), 0, "the exception closed");
}

static void
poison(void)
{
	struct drain drain;
	char id[16];

	begin();
	script.poison = "\"id\":\"37\"";
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "%d", i);
		put_contact(id, "Doe");
	}
	put_order("W1", "37");
	put_order("W2", "38");
	drain = run(STATUS_OK, "one of a hundred is poison");
	IS_INT(drain.records, 100, "the rest and the order behind 38 arrive");
	IS_INT(drain.refused, 1, "one is refused");
	OK(drain.requests <= 16, "in few requests");
	IS_INT(open_exceptions("customer-rejected"), 1, "one exception");
	OK(strstr(script.sent.data, "W1") == NULL,
	    "the order of the refused customer is held");
	script.poison = NULL;
	drain = run(STATUS_OK, "nothing changed");
	IS_INT(drain.requests, 0, "nothing is tried again");
	put_contact("37", "Dow");
	drain = run(STATUS_OK, "a corrected contact");
	IS_INT(drain.records, 2, "leaves, and its order behind it");
	IS_INT(open_exceptions("customer-rejected"), 0, "the exception closed");
}

static void
read_back(void)
{
	static const char before[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Doe\"}";
	static const char after[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Roe\",\"marketing_optin\":\"NOT_SPECIFIED\"}";

	begin();
	confirm = DRAIN_CONFIRM_ALL;
	put_contact("7", "Doe");
	put_order("W1", "7");
	put(DESIRED_ORDER, "W2", "",
	    "{\"order_id\":\"W2\",\"valid\":true,"
	    "\"customer\":{\"email\":\"guest@example.com\"}}");
	run(STATUS_OK, "a contact that does not show");
	IS_STR(script.sent.data, "contact 7\norder W2\n",
	    "keeps its own order back");
	script.shown = before;
	run(STATUS_OK, "it shows");
	IS_STR(script.sent.data, "contact 7\norder W2\norder W1\n",
	    "and the order leaves");
	put_contact("7", "Roe");
	put_order("W3", "7");
	run(STATUS_OK, "a revision that does not show");
	IS_STR(script.sent.data, "contact 7\norder W2\norder W1\ncontact 7\n",
	    "though an older one does");
	script.shown = after;
	run(STATUS_OK, "until it does");
	IS_INT(script.pushes, 5, "keeps the next order back");
	script.shown = NULL;
	script.contacts = 0;
	confirm = DRAIN_CONFIRM_SAMPLE;
	for (int i = 0; i < 9; i++)
		put_contact((const char[2]){ (char)('0' + i), '\0' }, "Poe");
	put_order("W4", "0");
	run(STATUS_OK, "of nine contacts");
	IS_INT(script.contacts, 9, "three are looked for, three times");
	IS_INT(script.pushes, 6, "and the order waits for them");
	confirm = DRAIN_CONFIRM_NONE;
	run(STATUS_OK, "without read-back");
	IS_INT(script.pushes, 7, "it leaves");
	IS_INT(script.contacts, 9, "and nothing is looked for");
}

/* An answer that does not add up: the records of it are read back. */
static void
miscounted(void)
{
	static const char shown[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Doe\"}";

	begin();
	script.miscounts = true;
	put_contact("7", "Doe");
	run(STATUS_OK, "an answer that counts one less");
	IS_INT(script.contacts, 3, "its record is looked for");
	IS_INT(open_exceptions("push-unconfirmed"), 1, "it is not confirmed");
	script.shown = shown;
	run(STATUS_OK, "it shows");
	IS_INT(script.contacts, 4, "at the first look");
	IS_INT(open_exceptions("push-unconfirmed"), 0, "that closes it");
	run(STATUS_OK, "after that");
	IS_INT(script.contacts, 4, "nothing is looked for");
	IS_INT(script.pushes, 1, "it was sent once");
}

/* Accepted, no error, never visible. */
static void
dropped(void)
{
	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	put_order("W1", "");
	run(STATUS_OK, "an order that does not show");
	IS_STR(script.sent.data, "order W1\norder W1\n", "is sent once more");
	IS_INT(open_exceptions("push-missing"), 1, "with an exception");
	run(STATUS_OK, "still not");
	IS_INT(script.pushes, 2, "and no third time");
	put(DESIRED_ORDER, "W1", "", "{\"order_id\":\"W1\",\"valid\":false}");
	run(STATUS_OK, "a change of it");
	IS_INT(script.pushes, 4, "may be sent twice again");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

/* An older revision came behind the newer one. */
static void
overtaken(void)
{
	static const char older[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Doe\"}";

	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	script.shown = older;
	put_contact("7", "Roe");
	run(STATUS_OK, "Ometria shows other content");
	IS_INT(script.pushes, 2, "it is sent once more");
	IS_INT(open_exceptions("push-differs"), 1, "with an exception");
	OK(buf_str(&script.last).len > 0 &&
		strstr(script.last.data, "Roe") != NULL,
	    "in its newest content");
	put_contact("7", "Doe");
	run(STATUS_OK, "what it shows is desired");
	IS_INT(open_exceptions("push-differs"), 0, "that closes it");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

/* An event is looked for again before it leaves a second time. */
static void
dropped_event(void)
{
	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	put(DESIRED_EVENT, "shipped-W1", "7",
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\"}");
	run(STATUS_OK, "an event that does not show");
	IS_INT(script.pushes, 2, "is sent once more");
	IS_INT(script.lookups, 3 + 2 + 3,
	    "three looks, two before it leaves again, three");
	IS_INT(open_exceptions("push-missing"), 1, "with an exception");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

static void
limits(void)
{
	struct drain drain;

	begin();
	put(DESIRED_ORDER, "W1", "",
	    "{\"order_id\":\"W1\",\"valid\":true,"
	    "\"lines\":[{\"sku\":\"1\",\"quantity\":\"0.5\"}]}");
	put(DESIRED_ORDER, "W2", "", "{\"order_id\":\"W2\",\"valid\":true}");
	drain = run(STATUS_OK, "an order that breaks a limit");
	IS_STR(script.sent.data, "order W2\n",
	    "does not leave, the other does");
	IS_INT(drain.refused, 1, "it is refused");
	IS_INT(open_exceptions("push-limit"), 1, "with an exception");
	put(DESIRED_ORDER, "W1", "",
	    "{\"order_id\":\"W1\",\"valid\":true,"
	    "\"lines\":[{\"sku\":\"1\",\"quantity\":\"1\"}]}");
	run(STATUS_OK, "mended");
	IS_INT(open_exceptions("push-limit"), 0, "the exception closed");
}

static void
late_refusal(void)
{
	struct drain drain;

	begin();
	put_contact("7", "Doe");
	put_contact("8", "Roe");
	script.errors = "[{\"request_id\":\"r1\",\"record_type\":\"contact\","
			"\"record_id\":\"7\",\"message\":{\"error_message\":"
			"\"not a valid value\",\"error_path\":\"root > id\"}},"
			"{\"request_id\":\"other\",\"record_type\":\"contact\","
			"\"record_id\":\"8\"}]";
	drain = run(STATUS_OK, "accepted, then on the error list");
	IS_INT(drain.refused, 1, "ours is refused, somebody else's is not");
	IS_INT(open_exceptions("customer-rejected"), 1, "with an exception");
	put_order("W1", "7");
	put_order("W2", "8");
	drain = run(STATUS_OK, "orders of both");
	IS_INT(drain.records, 1, "one is held");
	IS_INT(drain.refused, 0, "the old row of the list counts once");
}

static void
stops(void)
{
	begin();
	script.status[0] = 403;
	put_contact("7", "Doe");
	run(STATUS_NOT_ALLOWED, "a refused key ends the run");
	IS_INT(open_exceptions("push-refused-key"), 1, "with an exception");
	IS_INT(script.pushes, 1, "at once");
	run(STATUS_OK, "the next run");
	IS_INT(script.pushes, 2, "delivers");
	begin();
	script.status[0] = 404;
	put_contact("7", "Doe");
	run(STATUS_PROTOCOL, "a wrong address refuses no record");
	run(STATUS_OK, "which leaves later");
	begin();
	put_contact("7", "Doe");
	stopped = true;
	run(STATUS_OK, "asked to end");
	IS_INT(script.pushes, 0, "nothing is begun");
}

int
main(void)
{
	config = config_from("[ometria]\ngap = 0s\n");
	order_of_kinds();
	retries();
	event_retries();
	back_to_before();
	poison();
	read_back();
	miscounted();
	dropped();
	overtaken();
	dropped_event();
	limits();
	late_refusal();
	stops();
	state_close(state);
	config_free(config);
	buf_free(&script.sent);
	buf_free(&script.last);
	buf_free(&script.before);
	DONE();
}

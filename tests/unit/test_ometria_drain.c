/* The delivery loop against an Ometria of a few lines. */
#include "ometria/exchange.h"

#include "ometria_script.h"

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

/* What one answer asks for is not undone by another. */
static void
pauses(void)
{
	struct drain drain = { .retry = 100, .timeout = 600000 };
	struct response response = { .queue_remaining = 5 };

	exchange_answered(&drain, &response);
	OK(exchange_paused(&drain) > 500 && exchange_paused(&drain) <= 1000,
	    "a queue that is nearly full");
	IS_INT(exchange_failed(&drain, 60000, "429", &diag), STATUS_OK,
	    "a long Retry-After");
	exchange_answered(&drain, &response);
	OK(exchange_paused(&drain) > 50000, "stands");
	response.queue_remaining = 50000;
	exchange_answered(&drain, &response);
	OK(exchange_paused(&drain) > 50000, "whatever the queue says");
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
put_event(const char *id, const char *at)
{
	char body[200];

	snprintf(body, sizeof(body),
	    "{\"event\":\"order_shipped\",\"event_id\":\"%s\",\"at\":\"%s\","
	    "\"customer_id\":\"7\",\"order_id\":\"W1\"}",
	    id, at);
	put(DESIRED_EVENT, id, "7", body);
}

/* Told to end while it is not known whether events are there: they wait. */
static void
events_unknown(void)
{
	size_t sent;

	begin();
	for (size_t i = 0; i < 32; i++)
		script.status[i] = 503;
	put_event("shipped-W1", "2026-05-02T14:05:00Z");
	put_event("shipped-W2", "2026-05-02T14:05:00Z");
	run(STATUS_UNAVAILABLE, "two events without an answer");
	sent = script.pushes;
	script.stops = true;
	run(STATUS_OK, "the next run ends while it asks for them");
	IS_INT(script.pushes, sent, "they do not leave");
	stopped = false;
	put_event("shipped-W1", "2026-05-02T14:06:00Z");
	run(STATUS_OK, "and as one of them is another by now");
	IS_INT(script.pushes, sent, "they do not either");
	stopped = script.stops = false;
	memset(script.status, 0, sizeof(script.status));
	script.lookups = 0;
	run(STATUS_OK, "the third one asks to the end");
	IS_INT(script.pushes, sent + 1, "and sends them");
	IS_INT(script.lookups, 4, "each was asked for twice");
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

static void
put_flip(const char *sku)
{
	struct buf body = BUF_INIT;
	struct desired desired = {
		.kind = DESIRED_PRODUCT,
		.id = str_of(sku),
		.urgent = true,
	};
	enum outbox_change change;

	buf_add_format(&body, "{\"sku\":\"%s\",\"in_stock\":true}", sku);
	desired.body = buf_str(&body);
	state_begin(state, &diag);
	outbox_put(state, &desired, LANE_URGENT, &change, &diag);
	state_commit(state, &diag);
	buf_free(&body);
}

static struct {
	int turn;
	size_t pushes; /* before the input ended */
} feed;

/* A flip in each of three turns, and then the end. */
static enum status
feed_flips(void *user, bool *more, bool *ended, struct diag *why)
{
	static const char *const skus[] = { "1", "2", "3" };

	(void)user;
	(void)why;
	*ended = feed.turn == 6;
	*more = !*ended;
	if (feed.turn < 3)
		put_flip(skus[feed.turn]);
	feed.pushes = script.pushes;
	feed.turn++;
	return STATUS_OK;
}

/* The input has ended and something has left: nothing more is waited for. */
static bool
enough(void)
{
	return feed.turn > 6 && script.pushes > 0;
}

static void
follow(int64_t age, size_t rate)
{
	struct drain_input input = { .fd = -1, .take = feed_flips };
	struct drain drain = {
		.state = state,
		.transport = { request, NULL, NULL },
		.limiter = &limiter,
		.collection = STR("sap"),
		.timeout = 60000,
		.stop = enough,
		.input = &input,
	};

	feed.turn = 0;
	limiter.rate = rate;
	limiter.window = INT64_C(3600000);
	limiter.last = age > 0 ? limiter_clock() - age : 0;
	drain_run(&drain, &diag);
}

/* The rate is one an hour: the clock of the test does not matter. */
static void
shares_of_the_rate(void)
{
	begin();
	follow(0, 0);
	IS_INT(feed.pushes, 3, "without a limit each flip leaves at once");
	begin();
	follow(0, 1);
	IS_INT(feed.pushes, 1, "the first one leaves at once");
	begin();
	follow(1, 1);
	IS_INT(feed.pushes, 0, "right behind a request they wait together");
	IS_STR(script.sent.data, "product 1 2 3\n", "and leave in one");
	begin();
	follow(INT64_C(3600001), 1);
	IS_INT(feed.pushes, 1, "a share later one leaves at once");
}

int
main(void)
{
	config = config_from("[ometria]\ngap = 0s\n");
	order_of_kinds();
	retries();
	pauses();
	event_retries();
	events_unknown();
	back_to_before();
	poison();
	limits();
	late_refusal();
	stops();
	shares_of_the_rate();
	script_end();
	DONE();
}

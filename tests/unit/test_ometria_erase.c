/* Deletion requests against an Ometria of a few lines. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ometria/erase.h"
#include "state/erasure.h"
#include "state/suppression.h"
#include "state/triage.h"

#include "tap.h"

static struct state *state;
static struct config *config;
static struct diag diag;
static struct limiter limiter;
static struct buf sent; /* one line a request */
static long status_code; /* the answer; 0 = none comes */
static char folder[] = "/tmp/test_ometria_erase.XXXXXX", path[64];

static bool
never(void)
{
	return false;
}

static void
request(void *user, struct call *call)
{
	(void)user;
	buf_add_format(&sent, "%s %s %.*s\n", call->method, call->path,
	    STR_ARGS(call->body));
	response_clear(&call->response);
	call->done = true;
	call->outcome.status = STATUS_OK;
	if (status_code == 0) {
		diag_set(&call->outcome, STATUS_UNAVAILABLE, "no route");
		return;
	}
	call->response.status = status_code;
	buf_add_text(&call->response.body, "{\"id\":\"r1\"}");
}

static void
begin(const char *deletion)
{
	FILE *file;
	char name[80];

	snprintf(name, sizeof(name), "%s/conf", folder);
	file = fopen(name, "w");
	fprintf(file, "[deletion]\n%s\n", deletion);
	fclose(file);
	state_close(state);
	config_free(config);
	config = NULL;
	if (config_load(&config, name, &diag) != STATUS_OK ||
	    state_open(&state, NULL, STATE_WRITE, config, &diag) != STATUS_OK)
		abort();
	unlink(name);
	limiter_open(&limiter, NULL, 0, &diag);
	buf_clear(&sent);
}

static bool
queue(const char *email)
{
	bool news = false;

	state_begin(state, &diag);
	erasure_queue(state, STR("7"), str_of(email), &news, &diag);
	state_commit(state, &diag);
	return news;
}

static struct erasing
run(long answer)
{
	struct drain drain = { .state = state,
		.transport = { request, NULL, NULL },
		.limiter = &limiter,
		.stop = never };
	struct erasing erasing = { .accepted = 0 };

	status_code = answer;
	buf_clear(&sent);
	IS_INT(erase_run(&erasing, &drain, &diag), STATUS_OK, "the run");
	return erasing;
}

static enum status
count(void *user, const struct exception_row *row)
{
	*(int *)user += str_is(row->code, "deletion-request");
	return STATUS_OK;
}

static int
exceptions(void)
{
	int open = 0;

	exceptions_each(state, NULL, count, &open, &diag);
	return open;
}

#define ASKED                                                                  \
	"POST /data-deletion-requests {\"action\":\"anonymise\","              \
	"\"comment\":\"SAP customer 7\",\"identities\":[{\"email\":"           \
	"\"ann@example.com\"}]}\n"

static size_t
lines(void)
{
	size_t lines = 0;

	for (size_t i = 0; i < sent.len; i++)
		lines += sent.data[i] == '\n';
	return lines;
}

static void
test_once(void)
{
	begin("request = on");
	OK(queue(" ann@example.com"), "an address is news");
	OK(!queue("ANN@ex ample.com"), "in another spelling it is not");
	IS_INT(run(201).accepted, 1, "Ometria takes it");
	IS_STR(sent.data, ASKED, "in the shape of its own answers");
	OK(!queue("ann@example.com"), "nor is it once it was asked for");
	run(201);
	IS_INT(sent.len, 0, "it is asked for once");
}

static void
test_off(void)
{
	begin("");
	queue("ann@example.com");
	run(201);
	IS_INT(sent.len, 0, "nothing is asked unless it is allowed");
}

static void
test_answers(void)
{
	static const struct {
		long code;
		int exceptions;
		const char *what;
	} cases[] = { { 429, 0, "too many" }, { 503, 0, "down" },
		{ 0, 0, "no answer" }, { 403, 1, "the key may not" },
		{ 400, 1, "refused" }, { 404, 1, "no such path" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now = 1772452800;

		instant_fix(now);
		begin("request = on");
		queue("ann@example.com");
		queue("bea@example.com");
		run(cases[i].code);
		IS_INT(exceptions(), cases[i].exceptions, cases[i].what);
		IS_INT(lines(),
		    cases[i].code == 400 || cases[i].code == 404 ? 2 : 1,
		    "the others wait when it may pass");
		instant_fix(now + 2 * 3600);
		run(201);
		IS_INT(lines(),
		    cases[i].code == 400 || cases[i].code == 404 ? 0 : 2,
		    "later both are asked for again, a refused one is not");
		IS_INT(exceptions(),
		    cases[i].code == 400 || cases[i].code == 404,
		    "what was taken heals");
	}
}

/* Killed between intent and answer: asked for again. */
static void
test_killed(void)
{
	struct arena arena = ARENA_INIT;
	struct erasure erasure;
	bool found;

	begin("request = on");
	queue("ann@example.com");
	erasure_next(state, &arena, &erasure, &found, &diag);
	erasure_intend(state, &erasure, &diag);
	IS_INT(run(201).accepted, 1, "the request leaves again");
	arena_free(&arena);
}

/* The opt-out comes first, and is confirmed. */
static void
test_after_opt_out(void)
{
	struct desired desired = {
		.kind = DESIRED_CONTACT,
		.id = STR("7"),
		.urgent = true,
		.body = STR("{\"customer_id\":\"7\"}"),
	};
	struct arena arena = ARENA_INIT;
	struct outbox_row row;
	enum outbox_change change;
	uint64_t confirmed, waiting;
	int64_t batch;
	bool found;

	begin("request = on");
	queue("ann@example.com");
	state_begin(state, &diag);
	outbox_put(state, &desired, LANE_URGENT, &change, &diag);
	state_commit(state, &diag);
	run(201);
	IS_INT(lines(), 0, "not while the opt-out waits");
	outbox_get(state, DESIRED_CONTACT, desired.id, &arena, &row, &found,
	    &diag);
	delivery_intend(state, &row, 1, STR("[]"), &batch, &diag);
	run(201);
	IS_INT(lines(), 0, "nor while it is on its way");
	delivery_accepted(state, batch, STR("r"), &diag);
	run(201);
	IS_INT(lines(), 0, "nor before it is confirmed");
	delivery_confirm(state, 0, &confirmed, &waiting, &diag);
	run(201);
	IS_INT(lines(), 1, "then it leaves");
	arena_free(&arena);
}

static void
test_minute(void)
{
	begin("request = on");
	for (char email[] = "a@example.com"; email[0] < 'i'; email[0]++)
		queue(email);
	run(201);
	IS_INT(lines(), 6, "six a minute, the rest waits");
}

/* Two processes on one state share the six. */
static void
test_shared(void)
{
	struct limiter one, two;
	int given = 0;
	int64_t wait;

	snprintf(path, sizeof(path), "%s/sync.db", folder);
	limiter_open_erase(&one, path, &diag);
	limiter_open_erase(&two, path, &diag);
	for (int i = 0; i < 10; i++) {
		limiter_try(i % 2 == 0 ? &one : &two, &wait, &diag);
		given += wait == 0;
	}
	IS_INT(given, 6, "over all processes");
	limiter_close(&one);
	limiter_close(&two);
	snprintf(path, sizeof(path), "%s/sync.db-rate-erase", folder);
	unlink(path);
}

static void
test_suppression(void)
{
	static const char *const same[] = { "ann@example.com",
		"ANN@Example.COM", " ann@example.com\t", "ann @example.com",
		"\302\240ann@example.com" };
	static const char *const others[] = { "", "an@example.com",
		"ann@example.org" };
	int wrong = 0;
	bool yes;

	begin("");
	suppression_any(state, &yes, &diag);
	OK(!yes, "the list is empty");
	state_begin(state, &diag);
	suppression_add(state, STR("Ann@example.com"), &diag);
	state_commit(state, &diag);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct str text = str_of(same[i]);

		suppression_has(state, &text, 1, &yes, &diag);
		wrong += !yes;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct str text = str_of(others[i]);

		suppression_has(state, &text, 1, &yes, &diag);
		wrong += yes;
	}
	IS_INT(wrong, 0, "an address in every spelling, and no other");
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		abort();
	test_once();
	test_off();
	test_answers();
	test_killed();
	test_after_opt_out();
	test_minute();
	test_shared();
	test_suppression();
	state_close(state);
	config_free(config);
	buf_free(&sent);
	rmdir(folder);
	DONE();
}

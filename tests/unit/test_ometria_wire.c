/* Answers of Ometria, its error list, the rate. */

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "ometria/client.h"
#include "ometria/errors.h"
#include "ometria/limiter.h"

#include "tap.h"

static struct push_answer answer;

static enum push_verdict
judge(long status, const char *body, size_t sent)
{
	struct response response = { .status = status };

	buf_add_text(&response.body, body);
	response_judge(&response, sent, &answer);
	response_free(&response);
	return answer.verdict;
}

static void
answers(void)
{
	struct buf body = BUF_INIT;

	IS_INT(judge(202,
		   "{\"status\":\"OK\",\"request_id\":\"r-1\",\"accepted\":2,"
		   "\"rejected\":0}",
		   2),
	    PUSH_ACCEPTED, "two of two accepted");
	IS_STR(answer.request_id, "r-1", "its request id");
	IS_INT(judge(202, "{\"accepted\":2,\"rejected\":0,\"skipped\":0}", 2),
	    PUSH_ACCEPTED, "skipped may be there");
	IS_INT(judge(202, "{\"status\":\"OK\",\"accepted\":1}", 2),
	    PUSH_UNCLEAR, "one of two accounted for");
	IS_INT(judge(202, "{\"accepted\":1,\"rejected\":1}", 2), PUSH_UNCLEAR,
	    "one of two rejected");
	IS_INT(judge(202, "{\"accepted\":0,\"rejected\":1}", 1), PUSH_REFUSED,
	    "a single record rejected");
	IS_INT(judge(202, "{\"status\":\"ERROR\",\"accepted\":2}", 2),
	    PUSH_UNCLEAR, "an error that counts all");
	IS_INT(judge(202, "", 2), PUSH_UNCLEAR, "202 without a body");
	IS_INT(judge(202, "{\"accepted\":1e300}", 2), PUSH_UNCLEAR,
	    "an absurd count");
	IS_INT(judge(200, "<html>login</html>", 2), PUSH_PROTOCOL,
	    "somebody else's page");
	IS_INT(judge(207, "{\"accepted\":2}", 2), PUSH_PROTOCOL, "207");
	IS_INT(judge(301, "", 2), PUSH_PROTOCOL, "a redirect");
	IS_INT(judge(404, "", 2), PUSH_PROTOCOL, "a wrong address");
	IS_INT(judge(400, "{\"message\":\"Payload invalid\"}", 2), PUSH_REFUSED,
	    "400 refuses");
	IS_STR(answer.why, "Payload invalid (HTTP 400)", "in Ometria's words");
	IS_INT(judge(422,
		   "{\"message\":\"bad jane@example.com in\\u0007 'x'\"}", 1),
	    PUSH_REFUSED, "422 refuses");
	IS_STR(answer.why, "bad ... in\\x07 \\x27x\\x27 (HTTP 422)",
	    "words are escaped, addresses masked");
	buf_add_text(&body, "{\"message\":\"");
	for (int i = 0; i < 20; i++)
		buf_add_char(&body, '\'');
	for (int i = 0; i < 50; i++)
		buf_add_text(&body, "\xC3\xBC");
	buf_add_text(&body, "\"}");
	judge(422, body.data, 1);
	OK(text_is_utf8(str_of(answer.why)), "long words end with a character");
	buf_free(&body);
	IS_INT(judge(401, "", 1), PUSH_KEY, "401");
	IS_INT(judge(403, "<html>", 1), PUSH_KEY, "403");
	IS_INT(judge(429, "", 1), PUSH_AGAIN, "429");
	IS_INT(judge(503, "", 1), PUSH_AGAIN, "503");
}

static void
retry_after(void)
{
	const instant now = 1445412480; /* 2015-10-21T07:28:00Z */

	IS_INT(response_retry_after(STR("120"), now), 120000, "seconds");
	IS_INT(response_retry_after(STR(" 0 "), now), 0, "at once");
	IS_INT(response_retry_after(STR("Wed, 21 Oct 2015 07:28:30 GMT"), now),
	    30000, "a date");
	IS_INT(response_retry_after(STR("Wed, 21 Oct 2015 07:27:30 GMT"), now),
	    -1, "a date in the past");
	IS_INT(response_retry_after(STR("-5"), now), -1, "a negative number");
	IS_INT(response_retry_after(STR("99999999999999999999"), now), -1,
	    "an absurd number");
	IS_INT(response_retry_after(STR("Thu, 21 Oct 2055 07:28:00 GMT"), now),
	    -1, "an absurd date");
	IS_INT(response_retry_after(STR("soon"), now), -1, "a word");
	IS_INT(response_retry_after(STR(""), now), -1, "nothing");
}

static void
headers(void)
{
	struct response response = { 0 };

	response_clear(&response);
	IS_INT(response.retry_after, -1, "not said");
	response_header(&response, STR("retry-after: 3\r\n"), 0);
	response_header(&response, STR("X-QUEUESIZE-REMAINING:  999\r\n"), 0);
	response_header(&response, STR("X-QueueSize-Limit: 50000\r\n"), 0);
	IS_INT(response.retry_after, 3000, "Retry-After in any case");
	IS_INT(response.queue_remaining, 999, "X-QueueSize-Remaining");
	response_header(&response, STR("X-QueueSize-Remaining: -7\r\n"), 0);
	IS_INT(response.queue_remaining, 0, "more wait than may");
	response_header(&response,
	    STR("Retry-After: Wed, 21 Oct 2015 07:28:30 GMT\r\n"), 1445412480);
	IS_INT(response.retry_after, 30000, "a date by our clock");
	response_header(&response,
	    STR("Date: Wed, 21 Oct 2015 07:28:10 GMT\r\n"), 1445412480);
	IS_INT(response.retry_after, 20000, "by the server's, when it is told");
	response_header(&response,
	    STR("Retry-After: Wed, 21 Oct 2015 07:28:40 GMT\r\n"), 0);
	IS_INT(response.retry_after, 30000, "in whatever order");
	response_clear(&response);
	IS_INT(response.retry_after, -1, "nothing is left of it");
	response_header(&response,
	    STR("Date: Wed, 21 Oct 2015 07:28:10 GMT\r\n"), 0);
	IS_INT(response.retry_after, -1, "a date alone asks for nothing");
	response_header(&response, STR("X-QueueSize-Remaining: many\r\n"), 0);
	IS_INT(response.queue_remaining, -1, "a word says nothing");
}

static void
error_list(void)
{
	static const char list[] =
	    "[{\"request_id\":\"r-1\",\"record_type\":\"contact\","
	    "\"record_id\":\"7\",\"record\":{\"email\":\"a@b.example\"},"
	    "\"message\":{\"error_message\":\"not a valid value\","
	    "\"error_path\":\"root > lastname\"}},"
	    "{\"error_message\":\"not a valid value\","
	    "\"error_path\":\"root > email\"},"
	    "{\"record_type\":\"profile\",\"record_id\":9,\"message\":"
	    "[{\"error_message\":\"no\"}]},3]";
	struct arena arena = ARENA_INIT;
	struct push_error *errors;
	struct diag diag;
	size_t count;

	IS_INT(errors_parse(STR(list), &arena, &errors, &count, &diag),
	    STATUS_OK, "both shapes");
	IS_INT(count, 4, "all rows");
	OK(str_is(errors[0].request_id, "r-1") && errors[0].has_kind &&
		errors[0].kind == DESIRED_CONTACT &&
		str_is(errors[0].record_id, "7"),
	    "the record is named");
	IS_STR(errors[0].why.data, "not a valid value (root > lastname)",
	    "with the reason");
	OK(errors[1].request_id.len == 0, "the flat shape names none");
	IS_STR(errors[1].why.data, "not a valid value (root > email)",
	    "but has the reason");
	OK(!errors[2].has_kind, "a type that is not ours");
	IS_STR(errors[2].why.data, "no", "the reason in an array");
	IS_STR(errors[3].why.data, "refused without a reason", "no object");
	IS_INT(errors_parse(STR("{}"), &arena, &errors, &count, &diag),
	    STATUS_PROTOCOL, "not a list");
	IS_INT(errors_parse(STR("[]"), &arena, &errors, &count, &diag),
	    STATUS_OK, "an empty list");
	IS_INT(count, 0, "holds nothing");
	arena_free(&arena);
}

static void
rule(void)
{
	int64_t times[LIMITER_MAX];
	size_t count = 0;

	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW, 5000), 0,
	    "first");
	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW, 5100), 0,
	    "second");
	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW, 5200),
	    LIMITER_WINDOW - 200,
	    "the third waits for the first to be a second old");
	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW,
		   5000 + LIMITER_WINDOW),
	    0, "and leaves then");
	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW,
		   5000 + LIMITER_WINDOW),
	    100, "the window slides");
	IS_INT(count, 2, "old times are forgotten");
	IS_INT(limiter_rule(times, &count, 2, LIMITER_WINDOW, 10), 0,
	    "times of an earlier boot do not count");
	count = 0;
	IS_INT(limiter_rule(times, &count, 0, LIMITER_WINDOW, 1), 0,
	    "no limit");
	IS_INT(count, 0, "keeps nothing");
}

#define SIMULATED_LINES 3
#define SIMULATED_MS 60000

/* A process on one limiter with some connections: when each one's request was
 * counted (0 = it has none) and will leave, and when the process looks next. */
struct simulated {
	int64_t counted[SIMULATED_LINES], leaves[SIMULATED_LINES];
	int64_t wakes;
};

struct schedule {
	uint64_t seed;
	size_t rate;
	uint64_t nap; /* the longest of a process */
	int64_t times[LIMITER_MAX];
	size_t count;
	int64_t left[SIMULATED_MS]; /* what the limiter is about */
	size_t left_count;
};

/* xorshift: the same schedule for the same seed everywhere. */
static uint64_t
draw(uint64_t *seed, uint64_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % below;
}

/* The most times in any second of them, which ascend. */
static size_t
most_in_a_second(const int64_t *times, size_t count)
{
	size_t most = 0;

	for (size_t i = 0, from = 0; i < count; i++) {
		while (times[from] <= times[i] - 1000)
			from++;
		if (i - from + 1 > most)
			most = i - from + 1;
	}
	return most;
}

/* What has left, and what has not and is counted anew. */
static void
look_at_line(struct schedule *plan, struct simulated *process, size_t i,
    int64_t now)
{
	int64_t *counted = &process->counted[i];
	bool leaves = now >= process->leaves[i];

	if (*counted == 0 || (!leaves && now < process->wakes))
		return;
	if (now >= *counted + LIMITER_LATE) {
		limiter_move(plan->times, &plan->count, *counted, now);
		*counted = now;
	}
	if (!leaves)
		return;
	plan->left[plan->left_count++] = now;
	*counted = 0;
}

/* A connection may take as long as three seconds to stand. */
static void
send_on_line(struct schedule *plan, struct simulated *process, size_t i,
    int64_t now)
{
	if (process->counted[i] != 0 ||
	    limiter_rule(plan->times, &plan->count, plan->rate, LIMITER_WINDOW,
		now) != 0)
		return;
	process->counted[i] = now;
	process->leaves[i] = now;
	if (draw(&plan->seed, 4) == 0)
		process->leaves[i] += (int64_t)draw(&plan->seed, 3000);
}

static void
live(struct schedule *plan, struct simulated *process, int64_t now)
{
	for (size_t i = 0; i < SIMULATED_LINES; i++)
		look_at_line(plan, process, i, now);
	if (now < process->wakes)
		return;
	process->wakes = now + 1 + (int64_t)draw(&plan->seed, plan->nap);
	for (size_t i = 0; i < SIMULATED_LINES; i++)
		send_on_line(plan, process, i, now);
}

static void
schedules(void)
{
	size_t over = 0, idle = 0;

	for (uint64_t seed = 1; seed <= 400; seed++) {
		static struct schedule plan;
		struct simulated processes[2] = { 0 };

		plan = (struct schedule){ .seed = seed * 2654435761u,
			.rate = 1 + seed % 10,
			.nap = seed % 2 == 0 ? 10 : 1000 };
		for (int64_t now = 100000; now < 100000 + SIMULATED_MS; now++)
			for (size_t i = 0; i < 2; i++)
				live(&plan, &processes[i], now);
		over +=
		    most_in_a_second(plan.left, plan.left_count) > plan.rate;
		idle += plan.left_count == 0;
	}
	IS_INT(over, 0, "in no second of any schedule more than the rate");
	IS_INT(idle, 0, "and something left in each");
}

/*
 * How much of the rate a process uses that always has something to send, over a
 * minute, when it wakes so many milliseconds late at most each time.
 */
static double
used(size_t rate, uint64_t late, uint64_t seed)
{
	static int64_t times[LIMITER_MAX], left[LIMITER_MAX * 61];
	int64_t now = 1000000, wait;
	size_t count = 0, sent = 0;

	while (now < 1060000) {
		wait = limiter_rule(times, &count, rate, LIMITER_WINDOW, now);
		if (wait > 0)
			now += wait + (int64_t)draw(&seed, late + 1);
		else
			left[sent++] = now;
	}
	OK(most_in_a_second(left, sent) <= rate, "never over the rate");
	return (double)sent / (double)rate / 60;
}

static void
usage(void)
{
	static const size_t rates[] = { 1, 2, 3, 4, 8, 50, 1000 };

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		OK(used(rates[i], 0, 7) >= 0.98, "98 % of the rate are used");
		OK(used(rates[i], 15, 7) >= 0.97,
		    "97 % by one who wakes up to 15 ms late");
	}
}

static void
shared(void)
{
	static struct limiter one, two;
	char path[] = "/tmp/test_ometria_XXXXXX";
	int fd = mkstemp(path);
	struct buf side = BUF_INIT;
	struct diag diag;

	IS_INT(limiter_open(&one, path, 1, &diag), STATUS_OK, "one process");
	IS_INT(limiter_open(&two, path, 1, &diag), STATUS_OK, "another");
	IS_INT(limiter_take(&one, NULL, &diag), STATUS_OK, "one sends");
	int64_t begin = instant_ticks();
	IS_INT(limiter_take(&two, NULL, &diag), STATUS_OK, "the other");
	OK(instant_ticks() - begin > 900, "had to wait for the first");
	limiter_close(&one);
	limiter_close(&two);
	IS_INT(limiter_open(&one, NULL, LIMITER_MAX + 1, &diag), STATUS_CONFIG,
	    "a rate beyond reason");
	buf_add_format(&side, "%s-rate", path);
	unlink(side.data);
	unlink(path);
	close(fd);
	buf_free(&side);
}

static void
addresses(void)
{
	static const struct {
		const char *url;
		enum status status;
	} rows[] = {
		{ "https://api.ometria.com/v2", STATUS_OK },
		{ "http://127.0.0.1:8080/v2", STATUS_OK },
		{ "http://[::1]:8080/v2", STATUS_OK },
		{ "http://localhost/v2", STATUS_CONFIG },
		{ "http://api.ometria.com/v2", STATUS_CONFIG },
		{ "http://127.0.0.1.example.com/v2", STATUS_CONFIG },
		{ "http://127.0.0.1@example.com/v2", STATUS_CONFIG },
		{ "https://user:secret@api.ometria.com/v2", STATUS_CONFIG },
		{ "https://api.ometria.com/v2?a=b", STATUS_CONFIG },
		{ "ftp://127.0.0.1/v2", STATUS_CONFIG },
		{ "api.ometria.com/v2", STATUS_CONFIG },
		{ "file:///etc/passwd", STATUS_CONFIG },
		{ "", STATUS_CONFIG },
	};
	struct diag diag;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		IS_INT(client_check_url(rows[i].url, &diag), rows[i].status,
		    rows[i].url);
	client_check_url("https://user:secret@api.ometria.com/v2", &diag);
	OK(strstr(diag.message, "secret") == NULL, "a password is not shown");
}

int
main(void)
{
	answers();
	retry_after();
	headers();
	error_list();
	rule();
	schedules();
	usage();
	shared();
	addresses();
	DONE();
}

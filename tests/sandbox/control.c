#include "control.h"
#include "campaign.h"
#include "fault.h"
#include "page.h"
#include "switch.h"

/* The line that *rest begins with, which it then no longer does. */
static struct str
take_line(struct str *rest)
{
	const char *end = memchr(rest->data, '\n', rest->len);
	struct str line = *rest;

	if (end != NULL)
		line.len = (size_t)(end - rest->data);
	rest->data += line.len + (end != NULL);
	rest->len -= line.len + (end != NULL);
	return line;
}

static void
change_switches(struct store *store, struct str body, struct answer *answer)
{
	struct diag diag = { .status = STATUS_OK };

	(void)store;
	while (body.len > 0 && diag.status == STATUS_OK) {
		struct str line = take_line(&body);

		if (line.len > 0)
			switch_set(line, &diag);
	}
	if (diag.status != STATUS_OK) {
		answer_error(answer, 400, diag.message);
		return;
	}
	switch_list(&answer->body);
}

static void
change_faults(struct store *store, struct str body, struct answer *answer)
{
	struct diag diag = { .status = STATUS_OK };

	(void)store;
	if (fault_set(str_trim(body), &diag) != STATUS_OK)
		answer_error(answer, 400, diag.message);
}

static void
change_clock(struct store *store, struct str body, struct answer *answer)
{
	struct str text = body.len > 0 ? take_line(&body) : body;
	instant now = instant_now();
	char shown[INSTANT_TEXT];
	int64_t step;

	(void)store;
	if (str_starts(text, "+") &&
	    duration_parse((struct str){ text.data + 1, text.len - 1 },
		&step)) {
		now += step / 1000;
	} else if (text.len == 0 || !instant_parse(text, &now)) {
		answer_error(answer, 400, "neither a UTC time nor +DURATION");
		return;
	}
	instant_fix(now);
	buf_add_format(&answer->body, "%s\n", instant_format(now, shown));
}

static void
show_page(struct store *store, struct str body, struct answer *answer)
{
	(void)body;
	answer->type = "text/html; charset=utf-8";
	campaign_tick(store);
	page_print(store, &answer->body);
}

static void
unsubscribe(struct store *store, struct str body, struct answer *answer)
{
	answer_take(store, STORE_UNSUBSCRIBE_ADD, body,
	    "no such source, or nobody has this address", answer);
}

static void
lose(struct store *store, struct str body, struct answer *answer)
{
	answer_take(store, STORE_LOSE_ADD, body, "not a new type and id",
	    answer);
}

static const struct {
	const char *method, *uri;
	void (*answer)(struct store *store, struct str body,
	    struct answer *answer);
} table[] = {
	{ "GET", "/", show_page },
	{ "POST", "/_sandbox/set", change_switches },
	{ "POST", "/_sandbox/fault", change_faults },
	{ "POST", "/_sandbox/now", change_clock },
	{ "POST", "/_sandbox/unsubscribe", unsubscribe },
	{ "POST", "/_sandbox/lose", lose },
	{ "POST", "/_sandbox/campaign", campaign_add },
	{ "POST", "/_sandbox/session", campaign_session },
	{ "GET", "/_sandbox/campaigns", campaign_list },
};

bool
control_answer(struct store *store, const char *method, const char *uri,
    struct str body, struct answer *answer)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(method, table[i].method) == 0 &&
		    strcmp(uri, table[i].uri) == 0) {
			answer->status = 200;
			table[i].answer(store, body, answer);
			return true;
		}
	return false;
}

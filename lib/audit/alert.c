#include "audit/alert.h"

#include "state/deadline.h"
#include "state/outbox.h"
#include "state/outbox_rows.h"

#include "base/instant.h"

/* The texts stand before an age, or behind a count. */
static const struct {
	const char *key;
	bool age;
	const char *text, *many;
	const char *code; /* of an exception, or NULL */
} rules[ALERT_COUNT] = {
	[ALERT_CRITICAL] = { "critical", false,
	    "critical exception is open and not acknowledged",
	    "critical exceptions are open and not acknowledged", NULL },
	[ALERT_HIGH] = { "high", false,
	    "high exception is open and not acknowledged",
	    "high exceptions are open and not acknowledged", NULL },
	[ALERT_MEDIUM] = { "medium", false,
	    "medium exception is open and not acknowledged",
	    "medium exceptions are open and not acknowledged", NULL },
	[ALERT_LOW] = { "low", false,
	    "low exception is open and not acknowledged",
	    "low exceptions are open and not acknowledged", NULL },
	[ALERT_HELD] = { "held", false,
	    "customer is held: orders and events wait for master data",
	    "customers are held: orders and events wait for master data",
	    NULL },
	[ALERT_REFUSED] = { "refused", false,
	    "record was refused by Ometria: sync-audit retry sends it again",
	    "records were refused by Ometria: sync-audit retry sends them "
	    "again",
	    NULL },
	[ALERT_BACKLOG] = { "backlog", false, "record waits for Ometria",
	    "records wait for Ometria", "backlog" },
	[ALERT_OPT_OUT] = { "opt-out", true,
	    "an opt-out or deletion is not confirmed by Ometria for", NULL,
	    NULL },
	[ALERT_OLDEST_FLIP] = { "oldest-flip", true,
	    "a change of availability waits for", NULL, "backlog" },
	[ALERT_OLDEST_PRODUCT] = { "oldest-product", true,
	    "a product waits for", NULL, "backlog" },
	[ALERT_OLDEST_CONTACT] = { "oldest-contact", true,
	    "a contact waits for", NULL, "backlog" },
	[ALERT_OLDEST_ORDER] = { "oldest-order", true, "an order waits for",
	    NULL, "backlog" },
	[ALERT_OLDEST_EVENT] = { "oldest-event", true, "an event waits for",
	    NULL, "backlog" },
	[ALERT_EVENT_AGE] = { "event-age", true,
	    "the age of the oldest waiting event is", NULL, "backlog" },
	[ALERT_UNCONFIRMED] = { "unconfirmed", true,
	    "what Ometria accepted is not confirmed for", NULL, "backlog" },
	[ALERT_UNSETTLED] = { "unsettled", true,
	    "an IDoc has no outcome, and was not touched for", NULL,
	    "balance" },
	[ALERT_NO_RUN] = { "no-run", true, "no run has ended well for", NULL,
	    NULL },
	[ALERT_LATENCY] = { "latency", true,
	    "5 of 100 take longer from SAP to Ometria than", NULL, "latency" },
};

const char *
alert_key(enum alert alert)
{
	return rules[alert].key;
}

const char *
alert_code(enum alert alert)
{
	return rules[alert].code;
}

bool
alert_is_age(enum alert alert)
{
	return rules[alert].age;
}

bool
alert_crossed(const struct alerts *alerts, enum alert alert)
{
	const struct alert_value *value = &alerts->values[alert];

	return value->limit != ALERT_OFF && value->value > value->limit;
}

void
alert_say(struct buf *to, const struct alerts *alerts, enum alert alert)
{
	const struct alert_value *value = &alerts->values[alert];
	char age[32], limit[32];

	if (rules[alert].age) {
		duration_format(value->value, age, sizeof(age));
		duration_format(value->limit, limit, sizeof(limit));
		buf_add_format(to, "%s %s", rules[alert].text, age);
	} else {
		snprintf(limit, sizeof(limit), "%lld", (long long)value->limit);
		buf_add_format(to, "%lld %s", (long long)value->value,
		    value->value == 1 ? rules[alert].text : rules[alert].many);
	}
	if (value->of.len > 0) {
		buf_add_text(to, ": ");
		buf_add_str(to, value->of);
	}
	buf_add_format(to, " (%s = %s)", rules[alert].key, limit);
}

void
alert_limits(struct alerts *alerts, const struct config *config)
{
	for (int alert = 0; alert < ALERT_COUNT; alert++) {
		const char *key = rules[alert].key;
		const char *text = config_text(config, "alert", NULL, key);
		int64_t limit = ALERT_OFF;

		if (text == NULL || strcmp(text, "off") == 0)
			limit = ALERT_OFF;
		else if (rules[alert].age)
			limit =
			    config_duration(config, "alert", NULL, key) / 1000;
		else
			limit = config_number(config, "alert", NULL, key);
		alerts->values[alert] = (struct alert_value){ .limit = limit };
	}
}

static void
grow(struct alerts *alerts, enum alert alert, int64_t now, int64_t since)
{
	struct alert_value *value = &alerts->values[alert];

	if (since != INSTANT_NONE && now - since > value->value)
		value->value = now - since;
}

/* The oldest of a lane that nothing keeps back: no hold, no grace, no refusal.
 * The index gives it first. */
static enum status
read_oldest(struct state *state, int64_t now, enum desired_kind kind,
    enum lane lane, int64_t *since, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT queued_at FROM outbox AS o WHERE kind = ?1 AND lane = ?2"
	    " AND state > 0 AND state <> 3"
	    " AND (withheld IS NULL OR withheld <= ?3) AND NOT " OUTBOX_HELD
	    " ORDER BY queued_at LIMIT 1",
	    diag);
	enum status status;

	*since = INSTANT_NONE;
	sql_int(row, 1, kind);
	sql_int(row, 2, lane);
	sql_time(row, 3, now);
	if (sql_row(state, row, &status, diag))
		*since = sql_get_time(row, 0);
	sqlite3_reset(row);
	return status;
}

static enum status
read_waiting(struct alerts *alerts, struct state *state, int64_t now,
    struct diag *diag)
{
	static const enum alert kinds[DESIRED_KIND_COUNT] = {
		[DESIRED_PRODUCT] = ALERT_OLDEST_PRODUCT,
		[DESIRED_CONTACT] = ALERT_OLDEST_CONTACT,
		[DESIRED_ORDER] = ALERT_OLDEST_ORDER,
		[DESIRED_EVENT] = ALERT_OLDEST_EVENT,
	};
	enum status status = STATUS_OK;

	/* History is to wait. */
	for (int i = 0;
	     i < DESIRED_KIND_COUNT * LANE_BACKFILL && status == STATUS_OK;
	     i++) {
		enum desired_kind kind =
		    (enum desired_kind)(i % DESIRED_KIND_COUNT);
		enum lane lane = (enum lane)(i / DESIRED_KIND_COUNT);
		bool flip = kind == DESIRED_PRODUCT && lane == LANE_URGENT;
		int64_t since;

		status = read_oldest(state, now, kind, lane, &since, diag);
		grow(alerts, flip ? ALERT_OLDEST_FLIP : kinds[kind], now,
		    since);
	}
	return status;
}

static enum status
read_age(struct alerts *alerts, enum alert alert, struct state *state,
    int64_t now, const char *sql, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state, sql, diag);
	enum status status;

	if (sql_row(state, row, &status, diag))
		grow(alerts, alert, now, sql_get_time(row, 0));
	sqlite3_reset(row);
	return status;
}

enum status
alert_read(struct alerts *alerts, struct state *state, int64_t now,
    struct diag *diag)
{
	enum status status = read_waiting(alerts, state, now, diag);
	int64_t since = INSTANT_NONE;

	if (status == STATUS_OK)
		status = read_age(alerts, ALERT_UNCONFIRMED, state, now,
		    "SELECT min(accepted_at) / 1000 FROM outbox"
		    " WHERE accepted_rev > confirmed_rev",
		    diag);
	if (status == STATUS_OK)
		status = read_age(alerts, ALERT_UNSETTLED, state, now,
		    "SELECT min(last_at) FROM idoc WHERE settled = 0"
		    " AND (sights > 0 OR total IS NOT NULL)",
		    diag);
	if (status == STATUS_OK)
		status = deadline_opt_out(state, &since, diag);
	grow(alerts, ALERT_OPT_OUT, now, since);
	return status;
}

#include "audit/metrics.h"

#include "base/instant.h"

static void
head(struct buf *to, const char *name, const char *help)
{
	buf_add_format(to,
	    "# HELP sap_ometria_%s %s\n# TYPE sap_ometria_%s gauge\n", name,
	    help, name);
}

/* A value of a label, in which backslash, quote and line end are escaped. */
static void
label(struct buf *to, const char *name, struct str value)
{
	buf_add_format(to, "%s=\"", name);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (c == '\n')
			buf_add_text(to, "\\n");
		else if (c == '\\' || c == '"')
			buf_add_format(to, "\\%c", c);
		else
			buf_add_char(to, c);
	}
	buf_add_char(to, '"');
}

static void
one(struct buf *to, const char *name, const char *help, int64_t value)
{
	head(to, name, help);
	buf_add_format(to, "sap_ometria_%s %lld\n", name, (long long)value);
}

struct pair {
	const char *name;
	struct str value;
};

static void
sample(struct buf *to, const char *name, const struct pair *labels,
    size_t count, int64_t value)
{
	buf_add_format(to, "sap_ometria_%s{", name);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(to, ',');
		label(to, labels[i].name, labels[i].value);
	}
	buf_add_format(to, "} %lld\n", (long long)value);
}

static void
labelled(struct buf *to, const char *name, const char *first, struct str a,
    const char *second, struct str b, int64_t value)
{
	const struct pair labels[] = { { first, a }, { second, b } };

	sample(to, name, labels, second != NULL ? 2 : 1, value);
}

static struct str
kind_of(int kind)
{
	return str_of(desired_kind_name((enum desired_kind)kind));
}

static void
write_backlog(struct buf *to, const struct health *health, instant now)
{
	head(to, "outbox_records", "records that wait, by kind and why");
	for (int i = 0; i < DESIRED_KIND_COUNT; i++) {
		const struct outbox_backlog *b = &health->backlog[i];
		const struct {
			const char *why;
			uint64_t count;
		} rows[] = {
			{ "pending", b->pending },
			{ "sendable", b->sendable },
			{ "held", b->held },
			{ "withheld", b->withheld },
			{ "refused", b->refused },
			{ "in_flight", b->in_flight },
		};

		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			labelled(to, "outbox_records", "kind", kind_of(i),
			    "state", str_of(rows[j].why),
			    (int64_t)rows[j].count);
	}
	head(to, "outbox_oldest_seconds",
	    "age of the oldest record that waits; of products: of the "
	    "availability flips");
	for (int i = 0; i < DESIRED_KIND_COUNT; i++) {
		int64_t oldest = health->backlog[i].oldest;

		labelled(to, "outbox_oldest_seconds", "kind", kind_of(i), NULL,
		    STR_NONE,
		    health->backlog[i].pending == 0 || oldest == INSTANT_NONE
			? 0
			: now - oldest);
	}
}

static void
write_exceptions(struct buf *to, const struct health *health)
{
	head(to, "exceptions_open", "open exceptions by severity and owner");
	for (size_t i = 0; i < health->exception_count; i++) {
		const struct health_count *row = &health->exceptions[i];

		labelled(to, "exceptions_open", "severity",
		    str_of(severity_name(row->severity)), "owner", row->owner,
		    (int64_t)row->count);
	}
}

static void
write_runs(struct buf *to, const struct health *health)
{
	head(to, "run_started_timestamp_seconds", "when a tool last started");
	for (size_t i = 0; i < health->run_count; i++)
		labelled(to, "run_started_timestamp_seconds", "tool",
		    health->runs[i].tool, NULL, STR_NONE,
		    health->runs[i].started_at);
	head(to, "run_exit_code", "how it ended; -1: it is running or died");
	for (size_t i = 0; i < health->run_count; i++)
		labelled(to, "run_exit_code", "tool", health->runs[i].tool,
		    NULL, STR_NONE,
		    health->runs[i].ended_at == INSTANT_NONE
			? -1
			: (int64_t)health->runs[i].result);
	head(to, "run_records", "what it read, wrote and excepted");
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		labelled(to, "run_records", "tool", run->tool, "what",
		    STR("read"), (int64_t)run->read);
		labelled(to, "run_records", "tool", run->tool, "what",
		    STR("written"), (int64_t)run->written);
		labelled(to, "run_records", "tool", run->tool, "what",
		    STR("excepted"), (int64_t)run->excepted);
	}
}

static void
write_alerts(struct buf *to, const struct alerts *alerts)
{
	head(to, "alert_crossed", "whether a threshold of [alert] is crossed");
	for (int i = 0; i < ALERT_COUNT; i++)
		labelled(to, "alert_crossed", "alert",
		    str_of(alert_key((enum alert)i)), NULL, STR_NONE,
		    alert_crossed(alerts, (enum alert)i));
	head(to, "alert_value",
	    "what is measured: records, or seconds of an age");
	for (int i = 0; i < ALERT_COUNT; i++)
		labelled(to, "alert_value", "alert",
		    str_of(alert_key((enum alert)i)), NULL, STR_NONE,
		    alerts->values[i].value);
}

static void
write_figures(struct buf *to, struct str mestyp, enum latency_stage stage,
    const struct figures *figures)
{
	const struct {
		struct str quantile;
		int64_t value;
	} rows[] = { { STR("0.5"), figures->p50 },
		{ STR("0.95"), figures->p95 }, { STR("0.99"), figures->p99 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct pair labels[] = { { "message", mestyp },
			{ "stage", str_of(latency_stage_name(stage)) },
			{ "quantile", rows[i].quantile } };

		sample(to, "latency_seconds", labels, 3, rows[i].value);
	}
}

static void
write_latency(struct buf *to, const struct latency *latency)
{
	head(to, "latency_seconds",
	    "time from stage to stage, of IDocs read in the last day");
	for (size_t i = 0; i < latency->count; i++)
		for (int n = 0; n < LATENCY_STAGES; n++) {
			const struct latency_type *type = &latency->types[i];

			if (type->stages[n].count > 0)
				write_figures(to, type->mestyp,
				    (enum latency_stage)n, &type->stages[n]);
		}
}

static void
write_flow(struct buf *to, const struct flow *flow)
{
	head(to, "run_good_timestamp_seconds",
	    "when the last run ended that ended well");
	for (size_t i = 0; i < flow->tool_count; i++)
		if (flow->tools[i].good_at != INSTANT_NONE)
			labelled(to, "run_good_timestamp_seconds", "tool",
			    flow->tools[i].tool, NULL, STR_NONE,
			    flow->tools[i].good_at);
	head(to, "run_spent_milliseconds",
	    "what runs of the last day spent their time on");
	for (size_t i = 0; i < flow->tool_count; i++)
		for (int time = 0; time < FLOW_TIMES; time++)
			labelled(to, "run_spent_milliseconds", "tool",
			    flow->tools[i].tool, "on",
			    str_of(flow_time_name((enum flow_time)time)),
			    flow->tools[i].spent[time]);
	one(to, "idocs_hour", "IDocs read in the last hour",
	    (int64_t)flow->hour.idocs);
	one(to, "accepted_records_hour", "records accepted in the last hour",
	    (int64_t)flow->hour.records);
	one(to, "events_late_day", "events accepted too late for automations",
	    (int64_t)flow->events_late);
}

void
metrics_write(struct buf *to, const struct health *health, instant now)
{
	one(to, "up", "whether the state could be read", health != NULL);
	one(to, "written_timestamp_seconds", "when this was written", now);
	if (health == NULL)
		return;
	one(to, "verdict", "0 healthy, 1 attention, 2 broken", health->verdict);
	write_backlog(to, health, now);
	one(to, "unconfirmed_records", "accepted and not confirmed yet",
	    (int64_t)health->unconfirmed);
	one(to, "idocs_open", "IDocs without all outcomes",
	    (int64_t)health->open_idocs);
	one(to, "idocs_stale", "of them, not touched for [alert] unsettled",
	    (int64_t)health->stale_idocs);
	one(to, "customers_held", "customers of whom nothing leaves",
	    (int64_t)health->held);
	write_exceptions(to, health);
	write_runs(to, health);
	write_alerts(to, &health->alerts);
	write_latency(to, &health->latency);
	write_flow(to, &health->flow);
}

#include "audit/health.h"

#include "base/jsonw.h"

static void
json_reasons(struct jsonw *w, const struct health *health)
{
	struct str rest = buf_str(&health->reasons);

	jsonw_key(w, "reasons");
	jsonw_open(w, '[');
	while (rest.len > 0) {
		const char *end = memchr(rest.data, '\n', rest.len);
		size_t len = (size_t)(end - rest.data);

		jsonw_str(w, (struct str){ rest.data, len });
		rest.data += len + 1;
		rest.len -= len + 1;
	}
	jsonw_close(w, ']');
}

static void
json_backlog(struct jsonw *w, const struct health *health)
{
	jsonw_key(w, "backlog");
	jsonw_open(w, '{');
	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++) {
		const struct outbox_backlog *row = &health->backlog[kind];

		jsonw_key(w, desired_kind_name((enum desired_kind)kind));
		jsonw_open(w, '{');
		jsonw_member_int(w, "waiting", (int64_t)row->pending);
		jsonw_member_int(w, "sendable", (int64_t)row->sendable);
		jsonw_member_int(w, "in_flight", (int64_t)row->in_flight);
		jsonw_member_int(w, "held", (int64_t)row->held);
		jsonw_member_int(w, "withheld", (int64_t)row->withheld);
		jsonw_member_int(w, "refused", (int64_t)row->refused);
		jsonw_member_time(w, "oldest", row->oldest);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
	jsonw_member_int(w, "unconfirmed", (int64_t)health->unconfirmed);
	jsonw_member_int(w, "open_idocs", (int64_t)health->open_idocs);
}

static void
json_holds(struct jsonw *w, const struct health *health)
{
	jsonw_member_int(w, "held", (int64_t)health->held);
	jsonw_key(w, "holds");
	jsonw_open(w, '[');
	for (size_t i = 0; i < health->hold_count; i++) {
		jsonw_open(w, '{');
		jsonw_member(w, "customer", health->holds[i].customer);
		jsonw_member(w, "because_of", health->holds[i].mestyp);
		jsonw_member_time(w, "since", health->holds[i].since);
		jsonw_member_int(w, "waiting",
		    (int64_t)health->holds[i].waiting);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
json_exceptions(struct jsonw *w, const struct health *health)
{
	jsonw_key(w, "exceptions");
	jsonw_open(w, '[');
	for (size_t i = 0; i < health->exception_count; i++) {
		const struct health_count *row = &health->exceptions[i];

		jsonw_open(w, '{');
		jsonw_member(w, "severity",
		    str_of(severity_name(row->severity)));
		jsonw_member(w, "owner", row->owner);
		jsonw_member_int(w, "open", (int64_t)row->count);
		jsonw_member_int(w, "acknowledged", (int64_t)row->acked);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Milliseconds of the last day, by what they were spent on. */
static void
json_tool(struct jsonw *w, const struct flow_tool *tool)
{
	jsonw_member_time(w, "good_at", tool->good_at);
	jsonw_key(w, "spent_ms");
	jsonw_open(w, '{');
	for (int time = 0; time < FLOW_TIMES; time++)
		jsonw_member_int(w, flow_time_name((enum flow_time)time),
		    tool->spent[time]);
	jsonw_close(w, '}');
}

static void
json_runs(struct jsonw *w, const struct health *health)
{
	jsonw_key(w, "runs");
	jsonw_open(w, '[');
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		jsonw_open(w, '{');
		jsonw_member(w, "tool", run->tool);
		jsonw_member(w, "result", str_of(health_run_end(run)));
		jsonw_member_time(w, "started_at", run->started_at);
		jsonw_member_time(w, "ended_at", run->ended_at);
		if (run->ended_at != INSTANT_NONE)
			jsonw_member_int(w, "exit_code", run->result);
		jsonw_member_int(w, "read", (int64_t)run->read);
		jsonw_member_int(w, "written", (int64_t)run->written);
		jsonw_member_int(w, "excepted", (int64_t)run->excepted);
		jsonw_member_int(w, "duplicates", (int64_t)run->duplicates);
		if (run->flow != NULL)
			json_tool(w, run->flow);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
json_alerts(struct jsonw *w, const struct alerts *alerts)
{
	jsonw_key(w, "alerts");
	jsonw_open(w, '[');
	for (int i = 0; i < ALERT_COUNT; i++) {
		enum alert alert = (enum alert)i;
		const struct alert_value *value = &alerts->values[i];

		jsonw_open(w, '{');
		jsonw_member(w, "key", str_of(alert_key(alert)));
		jsonw_member(w, "unit",
		    alert_is_age(alert) ? STR("seconds") : STR("count"));
		jsonw_member_int(w, "value", value->value);
		if (value->limit != ALERT_OFF)
			jsonw_member_int(w, "limit", value->limit);
		jsonw_member_bool(w, "crossed", alert_crossed(alerts, alert));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
json_figures(struct jsonw *w, const char *key, const struct figures *figures)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_member_int(w, "count", (int64_t)figures->count);
	jsonw_member_int(w, "p50", figures->p50);
	jsonw_member_int(w, "p95", figures->p95);
	jsonw_member_int(w, "p99", figures->p99);
	jsonw_close(w, '}');
}

static void
json_latency(struct jsonw *w, const struct latency *latency)
{
	jsonw_key(w, "latency");
	jsonw_open(w, '[');
	for (size_t i = 0; i < latency->count; i++) {
		const struct latency_type *type = &latency->types[i];

		jsonw_open(w, '{');
		jsonw_member(w, "message", type->mestyp);
		for (int stage = 0; stage < LATENCY_STAGES; stage++)
			json_figures(w,
			    latency_stage_name((enum latency_stage)stage),
			    &type->stages[stage]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void
json_bottleneck(struct jsonw *w, const struct health_bottleneck *bottleneck)
{
	if (bottleneck->stage == LATENCY_ALL)
		return;
	jsonw_key(w, "bottleneck");
	jsonw_open(w, '{');
	jsonw_member(w, "stage", str_of(latency_stage_name(bottleneck->stage)));
	jsonw_member_int(w, "percent", bottleneck->percent);
	if (bottleneck->tool != NULL) {
		jsonw_member(w, "tool", bottleneck->tool->tool);
		jsonw_member(w, "mostly",
		    str_of(flow_time_name(flow_mostly(bottleneck->tool))));
	}
	jsonw_close(w, '}');
}

static void
json_span(struct jsonw *w, const char *key, const struct flow_span *span)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_member_int(w, "idocs", (int64_t)span->idocs);
	jsonw_member_int(w, "records", (int64_t)span->records);
	jsonw_member_int(w, "requests", (int64_t)span->requests);
	jsonw_close(w, '}');
}

static void
json_flow(struct jsonw *w, const struct flow *flow)
{
	json_span(w, "last_hour", &flow->hour);
	json_span(w, "last_day", &flow->day);
	json_figures(w, "event_age", &flow->event_age);
	jsonw_member_int(w, "events_late", (int64_t)flow->events_late);
	jsonw_member_time(w, "oldest_event", flow->oldest_event);
}

void
health_write_json(struct buf *to, const struct health *health)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member(&w, "verdict", str_of(verdict_name(health->verdict)));
	json_reasons(&w, health);
	json_backlog(&w, health);
	json_holds(&w, health);
	json_exceptions(&w, health);
	json_runs(&w, health);
	json_alerts(&w, &health->alerts);
	json_latency(&w, &health->latency);
	json_bottleneck(&w, &health->bottleneck);
	json_flow(&w, &health->flow);
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
}

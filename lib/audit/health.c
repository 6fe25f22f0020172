#include <stdarg.h>

#include "audit/health.h"

#include "state/delivery.h"
#include "state/outbox_rows.h"
#include "state/run.h"

#include "base/instant.h"

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "healthy", "attention", "broken" };

	return names[verdict];
}

static enum status
read_runs(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT tool, started_at, ended_at, result, read, written,"
	    " excepted, duplicates, id FROM run WHERE id IN"
	    " (SELECT max(id) FROM run GROUP BY tool) ORDER BY id",
	    diag);
	enum status status;

	while (sql_row(state, statement, &status, diag)) {
		struct health_run *run = &health->runs[health->run_count];

		if (health->run_count == HEALTH_ROWS)
			continue;
		health->run_count++;
		run->tool =
		    arena_str(&health->arena, sql_get_text(statement, 0));
		run->flow = flow_tool_find(&health->flow, run->tool.data);
		run->started_at = sql_get_time(statement, 1);
		run->ended_at = sql_get_time(statement, 2);
		run->result = (enum status)sql_get_int(statement, 3);
		run->read = (uint64_t)sql_get_int(statement, 4);
		run->written = (uint64_t)sql_get_int(statement, 5);
		run->excepted = (uint64_t)sql_get_int(statement, 6);
		run->duplicates = (uint64_t)sql_get_int(statement, 7);
		run->running = run->ended_at == INSTANT_NONE &&
			       run_is_alive(state, sql_get_int(statement, 8));
	}
	return status;
}

/*
 * What waits behind a hold bears the customer's number or, without one, the
 * customer's e-mail (outbox_rows.h); those without are read once for all holds.
 */
static enum status
read_holds(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "WITH person(customer, email) AS MATERIALIZED("
	    "  SELECT DISTINCT p.customer, lower(p.email) FROM hold"
	    "  JOIN customer AS p ON p.customer = hold.customer"
	    "  WHERE p.email IS NOT NULL),"
	    " guest(customer, rows) AS MATERIALIZED("
	    "  SELECT person.customer, count(*) FROM outbox AS o"
	    "  JOIN person ON person.email = " OUTBOX_EMAIL
	    "  WHERE o.state > 0 AND o.state <> 3 AND o.kind >= 2"
	    "  AND o.customer IS NULL GROUP BY person.customer)"
	    " SELECT hold.customer, mestyp, set_at,"
	    "  (SELECT count(DISTINCT customer) FROM hold),"
	    "  (SELECT count(*) FROM outbox AS o WHERE o.state > 0"
	    "   AND o.state <> 3 AND o.kind >= 2 AND o.customer IS NOT NULL"
	    "   AND o.customer = hold.customer) + coalesce(guest.rows, 0)"
	    " FROM hold LEFT JOIN guest ON guest.customer = hold.customer"
	    " ORDER BY set_at, hold.customer LIMIT ?1",
	    diag);
	enum status status;

	sql_int(statement, 1, HEALTH_ROWS);
	while (sql_row(state, statement, &status, diag)) {
		health->holds[health->hold_count++] = (struct health_hold){
			.customer = arena_str(&health->arena,
			    sql_get_text(statement, 0)),
			.mestyp = arena_str(&health->arena,
			    sql_get_text(statement, 1)),
			.since = sql_get_time(statement, 2),
			.waiting = (uint64_t)sql_get_int(statement, 4),
		};
		health->held = (uint64_t)sql_get_int(statement, 3);
	}
	return status;
}

static enum status
read_exceptions(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT severity, owner, count(*), sum(acked_at IS NOT NULL)"
	    " FROM exception WHERE open = 1 GROUP BY severity, owner"
	    " ORDER BY severity DESC, owner LIMIT ?1",
	    diag);
	enum status status;

	sql_int(statement, 1, HEALTH_ROWS);
	while (sql_row(state, statement, &status, diag))
		health->exceptions[health->exception_count++] =
		    (struct health_count){
			    .severity =
				(enum severity)sql_get_int(statement, 0),
			    .owner = arena_str(&health->arena,
				sql_get_text(statement, 1)),
			    .count = (uint64_t)sql_get_int(statement, 2),
			    .acked = (uint64_t)sql_get_int(statement, 3),
		    };
	return status;
}

static enum status
read_idocs(struct health *health, struct state *state, int64_t now,
    struct diag *diag)
{
	int64_t limit = health->alerts.values[ALERT_UNSETTLED].limit;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*), coalesce(sum(last_at < ?1), 0) FROM idoc"
	    " WHERE settled = 0 AND (sights > 0 OR total IS NOT NULL)",
	    diag);
	enum status status;

	sql_int(statement, 1, limit == ALERT_OFF ? INT64_MIN : now - limit);
	if (sql_row(state, statement, &status, diag)) {
		health->open_idocs = (uint64_t)sql_get_int(statement, 0);
		health->stale_idocs = (uint64_t)sql_get_int(statement, 1);
	}
	sqlite3_reset(statement);
	return status;
}

static void reason(struct health *health, enum verdict verdict,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
reason(struct health *health, enum verdict verdict, const char *format, ...)
{
	char text[200];
	va_list args;

	if (verdict > health->verdict)
		health->verdict = verdict;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_add_text(&health->reasons, text);
	buf_add_char(&health->reasons, '\n');
}

static enum verdict
run_verdict(const struct health_run *run)
{
	if (run->running || run->result == STATUS_FINDINGS)
		return VERDICT_HEALTHY;
	if (run->ended_at == INSTANT_NONE ||
	    run->result == STATUS_UNAVAILABLE ||
	    run->result == STATUS_TRY_AGAIN)
		return VERDICT_ATTENTION;
	return run->result == STATUS_OK ? VERDICT_HEALTHY : VERDICT_BROKEN;
}

static void
judge_runs(struct health *health, enum verdict verdict)
{
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		if (run_verdict(run) != verdict)
			continue;
		if (run->ended_at == INSTANT_NONE)
			reason(health, verdict,
			    "the last run of %.*s was killed: run it again",
			    STR_ARGS(run->tool));
		else
			reason(health, verdict,
			    "the last run of %.*s ended with exit code %d: %s",
			    STR_ARGS(run->tool), (int)run->result,
			    status_text(run->result));
	}
}

static void
measure_counts(struct health *health)
{
	static const enum alert alerts[] = {
		[SEVERITY_LOW] = ALERT_LOW,
		[SEVERITY_MEDIUM] = ALERT_MEDIUM,
		[SEVERITY_HIGH] = ALERT_HIGH,
		[SEVERITY_CRITICAL] = ALERT_CRITICAL,
	};
	struct alert_value *values = health->alerts.values;

	for (size_t i = 0; i < health->exception_count; i++) {
		const struct health_count *row = &health->exceptions[i];

		values[alerts[row->severity]].value +=
		    (int64_t)(row->count - row->acked);
	}
	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++) {
		const struct outbox_backlog *row = &health->backlog[kind];

		values[ALERT_REFUSED].value += (int64_t)row->refused;
		values[ALERT_BACKLOG].value += (int64_t)row->pending;
	}
	values[ALERT_HELD].value = (int64_t)health->held;
	if (health->stale_idocs > 0)
		values[ALERT_UNSETTLED].of = arena_str(&health->arena,
		    STR("'sync-audit balance' names all"));
}

/*
 * The ends of the line: nothing comes in, or nothing leaves; of one that never
 * ended well, since when it has been tried.
 */
static void
measure_runs(struct health *health, int64_t now)
{
	static const char *const ends[] = { "idoc-parse", "ometria-push" };
	struct alert_value *worst = &health->alerts.values[ALERT_NO_RUN];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const struct flow_tool *tool =
		    flow_tool_find(&health->flow, ends[i]);
		int64_t since;

		if (tool == NULL)
			continue;
		since = tool->good_at != INSTANT_NONE ? tool->good_at
						      : tool->first_at;
		if (now - since <= worst->value)
			continue;
		worst->value = now - since;
		worst->of = tool->tool;
	}
}

static void
measure_latency(struct health *health, int64_t now)
{
	struct alert_value *values = health->alerts.values;
	int64_t happened = health->flow.oldest_event;

	for (size_t i = 0; i < health->latency.count; i++) {
		const struct latency_type *type = &health->latency.types[i];
		int64_t p95 = type->stages[LATENCY_ALL].p95;

		if (p95 <= values[ALERT_LATENCY].value)
			continue;
		values[ALERT_LATENCY].value = p95;
		values[ALERT_LATENCY].of = type->mestyp;
	}
	if (happened != INSTANT_NONE && happened < now)
		values[ALERT_EVENT_AGE].value = now - happened;
}

/* The aggregator that was at it for longest. */
static const struct flow_tool *
busiest_aggregator(const struct flow *flow)
{
	const struct flow_tool *busiest = NULL;
	int64_t most = -1;

	for (size_t i = 0; i < flow->tool_count; i++) {
		const struct flow_tool *tool = &flow->tools[i];
		int64_t busy = tool->total - tool->spent[FLOW_INPUT];

		if (!str_ends(tool->tool, "-aggregate") || busy <= most)
			continue;
		most = busy;
		busiest = tool;
	}
	return busiest;
}

static void
find_bottleneck(struct health *health)
{
	struct health_bottleneck *bottleneck = &health->bottleneck;
	const int64_t *spent = health->latency.spent;
	int64_t all = 0;

	bottleneck->stage = latency_slowest(&health->latency);
	if (bottleneck->stage == LATENCY_ALL)
		return;
	for (int stage = LATENCY_PARSED; stage <= LATENCY_ACCEPTED; stage++)
		all += spent[stage];
	bottleneck->percent = (int)(spent[bottleneck->stage] * 100 / all);
	if (bottleneck->stage == LATENCY_FOLDED)
		bottleneck->tool = busiest_aggregator(&health->flow);
	else
		bottleneck->tool = flow_tool_find(&health->flow,
		    bottleneck->stage == LATENCY_PARSED ? "idoc-parse"
							: "ometria-push");
}

static void
judge_alerts(struct health *health)
{
	struct buf text = BUF_INIT;

	for (int alert = 0; alert < ALERT_COUNT; alert++) {
		if (!alert_crossed(&health->alerts, (enum alert)alert))
			continue;
		buf_clear(&text);
		alert_say(&text, &health->alerts, (enum alert)alert);
		reason(health, VERDICT_ATTENTION, "%s", text.data);
	}
	buf_free(&text);
}

static enum status
judge_key(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM exception WHERE open = 1"
	    " AND code = 'push-refused-key' LIMIT 1",
	    diag);
	enum status status;

	if (sql_row(state, statement, &status, diag))
		reason(health, VERDICT_BROKEN, "Ometria refuses the API key");
	sqlite3_reset(statement);
	return status;
}

static enum status
read_all(struct health *health, struct state *state, int64_t now,
    struct diag *diag)
{
	int64_t since = now - FLOW_DAY;
	enum status status =
	    flow_read(&health->flow, state, now, &health->arena, diag);

	if (status == STATUS_OK)
		status = read_runs(health, state, diag);
	if (status == STATUS_OK)
		status = read_holds(health, state, diag);
	if (status == STATUS_OK)
		status = read_exceptions(health, state, diag);
	if (status == STATUS_OK)
		status = read_idocs(health, state, now, diag);
	if (status == STATUS_OK)
		status =
		    delivery_unconfirmed(state, &health->unconfirmed, diag);
	if (status == STATUS_OK)
		status = latency_read(&health->latency, state, since,
		    &health->arena, diag);
	for (int kind = 0; kind < DESIRED_KIND_COUNT && status == STATUS_OK;
	     kind++)
		status = outbox_backlog(state, (enum desired_kind)kind,
		    &health->backlog[kind], diag);
	return status;
}

enum status
health_read(struct health *health, struct state *state, struct diag *diag)
{
	int64_t now = instant_now();
	enum status status;

	*health = (struct health){ .arena = ARENA_INIT };
	alert_limits(&health->alerts, state_config(state));
	status = read_all(health, state, now, diag);
	if (status == STATUS_OK)
		status = alert_read(&health->alerts, state, now, diag);
	if (status == STATUS_OK)
		status = judge_key(health, state, diag);
	if (status != STATUS_OK)
		return status;
	measure_counts(health);
	measure_runs(health, now);
	measure_latency(health, now);
	find_bottleneck(health);
	judge_runs(health, VERDICT_BROKEN);
	judge_runs(health, VERDICT_ATTENTION);
	judge_alerts(health);
	return STATUS_OK;
}

void
health_free(struct health *health)
{
	buf_free(&health->reasons);
	arena_free(&health->arena);
}

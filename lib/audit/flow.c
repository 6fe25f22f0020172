#include "audit/flow.h"

#include "record/desired.h"
#include "state/delivery_result.h"
#include "state/run.h"

#include "base/instant.h"

const char *
flow_time_name(enum flow_time time)
{
	static const char *const names[] = { "input", "state", "network",
		"rate", "work" };

	return names[time];
}

enum flow_time
flow_mostly(const struct flow_tool *tool)
{
	enum flow_time most = FLOW_WORK;

	for (int time = 0; time < FLOW_TIMES; time++)
		if (tool->spent[time] > tool->spent[most])
			most = (enum flow_time)time;
	return most;
}

const struct flow_tool *
flow_tool_find(const struct flow *flow, const char *tool)
{
	for (size_t i = 0; i < flow->tool_count; i++)
		if (str_is(flow->tools[i].tool, tool))
			return &flow->tools[i];
	return NULL;
}

_Static_assert(DELIVERY_ACCEPTED == 1, "a number in the SQL below");

static enum status
read_accepted(struct flow *flow, struct state *state, int64_t now,
    struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT coalesce(sum(records) FILTER (WHERE ended_at >= ?2), 0),"
	    " count(*) FILTER (WHERE ended_at >= ?2),"
	    " coalesce(sum(records), 0), count(*)"
	    " FROM delivery WHERE result = 1 AND ended_at >= ?1",
	    diag);
	enum status status;

	sql_time(row, 1, now - FLOW_DAY);
	sql_time(row, 2, now - FLOW_HOUR);
	if (sql_row(state, row, &status, diag)) {
		flow->hour.records = (uint64_t)sql_get_int(row, 0);
		flow->hour.requests = (uint64_t)sql_get_int(row, 1);
		flow->day.records = (uint64_t)sql_get_int(row, 2);
		flow->day.requests = (uint64_t)sql_get_int(row, 3);
	}
	sqlite3_reset(row);
	return status;
}

/* Newest first, as there is no index by time. */
static enum status
read_parsed(struct flow *flow, struct state *state, int64_t now,
    struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT first_at FROM idoc ORDER BY id DESC", diag);
	enum status status;

	while (sql_row(state, row, &status, diag)) {
		int64_t first_at = sql_get_time(row, 0);

		if (first_at < now - FLOW_DAY)
			break;
		flow->day.idocs++;
		flow->hour.idocs += first_at >= now - FLOW_HOUR;
	}
	sqlite3_reset(row);
	return status;
}

/* The runs of a tool that were under way in the last day. */
static enum status
read_runs(struct flow_tool *tool, struct state *state, int64_t now,
    struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT started_at, ended_at, wait_input, wait_state,"
	    " wait_network, wait_rate, id FROM run WHERE tool = ?1"
	    " ORDER BY id DESC",
	    diag);
	enum status status;

	sql_text(row, 1, tool->tool);
	while (sql_row(state, row, &status, diag)) {
		int64_t ended_at = sql_get_time(row, 1), waited = 0, total;
		bool running = false;

		if (ended_at == INSTANT_NONE) {
			if (!run_is_alive(state, sql_get_int(row, 6)))
				continue;
			tool->good_at = ended_at = now;
			running = true;
		}
		if (ended_at < now - FLOW_DAY)
			break;
		for (int time = FLOW_INPUT; time <= FLOW_RATE; time++) {
			tool->spent[time] += sql_get_int(row, time + 2);
			waited += sql_get_int(row, time + 2);
		}
		/* It tells what it waited for when it commits. */
		if (running && waited == 0)
			continue;
		/* Runs are timed by the second, waits by the millisecond. */
		total = (ended_at - sql_get_time(row, 0)) * 1000;
		if (total < waited)
			total = waited;
		tool->spent[FLOW_WORK] += total - waited;
		tool->total += total;
	}
	sqlite3_reset(row);
	return status;
}

_Static_assert(STATUS_OK == 0 && STATUS_FINDINGS == 1,
    "numbers in the SQL below");

static enum status
read_tools(struct flow *flow, struct state *state, int64_t now,
    struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT tool, (SELECT ended_at FROM run AS g WHERE g.tool = r.tool"
	    "  AND result IN (0, 1) ORDER BY id DESC LIMIT 1),"
	    " min(started_at) FROM run AS r"
	    " GROUP BY tool ORDER BY max(id)",
	    diag);
	enum status status;

	while (sql_row(state, row, &status, diag))
		if (flow->tool_count < FLOW_TOOLS)
			flow->tools[flow->tool_count++] = (struct flow_tool){
				.tool = arena_str(arena, sql_get_text(row, 0)),
				.good_at = sql_get_time(row, 1),
				.first_at = sql_get_time(row, 2),
			};
	for (size_t i = 0; i < flow->tool_count && status == STATUS_OK; i++)
		status = read_runs(&flow->tools[i], state, now, diag);
	return status;
}

static enum status
read_event_ages(struct flow *flow, struct state *state, int64_t now,
    struct diag *diag)
{
	struct histogram *ages = mem_zero(1, sizeof(*ages));
	sqlite3_stmt *row = state_sql(state,
	    "SELECT d.ended_at - unixepoch(json_extract(o.body, '$.at')) AS age"
	    " FROM delivery AS d JOIN delivery_record AS m ON m.delivery = d.id"
	    " JOIN outbox AS o ON o.kind = d.kind AND o.id = m.id"
	    " WHERE d.kind = 3 AND d.result = 1 AND d.ended_at >= ?1"
	    " AND m.refused = 0 AND json_valid(o.body) AND age IS NOT NULL"
	    " ORDER BY d.id DESC LIMIT ?2",
	    diag);
	enum status status;

	sql_time(row, 1, now - FLOW_DAY);
	sql_int(row, 2, FLOW_EVENTS);
	while (sql_row(state, row, &status, diag)) {
		histogram_add(ages, sql_get_int(row, 0));
		flow->events_late += sql_get_int(row, 0) > DESIRED_EVENT_LATE;
	}
	flow->event_age = histogram_figures(ages);
	free(ages);
	return status;
}

static enum status
read_oldest_event(struct flow *flow, struct state *state, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT min(unixepoch(json_extract(body, '$.at'))) FROM outbox"
	    " WHERE kind = 3 AND state > 0 AND state <> 3 AND json_valid(body)",
	    diag);
	enum status status;

	if (sql_row(state, row, &status, diag))
		flow->oldest_event = sql_get_time(row, 0);
	sqlite3_reset(row);
	return status;
}

enum status
flow_read(struct flow *flow, struct state *state, int64_t now,
    struct arena *arena, struct diag *diag)
{
	enum status status;

	*flow = (struct flow){ .oldest_event = INSTANT_NONE };
	status = read_accepted(flow, state, now, diag);
	if (status == STATUS_OK)
		status = read_parsed(flow, state, now, diag);
	if (status == STATUS_OK)
		status = read_tools(flow, state, now, arena, diag);
	if (status == STATUS_OK)
		status = read_event_ages(flow, state, now, diag);
	if (status == STATUS_OK)
		status = read_oldest_event(flow, state, diag);
	return status;
}

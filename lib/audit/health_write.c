#include "audit/health.h"

#include "audit/table.h"

#include "base/instant.h"

/* A tool that ran for so short a time does not hold anything up by what it
 * waits for: it is not started often enough. */
#define SELDOM_MS (15 * 60 * 1000)

/* The words of the screen for the kinds of enum desired_kind. */
static const char *const kinds[] = { "products", "contacts", "orders",
	"events" };

static struct str
age_of(int64_t since, char *to, size_t size)
{
	if (since == INSTANT_NONE)
		return STR("-");
	duration_format(instant_now() - since, to, size);
	return str_of(to);
}

/* The screen that is written. */
struct screen {
	struct buf *to;
	const struct health *health;
	bool colour;
};

static void
start(struct table *table, const struct screen *screen, size_t columns)
{
	table_start(table, columns);
	table->bold = screen->colour;
}

/* The first reason stands beside the verdict: who looks at one line alone, as
 * monitoring does, sees it. */
static void
write_verdict(const struct screen *screen)
{
	static const char *const colours[] = { "\033[1;32m", "\033[1;33m",
		"\033[1;31m" };
	const struct health *health = screen->health;
	struct str rest = buf_str(&health->reasons);
	struct buf *to = screen->to;

	buf_add_format(to, "%s%s%s",
	    screen->colour ? colours[health->verdict] : "",
	    verdict_name(health->verdict), screen->colour ? TABLE_PLAIN : "");
	buf_add_text(to, rest.len > 0 ? ": " : "\n");
	while (rest.len > 0) {
		const char *end = memchr(rest.data, '\n', rest.len);
		size_t len = (size_t)(end - rest.data) + 1;

		buf_add(to, rest.data, len);
		rest = str_from(rest, len);
		if (rest.len > 0)
			buf_add_text(to, "  ");
	}
}

static void
write_backlog(const struct screen *screen)
{
	const struct health *health = screen->health;
	struct buf *to = screen->to;
	static const char *const heads[] = { "waiting", "sendable", "in flight",
		"held", "withheld", "refused" };
	struct table table;
	char age[32];

	start(&table, screen, 8);
	table_text(&table, STR("for Ometria"));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		table_head(&table, heads[i]);
	table_head(&table, "oldest");
	for (size_t kind = 0; kind < DESIRED_KIND_COUNT; kind++) {
		const struct outbox_backlog *row = &health->backlog[kind];

		table_text(&table, str_of(kinds[kind]));
		table_number(&table, row->pending);
		table_number(&table, row->sendable);
		table_number(&table, row->in_flight);
		table_number(&table, row->held);
		table_number(&table, row->withheld);
		table_number(&table, row->refused);
		table_head(&table, age_of(row->oldest, age, sizeof(age)).data);
	}
	buf_add_char(to, '\n');
	table_write(&table, to, 0);
	if (health->unconfirmed > 0)
		buf_add_format(to, "accepted and not yet confirmed: %llu\n",
		    (unsigned long long)health->unconfirmed);
	if (health->open_idocs > 0)
		buf_add_format(to, "IDocs without all outcomes: %llu\n",
		    (unsigned long long)health->open_idocs);
}

static void
write_holds(const struct screen *screen)
{
	const struct health *health = screen->health;
	struct buf *to = screen->to;
	struct table table;
	char age[32];

	if (health->hold_count == 0)
		return;
	start(&table, screen, 4);
	table_text(&table, STR("held customer"));
	table_text(&table, STR("because of"));
	table_head(&table, "waiting");
	table_head(&table, "for");
	for (size_t i = 0; i < health->hold_count; i++) {
		const struct health_hold *hold = &health->holds[i];

		table_text(&table, hold->customer);
		table_text(&table, hold->mestyp);
		table_number(&table, hold->waiting);
		table_head(&table, age_of(hold->since, age, sizeof(age)).data);
	}
	buf_add_char(to, '\n');
	table_write(&table, to, 0);
	if (health->held > health->hold_count)
		buf_add_format(to, "of %llu held customers\n",
		    (unsigned long long)health->held);
}

static void
write_exceptions(const struct screen *screen)
{
	const struct health *health = screen->health;
	struct buf *to = screen->to;
	struct table table;

	if (health->exception_count == 0)
		return;
	start(&table, screen, 4);
	table_text(&table, STR("exceptions"));
	table_text(&table, STR("owner"));
	table_head(&table, "open");
	table_head(&table, "acknowledged");
	for (size_t i = 0; i < health->exception_count; i++) {
		const struct health_count *row = &health->exceptions[i];

		table_text(&table, str_of(severity_name(row->severity)));
		table_text(&table, row->owner);
		table_number(&table, row->count);
		table_number(&table, row->acked);
	}
	buf_add_char(to, '\n');
	table_write(&table, to, 0);
}

const char *
health_run_end(const struct health_run *run)
{
	if (run->running)
		return "running";
	if (run->ended_at == INSTANT_NONE)
		return "killed";
	if (run->result == STATUS_OK)
		return "done";
	if (run->result == STATUS_FINDINGS)
		return "findings";
	return "failed";
}

/* "2s/5s/1m": half of them, 95 and 99 of 100 take no longer. */
static void
add_figures(struct table *table, const struct figures *figures)
{
	char texts[3][32];
	struct buf cell = BUF_INIT;

	duration_format(figures->p50, texts[0], sizeof(texts[0]));
	duration_format(figures->p95, texts[1], sizeof(texts[1]));
	duration_format(figures->p99, texts[2], sizeof(texts[2]));
	if (figures->count == 0)
		buf_add_char(&cell, '-');
	else
		buf_add_format(&cell, "%s/%s/%s", texts[0], texts[1], texts[2]);
	table_head(table, cell.data);
	buf_free(&cell);
}

static void
write_latency(const struct screen *screen)
{
	static const enum latency_stage stages[] = { LATENCY_PARSED,
		LATENCY_FOLDED, LATENCY_SENT, LATENCY_ACCEPTED, LATENCY_ALL,
		LATENCY_VERIFIED };
	const struct latency *latency = &screen->health->latency;
	size_t count = sizeof(stages) / sizeof(stages[0]);
	struct table table;

	if (latency->count == 0)
		return;
	start(&table, screen, count + 1);
	table_text(&table, STR("p50/p95/p99"));
	for (size_t i = 0; i < count; i++)
		table_head(&table, latency_stage_name(stages[i]));
	for (size_t i = 0; i < latency->count; i++) {
		const struct latency_type *type = &latency->types[i];

		table_text(&table, type->mestyp);
		for (size_t j = 0; j < count; j++)
			add_figures(&table, &type->stages[stages[j]]);
	}
	buf_add_char(screen->to, '\n');
	table_write(&table, screen->to, 0);
}

static void
write_bottleneck(const struct screen *screen)
{
	static const char *const mostly[] = {
		[FLOW_INPUT] = "mostly waits for input",
		[FLOW_STATE] = "mostly waits for the state",
		[FLOW_NETWORK] = "mostly waits for Ometria",
		[FLOW_RATE] = "mostly waits for the rate limit",
		[FLOW_WORK] = "mostly works",
	};
	const struct health_bottleneck *bottleneck =
	    &screen->health->bottleneck;

	if (bottleneck->stage == LATENCY_ALL)
		return;
	buf_add_format(screen->to, "most time goes by until %s: %d%%",
	    latency_stage_name(bottleneck->stage), bottleneck->percent);
	if (bottleneck->tool != NULL)
		buf_add_format(screen->to, "; %.*s %s",
		    STR_ARGS(bottleneck->tool->tool),
		    bottleneck->tool->total < SELDOM_MS
			? "ran for less than 15 minutes of the last day"
			: mostly[flow_mostly(bottleneck->tool)]);
	buf_add_char(screen->to, '\n');
}

static void
write_flow(const struct screen *screen)
{
	const struct flow *flow = &screen->health->flow;
	const struct {
		const char *name;
		const struct flow_span *span;
	} rows[] = { { "last hour", &flow->hour }, { "last day", &flow->day } };
	char age[32];

	buf_add_char(screen->to, '\n');
	write_bottleneck(screen);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		buf_add_format(screen->to,
		    "%s: %llu IDocs read, %llu records accepted in %llu "
		    "requests\n",
		    rows[i].name, (unsigned long long)rows[i].span->idocs,
		    (unsigned long long)rows[i].span->records,
		    (unsigned long long)rows[i].span->requests);
	if (flow->oldest_event != INSTANT_NONE)
		buf_add_format(screen->to,
		    "the oldest event that waits is about what happened %s "
		    "ago\n",
		    age_of(flow->oldest_event, age, sizeof(age)).data);
	if (flow->event_age.count == 0)
		return;
	duration_format(flow->event_age.p95, age, sizeof(age));
	buf_add_format(screen->to,
	    "last day: 95 of 100 events were accepted within %s, %llu too late "
	    "for automations\n",
	    age, (unsigned long long)flow->events_late);
}

static int64_t
good_at(const struct health_run *run)
{
	return run->flow != NULL ? run->flow->good_at : INSTANT_NONE;
}

/* "input 80%": what a tool spent most of its time on in the last day. */
static void
add_mostly(struct table *table, const struct flow_tool *tool)
{
	enum flow_time most;
	char cell[32];

	if (tool == NULL || tool->total == 0) {
		table_text(table, STR("-"));
		return;
	}
	most = flow_mostly(tool);
	snprintf(cell, sizeof(cell), "%s %d%%", flow_time_name(most),
	    (int)(tool->spent[most] * 100 / tool->total));
	table_text(table, str_of(cell));
}

static void
write_runs(const struct screen *screen)
{
	const struct health *health = screen->health;
	struct buf *to = screen->to;
	static const char *const heads[] = { "ago", "good", "read", "written",
		"excepted", "duplicates" };
	struct table table;
	char age[32];

	if (health->run_count == 0)
		return;
	start(&table, screen, 9);
	table_text(&table, STR("last run of"));
	table_text(&table, STR("result"));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		table_head(&table, heads[i]);
	table_text(&table, STR("mostly"));
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		table_text(&table, run->tool);
		table_text(&table, str_of(health_run_end(run)));
		table_head(&table,
		    age_of(run->started_at, age, sizeof(age)).data);
		table_head(&table, age_of(good_at(run), age, sizeof(age)).data);
		table_number(&table, run->read);
		table_number(&table, run->written);
		table_number(&table, run->excepted);
		table_number(&table, run->duplicates);
		add_mostly(&table, run->flow);
	}
	buf_add_char(to, '\n');
	table_write(&table, to, 0);
}

void
health_write_text(struct buf *to, const struct health *health, bool colour)
{
	struct screen screen = { to, health, colour };

	write_verdict(&screen);
	write_backlog(&screen);
	write_holds(&screen);
	write_exceptions(&screen);
	write_latency(&screen);
	write_flow(&screen);
	write_runs(&screen);
}

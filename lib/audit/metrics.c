#include "audit/metrics.h"

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

static void
labelled(struct buf *to, const char *name, const char *first, struct str a,
    const char *second, struct str b, int64_t value)
{
	buf_add_format(to, "sap_ometria_%s{", name);
	label(to, first, a);
	if (second != NULL) {
		buf_add_char(to, ',');
		label(to, second, b);
	}
	buf_add_format(to, "} %lld\n", (long long)value);
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
	one(to, "idocs_stale", "of them, not touched for 15 minutes",
	    (int64_t)health->stale_idocs);
	one(to, "customers_held", "customers of whom nothing leaves",
	    (int64_t)health->held);
	write_exceptions(to, health);
	write_runs(to, health);
}

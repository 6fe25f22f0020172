#include "audit/health.h"

#include "audit/table.h"

#include "base/instant.h"
#include "base/jsonw.h"

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

static void
write_verdict(struct buf *to, const struct health *health)
{
	struct str rest = buf_str(&health->reasons);

	buf_add_format(to, "%s\n", verdict_name(health->verdict));
	while (rest.len > 0) {
		const char *end = memchr(rest.data, '\n', rest.len);
		size_t len = (size_t)(end - rest.data) + 1;

		buf_add_text(to, "  ");
		buf_add(to, rest.data, len);
		rest.data += len;
		rest.len -= len;
	}
}

static void
write_backlog(struct buf *to, const struct health *health)
{
	static const char *const heads[] = { "waiting", "sendable", "in flight",
		"held", "withheld", "refused" };
	struct table table;
	char age[32];

	table_start(&table, 8);
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
write_holds(struct buf *to, const struct health *health)
{
	struct table table;
	char age[32];

	if (health->hold_count == 0)
		return;
	table_start(&table, 4);
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
write_exceptions(struct buf *to, const struct health *health)
{
	struct table table;

	if (health->exception_count == 0)
		return;
	table_start(&table, 4);
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

static const char *
run_end_text(const struct health_run *run)
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

static void
write_runs(struct buf *to, const struct health *health)
{
	static const char *const heads[] = { "read", "written", "excepted",
		"duplicates" };
	struct table table;
	char age[32];

	if (health->run_count == 0)
		return;
	table_start(&table, 7);
	table_text(&table, STR("last run of"));
	table_text(&table, STR("result"));
	table_head(&table, "ago");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		table_head(&table, heads[i]);
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		table_text(&table, run->tool);
		table_text(&table, str_of(run_end_text(run)));
		table_head(&table,
		    age_of(run->started_at, age, sizeof(age)).data);
		table_number(&table, run->read);
		table_number(&table, run->written);
		table_number(&table, run->excepted);
		table_number(&table, run->duplicates);
	}
	buf_add_char(to, '\n');
	table_write(&table, to, 0);
}

void
health_write_text(struct buf *to, const struct health *health)
{
	write_verdict(to, health);
	write_backlog(to, health);
	write_holds(to, health);
	write_exceptions(to, health);
	write_runs(to, health);
}

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

static void
json_runs(struct jsonw *w, const struct health *health)
{
	jsonw_key(w, "runs");
	jsonw_open(w, '[');
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];

		jsonw_open(w, '{');
		jsonw_member(w, "tool", run->tool);
		jsonw_member(w, "result", str_of(run_end_text(run)));
		jsonw_member_time(w, "started_at", run->started_at);
		jsonw_member_time(w, "ended_at", run->ended_at);
		if (run->ended_at != INSTANT_NONE)
			jsonw_member_int(w, "exit_code", run->result);
		jsonw_member_int(w, "read", (int64_t)run->read);
		jsonw_member_int(w, "written", (int64_t)run->written);
		jsonw_member_int(w, "excepted", (int64_t)run->excepted);
		jsonw_member_int(w, "duplicates", (int64_t)run->duplicates);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
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
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
}

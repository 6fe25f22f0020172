#include <signal.h>

#include <errno.h>
#include <stdarg.h>

#include "audit/health.h"

#include "state/delivery.h"
#include "state/outbox_rows.h"

#include "base/instant.h"

#define STALE_SECONDS (15 * 60)
#define BACKLOG_SECONDS (60 * 60)

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "healthy", "attention", "broken" };

	return names[verdict];
}

/* The process still exists. On another machine it would not be ours to see:
 * the state is a local file. */
static bool
alive(int64_t pid)
{
	return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

static enum status
read_runs(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT tool, started_at, ended_at, result, read, written,"
	    " excepted, duplicates, pid FROM run WHERE id IN"
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
		run->started_at = sql_get_time(statement, 1);
		run->ended_at = sql_get_time(statement, 2);
		run->result = (enum status)sql_get_int(statement, 3);
		run->read = (uint64_t)sql_get_int(statement, 4);
		run->written = (uint64_t)sql_get_int(statement, 5);
		run->excepted = (uint64_t)sql_get_int(statement, 6);
		run->duplicates = (uint64_t)sql_get_int(statement, 7);
		run->running = run->ended_at == INSTANT_NONE &&
			       alive(sql_get_int(statement, 8));
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
read_idocs(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*), coalesce(sum(last_at <= ?1), 0) FROM idoc"
	    " WHERE settled = 0 AND (sights > 0 OR total IS NOT NULL)",
	    diag);
	enum status status;

	sql_int(statement, 1, instant_now() - STALE_SECONDS);
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

/* "1 order is", "2 orders are": the words for a count. */
#define COUNT(n, one, many) (unsigned long long)(n), (n) == 1 ? (one) : (many)

static void
judge_runs(struct health *health)
{
	for (size_t i = 0; i < health->run_count; i++) {
		const struct health_run *run = &health->runs[i];
		bool again = run->result == STATUS_UNAVAILABLE ||
			     run->result == STATUS_TRY_AGAIN;

		if (run->running)
			continue;
		if (run->ended_at == INSTANT_NONE)
			reason(health, VERDICT_ATTENTION,
			    "the last run of %.*s was killed: run it again",
			    STR_ARGS(run->tool));
		else if (run->result != STATUS_OK &&
			 run->result != STATUS_FINDINGS)
			reason(health,
			    again ? VERDICT_ATTENTION : VERDICT_BROKEN,
			    "the last run of %.*s ended with exit code %d: %s",
			    STR_ARGS(run->tool), (int)run->result,
			    status_text(run->result));
	}
}

static void
judge_exceptions(struct health *health)
{
	uint64_t open[SEVERITY_CRITICAL + 1] = { 0 };

	for (size_t i = 0; i < health->exception_count; i++)
		open[health->exceptions[i].severity] +=
		    health->exceptions[i].count - health->exceptions[i].acked;
	for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_HIGH;
	     severity--)
		if (open[severity] > 0)
			reason(health, VERDICT_ATTENTION,
			    "%llu %s %s open and not acknowledged",
			    (unsigned long long)open[severity],
			    severity_name((enum severity)severity),
			    open[severity] == 1 ? "exception is"
						: "exceptions are");
}

static void
judge_backlog(struct health *health)
{
	uint64_t refused = 0;
	int64_t oldest = INT64_MAX;

	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++) {
		const struct outbox_backlog *backlog = &health->backlog[kind];

		refused += backlog->refused;
		if (backlog->sendable > 0 && backlog->oldest < oldest)
			oldest = backlog->oldest;
	}
	if (refused > 0)
		reason(health, VERDICT_ATTENTION,
		    "Ometria refused %llu %s (sync-audit retry sends again)",
		    COUNT(refused, "record", "records"));
	if (oldest != INT64_MAX && instant_now() - oldest > BACKLOG_SECONDS)
		reason(health, VERDICT_ATTENTION,
		    "records could be sent and wait for over an hour: is "
		    "ometria-push running?");
}

static enum status
judge(struct health *health, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM exception WHERE open = 1"
	    " AND code = 'push-refused-key' LIMIT 1",
	    diag);
	enum status status;

	if (sql_row(state, statement, &status, diag))
		reason(health, VERDICT_BROKEN, "Ometria refuses the API key");
	sqlite3_reset(statement);
	judge_runs(health);
	judge_exceptions(health);
	if (health->held > 0)
		reason(health, VERDICT_ATTENTION,
		    "%llu %s held: orders and events wait for master data",
		    COUNT(health->held, "customer is", "customers are"));
	judge_backlog(health);
	if (health->stale_idocs > 0)
		reason(health, VERDICT_ATTENTION,
		    "%llu %s no outcome yet (sync-audit balance)",
		    COUNT(health->stale_idocs, "IDoc has", "IDocs have"));
	return status;
}

enum status
health_read(struct health *health, struct state *state, struct diag *diag)
{
	enum status status;

	*health = (struct health){ .arena = ARENA_INIT };
	status = read_runs(health, state, diag);
	if (status == STATUS_OK)
		status = read_holds(health, state, diag);
	if (status == STATUS_OK)
		status = read_exceptions(health, state, diag);
	if (status == STATUS_OK)
		status = read_idocs(health, state, diag);
	if (status == STATUS_OK)
		status =
		    delivery_unconfirmed(state, &health->unconfirmed, diag);
	for (int kind = 0; kind < DESIRED_KIND_COUNT && status == STATUS_OK;
	     kind++)
		status = outbox_backlog(state, (enum desired_kind)kind,
		    &health->backlog[kind], diag);
	return status == STATUS_OK ? judge(health, state, diag) : status;
}

void
health_free(struct health *health)
{
	buf_free(&health->reasons);
	arena_free(&health->arena);
}

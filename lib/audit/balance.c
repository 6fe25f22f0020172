#include "audit/balance.h"

#include "audit/table.h"
#include "state/ledger.h"
#include "state/order.h"
#include "state/retain.h"

#include "base/text.h"

#define LISTED 100
_Static_assert(ORDER_EVENT_QUEUED == 1 && ORDER_EVENT_WITHDRAWN == 2 &&
		   ORDER_EVENT_ELSEWHERE == 3 && ORDER_EVENT_IGNORED == 4,
    "check_events");

#define OUTCOMES (OUTCOME_IGNORED + 1)

struct tally {
	uint64_t idocs, settled, open;
	uint64_t records, outcomes[OUTCOMES], left;
};

struct balance {
	struct state *state;
	struct buf *to;
	struct diag *diag;
	struct tally sum;
	uint64_t faults; /* what does not hold */
	struct balance_plan plan;
};

/* day: empty in the last row. */
static void
add_row(const struct balance *balance, struct table *table, struct str name,
    struct str day, const struct tally *tally)
{
	table_text(table, name);
	if (balance->plan.daily)
		table_text(table, day);
	table_number(table, tally->idocs);
	table_number(table, tally->settled);
	table_number(table, tally->open);
	table_number(table, tally->records);
	for (size_t i = 0; i < OUTCOMES; i++)
		table_number(table, tally->outcomes[i]);
	table_number(table, tally->left);
}

static void
add_head(const struct balance *balance, struct table *table)
{
	static const char *const names[] = { "idocs", "settled", "open",
		"records", "folded", "superseded", "duplicate", "excepted",
		"ignored", "no outcome" };

	table_start(table, balance->plan.daily ? 12 : 11);
	table_text(table, STR("message type"));
	if (balance->plan.daily)
		table_text(table, STR("day"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		table_head(table, names[i]);
}

/* Both queries have the same keys in the same order. */
static bool
is_same(sqlite3_stmt *idocs, sqlite3_stmt *outcomes)
{
	return str_eq(sql_get_text(idocs, 0), sql_get_text(outcomes, 0)) &&
	       str_eq(sql_get_text(idocs, 1), sql_get_text(outcomes, 1));
}

/* The outcomes of records that exist, of the message type (and day) in hand. */
static enum status
take_outcomes(struct balance *balance, sqlite3_stmt *idocs,
    sqlite3_stmt *outcomes, bool *more, struct tally *tally)
{
	enum status status = STATUS_OK;

	while (*more && is_same(idocs, outcomes)) {
		uint64_t outcome = (uint64_t)sql_get_int(outcomes, 2);
		uint64_t count = (uint64_t)sql_get_int(outcomes, 3);

		if (outcome < OUTCOMES)
			tally->outcomes[outcome] += count;
		tally->left -= count;
		*more =
		    sql_row(balance->state, outcomes, &status, balance->diag);
	}
	return status;
}

static void
add_to_sum(struct tally *sum, const struct tally *tally)
{
	sum->idocs += tally->idocs;
	sum->settled += tally->settled;
	sum->open += tally->open;
	sum->records += tally->records;
	for (size_t i = 0; i < OUTCOMES; i++)
		sum->outcomes[i] += tally->outcomes[i];
	sum->left += tally->left;
}

/* The day on which SAP made it, else the day on which it was read; nothing
 * unless ?1. */
#define DAY "CASE WHEN ?1 THEN " RETAIN_DAY " ELSE '' END AS day"
#define KEYS "coalesce(i.mestyp, '') AS mestyp, " DAY
/* What the state has forgotten since (retain.h). */
#define FORGOTTEN_KEYS "mestyp, CASE WHEN ?1 THEN day ELSE '' END"

static enum status
write_rows(struct balance *balance, struct table *table, sqlite3_stmt *idocs,
    sqlite3_stmt *outcomes)
{
	enum status status;
	bool more = sql_row(balance->state, outcomes, &status, balance->diag);

	while (status == STATUS_OK &&
	       sql_row(balance->state, idocs, &status, balance->diag)) {
		struct str mestyp = sql_get_text(idocs, 0);
		struct tally tally = {
			.idocs = (uint64_t)sql_get_int(idocs, 2),
			.settled = (uint64_t)sql_get_int(idocs, 3),
			.records = (uint64_t)sql_get_int(idocs, 4),
		};

		tally.open = tally.idocs - tally.settled;
		tally.left = tally.records;
		status = take_outcomes(balance, idocs, outcomes, &more, &tally);
		add_row(balance, table,
		    mestyp.len > 0 ? mestyp : STR("(unknown)"),
		    sql_get_text(idocs, 1), &tally);
		add_to_sum(&balance->sum, &tally);
	}
	return status;
}

static enum status
write_table(struct balance *balance)
{
	sqlite3_stmt *idocs = state_sql(balance->state,
	    "SELECT mestyp, day, sum(idocs), sum(settled), sum(records) FROM ("
	    "SELECT " KEYS ", count(*) AS idocs, sum(settled) AS settled,"
	    " coalesce(sum(total), 0) AS records FROM idoc AS i GROUP BY 1, 2"
	    " UNION ALL SELECT " FORGOTTEN_KEYS ", idocs, idocs, records"
	    " FROM forgotten_type WHERE idocs > 0)"
	    " GROUP BY 1, 2 ORDER BY 1, 2",
	    balance->diag);
	sqlite3_stmt *outcomes = state_sql(balance->state,
	    "SELECT mestyp, day, outcome, sum(records) FROM ("
	    "SELECT " KEYS ", r.outcome AS outcome, count(*) AS records"
	    " FROM idoc AS i JOIN idoc_record AS r ON r.idoc = i.id"
	    " WHERE i.total IS NOT NULL AND r.r BETWEEN 1 AND i.total"
	    " GROUP BY 1, 2, 3 UNION ALL SELECT " FORGOTTEN_KEYS ","
	    " outcome, records FROM forgotten_outcome)"
	    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
	    balance->diag);
	struct table table;
	enum status status;

	sql_int(idocs, 1, balance->plan.daily);
	sql_int(outcomes, 1, balance->plan.daily);
	add_head(balance, &table);
	status = write_rows(balance, &table, idocs, outcomes);
	sqlite3_reset(idocs);
	sqlite3_reset(outcomes);
	add_row(balance, &table, STR("all"), STR_NONE, &balance->sum);
	table_write(&table, balance->to, 0);
	return status;
}

/* Each row: docnum, file, and two figures for the sentence. */
static enum status
list(struct balance *balance, const char *sql, const char *first,
    const char *second)
{
	sqlite3_stmt *statement = state_sql(balance->state, sql, balance->diag);
	struct buf file = BUF_INIT, number = BUF_INIT;
	uint64_t count = 0;
	enum status status;

	while (sql_row(balance->state, statement, &status, balance->diag)) {
		balance->faults++;
		if (++count > LISTED && !balance->plan.all)
			continue;
		buf_add_format(balance->to, "IDoc %s in '%s': ",
		    text_escape(&number, sql_get_text(statement, 0), 40),
		    text_escape(&file, sql_get_text(statement, 1), 200));
		buf_clear(&number);
		buf_clear(&file);
		if (sql_is_null(statement, 3))
			buf_add_text(balance->to, "its end was never reached");
		else
			buf_add_format(balance->to, "%lld %s %lld %s",
			    (long long)sql_get_int(statement, 2), first,
			    (long long)sql_get_int(statement, 3), second);
		buf_add_char(balance->to, '\n');
	}
	if (count > LISTED && !balance->plan.all)
		buf_add_format(balance->to,
		    "and %llu more (--all lists them)\n",
		    (unsigned long long)(count - LISTED));
	buf_free(&number);
	buf_free(&file);
	return status;
}

#define WITHIN                                                                 \
	"(SELECT count(*) FROM idoc_record WHERE idoc = i.id"                  \
	" AND r BETWEEN 1 AND i.total)"
#define FROM_IDOC " FROM idoc AS i LEFT JOIN file AS f ON f.id = i.file WHERE "
/* Read by idoc-parse, or of one record (made outside SAP). */
#define REGISTERED "(i.sights > 0 OR i.total IS NOT NULL)"

static enum status
list_faults(struct balance *balance)
{
	enum status status = list(balance,
	    "SELECT i.docnum, f.name, " WITHIN ", i.total" FROM_IDOC
	    "i.settled = 0 AND " REGISTERED " ORDER BY f.name, i.n, i.docnum",
	    "of", "records have an outcome");

	if (status == STATUS_OK)
		status = list(balance,
		    "SELECT i.docnum, f.name, " WITHIN ", i.total" FROM_IDOC
		    "i.settled = 1 AND (i.total IS NULL OR " WITHIN
		    " <> i.total) ORDER BY f.name, i.n, i.docnum",
		    "of", "records have an outcome, and it is marked settled");
	if (status == STATUS_OK)
		status = list(balance,
		    "SELECT i.docnum, f.name, (SELECT max(r) FROM idoc_record"
		    "  WHERE idoc = i.id), i.total" FROM_IDOC
		    "EXISTS(SELECT 1 FROM idoc_record AS r WHERE r.idoc = i.id"
		    " AND NOT r.r BETWEEN 1 AND i.total)"
		    " ORDER BY f.name, i.n, i.docnum",
		    "is a record with an outcome, but it has only", "records");
	return status;
}

static enum status
number(struct balance *balance, const char *sql, uint64_t *value)
{
	sqlite3_stmt *statement = state_sql(balance->state, sql, balance->diag);
	enum status status;

	*value = 0;
	if (sql_row(balance->state, statement, &status, balance->diag))
		*value = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

/* What the runs say they read, against what the ledger saw. */
static enum status
check_reads(struct balance *balance)
{
	uint64_t sights, read = 0, strangers = 0;
	enum status status = number(balance,
	    "SELECT (SELECT coalesce(sum(sights), 0) FROM idoc)"
	    " + (SELECT coalesce(sum(sights), 0) FROM forgotten_type)",
	    &sights);

	if (status == STATUS_OK)
		status = number(balance,
		    "SELECT coalesce(sum(read), 0) FROM"
		    " (SELECT tool, read FROM run"
		    "  UNION ALL SELECT tool, read FROM forgotten_run)"
		    " WHERE tool = 'idoc-parse'",
		    &read);
	if (status == STATUS_OK)
		status = number(balance,
		    "SELECT count(*) FROM idoc WHERE sights = 0"
		    " AND total IS NULL",
		    &strangers);
	if (status != STATUS_OK)
		return status;
	buf_add_format(balance->to,
	    "idoc-parse read %llu IDocs, the ledger saw %llu%s\n",
	    (unsigned long long)read, (unsigned long long)sights,
	    read == sights ? "" : ": they differ");
	balance->faults += read != sights;
	if (strangers > 0)
		buf_add_format(balance->to,
		    "%llu IDocs came from an idoc-parse without --state: "
		    "what they hold is not known\n",
		    (unsigned long long)strangers);
	return STATUS_OK;
}

/* Each order that is fulfilled has its event, or a reason for none; what is
 * said to be in the outbox is looked for there. */
static enum status
check_events(struct balance *balance)
{
	sqlite3_stmt *statement = state_sql(balance->state,
	    "SELECT count(*) FILTER (WHERE event = 1),"
	    " count(*) FILTER (WHERE event = 2),"
	    " count(*) FILTER (WHERE event = 3),"
	    " count(*) FILTER (WHERE event = 4),"
	    " count(*) FILTER (WHERE event = 1 AND length(id) <= 24"
	    "  AND NOT EXISTS(SELECT 1 FROM outbox WHERE kind = 3"
	    "   AND id = 'shipped-' || orders.id))"
	    " FROM orders WHERE event > 0",
	    balance->diag);
	static const char *const ends[] = { "in the outbox", "withdrawn",
		"sent under a former id", "ignored by rule backfill" };
	uint64_t count[ORDER_EVENT_IGNORED], missing, sum = 0;
	enum status status;
	const char *before = ":";

	if (!sql_row(balance->state, statement, &status, balance->diag))
		return status;
	for (int i = 0; i < ORDER_EVENT_IGNORED; i++) {
		count[i] = (uint64_t)sql_get_int(statement, i);
		sum += count[i];
	}
	missing = (uint64_t)sql_get_int(statement, ORDER_EVENT_IGNORED);
	sqlite3_reset(statement);
	if (sum == 0)
		return STATUS_OK;
	buf_add_format(balance->to, "%llu fulfilment events",
	    (unsigned long long)sum);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (count[i] == 0)
			continue;
		buf_add_format(balance->to, "%s %llu %s", before,
		    (unsigned long long)count[i], ends[i]);
		before = ",";
	}
	buf_add_char(balance->to, '\n');
	if (missing > 0)
		buf_add_format(balance->to,
		    "%llu fulfilment events are not in the outbox\n",
		    (unsigned long long)missing);
	balance->faults += missing;
	return STATUS_OK;
}

enum status
balance_write(struct state *state, struct buf *to, struct balance_plan plan,
    bool *holds, struct diag *diag)
{
	struct balance balance = {
		.state = state,
		.to = to,
		.diag = diag,
		.plan = plan,
	};
	enum status status = write_table(&balance);

	if (status == STATUS_OK)
		status = list_faults(&balance);
	if (status == STATUS_OK)
		status = check_reads(&balance);
	if (status == STATUS_OK)
		status = check_events(&balance);
	if (status != STATUS_OK)
		return status;
	*holds = balance.faults == 0;
	if (*holds)
		buf_add_text(to, "balance holds\n");
	else
		buf_add_format(to, "balance does not hold: %llu %s\n",
		    (unsigned long long)balance.faults,
		    balance.faults == 1 ? "difference" : "differences");
	return STATUS_OK;
}

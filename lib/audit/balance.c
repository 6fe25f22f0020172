#include "audit/balance.h"

#include "audit/table.h"
#include "state/ledger.h"

#include "base/text.h"

#define LISTED 100
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
	bool all;
};

static void
add_row(struct table *table, struct str name, const struct tally *tally)
{
	table_text(table, name);
	table_number(table, tally->idocs);
	table_number(table, tally->settled);
	table_number(table, tally->open);
	table_number(table, tally->records);
	for (size_t i = 0; i < OUTCOMES; i++)
		table_number(table, tally->outcomes[i]);
	table_number(table, tally->left);
}

static void
add_head(struct table *table)
{
	static const char *const names[] = { "idocs", "settled", "open",
		"records", "folded", "superseded", "duplicate", "excepted",
		"ignored", "no outcome" };

	table_start(table, 11);
	table_text(table, STR("message type"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		table_head(table, names[i]);
}

/* The outcomes of records that exist, of one message type. */
static enum status
count_outcomes(struct balance *balance, struct str mestyp, struct tally *tally)
{
	sqlite3_stmt *statement = state_sql(balance->state,
	    "SELECT r.outcome, count(*) FROM idoc AS i JOIN idoc_record AS r"
	    "  ON r.idoc = i.id WHERE coalesce(i.mestyp, '') = coalesce(?1, '')"
	    " AND i.total IS NOT NULL AND r.r BETWEEN 1 AND i.total"
	    " GROUP BY r.outcome",
	    balance->diag);
	enum status status;

	sql_text(statement, 1, mestyp);
	tally->left = tally->records;
	while (sql_row(balance->state, statement, &status, balance->diag)) {
		uint64_t outcome = (uint64_t)sql_get_int(statement, 0);
		uint64_t count = (uint64_t)sql_get_int(statement, 1);

		if (outcome < OUTCOMES)
			tally->outcomes[outcome] = count;
		tally->left -= count;
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

static enum status
write_table(struct balance *balance)
{
	sqlite3_stmt *statement = state_sql(balance->state,
	    "SELECT mestyp, count(*), sum(settled), coalesce(sum(total), 0)"
	    " FROM idoc GROUP BY mestyp ORDER BY mestyp",
	    balance->diag);
	enum status status;
	struct table table;

	add_head(&table);
	while (sql_row(balance->state, statement, &status, balance->diag)) {
		struct str mestyp = sql_get_text(statement, 0);
		struct tally tally = {
			.idocs = (uint64_t)sql_get_int(statement, 1),
			.settled = (uint64_t)sql_get_int(statement, 2),
			.records = (uint64_t)sql_get_int(statement, 3),
		};

		tally.open = tally.idocs - tally.settled;
		status = count_outcomes(balance, mestyp, &tally);
		if (status != STATUS_OK)
			break;
		add_row(&table, mestyp.len > 0 ? mestyp : STR("(unknown)"),
		    &tally);
		add_to_sum(&balance->sum, &tally);
	}
	sqlite3_reset(statement);
	add_row(&table, STR("all"), &balance->sum);
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
		if (++count > LISTED && !balance->all)
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
	if (count > LISTED && !balance->all)
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
	    "SELECT coalesce(sum(sights), 0) FROM idoc", &sights);

	if (status == STATUS_OK)
		status = number(balance,
		    "SELECT coalesce(sum(read), 0) FROM run"
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

enum status
balance_write(struct state *state, struct buf *to, bool all, bool *holds,
    struct diag *diag)
{
	struct balance balance = {
		.state = state,
		.to = to,
		.diag = diag,
		.all = all,
	};
	enum status status = write_table(&balance);

	if (status == STATUS_OK)
		status = list_faults(&balance);
	if (status == STATUS_OK)
		status = check_reads(&balance);
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

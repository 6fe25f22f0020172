#include "state/ledger_death.h"
#include "state/schema.h"

#include "base/instant.h"

/* Deaths are remembered for 30 days: then the machine or the tools are others.
 */
#define DEATH_SECONDS ((int64_t)30 * 24 * 3600)
/* Dead runs looked at in one call. */
#define DEAD_RUNS 64

const char ledger_death_schema[] =
    "CREATE TABLE death("
    " run INTEGER PRIMARY KEY," /* that died, or was stopped by a restart */
    " counts INTEGER NOT NULL," /* 0: the machine was restarted */
    " at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE reading("
    " file TEXT NOT NULL,"
    " run INTEGER NOT NULL,"
    " mark INTEGER NOT NULL,"
    " PRIMARY KEY(file, run)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX reading_run ON reading(run);"
    "CREATE TABLE idoc_death("
    " idoc INTEGER NOT NULL REFERENCES idoc(id),"
    " run INTEGER NOT NULL,"
    " PRIMARY KEY(idoc, run)) STRICT, WITHOUT ROWID;"
    /* The idoc-parse that gave it to the line last. */
    "ALTER TABLE idoc ADD COLUMN given INTEGER;"
    "CREATE INDEX run_open ON run(id) WHERE ended_at IS NULL;";

static enum status
one_number(struct state *state, const char *sql, const int64_t *first,
    int64_t *value, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	*value = 0;
	if (first != NULL)
		sql_int(statement, 1, *first);
	if (sql_row(state, statement, &status, diag))
		*value = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

#define NO_VALUE INT64_MIN

static enum status
run_with(struct state *state, const char *sql, int64_t first, int64_t second,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	sql_int(statement, 1, first);
	if (second != NO_VALUE)
		sql_int(statement, 2, second);
	return sql_run(state, statement, diag);
}

/* Seconds since 1970 at which the machine started. */
static int64_t
machine_start(void)
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	return (int64_t)now.tv_sec - (int64_t)up.tv_sec;
}

/* The next runs without an end that nobody has looked into. */
static enum status
open_runs(struct state *state, int64_t runs[DEAD_RUNS], size_t *count,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT id FROM run WHERE ended_at IS NULL"
	    " AND NOT EXISTS(SELECT 1 FROM death WHERE run = run.id)"
	    " ORDER BY id DESC LIMIT 64",
	    diag);
	enum status status = STATUS_OK;

	*count = 0;
	while (*count < DEAD_RUNS && sql_row(state, statement, &status, diag))
		runs[(*count)++] = sql_get_int(statement, 0);
	if (*count == DEAD_RUNS)
		status = STATUS_OK;
	sqlite3_reset(statement);
	return status;
}

/* A whole line that was killed, and the tools whose reader went away, died of
 * one cause: `cause` stands for all that are found together. */
static enum status
lay_death(struct state *state, int64_t run, int64_t cause, int64_t since,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO death(run, counts, at)"
	    " SELECT id, started_at >= ?2, ?3 FROM run WHERE id = ?1",
	    diag);
	enum status status;

	sql_int(statement, 1, run);
	sql_int(statement, 2, machine_start());
	sql_time(statement, 3, instant_now());
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT OR IGNORE INTO idoc_death(idoc, run)"
	    " SELECT i.id, ?3 FROM run AS r JOIN death AS d ON d.run = r.id"
	    " JOIN idoc AS i ON i.settled = 0 AND i.given >= ?2"
	    "  AND i.last_at >= r.started_at"
	    " WHERE r.id = ?1 AND d.counts = 1"
	    " AND r.tool NOT IN ('idoc-parse', 'sync-audit')",
	    diag);
	sql_int(statement, 1, run);
	sql_int(statement, 2, since);
	sql_int(statement, 3, cause);
	return sql_run(state, statement, diag);
}

static enum status
forget_old(struct state *state, struct diag *diag)
{
	enum status status = run_with(state, "DELETE FROM death WHERE at < ?1",
	    instant_now() - DEATH_SECONDS, NO_VALUE, diag);

	if (status == STATUS_OK)
		status = state_exec(state,
		    "DELETE FROM idoc_death WHERE"
		    " run NOT IN (SELECT run FROM death) OR EXISTS("
		    " SELECT 1 FROM idoc WHERE id = idoc AND settled = 1);"
		    "DELETE FROM reading WHERE"
		    " run IN (SELECT id FROM run WHERE ended_at IS NOT NULL)"
		    " OR run IN (SELECT run FROM death WHERE counts = 0)",
		    diag);
	return status;
}

/*
 * Whoever died since this run began can only have what it gave; at its very
 * beginning, what the run before it gave: what died earlier was found by that.
 */
static enum status
find_since(struct state *state, const struct run *run, bool beginning,
    int64_t *since, struct diag *diag)
{
	*since = run->id;
	if (!beginning)
		return STATUS_OK;
	return one_number(state,
	    "SELECT coalesce(max(id), 0) FROM run"
	    " WHERE tool = 'idoc-parse' AND id < ?1",
	    &run->id, since, diag);
}

static enum status
find_all(struct state *state, const struct run *run, bool beginning, bool *any,
    uint64_t *fresh, struct diag *diag)
{
	int64_t runs[DEAD_RUNS], deaths = 0, since, cause = 0;
	size_t count = 0;
	enum status status = find_since(state, run, beginning, &since, diag);

	*fresh = 0;
	if (status == STATUS_OK)
		status = open_runs(state, runs, &count, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		if (run_is_alive(state, runs[i]))
			continue;
		if (++*fresh == 1)
			cause = runs[i];
		status = lay_death(state, runs[i], cause, since, diag);
	}
	if (status == STATUS_OK)
		status = forget_old(state, diag);
	if (status == STATUS_OK)
		status =
		    one_number(state, "SELECT EXISTS(SELECT 1 FROM idoc_death)",
			NULL, &deaths, diag);
	*any = deaths != 0;
	return status;
}

enum status
ledger_deaths_find(struct state *state, const struct run *run, bool *any,
    uint64_t *fresh, struct diag *diag)
{
	uint64_t found = 0;
	enum status status = state_begin(state, diag);

	*any = false;
	if (status == STATUS_OK)
		status = state_leave(state, true,
		    find_all(state, run, fresh == NULL, any, &found, diag),
		    diag);
	if (fresh != NULL)
		*fresh = found;
	return status;
}

enum status
ledger_deaths(struct state *state, const struct record_src *src,
    uint64_t *deaths, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) FROM idoc AS i JOIN idoc_death AS d"
	    " ON d.idoc = i.id WHERE i.sys = coalesce(?1, '')"
	    " AND i.client = coalesce(?2, '')"
	    " AND i.docnum = coalesce(?3, '') AND i.settled = 0",
	    diag);
	enum status status;

	*deaths = 0;
	sql_text(statement, 1, src->sys);
	sql_text(statement, 2, src->client);
	sql_text(statement, 3, src->docnum);
	if (sql_row(state, statement, &status, diag))
		*deaths = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
ledger_deaths_forget(struct state *state, int64_t idoc, struct diag *diag)
{
	return run_with(state, "DELETE FROM idoc_death WHERE idoc = ?1", idoc,
	    NO_VALUE, diag);
}

/* Whether a run that is alive is reading the file. */
static enum status
find_reader(struct state *state, const struct run *run, struct str file,
    bool *busy, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT run FROM reading WHERE file = ?1 AND run <> ?2"
	    " AND run NOT IN (SELECT run FROM death)",
	    diag);
	enum status status;

	*busy = false;
	sql_text(statement, 1, file);
	sql_int(statement, 2, run->id);
	while (!*busy && sql_row(state, statement, &status, diag))
		*busy = run_is_alive(state, sql_get_int(statement, 0));
	if (*busy)
		status = STATUS_OK;
	sqlite3_reset(statement);
	return status;
}

static enum status
count_readers(struct state *state, struct str file, uint64_t mark,
    uint64_t *deaths, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) FROM reading JOIN death USING(run)"
	    " WHERE file = ?1 AND mark = ?2 AND counts = 1",
	    diag);
	enum status status;

	sql_text(statement, 1, file);
	sql_int(statement, 2, (int64_t)mark);
	if (sql_row(state, statement, &status, diag))
		*deaths = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

static enum status
note_reading(struct state *state, const struct run *run, struct str file,
    uint64_t mark, bool *busy, uint64_t *deaths, struct diag *diag)
{
	enum status status = find_reader(state, run, file, busy, diag);
	sqlite3_stmt *statement;

	if (status != STATUS_OK || *busy)
		return status;
	status = count_readers(state, file, mark, deaths, diag);
	if (status != STATUS_OK || *deaths >= DEATHS_MAX)
		return status;
	statement = state_sql(state,
	    "INSERT OR REPLACE INTO reading(file, run, mark)"
	    " VALUES(?1, ?2, ?3)",
	    diag);
	sql_text(statement, 1, file);
	sql_int(statement, 2, run->id);
	sql_int(statement, 3, (int64_t)mark);
	return sql_run(state, statement, diag);
}

/*
 * A commit that need not survive the machine costs no sync: a power cut is no
 * death that counts.
 */
static enum status
begin_light(struct state *state, struct diag *diag)
{
	enum status status =
	    state_exec(state, "PRAGMA synchronous = NORMAL", diag);

	return status == STATUS_OK ? state_begin(state, diag) : status;
}

static enum status
leave_light(struct state *state, enum status status, struct diag *diag)
{
	struct diag ignored;

	status = state_leave(state, true, status, diag);
	if (state_exec(state, "PRAGMA synchronous = FULL",
		status == STATUS_OK ? diag : &ignored) != STATUS_OK &&
	    status == STATUS_OK)
		status = diag->status;
	return status;
}

enum status
ledger_reading(struct state *state, const struct run *run, struct str file,
    uint64_t mark, bool *busy, uint64_t *deaths, struct diag *diag)
{
	enum status status = begin_light(state, diag);

	*busy = false;
	*deaths = 0;
	if (status != STATUS_OK)
		return status;
	return leave_light(state,
	    note_reading(state, run, file, mark, busy, deaths, diag), diag);
}

static enum status
run_for_file(struct state *state, const char *sql, struct str file,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	sql_text(statement, 1, file);
	return sql_run(state, statement, diag);
}

static enum status
except_open(struct state *state, struct str file, struct diag *diag)
{
	enum status status = run_for_file(state,
	    "DELETE FROM idoc_record WHERE idoc IN (SELECT id FROM idoc"
	    " WHERE settled = 0"
	    " AND file = (SELECT id FROM file WHERE name = ?1))",
	    file, diag);

	if (status == STATUS_OK)
		status = run_for_file(state,
		    "INSERT INTO idoc_record(idoc, r, outcome)"
		    " SELECT id, 1, 3 FROM idoc WHERE settled = 0"
		    " AND file = (SELECT id FROM file WHERE name = ?1)",
		    file, diag);
	if (status == STATUS_OK)
		status = run_for_file(state,
		    "UPDATE idoc SET total = 1, done = 1, settled = 1"
		    " WHERE settled = 0"
		    " AND file = (SELECT id FROM file WHERE name = ?1)",
		    file, diag);
	return status;
}

enum status
ledger_file_except(struct state *state, struct str file, struct diag *diag)
{
	enum status status = state_begin(state, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(state, true, except_open(state, file, diag), diag);
}

enum status
ledger_read(struct state *state, const struct run *run, struct diag *diag)
{
	enum status status = begin_light(state, diag);

	if (status != STATUS_OK)
		return status;
	return leave_light(state,
	    run_with(state, "DELETE FROM reading WHERE run = ?1", run->id, 0,
		diag),
	    diag);
}

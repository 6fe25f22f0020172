#include "state/retain.h"

#include "state/ledger.h"
#include "state/meta.h"
#include "state/retain_order.h"
#include "state/schema.h"

_Static_assert(OUTCOME_EXCEPTED == 3, "numbers in the SQL of this file");

const char retain_schema_7[] =
    "CREATE TABLE forgotten("
    " key INTEGER PRIMARY KEY" /* of number and content, see key_of */
    ") STRICT;"
    /* What the balance counts of them. */
    "CREATE TABLE forgotten_type("
    " mestyp TEXT NOT NULL," /* '' = not known */
    " day TEXT NOT NULL," /* '' = of sights since then */
    " idocs INTEGER NOT NULL,"
    " records INTEGER NOT NULL,"
    " sights INTEGER NOT NULL,"
    " PRIMARY KEY(mestyp, day)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE forgotten_outcome("
    " mestyp TEXT NOT NULL,"
    " day TEXT NOT NULL,"
    " outcome INTEGER NOT NULL,"
    " records INTEGER NOT NULL,"
    " PRIMARY KEY(mestyp, day, outcome)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE forgotten_run("
    " tool TEXT PRIMARY KEY,"
    " read INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    /* Where archived files are that have no other row. */
    "CREATE TABLE forgotten_folder("
    " name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE forgotten_pass(" /* a row for each enum pass_of */
    " one INTEGER PRIMARY KEY,"
    " after INTEGER NOT NULL," /* rows up to this one were looked at */
    " ended_at INTEGER NOT NULL) STRICT;" /* the last that did */
    "CREATE INDEX exception_closed_at ON exception(closed_at) WHERE open = 0;"
    "CREATE INDEX run_ended ON run(ended_at) WHERE ended_at IS NOT NULL;";

const char retain_schema_8[] =
    /* exception_old is the same. */
    "DROP INDEX exception_closed_at;";

/* --- what stays of an IDoc --- */

/* A line made outside SAP has its content for a number. */
static int64_t
key_of(struct str sys, struct str client, struct str docnum, struct hash hash)
{
	static const unsigned char zero[16];
	struct hasher hasher;
	struct hash sum;
	int64_t key;

	hash_begin(&hasher, zero);
	hash_add(&hasher, sys.data, sys.len);
	hash_add(&hasher, "", 1);
	hash_add(&hasher, client.data, client.len);
	hash_add(&hasher, "", 1);
	hash_add(&hasher, docnum.data, docnum.len);
	if (!str_starts(docnum, "#"))
		hash_add(&hasher, hash.bytes, sizeof(hash.bytes));
	sum = hash_end(&hasher);
	memcpy(&key, sum.bytes, sizeof(key));
	return key;
}

enum status
retain_knows(struct state *state, const struct record_src *src,
    struct hash hash, bool *known, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT 1 FROM forgotten WHERE key = ?1", diag);
	enum status status;

	sql_int(statement, 1, key_of(src->sys, src->client, src->docnum, hash));
	*known = sql_row(state, statement, &status, diag);
	if (*known)
		sqlite3_reset(statement);
	return status;
}

enum status
retain_sight(struct state *state, struct str mestyp, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO forgotten_type(mestyp, day, idocs, records, sights)"
	    " VALUES(coalesce(?1, ''), '', 0, 0, 1) ON CONFLICT(mestyp, day)"
	    " DO UPDATE SET sights = sights + 1",
	    diag);

	sql_text(statement, 1, mestyp);
	return sql_run(state, statement, diag);
}

/* --- forgetting --- */

/* Rows of one transaction, and as text for the SQL. */
#define ROWS 200
#define ROWS_TEXT "200"

struct old_idoc {
	int64_t id, file;
	int64_t key;
};

/* What goes of an IDoc, ?1, after it was counted. */
static const char *const idoc_steps[] = {
	"INSERT INTO forgotten_type(mestyp, day, idocs, records, sights)"
	" SELECT coalesce(i.mestyp, ''), " RETAIN_DAY ", 1, i.total, i.sights"
	" FROM idoc AS i WHERE i.id = ?1 ON CONFLICT(mestyp, day) DO UPDATE"
	" SET idocs = idocs + 1, records = records + excluded.records,"
	" sights = sights + excluded.sights",
	"INSERT INTO forgotten_outcome(mestyp, day, outcome, records)"
	" SELECT coalesce(i.mestyp, ''), " RETAIN_DAY ", r.outcome, count(*)"
	" FROM idoc AS i JOIN idoc_record AS r ON r.idoc = i.id"
	" WHERE i.id = ?1 AND r.r BETWEEN 1 AND i.total GROUP BY 2, 3"
	" ON CONFLICT(mestyp, day, outcome) DO UPDATE"
	" SET records = records + excluded.records",
	"DELETE FROM idoc_death WHERE idoc = ?1",
	"DELETE FROM idoc_record WHERE idoc = ?1",
	"DELETE FROM idoc WHERE id = ?1",
};

/* And of its file, ?1, when it was the last one of it. */
#define THE_FILE                                                               \
	" FROM file WHERE id = ?1 AND NOT EXISTS("                             \
	"SELECT 1 FROM idoc WHERE file = ?1)"

static const char *const file_steps[] = {
	"INSERT OR IGNORE INTO forgotten_folder(name)"
	" SELECT rtrim(name, replace(name, '/', ''))" THE_FILE
	" AND was IS NOT NULL AND instr(name, '/')",
	"DELETE" THE_FILE,
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static enum status
take_steps(struct state *state, const char *const *steps, size_t count,
    int64_t id, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		sqlite3_stmt *statement = state_sql(state, steps[i], diag);

		sql_int(statement, 1, id);
		status = sql_run(state, statement, diag);
	}
	return status;
}

static enum status
forget_idoc(struct state *state, const struct old_idoc *old, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR IGNORE INTO forgotten(key) VALUES(?1)", diag);
	enum status status;

	sql_int(statement, 1, old->key);
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		status = take_steps(state, idoc_steps, COUNT(idoc_steps),
		    old->id, diag);
	return status == STATUS_OK && old->file != 0
		   ? take_steps(state, file_steps, COUNT(file_steps), old->file,
			 diag)
		   : status;
}

#define TELLING "sap-status" /* the time of its last run */

enum status
retain_telling(struct state *state, struct diag *diag)
{
	enum status status = state_begin(state, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(state, true,
	    meta_set_time(state, TELLING, instant_now(), diag), diag);
}

/*
 * Of the next rows behind *after those that may go. Ids grow with first_at:
 * *more is false at the first row that is too young, and at the end. told: only
 * those that SAP was told of, of those that it is told of at all.
 */
static enum status
find_old(struct state *state, int64_t before, bool told, int64_t *after,
    struct old_idoc old[ROWS], size_t *count, bool *more, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT id, file, sys, client, docnum, hash, first_at < ?1,"
	    " settled = 1 AND total IS NOT NULL AND hash IS NOT NULL"
	    " AND last_at < ?1 AND NOT EXISTS(SELECT 1 FROM idoc_record"
	    "  WHERE idoc = idoc.id AND outcome = 3)"
	    " AND NOT EXISTS(SELECT 1 FROM trace WHERE idoc = idoc.id)"
	    " AND NOT (?3 AND reported IS NULL AND " RETAIN_TOLD ")"
	    " FROM idoc WHERE id > ?2 ORDER BY id LIMIT " ROWS_TEXT,
	    diag);
	size_t seen = 0;
	enum status status;

	*count = 0;
	sql_int(statement, 1, before);
	sql_int(statement, 2, *after);
	sql_int(statement, 3, told);
	while (sql_row(state, statement, &status, diag)) {
		struct hash hash;

		if (sql_get_int(statement, 6) == 0)
			continue;
		seen++;
		*after = sql_get_int(statement, 0);
		if (sql_get_int(statement, 7) == 0 ||
		    !sql_get_hash(statement, 5, &hash))
			continue;
		old[(*count)++] =
		    (struct old_idoc){ *after, sql_get_int(statement, 1),
			    key_of(sql_get_text(statement, 2),
				sql_get_text(statement, 3),
				sql_get_text(statement, 4), hash) };
	}
	*more = seen == ROWS;
	return status;
}

/* --- the pass --- */

enum pass_of {
	PASS_IDOCS = 1,
	PASS_ORDERS
};

/* How far the pass under way is, 0 = none; when the last one ended. */
struct pass {
	int64_t after, ended_at;
};

static enum status
load_pass(struct state *state, enum pass_of of, struct pass *pass,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT after, ended_at FROM forgotten_pass WHERE one = ?1", diag);
	enum status status;

	*pass = (struct pass){ .ended_at = 0 };
	sql_int(statement, 1, of);
	if (sql_row(state, statement, &status, diag)) {
		pass->after = sql_get_int(statement, 0);
		pass->ended_at = sql_get_int(statement, 1);
		sqlite3_reset(statement);
	}
	return status;
}

static enum status
save_pass(struct state *state, enum pass_of of, const struct pass *pass,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR REPLACE INTO forgotten_pass(one, after, ended_at)"
	    " VALUES(?1, ?2, ?3)",
	    diag);

	sql_int(statement, 1, of);
	sql_int(statement, 2, pass->after);
	sql_int(statement, 3, pass->ended_at);
	return sql_run(state, statement, diag);
}

/* The last one has not ended, or not just now. */
static bool
is_due(const struct pass *pass)
{
	int64_t now = instant_now();

	return pass->after != 0 || pass->ended_at > now ||
	       now - pass->ended_at >= RETAIN_PAUSE;
}

static enum status
forget_idocs(struct state *state, int64_t before, int64_t *after, bool *more,
    struct diag *diag)
{
	struct old_idoc old[ROWS];
	size_t count = 0;
	instant telling;
	enum status status = meta_time(state, TELLING, &telling, diag);

	if (status == STATUS_OK)
		status = find_old(state, before,
		    telling != INSTANT_NONE && telling >= before, after, old,
		    &count, more, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = forget_idoc(state, &old[i], diag);
	return status;
}

typedef enum status pass_step(struct state *state, int64_t before,
    int64_t *after, bool *more, struct diag *diag);

static enum status
step_pass(struct state *state, enum pass_of of, pass_step *step, int64_t before,
    bool *more, struct diag *diag)
{
	struct pass pass;
	enum status status = load_pass(state, of, &pass, diag);

	*more = false;
	if (status != STATUS_OK || !is_due(&pass))
		return status;
	status = step(state, before, &pass.after, more, diag);
	if (!*more)
		pass = (struct pass){ .ended_at = instant_now() };
	return status == STATUS_OK ? save_pass(state, of, &pass, diag) : status;
}

#define OLD_RUNS                                                               \
	" FROM run AS r WHERE r.ended_at < ?1 AND r.id <"                      \
	" (SELECT max(id) FROM run WHERE tool = r.tool)"                       \
	" ORDER BY r.ended_at LIMIT " ROWS_TEXT

static const char *const run_steps[] = {
	"INSERT INTO forgotten_run(tool, read) SELECT tool, sum(read)"
	" FROM (SELECT r.tool, r.read" OLD_RUNS ") WHERE true GROUP BY tool"
	" ON CONFLICT(tool) DO UPDATE SET read = read + excluded.read",
	"DELETE FROM run WHERE id IN (SELECT r.id" OLD_RUNS ")",
};

#define OLD_EXCEPTIONS                                                         \
	"(SELECT n FROM exception WHERE open = 0 AND closed_at < ?1"           \
	" ORDER BY closed_at, n LIMIT " ROWS_TEXT ")"

static const char *const exception_steps[] = {
	"DELETE FROM notice WHERE exception IN " OLD_EXCEPTIONS,
	"DELETE FROM exception_history WHERE exception IN " OLD_EXCEPTIONS,
	"DELETE FROM exception WHERE n IN " OLD_EXCEPTIONS,
};

/* The last step removes; *more: as much as it may. */
static enum status
forget_rows(struct state *state, const char *const *steps, size_t count,
    int64_t before, bool *more, struct diag *diag)
{
	enum status status = take_steps(state, steps, count, before, diag);

	*more = status == STATUS_OK && state_changes(state) == ROWS;
	return status;
}

/* In this order: the pass over the IDocs is by far the longest. */
enum kind {
	RUNS,
	EXCEPTIONS,
	ORDERS,
	IDOCS,
	KINDS
};

static enum status
forget(struct state *state, enum kind kind, int64_t before, bool *more,
    struct diag *diag)
{
	enum status status = state_begin(state, diag);

	if (status != STATUS_OK)
		return status;
	switch (kind) {
	case RUNS:
		status = forget_rows(state, run_steps, COUNT(run_steps), before,
		    more, diag);
		break;
	case EXCEPTIONS:
		status = forget_rows(state, exception_steps,
		    COUNT(exception_steps), before, more, diag);
		break;
	case ORDERS:
		status = step_pass(state, PASS_ORDERS, retain_order_step,
		    before, more, diag);
		break;
	case IDOCS:
	case KINDS:
		status = step_pass(state, PASS_IDOCS, forget_idocs, before,
		    more, diag);
		break;
	}
	return state_leave(state, true, status, diag);
}

static enum status
any_due(struct state *state, bool *due, struct diag *diag)
{
	struct pass idocs, orders;
	enum status status = load_pass(state, PASS_IDOCS, &idocs, diag);

	if (status == STATUS_OK)
		status = load_pass(state, PASS_ORDERS, &orders, diag);
	*due = status == STATUS_OK && (is_due(&idocs) || is_due(&orders));
	return status;
}

bool
retain_forgets(const struct retain_ages *ages)
{
	return ages->all > 0 || ages->orders > 0;
}

enum status
retain_pass(struct state *state, const struct retain_ages *ages, size_t steps,
    bool *more, struct diag *diag)
{
	enum status status = any_due(state, more, diag);
	bool due = *more;

	*more = false;
	/* Each kind is looked at; only full steps count. */
	for (enum kind kind = RUNS;
	     due && kind < KINDS && status == STATUS_OK && !*more; kind++) {
		int64_t age = kind == ORDERS ? ages->orders : ages->all;

		if (age == 0)
			continue;
		do
			status = forget(state, kind, instant_now() - age / 1000,
			    more, diag);
		while (*more && status == STATUS_OK && --steps > 0);
	}
	return status;
}

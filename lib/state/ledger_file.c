#include "state/ledger.h"
#include "state/run.h"
#include "state/schema.h"

#include "base/instant.h"

const char ledger_move_schema[] =
    "CREATE TABLE move("
    " run INTEGER NOT NULL," /* whose intent it is */
    " name TEXT NOT NULL,"
    " target TEXT NOT NULL,"
    " PRIMARY KEY(run, name)) STRICT, WITHOUT ROWID;";

/* When a file came into the archive, by the name that it has there: kept for
 * those that are to age out, until they do. */
const char ledger_archived_schema_8[] =
    "CREATE TABLE archived("
    " name TEXT PRIMARY KEY,"
    " at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

/* A number about the IDocs of a file. */
static enum status
count(struct state *state, const char *sql, struct str file, uint64_t *value,
    struct diag *diag)
{
	enum status status = ledger_save(state, diag);
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	*value = 0;
	if (status != STATUS_OK)
		return status;
	sql_text(statement, 1, file);
	if (sql_row(state, statement, &status, diag))
		*value = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
ledger_file(struct state *state, struct str name, struct ledger_file *file,
    struct diag *diag)
{
	enum status status;
	uint64_t open;

	*file = (struct ledger_file){ .settled = false };
	status = count(state,
	    "SELECT EXISTS(SELECT 1 FROM idoc WHERE settled = 0 AND"
	    " file = (SELECT id FROM file WHERE name = ?1))",
	    name, &open, diag);
	if (status != STATUS_OK || open > 0)
		return status;
	file->settled = true;
	status = count(state,
	    "SELECT count(*) FROM idoc WHERE"
	    " file = (SELECT id FROM file WHERE name = ?1)",
	    name, &file->idocs, diag);
	if (status != STATUS_OK)
		return status;
	/* An IDoc of no records at all is a good one. */
	return count(state,
	    "SELECT count(*) FROM idoc AS i WHERE"
	    " i.file = (SELECT id FROM file WHERE name = ?1) AND"
	    " i.total > 0 AND NOT EXISTS(SELECT 1 FROM idoc_record"
	    "  WHERE idoc = i.id AND outcome <> 3)",
	    name, &file->excepted, diag);
}

static const char needed_by_name[] =
    "SELECT EXISTS(SELECT 1 FROM idoc AS i WHERE"
    " i.file = (SELECT id FROM file WHERE name = ?1)"
    " AND (i.settled = 0 OR EXISTS(SELECT 1 FROM idoc_record"
    "   WHERE idoc = i.id AND outcome = 3)"
    "  AND EXISTS(SELECT 1 FROM exception AS e WHERE e.open = 1"
    "   AND e.docnum = i.docnum)))";

/* What a name is in its folder. */
#define BASE(name)                                                             \
	"substr(" name ", 1 + length(rtrim(" name ", replace(" name            \
	", '/', ''))))"
#define SAME BASE("f.name") " = " BASE("?1")

/* The ledger has no such name, as after the archive was named in another way:
 * any file counts that has it in its folder. */
static const char needed_anywhere[] =
    "SELECT EXISTS(SELECT 1 FROM idoc AS i JOIN file AS f ON f.id = i.file"
    "  WHERE i.settled = 0 AND " SAME ")"
    " OR EXISTS(SELECT 1 FROM exception AS e CROSS JOIN idoc AS i"
    "  ON i.sys = coalesce(e.sys, '') AND i.client = coalesce(e.client, '')"
    "  AND i.docnum = e.docnum JOIN file AS f ON f.id = i.file"
    "  WHERE e.open = 1 AND " SAME " AND EXISTS(SELECT 1 FROM idoc_record"
    "   WHERE idoc = i.id AND outcome = 3))";

enum status
ledger_file_needed(struct state *state, struct str name, bool *needed,
    struct diag *diag)
{
	uint64_t known, waits = 0;
	enum status status =
	    count(state, "SELECT EXISTS(SELECT 1 FROM file WHERE name = ?1)",
		name, &known, diag);

	if (status == STATUS_OK)
		status =
		    count(state, known > 0 ? needed_by_name : needed_anywhere,
			name, &waits, diag);
	*needed = waits > 0;
	return status;
}

static enum status
forget_archived(struct state *state, struct str name, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "DELETE FROM archived WHERE name = ?1", diag);

	sql_text(statement, 1, name);
	return sql_run(state, statement, diag);
}

enum status
ledger_file_gone(struct state *state, struct str name, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE idoc SET file = NULL WHERE"
	    " file = (SELECT id FROM file WHERE name = ?1)",
	    diag);
	enum status status;

	sql_text(statement, 1, name);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state, "DELETE FROM file WHERE name = ?1", diag);
	sql_text(statement, 1, name);
	status = sql_run(state, statement, diag);
	return status == STATUS_OK ? forget_archived(state, name, diag)
				   : status;
}

static enum status
note_archived(struct state *state, struct str name, struct diag *diag)
{
	sqlite3_stmt *statement;

	if (config_duration(state_config(state), "archive", NULL, "retain") ==
	    0)
		return STATUS_OK;
	statement = state_sql(state,
	    "INSERT OR REPLACE INTO archived(name, at) VALUES(?1, ?2)", diag);
	sql_text(statement, 1, name);
	sql_time(statement, 2, instant_now());
	return sql_run(state, statement, diag);
}

enum status
ledger_file_archived(struct state *state, struct str name, instant *at,
    struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT at FROM archived WHERE name = ?1", diag);
	enum status status;

	sql_text(statement, 1, name);
	if (!sql_row(state, statement, &status, diag))
		return status;
	*at = sql_get_time(statement, 0);
	sqlite3_reset(statement);
	return STATUS_OK;
}

enum status
ledger_file_moved(struct state *state, struct str file, struct str now,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;

	/* A name that was used before, and emptied by hand since. */
	statement = state_sql(state,
	    "UPDATE file SET name = name || '#' || id WHERE name = ?2"
	    " AND name <> ?1",
	    diag);
	sql_text(statement, 1, file);
	sql_text(statement, 2, now);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	/* One in which nothing could be read has no row yet. */
	statement = state_sql(state,
	    "INSERT INTO file(name, first_at) VALUES(?1, ?2)"
	    " ON CONFLICT DO NOTHING",
	    diag);
	sql_text(statement, 1, file);
	sql_time(statement, 2, instant_now());
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE file SET name = ?2, was = ?1 WHERE name = ?1", diag);
	sql_text(statement, 1, file);
	sql_text(statement, 2, now);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	/* Whoever puts it into the inbox again tries it anew. */
	statement =
	    state_sql(state, "DELETE FROM reading WHERE file = ?1", diag);
	sql_text(statement, 1, file);
	return sql_run(state, statement, diag);
}

enum status
ledger_move_begin(struct state *state, int64_t run, struct str from,
    struct str to, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT OR REPLACE INTO move(run, name, target)"
	    " VALUES(?1, ?2, ?3)",
	    diag);

	sql_int(statement, 1, run);
	sql_text(statement, 2, from);
	sql_text(statement, 3, to);
	return sql_run(state, statement, diag);
}

enum status
ledger_move_begun(struct state *state, int64_t run, struct str from,
    struct str to, bool *begun, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM move WHERE run = ?1 AND name = ?2 AND target = ?3",
	    diag);
	enum status status;

	sql_int(statement, 1, run);
	sql_text(statement, 2, from);
	sql_text(statement, 3, to);
	*begun = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
ledger_move_end(struct state *state, int64_t run, struct str from,
    struct str to, bool done, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM move WHERE run = ?1 AND name = ?2", diag);
	enum status status;

	sql_int(statement, 1, run);
	sql_text(statement, 2, from);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK || !done)
		return status;
	status = ledger_file_moved(state, from, to, diag);
	if (status != STATUS_OK)
		return status;
	return run == LEDGER_PUT_BACK ? forget_archived(state, from, diag)
				      : note_archived(state, to, diag);
}

enum status
ledger_move_left(struct state *state, int64_t *run, struct buf *from,
    struct buf *to, bool *found, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT run, name, target FROM move", diag);
	enum status status = STATUS_OK;

	*found = false;
	while (!*found && sql_row(state, statement, &status, diag)) {
		*run = sql_get_int(statement, 0);
		if (run_is_alive(state, *run))
			continue;
		*found = true;
		buf_clear(from);
		buf_clear(to);
		buf_add_str(from, sql_get_text(statement, 1));
		buf_add_str(to, sql_get_text(statement, 2));
	}
	if (*found)
		status = STATUS_OK;
	sqlite3_reset(statement);
	return status;
}

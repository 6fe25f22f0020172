#include "state/ledger.h"

/* One yes-or-no question about the IDocs of a file. */
static enum status
ask(struct state *state, const char *sql, struct str file, bool *yes,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	sql_text(statement, 1, file);
	*yes = sql_row(state, statement, &status, diag) &&
	       sql_get_int(statement, 0) != 0;
	sqlite3_reset(statement);
	return status;
}

enum status
ledger_file_settled(struct state *state, struct str file, bool *settled,
    bool *excepted, struct diag *diag)
{
	enum status status;
	bool open = false, any = false, good = false;

	status = ask(state,
	    "SELECT EXISTS(SELECT 1 FROM idoc WHERE settled = 0 AND"
	    " file = (SELECT id FROM file WHERE name = ?1))",
	    file, &open, diag);
	*settled = !open;
	*excepted = false;
	if (status != STATUS_OK || open)
		return status;
	status = ask(state,
	    "SELECT EXISTS(SELECT 1 FROM idoc WHERE"
	    " file = (SELECT id FROM file WHERE name = ?1))",
	    file, &any, diag);
	if (status != STATUS_OK || !any)
		return status;
	/* Good: a record with another outcome, or no record at all. */
	status = ask(state,
	    "SELECT EXISTS(SELECT 1 FROM idoc AS i WHERE"
	    " i.file = (SELECT id FROM file WHERE name = ?1) AND"
	    " (i.total = 0 OR EXISTS(SELECT 1 FROM idoc_record"
	    "  WHERE idoc = i.id AND outcome <> 3)))",
	    file, &good, diag);
	*excepted = !good;
	return status;
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
	statement = state_sql(state,
	    "UPDATE file SET name = ?2, was = ?1 WHERE name = ?1", diag);
	sql_text(statement, 1, file);
	sql_text(statement, 2, now);
	return sql_run(state, statement, diag);
}

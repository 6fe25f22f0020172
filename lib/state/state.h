#ifndef STATE_STATE_H
#define STATE_STATE_H

/*
 * The state file: SQLite in WAL mode, synchronous=FULL, mode 0600, STRICT
 * tables, application_id and user_version checked at open. Writers queue on a
 * blocking lock of the side file FILE-lock before BEGIN IMMEDIATE, so that
 * small writers are not starved by bulk; nobody holds a transaction while it
 * reads a pipe or talks to the network.
 *
 * Without a path the state is a private temporary database that goes with the
 * process: an aggregator without --state is a pure filter.
 *
 * One struct state belongs to one process and one thread.
 */

#include <sqlite3.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/hash.h"

struct state;

enum state_mode {
	STATE_WRITE, /* create the file when it is missing */
	STATE_EXISTING, /* write, but a missing file is STATUS_NO_INPUT */
	STATE_READ, /* read only; a missing file is STATUS_NO_INPUT */
	STATE_COPY /* the same of any earlier version, to copy it whole */
};

/*
 * Open, check and migrate. path NULL: temporary. Failures: CANNOT_CREATE,
 * NO_INPUT, DATA (not our file, corrupt), CONFIG (written by a newer version),
 * NOT_ALLOWED, TRY_AGAIN (in use, or to be read and empty or of an earlier
 * version), IO - each with a message that names the file. A reader changes
 * nothing, and needs no right to write the file or beside it; in a folder where
 * it has none, and nobody has the state open, writers wait while it is read.
 * config is kept and must outlive the state (exception owners, severities).
 */
enum status state_open(struct state **state, const char *path,
    enum state_mode mode, const struct config *config, struct diag *diag);
/* The same of a private copy that is there; messages name the original. */
enum status state_open_copy(struct state **state, const char *path,
    const char *original, const struct config *config, struct diag *diag);
void state_close(struct state *state);
bool state_is_temporary(const struct state *state);
const char *state_path(const struct state *state); /* NULL when temporary */

/*
 * $STATE_DIRECTORY/sync.db as a service, else
 * $XDG_STATE_HOME/sap-ometria/sync.db (~/.local/state by default); missing
 * folders of the latter are made. The default of ometria-push and sync-audit.
 */
enum status state_default_path(struct buf *path, struct diag *diag);

/*
 * Transactions do not nest. state_rollback after a failure is always safe. A
 * commit also saves the counters of the run that run_begin registered
 * (state/run.h). Statements still being read are reset by all three.
 */
enum status state_begin(struct state *state, struct diag *diag);
enum status state_commit(struct state *state, struct diag *diag);
void state_rollback(struct state *state);
bool state_in_transaction(const struct state *state);
/*
 * For calls that stand alone or inside a caller's transaction: state_join
 * begins one when none is open (*own), state_leave ends it when it is own:
 * commit when status is OK, else rollback. Returns the status of the whole.
 */
enum status state_join(struct state *state, bool *own, struct diag *diag);
enum status state_leave(struct state *state, bool own, enum status status,
    struct diag *diag);

/*
 * Write the whole file anew, so that nothing of what was deleted is left in it
 * or in the write-ahead log. Writers wait meanwhile, some seconds for a GB; it
 * needs as much room again. TRY_AGAIN: a reader kept the log from being cut.
 */
enum status state_compact(struct state *state, struct diag *diag);

/* A number that changes when another process commits; 0 when unknown. */
int64_t state_version(struct state *state);

/* --- for the modules of lib/state and lib/audit only --- */

/*
 * The prepared statement of this SQL text (cached by the pointer of the
 * literal), reset and unbound. NULL with diag when it cannot be prepared.
 */
sqlite3_stmt *state_sql(struct state *state, const char *sql,
    struct diag *diag);
/* Run constant SQL text of several statements. */
enum status state_exec(struct state *state, const char *sql, struct diag *diag);
/*
 * Bind: text that is empty or NULL is bound as NULL (compare with
 * coalesce(?1, '') where the column is NOT NULL); bytes are copied. Indexes
 * from 1. A NULL statement is tolerated everywhere: sql_row and sql_run then
 * return what state_sql left in diag.
 */
void sql_text(sqlite3_stmt *statement, int index, struct str text);
void sql_int(sqlite3_stmt *statement, int index, int64_t value);
void sql_hash(sqlite3_stmt *statement, int index, struct hash hash);
/* INSTANT_NONE is bound as NULL. */
void sql_time(sqlite3_stmt *statement, int index, int64_t time);
/*
 * Step once: true with a row; false at the end or on failure. *status is
 * written by every call. A statement whose rows are not read to the end is
 * reset by its next state_sql or by the end of the transaction.
 */
bool sql_row(struct state *state, sqlite3_stmt *statement, enum status *status,
    struct diag *diag);
/* Step to the end; for statements that return nothing. */
enum status sql_run(struct state *state, sqlite3_stmt *statement,
    struct diag *diag);
/* The same; *changed: there is a row that it changed or put in. */
enum status sql_run_changing(struct state *state, sqlite3_stmt *statement,
    bool *changed, struct diag *diag);
/* The same of SQL whose parameters are two texts, or the first of them alone;
 * and of several such statements, until one fails. */
enum status sql_run_two(struct state *state, const char *sql, struct str a,
    struct str b, struct diag *diag);
enum status sql_run_steps(struct state *state, const char *const *steps,
    size_t count, struct str a, struct str b, struct diag *diag);
/* The first column of the first row of SQL whose parameter is a text: a text
 * that lives in the arena, empty when there is none. */
enum status sql_find_text(struct state *state, const char *sql, struct str a,
    struct arena *arena, struct str *text, bool *found, struct diag *diag);
/* Columns of the current row; texts valid until the next step. */
struct str sql_get_text(sqlite3_stmt *statement, int column);
int64_t sql_get_int(sqlite3_stmt *statement, int column); /* NULL is 0 */
int64_t sql_get_time(sqlite3_stmt *statement, int column); /* INSTANT_NONE */
bool sql_get_hash(sqlite3_stmt *statement, int column, struct hash *hash);
bool sql_is_null(sqlite3_stmt *statement, int column);
/* The text of a column that outlasts the statement. */
struct str sql_copy(sqlite3_stmt *statement, int column, struct arena *arena);
/*
 * The texts (struct str) that stand at these offsets of a record: bound from
 * parameter first on, or copied from column first on.
 */
void sql_texts(sqlite3_stmt *statement, int first, const void *record,
    const size_t *offsets, size_t count);
void sql_copy_texts(sqlite3_stmt *statement, int first, void *record,
    const size_t *offsets, size_t count, struct arena *arena);
/* Rows changed by the last statement. */
int64_t state_changes(struct state *state);
/* The id that the last insertion gave. */
int64_t state_last_id(struct state *state);
const struct config *state_config(const struct state *state);
/* The 16 secret bytes made with the file: key of the suppression hashes. */
const unsigned char *state_secret(const struct state *state);

#endif

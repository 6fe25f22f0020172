#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

/*
 * What the local Ometria keeps, in SQLite: records, profiles, the push queue,
 * push errors, and for tests the journal of requests, the history of accepted
 * records and the warnings.
 *
 * Nothing here is meant to survive a power cut (synchronous is off). A failed
 * SQL statement means a broken test bed: store_* say so on standard error and
 * end the process with STATUS_BUG, so callers need no error paths. Texts that
 * come out of a statement are valid until its next store_step or store_reset.
 */

#include <sqlite3.h>

#include "base/buf.h"
#include "base/instant.h"

enum store_statement {
#define X(name, text) STORE_##name,
#include "statements.inc"
#undef X
	STORE_STATEMENT_COUNT
};

struct store;

/*
 * Opens, and with `create` makes, the database; STATUS_NO_INPUT or
 * STATUS_CANNOT_CREATE with diag when it cannot.
 */
enum status store_open(struct store **store, const char *path, bool create,
    struct diag *diag);
void store_close(struct store *store);

/* The statement, reset and with no parameter bound. */
sqlite3_stmt *store_get(struct store *store, enum store_statement which);
/* Next row: true. No more: false, and the statement is reset. */
bool store_step(sqlite3_stmt *statement);
/* One that gives no rows, such as an INSERT. */
void store_run(sqlite3_stmt *statement);
int64_t store_last_id(struct store *store);
/* Grows with every change of a record. */
uint64_t store_version(const struct store *store);

void bind_str(sqlite3_stmt *statement, int at, struct str text);
/* NULL when the text is empty. */
void bind_str_or_null(sqlite3_stmt *statement, int at, struct str text);
void bind_int(sqlite3_stmt *statement, int at, int64_t value);
struct str column_str(sqlite3_stmt *statement, int at);

void store_warn(struct store *store, int64_t request, const char *code,
    struct str type, struct str id, struct str detail);

#endif

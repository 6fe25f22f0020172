#ifndef STATE_STATE_PRIVATE_H
#define STATE_STATE_PRIVATE_H

/* What state.c and sql.c share; nobody else includes this. */

#include "state/run.h"
#include "state/state.h"
#include "state/trace.h"

/* About twice the statements of the program; a power of two. */
#define STATE_STATEMENTS 1024

struct state_statement {
	const char *sql; /* the literal: its address is the key */
	sqlite3_stmt *statement;
};

/* The IDoc whose records are being settled, see ledger_save. */
struct ledger_hand {
	struct buf key; /* system, client, number */
	int64_t id; /* 0: none */
	int64_t total, done; /* as in the ledger, done as it is to be */
	bool moved; /* done is not yet written */
};

struct state {
	sqlite3 *db;
	char *path; /* NULL: temporary */
	char *called; /* in messages; NULL: temporary */
	int lock; /* side file FILE-lock, -1 = none */
	bool locked;
	enum state_mode mode;
	const struct config *config;
	struct run *run; /* its counters are saved by each commit */
	struct trace *trace; /* of the batch in hand */
	struct ledger_hand hand;
	int age; /* of what is put into the outbox: enum outbox_age */
	unsigned char secret[16];
	struct state_statement statements[STATE_STATEMENTS];
	size_t statement_count;
};

/*
 * For a reader whom SQLite does not let in because it may make no file beside
 * the state: open it as one that nobody writes; writers wait until it is
 * closed. NOT_ALLOWED when what is in the log would be missed.
 */
enum status state_open_sealed(struct state *state, struct diag *diag);
/* The failure of an SQLite call as a status, with a message. */
enum status state_fail(struct state *state, int rc, struct diag *diag);
/* Reset what is still being read, so that no old snapshot lives on. */
void state_reset_all(struct state *state);
void state_finalize_all(struct state *state);

#endif

#ifndef SANDBOX_JOB_H
#define SANDBOX_JOB_H

/*
 * What is asked for now and done later: data-deletion requests and merges of
 * profiles. A job is done when its time has come by the clock of the sandbox,
 * which a test moves.
 */

#include "base/arena.h"
#include "read.h"
#include "uuid.h"

enum job_kind {
	JOB_ERASE,
	JOB_MERGE
};

struct job {
	int64_t n;
	struct str id, request, message; /* until the next job_step */
	/* As Ometria writes times; completed is empty while it waits. */
	struct str created, completed;
	bool failed;
};

/* Ask for one in `delay` seconds, inside a transaction; its number. */
int64_t job_add(struct store *store, enum job_kind kind, struct str request,
    int64_t delay);
/* How many of a kind wait. */
int64_t job_waiting(struct store *store, enum job_kind kind);
/* It is done, or failed with this message. */
void job_end(struct store *store, int64_t n, bool failed, struct str message);

/* The one of this number, with texts in the arena. */
void job_find(struct store *store, int64_t n, struct job *job,
    struct arena *arena);
/* Select the one of this id, or, when it is empty, a page, newest first. */
sqlite3_stmt *job_select(struct store *store, enum job_kind kind, struct str id,
    const struct page *page);
/* The next one; false when there are no more. */
bool job_step(sqlite3_stmt *select, struct job *job);

/* Whether job_tick would find something to do. */
bool job_is_due(struct store *store);
/* Do what is due; inside a transaction. */
void job_tick(struct store *store);

#endif

#ifndef SANDBOX_READ_H
#define SANDBOX_READ_H

/* The GET side: lists with filters and pages, single records, errors. */

#include "base/buf.h"
#include "store.h"

#define PATH_PARTS_MAX 6
#define QUERY_PARTS 4 /* of the longest path that there is */

/* A request: the decoded parts of its path behind /v2, and its arguments. */
struct query {
	struct str parts[PATH_PARTS_MAX];
	size_t count;
	void *connection; /* for `argument` */
	/* The value of a query argument, or NULL. */
	const char *(*argument)(void *connection, const char *name);
};

/* What of a list is asked for. */
struct page {
	int64_t limit, offset;
};

struct answer {
	unsigned status;
	const char *type; /* NULL: JSON */
	struct buf body;
	size_t rows; /* records in the body */
};

/* {"status":"ERROR","message":...}, replacing what the body holds. */
void answer_error(struct answer *answer, unsigned status, const char *message);
/*
 * Run a statement on a JSON body (?1) and the time (?2). One that changes
 * nothing did not know what to make of it: 400 with the message.
 */
void answer_take(struct store *store, enum store_statement which,
    struct str body, const char *message, struct answer *answer);

/* Whether the parts are these: a literal, "*" for any, NULL for none. */
bool query_is(const struct query *query, const char *const want[QUERY_PARTS]);
/* Whether there is something at this path, whatever the method. */
bool read_knows(const struct query *query);
/* Answer a GET of a path that is known. */
void read_answer(struct store *store, const struct query *query,
    struct answer *answer);

#endif

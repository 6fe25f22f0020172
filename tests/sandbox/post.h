#ifndef SANDBOX_POST_H
#define SANDBOX_POST_H

/*
 * Requests that change something, but for POST /push and those of the sandbox
 * itself: a table of methods, paths, limits and who answers.
 */

#include "base/json.h"
#include "push.h"
#include "rate.h"
#include "read.h"

struct post {
	struct store *store;
	struct queue *queue;
	int64_t request; /* in the journal */
	const struct query *query;
	struct str body;
	const struct json *root; /* of the body, an object */
	struct arena *arena; /* of the request */
};

struct post_route;

/* What takes such a request, or NULL. */
const struct post_route *post_find(const char *method,
    const struct query *query);
/* The limit that it counts for; that of what is read when it is NULL. */
enum rate_kind post_rate(const struct post_route *route);
/* Answer it; root is set here. */
void post_answer(const struct post_route *route, struct post *post,
    struct json_doc *doc, struct answer *answer);

#endif

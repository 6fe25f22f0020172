#ifndef OMETRIA_ERRORS_H
#define OMETRIA_ERRORS_H

/*
 * The list at /push/_errors: what Ometria refused after it had said 202. Both
 * shapes that are documented are read. Pure.
 */

#include "base/arena.h"
#include "base/instant.h"
#include "record/desired.h"

#define ERRORS_MAX 100 /* rows of the list; older ones fall out of it */

struct push_error {
	struct str request_id; /* empty in the flat shape */
	struct str record_id;
	bool has_kind;
	enum desired_kind kind;
	instant at; /* when Ometria refused it, INSTANT_NONE = not said */
	struct str why; /* "not a valid value (root > lastname)", escaped */
};

/* An error that does not say of which record: whose, is found by read-back. */
static inline bool
errors_is_nameless(const struct push_error *error)
{
	return error->request_id.len == 0 || error->record_id.len == 0 ||
	       !error->has_kind;
}

/*
 * Everything in the list; texts live in the arena. PROTOCOL when it is no
 * JSON array.
 */
enum status errors_parse(struct str body, struct arena *arena,
    struct push_error **errors, size_t *count, struct diag *diag);

#endif

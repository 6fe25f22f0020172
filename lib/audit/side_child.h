#ifndef AUDIT_SIDE_CHILD_H
#define AUDIT_SIDE_CHILD_H

/*
 * A process of its own makes SAP's side, while this one is busy with Ometria's:
 * what it makes comes through a pipe, in order. For lib/audit/side_* alone.
 */

#include "audit/side.h"
#include "base/out.h"
#include "ometria/payload.h"

/* What goes with a payload. */
struct side_meta {
	int64_t accepted_at; /* seconds, INSTANT_NONE = not known */
	enum side_standing standing; /* without the settle time */
	bool revised;
};

/* In the child. */
struct side_maker {
	const struct side_plan *plan;
	struct out out;
	struct json_doc doc;
	struct arena arena; /* of one record */
	struct buf payload;
	uint64_t unfit; /* records without a payload */
};

/* Make the payload of a body and hand it over. */
enum status side_maker_put(struct side_maker *maker, struct str key,
    const struct side_meta *meta, struct str body,
    const struct payload_facts *facts, struct diag *diag);

struct side_child;

/* make: everything that the child does; its status is the child's. */
enum status side_child_start(struct side_child **child,
    const struct side_plan *plan,
    enum status (
	*make)(struct side_maker *maker, const void *user, struct diag *diag),
    const void *user, struct diag *diag);
/* The next, valid until the next call. The child's failure is the status. */
enum status side_child_next(struct side_child *child, struct str *key,
    struct side_meta *meta, struct str *payload, bool *found,
    struct diag *diag);
/* Known at the end. */
uint64_t side_child_unfit(const struct side_child *child);
void side_child_free(struct side_child *child); /* NULL is fine */

/* What they do: user is the descriptor of the lines (int), and the state
 * (struct side_outbox). */
struct side_outbox {
	const char *path;
	bool sent;
};
enum status side_lines_make(struct side_maker *maker, const void *user,
    struct diag *diag);
enum status side_outbox_make(struct side_maker *maker, const void *user,
    struct diag *diag);

#endif

#ifndef OMETRIA_REFUSE_H
#define OMETRIA_REFUSE_H

/*
 * What follows when a record does not get into Ometria: its exception, and for
 * a contact the hold of its customer, in one transaction; the revision is not
 * sent again. For lib/ometria alone.
 */

#include "ometria/drain.h"

struct refusal {
	enum desired_kind kind;
	struct str id;
	uint64_t rev;
	struct str customer;
	bool limit; /* ours, before it was sent; else Ometria's */
	const char *why; /* fit for a message */
};

enum status refuse_record(struct drain *drain, const struct refusal *refusal,
    struct diag *diag);

/* An exception of the integration itself, such as push-refused-key. */
enum status refuse_raise(struct drain *drain, const char *code,
    const char *subject, struct str id, const char *message, struct diag *diag);

/* The key is refused: its exception (none without a state, when somebody only
 * reads), and NOT_ALLOWED. */
enum status refuse_key(struct drain *drain, const char *why, struct diag *diag);
/* Close the exceptions of records of which a newer revision is confirmed. */
enum status refuse_heal(struct drain *drain, struct diag *diag);

#endif

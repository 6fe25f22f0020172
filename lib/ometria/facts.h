#ifndef OMETRIA_FACTS_H
#define OMETRIA_FACTS_H

/* What the state knows at the moment of sending about the customer of a record:
 * the facts with which a payload is made. Reads only. */

#include "ometria/payload.h"
#include "state/outbox.h"

/* What facts_learn is asked about, and what it needs beside the answer. */
struct facts_query {
	struct state *state;
	enum desired_kind kind;
	struct str id, customer, body; /* of the outbox row */
	struct json_doc *doc; /* scratch */
	struct arena *arena; /* of the texts of the answer */

	/* Filled: the order whose facts name somebody who is erased, and who is
	 * to be forgotten there; empty = nobody is named. */
	struct str scrub;
};

/* Adds to *facts, whose collection is the caller's. */
enum status facts_learn(struct payload_facts *facts, struct facts_query *query,
    struct diag *diag);

#endif

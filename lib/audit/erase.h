#ifndef AUDIT_ERASE_H
#define AUDIT_ERASE_H

/*
 * A person is taken out of the state and out of files that were archived. What
 * remains is the customer number with the word that it is erased, and keyed
 * hashes of number and addresses (state/suppression.h): whatever comes later of
 * the person is known by them, and stays out.
 */

#include "audit/person.h"

struct erase_state {
	uint64_t orders; /* that lose the person */
	uint64_t contacts; /* 1: there was something of the customer's own */
	/* Opt-outs and deletion requests with an address, and batches in
	 * flight, that Ometria is still to be told of. */
	uint64_t waits;
};

/* What there is, and what would still wait. */
enum status erase_look(struct state *state, const struct person *person,
    struct erase_state *found, struct diag *diag);
/*
 * Take it out, in a transaction. Who was not opted out by SAP is so from now
 * on: Ometria is told, by the number alone, when it has the contact; asked to
 * delete what it has where [deletion] request says so, else a person is to ask.
 * Of a guest it is told nothing.
 */
enum status erase_apply(struct state *state, const struct person *person,
    struct diag *diag);

struct erase_file {
	uint64_t idocs; /* IDocs or lines of it */
	uint64_t named; /* of those, the ones that name the person */
	bool removed; /* the whole file is to go, or has gone */
	/* It cannot be taken apart: more than one IDoc, in an encoding other
	 * than UTF-8 or without a tag around each. Nothing is done. */
	bool by_hand;
};

/*
 * A file without the IDocs of the person takes its place by rename; one of
 * nothing else is removed, with its page. The ledger knows afterwards that
 * those IDocs are in no file any more. apply false: only look.
 */
enum status erase_file(struct state *state, const struct person *person,
    const char *path, bool apply, struct erase_file *found, struct diag *diag);

#endif

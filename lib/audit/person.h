#ifndef AUDIT_PERSON_H
#define AUDIT_PERSON_H

/*
 * What a customer is known by: the customer number, the e-mail addresses and
 * phones that the state has of the person, and the documents of the person's
 * orders. Gathered before any of it is taken away.
 */

#include "base/json.h"
#include "idoc/idoc.h"
#include "state/state.h"

struct person_names {
	struct str *list; /* in the arena */
	size_t count, size;
};

struct person {
	struct arena arena;
	struct str customer; /* without leading zeros; empty: a guest */
	struct person_names emails; /* in small letters */
	struct person_names phones;
	struct person_names orders; /* ids in Ometria */
	/* Sales documents, deliveries, web orders, without leading zeros. */
	struct person_names documents;
	/* Customers who share an address or phone with the person. */
	struct person_names others;
	bool known; /* the state has the customer */
};

/* A customer, or (customer empty) a guest, who is known by the address alone.
 */
enum status person_gather(struct person *person, struct state *state,
    struct str customer, struct str address, struct diag *diag);
void person_free(struct person *person);

/* Whether a text holds an address or a phone of the person. */
bool person_in_text(const struct person *person, struct str text);
/* Whether an IDoc, or a JSON line, names the person: by its number or its
 * documents in the fields that hold such, by an address in any, unless it names
 * another customer that has it as well. */
bool person_in_idoc(const struct person *person, const struct idoc *idoc);
bool person_in_line(const struct person *person, struct str line,
    struct json_doc *doc, struct arena *arena);
/* The same of the bytes of an IDoc that cannot be read: by its number or an
 * address. */
bool person_in_bytes(const struct person *person, struct str bytes);

#endif

#ifndef OMETRIA_PAYLOAD_H
#define OMETRIA_PAYLOAD_H

/*
 * From the body of a desired record, and what is known about its customer at
 * the moment of sending, to the JSON object that Ometria takes. Pure: no
 * state, no clock, no I/O. One table a kind names every field with its limit
 * (Data API reference); nothing that is not in a table leaves.
 *
 * Money goes out as a JSON number with exactly the digits it came with.
 */

#include "record/desired.h"

/* What SAP's master data says about the customer of an order or event. */
enum payload_person {
	PERSON_KEPT, /* nothing special, or not known to the master */
	PERSON_GUEST, /* one-time account: never the id, the shop's facts */
	PERSON_OPTED_OUT, /* the customer id alone leaves */
	PERSON_ERASED /* no customer, no addresses, and no events */
};

struct payload_facts {
	struct str collection; /* of contacts */
	struct str email; /* of the master; empty = it has none */
	struct str id; /* of who is opted out, named by address alone */
	enum payload_person person;
	bool shop_email; /* the shop owns the address: its own goes first */
};

enum payload_verdict {
	PAYLOAD_READY,
	PAYLOAD_SUPPRESSED, /* an event of an erased person: not to be sent */
	PAYLOAD_FAULTY /* breaks a limit: *fault names the field */
};

struct payload_fault {
	char field[64]; /* as Ometria calls it: lineitems[2].quantity */
	char message[200]; /* with the field, without its content */
};

/*
 * Append the object to `to` (nothing unless READY). doc and arena are scratch
 * of the caller; nothing of them is needed afterwards.
 */
enum payload_verdict payload_make(struct buf *to, enum desired_kind kind,
    struct str body, const struct payload_facts *facts, struct json_doc *doc,
    struct arena *arena, struct payload_fault *fault);

#endif

#ifndef STATE_CUSTOMER_H
#define STATE_CUSTOMER_H

/*
 * Customers as folded: one row per customer with its general data (DEBMAS) and
 * one per address object (ADRMAS, ADR2MAS), each with the seq that last wrote
 * it. The facts of a part are kept as the JSON object that lib/fold/contact
 * reads. Writing calls stand inside a transaction of the caller.
 */

#include "base/arena.h"
#include "base/instant.h"
#include "state/state.h"

extern const char customer_schema[];

/* The object under which the shop's record of a customer is kept: no object
 * type of SAP. */
#define CUSTOMER_SHOP ".shop"

/* Whose key a customer may share: enough for a batch of new ones. */
#define CUSTOMER_SHARING 512

/* What one source says: the record's own keys as a JSON object; what is older
 * than seq stands with its own under "@" (lib/fold/contact_part.c). */
struct contact_part {
	struct str seq; /* of the newest record in it; empty = no part */
	struct str facts; /* a JSON object */
	bool full; /* holds a record that was no mere change */
};

struct contact_state {
	struct str id; /* customer number without leading zeros */
	struct contact_part general;
	struct contact_part *points; /* by object and object id */
	size_t point_count;
	struct contact_part shop; /* what the shop says of it */
	bool one_time, was_one_time; /* now, and as it is stored */
	bool deleted; /* a fact that opts out stands now */
	struct str flagged; /* seq of the earliest one; empty = never */
	bool erased; /* nothing of the person may leave or stay */
	bool to_request; /* erased, and Ometria is to be asked to erase */
	struct str email, phone;
	instant due; /* when time alone changes them; INSTANT_NONE = never */
	struct str sent_email; /* the last that was ever to be sent */
};

/* CPD accounts: many people under one number, never a contact. An unknown
 * customer is none. */
enum status customer_is_one_time(struct state *state, struct str id, bool *yes,
    struct diag *diag);

/* What an order or event needs to know of its customer when it leaves. */
struct customer_contact {
	struct str email; /* the master's, empty when it has none */
	bool one_time;
	bool opted_out; /* SAP's deletion flag was set once: id alone leaves */
	bool erased; /* nothing of the person leaves */
};

/* *found false: the master does not know this customer. Texts live in the
 * arena. */
enum status customer_contact(struct state *state, struct str id,
    struct arena *arena, struct customer_contact *out, bool *found,
    struct diag *diag);

/* Who is opted out and has this address, empty when nobody or when a live
 * customer has it too: whom an order means that names an address alone. */
enum status customer_opted_out_by(struct state *state, struct str email,
    struct arena *arena, struct str *id, struct diag *diag);

/* The folded customer with its address parts; an empty one when unknown. */
enum status customer_load(struct state *state, struct str id,
    struct arena *arena, struct contact_state *customer, struct diag *diag);
/* Its row (not the address parts). Its orders are due where it became, or
 * ceased to be, a one-time account (state/order_anew.h). */
enum status customer_store(struct state *state,
    const struct contact_state *customer, struct diag *diag);

/* One address part by its object; *part empty when unknown. */
enum status customer_load_point(struct state *state, struct str object,
    struct str object_id, struct arena *arena, struct contact_part *part,
    struct diag *diag);
enum status customer_store_point(struct state *state, struct str object,
    struct str object_id, struct str customer, const struct contact_part *part,
    struct diag *diag);

/* The live customers with this e-mail address, sorted, CUSTOMER_SHARING of them
 * at most. */
enum status customer_sharing(struct state *state, struct str email,
    struct arena *arena, struct str ids[CUSTOMER_SHARING], size_t *count,
    struct diag *diag);

/* The next e-mail address behind this one in order, in small letters, that live
 * customers share; empty at the end. */
enum status customer_next_shared(struct state *state, struct str after,
    struct arena *arena, struct str *email, struct diag *diag);

/* The customer whose time came first (contact_state.due); empty when none is
 * due. */
enum status customer_due(struct state *state, instant now, struct arena *arena,
    struct str *id, struct diag *diag);

/* The next of all live customers with this address behind this one. */
enum status customer_next_sharing(struct state *state, struct str after,
    struct str email, struct arena *arena, struct str *id, struct diag *diag);

/* The customer is no contact (any more): a revision that waits in the outbox
 * will not leave, and holds up nobody's orders. */
enum status customer_unqueue(struct state *state, struct str id,
    struct diag *diag);

/* An address that the customer had before; holds and erasures reach it. */
enum status customer_add_former(struct state *state, struct str id,
    struct str email, struct diag *diag);
/* Take one of them away and give it back; empty when there is none left. */
enum status customer_take_former(struct state *state, struct str id,
    struct arena *arena, struct str *email, struct diag *diag);

/*
 * The configuration that shapes contacts is this one now: where it differs from
 * the one that the state remembers, all customers are due.
 */
enum status customer_configure(struct state *state, struct hash fingerprint,
    struct diag *diag);

/* Whether Ometria has, or may have, a contact of the customer. */
enum status customer_was_sent(struct state *state, struct str id, bool *yes,
    struct diag *diag);

/* The next customer behind this one in order; empty at the end. */
enum status customer_next(struct state *state, struct str after,
    struct arena *arena, struct str *id, struct diag *diag);

#endif

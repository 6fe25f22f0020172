#ifndef FOLD_CONTACT_H
#define FOLD_CONTACT_H

/*
 * Folding customers: general data (DEBMAS) and address parts (ADRMAS, ADR2MAS)
 * age separately, each by its own seq, and give one desired contact.
 *
 * Pure: folded state and a record in, new state and a verdict out. Texts of the
 * new state live in the arena or in the record. Whatever the order of arrival,
 * the same records give the same state:
 * - a deletion flag that was ever set opts the person out, even when its record
 *   arrives behind a newer one; the earliest such record dates the opt-out;
 * - messages of changes (MSGFN 003, 004) carry only what they say, of sales
 *   areas those they name; each key and each sales area is a fact of its own,
 *   and the newest message that says it, since the last full one, wins.
 */

#include "base/config.h"
#include "record/record.h"
#include "state/customer.h"

enum contact_verdict {
	CONTACT_TAKEN,
	CONTACT_SUPERSEDED, /* what is known is newer */
	CONTACT_DUPLICATE /* it is known already */
};

/* A record to fold: seq is never empty, arrival time when it had none. */
struct contact_record {
	const struct json *root;
	struct str seq;
	bool stamped; /* seq is the time of arrival: at a tie the later wins */
};

/* Fold a record into one part. */
enum contact_verdict contact_fold_part(struct contact_part *part,
    const struct contact_record *record, struct arena *arena);

/*
 * Fold a customer record. *cleared: with this record the deletion flag turns
 * out to have been taken back in SAP, which opts nobody in.
 */
enum contact_verdict contact_fold_general(struct contact_state *customer,
    const struct contact_record *record, const struct config *config,
    bool *cleared, struct arena *arena);

/*
 * Set email and phone: e-mail addresses that are usable, valid at now and well
 * formed, the default before the first; then the general data's own. Phones in
 * E.164 form: the default mobile, a mobile, the default, the first, the general
 * data's.
 */
void contact_choose(struct contact_state *customer, instant now,
    struct arena *arena);

/* local@domain.tld, ASCII, RFC 5321's lengths; no quoted local parts. */
bool contact_email_valid(struct str address);
/* E.164: '+', then 7 to 15 digits, the first not 0. */
bool contact_phone_valid(struct str number);

enum contact_wish {
	CONTACT_NONE, /* one-time account, or nothing to reach it by */
	CONTACT_LIVE,
	CONTACT_OPTED_OUT /* forced, urgent, even if it never was a contact */
};

/*
 * The desired contact (contact_choose comes first). *cut lists the keys that
 * were cut to Ometria's 64 characters, "" when none; it lives in the arena.
 */
enum contact_wish contact_body(const struct contact_state *customer,
    const struct config *config, struct buf *body, struct str *cut,
    struct arena *arena);

#endif

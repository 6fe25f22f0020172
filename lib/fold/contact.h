#ifndef FOLD_CONTACT_H
#define FOLD_CONTACT_H

/*
 * Folding customers: general data (DEBMAS) and address parts (ADRMAS, ADR2MAS)
 * age separately, each by its own seq, and give one desired contact. What the
 * shop says of a customer is a part of its own that counts only for the facts
 * the shop owns (state/authority.h), and makes no contact.
 *
 * Pure: folded state and a record in, new state and a verdict out. Texts of the
 * new state live in the arena or in the record. Whatever the order of arrival,
 * the same records give the same state:
 * - a deletion flag that was ever set opts the person out, even when its record
 *   arrives behind a newer one; the earliest such record dates the opt-out;
 * - messages of changes (MSGFN 003, 004, and reduced ones) carry only what they
 *   say, of sales areas, blocks, contact persons and properties those they
 *   name; each key and each of these is a fact of its own, and the newest
 *   message that says it, since the last full one, wins.
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
 * What the folded facts make of the customer by this configuration: one-time or
 * not, opted out, to be erased. Who is opted out stays so. contact_fold_general
 * does it, too; anew it is for a configuration that changed.
 */
void contact_judge(struct contact_state *customer, const struct config *config,
    struct arena *arena);

/* SAP has spoken of the customer: without that there is no contact. */
bool contact_is_known(const struct contact_state *customer);
/* General data of an erased person: status and account group alone stay, and
 * the seqs of all. */
struct str contact_forget(struct str facts, struct arena *arena);

/*
 * Set email, phone and due. E-mail addresses that are usable, valid at now and
 * well formed, the default before the first; then the general data's own.
 * Phones in E.164 form that are usable and valid at now: the default mobile, a
 * mobile, the default, the first, the general data's. The shop's own goes first
 * where [authority] names the shop. due: when the validity of one of them
 * begins or ends next, INSTANT_NONE when time changes nothing.
 */
void contact_choose(struct contact_state *customer, const struct config *config,
    instant now, struct arena *arena);

/* local@domain.tld, ASCII, RFC 5321's lengths; no quoted local parts. */
bool contact_email_valid(struct str address);
/* E.164: '+', then 7 to 15 digits, the first not 0. */
bool contact_phone_valid(struct str number);

enum contact_wish {
	CONTACT_NONE, /* one-time account, nothing to reach it by, not SAP's */
	CONTACT_LIVE,
	CONTACT_OPTED_OUT /* forced, urgent, even if it never was a contact */
};

/*
 * The desired contact (contact_choose comes first). *cut lists what Ometria
 * does not take as it is, and was cut or left out, "" when nothing; it lives in
 * the arena.
 */
enum contact_wish contact_body(const struct contact_state *customer,
    const struct config *config, struct buf *body, struct str *cut,
    struct arena *arena);

#endif

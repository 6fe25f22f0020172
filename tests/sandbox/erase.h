#ifndef SANDBOX_ERASE_H
#define SANDBOX_ERASE_H

/*
 * Data-deletion requests, which are jobs. The keys of the body are not
 * documented, so both that one would guess are taken, addresses in "identities"
 * or one "email" (or one of them, by switch). What Ometria does within 14 days
 * is done after the seconds of the switch erase-delay: names, telephone, date
 * of birth and addresses go from contacts, orders and events, the e-mail
 * becomes a hash, and only the hash is kept of the request.
 */

#include "base/json.h"
#include "job.h"
#include "post.h"

enum erase_state {
	ERASE_NO,
	ERASE_ASKED, /* for the person that the record names */
	ERASE_DONE
};

/* Answer a POST of /data-deletion-requests. */
void erase_post(struct post *post, struct answer *answer);
/* All requests as Ometria lists them, newest first, or the one of this id. */
void erase_list(struct store *store, struct str id, const struct page *page,
    struct answer *answer);
/* Anonymise; the job is done then. */
void erase_run(struct store *store, int64_t job);

/* The address by which a record names a person, or an empty text. */
struct str erase_email_of(const struct json *record, struct arena *arena);
/* Whether the person with this address was erased. */
enum erase_state erase_state(struct store *store, struct str email,
    struct arena *arena);
/* The person came back with a record and is made nameless again. */
void erase_again(struct store *store, struct str email, struct arena *arena);

#endif

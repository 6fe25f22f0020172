#ifndef SANDBOX_ERASE_H
#define SANDBOX_ERASE_H

/*
 * Data-deletion requests. The keys of the body are not documented, so both that
 * one would guess are taken, an address in "identities" or "email" alone. What
 * Ometria does within 14 days is done at once: names, telephone and addresses
 * go from contacts and orders, the e-mail becomes a hash.
 */

#include "base/json.h"
#include "read.h"

/* Answer a POST of /data-deletion-requests. */
void erase_answer(struct store *store, struct str body, struct json_doc *doc,
    struct arena *arena, struct answer *answer);
/* All requests as Ometria lists them, newest first, or the one of this id. */
void erase_list(struct store *store, struct str id, struct answer *answer);
/* Whether the e-mail is that of somebody who was erased. */
bool erase_was(struct store *store, struct str email);

#endif

#ifndef SANDBOX_PROFILE_H
#define SANDBOX_PROFILE_H

/*
 * Profiles: the people that Ometria derives from contacts and orders. They are
 * never written directly. The Data API's page on orders has the matrix of
 * identities.
 */

#include "base/buf.h"
#include "store.h"

/*
 * The profile that a contact or order with this customer id and e-mail (either
 * may be empty) belongs to, made when needed; 0 for nobody and other types.
 */
int64_t profile_attach(struct store *store, struct str type,
    struct str customer, struct str email);

/* Append the profile as JSON. */
void profile_print(struct store *store, int64_t profile, struct buf *to);
/* "sbx-17" to 17; 0 when it is not such an id. */
int64_t profile_number(struct str id);

#endif

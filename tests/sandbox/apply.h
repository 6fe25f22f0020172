#ifndef SANDBOX_APPLY_H
#define SANDBOX_APPLY_H

/*
 * From an accepted record to what Ometria holds: identity, replacing and
 * merging, consent, and the profile behind contacts and orders.
 */

#include "base/json.h"
#include "store.h"

/* What makes two records the same one. */
struct identity {
	struct str type; /* "@type" */
	struct str collection; /* of a contact; the type of an event; or "" */
	struct str id;
};

/* Texts are in the arena or the record's line; missing ones are empty. */
struct identity apply_identity(const struct json *record, struct arena *arena);

bool apply_is_stored(struct store *store, const struct identity *identity);
/* Whether what the record does not set is kept: by @merge, or by switch. */
bool apply_is_merge(struct store *store, const struct json *record,
    const struct identity *identity);

/*
 * Store a valid record. Without @merge it replaces what is stored, null and
 * "" clear. With @merge:true top-level keys that are not sent are kept, save a
 * product's attributes. Keys with '@' are executed and not stored, unknown
 * keys are dropped. A forced marketing_optin stays until another forced one.
 * `touch` grows with every call.
 */
void apply_record(struct store *store, const struct json *record,
    const struct identity *identity, int64_t touch, struct arena *arena);

#endif

#ifndef OMETRIA_SAID_H
#define OMETRIA_SAID_H

/*
 * Fields that Ometria was told once and that a record has no longer. Whether a
 * record without @merge replaces the stored one, or what it does not name stays
 * as it was, Ometria's documentation says both; null clears a field under
 * either reading, and read-back tells when it did not. Of orders and contacts;
 * an e-mail address of a contact and its consent are never cleared. Pure.
 */

#include "record/desired.h"

/*
 * The payload that begins at `begin` of *payload gets a null for each field in
 * `said` that it does not have. Returns `said` and the fields that it has, for
 * the state to keep. doc is scratch of the caller.
 */
uint64_t said_complete(struct buf *payload, size_t begin,
    enum desired_kind kind, uint64_t said, struct json_doc *doc);

#endif

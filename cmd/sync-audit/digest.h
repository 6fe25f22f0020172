#ifndef SYNC_AUDIT_DIGEST_H
#define SYNC_AUDIT_DIGEST_H

/* Many exceptions of one owner in one record: how many of which code, and the
 * first of each by name. */

#include "base/arena.h"
#include "base/config.h"
#include "state/notice.h"

struct digest {
	struct arena arena;
	struct digest_group *groups;
	size_t count, room; /* of groups */
	uint64_t total; /* of exceptions */
};

/* Count one in; its texts are copied. */
void digest_add(struct digest *digest, const struct notice *notice,
    const struct exception_row *row);
/*
 * One JSON object and a newline: v, type (digest), notice (digest), owner,
 * address, count, and groups of the same code, severity and kind of notice, in
 * the order in which they were added: code, severity, notice, count, subjects
 * (the first ten as type:id), meaning, action, runbook.
 */
void digest_write(const struct digest *digest, struct buf *to,
    const struct config *config, struct str owner);
void digest_free(struct digest *digest);

#endif

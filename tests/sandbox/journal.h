#ifndef SANDBOX_JOURNAL_H
#define SANDBOX_JOURNAL_H

/*
 * Every request, with what it was about and how it was answered. Neither the
 * key nor what names a person gets in: of the key a part of its hash, "..." for
 * a part of the path, an argument or an id that looks like an address or a
 * telephone number, and of a body the hash.
 */

#include "push.h"
#include "read.h"

/* What is known at the end. */
struct journal_end {
	int64_t seq;
	unsigned status; /* 0 = no answer */
	const char *request_id;
	const struct batch *batch;
	size_t records;
	struct str body;
};

/* Its number. */
int64_t journal_begin(struct store *store, const char *method, const char *uri,
    const char *key);
void journal_end(struct store *store, const struct journal_end *end);

/* An address, or what could be a telephone number. */
bool journal_is_personal(struct str text);

#endif

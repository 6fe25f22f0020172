#ifndef IDOC_CONTENT_H
#define IDOC_CONTENT_H

/*
 * The content hash of an IDoc: control_content(), then each segment with its
 * definition and all its filled fields in order, wanted or not. White space
 * between tags, attributes and XML declarations do not count. The same IDoc
 * as XML and as flat file has two hashes.
 *
 * Small pieces are gathered: the hash itself is only fast on long ones.
 */

#include "base/hash.h"

struct content {
	struct hasher hasher;
	size_t used;
	bool on; /* off: nothing is hashed, and the result is zero */
	char bytes[1024];
};

void content_begin(struct content *content, bool on);
/* A piece with its kind and length, so that pieces cannot run together. */
void content_add(struct content *content, char kind, struct str piece);
struct hash content_end(struct content *content);

#endif

#ifndef BASE_HASH_H
#define BASE_HASH_H

/*
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012): the one
 * hash of the project. With the all-zero key it tells contents apart (ledger,
 * outbox bodies); with a secret key it hides what it stands for (suppression
 * list). Data may come in pieces.
 */

#include "base/buf.h"

#define HASH_BYTES 16
#define HASH_HEX 33 /* 32 digits and the NUL */

struct hash {
	unsigned char bytes[HASH_BYTES];
};

struct hasher {
	uint64_t v0, v1, v2, v3;
	uint64_t length;
	unsigned char tail[8];
	size_t pending;
};

void hash_begin(struct hasher *hasher, const unsigned char key[16]);
void hash_add(struct hasher *hasher, const void *bytes, size_t len);
struct hash hash_end(struct hasher *hasher);

/* Of one text with the zero key. */
struct hash hash_of(struct str text);
void hash_hex(struct hash hash, char to[HASH_HEX]);
bool hash_equal(struct hash a, struct hash b);

#endif

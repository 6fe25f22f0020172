#include "base/hash.h"

static uint64_t
rotate(uint64_t value, unsigned bits)
{
	return value << bits | value >> (64 - bits);
}

static void
sip_rounds(struct hasher *h, int rounds)
{
	while (rounds-- > 0) {
		h->v0 += h->v1;
		h->v2 += h->v3;
		h->v1 = rotate(h->v1, 13) ^ h->v0;
		h->v3 = rotate(h->v3, 16) ^ h->v2;
		h->v0 = rotate(h->v0, 32);
		h->v2 += h->v1;
		h->v0 += h->v3;
		h->v1 = rotate(h->v1, 17) ^ h->v2;
		h->v3 = rotate(h->v3, 21) ^ h->v0;
		h->v2 = rotate(h->v2, 32);
	}
}

static uint64_t
load_le64(const unsigned char *bytes)
{
	uint64_t word = 0;

	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return word;
}

static void
store_le64(unsigned char *bytes, uint64_t word)
{
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(word >> (8 * i));
}

static void
compress(struct hasher *h, uint64_t word)
{
	h->v3 ^= word;
	sip_rounds(h, 2);
	h->v0 ^= word;
}

void
hash_begin(struct hasher *h, const unsigned char key[16])
{
	uint64_t k0 = load_le64(key), k1 = load_le64(key + 8);

	*h = (struct hasher){ .v0 = k0 ^ UINT64_C(0x736f6d6570736575),
		.v1 = k1 ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
		.v2 = k0 ^ UINT64_C(0x6c7967656e657261),
		.v3 = k1 ^ UINT64_C(0x7465646279746573) };
}

void
hash_add(struct hasher *h, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	h->length += len;
	while (h->pending > 0 && len > 0) {
		h->tail[h->pending++] = *at++;
		len--;
		if (h->pending == 8) {
			compress(h, load_le64(h->tail));
			h->pending = 0;
		}
	}
	for (; len >= 8; at += 8, len -= 8)
		compress(h, load_le64(at));
	if (len > 0)
		memcpy(h->tail + h->pending, at, len);
	h->pending += len;
}

struct hash
hash_end(struct hasher *h)
{
	unsigned char last[8] = { 0 };
	struct hash hash;

	memcpy(last, h->tail, h->pending);
	last[7] = (unsigned char)h->length;
	compress(h, load_le64(last));
	h->v2 ^= 0xee;
	sip_rounds(h, 4);
	store_le64(hash.bytes, h->v0 ^ h->v1 ^ h->v2 ^ h->v3);
	h->v1 ^= 0xdd;
	sip_rounds(h, 4);
	store_le64(hash.bytes + 8, h->v0 ^ h->v1 ^ h->v2 ^ h->v3);
	return hash;
}

struct hash
hash_of(struct str text)
{
	static const unsigned char key[16];
	struct hasher hasher;

	hash_begin(&hasher, key);
	hash_add(&hasher, text.data, text.len);
	return hash_end(&hasher);
}

void
hash_hex(struct hash hash, char to[HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_BYTES; i++) {
		to[2 * i] = digits[hash.bytes[i] >> 4];
		to[2 * i + 1] = digits[hash.bytes[i] & 15];
	}
	to[HASH_HEX - 1] = '\0';
}

bool
hash_equal(struct hash a, struct hash b)
{
	return memcmp(a.bytes, b.bytes, HASH_BYTES) == 0;
}

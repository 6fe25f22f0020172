/* SipHash-2-4-128 against the published vectors: key 00..0f, input 00..n-1. */

#include "base/hash.h"
#include "tap.h"

static const struct {
	size_t len;
	const char *hex;
} vectors[] = {
	{ 0, "a3817f04ba25a8e66df67214c7550293" },
	{ 1, "da87c1d86b99af44347659119b22fc45" },
	{ 7, "a1f1ebbed8dbc153c0b84aa61ff08239" },
	{ 8, "3b62a9ba6258f5610f83e264f31497b4" },
	{ 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
	{ 16, "6ee2a4ca67b054bbfd3315bf85230577" },
	{ 63, "5150d1772f50834a503e069a973fbd7c" },
};

static struct hash
in_pieces(const unsigned char *key, const unsigned char *input, size_t len,
    size_t piece)
{
	struct hasher hasher;

	hash_begin(&hasher, key);
	for (size_t at = 0; at < len; at += piece)
		hash_add(&hasher, input + at,
		    len - at < piece ? len - at : piece);
	return hash_end(&hasher);
}

int
main(void)
{
	unsigned char input[64], key[16];
	char hex[HASH_HEX], what[64];
	bool same = true;

	for (size_t i = 0; i < sizeof(input); i++)
		input[i] = (unsigned char)i;
	memcpy(key, input, sizeof(key));
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		size_t len = vectors[i].len;
		struct hash whole = in_pieces(key, input, len, 64);

		hash_hex(whole, hex);
		snprintf(what, sizeof(what), "published vector, %zu bytes",
		    len);
		IS_STR(hex, vectors[i].hex, what);
		for (size_t piece = 1; piece < 20; piece++)
			same = same && hash_equal(whole,
					   in_pieces(key, input, len, piece));
	}
	OK(same, "data in pieces of any size gives the same hash");
	OK(hash_equal(hash_of(STR("")), hash_of(STR_NONE)),
	    "an empty text and no text have the same hash");
	OK(!hash_equal(hash_of(STR("a")), hash_of(STR("b"))),
	    "other text, other hash");
	OK(!hash_equal(hash_of(STR("a\0")), hash_of(STR("a"))),
	    "a zero byte at the end counts");
	DONE();
}

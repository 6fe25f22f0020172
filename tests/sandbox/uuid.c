#include "uuid.h"

#include "base/hash.h"
#include "switch.h"

void
uuid_make(char to[UUID_TEXT], const char *kind, int64_t n)
{
	char text[64], hex[HASH_HEX];

	snprintf(text, sizeof(text), "%u %s %lld", switch_get(SWITCH_SEED),
	    kind, (long long)n);
	hash_hex(hash_of(str_of(text)), hex);
	snprintf(to, UUID_TEXT, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex, hex + 8,
	    hex + 13, hex + 17, hex + 20);
}

#include "seen.h"

#define SEEN_FIRST 256 /* a power of two */

/* Where the mark is, or the free slot where it belongs. */
static size_t
place(const struct seen *seen, uint64_t mark)
{
	size_t at = (size_t)mark & (seen->size - 1);

	while (seen->slots[at] != 0 && seen->slots[at] != mark)
		at = (at + 1) & (seen->size - 1);
	return at;
}

bool
seen_has(const struct seen *seen, uint64_t mark)
{
	return seen->size > 0 && seen->slots[place(seen, mark)] == mark;
}

static void
grow(struct seen *seen)
{
	struct seen larger = { .size =
				   seen->size > 0 ? 2 * seen->size : SEEN_FIRST,
		.count = seen->count };

	larger.slots = mem_zero(larger.size, sizeof(*larger.slots));
	for (size_t i = 0; i < seen->size; i++)
		if (seen->slots[i] != 0)
			larger.slots[place(&larger, seen->slots[i])] =
			    seen->slots[i];
	free(seen->slots);
	*seen = larger;
}

bool
seen_add(struct seen *seen, uint64_t mark)
{
	size_t at;

	if (seen_has(seen, mark))
		return true;
	if (seen->count >= SEEN_MAX)
		return false;
	if (4 * (seen->count + 1) > 3 * seen->size)
		grow(seen);
	at = place(seen, mark);
	seen->slots[at] = mark;
	seen->count++;
	return true;
}

void
seen_free(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){ NULL, 0, 0 };
}

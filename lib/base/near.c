#include "base/near.h"

#include "base/text.h"

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the table are enough: two above for a swap. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][NEAR_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		const size_t *up = rows[(i - 1) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = text_lower(a.data[i - 1]);
			char y = text_lower(b.data[j - 1]);

			row[j] = least(up[j], row[j - 1]) + 1;
			row[j] = least(row[j], up[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == text_lower(b.data[j - 2]) &&
			    y == text_lower(a.data[i - 2]))
				row[j] =
				    least(row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

void
near_begin(struct near *near, struct str wanted)
{
	near->wanted = wanted;
	near->word = NULL;
	near->distance = wanted.len < 3 ? 1 : wanted.len / 3;
}

void
near_offer(struct near *near, const char *word)
{
	struct str offered = str_of(word);
	size_t far;

	if (near->wanted.len > NEAR_MAX || offered.len > NEAR_MAX)
		return;
	far = distance(near->wanted, offered);
	if (far > near->distance || far >= near->wanted.len ||
	    (near->word != NULL && far == near->distance))
		return;
	near->word = word;
	near->distance = far;
}

void
near_say(const struct near *near, const char *before, struct buf *text)
{
	if (near->word != NULL)
		buf_add_format(text, "; did you mean '%s%s'?", before,
		    near->word);
}

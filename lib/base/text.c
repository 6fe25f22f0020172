#include "base/text.h"

#include <limits.h>

/* The second byte's range excludes overlong forms, surrogates and code points
 * above U+10FFFF (RFC 3629, section 4). */
size_t
text_sequence(struct str text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	unsigned char low = 0x80, high = 0xBF;
	size_t len;

	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xC2 && at[0] <= 0xDF)
		len = 2;
	else if (at[0] >= 0xE0 && at[0] <= 0xEF)
		len = 3;
	else if (at[0] >= 0xF0 && at[0] <= 0xF4)
		len = 4;
	else
		return 0;
	if (at[0] == 0xE0)
		low = 0xA0;
	else if (at[0] == 0xED)
		high = 0x9F;
	else if (at[0] == 0xF0)
		low = 0x90;
	else if (at[0] == 0xF4)
		high = 0x8F;
	if (text.len < len || at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (at[i] < 0x80 || at[i] > 0xBF)
			return 0;
	return len;
}

bool
text_is_utf8(struct str text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	size_t left = text.len;

	while (left > 0) {
		uint64_t word;
		size_t len;

		while (left >= sizeof(word)) {
			memcpy(&word, at, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) != 0)
				break;
			at += sizeof(word);
			left -= sizeof(word);
		}
		if (left == 0)
			break;
		len = text_sequence((struct str){ (const char *)at, left });
		if (len == 0)
			return false;
		at += len;
		left -= len;
	}
	return true;
}

size_t
text_length(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	return count;
}

struct str
text_cut(struct str text, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (((unsigned char)text.data[i] & 0xC0) == 0x80)
			continue;
		if (count == max)
			return (struct str){ text.data, i };
		count++;
	}
	return text;
}

void
text_add_codepoint(struct buf *to, uint32_t codepoint)
{
	if (codepoint < 0x80) {
		buf_add_char(to, (char)codepoint);
	} else if (codepoint < 0x800) {
		buf_add_char(to, (char)(0xC0 | codepoint >> 6));
		buf_add_char(to, (char)(0x80 | (codepoint & 0x3F)));
	} else if (codepoint < 0x10000) {
		buf_add_char(to, (char)(0xE0 | codepoint >> 12));
		buf_add_char(to, (char)(0x80 | (codepoint >> 6 & 0x3F)));
		buf_add_char(to, (char)(0x80 | (codepoint & 0x3F)));
	} else {
		buf_add_char(to, (char)(0xF0 | codepoint >> 18));
		buf_add_char(to, (char)(0x80 | (codepoint >> 12 & 0x3F)));
		buf_add_char(to, (char)(0x80 | (codepoint >> 6 & 0x3F)));
		buf_add_char(to, (char)(0x80 | (codepoint & 0x3F)));
	}
}

/* Controls (C0, DEL, and C1, which terminals obey too). */
static bool
is_control(const unsigned char *at)
{
	return at[0] < 0x20 || at[0] == 0x7F || (at[0] == 0xC2 && at[1] < 0xA0);
}

static bool
is_quote(unsigned char c)
{
	return c == '\'' || c == '"' || c == '\\';
}

static const char *
escape(struct buf *to, struct str text, size_t max, bool quotes)
{
	const unsigned char *at = (const unsigned char *)text.data;
	size_t left = text.len < max ? text.len : max;
	bool cut = text.len > max;

	buf_clear(to);
	buf_reserve(to, left + 4);
	while (left > 0) {
		size_t len =
		    text_sequence((struct str){ (const char *)at, left });

		if (len == 0 || is_control(at) || (quotes && is_quote(at[0]))) {
			buf_add_format(to, "\\x%02X", at[0]);
			len = 1;
		} else {
			buf_add(to, at, len);
		}
		at += len;
		left -= len;
	}
	if (cut)
		buf_add_text(to, "...");
	buf_add(to, "", 0);
	return to->data;
}

const char *
text_escape(struct buf *to, struct str text, size_t max)
{
	return escape(to, text, max, true);
}

const char *
text_message(struct buf *to, struct str text, size_t max)
{
	return escape(to, text, max, false);
}

char
text_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char
text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_equal_fold(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (text_lower(a.data[i]) != text_lower(b.data[i]))
			return false;
	return true;
}

#define WORD_ROOM 64 /* a word of text_changes, and one more */

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: rows[i][j] are the changes that make the first j
 * bytes of b of the first i bytes of a; three rows are enough. */
unsigned
text_changes(struct str a, struct str b)
{
	unsigned rows[3][WORD_ROOM] = { 0 };

	if (a.len >= WORD_ROOM || b.len >= WORD_ROOM)
		return UINT_MAX;
	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *row = rows[i % 3], *before = rows[(i - 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = a.data[i - 1] == b.data[j - 1];

			row[j] = least(least(before[j], row[j - 1]) + 1,
			    before[j - 1] + !same);
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
			    a.data[i - 2] == b.data[j - 1])
				row[j] =
				    least(row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

enum status
text_errno(struct diag *diag, enum status status, int err, const char *what,
    const char *path)
{
	struct buf safe = BUF_INIT;

	diag_errno(diag, status, err, "%s '%s'", what,
	    text_escape(&safe, str_of(path), 200));
	buf_free(&safe);
	return status;
}

#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

/*
 * What the JSON reader and the writer both look for in every text: the bytes
 * that need no thought, many at a time. Inline, for texts are short.
 */

#include <endian.h>

#include "base/buf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Printable ASCII, but no quote and no backslash. */
static inline bool
plain_byte(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* For eight bytes, flags of those that are not plain: the lowest is exact. */
static inline uint64_t
plain_flags(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
	uint64_t del = word ^ ones * 0x7F;

	return (word | (word - ones * 0x20) | (quote - ones) | (slash - ones) |
		   (del - ones)) &
	       ones * 0x80;
}

/* How many plain bytes a text begins with. */
static inline size_t
plain_length(struct str text)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; text.len - at >= 16; at += 16) {
		const __m128i bytes = _mm_loadu_si128(
		    (const __m128i *)(const void *)(text.data + at));
		/* One more is below 0x21 for controls, 0x7F and above. */
		__m128i stops = _mm_cmplt_epi8(
		    _mm_add_epi8(bytes, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
		int stop;

		stops = _mm_or_si128(stops,
		    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
		stops = _mm_or_si128(stops,
		    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
		stop = _mm_movemask_epi8(stops);
		if (stop != 0)
			return at + (size_t)__builtin_ctz((unsigned)stop);
	}
#endif
	for (; text.len - at >= 8; at += 8) {
		uint64_t word, stop;

		memcpy(&word, text.data + at, sizeof(word));
		stop = plain_flags(le64toh(word));
		if (stop != 0)
			return at + (size_t)__builtin_ctzll(stop) / 8;
	}
	while (at < text.len && plain_byte(text.data[at]))
		at++;
	return at;
}

/* Whether all of a short text is plain; a long one is looked at as above. */
static inline bool
plain_all(struct str text)
{
	const size_t half = sizeof(uint32_t), whole = sizeof(uint64_t);
	uint64_t first = 0, second = 0;
	const char *end;

	if (text.len > 2 * whole)
		return plain_length(text) == text.len;
	if (text.len < half) {
		for (size_t i = 0; i < text.len; i++)
			if (!plain_byte(text.data[i]))
				return false;
		return true;
	}
	/* The first bytes and the last ones, which may be partly the same. */
	end = text.data + text.len;
	if (text.len < whole) {
		memcpy(&first, text.data, half);
		memcpy((char *)&first + half, end - half, half);
		return plain_flags(first) == 0;
	}
	memcpy(&first, text.data, whole);
	memcpy(&second, end - whole, whole);
	return (plain_flags(first) | plain_flags(second)) == 0;
}

/* How many bytes above 0x7F it begins with. */
static inline size_t
plain_high(struct str text)
{
	size_t at = 0;

	while (at < text.len && (text.data[at] & 0x80) != 0)
		at++;
	return at;
}

#endif

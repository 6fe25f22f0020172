#ifndef IDOC_SLICER_H
#define IDOC_SLICER_H

/*
 * Cuts fields out of a flat line by offset and length in characters. An ASCII
 * line is cut by bytes; any other is walked once by code point, so fields
 * should be asked for in ascending order (going back starts the walk again).
 */

#include "base/buf.h"

struct slicer {
	struct str line; /* well-formed UTF-8 */
	size_t character, byte; /* where the walk stands */
	bool ascii;
};

static inline void
slicer_begin(struct slicer *slicer, struct str line, bool ascii)
{
	*slicer = (struct slicer){ line, 0, 0, ascii };
}

/* Move the walk to a character, or to the end of the line. */
static inline size_t
slicer_walk(struct slicer *slicer, size_t character)
{
	const char *data = slicer->line.data;
	size_t byte = slicer->byte, at = slicer->character;

	while (at < character && byte < slicer->line.len) {
		byte++;
		while (byte < slicer->line.len && (data[byte] & 0xC0) == 0x80)
			byte++;
		at++;
	}
	slicer->byte = byte;
	slicer->character = at;
	return byte;
}

#define SLICER_BLANKS 128

/* The end of what is not blank in bytes begin..end: most of a full line is, so
 * many at a time, then eight. */
static inline size_t
slicer_trim(const char *data, size_t begin, size_t end)
{
	static const char blanks[SLICER_BLANKS + 1] =
	    "                                                                "
	    "                                                                ";
	uint64_t word, blank;

	while (end - begin >= SLICER_BLANKS &&
	       memcmp(data + end - SLICER_BLANKS, blanks, SLICER_BLANKS) == 0)
		end -= SLICER_BLANKS;
	memcpy(&blank, blanks, sizeof(blank));
	while (end - begin >= sizeof(word)) {
		memcpy(&word, data + end - sizeof(word), sizeof(word));
		if (word != blank)
			break;
		end -= sizeof(word);
	}
	while (end > begin && data[end - 1] == ' ')
		end--;
	return end;
}

/* The field there, without blanks at its right; empty behind the line's end. */
static inline struct str
slicer_take(struct slicer *slicer, size_t offset, size_t length)
{
	size_t begin = offset, end = offset + length;

	if (slicer->ascii) {
		if (end > slicer->line.len)
			end = slicer->line.len;
	} else {
		if (offset < slicer->character)
			slicer->character = slicer->byte = 0;
		begin = slicer_walk(slicer, offset);
		end = slicer_walk(slicer, offset + length);
	}
	if (end <= begin)
		return STR_NONE;
	end = slicer_trim(slicer->line.data, begin, end);
	if (end == begin)
		return STR_NONE;
	return (struct str){ slicer->line.data + begin, end - begin };
}

/* Whether all bytes are ASCII and none is NUL: no byte of a word has its
 * highest bit, also when one is taken from each. */
static inline bool
slicer_plain(struct str text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = UINT64_C(0x8080808080808080);
	uint64_t odd = 0, word;
	size_t at = 0;

	for (; text.len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		odd |= word | (word - ones);
	}
	for (; at < text.len; at++) {
		word = (unsigned char)text.data[at];
		odd |= word | (word - 1);
	}
	return (odd & highs) == 0;
}

/* Bytes before the first one that is not ASCII; line.len when all are. */
static inline size_t
slicer_ascii(struct str line)
{
	size_t at = 0;

	for (; line.len - at >= 4 * sizeof(uint64_t);
	     at += 4 * sizeof(uint64_t)) {
		uint64_t words[4];

		memcpy(words, line.data + at, sizeof(words));
		if (((words[0] | words[1] | words[2] | words[3]) &
			UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (at < line.len && (line.data[at] & 0x80) == 0)
		at++;
	return at;
}

#endif

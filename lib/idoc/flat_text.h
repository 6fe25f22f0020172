#ifndef IDOC_FLAT_TEXT_H
#define IDOC_FLAT_TEXT_H

/* Makes the lines of a flat file well-formed UTF-8, each for itself. */

#include "idoc/decoder.h"

struct flat_text {
	const char *fallback; /* encoding of what is not UTF-8; NULL = 1252 */
	struct decoder decoder;
	struct buf line; /* the one worked on last */
};

enum flat_text_result {
	FLAT_TEXT_ASCII, /* its bytes are its characters */
	FLAT_TEXT_UTF8, /* as it was, or by the fallback */
	FLAT_TEXT_REPAIRED, /* UTF-8 in which what was broken is U+FFFD now */
	FLAT_TEXT_BROKEN, /* not UTF-8, which it claims to be */
	FLAT_TEXT_UNKNOWN /* nobody knows the fallback */
};

/*
 * Settle a line, which may become one in flat_text's own memory. claimed: it is
 * UTF-8 or broken. One that has characters of UTF-8 is repaired, because two
 * such bytes in a row are next to impossible in the encodings of one byte;
 * otherwise all of it is in the fallback, and bytes that this lacks become
 * U+FFFD.
 */
enum flat_text_result flat_text_settle(struct flat_text *text, struct str *line,
    bool claimed);

void flat_text_free(struct flat_text *text);

#endif

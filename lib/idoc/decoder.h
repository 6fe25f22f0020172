#ifndef IDOC_DECODER_H
#define IDOC_DECODER_H

/* From an encoding that iconv knows to UTF-8. */

#include <iconv.h>

#include "base/buf.h"

struct decoder {
	bool open; /* zeroed: it is not */
	iconv_t handle;
	size_t unit; /* bytes that one bad character costs: 2 in UTF-16 */
};

/* False when nobody knows the encoding. Closes what was open before. */
bool decoder_open(struct decoder *decoder, const char *encoding);
void decoder_close(struct decoder *decoder);

/*
 * Append the bytes as UTF-8, and for each character that the encoding does not
 * have the text bad. Returns how many bytes at the end are left, because a
 * character is not complete; none when they are the last ones.
 */
size_t decoder_add(struct decoder *decoder, struct str bytes, bool last,
    const char *bad, struct buf *to);

#endif

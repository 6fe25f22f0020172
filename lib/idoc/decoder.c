#include "idoc/decoder.h"

#include <errno.h>

#include "base/text.h"

bool
decoder_open(struct decoder *decoder, const char *encoding)
{
	static const char *const wide[] = { "UTF-16", "UTF16", "UCS-2",
		"UCS2" };
	iconv_t handle;

	/* To iconv no name is that of the locale. */
	if (encoding[0] == '\0')
		return false;
	handle = iconv_open("UTF-8", encoding);
	/* iconv_open's error is (iconv_t)-1 by POSIX. */
	if (handle == (iconv_t)-1 && errno == ENOMEM)
		status_out_of_memory();
	if (handle == (iconv_t)-1)
		return false;
	decoder_close(decoder);
	*decoder = (struct decoder){ true, handle, 1 };
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		struct str start = { encoding, strlen(wide[i]) };

		if (strlen(encoding) >= start.len &&
		    text_equal_fold(start, str_of(wide[i])))
			decoder->unit = 2;
	}
	return true;
}

void
decoder_close(struct decoder *decoder)
{
	if (decoder->open)
		iconv_close(decoder->handle);
	decoder->open = false;
}

size_t
decoder_add(struct decoder *decoder, struct str bytes, bool last,
    const char *bad, struct buf *to)
{
	char *in = (char *)(uintptr_t)bytes.data; /* iconv's old interface */
	size_t left = bytes.len;

	while (left > 0) {
		size_t cost = decoder->unit, done, room;
		char *out;

		/* Few encodings need more in UTF-8, none so much for a unit. */
		buf_reserve(to, 4 * left + 64);
		out = to->data + to->len;
		room = to->size - to->len - 1;
		done = iconv(decoder->handle, &in, &left, &out, &room);
		to->len = (size_t)(out - to->data);
		if (done != (size_t)-1 || (errno == EINVAL && !last))
			break;
		if (errno == E2BIG)
			continue;
		buf_add_text(to, bad);
		/* Cut short at the end, or taken into the decoder already. */
		if (cost > left)
			cost = left;
		in += cost;
		left -= cost;
	}
	return left;
}

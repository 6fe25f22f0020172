#include "idoc/source.h"

#include <errno.h>

#include "base/fd.h"

#define SOURCE_CHUNK ((size_t)64 * 1024)
#define BAD_BYTE '\xFF' /* never part of UTF-8 */

void
source_open(struct source *source, int fd, struct str start)
{
	source_close(source);
	source->fd = fd;
	source->start = start;
	source->begin = source->end = 0;
	source->offset = 0;
	source->ended = false;
	buf_clear(&source->raw);
	if (source->data == NULL) {
		source->size = 2 * SOURCE_CHUNK;
		source->data = mem_alloc(source->size);
	}
}

void
source_close(struct source *source)
{
	if (source->decoding)
		iconv_close(source->decoder);
	source->decoding = false;
}

void
source_free(struct source *source)
{
	source_close(source);
	free(source->data);
	buf_free(&source->raw);
	*source = (struct source){ 0 };
}

/* Room for len more bytes: move the window to the front, then grow. */
static void
make_room(struct source *source, size_t len)
{
	if (source->begin > 0) {
		memmove(source->data, source->data + source->begin,
		    source->end - source->begin);
		source->end -= source->begin;
		source->begin = 0;
	}
	while (source->size - source->end < len) {
		source->data = mem_grow(source->data, source->size, 2);
		source->size *= 2;
	}
}

/* Read up to room bytes; 0 at the end. */
static enum status
take(struct source *source, char *to, size_t room, size_t *len,
    struct diag *diag)
{
	if (source->start.len > 0) {
		*len = source->start.len < room ? source->start.len : room;
		memcpy(to, source->start.data, *len);
		source->start.data += *len;
		source->start.len -= *len;
		return STATUS_OK;
	}
	return fd_read(source->fd, to, room, len, diag);
}

/* Decode what can be decoded of the raw bytes; at the end all of them. */
static void
decode(struct source *source, bool last)
{
	struct buf *raw = &source->raw;
	char *in = raw->data;
	size_t left = raw->len;

	while (left > 0) {
		size_t bad = source->wide ? 2 : 1, done, room;
		char *out;

		/* Few encodings need more in UTF-8, none so much for a unit. */
		make_room(source, 4 * left + 64);
		out = source->data + source->end;
		room = source->size - source->end - 1;
		done = iconv(source->decoder, &in, &left, &out, &room);
		source->end = (size_t)(out - source->data);
		if (done != (size_t)-1 || (errno == EINVAL && !last))
			break;
		if (errno == E2BIG)
			continue;
		source->data[source->end++] = BAD_BYTE;
		/* Cut short at the end, or taken into the decoder already. */
		if (bad > left)
			bad = left;
		in += bad;
		left -= bad;
	}
	if (left > 0)
		memmove(raw->data, in, left);
	raw->len = left;
}

enum status
source_fill(struct source *source, struct diag *diag)
{
	enum status status;
	size_t before = source->end - source->begin, len;

	while (!source->ended && source->end - source->begin == before) {
		if (source->decoding) {
			buf_reserve(&source->raw, SOURCE_CHUNK);
			status =
			    take(source, source->raw.data + source->raw.len,
				SOURCE_CHUNK, &len, diag);
		} else {
			make_room(source, SOURCE_CHUNK);
			status = take(source, source->data + source->end,
			    SOURCE_CHUNK, &len, diag);
		}
		if (status != STATUS_OK)
			return status;
		source->ended = len == 0;
		if (!source->decoding) {
			source->end += len;
		} else {
			source->raw.len += len;
			decode(source, source->ended);
		}
	}
	return STATUS_OK;
}

bool
source_decode(struct source *source, const char *encoding)
{
	struct str window = source_window(source);
	iconv_t decoder = iconv_open("UTF-8", encoding);

	/* iconv_open's error is (iconv_t)-1 by POSIX. */
	if (decoder == (iconv_t)-1)
		return false;
	source_close(source);
	source->decoder = decoder;
	source->decoding = true;
	source->wide = str_starts(str_of(encoding), "UTF-16");
	buf_clear(&source->raw);
	buf_add_str(&source->raw, window);
	source->end = source->begin;
	decode(source, source->ended);
	return true;
}

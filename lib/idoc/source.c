#include "idoc/source.h"

#include "base/fd.h"
#include "base/limits.h"

#define SOURCE_CHUNK ((size_t)64 * 1024)
#define BAD_BYTE "\xFF" /* never part of UTF-8 */

void
source_open(struct source *source, int fd, struct str start)
{
	source_close(source);
	source->fd = fd;
	source->idle = NULL;
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
	decoder_close(&source->decoder);
}

void
source_free(struct source *source)
{
	source_close(source);
	free(source->data);
	buf_free(&source->raw);
	buf_free(&source->text);
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
	if (source->idle != NULL && !fd_ready(source->fd, LIMIT_IDLE)) {
		enum status status = source->idle(source->user);

		if (status != STATUS_OK)
			return status;
	}
	return fd_read(source->fd, to, room, len, diag);
}

bool
source_ready(const struct source *source, int wait)
{
	return source->start.len > 0 || source->ended ||
	       fd_ready(source->fd, wait);
}

/* Decode what can be decoded of the raw bytes; at the end all of them. */
static void
decode(struct source *source, bool last)
{
	struct buf *raw = &source->raw;
	size_t left;

	buf_clear(&source->text);
	left = decoder_add(&source->decoder, buf_str(raw), last, BAD_BYTE,
	    &source->text);
	if (left > 0)
		memmove(raw->data, raw->data + raw->len - left, left);
	raw->len = left;
	make_room(source, source->text.len);
	if (source->text.len > 0)
		memcpy(source->data + source->end, source->text.data,
		    source->text.len);
	source->end += source->text.len;
}

enum status
source_fill(struct source *source, struct diag *diag)
{
	enum status status;
	size_t before = source->end - source->begin, len;

	while (!source->ended && source->end - source->begin == before) {
		if (source->decoder.open) {
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
		if (!source->decoder.open) {
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

	if (!decoder_open(&source->decoder, encoding))
		return false;
	buf_clear(&source->raw);
	buf_add_str(&source->raw, window);
	source->end = source->begin;
	decode(source, source->ended);
	return true;
}

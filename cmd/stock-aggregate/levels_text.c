#include "levels_text.h"

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

#define CHUNK ((size_t)64 * 1024)
#define UNKNOWN_CHARACTER "\xEF\xBF\xBD"

enum status
levels_text_open(struct levels_text *text, const char *encoding,
    struct diag *diag)
{
	struct buf name = BUF_INIT;
	enum status status = STATUS_OK;

	if (!decoder_open(&text->decoder, encoding))
		status =
		    diag_set(diag, STATUS_CONFIG, "encoding '%s' is not known",
			text_escape(&name, str_of(encoding), 40));
	buf_free(&name);
	return status;
}

static enum status
decode(struct levels_text *text, int from, int to, struct diag *diag)
{
	struct buf raw = BUF_INIT;
	enum status status;
	size_t got;

	do {
		size_t left;

		buf_reserve(&raw, CHUNK);
		status = fd_read(from, raw.data + raw.len, CHUNK, &got, diag);
		if (status != STATUS_OK)
			break;
		raw.len += got;
		buf_clear(&text->line);
		left = decoder_add(&text->decoder, buf_str(&raw), got == 0,
		    UNKNOWN_CHARACTER, &text->line);
		if (left > 0)
			memmove(raw.data, raw.data + raw.len - left, left);
		raw.len = left;
		status = fd_write(to, buf_str(&text->line), diag);
	} while (status == STATUS_OK && got > 0);
	buf_free(&raw);
	return status;
}

static enum status
rewind_it(int fd, struct diag *diag)
{
	return lseek(fd, 0, SEEK_SET) == 0
		   ? STATUS_OK
		   : diag_errno(diag, STATUS_IO, errno,
			 "cannot go back in the stock list");
}

enum status
levels_text_widen(struct levels_text *text, int *fd, struct diag *diag)
{
	char start[2];
	size_t got;
	enum status status = fd_read(*fd, start, sizeof(start), &got, diag);
	int wide;

	if (status == STATUS_OK)
		status = rewind_it(*fd, diag);
	if (status != STATUS_OK)
		return status;
	if (got == sizeof(start) && (memcmp(start, "\xFF\xFE", 2) == 0 ||
					memcmp(start, "\xFE\xFF", 2) == 0))
		status = levels_text_open(text, "UTF-16", diag);
	if (status != STATUS_OK || text->decoder.unit == 1)
		return status;
	wide = fd_unlinked();
	if (wide < 0)
		return diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot make a temporary file");
	status = decode(text, *fd, wide, diag);
	close(*fd);
	*fd = wide;
	return status == STATUS_OK ? rewind_it(wide, diag) : status;
}

struct str
levels_text_line(struct levels_text *text, struct str line)
{
	if (text->decoder.unit > 1 || text_is_utf8(line))
		return line;
	buf_clear(&text->line);
	decoder_add(&text->decoder, line, true, UNKNOWN_CHARACTER, &text->line);
	return buf_str(&text->line);
}

void
levels_text_free(struct levels_text *text)
{
	decoder_close(&text->decoder);
	buf_free(&text->line);
}

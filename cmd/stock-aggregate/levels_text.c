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
levels_text_begin(struct str line)
{
	size_t mark = str_starts(line, "\xEF\xBB\xBF") ? 3 : 0;

	return (struct str){ line.data + mark, line.len - mark };
}

/* The length of a separator of groups at the start of a text, or 0. */
static size_t
group_length(struct str text, bool comma)
{
	if (str_starts(text, comma ? "." : ",") || str_starts(text, " "))
		return 1;
	return str_starts(text, "\xC2\xA0") ? 2 : 0;
}

/* Digits and groups up to the decimals; what is left of the text is these. */
static bool
read_groups(struct str *text, bool comma, struct buf *number)
{
	size_t digits = 0, groups = 0;

	while (text->len > 0) {
		size_t skip = group_length(*text, comma);
		char c = text->data[0];

		if (skip == 0 && (c < '0' || c > '9'))
			break;
		if (skip > 0 &&
		    (groups > 0 ? digits != 3 : digits == 0 || digits > 3))
			return false;
		if (skip > 0)
			groups++;
		else
			buf_add_char(number, c);
		digits = skip > 0 ? 0 : digits + 1;
		skip += skip == 0;
		text->data += skip;
		text->len -= skip;
	}
	return groups == 0 || digits == 3;
}

bool
levels_quantity(struct str text, bool comma, struct buf *number,
    struct decimal *value)
{
	bool behind = str_ends(text, "-"), before = str_starts(text, "-");

	buf_clear(number);
	if (behind || before)
		buf_add_char(number, '-');
	text.data += before && !behind;
	text.len -= before || behind;
	text = str_trim(text);
	if (!read_groups(&text, comma, number))
		return false;
	if (text.len > 0 && text.data[0] == (comma ? ',' : '.')) {
		buf_add_char(number, '.');
		buf_add(number, text.data + 1, text.len - 1);
	} else
		buf_add_str(number, text);
	return decimal_parse(buf_str(number), value) &&
	       decimal_rescale(*value, 3, value);
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

#include "idoc/flat_text.h"

#include "base/text.h"
#include "idoc/slicer.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

void
flat_text_free(struct flat_text *text)
{
	decoder_close(&text->decoder);
	buf_free(&text->line);
}

/* One mark for a broken byte and what would have belonged to the character. */
static void
repair(struct str line, struct buf *to)
{
	while (line.len > 0) {
		size_t len = text_sequence(line);

		if (len > 0) {
			buf_add(to, line.data, len);
		} else {
			buf_add_text(to, REPLACEMENT);
			len = 1;
			while (
			    len < line.len && (line.data[len] & 0xC0) == 0x80)
				len++;
		}
		line = str_from(line, len);
	}
}

static bool
has_utf8(struct str text)
{
	while (text.len > 0) {
		if (text_sequence(text) > 1)
			return true;
		text = str_from(text, 1);
	}
	return false;
}

enum flat_text_result
flat_text_settle(struct flat_text *text, struct str *line, bool claimed)
{
	const char *from = text->fallback;
	struct str rest = str_from(*line, slicer_ascii(*line));

	if (rest.len == 0)
		return FLAT_TEXT_ASCII;
	if (text_is_utf8(rest))
		return FLAT_TEXT_UTF8;
	if (claimed)
		return FLAT_TEXT_BROKEN;
	buf_clear(&text->line);
	if (has_utf8(rest)) {
		repair(*line, &text->line);
		*line = buf_str(&text->line);
		return FLAT_TEXT_REPAIRED;
	}
	if (!text->decoder.open &&
	    !decoder_open(&text->decoder, from != NULL ? from : "WINDOWS-1252"))
		return FLAT_TEXT_UNKNOWN;
	decoder_add(&text->decoder, *line, true, REPLACEMENT, &text->line);
	*line = buf_str(&text->line);
	return FLAT_TEXT_UTF8;
}

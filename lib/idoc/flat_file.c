#include "base/limits.h"
#include "base/text.h"
#include "idoc/control.h"
#include "idoc/flat.h"

#define DATA_WIDTH 1063 /* EDI_DD40 at full width */
#define DATA_WIDTH_3 1055 /* EDI_DD */
/* Bytes within which a file with lines has its first line end. */
#define FIRST_LINE 4096

/* Where the file is read at. */
struct place {
	struct source *source;
	size_t line; /* number of the next one */
};

#define STATUS_WIDTH 562 /* EDI_DS40 */
/* A character of UTF-8 has 4 bytes at most. */
#define ENOUGH(width) (4 * (width))

/*
 * Bytes of a record of so many characters: of UTF-8, or where it is none, of an
 * encoding of a byte each. The window has enough bytes, or all there are.
 */
static size_t
characters(struct str window, size_t count)
{
	size_t at = 0;

	for (size_t left = count; left > 0 && at < window.len; left--) {
		size_t len = text_sequence(str_from(window, at));

		if (len == 0)
			return count < window.len ? count : window.len;
		at += len;
	}
	return at;
}

static size_t
record_width(struct str window, bool *release3)
{
	if (str_starts(window, "EDI_DS40"))
		return STATUS_WIDTH;
	if (!str_starts(window, "EDI_DC"))
		return *release3 ? DATA_WIDTH_3 : DATA_WIDTH;
	*release3 = str_starts(window, "EDI_DC  ");
	return *release3 ? CONTROL_WIDTH_3 : CONTROL_WIDTH;
}

/* Records without line ends, cut by their width. */
static enum status
read_unbroken(struct flat *flat, struct idoc_job *job, struct place *place,
    struct diag *diag)
{
	struct source *source = place->source;
	bool release3 = false;

	while (job->status == STATUS_OK) {
		struct str window = source_window(source), rest;
		size_t width = record_width(window, &release3), len;
		enum status status;

		if (window.len < ENOUGH(width) && !source->ended) {
			status = source_fill(source, diag);
			if (status != STATUS_OK)
				return status;
			continue;
		}
		len = characters(window, width);
		if (len == 0)
			break;
		rest = str_from(window, len);
		flat_line(flat, (struct str){ window.data, len },
		    source->offset, place->line++, rest.len > 0);
		source_skip(source, len);
	}
	return STATUS_OK;
}

/*
 * Whether the file has no line ends: none in its first bytes, or one at the end
 * that somebody added to a record.
 */
static bool
is_unbroken(struct str window, bool ended)
{
	const char *end;

	if (!str_starts(window, "EDI_DC"))
		return false;
	if (window.len > FIRST_LINE) {
		window.len = FIRST_LINE;
		ended = false;
	}
	end = memchr(window.data, '\n', window.len);
	return window.len > CONTROL_WIDTH &&
	       (end == NULL || (ended && end + 1 == window.data + window.len));
}

/* A line end with something behind it. */
static bool
has_lines(struct str window)
{
	return window.len > 1 &&
	       memchr(window.data, '\n', window.len - 1) != NULL;
}

/* Skip the rest of a line that is too long. */
static enum status
skip_line(struct source *source, struct diag *diag)
{
	for (;;) {
		struct str window = source_window(source);
		const char *end = window.len > 0
				      ? memchr(window.data, '\n', window.len)
				      : NULL;
		enum status status;

		if (end != NULL) {
			source_skip(source, (size_t)(end - window.data) + 1);
			return STATUS_OK;
		}
		source_skip(source, window.len);
		if (source->ended)
			return STATUS_OK;
		status = source_fill(source, diag);
		if (status != STATUS_OK)
			return status;
	}
}

static enum status
read_lines(struct flat *flat, struct idoc_job *job, struct place *place,
    struct diag *diag)
{
	struct source *source = place->source;
	enum status status;

	while (job->status == STATUS_OK) {
		struct str window = source_window(source);
		const char *end = window.len > 0
				      ? memchr(window.data, '\n', window.len)
				      : NULL;
		size_t len =
		    end != NULL ? (size_t)(end - window.data) : window.len;

		if (end != NULL && len <= LIMIT_FIELD) {
			flat_line(flat, (struct str){ window.data, len },
			    source->offset, place->line++, true);
			source_skip(source, len + 1);
		} else if (len > LIMIT_FIELD) {
			/* A control record begins its IDoc even so: it is not
			 * to cost the one before it. */
			if (str_starts(window, "EDI_DC"))
				flat_line(flat,
				    (struct str){ window.data, CONTROL_WIDTH },
				    source->offset, place->line, true);
			flat_long_line(flat);
			place->line++;
			status = skip_line(source, diag);
			if (status != STATUS_OK)
				return status;
		} else if (source->ended) {
			if (len > 0)
				flat_line(flat, window, source->offset,
				    place->line++, false);
			source_skip(source, len);
			break;
		} else {
			status = source_fill(source, diag);
			if (status != STATUS_OK)
				return status;
		}
	}
	return STATUS_OK;
}

enum status
flat_read(struct flat *flat, struct idoc_job *job, struct source *source,
    bool utf8, struct diag *diag)
{
	struct place place = { source, 1 };
	enum status status = STATUS_OK;
	bool unbroken;

	flat_begin(flat, job, utf8, false);
	while (status == STATUS_OK && !source->ended &&
	       source_window(source).len <= FIRST_LINE &&
	       !has_lines(source_window(source)))
		status = source_fill(source, diag);
	if (status != STATUS_OK)
		return status;
	unbroken = is_unbroken(source_window(source), source->ended);
	status = unbroken ? read_unbroken(flat, job, &place, diag)
			  : read_lines(flat, job, &place, diag);
	if (status != STATUS_OK)
		return status;
	flat_end(flat);
	return job->status;
}

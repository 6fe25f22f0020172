#ifndef TESTS_IDOC_TEXT_H
#define TESTS_IDOC_TEXT_H

/*
 * What a reader hands out, as one text, a line each:
 *   idoc 0000000000000001 DEBMAS E1KNA1M(KUNNR=1 NAME1=A){E1KNVVM(VKORG=1000)}
 *   fault idoc-malformed 0000000000000002 DEBMAS 0000000002
 */

#include <stdio.h>
#include <unistd.h>

#include "idoc/reader.h"
#include "tap.h"

struct idoc_text {
	struct buf text;
	struct hash hash[16]; /* of the first ones */
	size_t count;
	size_t line; /* of the last one */
	uint64_t offset;
	bool repaired, missing; /* of the last IDoc */
	enum status answer; /* what the sink says */
};

static void
idoc_text_segments(struct buf *to, const struct idoc_segment *segment)
{
	for (; segment != NULL; segment = segment->next) {
		buf_add_str(to, segment->type->name);
		buf_add_char(to, '(');
		for (size_t i = 0; i < segment->field_count; i++)
			buf_add_format(to, "%s%.*s=%.*s", i > 0 ? " " : "",
			    STR_ARGS(segment->fields[i].name->name),
			    STR_ARGS(segment->fields[i].value));
		if (segment->tail.len > 0)
			buf_add_format(to, "|%.*s", STR_ARGS(segment->tail));
		buf_add_char(to, ')');
		if (segment->first == NULL)
			continue;
		buf_add_char(to, '{');
		idoc_text_segments(to, segment->first);
		buf_add_char(to, '}');
	}
}

static void
idoc_text_place(struct idoc_text *text, struct hash hash, size_t line,
    uint64_t offset)
{
	text->hash[text->count++ % 16] = hash;
	text->line = line;
	text->offset = offset;
}

static enum status
idoc_text_idoc(void *user, const struct idoc *idoc)
{
	struct idoc_text *text = user;

	buf_add_format(&text->text, "idoc %.*s %.*s ",
	    STR_ARGS(idoc->control.docnum), STR_ARGS(idoc->control.mestyp));
	idoc_text_segments(&text->text, idoc->root->first);
	buf_add_char(&text->text, '\n');
	idoc_text_place(text, idoc->hash, idoc->line, idoc->offset);
	text->repaired = idoc->nesting_repaired;
	text->missing = idoc->control_missing;
	return text->answer;
}

static enum status
idoc_text_fault(void *user, const struct idoc_fault *fault)
{
	struct idoc_text *text = user;

	buf_add_format(&text->text, "fault %s %.*s %.*s %.*s\n", fault->code,
	    STR_ARGS(fault->control.docnum), STR_ARGS(fault->control.mestyp),
	    STR_ARGS(fault->kunnr));
	idoc_text_place(text, fault->hash, fault->line, fault->offset);
	return text->answer;
}

/* Read input with the names in wanted (by blanks; NULL = raw). */
static enum status
idoc_text_read(struct idoc_text *text, struct str input, const char *wanted,
    struct idoc_options options)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	const struct idoc_sink sink = { idoc_text_idoc, idoc_text_fault, text,
		NULL };
	struct idoc_reader *reader;
	struct diag diag = { 0 };
	FILE *file = tmpfile();
	enum status status;

	for (const char *at = wanted; at != NULL && *at != '\0';) {
		size_t len = strcspn(at, " ");

		idoc_symbol(symbols, (struct str){ at, len })->wanted = true;
		at += len + strspn(at + len, " ");
	}
	options.raw = wanted == NULL;
	reader = idoc_reader_new(symbols, &options);
	buf_clear(&text->text);
	buf_add(&text->text, "", 0);
	text->count = 0;
	if (file == NULL ||
	    (input.len > 0 && fwrite(input.data, input.len, 1, file) != 1) ||
	    fflush(file) != 0 || lseek(fileno(file), 0, SEEK_SET) != 0)
		return STATUS_OS;
	status = idoc_read(reader, fileno(file), "f", STR_NONE, &sink, &diag);
	fclose(file);
	idoc_reader_free(reader);
	idoc_symbols_free(symbols);
	return status;
}

#endif

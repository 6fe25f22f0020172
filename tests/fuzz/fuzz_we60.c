/*
 * SAP's segment reports: a file is refused with its name, or what it adds to
 * the dictionary can be looked up, and flat lines are cut by it.
 */

#include "fuzz.h"
#include "idoc/reader.h"
#include "idoc/we60.h"

static const char flat_file[] =
    "EDI_DC40  1000000000000000001731 301   ORDERS05\n"
    "Z2ABC000                      100000000000000000100000100000001"
    "red       M\xC3\xBCller    12.50\n"
    "E2EDK01005                    100000000000000000100000200000001"
    "004GBP\n";

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	(void)user;
	REQUIRE(idoc->segment_count == 2, "a report loses no segment");
	return STATUS_OK;
}

static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	(void)user, (void)fault;
	return STATUS_OK;
}

static void
cut_lines(const struct dictionary *dictionary)
{
	const struct idoc_options options = { .format = IDOC_FLAT,
		.dictionary = dictionary,
		.raw = true };
	const struct idoc_sink sink = { on_idoc, on_fault, NULL, NULL };
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct idoc_reader *reader = idoc_reader_new(symbols, &options);
	struct diag diag;

	fuzz_input(str_of(flat_file), 0);
	REQUIRE(idoc_read(reader, -1, "in", STR_NONE, &sink, &diag) ==
		    STATUS_OK,
	    "reading itself does not fail");
	idoc_reader_free(reader);
	idoc_symbols_free(symbols);
}

static void
require_layout(const struct dictionary_layout *layout)
{
	unsigned end = 0;

	for (size_t i = 0; i < layout->field_count; i++) {
		REQUIRE(layout->fields[i].offset == end,
		    "fields follow one another");
		end += layout->fields[i].length;
	}
	REQUIRE(end == layout->width, "and fill their segment");
}

static void
require_dictionary(const struct dictionary *dictionary)
{
	const struct dictionary_segment *segment = NULL, *last = NULL;

	while ((segment = dictionary_next(dictionary, segment)) != NULL) {
		REQUIRE(dictionary_find(dictionary, str_of(segment->name)) ==
			    segment,
		    "what is listed is found");
		REQUIRE(last == NULL || str_cmp(str_of(last->name),
					    str_of(segment->name)) < 0,
		    "types are listed once, by name");
		for (size_t i = 0; i < segment->layout_count; i++)
			if (segment->layouts[i].source != NULL)
				require_layout(&segment->layouts[i]);
		for (size_t i = 0; i < segment->parent_count; i++)
			REQUIRE(dictionary_name(dictionary,
				    segment->parents[i]) != NULL,
			    "parents have names");
		last = segment;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dictionary *dictionary = dictionary_new();
	struct diag diag = { 0 };

	if (we60_read(dictionary, (struct str){ (const char *)data, size },
		"report.txt", &diag) == STATUS_OK) {
		require_dictionary(dictionary);
		cut_lines(dictionary);
	} else {
		REQUIRE(diag.status == STATUS_CONFIG &&
			    diag.message[0] != '\0' && diag.file[0] != '\0',
		    "a wrong report is exit 78, with its name");
	}
	dictionary_free(dictionary);
	return 0;
}

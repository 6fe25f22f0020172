/*
 * Configuration files and the [map] rows in them: a file is refused with its
 * line, or its rows map IDocs to records.
 */

#include "base/config.h"
#include "fuzz.h"
#include "idoc/reader.h"
#include "map/map.h"

static const char *const documents[] = {
	"<IDOC><EDI_DC40><DOCNUM>1</DOCNUM><MESTYP>DEBMAS</MESTYP></EDI_DC40>"
	"<E1KNA1M><KUNNR>0000000001</KUNNR><NAME1>Ann</NAME1><Z1ADD><COLOUR>"
	"red</COLOUR><SIZE>12.5-</SIZE></Z1ADD><E1KNVVM><VKORG>1000</VKORG>"
	"<VTWEG>10</VTWEG></E1KNVVM></E1KNA1M></IDOC>",
	"<IDOC><EDI_DC40><DOCNUM>2</DOCNUM><MESTYP>ORDRSP</MESTYP></EDI_DC40>"
	"<E1EDK01><CURCY>GBP</CURCY><BELNR>4711</BELNR><E1EDKA1><PARVW>AG"
	"</PARVW><PARTN>1</PARTN></E1EDKA1><E1EDP01><POSEX>10</POSEX><MENGE>2"
	"</MENGE><NETWR>9.98</NETWR><Z1P><NOTE>a</NOTE></Z1P><Z1P><NOTE>b"
	"</NOTE></Z1P><E1EDP19><QUALF>002</QUALF><IDTNR>1</IDTNR></E1EDP19>"
	"</E1EDP01></E1EDK01></IDOC>",
};

struct mapping {
	struct map *map;
	struct arena arena;
	struct spool output;
};

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct mapping *mapping = user;
	struct map_result result = { 0 };
	struct diag diag;

	spool_clear(&mapping->output);
	REQUIRE(map_apply(mapping->map, idoc, &mapping->output, &mapping->arena,
		    &result, &diag) == STATUS_OK,
	    "mapping itself does not fail");
	fuzz_require_records(spool_recent(&mapping->output, 0));
	return STATUS_OK;
}

static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	(void)user, (void)fault;
	REQUIRE(false, "the documents can be read");
	return STATUS_BUG;
}

static void
map_documents(struct map *map, struct idoc_symbols *symbols)
{
	const struct idoc_options options = { .format = IDOC_XML };
	struct mapping mapping = { .map = map, .output = SPOOL_INIT };
	const struct idoc_sink sink = { on_idoc, on_fault, &mapping, NULL };
	struct idoc_reader *reader = idoc_reader_new(symbols, &options);
	struct diag diag;

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		fuzz_input(str_of(documents[i]), 0);
		REQUIRE(idoc_read(reader, -1, "in", STR_NONE, &sink, &diag) ==
			    STATUS_OK,
		    "the documents can be read");
	}
	idoc_reader_free(reader);
	arena_free(&mapping.arena);
	spool_free(&mapping.output);
}

static void
require_refusal(const struct diag *diag)
{
	REQUIRE(diag->status == STATUS_CONFIG, "a wrong file is exit 78");
	REQUIRE(diag->message[0] != '\0' && diag->file[0] != '\0' &&
		    diag->line > 0,
	    "and is told with file and line");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *file = fuzz_file((struct str){ (const char *)data, size });
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct config *config = NULL;
	struct map *map = NULL;
	struct diag diag = { 0 };

	if (config_load(&config, file, &diag) != STATUS_OK)
		require_refusal(&diag);
	else if (map_new(&map, symbols, config, &diag) != STATUS_OK)
		require_refusal(&diag);
	else
		map_documents(map, symbols);
	map_free(map);
	config_free(config);
	idoc_symbols_free(symbols);
	return 0;
}

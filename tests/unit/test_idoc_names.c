/* Symbols, segment names and the dictionary, sniffing. */

#include "idoc/dictionary.h"
#include "idoc/reader.h"
#include "tap.h"

static const char *
type_of(const char *name, bool flat)
{
	static char text[DICTIONARY_NAME];
	char buffer[DICTIONARY_NAME];

	str_copy(text, sizeof(text),
	    dictionary_type(NULL, str_of(name), flat, buffer));
	return text;
}

static void
test_types(void)
{
	IS_STR(type_of("E2EDK01005", true), "E1EDK01", "version falls off");
	IS_STR(type_of("E2EDK01", true), "E1EDK01", "no version");
	IS_STR(type_of("E2EDKA1003", true), "E1EDKA1", "letters and a digit");
	IS_STR(type_of("E2EDL20RET2000", true), "E1EDL20RET2",
	    "longest match first");
	IS_STR(type_of("E2BPAD1VL1", true), "E1BPAD1VL1",
	    "a digit that belongs to the type");
	IS_STR(type_of("E2BPAD1VL1000", true), "E1BPAD1VL1", "and a version");
	IS_STR(type_of("E2BP2017_GM_HEAD_01", true), "E1BP2017_GM_HEAD_01",
	    "BAPI name whose end looks like a version");
	IS_STR(type_of("E2XYZ12", true), "E1XYZ12", "unknown, no version");
	IS_STR(type_of("E2XYZ12003", true), "E1XYZ12", "unknown, version");
	IS_STR(type_of("Z2ABC000", true), "Z1ABC", "customer segment");
	IS_STR(type_of("ZE1EDK810000", true), "ZE1EDK810",
	    "customer name without Z2");
	IS_STR(type_of("ZE1EDK010", false), "ZE1EDK010",
	    "in XML only definitions have versions");
	IS_STR(type_of("E1EDP19", true), "E1EDP19", "a type stays");
}

static void
test_dictionary(void)
{
	const struct dictionary_segment *order =
	    dictionary_find(NULL, STR("E1EDK01"));
	const struct dictionary_segment *item =
	    dictionary_find(NULL, STR("E1EDP01"));
	const struct dictionary_segment *moved =
	    dictionary_find(NULL, STR("E1MBXYI"));
	const struct dictionary_field *field;

	OK(order != NULL && order->top && order->layouts->width == 357,
	    "E1EDK01");
	OK(item != NULL && dictionary_allows(order, item) &&
		!dictionary_allows(item, order),
	    "items belong below the header");
	OK(dictionary_find(NULL, STR("E1EDK0")) == NULL &&
		dictionary_find(NULL, STR("")) == NULL,
	    "no such segment");
	if (item == NULL || moved == NULL)
		return;
	field = item->layouts->fields;
	OK(strcmp(field[0].name, "POSEX") == 0 && field[0].length == 6,
	    "first field of E1EDP01");
	field = moved->layouts->fields + 19;
	OK(strcmp(field->name, "ERFMG") == 0 && field->offset == 115,
	    "the quantity of E1MBXYI follows its exact part");
}

static void
test_symbols(void)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct idoc_symbol *kunnr = idoc_symbol(symbols, STR("KUNNR"));
	int count = 0;
	char name[16];

	OK(idoc_symbol(symbols, STR("KUNNR")) == kunnr, "one pointer a name");
	OK(idoc_symbol_find(symbols, STR("KUNN")) == NULL, "not there");
	idoc_symbols_keep(symbols);
	OK(!idoc_symbols_crowded(symbols), "it has room");
	while (count < 100000) {
		snprintf(name, sizeof(name), "F%d", count);
		if (idoc_symbol(symbols, str_of(name)) == NULL)
			break;
		count++;
	}
	OK(count > 8000 && count < 20000, "names of documents are bounded");
	OK(idoc_symbols_crowded(symbols), "it says that it is crowded");
	OK(idoc_symbol(symbols, STR("KUNNR")) == kunnr, "old ones stay");
	idoc_symbols_forget(symbols);
	IS_INT(idoc_symbols_generation(symbols), 1, "forgotten once");
	OK(idoc_symbol_find(symbols, STR("KUNNR")) == kunnr &&
		kunnr->number == 1,
	    "what was kept stays");
	OK(idoc_symbol_find(symbols, STR("F7")) == NULL, "the others are gone");
	OK(idoc_symbol(symbols, STR("ONE_MORE")) != NULL &&
		!idoc_symbols_crowded(symbols),
	    "and there is room again");
	idoc_symbols_free(symbols);
}

static void
test_sniff(void)
{
	IS_INT(idoc_sniff(STR("")), IDOC_CONTENT_EMPTY, "empty");
	IS_INT(idoc_sniff(STR(" \r\n")), IDOC_CONTENT_EMPTY, "blank");
	IS_INT(idoc_sniff(STR("\n<DEBMAS07>")), IDOC_CONTENT_XML, "XML");
	IS_INT(idoc_sniff(STR("\xEF\xBB\xBF<?xml")), IDOC_CONTENT_XML,
	    "byte order mark");
	IS_INT(idoc_sniff(STR("\xFF\xFE<\0?\0")), IDOC_CONTENT_XML, "UTF-16");
	IS_INT(idoc_sniff(STR("EDI_DC40  100")), IDOC_CONTENT_FLAT, "flat");
	IS_INT(idoc_sniff(STR("{\"v\":1")), IDOC_CONTENT_RECORDS, "records");
	IS_INT(idoc_sniff(STR("PK\3\4")), IDOC_CONTENT_OTHER, "anything else");
}

int
main(void)
{
	test_types();
	test_dictionary();
	test_symbols();
	test_sniff();
	DONE();
}

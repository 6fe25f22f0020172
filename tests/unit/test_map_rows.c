#include "map_sample.h"

/* Rows of [map "..."]: what may stand in them, and what may not. */

/* clang-format off */
static const struct {
	const char *name;
	const char *rows; /* of [map "DEBMAS"] */
	const char *segments; /* below E1KNA1M, which has KUNNR=77 */
	const char *want; /* behind the keys that are always there */
} rows[] = {
	{"a path", "customer.tier = Z1KNA1E/TIER\n", " Z1KNA1E TIER=gold\n", ",\"tier\":\"gold\""},
	{"a path to nothing", "customer.tier = Z1KNA1E/TIER\n", " Z1KNA1E OTHER=gold\n", ""},
	{"conditions, both ways", "customer.tier = Z1[KIND=T][OLD!=X]/TIER\n",
	    " Z1 KIND=M|TIER=a\n Z1 KIND=T|OLD=X|TIER=b\n Z1 KIND=T|TIER=c\n", ",\"tier\":\"c\""},
	{"a condition may hold colons and blanks", "customer.tier = Z1[KIND=a : c]/TIER | Z2[A=|]/B\n",
	    " Z1 KIND=a|TIER=no\n Z1 KIND=a : c|TIER=yes\n", ",\"tier\":\"yes\""},
	{"alternatives", "customer.tier = Z1/A | Z2/B\n", " Z2 B=2\n", ",\"tier\":\"2\""},
	{"a segment in a segment", "customer.tier = Z1/Z2[A=1]/B\n", " Z1\n  Z2 A=2|B=x\n Z1\n  Z2 A=1|B=y\n",
	    ",\"tier\":\"y\""},
	{"a name space", "customer.tier = /CWM/Z1//CWM/TIER\n", " /CWM/Z1 /CWM/TIER=1\n", ",\"tier\":\"1\""},
	{"objects", "customer.properties.loyalty = Z1/TIER\ncustomer.properties.since = Z1/SINCE : date-time\n",
	    " Z1 TIER=gold|SINCE=20260701\n",
	    ",\"properties\":{\"loyalty\":\"gold\",\"since\":\"2026-06-30T23:00:00Z\"}"},
	{"a constant", "customer.tier = \"sap\"\n", "", ",\"tier\":\"sap\""},
	{"a constant where nothing was found", "customer.tier = Z1/A | \"none | : x\"\n", " Z1 B=1\n",
	    ",\"tier\":\"none | : x\""},
	{"the first match that gives a value", "customer.tier = Z1/A : first : item\n", " Z1 A=00\n Z1 A=02\n Z1 A=03\n",
	    ",\"tier\":\"2\""},
	{"the last one", "customer.tier = Z1/A : last\n", " Z1 A=1\n Z1 A=2\n Z1 B=3\n", ",\"tier\":\"2\""},
	{"joined", "customer.tier = Z1/A : join \", \"\n", " Z1 A=1\n Z1 B=2\n Z1 A=3\n", ",\"tier\":\"1, 3\""},
	{"joined to nothing", "customer.tier = Z1/A : join \", \"\n", " Z1 B=2\n", ""},
	{"joined, of the first alternative that has any", "customer.tier = Z1/A | Z2/A : join \"\"\n",
	    " Z2 A=1\n Z2 A=2\n", ",\"tier\":\"12\""},
	{"joined up to the limit, in characters", "customer.tier = Z1/A : join \"-\" : limit 4\n",
	    " Z1 A=\xc3\xa4\xc3\xb6\n Z1 A=\xc3\xbc\xc3\x9f\n Z1 A=x\n",
	    ",\"tier\":\"\xc3\xa4\xc3\xb6-\xc3\xbc\""},
	{"a sum of money", "customer.spent = Z1/A : money : sum\n", " Z1 A=1.5\n Z1 A=x\n Z1 A=2-\n",
	    ",\"spent\":\"-0.50\""},
	{"a sum of quantities", "customer.spent = Z1/A : quantity : sum\n", " Z1 A=1.500\n Z1 A=2.500\n",
	    ",\"spent\":\"4\""},
	{"a sum of nothing", "customer.spent = Z1/A : money : sum\n", " Z1 A=x\n", ""},
	{"a limit", "customer.tier = Z1/A : limit 3\n", " Z1 A=abcd\n", ",\"tier\":\"abc\""},
	{"letters", "customer.u = Z1/A : upper\ncustomer.l = Z1/A : lower\n", " Z1 A=aB\xc3\xa4\n",
	    ",\"u\":\"AB\xc3\xa4\",\"l\":\"ab\xc3\xa4\""},
	{"a map", "customer.tier = Z1/A : map \"A = online, B=in store\"\n", " Z1 A=B\n", ",\"tier\":\"in store\""},
	{"a map without the value", "customer.tier = Z1/A : map \"A=online\"\n", " Z1 A=B\n", ""},
	{"a map of all others", "customer.tier = Z1/A : map \"A=online,*=other\"\n", " Z1 A=B\n",
	    ",\"tier\":\"other\""},
	{"transforms in their order", "customer.tier = Z1/A : trim-zeros : map \"7=seven\" : upper\n", " Z1 A=007\n",
	    ",\"tier\":\"SEVEN\""},
	{"a flag as a word", "customer.tier = Z1/A : flag : map \"true=yes\"\n", " Z1 A=X\n", ",\"tier\":\"yes\""},
	{"the other formats", "customer.a = Z1/A : flag\ncustomer.b = Z1/B : timestamp\ncustomer.c = Z1/C : money\n"
	    "customer.d = Z1/C : negative\ncustomer.e = Z1/C : quantity\ncustomer.f = Z1/F : country\n"
	    "customer.g = Z1/F : language\ncustomer.h = Z1/* : present\ncustomer.i = Z1/I : date\n"
	    "customer.j = Z1/I+J : date-time\ncustomer.k = Z1/A : text\n",
	    " Z1 A=X|B=20260115120000|C=1.500|F=gb|I=20260115|J=093000\n",
	    ",\"a\":true,\"b\":\"2026-01-15T12:00:00Z\",\"c\":\"1.50\",\"d\":\"-1.50\",\"e\":\"1.5\",\"f\":\"GB\","
	    "\"g\":\"GB\",\"h\":true,\"i\":\"2026-01-15\",\"j\":\"2026-01-15T09:30:00Z\",\"k\":\"X\""},
	{"fields side by side", "customer.tier = Z1/A+B+C\n", " Z1 A=1|C=3\n", ",\"tier\":\"1 3\""},
	{"the built-in format stays", "customer.country = Z1/A\n", " Z1 A=de\n", ",\"country\":\"DE\""},
	{"as does the built-in limit", "customer.prefix = Z1/A\n", " Z1 A=0123456789abcdefg\n",
	    ",\"prefix\":\"0123456789abcde\""},
	{"unless the row has its own", "customer.country = Z1/A : lower : limit 1\n", " Z1 A=DE\n", ",\"country\":\"d\""},
	{"a constant has the format, too", "customer.marketing.opt_in = \"X\"\n", "", ",\"marketing\":{\"opt_in\":true}"},
	{"below a list", "customer.sales_areas.tier = E1KNVVM/Z1KNVVX/TIER | E1KNA1M/Z1/TIER\n",
	    " E1KNVVM VKORG=1\n  Z1KNVVX TIER=a\n E1KNVVM VKORG=2\n Z1 TIER=b\n",
	    ",\"sales_areas\":[{\"sales_org\":\"1\",\"deleted\":false,\"tier\":\"a\"},"
	    "{\"sales_org\":\"2\",\"deleted\":false,\"tier\":\"b\"}]"},
	{"over several lines", "customer.tier = Z1/A\n    | Z2/A\n\t: map \"1=one\"\n  : upper\n", " Z2 A=1\n",
	    ",\"tier\":\"ONE\""},
};

static const struct {
	const char *row;
	const char *why;
} wrong[] = {
	{"[map \"DEBMAZ\"]\ncustomer.email = A/B\n", "there is no field map for its message type"},
	{"[map \"DEBMAS\"]\norder.email = A/B\n", "does not begin with the record type and a dot"},
	{"[map \"DEBMAS\"]\ncustomer.Email = A/B\n", "is not lower-case words joined by dots"},
	{"[map \"DEBMAS\"]\ncustomer.a..b = A/B\n", "is not lower-case words joined by dots"},
	{"[map \"DEBMAS\"]\ncustomer.id = A/B\n", "is a key that every record has"},
	{"[map \"DEBMAS\"]\ncustomer.sales_areas = A/B\n", "is a list"},
	{"[map \"DEBMAS\"]\ncustomer.blocked = A/B\n", "is an object"},
	{"[map \"DEBMAS\"]\ncustomer.city.part = A/B\n", "is below a value"},
	{"[map \"DEBMAS\"]\ncustomer.email = SMTP_ADDR\n", "a segment is missing in front of the field"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/\n", "a segment or field name is missing or malformed"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1[A=B]\n", "a field is missing"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1[A=B/C\n", "']' is missing"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1[A]/C\n", "'=' is missing in the brackets"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/C x\n", "text behind the field name"},
	{"[map \"DEBMAS\"]\ncustomer.born = E1KNVKM/GBDAT\n", "names a field that must not leave SAP"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A | \n", "a segment or field name is missing or malformed"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A :\n", "a step is missing behind ':'"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : uper\n", "has the unknown step 'uper'; did you mean 'upper'?"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : date-itme\n", "has the unknown step 'date-itme'; did you mean 'date-time'?"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : encrypt\n", "has the unknown step 'encrypt'"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : upper lower\n", "has text behind a step"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : first : last\n", "first, last, join and sum exclude each other"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : join\n", "step 'join' takes a text in double quotes"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : join \"x\n", "step 'join' takes a text in double quotes"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : limit\n", "a limit is a number from 1 to 65536"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : limit 0\n", "a limit is a number from 1 to 65536"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : limit 65537\n", "a limit is a number from 1 to 65536"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : limit 5 : limit 6\n", "has two limits"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : sum\n", "a sum needs money, quantity or negative"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : upper : sum\n", "a sum needs money, quantity or negative"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A+B : money\n", "joins more fields than its format takes"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A+B+C : date-time\n", "joins more fields than its format takes"},
	{"[map \"DEBMAS\"]\ncustomer.language = Z1/A+B\n", "joins more fields than its format takes"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A+B+C+D+E+F\n", "too many fields are joined"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : map \"x\"\n", "a map is 'VALUE=TEXT', separated by commas"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/A : map \"=x\"\n", "a map has an empty value in front of '='"},
	{"[map \"DEBMAS\"]\ncustomer.email = \"none\" | Z1/A\n", "a constant is not the last alternative"},
	{"[map \"DEBMAS\"]\ncustomer.email = \"none\n", "a closing quote is missing"},
	{"[map \"DEBMAS\"]\ncustomer.email = \"\"\n", "a constant is empty"},
	{"[map \"DEBMAS\"]\ncustomer.email = \"none\" x\n", "text behind the constant"},
	{"[map \"DEBMAS\"]\ncustomer.email = Z1/CCNUM+A\n", "names a field that must not leave SAP"},
	{"[map \"MATMAS\"]\nproduct.titles = E1MAKTM/MAKTX\n", "is an object"},
};

/* Refused before the rows are compiled. */
static const struct {
	const char *text;
	size_t line;
	const char *why;
} refused[] = {
	{"[map \"DEBMAS\"]\ncustomer.a = Z1/A\ncustomer.a = Z1/B\n", 3, "is given twice"},
	{"[map \"DEBMAS\"]\n : upper\n", 2, "goes on with nothing"},
	{"[sap]\nencoding = x\n  : upper\n", 3, "goes on with nothing"},
};
/* clang-format on */

static void
test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf config = BUF_INIT, idoc = BUF_INIT, want = BUF_INIT;
		struct sample sample = { .name = rows[i].name };

		buf_add_format(&config, "[map \"DEBMAS\"]\n%s", rows[i].rows);
		buf_add_format(&idoc, HEAD("DEBMAS") "E1KNA1M KUNNR=77\n%s",
		    rows[i].segments);
		buf_add_format(&want,
		    SEEN("customer", "77", "DEBMAS",
			"1") "\"kunnr\":\"0000000077\",\"deleted\":false%s}\n",
		    rows[i].want);
		sample.config = config.data;
		sample.idoc = idoc.data;
		sample.want = want.data;
		run(&sample);
		buf_free(&config);
		buf_free(&idoc);
		buf_free(&want);
	}
}

static void
test_wrong_rows(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct idoc_symbols *symbols = idoc_symbols_new();
		struct config *config = NULL;
		struct map *map = NULL;
		struct diag diag = { 0 };

		load(&config, wrong[i].row, &diag);
		OK(map_new(&map, symbols, config, &diag) == STATUS_CONFIG &&
			diag.line == 2 && strstr(diag.file, "test_map") &&
			strstr(diag.message, wrong[i].why),
		    wrong[i].why);
		if (strstr(diag.message, wrong[i].why) == NULL)
			printf("# got %s\n", diag.message);
		map_free(map);
		config_free(config);
		idoc_symbols_free(symbols);
	}
}

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct config *config = NULL;
		struct diag diag = { 0 };

		OK(load(&config, refused[i].text, &diag) == STATUS_CONFIG &&
			diag.line == refused[i].line &&
			strstr(diag.message, refused[i].why),
		    refused[i].why);
		config_free(config);
	}
}

/* What is joined stays within its limit, whatever the IDoc holds. */
static void
test_long_join(void)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct config *config = NULL;
	struct map *map = NULL;
	struct diag diag = { 0 };
	struct map_result result;
	struct buf text = BUF_INIT;
	struct spool output = SPOOL_INIT;
	struct idoc idoc;

	load(&config, "[map \"DEBMAS\"]\ncustomer.a = Z1/A : join \",\"\n",
	    &diag);
	buf_add_text(&text, HEAD("DEBMAS") "E1KNA1M KUNNR=77\n");
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, " Z1 A=1\n");
	map_new(&map, symbols, config, &diag);
	idoc = make_idoc(symbols, text.data);
	map_apply(map, &idoc, &output, &arena, &result, &diag);
	OK(strstr(output.recent.data, ",1,1,") != NULL,
	    "20,000 values are joined");
	OK(output.recent.len > 1000 && output.recent.len < 1400,
	    "to 1,000 characters");
	buf_free(&text);
	spool_free(&output);
	map_free(map);
	config_free(config);
	idoc_symbols_free(symbols);
	arena_reset(&arena);
}

int
main(void)
{
	struct diag diag = { 0 };

	zone_use("Europe/London", &diag);
	test_rows();
	test_wrong_rows();
	test_refused();
	test_long_join();
	arena_free(&arena);
	DONE();
}

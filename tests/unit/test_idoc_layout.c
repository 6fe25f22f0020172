/* What is cut out of a flat line: by which definition, and how far. */

#include "idoc/we60.h"
#include "idoc_text.h"

static struct idoc_text text;

static const char *
read_lines(const struct dictionary *dictionary, const char *wanted,
    const char *name, const char *sdata)
{
	struct buf input = BUF_INIT;

	buf_add_format(&input, "EDI_DC40  100%016d750 30%4s%-60s%-30s\n", 1, "",
	    "WMMBID02", "WMMBXY");
	buf_add_format(&input, "%-30s100%-30s%s\n", name, "", sdata);
	idoc_text_read(&text, buf_str(&input), wanted,
	    (struct idoc_options){ .dictionary = dictionary });
	buf_free(&input);
	return text.text.data;
}

/* Of E1MBXYI what stands before ERFMG is known for sure. */
static void
test_trust(void)
{
	IS_STR(read_lines(NULL, "E1MBXYI MATNR", "E2MBXYI",
		   "  000000000000004711"),
	    "idoc 0000000000000001 WMMBXY E1MBXYI(MATNR=000000000000004711)\n",
	    "a field before the first guess");
	IS_STR(read_lines(NULL, "E1MBXYI MATNR ERFMG", "E2MBXYI",
		   "  000000000000004711"),
	    "fault idoc-no-layout 0000000000000001 WMMBXY \n",
	    "one behind it is never guessed");
	IS_STR(read_lines(NULL, "MATNR ERFMG", "E2MBXYI", "  4711"),
	    "idoc 0000000000000001 WMMBXY E1MBXYI(MATNR=4711)\n",
	    "unless nobody wants the segment");
	IS_STR(read_lines(NULL, "E1BP2017_GM_ITEM_CREATE MATERIAL",
		   "E2BP2017_GM_ITEM_CREATE", "4711"),
	    "fault idoc-no-layout 0000000000000001 WMMBXY \n",
	    "a segment that is a guess from its first field on");
	read_lines(NULL, NULL, "E2MBXYI", "  4711");
	OK(strstr(text.text.data, "E1MBXYI(MATNR=4711)") != NULL, "raw");
	IS_STR(read_lines(NULL, NULL, "E2BP2017_GM_ITEM_CREATE", "4711"),
	    "idoc 0000000000000001 WMMBXY "
	    "E1BP2017_GM_ITEM_CREATE(SDATA=4711)\n",
	    "raw keeps what cannot be cut");
}

static void
test_report(void)
{
	static const struct dictionary_field fields[] = {
		{ "ERFMG", 0, 4, 'A' }, { "ERFME", 4, 3, 'A' }
	};
	const struct dictionary_layout old = { "E2MBXYI", "r", fields, 1, 4 };
	const struct dictionary_layout new = { "E2MBXYI001", "r", fields, 2,
		7 };
	struct dictionary *dictionary = dictionary_new();

	dictionary_add(dictionary, STR("E1MBXYI"), STR("E1MBXYH"), &old);
	dictionary_add(dictionary, STR("E1MBXYI"), STR("E1MBXYH"), &new);
	IS_STR(
	    read_lines(dictionary, "E1MBXYI ERFMG ERFME", "E2MBXYI", "12.5ST"),
	    "idoc 0000000000000001 WMMBXY E1MBXYI(ERFMG=12.5)\n",
	    "a line by its own definition");
	IS_STR(read_lines(dictionary, "E1MBXYI ERFMG ERFME", "E2MBXYI002",
		   "12.5ST"),
	    "idoc 0000000000000001 WMMBXY E1MBXYI(ERFMG=12.5 ERFME=ST)\n",
	    "an unknown one by the newest");
	IS_STR(read_lines(dictionary, NULL, "E2MBXYI", "12.5ST"),
	    "idoc 0000000000000001 WMMBXY E1MBXYI(ERFMG=12.5|ST)\n",
	    "raw keeps the rest");
	dictionary_free(dictionary);
}

int
main(void)
{
	test_trust();
	test_report();
	buf_free(&text.text);
	DONE();
}

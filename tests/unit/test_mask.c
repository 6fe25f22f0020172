/* What is shown of records and IDocs, and what is not. */
#include "audit/mask.h"
#include "tap.h"

static struct buf text;

static const char *
field(const char *name, const char *value)
{
	buf_clear(&text);
	mask_field(&text, str_of(name), str_of(value));
	buf_add_text(&text, "");
	return text.data;
}

static const char *
broken(const char *bytes)
{
	buf_clear(&text);
	mask_broken(&text, str_of(bytes));
	return text.data;
}

static const char *
json(const char *line)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;

	buf_clear(&text);
	mask_json(&text, json_parse(&doc, str_of(line)), &arena);
	arena_free(&arena);
	json_doc_free(&doc);
	return text.data;
}

int
main(void)
{
	IS_STR(field("KUNNR", "0000004711"), "0000004711", "a number");
	IS_STR(field("NAME1", "Ann O'Hara"), "Xxx X'Xxxx", "a name");
	IS_STR(field("TELF1", "+44 7700"), "+99 9999", "a phone");
	IS_STR(field("NAME1", "M\xC3\xBCller"), "Xxxxxx", "beyond ASCII");
	IS_STR(field("NAME1", "a\xFFz"), "xxx", "broken UTF-8");
	IS_STR(field("BELNR", "ann@example.com"), "xxx@xxxxxxx.xxx",
	    "an address where a number belongs");
	IS_STR(field("BELNR", "Ann Smith"), "Xxx Xxxxx", "or a name");
	IS_STR(
	    json("{\"id\":\"W1\",\"first_name\":\"Ann\",\"n\":[1,true,null]}"),
	    "{\"id\":\"W1\",\"first_name\":\"Xxx\",\"n\":[\"9\",true,null]}",
	    "texts by their keys");
	IS_STR(json("{\"ann@x.com\":{\"a\\\"b\":\"x\"}}"),
	    "{\"xxx@x.xxx\":{\"x\\\"x\":\"x\"}}", "keys are no better");
	IS_STR(broken("<KUNNR>12</KUNNR><NAME1>Ann</E1KNA1M>"),
	    "<KUNNR>12</KUNNR><NAME1>Xxx</E1KNA1M>", "names of SAP stay");
	IS_STR(broken("<NAME1><BOB>,BOB\nBOB</NAME1>"),
	    "<NAME1><XXX>,XXX\nXXX</NAME1>", "others do not");
	IS_STR(broken("<E1KNA1M SEGMENT=\"1\" NOTE=\"Ann\">"),
	    "<E1KNA1M XXXXXXX=\"9\" XXXX=\"Xxx\">", "nor do attributes");
	IS_STR(broken("E2KNA1M005   ANN 1\n"), "E2KNA1M005   XXX 9\n",
	    "a flat line");
	buf_free(&text);
	DONE();
}

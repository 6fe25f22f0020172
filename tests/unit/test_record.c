/* Records: envelope, sniffing, stamping, desired records, exceptions. */

#include "record/desired.h"
#include "record/exception.h"
#include "tap.h"

static struct json_doc doc = JSON_DOC_INIT;
static struct arena arena = ARENA_INIT;
static struct diag diag;

static enum status
parse(struct record *record, const char *line)
{
	arena_reset(&arena);
	diag = (struct diag){ 0 };
	return record_parse(record, &doc, &arena, str_of(line), &diag);
}

static void
test_parse(void)
{
	static const struct {
		const char *line, *message;
	} wrong[] = {
		{ "", "line is not JSON at byte 1: value expected" },
		{ "hello", "line is not JSON at byte 1: value expected" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":\"1\"",
		    "line is not JSON at byte 31: object or array does not "
		    "end" },
		{ "[]", "line is no record: not a JSON object" },
		{ "{}", "line is no record: key 'v' is not 1" },
		{ "{\"v\":2,\"type\":\"order\",\"id\":\"1\"}",
		    "line is no record: key 'v' is not 1" },
		{ "{\"v\":\"1\",\"type\":\"order\",\"id\":\"1\"}",
		    "line is no record: key 'v' is not 1" },
		{ "{\"v\":1,\"type\":\"orders\",\"id\":\"1\"}",
		    "line is no record: key 'type' names no known record "
		    "type" },
		{ "{\"v\":1,\"type\":\"order\"}",
		    "line is no record: key 'id' is not a text" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":17}",
		    "line is no record: key 'id' is not a text" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":\"\"}",
		    "line is no record: key 'id' is empty" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":\"1\",\"seq\":7}",
		    "line is no record: key 'seq' is not a text" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":\"1\",\"src\":\"x\"}",
		    "line is no record: key 'src' is malformed" },
		{ "{\"v\":1,\"type\":\"order\",\"id\":\"1\",\"src\":{\"r\":"
		  "-1}}",
		    "line is no record: key 'src' is malformed" },
	};
	struct record record;

	IS_INT(parse(&record,
		   "{\"v\":1,\"type\":\"order\",\"id\":\"W1\",\"seq\":\"s\","
		   "\"src\":{\"sys\":\"ECC\",\"n\":3,\"r\":2},\"x\":1}"),
	    STATUS_OK, "a record");
	IS_INT(record.type, RECORD_ORDER, "its type");
	OK(str_is(record.id, "W1") && str_is(record.seq, "s") &&
		str_is(record.src.sys, "ECC") && record.src.n == 3 &&
		record.src.r == 2,
	    "its envelope");
	IS_INT(parse(&record,
		   " { \"id\":\"1\", \"type\":\"stock_level\", \"v\":1 } "),
	    STATUS_OK, "another key order, blanks");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		IS_INT(parse(&record, wrong[i].line), STATUS_DATA,
		    wrong[i].message);
		IS_STR(diag.message, wrong[i].message, "is said");
	}
}

static void
test_sniff(void)
{
	IS_INT(record_sniff(STR("{\"v\":1,\"type\":\"shipment\",\"id\"")),
	    RECORD_SHIPMENT, "by the first bytes");
	IS_INT(record_sniff(STR("{\"v\":1,\"type\":\"shipment")),
	    RECORD_UNKNOWN, "a name that does not end");
	IS_INT(record_sniff(STR("{ \"v\":1,\"type\":\"shipment\"")),
	    RECORD_UNKNOWN, "other spacing is to be parsed");
	IS_INT(record_sniff(STR("{\"v\":1,\"type\":\"ship\"")), RECORD_UNKNOWN,
	    "an unknown name");
	IS_INT(record_sniff(STR_NONE), RECORD_UNKNOWN, "nothing");
	IS_STR(record_type_tool(RECORD_INVOICE), "order-aggregate",
	    "the tool that settles a type");
}

static void
test_stamp(void)
{
	struct record_src src = { .sys = STR("shop"),
		.docnum = STR("#0011"),
		.file = STR("in/a.jsonl"),
		.n = 4,
		.r = 1 };
	struct buf out = BUF_INIT;
	struct record record;

	parse(&record, "{\"v\":1,\"type\":\"order\",\"id\":\"W1\",\"n\":1.50,"
		       "\"a\\\"b\":[ 1 , 2 ],\"t\":\"\\u00e4\"}");
	record_stamp(&out, &record, STR("20260101"), &src);
	IS_STR(out.data,
	    "{\"v\":1,\"type\":\"order\",\"id\":\"W1\",\"seq\":\"20260101\","
	    "\"src\":{\"sys\":\"shop\",\"docnum\":\"#0011\","
	    "\"file\":\"in/a.jsonl\",\"n\":4,\"r\":1},\"n\":1.50,"
	    "\"a\\\"b\":[ 1 , 2 ],\"t\":\"\\u00e4\"}",
	    "src is put in, values stay as written");
	buf_clear(&out);
	parse(&record, "{\"v\":1,\"type\":\"order\",\"id\":\"W1\","
		       "\"seq\":\"own\"}");
	record_stamp(&out, &record, STR("20260101"), &src);
	parse(&record, out.data);
	OK(str_is(record.seq, "own"), "a seq of its own stays");
	buf_free(&out);
}

static void
test_desired(void)
{
	struct desired desired = { .kind = DESIRED_EVENT,
		.id = STR("shipped-W:1"),
		.rev = 7,
		.customer = STR("4711"),
		.urgent = true,
		.body = STR("{\"a\":1.50}") },
		       back;
	struct buf line = BUF_INIT;
	struct record record;

	desired_write(&line, &desired);
	IS_STR(line.data,
	    "{\"v\":1,\"type\":\"desired\",\"id\":\"custom_event:shipped-W:1\""
	    ",\"kind\":\"custom_event\",\"rev\":7,\"customer\":\"4711\","
	    "\"urgent\":true,\"body\":{\"a\":1.50}}",
	    "a desired record");
	IS_INT(parse(&record, line.data), STATUS_OK, "parses");
	IS_INT(desired_read(&back, &record, &arena, &diag), STATUS_OK,
	    "and reads");
	OK(back.kind == DESIRED_EVENT && str_is(back.id, "shipped-W:1") &&
		back.rev == 7 && str_is(back.customer, "4711") && back.urgent &&
		str_is(back.body, "{\"a\":1.50}"),
	    "as it was");
	parse(&record, "{\"v\":1,\"type\":\"desired\",\"id\":\"order:1\","
		       "\"kind\":\"contact\",\"body\":{}}");
	IS_INT(desired_read(&back, &record, &arena, &diag), STATUS_DATA,
	    "kind and id must agree");
	parse(&record, "{\"v\":1,\"type\":\"desired\",\"id\":\"order:1\","
		       "\"kind\":\"order\",\"body\":[]}");
	IS_INT(desired_read(&back, &record, &arena, &diag), STATUS_DATA,
	    "the body is an object");
	buf_free(&line);
}

static void
test_exception(void)
{
	struct exception exception = { .code = "customer-malformed",
		.subject = "customer",
		.id = STR("4711"),
		.customer = STR("4711"),
		.message = STR("KUNNR 'a\"b'"),
		.settles = true },
			 back;
	struct buf line = BUF_INIT;
	struct record record;

	exception_write(&line, &exception);
	IS_STR(line.data,
	    "{\"v\":1,\"type\":\"exception\","
	    "\"id\":\"customer-malformed:customer:4711\","
	    "\"code\":\"customer-malformed\",\"severity\":\"critical\","
	    "\"subject\":{\"type\":\"customer\",\"id\":\"4711\"},"
	    "\"customer\":\"4711\",\"message\":\"KUNNR 'a\\\"b'\","
	    "\"settles\":true}",
	    "an exception record");
	parse(&record, line.data);
	IS_INT(exception_read(&back, &record, &arena, &diag), STATUS_OK,
	    "reads");
	IS_STR(back.code, "customer-malformed", "its code");
	IS_STR(back.subject, "customer", "its subject");
	OK(back.settles, "and that it settles");
	parse(&record, "{\"v\":1,\"type\":\"exception\",\"id\":\"x:y:z\","
		       "\"code\":\"x\",\"subject\":{\"type\":\"y\",\"id\":"
		       "\"z\"}}");
	IS_INT(exception_read(&back, &record, &arena, &diag), STATUS_DATA,
	    "a code that is not in the table");
	parse(&record, "{\"v\":1,\"type\":\"exception\",\"id\":\"x:y:z\","
		       "\"code\":\"balance\",\"subject\":\"z\"}");
	IS_INT(exception_read(&back, &record, &arena, &diag), STATUS_DATA,
	    "a subject that is no object");
	buf_free(&line);
}

static void
test_codes(void)
{
	const struct exception_code *a, *b;
	int twice = 0, mute = 0;

	for (a = exception_codes; a->code != NULL; a++) {
		mute += a->owner == NULL || a->action == NULL ||
			a->action[0] == '\0' || a->meaning == NULL ||
			a->runbook == NULL;
		for (b = a + 1; b->code != NULL; b++)
			twice += strcmp(a->code, b->code) == 0;
	}
	IS_INT(twice, 0, "each code stands once in the table");
	IS_INT(mute, 0,
	    "each has an owner, a meaning, a next action and a section");
	IS_STR(exception_code_find("balance")->owner, "operator", "find");
}

int
main(void)
{
	test_parse();
	test_sniff();
	test_stamp();
	test_desired();
	test_exception();
	test_codes();
	json_doc_free(&doc);
	arena_free(&arena);
	DONE();
}

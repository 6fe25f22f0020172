/* What we would send beside what Ometria shows. */
#include "ometria/compare.h"

#include "tap.h"

#define CONTACT DESIRED_CONTACT
#define ORDER DESIRED_ORDER
#define PRODUCT DESIRED_PRODUCT
#define EVENT DESIRED_EVENT

/* want: "field=ours|theirs" of each difference, "; " between them. */
static const struct {
	enum desired_kind kind;
	const char *ours, *theirs, *want, *what;
} cases[] = {
	/* Which keys. */
	{ CONTACT, "{'id':'7','lastname':'Doe'}", "{'id':'7','lastname':'Doe'}",
	    "", "the same" },
	{ CONTACT, "{'id':'7'}", "{'id':'7','lastname':'Doe','seen':true}", "",
	    "what Ometria has besides is its own" },
	{ CONTACT, "{'id':'7','lastname':'Doe'}", "{'id':'7','lastname':'Roe'}",
	    "lastname='Doe'|'Roe'", "another text" },
	{ CONTACT, "{'lastname':'Doe'}", "{}", "lastname='Doe'|",
	    "a text that is not there" },
	{ CONTACT, "{'@type':'contact','@force_optin':true,'@merge':true}",
	    "{}", "", "actions are no facts" },
	{ PRODUCT, "{'id':'A','is_in_stock':false,'@merge':true}",
	    "{'id':'A','is_in_stock':true,'title':'Shirt'}",
	    "is_in_stock=false|true", "a merged product, what was sent" },
	{ ORDER, "{'customer':{'id':'7','email':'a@x.test'}}",
	    "{'customer':{'id':'7','email':'b@x.test'}}", "",
	    "the e-mail of an order is of its time" },
	{ ORDER, "{'customer':{'id':'7','email':'a@x.test'}}",
	    "{'customer':{'id':'8','email':'a@x.test'}}", "customer.id='7'|'8'",
	    "another customer of an order" },
	{ EVENT, "{'identity_email':'a@x.test'}", "{}", "",
	    "the e-mail of an event too" },
	{ CONTACT, "{'email':'a@x.test'}", "{'email':'b@x.test'}",
	    "email='a@x.test'|'b@x.test'", "that of a contact counts" },
	/* Consent. */
	{ CONTACT, "{'marketing_optin':'EXPLICITLY_OPTEDIN'}",
	    "{'marketing_optin':'EXPLICITLY_OPTEDOUT'}", "",
	    "consent that is not forced is Ometria's" },
	{ CONTACT,
	    "{'marketing_optin':'EXPLICITLY_OPTEDOUT','@force_optin':true}",
	    "{'marketing_optin':'EXPLICITLY_OPTEDIN'}",
	    "marketing_optin='EXPLICITLY_OPTEDOUT'|'EXPLICITLY_OPTEDIN'",
	    "an opt-out that was not applied" },
	{ CONTACT,
	    "{'marketing_optin':'EXPLICITLY_OPTEDOUT','@force_optin':true}",
	    "{'marketing_optin':false}", "", "consent shown as a flag" },
	{ CONTACT,
	    "{'marketing_optin':'EXPLICITLY_OPTEDOUT','@force_optin':true}",
	    "{'marketing_optin':null}",
	    "marketing_optin='EXPLICITLY_OPTEDOUT'|null", "none" },
	{ CONTACT, "{'timestamp_unsubscribed':'2026-01-01T00:00:00Z'}",
	    "{'timestamp_unsubscribed':'2026-01-02T00:00:00Z'}", "",
	    "times of consent" },
	/* Nothing. */
	{ ORDER, "{'coupon_code':'','lineitems':[],'properties':{}}",
	    "{'coupon_code':null}", "", "nothing is nothing" },
	{ ORDER, "{'coupon_code':null}", "{'coupon_code':'X'}",
	    "coupon_code=null|'X'", "what was to be cleared" },
	/* Numbers. */
	{ ORDER, "{'grand_total':64.80}", "{'grand_total':64.8}", "",
	    "by value" },
	{ ORDER, "{'grand_total':64.80}", "{'grand_total':'64.800'}", "",
	    "as a text" },
	{ ORDER, "{'grand_total':0.3}", "{'grand_total':0.30000000000000004}",
	    "", "as a binary fraction" },
	{ ORDER, "{'grand_total':1500}", "{'grand_total':1.5e3}", "",
	    "with an exponent" },
	{ ORDER, "{'grand_total':64.80}", "{'grand_total':64.81}",
	    "grand_total=64.80|64.81", "by a cent" },
	{ ORDER, "{'grand_total':64.80}", "{'grand_total':'free'}",
	    "grand_total=64.80|'free'", "no number" },
	{ ORDER, "{'grand_total':0}", "{}", "grand_total=0|",
	    "zero is something" },
	{ ORDER, "{'properties':{'document':'0012345'}}",
	    "{'properties':{'document':12345}}",
	    "properties.document='0012345'|12345",
	    "zeros in front of a text count" },
	{ ORDER, "{'id':'12345'}", "{'id':12345}", "",
	    "the same digits as a number" },
	{ ORDER, "{'is_valid':false}", "{'is_valid':'false'}", "",
	    "a flag as a text" },
	/* Times. */
	{ ORDER, "{'timestamp':'2026-05-01T11:22:33Z'}",
	    "{'timestamp':'2026-05-01T11:22:33+00:00'}", "", "an offset" },
	{ ORDER, "{'timestamp':'2026-05-01T11:22:33Z'}",
	    "{'timestamp':'2026-05-01 11:22:33+00'}", "", "a blank" },
	{ ORDER, "{'timestamp':'2026-05-01T11:22:33Z'}",
	    "{'timestamp':'2026-05-01T12:22:33.000000+01:00'}", "",
	    "another zone" },
	{ ORDER, "{'timestamp':'2026-05-01T11:22:33Z'}",
	    "{'timestamp':'2026-05-01T11:22:33+01:00'}",
	    "timestamp='2026-05-01T11:22:33Z'|'2026-05-01T11:22:33+01:00'",
	    "another instant" },
	/* Lists. */
	{ CONTACT, "{'store_ids':['uk','fr']}", "{'store_ids':['fr','uk']}", "",
	    "texts are a set" },
	{ CONTACT, "{'store_ids':['uk','fr']}", "{'store_ids':['uk']}",
	    "store_ids=['uk','fr']|['uk']", "a store less" },
	{ CONTACT, "{'store_ids':['uk']}", "{'store_ids':'uk'}",
	    "store_ids=['uk']|'uk'", "no list" },
	{ ORDER, "{'lineitems':[{'sku':'A','quantity':1},{'quantity':2}]}",
	    "{'lineitems':[{'sku':'A','quantity':1.0},{'quantity':3}]}",
	    "lineitems[1].quantity=2|3", "lines by position" },
	{ ORDER, "{'lineitems':[{'sku':'A'},{'sku':'B'}]}",
	    "{'lineitems':[{'sku':'A'}]}", "lineitems[1]={'sku':'B'}|",
	    "a line that is not there" },
	{ ORDER, "{'lineitems':[{'sku':'A'}]}",
	    "{'lineitems':[{'sku':'A'},{'sku':'B'}]}",
	    "lineitems[1]=|{'sku':'B'}", "a line too many" },
	{ ORDER, "{'lineitems':[{'totals':{'base':{'tax':7.00}}}]}",
	    "{'lineitems':[{'totals':{'base':{'tax':8}}}]}",
	    "lineitems[0].totals.base.tax=7.00|8", "deep within" },
	{ ORDER, "{'shipping_address':{'city':'Leeds','postcode':'LS1'}}",
	    "{'shipping_address':{'city':'York','postcode':'YO1'}}",
	    "shipping_address.city='Leeds'|'York'; "
	    "shipping_address.postcode='LS1'|'YO1'",
	    "two of an object" },
	{ ORDER, "{'shipping_address':{'city':'Leeds'}}", "[]",
	    "shipping_address={'city':'Leeds'}|", "no record at all" },
};

static void
add_quoted(struct buf *to, const char *text)
{
	for (; *text != '\0'; text++)
		buf_add_char(to, *text == '\'' ? '"' : *text);
}

static struct comparison result;
static struct arena arena = ARENA_INIT;
static struct json_doc a = JSON_DOC_INIT, b = JSON_DOC_INIT;

static void
compare(enum desired_kind kind, struct str ours, struct str theirs)
{
	const struct json *mine = json_parse(&a, ours);
	const struct json *shown = json_parse(&b, theirs);

	OK(mine != NULL && shown != NULL, "both are JSON");
	if (mine != NULL && shown != NULL)
		compare_records(kind, mine, shown, &arena, &result);
}

static void
table(void)
{
	struct buf ours = BUF_INIT, theirs = BUF_INIT, want = BUF_INIT;
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&ours);
		buf_clear(&theirs);
		buf_clear(&want);
		buf_clear(&got);
		buf_add_text(&got, "");
		buf_add_text(&want, "");
		add_quoted(&ours, cases[i].ours);
		add_quoted(&theirs, cases[i].theirs);
		add_quoted(&want, cases[i].want);
		compare(cases[i].kind, buf_str(&ours), buf_str(&theirs));
		for (size_t n = 0; n < result.count; n++)
			buf_add_format(&got, "%s%.*s=%.*s|%.*s",
			    n > 0 ? "; " : "", STR_ARGS(result.list[n].field),
			    STR_ARGS(result.list[n].ours),
			    STR_ARGS(result.list[n].theirs));
		IS_STR(got.data, want.data, cases[i].what);
	}
	buf_free(&ours);
	buf_free(&theirs);
	buf_free(&want);
	buf_free(&got);
}

/* More differences than are told, and what a message says of them. */
static void
bounded(void)
{
	struct buf ours = BUF_INIT, names = BUF_INIT;

	buf_add_text(&ours, "{\"lineitems\":[");
	for (int i = 0; i < 40; i++)
		buf_add_format(&ours, "%s{\"quantity\":%d}", i > 0 ? "," : "",
		    i + 1);
	buf_add_text(&ours, "]}");
	compare(DESIRED_ORDER, buf_str(&ours), STR("{}"));
	IS_INT(result.found, 1, "a list that is not there is one difference");
	compare(DESIRED_ORDER, buf_str(&ours), STR("{\"lineitems\":[{}]}"));
	IS_INT(result.found, 40, "all are counted");
	IS_INT(result.count, COMPARE_MAX, "some are told");
	compare_add_fields(&names, &result);
	IS_STR(names.data,
	    "lineitems[0].quantity, lineitems[1], lineitems[2], lineitems[3],"
	    " lineitems[4] and 35 more",
	    "in a message fewer, and no content");
	buf_free(&ours);
	buf_free(&names);
}

int
main(void)
{
	table();
	bounded();
	arena_free(&arena);
	json_doc_free(&a);
	json_doc_free(&b);
	DONE();
}

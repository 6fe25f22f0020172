/* Null for what a record said once and says no longer. */
#include "ometria/said.h"

#include "tap.h"

/* The payloads of one record, as they leave; want is the last one. */
static const struct {
	enum desired_kind kind;
	const char *payloads[4];
	const char *want, *what;
} cases[] = {
	{ DESIRED_ORDER, { "{'id':'W1','customer':{'email':'a@x.test'}}" },
	    "{'id':'W1','customer':{'email':'a@x.test'}}",
	    "what was never said is left out" },
	{ DESIRED_ORDER,
	    { "{'id':'W1','customer':{'id':'7','email':'a@x.test'}}",
		"{'id':'W1','customer':{'email':'a@x.test'}}" },
	    "{'id':'W1','customer':{'email':'a@x.test','id':null}}",
	    "the customer's number" },
	{ DESIRED_ORDER,
	    { "{'id':'W1','customer':{'id':'7','email':'a@x.test'}}",
		"{'id':'W1','status':'shipped'}" },
	    "{'id':'W1','status':'shipped','customer':{'id':null,'email':null}"
	    "}",
	    "the customer as a whole" },
	{ DESIRED_ORDER,
	    { "{'id':'W1','coupon_code':'A','customer':{'id':'7'}}",
		"{'id':'W1','customer':{'email':'a@x.test'}}" },
	    "{'id':'W1','customer':{'email':'a@x.test','id':null},"
	    "'coupon_code':null}",
	    "of both" },
	{ DESIRED_ORDER,
	    { "{'id':'W1','coupon_code':'A'}", "{'id':'W1'}",
		"{'id':'W1','status':'shipped'}" },
	    "{'id':'W1','status':'shipped','coupon_code':null}",
	    "a revision later, too" },
	{ DESIRED_ORDER,
	    { "{'id':'W1','coupon_code':'A'}", "{'id':'W1'}",
		"{'id':'W1','coupon_code':'B'}" },
	    "{'id':'W1','coupon_code':'B'}", "it is said again" },
	{ DESIRED_CONTACT,
	    { "{'id':'7','email':'a@x.test','phone_number':'+44'}",
		"{'id':'7'}" },
	    "{'id':'7','phone_number':null}",
	    "a telephone number, but no address" },
	{ DESIRED_CONTACT,
	    { "{'id':'7','phone_number':'+44'}",
		"{'id':'7','marketing_optin':'EXPLICITLY_OPTEDOUT',"
		"'@force_optin':true}" },
	    "{'id':'7','marketing_optin':'EXPLICITLY_OPTEDOUT',"
	    "'@force_optin':true}",
	    "an opt-out stays as it is" },
	{ DESIRED_CONTACT,
	    { "{'id':'7','phone_number':'+44'}", "{'id':'7','@merge':true}" },
	    "{'id':'7','@merge':true}", "so does a part of a record" },
	{ DESIRED_PRODUCT, { "{'id':'A','title':'T'}", "{'id':'A'}" },
	    "{'id':'A'}", "and a product" },
};

static void
quote(struct buf *to, const char *text)
{
	buf_add_text(to, text);
	for (size_t i = 0; i < to->len; i++)
		if (to->data[i] == '\'')
			to->data[i] = '"';
}

int
main(void)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct buf payload = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t said = 0;

		for (size_t j = 0; j < 4 && cases[i].payloads[j] != NULL; j++) {
			buf_clear(&payload);
			quote(&payload, cases[i].payloads[j]);
			said = said_complete(&payload, 0, cases[i].kind, said,
			    &doc);
		}
		buf_clear(&want);
		quote(&want, cases[i].want);
		IS_STR(payload.data, want.data, cases[i].what);
	}
	buf_free(&payload);
	buf_free(&want);
	json_doc_free(&doc);
	DONE();
}

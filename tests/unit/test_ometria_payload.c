#include "ometria/payload.h"

#include "tap.h"

static struct buf out;
static bool shop_owns_email;
static struct payload_fault fault;

static enum payload_verdict
make(enum desired_kind kind, const char *body, enum payload_person person,
    const char *email)
{
	struct payload_facts facts = { .collection = STR("sap"),
		.email = str_of(email),
		.person = person,
		.shop_email = shop_owns_email };
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	enum payload_verdict verdict;

	buf_clear(&out);
	verdict = payload_make(&out, kind, str_of(body), &facts, &doc, &arena,
	    &fault);
	json_doc_free(&doc);
	arena_free(&arena);
	return verdict;
}

static void
is_made(enum desired_kind kind, const char *body, enum payload_person person,
    const char *email, const char *want, const char *what)
{
	IS_INT(make(kind, body, person, email), PAYLOAD_READY, what);
	IS_STR(out.data, want, what);
}

static void
is_faulty(enum desired_kind kind, const char *body, const char *field,
    const char *what)
{
	IS_INT(make(kind, body, PERSON_KEPT, NULL), PAYLOAD_FAULTY, what);
	IS_STR(fault.field, field, what);
	IS_INT(out.len, 0, "nothing is left of it");
}

static void
contacts(void)
{
	is_made(DESIRED_CONTACT,
	    "{\"customer_id\":\"104711\",\"email\":\"j@example.com\","
	    "\"phone\":\"+447700900123\",\"prefix\":\"Ms\","
	    "\"first_name\":\"Jane\",\"last_name\":\"Doe\",\"country\":\"GB\","
	    "\"language\":\"EN\",\"store_ids\":[\"example.com/uk\"],"
	    "\"properties\":{\"group\":\"01\"}}",
	    PERSON_KEPT, NULL,
	    "{\"@type\":\"contact\",\"@collection\":\"sap\",\"id\":\"104711\","
	    "\"customer_id\":\"104711\",\"email\":\"j@example.com\","
	    "\"phone_number\":\"+447700900123\",\"prefix\":\"Ms\","
	    "\"firstname\":\"Jane\",\"lastname\":\"Doe\",\"country_id\":\"GB\","
	    "\"store_ids\":[\"example.com/uk\"],"
	    "\"properties\":{\"group\":\"01\"}}",
	    "a contact by Ometria's names, no word on consent");
	is_made(DESIRED_CONTACT,
	    "{\"customer_id\":\"7\",\"opt_out\":true,\"force\":true,"
	    "\"unsubscribed_at\":\"2026-03-29T01:30:00Z\"}",
	    PERSON_OPTED_OUT, NULL,
	    "{\"@type\":\"contact\",\"@collection\":\"sap\",\"id\":\"7\","
	    "\"customer_id\":\"7\",\"marketing_optin\":\"EXPLICITLY_OPTEDOUT\","
	    "\"@force_optin\":true,"
	    "\"timestamp_unsubscribed\":\"2026-03-29T01:30:00Z\"}",
	    "a forced opt-out");
	is_faulty(DESIRED_CONTACT,
	    "{\"customer_id\":\"7\",\"country\":\"GBR\"}", "country_id",
	    "a country of three letters");
	is_faulty(DESIRED_CONTACT,
	    "{\"customer_id\":\"7\",\"last_name\":\""
	    "12345678901234567890123456789012345678901234567890123456789012345"
	    "\"}",
	    "lastname", "a name of 65 characters");
	IS_INT(make(DESIRED_CONTACT,
		   "{\"customer_id\":\"7\",\"last_name\":\""
		   "1234567890123456789012345678901234567890123456789012345678"
		   "901\xC3\xA4\xC3\xB6\xC3\xBC\"}",
		   PERSON_KEPT, NULL),
	    PAYLOAD_READY, "64 characters fit although they are 67 bytes");
}

#define ORDER                                                                  \
	"{\"order_id\":\"W1\",\"placed_at\":\"2026-05-01T11:22:33Z\","         \
	"\"status\":\"confirmed\",\"valid\":true,\"currency\":\"GBP\","        \
	"\"discount\":\"-5.00\",\"grand_total\":\"64.80\","
#define ORDER_OUT                                                              \
	"{\"@type\":\"order\",\"id\":\"W1\","                                  \
	"\"timestamp\":\"2026-05-01T11:22:33Z\",\"status\":\"confirmed\","     \
	"\"is_valid\":true,\"currency\":\"GBP\",\"discount\":-5.00,"           \
	"\"grand_total\":64.80"

static void
orders(void)
{
	static const char known[] =
	    ORDER "\"customer\":{\"id\":\"7\",\"email\":\"shop@example.com\","
		  "\"first_name\":\"J\",\"last_name\":\"D\"}}";
	static const char guest[] = ORDER
	    "\"customer\":{\"email\":\"g@example.com\",\"first_name\":\"G\"}}";

	is_made(DESIRED_ORDER, known, PERSON_KEPT, "master@example.com",
	    ORDER_OUT ",\"customer\":{\"id\":\"7\","
		      "\"email\":\"master@example.com\"}}",
	    "a known customer: id and the master's e-mail, no names");
	is_made(DESIRED_ORDER, known, PERSON_KEPT, NULL,
	    ORDER_OUT ",\"customer\":{\"id\":\"7\","
		      "\"email\":\"shop@example.com\"}}",
	    "the shop's e-mail while the master has none");
	shop_owns_email = true;
	is_made(DESIRED_ORDER, known, PERSON_KEPT, "master@example.com",
	    ORDER_OUT ",\"customer\":{\"id\":\"7\","
		      "\"email\":\"shop@example.com\"}}",
	    "the shop's e-mail where the shop owns it");
	is_made(DESIRED_ORDER, ORDER "\"customer\":{\"id\":\"7\"}}",
	    PERSON_KEPT, "master@example.com",
	    ORDER_OUT ",\"customer\":{\"id\":\"7\","
		      "\"email\":\"master@example.com\"}}",
	    "the master's where the shop said none");
	is_made(DESIRED_ORDER, known, PERSON_OPTED_OUT, "master@example.com",
	    ORDER_OUT ",\"customer\":{\"id\":\"7\"}}",
	    "an opted-out customer has none, whoever owns it");
	shop_owns_email = false;
	is_made(DESIRED_ORDER, known, PERSON_OPTED_OUT, "master@example.com",
	    ORDER_OUT ",\"customer\":{\"id\":\"7\"}}",
	    "an opted-out customer: the id alone");
	is_made(DESIRED_ORDER, known, PERSON_ERASED, NULL, ORDER_OUT "}",
	    "an erased customer: none");
	is_made(DESIRED_ORDER,
	    ORDER "\"shipping_address\":{\"city\":\"Leeds\","
		  "\"postcode\":\"LS1 1AA\"}}",
	    PERSON_ERASED, NULL, ORDER_OUT "}", "and no address");
	is_made(DESIRED_ORDER,
	    ORDER "\"customer\":{\"email\":\" g@example.com \"}}", PERSON_KEPT,
	    NULL, ORDER_OUT ",\"customer\":{\"email\":\"g@example.com\"}}",
	    "an address without the blanks around it");
	is_made(DESIRED_ORDER, guest, PERSON_KEPT, NULL,
	    ORDER_OUT ",\"customer\":{\"email\":\"g@example.com\","
		      "\"firstname\":\"G\"}}",
	    "a guest carries e-mail and names");
	is_made(DESIRED_ORDER, ORDER "\"customer\":{}}", PERSON_KEPT, NULL,
	    ORDER_OUT "}", "nobody known: no customer");
	is_made(DESIRED_ORDER,
	    ORDER "\"shipping_address\":{\"city\":\"Leeds\",\"region\":\"WY\","
		  "\"postcode\":\"LS1\",\"country\":\"GB\"},\"lines\":[{"
		  "\"line\":\"10\",\"sku\":\"1000\",\"title\":\"Shirt\","
		  "\"quantity\":\"2.000\",\"unit_price\":\"20.00\","
		  "\"total\":\"9007199254740.993\","
		  "\"quantity_refunded\":\"1\",\"refunded\":\"20.00\"},"
		  "{\"line\":\"20\",\"quantity\":\"1\"}]}",
	    PERSON_KEPT, NULL,
	    ORDER_OUT ",\"shipping_address\":{\"city\":\"Leeds\","
		      "\"state\":\"WY\",\"postcode\":\"LS1\","
		      "\"country_code\":\"GB\"},\"lineitems\":["
		      "{\"product_id\":\"1000\",\"sku\":\"1000\","
		      "\"quantity\":2,\"unit_price\":20.00,"
		      "\"total\":9007199254740.993,\"quantity_refunded\":1,"
		      "\"refunded\":20.00}]}",
	    "addresses, lines with a product; money to the last digit");
	is_faulty(DESIRED_ORDER,
	    ORDER "\"lines\":[{\"sku\":\"1\",\"quantity\":\"1\"},"
		  "{\"sku\":\"2\",\"quantity\":\"1.5\"}]}",
	    "lineitems[1].quantity", "half a piece cannot be told");
	is_faulty(DESIRED_ORDER, ORDER "\"tax\":\"1,50\"}", "tax",
	    "money with a comma");
	is_faulty(DESIRED_ORDER,
	    "{\"order_id\":\"1234567890123456789012345678901234567\","
	    "\"valid\":true}",
	    "id", "an order id of 37 characters");
	is_faulty(DESIRED_ORDER, "{\"order_id\":\"W1\"}", "is_valid",
	    "is_valid is never left to Ometria");
	is_faulty(DESIRED_ORDER,
	    ORDER "\"shipping_method\":\"123456789012345678901234567890123\"}",
	    "shipping_method", "a shipping method of 33 characters");
}

static void
products_and_events(void)
{
	static const char event[] =
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\","
	    "\"email\":\"shop@example.com\",\"order_id\":\"W1\","
	    "\"carrier\":\"DHL\",\"delivery_count\":3,"
	    "\"tracking_numbers\":\"T1,T2\"}";

	is_made(DESIRED_PRODUCT,
	    "{\"sku\":\"4711\",\"in_stock\":false,\"merge\":true}", PERSON_KEPT,
	    NULL,
	    "{\"@type\":\"product\",\"id\":\"4711\",\"is_in_stock\":false,"
	    "\"@merge\":true}",
	    "a flip of availability");
	is_made(DESIRED_EVENT, event, PERSON_KEPT, "master@example.com",
	    "{\"@type\":\"custom_event\",\"id\":\"shipped-W1\","
	    "\"event_type\":\"order_shipped\","
	    "\"timestamp\":\"2026-05-02T14:05:00Z\","
	    "\"identity_account_id\":\"7\","
	    "\"identity_email\":\"master@example.com\","
	    "\"properties\":{\"order_id\":\"W1\",\"carrier\":\"DHL\","
	    "\"delivery_count\":3,\"tracking_numbers\":\"T1,T2\"}}",
	    "a fulfilment event");
	IS_INT(make(DESIRED_EVENT, event, PERSON_ERASED, NULL),
	    PAYLOAD_SUPPRESSED, "no event of an erased person");
	is_made(DESIRED_EVENT,
	    "{\"event\":\"e\",\"event_id\":\"1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\"}",
	    PERSON_OPTED_OUT, "master@example.com",
	    "{\"@type\":\"custom_event\",\"id\":\"1\",\"event_type\":\"e\","
	    "\"timestamp\":\"2026-05-02T14:05:00Z\","
	    "\"identity_account_id\":\"7\",\"properties\":{}}",
	    "an event of an opted-out person: the id alone");
	is_faulty(DESIRED_EVENT,
	    "{\"event\":\"e\",\"event_id\":\"1\","
	    "\"at\":\"2026-05-02T14:05:00Z\"}",
	    "identity_email", "an event of nobody");
}

static void
sizes(void)
{
	struct buf body = BUF_INIT;

	buf_add_text(&body, "{\"order_id\":\"W1\",\"valid\":true,\"lines\":[");
	for (int i = 0; i < 4000; i++)
		buf_add_format(&body, "%s{\"sku\":\"1\",\"quantity\":\"%d\"}",
		    i > 0 ? "," : "", 10000 + i);
	buf_add_text(&body, "]}");
	is_faulty(DESIRED_ORDER, body.data, "record", "more than 60,000 bytes");
	buf_clear(&body);
	buf_add_text(&body, "{\"customer_id\":\"7\",\"properties\":{\"a\":\"");
	for (int i = 0; i < 995; i++)
		buf_add_char(&body, 'x');
	buf_add_text(&body, "\"}}");
	is_faulty(DESIRED_CONTACT, body.data, "properties",
	    "1,003 characters of properties");
	buf_free(&body);
}

int
main(void)
{
	contacts();
	orders();
	products_and_events();
	sizes();
	buf_free(&out);
	DONE();
}

/*
 * Every limit of the Data API reference: a value as long as it may be leaves,
 * one that is longer by one does not, and the field is named.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "ometria/payload.h"
#include "ometria/payload_fields.h"

#include "tap.h"

#define CONTACT "{\"customer_id\":\"7\","
#define ORDER "{\"order_id\":\"W1\",\"valid\":true,"
#define LINE ORDER "\"lines\":[{\"sku\":\"1\",\"quantity\":\"1\","
#define GUEST ORDER "\"customer\":{"
#define PRODUCT "{\"sku\":\"1\","
#define LISTING PRODUCT "\"listings\":[{\"price\":\"1.00\","
#define EVENT                                                                  \
	"{\"event\":\"e\",\"event_id\":\"1\",\"at\":\"2026-05-02T14:05:00Z\"," \
	"\"customer_id\":\"7\","

/* What stands around the value, the field as Ometria calls it, its limit in
 * characters. */
static const struct {
	enum desired_kind kind;
	const char *before, *after, *field;
	size_t limit;
} rows[] = {
	{ DESIRED_CONTACT, "{\"customer_id\":\"", "\"}", "id", 255 },
	{ DESIRED_CONTACT, CONTACT "\"email\":\"", "\"}", "email", 255 },
	{ DESIRED_CONTACT, CONTACT "\"first_name\":\"", "\"}", "firstname",
	    64 },
	{ DESIRED_CONTACT, CONTACT "\"last_name\":\"", "\"}", "lastname", 64 },
	{ DESIRED_CONTACT, CONTACT "\"country\":\"", "\"}", "country_id", 2 },
	{ DESIRED_ORDER, "{\"valid\":true,\"order_id\":\"", "\"}", "id", 36 },
	{ DESIRED_ORDER, ORDER "\"currency\":\"", "\"}", "currency", 3 },
	{ DESIRED_ORDER, ORDER "\"payment_method\":\"", "\"}", "payment_method",
	    32 },
	{ DESIRED_ORDER, ORDER "\"shipping_method\":\"", "\"}",
	    "shipping_method", 32 },
	{ DESIRED_ORDER, ORDER "\"shipping_address\":{\"country\":\"", "\"}}",
	    "shipping_address.country_code", 2 },
	{ DESIRED_ORDER, ORDER "\"billing_address\":{\"country\":\"", "\"}}",
	    "billing_address.country_code", 2 },
	{ DESIRED_ORDER, GUEST "\"id\":\"", "\"}}", "customer.id", 255 },
	{ DESIRED_ORDER, GUEST "\"id\":\"7\",\"email\":\"", "\"}}",
	    "customer.email", 255 },
	{ DESIRED_ORDER, GUEST "\"email\":\"", "\"}}", "customer.email", 255 },
	{ DESIRED_ORDER, GUEST "\"first_name\":\"", "\"}}",
	    "customer.firstname", 64 },
	{ DESIRED_ORDER, GUEST "\"last_name\":\"", "\"}}", "customer.lastname",
	    64 },
	{ DESIRED_ORDER, ORDER "\"totals\":{\"local\":{\"currency\":\"",
	    "\"}}}", "totals.local.currency", 3 },
	{ DESIRED_ORDER, ORDER "\"lines\":[{\"quantity\":\"1\",\"sku\":\"",
	    "\"}]}", "lineitems[0].product_id", 255 },
	{ DESIRED_ORDER, LINE "\"totals\":{\"local\":{\"currency\":\"",
	    "\"}}}]}", "lineitems[0].totals.local.currency", 3 },
	{ DESIRED_PRODUCT, "{\"sku\":\"", "\"}", "id", 255 },
	{ DESIRED_PRODUCT, PRODUCT "\"currency\":\"", "\"}", "currency", 3 },
	{ DESIRED_PRODUCT, PRODUCT "\"parent\":\"", "\"}", "parent_id", 255 },
	{ DESIRED_PRODUCT, PRODUCT "\"url\":\"", "\"}", "url", 1024 },
	{ DESIRED_PRODUCT, PRODUCT "\"image_url\":\"", "\"}", "image_url",
	    1024 },
	{ DESIRED_PRODUCT, LISTING "\"store\":\"", "\"}]}", "listings[0].store",
	    32 },
	{ DESIRED_PRODUCT, LISTING "\"store\":\"s\",\"currency\":\"", "\"}]}",
	    "listings[0].currency", 3 },
	{ DESIRED_PRODUCT, PRODUCT "\"properties\":{\"ean\":\"", "\"}}",
	    "properties.ean", 512 },
	{ DESIRED_EVENT,
	    "{\"event\":\"e\",\"at\":\"2026-05-02T14:05:00Z\","
	    "\"customer_id\":\"7\",\"event_id\":\"",
	    "\"}", "id", 32 },
	{ DESIRED_EVENT,
	    "{\"event_id\":\"1\",\"at\":\"2026-05-02T14:05:00Z\","
	    "\"customer_id\":\"7\",\"event\":\"",
	    "\"}", "event_type", 31 },
	{ DESIRED_EVENT,
	    "{\"event\":\"e\",\"event_id\":\"1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"",
	    "\"}", "identity_account_id", 255 },
	{ DESIRED_EVENT, EVENT "\"email\":\"", "\"}", "identity_email", 255 },
	{ DESIRED_EVENT, EVENT "\"order_id\":\"", "\"}", "properties.order_id",
	    512 },
	{ DESIRED_EVENT, EVENT "\"tracking_number\":\"", "\"}",
	    "properties.tracking_number", 512 },
	{ DESIRED_EVENT, EVENT "\"tracking_url\":\"", "\"}",
	    "properties.tracking_url", 512 },
	{ DESIRED_EVENT, EVENT "\"tracking_numbers\":\"", "\"}",
	    "properties.tracking_numbers", 512 },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct buf out;
static struct payload_fault fault;

static enum payload_verdict
make(enum desired_kind kind, struct str body)
{
	struct payload_facts facts = { .collection = STR("sap") };
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	enum payload_verdict verdict;

	buf_clear(&out);
	verdict = payload_make(&out, kind, body, &facts, &doc, &arena, &fault);
	json_doc_free(&doc);
	arena_free(&arena);
	return verdict;
}

/* A value of so many characters, of two bytes each. */
static enum payload_verdict
make_long(enum desired_kind kind, const char *before, const char *after,
    size_t characters)
{
	struct buf body = BUF_INIT;
	enum payload_verdict verdict;

	buf_add_text(&body, before);
	for (size_t i = 0; i < characters; i++)
		buf_add_text(&body, "\xC3\xBC");
	buf_add_text(&body, after);
	verdict = make(kind, buf_str(&body));
	buf_free(&body);
	return verdict;
}

static void
fields(void)
{
	char what[120];

	for (size_t i = 0; i < ROWS; i++) {
		snprintf(what, sizeof(what), "%s: %s of %zu characters",
		    desired_kind_name(rows[i].kind), rows[i].field,
		    rows[i].limit);
		IS_INT(make_long(rows[i].kind, rows[i].before, rows[i].after,
			   rows[i].limit),
		    PAYLOAD_READY, what);
		IS_INT(make_long(rows[i].kind, rows[i].before, rows[i].after,
			   rows[i].limit + 1),
		    PAYLOAD_FAULTY, "one more is too many");
		IS_STR(fault.field, rows[i].field, "the field is named");
	}
}

/* Whether a row above tries this field. */
static int
is_tried(enum desired_kind kind, const char *name, size_t limit)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < ROWS; i++) {
		size_t have = strlen(rows[i].field);

		if (rows[i].kind == kind && rows[i].limit == limit &&
		    have >= len &&
		    strcmp(rows[i].field + have - len, name) == 0)
			return 1;
	}
	return 0;
}

/* Two fields of one source: the first is the one that faults. */
static int
is_second(const struct field *field)
{
	return field->kind == TEXT && (strcmp(field->to, "customer_id") == 0 ||
					  strcmp(field->to, "sku") == 0);
}

/* A limit that comes to a table comes here as well. */
static void
check_table(enum desired_kind kind, const struct field *table)
{
	char what[120];

	for (; table->from != NULL; table++) {
		if (table->inner != NULL)
			check_table(kind, table->inner);
		if (table->limit == 0 || table->excess == CUT ||
		    table->kind == RAW || table->kind == GROUP ||
		    table->kind == CUSTOMER || is_second(table))
			continue;
		snprintf(what, sizeof(what), "%s: the limit of %s is tried",
		    desired_kind_name(kind), table->to);
		OK(is_tried(kind, table->to, table->limit), what);
	}
}

static void
is_whole(void)
{
	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++)
		check_table((enum desired_kind)kind, payload_fields[kind]);
}

/* Of all properties together, names and quotes included: what stands around
 * the value, and how much of that is the object's. */
static void
properties(void)
{
	char filled[700];
	const struct {
		enum desired_kind kind;
		const char *before, *after;
		size_t around;
	} all[] = {
		{ DESIRED_CONTACT, CONTACT "\"properties\":{\"a\":\"", "\"}}",
		    strlen("{\"a\":\"\"}") },
		{ DESIRED_ORDER, ORDER "\"properties\":{\"a\":\"", "\"}}",
		    strlen("{\"a\":\"\"}") },
		{ DESIRED_EVENT, filled, "\"}",
		    500 + strlen("{\"tracking_number\":\"\","
				 "\"tracking_url\":\"\"}") },
	};

	snprintf(filled, sizeof(filled),
	    EVENT "\"tracking_number\":\"%0500d\",\"tracking_url\":\"", 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		IS_INT(make_long(all[i].kind, all[i].before, all[i].after,
			   999 - all[i].around),
		    PAYLOAD_READY, "properties of 999 characters");
		IS_INT(make_long(all[i].kind, all[i].before, all[i].after,
			   1000 - all[i].around),
		    PAYLOAD_FAULTY, "of 1,000");
		IS_STR(fault.field, "properties", "are named");
	}
}

/* A record of exactly so many bytes, by a text that has no limit of its own. */
static enum payload_verdict
make_bytes(size_t size)
{
	struct buf body = BUF_INIT;
	size_t around;
	enum payload_verdict verdict;

	make(DESIRED_ORDER, STR(ORDER "\"coupon\":\"x\"}"));
	around = out.len - 1;
	buf_add_text(&body, ORDER "\"coupon\":\"");
	for (size_t i = around; i < size; i++)
		buf_add_char(&body, 'x');
	buf_add_text(&body, "\"}");
	verdict = make(DESIRED_ORDER, buf_str(&body));
	buf_free(&body);
	return verdict;
}

static void
bytes(void)
{
	IS_INT(make_bytes(OMETRIA_RECORD), PAYLOAD_READY, "60,000 bytes");
	IS_INT(out.len, 60000, "to the last one");
	IS_INT(make_bytes(OMETRIA_RECORD + 1), PAYLOAD_FAULTY, "60,001 bytes");
	IS_STR(fault.field, "record", "it is the record");
	IS_STR(fault.message, "record has 60001 bytes, Ometria takes 60000",
	    "and how much too long");
	IS_INT(OMETRIA_BATCH, 100, "records in a request");
}

int
main(void)
{
	fields();
	is_whole();
	properties();
	bytes();
	buf_free(&out);
	DONE();
}

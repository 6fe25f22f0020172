#include "fold/product_price.h"

#include "config_text.h"
#include "fold/product_said.h"
#include "tap.h"

/* Whole products: which price counts, what is said where, what holds one back.
 */

static struct json_doc doc;
static struct arena arena;

#define STORES                                                                 \
	"[sales-area \"1000/10\"]\nstore = uk\n"                               \
	"[sales-area \"1000/20\"]\nstore = uk\n"                               \
	"[sales-area \"2000/10\"]\nstore = de\nlanguage = DE\n"

/* A price in words: whose, place, condition, table, from, to, unit, amount,
 * age; an amount of 0 is a deleted one. */
struct offer {
	enum product_relation of;
	const char *item, *place, *condition, *table, *from, *to, *unit;
	int64_t pence;
	const char *seq;
};

#define OFFERS 4

static const struct {
	const char *title, *config, *place, *unit;
	struct offer offers[OFFERS];
	int64_t pence; /* 0: none */
} prices[] = {
	{ "none", "", "", "", { { 0 } }, 0 },
	{ "of the shop", "", "", "",
	    { { 0, "A", "", "", "", "", "", "", 900, "1" } }, 900 },
	{ "at another place", "", "1000/10", "",
	    { { 0, "A", "1000/20", "PR00", "304", "", "", "", 900, "1" } }, 0 },
	{ "on its first day", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "2026-03-05", "", "", 900,
		"1" } },
	    900 },
	{ "a day before", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "2026-03-06", "", "", 900,
		"1" } },
	    0 },
	{ "on its last day", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "", "2026-03-05", "", 900,
		  "1" },
		{ 0, "A", "1000/10", "PR00", "304", "2026-01-01", "2026-03-04",
		    "", 800, "2" } },
	    900 },
	{ "the last one when all have ended", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "2025-01-01", "2025-12-31",
		  "", 900, "9" },
		{ 0, "A", "1000/10", "PR00", "304", "2026-01-01", "2026-01-31",
		    "", 800, "1" } },
	    800 },
	{ "the newest of those that hold", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "2026-01-01", "", "", 900,
		  "2" },
		{ 0, "A", "1000/10", "PR00", "304", "2026-02-01", "", "", 800,
		    "1" } },
	    900 },
	{ "the better condition", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "", "", "", 900, "2" },
		{ 0, "A", "1000/10", "VKP0", "073", "", "", "", 1100, "1" } },
	    1100 },
	{ "as the list has it", "[product]\nprice-conditions = PR00, VKP0\n",
	    "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "304", "", "", "", 900, "1" },
		{ 0, "A", "1000/10", "VKP0", "073", "", "", "", 1100, "2" } },
	    900 },
	{ "SAP's before the shop's", "", "", "",
	    { { 0, "A", "", "", "", "", "", "", 900, "9" },
		{ 0, "A", "", "PR00", "304", "", "", "", 800, "1" } },
	    800 },
	{ "no condition of the list", "", "1000/10", "",
	    { { 0, "A", "1000/10", "K007", "304", "", "", "", 900, "1" } }, 0 },
	{ "no table of the list", "", "1000/10", "",
	    { { 0, "A", "1000/10", "PR00", "005", "", "", "", 900, "1" } }, 0 },
	{ "for another unit", "", "1000/10", "PCE",
	    { { 0, "A", "1000/10", "PR00", "304", "", "", "CAR", 900, "1" } },
	    0 },
	{ "for its unit", "", "1000/10", "PCE",
	    { { 0, "A", "1000/10", "PR00", "304", "", "", "PCE", 900, "1" } },
	    900 },
	{ "deleted", "", "", "",
	    { { 0, "A", "", "PR00", "304", "", "", "", 0, "2" } }, 0 },
	{ "its own before its parent's", "", "", "",
	    { { PRODUCT_OWN, "A", "", "", "", "", "", "", 900, "1" },
		{ PRODUCT_PARENT, "G", "", "", "", "", "", "", 800, "2" } },
	    900 },
	{ "its parent's", "", "", "",
	    { { PRODUCT_PARENT, "G", "", "", "", "", "", "", 800, "2" } },
	    800 },
	{ "the lowest of its variants", "", "", "",
	    { { PRODUCT_VARIANT, "V1", "", "", "", "", "", "", 900, "9" },
		{ PRODUCT_VARIANT, "V2", "", "", "", "", "", "", 700, "1" },
		{ PRODUCT_VARIANT, "V3", "", "", "", "", "", "", 800, "5" } },
	    700 },
};

static size_t
offered(const struct offer *offers, struct product_price *to)
{
	size_t count = 0;

	for (; count < OFFERS && offers[count].item != NULL; count++) {
		const struct offer *o = &offers[count];

		to[count] = (struct product_price){
			.of = o->of,
			.item = str_of(o->item),
			.place = str_of(o->place),
			.condition = str_of(o->condition),
			.table = str_of(o->table),
			.from = str_of(o->from),
			.to = str_of(o->to),
			.unit = str_of(o->unit),
			.currency = STR("GBP"),
			.price = { o->pence, 2 },
			.seq = str_of(o->seq),
			.deleted = o->pence == 0,
		};
	}
	return count;
}

static void
test_prices(void)
{
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		struct config *config = config_from(prices[i].config);
		struct product_price list[OFFERS];
		struct product_state product = {
			.unit = str_of(prices[i].unit),
		};
		struct product_whole whole = {
			.config = config,
			.today = STR("2026-03-05"),
			.product = &product,
			.prices = list,
			.price_count = offered(prices[i].offers, list),
			.doc = &doc,
			.arena = &arena,
		};
		const struct product_price *price =
		    product_price_at(&whole, str_of(prices[i].place));

		IS_INT(price != NULL ? price->price.units : 0, prices[i].pence,
		    prices[i].title);
		config_free(config);
	}
}

#define PARTS 7

static const struct offer shop_price[OFFERS] = { { PRODUCT_OWN, "A", "", "", "",
    "", "", "", 900, "1" } };

static const struct {
	const char *title, *config;
	struct {
		const char *name, *value;
		bool shop;
	} parts[PARTS];
	bool price;
	const char *parent;
	bool inactive;
	enum product_lack lack;
	const char *body;
	const char *before; /* what was desired so far; NULL: nothing */
} bodies[] = {
	{ "nobody speaks of it", "", { { NULL, NULL, false } }, false, "",
	    false, PRODUCT_UNKNOWN, NULL, NULL },
	{ "nothing but a price came", "", { { NULL, NULL, false } }, true, "",
	    false, PRODUCT_NO_TITLE, NULL, NULL },
	{ "what is gone is null", "", { { "title EN", "\"Hat\"", false } },
	    true, "", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":false,\"parent\":null,\"url\":null,"
	    "\"properties\":{\"ean\":null},\"listings\":[]}",
	    "{\"parent\":\"G\",\"url\":\"https://u\","
	    "\"properties\":{\"ean\":\"1\"}}" },
	{ "and stays it; a variant has no listings any more", "",
	    { { "title EN", "\"Hat\"", false }, { "ean", "\"2\"", false } },
	    true, "G", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":true,\"parent\":\"G\","
	    "\"image_url\":null,\"properties\":{\"ean\":\"2\"},\"listings\":[]}",
	    "{\"parent\":null,\"image_url\":null,\"properties\":{\"ean\":null},"
	    "\"listings\":[]}" },
	{ "no title", "", { { "ean", "\"1\"", false } }, true, "", false,
	    PRODUCT_NO_TITLE, NULL, NULL },
	{ "no price", "", { { "title EN", "\"Hat\"", false } }, false, "",
	    false, PRODUCT_NO_PRICE, NULL, NULL },
	{ "the least that there is", "", { { "title EN", "\"Hat\"", false } },
	    true, "", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":false,\"listings\":[]}",
	    NULL },
	{ "a variant has a parent and no listing", STORES,
	    { { "area 1000/10", "{\"deleted\":false}", false },
		{ "title EN", "\"Hat\"", false } },
	    true, "G", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":true,\"parent\":\"G\"}",
	    NULL },
	{ "all of it", STORES "[product]\nlanguage = FR, EN\n",
	    { { "area 2000/10", "{\"deleted\":true}", false },
		{ "attribute brand", "\"Acme\"", false },
		{ "ean", "\"5012345678962\"", false },
		{ "image_url", "\"https://i\"", true },
		{ "title DE", "\"Hut\"", false },
		{ "title EN", "\"Hat\"", false },
		{ "url", "\"https://u\"", true } },
	    true, "", true, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":false,\"merge\":true,"
	    "\"attributes\":[{\"type\":\"brand\",\"id\":\"Acme\",\"label\":"
	    "\"Acme\"}],\"title\":\"Hat\",\"price\":\"9.00\",\"currency\":"
	    "\"GBP\",\"variant\":false,\"url\":\"https://u\",\"image_url\":"
	    "\"https://i\",\"properties\":{\"ean\":\"5012345678962\"},"
	    "\"listings\":[{\"store\":\"de\",\"title\":\"Hut\",\"price\":"
	    "\"9.00\",\"currency\":\"GBP\",\"active\":false}]}",
	    NULL },
	{ "SAP's word before the shop's", "",
	    { { "title EN", "\"Hat\"", false },
		{ "title EN", "\"Hats!\"", true } },
	    true, "", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":false,\"listings\":[]}",
	    NULL },
	{ "two sales areas of one store: the active one",
	    STORES "[product]\ninactive-status = Z1\n",
	    { { "area 1000/10", "{\"deleted\":false,\"status\":\"Z1\"}",
		  false },
		{ "area 1000/20", "{\"deleted\":false}", false },
		{ "title EN", "\"Hat\"", false } },
	    true, "", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":false,\"listings\":[{\"store\":"
	    "\"uk\",\"title\":\"Hat\",\"price\":\"9.00\",\"currency\":\"GBP\","
	    "\"active\":true}]}",
	    NULL },
	{ "there are no stores", "",
	    { { "area 9000/10", "{\"deleted\":false}", false },
		{ "title EN", "\"Hat\"", false } },
	    true, "", false, PRODUCT_WHOLE,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":true,\"merge\":true,"
	    "\"attributes\":[],\"title\":\"Hat\",\"price\":\"9.00\","
	    "\"currency\":\"GBP\",\"variant\":false,\"listings\":[]}",
	    NULL },
	{ "in no store of ours", STORES,
	    { { "area 9000/10", "{\"deleted\":false}", false },
		{ "title EN", "\"Hat\"", false } },
	    true, "", false, PRODUCT_NOT_SOLD,
	    "{\"sku\":\"A\",\"in_stock\":true,\"active\":false,\"merge\":true,"
	    "\"attributes\":[]}",
	    NULL },
};

static void
test_bodies(void)
{
	struct buf body = BUF_INIT;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct config *config = config_from(bodies[i].config);
		struct product_price list[OFFERS];
		struct product_part parts[PARTS];
		struct json_doc before = JSON_DOC_INIT;
		struct product_state product = {
			.parent = str_of(bodies[i].parent),
			.inactive = bodies[i].inactive,
		};
		struct product_whole whole = {
			.config = config,
			.today = STR("2026-03-05"),
			.sku = STR("A"),
			.product = &product,
			.in_stock = STOCK_IN,
			.parts = parts,
			.prices = list,
			.doc = &doc,
			.arena = &arena,
		};
		enum product_lack lack;

		if (bodies[i].before != NULL)
			whole.before =
			    json_parse(&before, str_of(bodies[i].before));
		if (bodies[i].price)
			whole.price_count = offered(shop_price, list);
		for (size_t j = 0; j < PARTS && bodies[i].parts[j].name != NULL;
		     j++)
			parts[whole.part_count++] = (struct product_part){
				.name = str_of(bodies[i].parts[j].name),
				.value = str_of(bodies[i].parts[j].value),
				.shop = bodies[i].parts[j].shop,
			};
		lack = product_whole_body(&whole, &body);
		IS_INT(lack, bodies[i].lack, bodies[i].title);
		if (lack != PRODUCT_WHOLE)
			product_part_body(&whole, lack, &body);
		if (bodies[i].body != NULL)
			IS_STR(body.data, bodies[i].body, "what is sent");
		json_doc_free(&before);
		config_free(config);
	}
	buf_free(&body);
}

/* --- records --- */

static bool
note_part(void *user, const struct product_part *part)
{
	buf_add_format(user, "%.*s=%.*s%s\n", STR_ARGS(part->name),
	    STR_ARGS(part->value), part->shop ? " (shop)" : "");
	return true;
}

static bool
note_price(void *user, const struct product_price *price)
{
	buf_add_format(user, "%.*s:%.*s:%.*s:", STR_ARGS(price->place),
	    STR_ARGS(price->condition), STR_ARGS(price->currency));
	decimal_add_to(user, price->price);
	buf_add_text(user, price->deleted ? " deleted\n" : "\n");
	return true;
}

#define SAP                                                                    \
	"\"src\":{\"sys\":\"E\",\"client\":\"100\",\"docnum\":"                \
	"\"0000000000000001\",\"mestyp\":\"MATMAS\",\"n\":1,\"r\":1},"

static const struct {
	const char *title, *keys, *parts, *prices;
} records[] = {
	{ "basic data", SAP "\"deleted\":true", "basic=true\n", "" },
	{ "the whole of it", SAP "\"function\":\"005\",\"deleted\":false",
	    "whole=true\nbasic=true\n", "" },
	{ "it goes", SAP "\"function\":\"003\",\"deleted\":true", "", "" },
	{ "a change", SAP "\"function\":\"004\",\"deleted\":false",
	    "basic=true\n", "" },
	{ "a reduced message",
	    SAP "\"function\":\"009\",\"reduced\":true,\"deleted\":false",
	    "deleted=false\n", "" },
	{ "what it names, and what has no value",
	    SAP "\"reduced\":true,\"ean\":null,\"unit\":\"ST\",\"status\":null,"
		"\"attributes\":{\"category\":null}",
	    "ean=null\nstatus=null\nunit=\"ST\"\nattribute category=null\n",
	    "" },
	{ "the shop says what it says",
	    "\"function\":\"005\",\"deleted\":false,\"unit\":\"BOX\"",
	    "deleted=false (shop)\n", "" },
	{ "languages age apart, and go apart",
	    SAP "\"ean\":\"1\",\"titles\":{\"EN\":null,\"DE\":\"Hut\"}",
	    "ean=\"1\"\ntitle EN=null\ntitle DE=\"Hut\"\n", "" },
	{ "the shop's page", "\"url\":\"https://u\"",
	    "url=\"https://u\" (shop)\n", "" },
	{ "sales areas and attributes",
	    SAP "\"attributes\":{\"category\":\"C\"},\"sales_areas\":"
		"[{\"sales_org\":\"1\",\"channel\":\"2\"},{\"channel\":\"3\"}]",
	    "attribute category=\"C\"\n"
	    "area 1/2={\"sales_org\":\"1\",\"channel\":\"2\"}\n",
	    "" },
	{ "prices",
	    "\"prices\":[{\"price\":\"9.5\",\"currency\":\"GBP\"},"
	    "{\"store\":\"uk\",\"price\":\"8\",\"currency\":\"GBP\"},"
	    "{\"sales_org\":\"1\",\"channel\":\"2\",\"condition\":\"PR00\","
	    "\"price\":\"7\",\"currency\":\"EUR\"}]",
	    "", "::GBP:9.5\nuk::GBP:8\n1/2:PR00:EUR:7\n" },
	{ "what is no price",
	    "\"prices\":[{\"price\":\"9\"},{\"price\":\"9\",\"currency\":\"%\"},"
	    "{\"price\":\"0\",\"currency\":\"GBP\"},{\"currency\":\"GBP\"},"
	    "{\"price\":\"-1\",\"currency\":\"GBP\"}]",
	    "", "" },
	{ "one that is gone", "\"prices\":[{\"deleted\":true}]", "",
	    ":::0 deleted\n" },
	{ "other shapes", "\"prices\":{\"price\":\"1\"},\"titles\":[\"Hat\"]",
	    "", "" },
};

static void
test_records(void)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct record record;
		struct diag diag;
		struct str line = arena_format(&arena,
		    "{\"v\":1,\"type\":\"product\",\"id\":\"A\",%s}",
		    records[i].keys);

		OK(record_parse(&record, &doc, &arena, line, &diag) ==
			STATUS_OK,
		    records[i].title);
		buf_clear(&text);
		product_each_part(&record, product_is_of_shop(&record), &arena,
		    note_part, &text);
		IS_STR(text.len > 0 ? text.data : "", records[i].parts,
		    "its parts");
		buf_clear(&text);
		product_each_price(&record, &arena, note_price, &text);
		IS_STR(text.len > 0 ? text.data : "", records[i].prices,
		    "its prices");
	}
	buf_free(&text);
}

int
main(void)
{
	test_prices();
	test_bodies();
	test_records();
	json_doc_free(&doc);
	arena_free(&arena);
	DONE();
}

#include "fold/product.h"

#include "config_text.h"
#include "tap.h"

/* Product records folded in any order, and what the configuration makes of
 * them. */

static struct json_doc doc;
static struct arena arena;

/* One record: its number is its age. */
struct said {
	const char *number, *parent, *keys;
};

static void
fold(struct product_state *product, const struct said *said)
{
	struct record record;
	struct diag diag;
	struct str line = arena_format(&arena,
	    "{\"v\":1,\"type\":\"product\",\"id\":\"A\",\"seq\":"
	    "\"20260302080000.000000000000000%s\",\"material\":\"A\"%s}",
	    said->number, said->keys);

	if (record_parse(&record, &doc, &arena, line, &diag) == STATUS_OK)
		product_fold(product, &record, str_of(said->parent), false,
		    &arena);
}

static const struct {
	const char *title;
	struct said said[3];
	const char *statuses, *status, *parent;
	bool deleted, inactive, ever;
} rows[] = {
	{ "nothing", { { "1", "", "" }, { "2", "", "" }, { "3", "", "" } }, "",
	    "", "", false, false, false },
	{ "a status of the list that is gone",
	    { { "1", "", ",\"deleted\":false,\"status\":\"Z9\"" },
		{ "2", "", "" },
		{ "3", "", ",\"deleted\":false,\"status\":\"02\"" } },
	    "02,Z9", "02", "", false, false, true },
	{ "one that is there",
	    { { "1", "", ",\"deleted\":false,\"status\":\"02\"" },
		{ "2", "", "" },
		{ "3", "", ",\"deleted\":false,\"status\":\"01\"" } },
	    "01,02", "01", "", false, true, true },
	{ "all of them, each once",
	    { { "1", "", ",\"deleted\":false,\"status\":\"05\"" },
		{ "2", "", ",\"deleted\":false,\"status\":\"03\"" },
		{ "3", "", ",\"deleted\":false,\"status\":\"05\"" } },
	    "03,05", "05", "", false, false, false },
	{ "deleted and back",
	    { { "1", "", "" }, { "2", "", ",\"deleted\":true" },
		{ "3", "", ",\"deleted\":false" } },
	    "", "", "", false, false, true },
	{ "a mention keeps what was described",
	    { { "1", "", ",\"deleted\":true,\"status\":\"02\"" },
		{ "2", "G", "" }, { "3", "H", "" } },
	    "02", "02", "H", true, true, true },
	{ "and a description takes the parent",
	    { { "1", "G", "" }, { "2", "H", ",\"deleted\":false" },
		{ "3", "", ",\"deleted\":false" } },
	    "", "", "", false, false, false },
};

static void
test_folding(void)
{
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };
	struct config *config =
	    config_from("[product]\ninactive-status = 01,Z9\n");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t j = 0; j < sizeof(orders) / sizeof(orders[0]);
		     j++) {
			struct product_state p = { .known = true };

			for (const char *at = orders[j]; *at != '\0'; at++)
				fold(&p, &rows[i].said[*at - '0']);
			product_decide(&p, config, STR_NONE);
			OK(str_is(p.statuses, rows[i].statuses) &&
				str_is(p.status, rows[i].status) &&
				str_is(p.parent, rows[i].parent) &&
				p.deleted == rows[i].deleted &&
				p.inactive == rows[i].inactive &&
				p.ever_inactive == rows[i].ever,
			    rows[i].title);
		}
	config_free(config);
}

static void
test_anew(void)
{
	struct config *old = config_from("[product]\ninactive-status = 01\n");
	struct config *new = config_from("[product]\nmaster = shop\n");
	struct product_state p = { .status = STR("01"), .statuses = STR("01") };

	product_decide(&p, new, STR_NONE);
	OK(!p.inactive && !p.ever_inactive, "a status that means nothing");
	product_decide(&p, old, STR_NONE);
	OK(p.inactive && p.ever_inactive, "it is listed later");
	product_decide(&p, new, STR_NONE);
	OK(!p.inactive && p.ever_inactive, "and no longer: taken back");
	p.said_parent = STR("G");
	product_decide(&p, new, STR_NONE);
	OK(str_is(p.parent, "G"), "SAP's parent");
	product_decide(&p, new, STR("F"));
	OK(str_is(p.parent, "F"), "the file's goes before");
	product_decide(&p, new, STR_NONE);
	OK(str_is(p.parent, "G"), "while it is there");
	config_free(old);
	config_free(new);
}

static const struct {
	const char *title;
	enum stock_answer in_stock;
	struct product_state product;
	bool retired;
	const char *body;
} bodies[] = {
	{ "nothing known, nothing sent", STOCK_UNKNOWN, { .known = true },
	    false, "" },
	{ "availability alone", STOCK_IN, { .known = true }, false,
	    "{\"sku\":\"4\",\"in_stock\":true,\"merge\":true}" },
	{ "a deleted material", STOCK_UNKNOWN,
	    { .inactive = true, .ever_inactive = true }, false,
	    "{\"sku\":\"4\",\"active\":false,\"merge\":true}" },
	{ "one that came back", STOCK_OUT, { .ever_inactive = true }, false,
	    "{\"sku\":\"4\",\"in_stock\":false,\"active\":true,\"merge\":"
	    "true}" },
	{ "one whose SKU was nobody's", STOCK_IN, { .known = true }, true,
	    "{\"sku\":\"4\",\"in_stock\":true,\"active\":true,\"merge\":true"
	    "}" },
};

static void
test_bodies(void)
{
	struct buf body = BUF_INIT;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		product_body(STR("4"), bodies[i].in_stock, &bodies[i].product,
		    bodies[i].retired, &body);
		IS_STR(body.len > 0 ? body.data : "", bodies[i].body,
		    bodies[i].title);
	}
	product_body_retired(STR("4"), &body);
	IS_STR(body.data, "{\"sku\":\"4\",\"active\":false,\"merge\":true}",
	    "a SKU that is nobody's");
	buf_free(&body);
}

int
main(void)
{
	test_folding();
	test_anew();
	test_bodies();
	json_doc_free(&doc);
	arena_free(&arena);
	DONE();
}

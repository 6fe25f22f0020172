/* The rules of orders as tables: given a configuration, when these messages
 * come, in whatever order, then that is the order. */

#include "config_text.h"
#include "order_bench.h"

#define SHOP(seq, rest)                                                        \
	ORDER(seq, "\"stage\":\"provisional\",\"customer\":{\"email\":"        \
		   "\"a@example.com\"}," rest)
#define SAP(seq, stage, rest)                                                  \
	ORDER(seq, "\"stage\":\"" stage                                        \
		   "\",\"sales_document\":\"4711\",\"customer\":{\"id\":"      \
		   "\"12345\"}," rest)
#define LINE(number, rest) "{\"line\":\"" number "\"," rest "}"
#define SHIRT LINE("10", "\"sku\":\"A\",\"quantity\":\"2\",\"subtotal\":\"20\"")
#define SCARF LINE("20", "\"sku\":\"B\",\"quantity\":\"1\",\"subtotal\":\"5\"")
#define BOTH "\"lines\":[" SHIRT "," SCARF "]"

#define BASKET                                                                 \
	SHOP("20260301100000",                                                 \
	    "\"placed_at\":\"2026-03-01T10:00:00Z\",\"coupon\":\"SPRING\","    \
	    "\"payment_method\":\"card\",\"channel\":\"app\","                 \
	    "\"shipping_method\":\"express\",\"lines\":[{\"sku\":\"A\","       \
	    "\"title\":\"Shirt\",\"quantity\":\"2\",\"unit_price\":\"10\"}]")
#define CONFIRMED SAP("20260301100500", "confirmed", BOTH)

struct rule {
	const char *what;
	const char *given;
	const char *when[MESSAGES_MAX];
	const char *then; /* the status */
	bool valid;
	const char *remark; /* the only one, or NULL */
	const char *has[3], *lacks[2]; /* the body */
};

#define DELETE_20                                                              \
	SAP("20260301110000", "changed",                                       \
	    "\"lines\":[{\"line\":\"20\",\"action\":\"delete\"}]")
#define ADD_20                                                                 \
	SAP("20260301120000", "changed",                                       \
	    "\"lines\":[{\"line\":\"20\",\"sku\":\"B\",\"quantity\":\"3\","    \
	    "\"subtotal\":\"15\",\"action\":\"add\"}]")
#define CHANGE_20(seq)                                                         \
	SAP(seq, "changed",                                                    \
	    "\"lines\":[{\"line\":\"20\",\"quantity\":\"4\",\"subtotal\":"     \
	    "\"20\",\"action\":\"change\"}]")
#define REJECT_20(code)                                                        \
	SAP("20260301110000", "changed",                                       \
	    "\"lines\":[{\"line\":\"20\",\"action\":\"change\",\"rejected\":"  \
	    "\"" code "\"}]")
#define ALL_WAIT                                                               \
	SAP("20260301110000", "confirmed",                                     \
	    "\"lines\":[" LINE("10",                                           \
		"\"sku\":\"A\",\"quantity\":\"2\",\"subtotal\":\"20\","        \
		"\"rejected\":\"W1\"") "," LINE("20",                          \
		"\"sku\":\"B\",\"quantity\":\"1\",\"subtotal\":\"5\","         \
		"\"rejected\":\"W1\"") "]")
#define REVERSED SAP("20260301120000", "rejected", "\"status\":\"cancelled\"")
#define AGAIN SAP("20260301130000", "confirmed", BOTH)
#define SHORTER(seq, rest) SAP(seq, "confirmed", rest "\"lines\":[" SHIRT "]")
#define NOT_YET                                                                \
	SAP("20260301110000", "confirmed",                                     \
	    "\"lines\":[" LINE("10",                                           \
		"\"sku\":\"A\",\"quantity\":\"2\",\"confirmed_quantity\":"     \
		"\"0\",\"subtotal\":\"20\"") "," LINE("20",                    \
		"\"sku\":\"B\",\"quantity\":\"1\",\"confirmed_quantity\":"     \
		"\"1\",\"subtotal\":\"5\"") "]")

static const struct rule changes[] = {
	{ "a confirmation", NULL, { CONFIRMED }, "confirmed", true, NULL,
	    { "\"grand_total\":\"25.00\"", "\"line\":\"20\"" }, { NULL } },
	{ "a deleted line is gone", NULL, { CONFIRMED, DELETE_20 }, "confirmed",
	    true, NULL, { "\"grand_total\":\"20.00\"" },
	    { "\"line\":\"20\"" } },
	{ "a later add brings it back", NULL, { CONFIRMED, DELETE_20, ADD_20 },
	    "confirmed", true, NULL,
	    { "\"line\":\"20\",\"sku\":\"B\",\"quantity\":\"3\"",
		"\"grand_total\":\"35.00\"" },
	    { NULL } },
	{ "an earlier change does not", NULL,
	    { CONFIRMED, DELETE_20, CHANGE_20("20260301103000") }, "confirmed",
	    true, NULL, { "\"grand_total\":\"20.00\"" },
	    { "\"line\":\"20\"" } },
	{ "a later change does", NULL,
	    { CONFIRMED, DELETE_20, CHANGE_20("20260301113000") }, "confirmed",
	    true, NULL, { "\"line\":\"20\",\"sku\":\"B\",\"quantity\":\"4\"" },
	    { NULL } },
	{ "a rejected line is gone", NULL, { CONFIRMED, REJECT_20("Z1") },
	    "confirmed", true, NULL, { "\"grand_total\":\"20.00\"" },
	    { "\"line\":\"20\"" } },
	{ "a reason that does not cancel", "[order]\nopen-rejections = W1,W2\n",
	    { CONFIRMED, REJECT_20("W2") }, "confirmed", true, NULL,
	    { "\"grand_total\":\"25.00\"", "\"line\":\"20\"" }, { NULL } },
	{ "another reason beside it", "[order]\nopen-rejections = W1,W2\n",
	    { CONFIRMED, REJECT_20("W") }, "confirmed", true, NULL,
	    { "\"grand_total\":\"20.00\"" }, { "\"line\":\"20\"" } },
	{ "all lines wait for such a reason", "[order]\nopen-rejections = W1\n",
	    { CONFIRMED, ALL_WAIT }, "confirmed", true, NULL,
	    { "\"grand_total\":\"25.00\"" }, { NULL } },
	{ "without it they are rejected", NULL, { CONFIRMED, ALL_WAIT },
	    "cancelled", false, NULL, { "\"grand_total\":\"25.00\"" },
	    { NULL } },
	{ "the whole document is reversed", NULL, { CONFIRMED, REVERSED },
	    "cancelled", false, NULL,
	    { "\"line\":\"10\"", "\"grand_total\":\"25.00\"" }, { NULL } },
	{ "and confirmed once more", NULL, { CONFIRMED, REVERSED, AGAIN },
	    "confirmed", true, NULL, { "\"line\":\"10\"" }, { NULL } },
	{ "a line that vanished is suspect and stands", NULL,
	    { CONFIRMED, SHORTER("20260301110000", "") }, "confirmed", true,
	    "order-line-vanished",
	    { "\"line\":\"20\"", "\"grand_total\":\"25.00\"" }, { NULL } },
	{ "a message of some lines tells nothing of the others", NULL,
	    { CONFIRMED, SHORTER("20260301110000", "\"partial\":true,") },
	    "confirmed", true, NULL, { "\"line\":\"20\"" }, { NULL } },
	{ "and does not heal what vanished before", NULL,
	    { CONFIRMED, SHORTER("20260301110000", ""),
		SHORTER("20260301120000", "\"partial\":true,") },
	    "confirmed", true, "order-line-vanished", { "\"line\":\"20\"" },
	    { NULL } },
	{ "it confirms an order", NULL,
	    { BASKET, SHORTER("20260301110000", "\"partial\":true,") },
	    "confirmed", true, NULL, { "\"sku\":\"A\"" }, { NULL } },
	{ "no confirmed quantity never cancels", NULL, { CONFIRMED, NOT_YET },
	    "confirmed", true, NULL,
	    { "\"sap_unconfirmed_lines\":1", "\"line\":\"10\"",
		"\"grand_total\":\"25.00\"" },
	    { NULL } },
	{ "and is forgotten once it is confirmed", NULL,
	    { CONFIRMED, NOT_YET, AGAIN }, "confirmed", true, NULL,
	    { "\"line\":\"10\"" }, { "unconfirmed" } },
	{ "a change before its order waits", NULL, { DELETE_20 }, NULL, false,
	    "order-unknown-original", { NULL }, { NULL } },
};

#define SET(box, candle, cup)                                                  \
	SAP("20260301100500", "confirmed",                                     \
	    "\"lines\":[" LINE("10",                                           \
		"\"sku\":\"BOX\",\"quantity\":\"1\",\"subtotal\":\"" box       \
		"\"") "," LINE("20",                                           \
		"\"sku\":\"CANDLE\",\"quantity\":\"2\",\"unit_price\":"        \
		"\"9\",\"tax\":\"1\",\"parent\":\"10\",\"subtotal\":\"" candle \
		"\"") "," LINE("30",                                           \
		"\"sku\":\"CUP\",\"quantity\":\"1\",\"parent\":\"20\","        \
		"\"subtotal\":\"" cup "\"") "]")
#define SET_GONE(lines)                                                        \
	SAP("20260301110000", "changed", "\"lines\":[" lines "]")
#define GONE(number) LINE(number, "\"action\":\"delete\"")
#define FREE(rest)                                                             \
	SAP("20260301100500", "confirmed",                                     \
	    "\"lines\":[" SHIRT                                                \
	    "," LINE("11", "\"sku\":\"C\",\"quantity\":\"1\"," rest) "]")
#define TYPED(seq, document, type)                                             \
	ORDER(seq, "\"stage\":\"confirmed\",\"sales_document\":\"" document    \
		   "\",\"order_type\":\"" type "\"," BOTH)

static const struct rule kinds[] = {
	{ "set and components carry money: the set's counts", NULL,
	    { SET("30", "18", "12") }, "confirmed", true, NULL,
	    { "\"grand_total\":\"30.00\"",
		"\"sku\":\"CANDLE\",\"quantity\":\"2\",\"unit_price\":"
		"\"0.00\",\"subtotal\":\"0.00\",\"total\":\"0.00\"}",
		"\"sku\":\"CUP\",\"quantity\":\"1\",\"unit_price\":\"0.00\","
		"\"subtotal\":\"0.00\"" },
	    { NULL } },
	{ "only the components carry it", NULL, { SET("0", "18", "0") },
	    "confirmed", true, NULL,
	    { "\"grand_total\":\"19.00\"",
		"\"sku\":\"CANDLE\",\"quantity\":\"2\",\"unit_price\":"
		"\"9.00\"",
		"\"sku\":\"BOX\",\"quantity\":\"1\",\"unit_price\":\"0.00\"" },
	    { NULL } },
	{ "a set within a set", NULL, { SET("30", "0", "12") }, "confirmed",
	    true, NULL, { "\"subtotal\":\"30.00\"", "\"sku\":\"CUP\"" },
	    { "12.00" } },
	{ "the set is gone, its components are not", NULL,
	    { SET("30", "18", "0"), SET_GONE(GONE("10")) }, "confirmed", true,
	    NULL, { "\"subtotal\":\"18.00\"", "\"sku\":\"CANDLE\"" },
	    { "BOX" } },
	{ "all of it is gone: it was what it was", NULL,
	    { SET("30", "18", "12"),
		SET_GONE(GONE("10") "," GONE("20") "," GONE("30")) },
	    "cancelled", false, NULL, { "\"grand_total\":\"30.00\"" },
	    { NULL } },
	{ "free goods by their category", NULL,
	    { FREE("\"category\":\"TANN\",\"unit_price\":\"7\"") }, "confirmed",
	    true, NULL,
	    { "\"grand_total\":\"20.00\"",
		"\"sku\":\"C\",\"quantity\":\"1\",\"unit_price\":\"0.00\","
		"\"subtotal\":\"0.00\",\"total\":\"0.00\"}" },
	    { NULL } },
	{ "by another one", "[order]\nfree-categories = ZFRE\n",
	    { FREE("\"category\":\"ZFRE\",\"subtotal\":\"7\"") }, "confirmed",
	    true, NULL,
	    { "\"sku\":\"C\",\"quantity\":\"1\",\"unit_price\":\"0.00\"",
		"\"grand_total\":\"20.00\"" },
	    { NULL } },
	{ "by their value", NULL,
	    { FREE("\"unit_price\":\"7\",\"subtotal\":\"0\"") }, "confirmed",
	    true, NULL,
	    { "\"sku\":\"C\",\"quantity\":\"1\",\"unit_price\":\"0.00\","
	      "\"subtotal\":\"0.00\",\"total\":\"0.00\"}" },
	    { NULL } },
	{ "a discount of all of it keeps its price", NULL,
	    { FREE("\"unit_price\":\"7\",\"subtotal\":\"0\",\"discount\":"
		   "\"-7\"") },
	    "confirmed", true, NULL,
	    { "\"sku\":\"C\",\"quantity\":\"1\",\"unit_price\":\"7.00\"" },
	    { NULL } },
	{ "no sale of SAP's alone does not leave", NULL,
	    { TYPED("20260301100500", "4711", "KL") }, NULL, false, NULL,
	    { NULL }, { NULL } },
	{ "the shop's order that is none in SAP is not valid", NULL,
	    { BASKET, TYPED("20260301100500", "4711", "KL") }, "confirmed",
	    false, NULL, { "\"sap_order_type\":\"KL\"" }, { NULL } },
	{ "a sale and a free replacement: the sale", NULL,
	    { TYPED("20260301100500", "4711", "TA"),
		TYPED("20260302100500", "4712", "KN") },
	    "confirmed", true, NULL,
	    { "\"grand_total\":\"25.00\"", "\"sap_order_type\":\"TA\"" },
	    { NULL } },
	{ "whose despatch is none of the sale's", NULL,
	    { TYPED("20260301100500", "4711", "TA"),
		TYPED("20260302100500", "4712", "KN"),
		DELIVERY("8001", "20260303100000",
		    "\"posted_at\":\"2026-03-03T10:00:00Z\",\"lines\":[{"
		    "\"line\":\"1\",\"sales_document\":\"4712\","
		    "\"sales_line\":\"10\",\"quantity\":\"2\"}]") },
	    "confirmed", true, NULL, { NULL }, { NULL } },
	{ "types of the configuration", "[order]\nno-sale-types = ZQT\n",
	    { BASKET, TYPED("20260301100500", "4711", "ZQT") }, "confirmed",
	    false, NULL, { NULL }, { NULL } },
	{ "replace the standard ones", "[order]\nno-sale-types = ZQT\n",
	    { TYPED("20260301100500", "4711", "KL") }, "confirmed", true, NULL,
	    { NULL }, { NULL } },
	{ "a quotation that became an order", NULL,
	    { TYPED("20260301100500", "4711", "AG"),
		TYPED("20260302100500", "4711", "TA") },
	    "confirmed", true, NULL, { NULL }, { NULL } },
};

#define REFUSED(seq)                                                           \
	ORDER(seq, "\"stage\":\"rejected\",\"status\":\"cancelled\"")
#define WITHDRAWN SHOP("20260301101000", "\"status\":\"cancelled\"")
#define AREA                                                                   \
	SAP("20260301100500", "confirmed",                                     \
	    "\"sales_area\":{\"sales_org\":\"1000\",\"channel\":\"20\"}," BOTH)
#define SHOPS                                                                  \
	"[sales-area \"1000/20\"]\nstore = example.com/leeds\n"                \
	"channel = in store\n"
#define SECOND_DOCUMENT                                                        \
	ORDER("20260301100600",                                                \
	    "\"stage\":\"confirmed\",\"sales_document\":\"4712\","             \
	    "\"customer\":{\"id\":\"12345\"},\"lines\":[" SHIRT "]")

static const struct rule stages[] = {
	{ "the shop's word", NULL, { BASKET }, "pending", true, NULL,
	    { "\"customer\":{\"email\":\"a@example.com\"}",
		"\"grand_total\":\"20.00\"" },
	    { NULL } },
	{ "pending may not count", "[order]\npending-valid = no\n", { BASKET },
	    "pending", false, NULL, { NULL }, { NULL } },
	{ "confirmed counts", "[order]\npending-valid = no\n",
	    { BASKET, CONFIRMED }, "confirmed", true, NULL,
	    { "\"coupon\":\"SPRING\",\"payment_method\":\"card\","
	      "\"shipping_method\":\"express\"",
		"\"channel\":\"app\"", "\"sku\":\"A\",\"title\":\"Shirt\"" },
	    { NULL } },
	{ "who is known has a number and the shop's e-mail", NULL,
	    { BASKET, CONFIRMED }, "confirmed", true, NULL,
	    { "\"customer\":{\"id\":\"12345\",\"email\":\"a@example.com\"}",
		"\"placed_at\":\"2026-03-01T10:00:00Z\"" },
	    { NULL } },
	{ "SAP refuses", NULL, { BASKET, REFUSED("20260301103000") },
	    "cancelled", false, NULL,
	    { "\"sku\":\"A\"", "\"grand_total\":\"20.00\"" }, { NULL } },
	{ "SAP refuses what it had confirmed", NULL,
	    { BASKET, CONFIRMED, REFUSED("20260301103000") }, "cancelled",
	    false, NULL, { "\"grand_total\":\"25.00\"" }, { NULL } },
	{ "the shop takes it back", NULL, { BASKET, WITHDRAWN }, "cancelled",
	    false, NULL, { "\"sku\":\"A\"" }, { NULL } },
	{ "SAP has the last word", NULL, { BASKET, WITHDRAWN, CONFIRMED },
	    "confirmed", true, NULL, { NULL }, { NULL } },
	{ "a sales area of shops", SHOPS, { AREA }, "confirmed", true, NULL,
	    { "\"store\":\"example.com/leeds\",\"channel\":\"in store\"" },
	    { NULL } },
	{ "two sales documents of one web order", NULL,
	    { BASKET, CONFIRMED, SECOND_DOCUMENT }, "confirmed", true, NULL,
	    { "\"sap_sales_document\":\"4711,4712\"",
		"\"grand_total\":\"45.00\"" },
	    { NULL } },
};

#define NAMED(seq, id, rest)                                                   \
	ORDER(seq,                                                             \
	    "\"stage\":\"confirmed\",\"sales_document\":\"4711\","             \
	    "\"customer\":{" id "\"email\":\"s@example.com\","                 \
	    "\"first_name\":\"Sam\",\"last_name\":\"Smith\"" rest "}," BOTH)

static const struct rule customers[] = {
	{ "a known customer has no name", NULL,
	    { NAMED("20260301100500", "\"id\":\"0000012345\",", "") },
	    "confirmed", true, NULL, { "\"customer\":{\"id\":\"12345\"}" },
	    { "Smith", "s@example.com" } },
	{ "a one-time customer is a guest", NULL,
	    { NAMED("20260301100500", "\"id\":\"9000\",",
		",\"one_time\":true") },
	    "confirmed", true, NULL,
	    { "\"customer\":{\"email\":\"s@example.com\",\"first_name\":"
	      "\"Sam\",\"last_name\":\"Smith\"}" },
	    { "9000" } },
	{ "so is who has no number", NULL, { NAMED("20260301100500", "", "") },
	    "confirmed", true, NULL,
	    { "\"customer\":{\"email\":\"s@example.com\"" }, { "\"id\"" } },
	{ "nobody at all is legal", NULL,
	    { ORDER("20260301100500",
		"\"stage\":\"confirmed\",\"sales_document\":\"4711\"," BOTH) },
	    "confirmed", true, NULL, { "\"order_id\":\"W10001\"" },
	    { "customer" } },
};

/* What is wrong with the outcome, or NULL. */
static const char *
fault_of(struct bench *bench, const struct rule *rule, const char *body)
{
	const struct order_view *view = &bench->view;

	if (view->ready != (rule->then != NULL))
		return "whether it leaves";
	if (rule->then != NULL &&
	    (strcmp(order_status_name(view->status), rule->then) != 0 ||
		view->valid != rule->valid))
		return order_status_name(view->status);
	if (view->remarks.count != (rule->remark != NULL) ||
	    (rule->remark != NULL && !remarked(bench, rule->remark)))
		return view->remarks.count > 0 ? view->remarks.list[0].code
					       : "no remark";
	for (size_t i = 0; i < 3 && rule->has[i] != NULL; i++)
		if (strstr(body, rule->has[i]) == NULL)
			return rule->has[i];
	for (size_t i = 0; i < 2 && rule->lacks[i] != NULL; i++)
		if (strstr(body, rule->lacks[i]) != NULL)
			return rule->lacks[i];
	return NULL;
}

/* In every order of arrival: what is wanted, and byte for byte the same. */
static void
check(struct bench *bench, const struct rule *rule)
{
	struct config *config =
	    rule->given != NULL ? config_from(rule->given) : NULL;
	size_t order[MESSAGES_MAX], count = 0;
	const char *fault = NULL;
	char *first = NULL;
	struct diag diag;

	if (order_rules_open(&bench->rules, config, &diag) != STATUS_OK)
		abort();
	for (; count < MESSAGES_MAX && rule->when[count] != NULL; count++)
		order[count] = count;
	do {
		char *body;

		begin(bench);
		for (size_t i = 0; i < count; i++)
			take(bench, rule->when[order[i]]);
		body = outcome(bench);
		fault = fault_of(bench, rule, body);
		if (fault == NULL && first != NULL && strcmp(first, body) != 0)
			fault = "the order of arrival";
		if (fault != NULL)
			printf("# %s: %s\n# %s\n", rule->what, fault, body);
		if (first == NULL)
			first = body;
		else
			free(body);
	} while (fault == NULL && count > 1 && permute(order, count));
	OK(fault == NULL, rule->what);
	free(first);
	order_rules_close(&bench->rules);
	config_free(config);
}

#define CHECK_ALL(bench, table)                                                \
	for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)        \
	check(bench, &(table)[i])

/* Thousands of lines, found by their numbers. */
static void
test_large(struct bench *bench)
{
	struct buf text = BUF_INIT;
	char *body;

	buf_add_text(&text,
	    "{\"v\":1,\"type\":\"order\",\"id\":\"W10001\",\"seq\":\"2026\","
	    "\"web_order\":\"W10001\",\"stage\":\"confirmed\",\"lines\":[");
	for (int i = 3000; i > 0; i--)
		buf_add_format(&text,
		    "{\"line\":\"%d\",\"quantity\":\"1\",\"subtotal\":\"1\"}%s",
		    i, i > 1 ? "," : "]}");
	begin(bench);
	IS_INT(take(bench, text.data), ORDER_NEWER, "an order of 3,000 lines");
	IS_INT(take(bench, text.data), ORDER_SAME, "and once more");
	IS_INT(bench->order.line_count, 3000, "has 3,000 lines");
	OK(order_line_find(&bench->order, STR(ORDER_SAP), STR("1")) ==
		&bench->order.lines[2999],
	    "the last of them is found");
	OK(order_line_find(&bench->order, STR(ORDER_SAP), STR("3001")) == NULL,
	    "one that is not there is not");
	body = outcome(bench);
	OK(strstr(body, "\"grand_total\":\"3000.00\"") != NULL, "all count");
	free(body);
	buf_free(&text);
}

static void
test_two_customers(struct bench *bench)
{
	struct order_state other;

	begin(bench);
	take(bench, CONFIRMED);
	other = bench->order;
	bench->order = (struct order_state){ .id = STR("W10001") };
	take(bench, SECOND_DOCUMENT);
	OK(!order_customers_differ(&bench->order, &other), "one sold-to party");
	take(bench, ORDER("20260301100700",
			"\"stage\":\"confirmed\",\"sales_document\":\"4713\","
			"\"customer\":{\"id\":\"777\"}"));
	OK(order_customers_differ(&bench->order, &other), "two of them");
}

int
main(void)
{
	struct bench bench = { .event_sent = false };
	struct diag diag;

	CHECK_ALL(&bench, stages);
	CHECK_ALL(&bench, changes);
	CHECK_ALL(&bench, kinds);
	CHECK_ALL(&bench, customers);
	if (order_rules_open(&bench.rules, NULL, &diag) != STATUS_OK)
		return 1;
	test_two_customers(&bench);
	test_large(&bench);
	order_rules_close(&bench.rules);
	arena_free(&bench.arena);
	DONE();
}

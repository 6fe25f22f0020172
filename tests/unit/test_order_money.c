/* Money of orders: totals, what leaves of lines, two currencies. Given these
 * messages, these are the totals, in every order of arrival. */

#include "order_bench.h"

#define DOC(number, seq, stage, ...)                                           \
	"{\"v\":1,\"type\":\"order\",\"id\":\"W10001\",\"seq\":\"202603" seq   \
	".0000000000000001\",\"web_order\":\"W10001\",\"stage\":\"" stage      \
	"\",\"sales_document\":\"" number "\"," __VA_ARGS__ "}"
#define SAP(rest) DOC("4711", "01100000", "confirmed", rest)
#define CHANGE(rest) DOC("4711", "02100000", "changed", rest)
#define SHOP(rest) DOC("", "01090000", "provisional", rest)

#define LINES(...) "\"lines\":[" __VA_ARGS__ "]"
#define TOTALS(rest) "\"totals\":{" rest "}"
#define N(key, value) "\"" key "\":\"" value "\""
#define LINE(number, rest) "{\"line\":\"" number "\"," rest "}"

/* 20 + 5, tax 5, shipping 4 with a tax of 0.80 that no line has. */
#define TEN                                                                    \
	LINE("10", N("sku", "A") "," N("quantity", "2") "," N("subtotal",      \
		       "20.00") "," N("tax", "4.00"))
#define TWENTY                                                                 \
	LINE("20", N("sku", "B") "," N("quantity", "1") "," N("subtotal",      \
		       "5.00") "," N("tax", "1.00"))
#define UNTAXED                                                                \
	LINE("20",                                                             \
	    N("sku", "B") "," N("quantity", "1") "," N("subtotal", "5.00"))
#define SENT                                                                   \
	N("subtotal", "25.00")                                                 \
	"," N("shipping", "4.00") "," N("tax", "5.80") "," N("grand_total",    \
	    "34.80")
#define REJECTED LINE("20", N("action", "change") "," N("rejected", "Z1"))
#define MORE                                                                   \
	LINE("30", N("action", "add") "," N("quantity", "1") "," N("subtotal", \
		       "10.00") "," N("tax", "2.00"))

static const char *const troubles[] = { "", "difference", "unsaid", "unknown",
	"changed", "currencies" };

static void
add_amount(struct buf *text, struct order_amount amount)
{
	if (amount.known)
		decimal_add_to(text, amount.value);
	buf_add_char(text, '|');
}

/* Subtotal, discount, shipping, tax, grand total, what is wrong. */
static char *
totals_of(struct bench *bench)
{
	struct buf text = BUF_INIT;

	free(outcome(bench));
	for (size_t i = 0; i < TOTAL_COUNT; i++)
		add_amount(&text, bench->view.totals[i]);
	buf_add_text(&text, troubles[bench->view.trouble]);
	return text.data;
}

struct money_case {
	const char *what, *want;
	const char *messages[MESSAGES_MAX];
};

static size_t
count_of(const struct money_case *given)
{
	size_t count = 0;

	while (count < MESSAGES_MAX && given->messages[count] != NULL)
		count++;
	return count;
}

/* Whatever the order of arrival. */
static void
check_arrival(struct bench *bench, const struct money_case *given,
    char *(*tell)(struct bench *))
{
	size_t count = count_of(given), order[MESSAGES_MAX];

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	do {
		char *got;

		begin(bench);
		for (size_t i = 0; i < count; i++)
			take(bench, given->messages[order[i]]);
		got = tell(bench);
		IS_STR(got, given->want, given->what);
		free(got);
	} while (count > 1 && permute(order, count));
}

/* clang-format off */
static const struct money_case headers[] = {
	{"all five", "25.00|-5.00|4.00|5.00|29.00|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("discount", "-5.00") "," N("shipping", "4.00") ","
		N("tax", "5.00") "," N("grand_total", "29.00")))}},
	{"a discount without its sign", "25.00|-5.00||5.00|25.00|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("discount", "5.00") "," N("tax", "5.00") ","
		N("grand_total", "25.00")))}},
	{"SAP's minus behind", "25.00|-5.00||5.00|25.00|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("discount", "5.00-") "," N("tax", "5.00") ","
		N("grand_total", "25.00")))}},
	{"a cent apart", "25.00|||5.00|30.01|difference",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") "," N("grand_total", "30.01")))}},
	{"a cancelled order owes nothing", "25.00|||5.00|30.01|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") "," N("grand_total", "30.01"))),
	     DOC("4711", "03100000", "rejected", LINES())}},
	{"a later message makes it right", "25.00|||5.00|30.00|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") "," N("grand_total", "30.01"))),
	     CHANGE(TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") "," N("grand_total", "30.00")))}},
	{"what the message could not say", "25.00||||25.00|unsaid",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("grand_total", "25.00") ",\"incomplete\":true"))}},
	{"more than two decimals are rounded", "10.01|||2.00|12.01|",
	    {SAP(TOTALS(N("subtotal", "10.005") "," N("tax", "2.001") "," N("grand_total", "12.006")))}},
	{"yen have no decimals", "1000|||100|1100|",
	    {SAP(N("currency", "JPY") "," TOTALS(N("subtotal", "1000.00") "," N("tax", "100.00") ","
		N("grand_total", "1100.00")))}},
	{"dinars have three", "1.005|||0.100|1.106|difference",
	    {SAP(N("currency", "KWD") "," TOTALS(N("subtotal", "1.005") "," N("tax", "0.100") ","
		N("grand_total", "1.106")))}},
	{"and the third counts", "1.005|||0.100|1.105|",
	    {SAP(N("currency", "KWD") "," TOTALS(N("subtotal", "1.005") "," N("tax", "0.100") ","
		N("grand_total", "1.105")))}},
	{"what does not fit is unknown", "9000000000000000000|||9000000000000000000||unknown",
	    {SAP(TOTALS(N("subtotal", "9000000000000000000") "," N("tax", "9000000000000000000")))}},
	{"also when it would fit again", "||||3.00|unknown",
	    {SAP(TOTALS(N("grand_total", "3.00")) ","
		LINES(LINE("1", N("subtotal", "9000000000000000000")) ","
		LINE("2", N("subtotal", "9000000000000000000")) "," LINE("3", N("subtotal", "5"))))}},
};

static const struct money_case completed[] = {
	{"lines alone", "25.00|||5.00|30.00|", {SAP(LINES(TEN "," TWENTY))}},
	{"lines and the header's conditions", "25.00|-5.00|4.00|5.00|29.00|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(N("discount", "-5.00") "," N("shipping", "4.00")))}},
	{"a total that takes the lines' tax", "25.00|||5.00|30.00|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(N("subtotal", "25.00") "," N("grand_total", "30.00")))}},
	{"prices that hold the tax", "30.00||||30.00|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(N("subtotal", "30.00") "," N("grand_total", "30.00")))}},
	{"quantity and price", "59.98||||59.98|",
	    {SAP(LINES(LINE("10", N("quantity", "2") "," N("unit_price", "29.99"))))}},
	{"price to the minor unit", "1.000||||1.000|",
	    {SAP(N("currency", "BHD") "," LINES(LINE("10", N("quantity", "3") "," N("unit_price", "0.333333"))))}},
	{"the tax is what is left", "25.00|0.00|4.00|5.80|34.80|",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("discount", "0.00") "," N("shipping", "4.00") ","
		N("grand_total", "34.80")))}},
	{"the subtotal is what is left", "25.00|0.00|4.00|5.80|34.80|",
	    {SAP(TOTALS(N("discount", "0.00") "," N("shipping", "4.00") "," N("tax", "5.80") ","
		N("grand_total", "34.80")))}},
	{"two are missing: nothing is certain", "25.00||||34.80|difference",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("grand_total", "34.80")))}},
	{"shipping is never guessed", "25.00|0.00||5.00|34.80|difference",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("discount", "0.00") "," N("tax", "5.00") ","
		N("grand_total", "34.80")))}},
	{"nor a discount", "25.00||4.00|5.00|29.00|difference",
	    {SAP(TOTALS(N("subtotal", "25.00") "," N("shipping", "4.00") "," N("tax", "5.00") ","
		N("grand_total", "29.00")))}},
	{"a line without an amount", "|||||unknown", {SAP(LINES(TEN "," LINE("20", N("quantity", "1"))))}},
	{"a line without tax beside others", "25.00|||||unknown", {SAP(LINES(TEN "," UNTAXED))}},
	{"the total says that it has none", "25.00|||4.00|29.00|",
	    {SAP(LINES(TEN "," UNTAXED) "," TOTALS(N("grand_total", "29.00")))}},
	{"a free line needs no tax", "20.00|||4.00|24.00|",
	    {SAP(LINES(TEN "," LINE("20", N("quantity", "1") "," N("subtotal", "0.00"))))}},
	{"line totals alone", "||||39.98|", {SAP(LINES(LINE("10", N("quantity", "2") "," N("total", "39.98"))))}},
	{"total and tax of a line", "33.32|||6.66|39.98|",
	    {SAP(LINES(LINE("10", N("total", "39.98") "," N("tax", "6.66"))))}},
	{"nothing at all is nothing wrong", "|||||", {SAP(LINES(LINE("10", N("quantity", "2"))))}},
	{"rejected lines are out", "20.00|||4.00|24.00|",
	    {SAP(LINES(TEN "," LINE("20", N("subtotal", "5.00") "," N("tax", "1.00") "," N("rejected", "01"))))}},
};

static const struct money_case discounts[] = {
	{"it is in the net value already", "18.00|||3.60|21.60|",
	    {SAP(LINES(LINE("10", N("subtotal", "18.00") "," N("discount", "-2.00") "," N("tax", "3.60") ","
		N("total", "21.60"))))}},
	{"it stands beside a price", "20.00|-2.00||3.60|21.60|",
	    {SAP(LINES(LINE("10", N("quantity", "2") "," N("unit_price", "10.00") "," N("discount", "2.00") ","
		N("tax", "3.60") "," N("total", "21.60"))))}},
	{"and with the header's subtotal", "20.00|-2.00||3.60|21.60|",
	    {SAP(LINES(LINE("10", N("subtotal", "20.00") "," N("discount", "-2.00") "," N("tax", "3.60"))) ","
		TOTALS(N("subtotal", "20.00") "," N("grand_total", "21.60")))}},
	{"the header's is not the lines'", "18.00|-3.00||3.60|18.60|",
	    {SAP(LINES(LINE("10", N("subtotal", "18.00") "," N("discount", "-2.00") "," N("tax", "3.60") ","
		N("total", "21.60"))) "," TOTALS(N("discount", "-3.00")))}},
};

static const struct money_case changes[] = {
	{"a rejected line goes with its tax, shipping stays", "20.00||4.00|4.80|28.80|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)), CHANGE(LINES(REJECTED))}},
	{"a line that comes", "35.00||4.00|7.80|46.80|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)), CHANGE(LINES(MORE))}},
	{"one comes, one goes", "30.00||4.00|6.80|40.80|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)), CHANGE(LINES(REJECTED "," MORE))}},
	{"said with the change", "20.00||4.00|4.80|28.81|difference",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)),
	     CHANGE(LINES(REJECTED) "," TOTALS(N("shipping", "4.00") "," N("tax", "4.80") ","
		N("grand_total", "28.81")))}},
	{"a change of no money", "25.00||4.00|5.80|34.80|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)), CHANGE(LINES(LINE("10", N("title", "Shirt"))))}},
	{"rejected before the totals were said", "20.00|||4.00|24.00|",
	    {SAP(LINES(TEN "," LINE("20", N("subtotal", "5.00") "," N("tax", "1.00") "," N("rejected", "01"))) ","
		TOTALS(N("subtotal", "20.00") "," N("tax", "4.00") "," N("grand_total", "24.00"))),
	     CHANGE(LINES(REJECTED))}},
	{"another amount without shipping: the lines' taxes", "15.00|||3.00|18.00|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") ","
		N("grand_total", "30.00"))),
	     CHANGE(LINES(LINE("10", N("quantity", "1") "," N("subtotal", "10.00") "," N("tax", "2.00"))))}},
	{"with shipping the tax is not certain", "25.00||4.00|5.80|34.80|changed",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)),
	     CHANGE(LINES(LINE("10", N("quantity", "1") "," N("subtotal", "10.00") "," N("tax", "2.00"))))}},
	{"a quantity without an amount", "25.00||4.00|5.80|34.80|changed",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)), CHANGE(LINES(LINE("10", N("quantity", "1"))))}},
	{"no tax is known to take off", "25.00|||5.00|30.00|changed",
	    {SAP(LINES(LINE("10", N("subtotal", "20.00")) "," UNTAXED) ","
		TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") "," N("grand_total", "30.00"))),
	     CHANGE(LINES(REJECTED))}},
	{"there is no tax", "20.00||||20.00|",
	    {SAP(LINES(LINE("10", N("subtotal", "20.00")) "," UNTAXED) ","
		TOTALS(N("subtotal", "25.00") "," N("grand_total", "25.00"))),
	     CHANGE(LINES(REJECTED))}},
	{"what did not add up is not made to", "25.00|||5.00|39.00|changed",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(N("subtotal", "25.00") "," N("tax", "5.00") ","
		N("grand_total", "39.00"))),
	     CHANGE(LINES(REJECTED))}},
	{"all lines again, no totals", "20.00|||4.00|24.00|",
	    {SAP(LINES(TEN "," TWENTY) "," TOTALS(SENT)),
	     DOC("4711", "03100000", "confirmed", LINES(TEN "," REJECTED))}},
};

#define OTHER(rest) DOC("4712", "01100500", "confirmed", rest)
static const struct money_case documents[] = {
	{"two documents", "30.00|||6.00|36.00|",
	    {SAP(LINES(TEN "," TWENTY)),
	     OTHER(LINES(TWENTY))}},
	{"one has no tax", "30.00|||5.00|35.00|",
	    {SAP(LINES(TEN "," TWENTY)), OTHER(LINES(UNTAXED))}},
	{"one is cancelled", "25.00|||5.00|30.00|",
	    {SAP(LINES(TEN "," TWENTY)), OTHER(LINES(TWENTY)), DOC("4712", "02100000", "rejected", LINES())}},
	{"one is not known", "|||||unknown",
	    {SAP(LINES(LINE("10", N("subtotal", "20.00")))),
	     OTHER(LINES(LINE("10", N("tax", "5.00")) "," LINE("20", N("subtotal", "5.00"))))}},
	{"currencies are not mixed", "|||||currencies",
	    {SAP(N("currency", "GBP") "," LINES(TEN)), OTHER(N("currency", "EUR") "," LINES(TWENTY))}},
	{"SAP's, not the shop's", "25.00|||5.00|30.00|",
	    {SHOP(LINES(TEN) "," TOTALS(N("grand_total", "99.00"))), SAP(LINES(TEN "," TWENTY))}},
	{"the shop's until then", "20.00|||4.00|24.00|", {SHOP(LINES(TEN))}},
};
/* clang-format on */

#define CHECK(table) check_table(bench, table, sizeof(table) / sizeof(table[0]))

static void
check_table(struct bench *bench, const struct money_case *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_arrival(bench, &table[i], totals_of);
}

static void
test_tolerance(struct bench *bench)
{
	static const struct {
		const char *total;
		int64_t tolerance;
		enum order_trouble want;
	} cases[] = {
		{ "30.00", 0, TROUBLE_NONE },
		{ "30.01", 0, TROUBLE_DIFFERENCE },
		{ "30.01", 1, TROUBLE_NONE },
		{ "29.99", 1, TROUBLE_NONE },
		{ "30.02", 1, TROUBLE_DIFFERENCE },
		{ "29.98", 1, TROUBLE_DIFFERENCE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text = BUF_INIT;

		buf_add_text(&text, SAP(TOTALS(N("subtotal", "25.00") "," N(
					"tax", "5.00") ",\"grand_total\":\"")));
		text.len -= 2; /* both braces */
		buf_add_text(&text, cases[i].total);
		buf_add_text(&text, "\"}}");
		begin(bench);
		bench->rules.tolerance = cases[i].tolerance;
		take(bench, text.data);
		free(outcome(bench));
		IS_INT(bench->view.trouble, cases[i].want, cases[i].total);
		buf_free(&text);
	}
	bench->rules.tolerance = 0;
}

static void
test_remark(struct bench *bench)
{
	static const char *const messages[] = {
		SAP(TOTALS(N("subtotal", "25.00") "," N("tax",
		    "5.00") "," N("grand_total", "30.01"))),
		NULL
	};

	status_after(bench, messages);
	OK(remarked(bench, "order-totals-mismatch"), "a remark stands");
	IS_STR(bench->view.remarks.list[0].message.data,
	    "totals do not add up to grand total 30.01: the difference is "
	    "-0.01",
	    "it tells the difference");
}

/* The body that follows from one message. */
static char *
body_of(struct bench *bench, const char *message)
{
	begin(bench);
	take(bench, message);
	return outcome(bench);
}

static void
test_lines_leave(struct bench *bench)
{
	char *text = body_of(bench,
	    SAP(LINES(LINE("10",
		N("subtotal", "18.00") "," N("discount", "-2.00") "," N("tax",
		    "3.60") "," N("total", "21.60")))));

	OK(strstr(text, "\"lines\":[{\"line\":\"10\",\"subtotal\":\"18.00\","
			"\"tax\":\"3.60\",\"total\":\"21.60\"}]") != NULL,
	    "a discount that is in the subtotal does not leave beside it");
	free(text);
	text = body_of(bench,
	    SAP(N("currency", "JPY") "," LINES(
		LINE("10", N("subtotal", "1800.00") "," N("tax", "180.00")))));
	OK(strstr(text, "\"subtotal\":\"1800\",\"tax\":\"180\"") != NULL,
	    "yen leave without decimals");
	free(text);
}

/* --- the reporting currency --- */

#define EURO(rate)                                                             \
	N("currency", "EUR")                                                   \
	"," N("base_currency", "GBP") "," N("exchange_rate", rate) ","

static void
test_base(struct bench *bench)
{
	char *text;

	bench->rules.base_currency = STR("GBP");
	text = body_of(bench, SAP(EURO("0.85") LINES(TEN)));
	OK(strstr(text,
	       "\"totals\":{\"base\":{\"subtotal\":\"17.00\",\"tax\":\"3.40\","
	       "\"grand_total\":\"20.40\"},\"local\":{\"currency\":\"EUR\","
	       "\"subtotal\":\"20.00\",\"tax\":\"4.00\","
	       "\"grand_total\":\"24.00\"}}") != NULL,
	    "totals in both currencies");
	OK(strstr(text, "\"totals\":{\"base\":{\"unit_price\":\"8.50\","
			"\"subtotal\":\"17.00\",\"tax\":\"3.40\","
			"\"total\":\"20.40\"},\"local\":{\"currency\":\"EUR\","
			"\"unit_price\":\"10.00\",\"subtotal\":\"20.00\","
			"\"tax\":\"4.00\",\"total\":\"24.00\"}}") != NULL,
	    "and of a line");
	OK(strstr(text, "\"currency\":\"EUR\",\"subtotal\":\"20.00\"") != NULL,
	    "the order itself is in its own");
	free(text);

	begin(bench);
	take(bench,
	    SAP(EURO("0.333") TOTALS(N("subtotal", "1.00") "," N("shipping",
		"0.50") "," N("tax", "0.50") "," N("grand_total", "2.00"))));
	free(outcome(bench));
	IS_INT(bench->view.base[TOTAL_GRAND].value.units, 33 + 17 + 17,
	    "rounded parts add up");
	take(bench, DOC("4712", "01100500", "confirmed",
			EURO("0.5") TOTALS(N("subtotal",
			    "1.00") "," N("grand_total", "1.00"))));
	free(outcome(bench));
	IS_INT(bench->view.base[TOTAL_SUBTOTAL].value.units, 33 + 50,
	    "each document has its rate");
	take(bench, DOC("4713", "01100500", "confirmed",
			N("currency", "EUR") "," TOTALS(N("subtotal",
			    "1.00") "," N("grand_total", "1.00"))));
	free(outcome(bench));
	OK(!bench->view.has_base, "one without a rate: not known");
}

static void
test_no_base(struct bench *bench)
{
	static const struct {
		const char *base, *what, *message;
	} cases[] = {
		{ "GBP", "no rate", SAP(N("currency", "EUR") "," LINES(TEN)) },
		{ "GBP", "the same currency",
		    SAP(N("currency", "GBP") "," N("base_currency",
			"GBP") "," N("exchange_rate", "1") "," LINES(TEN)) },
		{ "USD", "a rate to another currency",
		    SAP(EURO("0.85") LINES(TEN)) },
		{ "GBP", "a rate of nothing", SAP(EURO("0") LINES(TEN)) },
		{ "", "not configured", SAP(EURO("0.85") LINES(TEN)) },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text;

		bench->rules.base_currency = str_of(cases[i].base);
		text = body_of(bench, cases[i].message);
		OK(strstr(text, "\"base\"") == NULL, cases[i].what);
		free(text);
	}
	bench->rules.base_currency = STR_NONE;
}

/* --- what is paid back --- */

#define MEMO(id, rest)                                                         \
	"{\"v\":1,\"type\":\"invoice\",\"id\":\"" id "\",\"seq\":\"2026\","    \
	"\"kind\":\"credit\"," rest "}"
#define OF(number) "\"refers_to\":{" N("sales_document", number) "}"
#define BACK(line, quantity, net, tax)                                         \
	LINE("1", N("sales_line", line) "," N("quantity",                      \
		      quantity) "," N("net", net) "," N("tax", tax))
#define OF_SKU(line, sku, quantity, net, tax)                                  \
	LINE(line, N("sku", sku) "," N("quantity", quantity) "," N("net",      \
		       net) "," N("tax", tax))
#define RETURN(rest)                                                           \
	"{\"v\":1,\"type\":\"order\",\"id\":\"W10001\",\"seq\":\"20260305\","  \
	"\"web_order\":\"W10001\",\"stage\":\"confirmed\","                    \
	"\"kind\":\"return\",\"sales_document\":\"60001\"," rest "}"
#define BOTH SAP(LINES(TEN "," TWENTY))
#define TWICE                                                                  \
	SAP(LINES(                                                             \
	    TEN "," LINE("20", N("sku", "A") "," N("quantity", "1") "," N(     \
				   "subtotal", "5.00") "," N("tax", "1.00"))))

/* clang-format off */
static const struct money_case refunds[] = {
	{"one line of two", "partial_refund|2/24.00|0/0|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00")))}},
	{"written as minus", "partial_refund|2/24.00|0/0|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "2-", "20.00-", "4.00")))}},
	{"all of both", "refunded|2/24.00|1/6.00|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00"))),
	     MEMO("9002", OF("4711") "," LINES(BACK("20", "1", "5.00", "1.00")))}},
	{"a value credit moves no goods", "partial_refund|0/5.00|0/0|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(LINE("1", N("sales_line", "10") "," N("net", "5.00"))))}},
	{"a lump sum", "partial_refund|0/0|0/0|other 12.00",
	    {BOTH, MEMO("9001", OF("4711") "," TOTALS(N("grand_total", "12.00")))}},
	{"a memo of nothing", "confirmed|0/0|0/0|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "0", "0.00", "0.00")))}},
	{"tax in the header alone", "refunded|2/24.00|1/6.00|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(
		LINE("1", N("sales_line", "10") "," N("quantity", "2") "," N("net", "20.00")) ","
		LINE("2", N("sales_line", "20") "," N("quantity", "1") "," N("net", "5.00"))) ","
		TOTALS(N("tax", "5.00") "," N("grand_total", "30.00")))}},
	{"freight beside the lines", "partial_refund|2/24.00|0/0|other 4.80",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00")) ","
		TOTALS(N("grand_total", "28.80")))}},
	{"a charge for restocking", "partial_refund|2/19.20|0/0|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00-", "4.00-") ","
		LINE("2", N("sales_line", "10") "," N("quantity", "1") "," N("net", "4.00") "," N("tax", "0.80"))))}},
	{"by the product", "partial_refund|0/0|1/6.00|",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(OF_SKU("1", "B", "1", "5.00", "1.00")))}},
	{"of a request with items of its own", "partial_refund|0/0|1/6.00|",
	    {BOTH, MEMO("9001", OF("70001") "," LINES(
		LINE("1", N("sales_line", "10") "," N("sku", "B") "," N("quantity", "1") "," N("net", "5.00") ","
		    N("tax", "1.00"))))}},
	{"over the lines of one product", "refunded|2/24.00|1/6.00|",
	    {TWICE, MEMO("9001", OF("70001") "," LINES(OF_SKU("1", "A", "1", "12.00", "")))
	     , MEMO("9002", OF("70001") "," LINES(OF_SKU("1", "A", "2", "18.00", "")))}},
	{"more than was bought", "partial_refund|3/36.00|0/0|over",
	    {BOTH, MEMO("9001", OF("4711") "," LINES(BACK("10", "3", "30.00", "6.00")))}},
	{"a cancelled order stays cancelled", "cancelled|2/24.00|0/0|",
	    {BOTH, DOC("4711", "03100000", "rejected", LINES()),
	     MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00")))}},
	{"it waits for the order", "pending|",
	    {SHOP(LINES(TEN)), MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00")))}},
	{"a free line goes along", "refunded|2/24.00|0/0|",
	    {SAP(LINES(TEN "," LINE("20", N("quantity", "1") "," N("subtotal", "0.00") "," N("parent", "10")))),
	     MEMO("9001", OF("4711") "," LINES(BACK("10", "2", "20.00", "4.00")))}},
	{"a return order only announces", "confirmed|0/0|0/0|requested 2",
	    {BOTH, RETURN(LINES(LINE("10", N("sales_document", "4711") "," N("sales_line", "20") ","
		N("quantity", "2"))))}},
	{"its credit memo finds the line", "partial_refund|0/0|1/6.00|requested 1",
	    {BOTH, RETURN(LINES(LINE("10", N("sales_document", "4711") "," N("sales_line", "20") ","
		N("quantity", "1")))),
	     MEMO("9001", OF("60001") "," LINES(BACK("10", "1", "5.00", "1.00")))}},
};
/* clang-format on */

static void
add_back(struct buf *text, const struct order_state *order, const char *line)
{
	const struct order_line *found =
	    order_line_find(order, STR("4711"), str_of(line));

	if (found == NULL)
		return;
	decimal_add_to(text, decimal_trim(found->refunded_quantity));
	buf_add_char(text, '/');
	decimal_add_to(text, found->refunded);
	buf_add_char(text, '|');
}

/* Status, quantity and amount that went back of lines 10 and 20, the rest. */
static char *
refunds_of(struct bench *bench)
{
	struct buf text = BUF_INIT;
	const struct order_view *view = &bench->view;

	free(outcome(bench));
	buf_add_text(&text, order_status_name(view->status));
	buf_add_char(&text, '|');
	add_back(&text, &bench->order, "10");
	add_back(&text, &bench->order, "20");
	if (view->refunded_other.known) {
		buf_add_text(&text, "other ");
		decimal_add_to(&text, view->refunded_other.value);
	}
	if (view->return_requested.known) {
		buf_add_text(&text, "requested ");
		decimal_add_to(&text, view->return_requested.value);
	}
	if (remarked(bench, "order-over-credited"))
		buf_add_text(&text, "over");
	return text.data;
}

static void
test_refunds(struct bench *bench)
{
	for (size_t i = 0; i < sizeof(refunds) / sizeof(refunds[0]); i++)
		check_arrival(bench, &refunds[i], refunds_of);
}

int
main(void)
{
	struct bench all = { .event_sent = false }, *bench = &all;
	struct diag diag;

	if (order_rules_open(&bench->rules, NULL, &diag) != STATUS_OK)
		return 1;
	CHECK(headers);
	CHECK(completed);
	CHECK(discounts);
	CHECK(changes);
	CHECK(documents);
	test_tolerance(bench);
	test_remark(bench);
	test_lines_leave(bench);
	test_base(bench);
	test_no_base(bench);
	test_refunds(bench);
	order_rules_close(&bench->rules);
	arena_free(&bench->arena);
	DONE();
}

/* Folding orders: what a set of messages comes to, in every order of arrival.
 */

#include "order_bench.h"
#include "record/desired.h"

#define PROVISIONAL                                                            \
	ORDER("20260301100000",                                                \
	    "\"stage\":\"provisional\",\"placed_at\":"                         \
	    "\"2026-03-01T10:00:00Z\",\"currency\":\"GBP\",\"customer\":{"     \
	    "\"email\":\"a@example.com\"},\"coupon\":\"SPRING\","              \
	    "\"payment_method\":\"card\",\"lines\":[{\"sku\":\"A\","           \
	    "\"title\":\"Shirt\",\"quantity\":\"2\",\"unit_price\":\"10\"}]")
#define CONFIRMED                                                              \
	ORDER("20260301100500",                                                \
	    "\"stage\":\"confirmed\",\"sales_document\":\"0000004711\","       \
	    "\"placed_at\":\"2026-03-01T10:00:00Z\",\"currency\":\"GBP\","     \
	    "\"customer\":{\"id\":\"12345\"},\"lines\":["                      \
	    "{\"line\":\"10\",\"sku\":\"A\",\"quantity\":\"2.000\","           \
	    "\"unit\":\"PCE\",\"subtotal\":\"20.00\"},"                        \
	    "{\"line\":\"20\",\"sku\":\"B\",\"quantity\":\"1.000\","           \
	    "\"unit\":\"PCE\",\"subtotal\":\"5.00\"}],"                        \
	    "\"totals\":{\"subtotal\":\"25.00\",\"tax\":\"5.00\","             \
	    "\"grand_total\":\"30.00\"}")
#define CHANGED                                                                \
	ORDER("20260301110000",                                                \
	    "\"stage\":\"changed\",\"sales_document\":\"4711\",\"lines\":["    \
	    "{\"line\":\"000020\",\"action\":\"change\","                      \
	    "\"rejected\":\"Z1\"}],\"totals\":{\"subtotal\":\"20.00\","        \
	    "\"tax\":\"4.00\",\"grand_total\":\"24.00\"}")
#define FIRST                                                                  \
	DELIVERY("8001", "20260302100000",                                     \
	    "\"posted_at\":\"2026-03-02T10:00:00Z\",\"carrier\":\"DHL\","      \
	    "\"tracking_number\":\"T1\"," SHIPS("10", "1"))
#define SECOND                                                                 \
	DELIVERY("8002", "20260303100000",                                     \
	    "\"posted_at\":\"2026-03-03T10:00:00Z\",\"carrier\":\"DHL\","      \
	    "\"tracking_number\":\"T2\"," SHIPS("10", "1"))

static void
test_arrival(struct bench *bench)
{
	static const char *const messages[] = { PROVISIONAL, CONFIRMED, CHANGED,
		FIRST, SECOND };
	char *text;

	every_order_of_arrival(bench, messages, 5,
	    "five messages give one state in any order");
	IS_INT(bench->view.fulfilled, 1, "and the event is due");
	text = outcome(bench);
	IS_STR(text,
	    "{\"order_id\":\"W10001\",\"placed_at\":\"2026-03-01T10:00:00Z\","
	    "\"status\":\"shipped\",\"valid\":true,\"currency\":\"GBP\","
	    "\"subtotal\":\"20.00\",\"tax\":\"4.00\","
	    "\"grand_total\":\"24.00\",\"coupon\":\"SPRING\","
	    "\"payment_method\":\"card\",\"customer\":{\"id\":\"12345\","
	    "\"email\":\"a@example.com\"},\"lines\":[{\"line\":\"10\","
	    "\"sku\":\"A\",\"title\":\"Shirt\",\"quantity\":\"2\","
	    "\"unit_price\":\"10.00\",\"subtotal\":\"20.00\",\"total\":\"20.00\"}],"
	    "\"properties\":{\"sap_sales_document\":\"4711\"}}\n"
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W10001\","
	    "\"at\":\"2026-03-03T10:00:00Z\",\"customer_id\":\"12345\","
	    "\"order_id\":\"W10001\",\"carrier\":\"DHL\","
	    "\"tracking_number\":\"T2\",\"delivery_count\":2,"
	    "\"tracking_numbers\":\"T1,T2\"}",
	    "what SAP confirmed, what only the shop knew, what was rejected");
	free(text);
}

#define UNPOSTED DELIVERY("8002", "20260304100000", SHIPS("10", "1"))
#define DELETED                                                                \
	DELIVERY("8002", "20260304100000",                                     \
	    "\"posted_at\":\"2026-03-03T10:00:00Z\",\"reversed\":true," SHIPS( \
		"10", "1"))
#define REJECTED                                                               \
	ORDER("20260301120000",                                                \
	    "\"stage\":\"rejected\",\"sales_document\":\"4711\"")
#define ALL_REJECTED                                                           \
	ORDER("20260301120000",                                                \
	    "\"stage\":\"confirmed\",\"sales_document\":\"4711\",\"lines\":["  \
	    "{\"line\":\"10\",\"quantity\":\"0\",\"rejected\":\"01\"},"        \
	    "{\"line\":\"20\",\"quantity\":\"0\",\"rejected\":\"01\"}],"       \
	    "\"totals\":{\"subtotal\":\"0.00\",\"grand_total\":\"0.00\"}")
#define CREDIT(quantity, net)                                                        \
	"{\"v\":1,\"type\":\"invoice\",\"id\":\"9001\",\"seq\":\"2026\","            \
	"\"kind\":\"credit\",\"refers_to\":{\"sales_document\":\"4711\"},"           \
	"\"lines\":[{\"line\":\"10\",\"sales_line\":\"10\",\"quantity\":\"" quantity \
	"\",\"net\":\"" net "\"}]}"

static void
test_statuses(struct bench *bench)
{
	static const struct {
		const char *want, *what;
		const char *messages[MESSAGES_MAX];
	} cases[] = {
		{ "pending", "the shop's word alone", { PROVISIONAL } },
		{ "confirmed", "SAP's word", { CONFIRMED } },
		{ "confirmed", "an older word of the shop changes nothing",
		    { CONFIRMED, PROVISIONAL } },
		{ "part_shipped", "one of two pieces",
		    { CONFIRMED, CHANGED, FIRST } },
		{ "part_shipped", "a line that is still due",
		    { CONFIRMED, FIRST, SECOND } },
		{ "shipped", "the rejected rest completes it",
		    { CONFIRMED, FIRST, SECOND, CHANGED } },
		{ "part_shipped", "a posting date that is gone is a reversal",
		    { CONFIRMED, CHANGED, FIRST, SECOND, UNPOSTED } },
		{ "part_shipped", "so is a deleted delivery",
		    { CONFIRMED, CHANGED, FIRST, SECOND, DELETED } },
		{ "part_shipped", "an older message does not undo it",
		    { CONFIRMED, CHANGED, FIRST, DELETED, SECOND } },
		{ "confirmed", "nothing posted", { CONFIRMED, UNPOSTED } },
		{ "cancelled", "SAP refuses", { PROVISIONAL, REJECTED } },
		{ "cancelled", "SAP refuses before the shop's record is here",
		    { REJECTED, PROVISIONAL } },
		{ "cancelled", "a refusal stands against an older confirmation",
		    { REJECTED, CONFIRMED } },
		{ "cancelled", "every line is rejected",
		    { CONFIRMED, ALL_REJECTED } },
		{ "partial_refund", "one of two came back",
		    { CONFIRMED, CHANGED, CREDIT("1", "10.00") } },
		{ "partial_refund", "all came back, the money did not",
		    { CONFIRMED, CHANGED, CREDIT("2", "10.00") } },
		{ "refunded", "goods and money are back",
		    { CONFIRMED, CHANGED, CREDIT("2", "20.00") } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		IS_STR(status_after(bench, cases[i].messages), cases[i].want,
		    cases[i].what);
}

static void
test_cancelled(struct bench *bench)
{
	static const char *const messages[] = { CONFIRMED, ALL_REJECTED, NULL };
	char *text;

	status_after(bench, messages);
	OK(!bench->view.valid, "a cancelled order is not valid");
	text = outcome(bench);
	OK(strstr(text, "\"grand_total\":\"30.00\"") != NULL,
	    "it keeps its last totals");
	OK(strstr(text, "\"line\":\"10\",\"sku\":\"A\",\"quantity\":\"2\"") !=
		NULL,
	    "and its last lines");
	free(text);
}

/* Changes that take every line back leave nothing to pay. */
#define NOTHING_LEFT                                                           \
	ORDER("20260301120000",                                                \
	    "\"stage\":\"changed\",\"sales_document\":\"4711\",\"lines\":["    \
	    "{\"line\":\"10\",\"action\":\"delete\"},"                         \
	    "{\"line\":\"20\",\"action\":\"change\",\"rejected\":\"Z1\"}],"    \
	    "\"totals\":{\"subtotal\":\"0.00\",\"tax\":\"0.00\","              \
	    "\"grand_total\":\"0.00\"}")

static void
test_cancelled_by_changes(struct bench *bench)
{
	static const char *const messages[] = { CONFIRMED, NOTHING_LEFT, NULL };
	char *text;

	IS_STR(status_after(bench, messages), "cancelled",
	    "changes that reject every line cancel");
	text = outcome(bench);
	OK(strstr(text, "\"grand_total\":\"30.00\"") != NULL,
	    "the order keeps its last totals");
	free(text);
}

#define SHOP_AT(time)                                                          \
	ORDER("20260301100000",                                                \
	    "\"stage\":\"provisional\",\"placed_at\":\"" time "\"")
#define SAP_AT(time)                                                           \
	ORDER("20260301100500",                                                \
	    "\"stage\":\"confirmed\",\"sales_document\":\"4711\","             \
	    "\"placed_at\":\"" time "\"")

/* 2026-07-01 begins at 23:00 UTC in London. */
static void
test_placed(struct bench *bench)
{
	static const struct {
		const char *shop, *sap, *want, *what;
	} cases[] = {
		{ SHOP_AT("2026-07-01T08:15:30Z"),
		    SAP_AT("2026-06-30T23:00:00Z"), "2026-07-01T08:15:30Z",
		    "a date without a time does not move the order" },
		{ SHOP_AT("2026-06-30T22:59:00Z"),
		    SAP_AT("2026-06-30T23:00:00Z"), "2026-06-30T23:00:00Z",
		    "another local day: SAP's date wins" },
		{ SHOP_AT("2026-07-01T08:15:30Z"),
		    SAP_AT("2026-07-01T08:16:00Z"), "2026-07-01T08:16:00Z",
		    "SAP's date with a time wins" },
		{ NULL, SAP_AT("2026-06-30T23:00:00Z"), "2026-06-30T23:00:00Z",
		    "without the shop the midnight stands" },
	};
	struct diag diag = { .status = STATUS_OK };
	char placed[INSTANT_TEXT];

	zone_use("Europe/London", &diag);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(bench);
		take(bench, cases[i].sap);
		if (cases[i].shop != NULL)
			take(bench, cases[i].shop);
		free(outcome(bench));
		IS_STR(instant_format(bench->view.placed_at, placed),
		    cases[i].want, cases[i].what);
	}
	zone_use("UTC", &diag);
}

/* A batch-split item names its main item and nothing else. */
#define SPLIT(main, splits)                                                    \
	DELIVERY("8009", "20260302100000",                                     \
	    "\"posted_at\":\"2026-03-02T10:00:00Z\",\"lines\":["               \
	    "{\"line\":\"10\",\"sales_document\":\"4711\","                    \
	    "\"sales_line\":\"10\",\"sku\":\"A\",\"quantity\":\"" main         \
	    "\",\"unit\":\"PCE\"}," splits "]")
#define PART(line, sku)                                                        \
	"{\"line\":\"" line "\",\"parent\":\"10\",\"sku\":\"" sku              \
	"\",\"quantity\":\"1\",\"unit\":\"PCE\"}"

static void
test_splits(struct bench *bench)
{
	static const struct {
		const char *want, *what;
		const char *messages[MESSAGES_MAX];
	} cases[] = {
		{ "shipped", "splits of an empty main item count for its line",
		    { CONFIRMED, CHANGED,
			SPLIT("0",
			    PART("900001", "A") "," PART("900002", "A")) } },
		{ "shipped", "the main item that repeats them does not",
		    { CONFIRMED, CHANGED,
			SPLIT("2",
			    PART("900001", "A") "," PART("900002", "A")) } },
		{ "part_shipped", "half of it",
		    { CONFIRMED, CHANGED, SPLIT("0", PART("900001", "A")) } },
		{ "confirmed", "another material under it is no split",
		    { CONFIRMED, CHANGED, SPLIT("0", PART("900001", "X")) } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		IS_STR(status_after(bench, cases[i].messages), cases[i].want,
		    cases[i].what);
		OK(!remarked(bench, "shipment-over"), "nothing counts twice");
	}
}

static void
test_sent(struct bench *bench)
{
	static const char *const messages[] = { CONFIRMED, CHANGED, FIRST,
		SECOND, UNPOSTED, NULL };

	status_after(bench, messages);
	bench->event_sent = true;
	free(outcome(bench));
	IS_STR(order_status_name(bench->view.status), "shipped",
	    "after the event the status stays");
	OK(remarked(bench, "shipment-reversed"), "and the reversal is said");
}

#define OVER                                                                   \
	DELIVERY("8003", "20260302100000",                                     \
	    "\"posted_at\":\"2026-03-02T10:00:00Z\"," SHIPS("10", "3"))
#define UNKNOWN                                                                \
	DELIVERY("8004", "20260302100000",                                     \
	    "\"posted_at\":\"2026-03-02T10:00:00Z\"," SHIPS("90", "1"))
#define BOXES                                                                  \
	DELIVERY("8005", "20260302100000",                                     \
	    "\"posted_at\":\"2026-03-02T10:00:00Z\",\"lines\":[{\"line\":"     \
	    "\"10\",\"sales_document\":\"4711\",\"sales_line\":\"10\","        \
	    "\"quantity\":\"2\",\"unit\":\"CT\"}]")
#define SHORTER                                                                \
	ORDER("20260301130000",                                                \
	    "\"stage\":\"confirmed\",\"sales_document\":\"4711\",\"lines\":["  \
	    "{\"line\":\"10\",\"sku\":\"A\",\"quantity\":\"2\","               \
	    "\"subtotal\":\"20.00\"}]")
#define UNBALANCED                                                             \
	ORDER("20260301130000",                                                \
	    "\"stage\":\"changed\",\"sales_document\":\"4711\",\"totals\":{"   \
	    "\"subtotal\":\"25.00\",\"discount\":\"3.00\",\"tax\":\"5.00\","   \
	    "\"grand_total\":\"30.00\"}")

static void
test_remarks(struct bench *bench)
{
	static const struct {
		const char *code;
		const char *messages[MESSAGES_MAX];
	} cases[] = {
		{ "shipment-over", { CONFIRMED, OVER } },
		{ "shipment-unknown-line", { CONFIRMED, UNKNOWN } },
		{ "shipment-unit", { CONFIRMED, BOXES } },
		{ "order-line-vanished", { CONFIRMED, SHORTER } },
		{ "order-totals-mismatch", { CONFIRMED, UNBALANCED } },
		{ "order-unknown-original", { CHANGED } },
	};
	static const char *const clean[] = { PROVISIONAL, CONFIRMED, CHANGED,
		FIRST, SECOND, NULL };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		status_after(bench, cases[i].messages);
		OK(remarked(bench, cases[i].code), cases[i].code);
	}
	status_after(bench, clean);
	IS_INT(bench->view.remarks.count, 0, "nothing to say of a plain order");
}

static void
test_merge(struct bench *bench)
{
	begin(bench);
	IS_INT(take(bench, CONFIRMED), ORDER_NEWER, "new facts are folded");
	IS_INT(take(bench, CONFIRMED), ORDER_SAME, "the same are a duplicate");
	take(bench, SHORTER);
	IS_INT(take(bench, CONFIRMED), ORDER_SAME,
	    "a line that only the older one has is still its own");
	begin(bench);
	take(bench, ORDER("20260309000000",
			"\"stage\":\"confirmed\",\"sales_document\":\"4711\","
			"\"currency\":\"GBP\""));
	IS_INT(take(bench,
		   ORDER("20260308000000",
		       "\"stage\":\"confirmed\",\"sales_document\":\"4711\","
		       "\"currency\":\"EUR\"")),
	    ORDER_OLDER, "older ones are superseded");
}

/* A set, its components, and batch splits. */
static void
test_sets(struct bench *bench)
{
	static const char set[] = ORDER("20260301100500",
	    "\"stage\":\"confirmed\",\"sales_document\":\"4711\",\"lines\":["
	    "{\"line\":\"10\",\"sku\":\"SET\",\"quantity\":\"1\","
	    "\"subtotal\":\"30.00\"},{\"line\":\"20\",\"sku\":\"A\","
	    "\"quantity\":\"2\",\"subtotal\":\"30.00\",\"parent\":\"10\"}]");
	static const char split[] = DELIVERY("8001", "20260302100000",
	    "\"posted_at\":\"2026-03-02T10:00:00Z\",\"lines\":[{\"line\":"
	    "\"10\",\"sales_document\":\"4711\",\"sales_line\":\"20\","
	    "\"quantity\":\"2\"},{\"line\":\"900001\",\"parent\":\"10\","
	    "\"quantity\":\"1\",\"sales_document\":\"4711\"},{\"line\":"
	    "\"900002\",\"parent\":\"10\",\"quantity\":\"1\","
	    "\"sales_document\":\"4711\"}]");
	static const char *const messages[] = { set, split, NULL };
	char *text;

	IS_STR(status_after(bench, messages), "shipped",
	    "a set is despatched with its components");
	OK(!remarked(bench, "shipment-over"), "a batch split counts once");
	text = outcome(bench);
	OK(strstr(text, "\"grand_total\":\"30.00\"") != NULL,
	    "components do not count twice");
	free(text);
}

static void
test_ids(void)
{
	static const struct {
		const char *id;
		bool good;
	} ids[] = {
		{ "W100023", true },
		{ "100-2345678", true },
		{ "4500012345", true },
		{ "123456789012345678901234567890123456", true },
		{ "1234567890123456789012345678901234567", false },
		{ "ann@example.com", false },
		{ "+44 20 7946 0000", false },
		{ "(020) 7946 0000", false },
		{ "a\001b", false },
	};
	struct buf id = BUF_INIT;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		IS_INT(order_id_fault(str_of(ids[i].id)) == NULL, ids[i].good,
		    ids[i].id);
	desired_event_id(&id, STR("123456789012345678901234"));
	IS_STR(id.data, "shipped-123456789012345678901234",
	    "an event id of 32 characters");
	buf_clear(&id);
	desired_event_id(&id, STR("1234567890123456789012345"));
	IS_INT(id.len, 32, "a longer one is cut by its hash");
	buf_free(&id);
}

int
main(void)
{
	struct bench bench = { .event_sent = false };
	struct diag diag;

	if (order_rules_open(&bench.rules, NULL, &diag) != STATUS_OK)
		return 1;
	test_arrival(&bench);
	test_statuses(&bench);
	test_cancelled(&bench);
	test_cancelled_by_changes(&bench);
	test_placed(&bench);
	test_splits(&bench);
	test_sent(&bench);
	test_remarks(&bench);
	test_merge(&bench);
	test_sets(&bench);
	test_ids();
	order_rules_close(&bench.rules);
	arena_free(&bench.arena);
	DONE();
}

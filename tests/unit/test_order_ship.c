/*
 * From deliveries to the one fulfilment event: each case is a set of messages
 * that come in every order, and what follows from them.
 */

#include "config_text.h"
#include "order_bench.h"

/* Rules of all cases: a box of everything is 6 pieces, of B 10; a pallet is 40
 * boxes; three rolls are 10 metres; EA is no piece. */
static const char conf[] = "[unit \"CAR\"]\nbase = PCE\nfactor = 6\n"
			   "[unit \"B:CAR\"]\nfactor = 10\nbase = ST\n"
			   "[unit \"PAL\"]\nbase = KAR\nfactor = 40\n"
			   "[unit \"RO\"]\nbase = M\nfactor = 10\nper = 3\n"
			   "[unit \"EA\"]\nbase = EA\n"
			   "[unit \"X1\"]\nbase = X2\n"
			   "[unit \"X2\"]\nbase = X1\n"
			   "[order]\nno-delivery-categories = ZDIG,TAE\n";

#define CONFIRM(seq, document, lines)                                          \
	ORDER("20260301" seq,                                                  \
	    "\"stage\":\"confirmed\",\"sales_document\":\"" document           \
	    "\",\"customer\":{\"id\":\"12345\"},\"lines\":[" lines "]")
#define CHANGE(seq, document, lines)                                           \
	ORDER("20260301" seq,                                                  \
	    "\"stage\":\"changed\",\"sales_document\":\"" document             \
	    "\",\"lines\":[" lines "]")
#define LINE(line, sku, quantity, unit, rest)                                  \
	"{\"line\":\"" line "\",\"sku\":\"" sku "\",\"quantity\":\"" quantity  \
	"\",\"unit\":\"" unit "\",\"subtotal\":\"10.00\"" rest "}"
#define A10(quantity) LINE("10", "A", quantity, "PCE", "")
#define B20 LINE("20", "B", "1", "PCE", "")
#define REJECTED(line)                                                         \
	"{\"line\":\"" line "\",\"action\":\"change\",\"rejected\":\"Z1\"}"

/* A delivery posted on a day of March 2026, and one that is not. */
#define POSTED(id, day, lines)                                                 \
	DELIVERY(id, "202603" day "100000",                                    \
	    "\"posted_at\":\"2026-03-" day "T10:00:00Z\","                     \
	    "\"tracking_number\":\"T" id "\",\"lines\":[" lines "]")
#define PLANNED(id, day, lines)                                                \
	DELIVERY(id, "202603" day "100000", "\"lines\":[" lines "]")
#define DELETED(id, day)                                                       \
	DELIVERY(id, "202603" day "100000", "\"reversed\":true")
#define ITEM(item, document, line, quantity, unit, rest)                       \
	"{\"line\":\"" item "\",\"sales_document\":\"" document                \
	"\",\"sales_line\":\"" line "\",\"quantity\":\"" quantity              \
	"\",\"unit\":\"" unit "\"" rest "}"
#define PIECES(line, quantity) ITEM(line, "4711", line, quantity, "PCE", "")
#define SPLIT(item, parent, quantity)                                          \
	"{\"line\":\"" item "\",\"parent\":\"" parent                          \
	"\",\"quantity\":\"" quantity "\",\"unit\":\"PCE\"}"

struct expectation {
	const char *what;
	const char *status;
	int event; /* whether it is due */
	const char *code; /* of the one remark, or NULL */
	const char *has; /* what the bodies hold, or NULL */
	const char *messages[MESSAGES_MAX + 1];
};

static const struct expectation quantities[] = {
	{ "nothing was despatched", "confirmed", 0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")) } },
	{ "a delivery without goods issue counts for nothing", "confirmed", 0,
	    NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")),
		PLANNED("801", "02", PIECES("10", "2")) } },
	{ "one piece of two", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "1")) } },
	{ "three partial shipments", "shipped", 1, NULL,
	    "\"at\":\"2026-03-04T10:00:00Z\"",
	    { CONFIRM("1", "4711", A10("3")),
		POSTED("801", "04", PIECES("10", "1")),
		POSTED("802", "02", PIECES("10", "1")),
		POSTED("803", "03", PIECES("10", "1")) } },
	{ "decimals add up exactly", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("0.3")),
		POSTED("801", "02", PIECES("10", "0.1")),
		POSTED("802", "02", PIECES("10", "0.1")),
		POSTED("803", "02", PIECES("10", "0.100")) } },
	{ "more than ordered", "shipped", 1, "shipment-over", NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "3")) } },
	{ "an item that the order does not have", "confirmed", 0,
	    "shipment-unknown-line", NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("90", "2")) } },
	{ "a delivery of two orders counts its own lines", "shipped", 1, NULL,
	    "\"delivery_count\":1",
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02",
		    PIECES("10", "2") "," ITEM("20", "9999", "20", "7", "PCE",
			"")) } },
	{ "two documents, one of them open", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")), CONFIRM("2", "4712", B20),
		POSTED("801", "02", PIECES("10", "2")) } },
	{ "two documents, both despatched", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")), CONFIRM("2", "4712", B20),
		POSTED("801", "02", PIECES("10", "2")),
		POSTED("802", "03",
		    ITEM("10", "4712", "20", "1", "PCE", "")) } },
	{ "the shop's order alone is not despatched", "pending", 0, NULL, NULL,
	    { ORDER("20260301100000",
		  "\"stage\":\"provisional\",\"lines\":[" A10("1") "]"),
		POSTED("801", "02", PIECES("10", "1")) } },
};

/* A delivery that names the web order alone, or no item of the document. */
#define NAMED(item, reference, quantity)                                       \
	"{\"line\":\"" item "\"," reference ",\"quantity\":\"" quantity        \
	"\",\"unit\":\"PCE\"}"
#define TWICE A10("1") "," LINE("20", "A", "1", "PCE", "")

static const struct expectation references[] = {
	{ "one product on two lines, each gets its own", "shipped", 1, NULL,
	    NULL,
	    { CONFIRM("1", "4711", TWICE),
		POSTED("801", "02",
		    NAMED("10", "\"web_order\":\"W10001\",\"sku\":\"A\"", "1")),
		POSTED("802", "03",
		    NAMED("10", "\"web_order\":\"W10001\",\"sku\":\"A\"",
			"1")) } },
	{ "one item number in two documents", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("1")), CONFIRM("2", "4712", A10("1")),
		POSTED("801", "02",
		    NAMED("10",
			"\"web_order\":\"W10001\",\"sales_line\":\"10\"", "1")),
		POSTED("802", "03",
		    NAMED("10",
			"\"web_order\":\"W10001\",\"sales_line\":\"10\"",
			"1")) } },
	{ "the document is that of the item", "part_shipped", 0,
	    "shipment-over", NULL,
	    { CONFIRM("1", "4711", A10("1")), CONFIRM("2", "4712", A10("1")),
		POSTED("801", "02",
		    NAMED("10", "\"sales_document\":\"4712\",\"sku\":\"A\"",
			"2")) } },
};

static const struct expectation rejections[] = {
	{ "a rejected rest completes the order at the last goods issue",
	    "shipped", 1, NULL, "\"at\":\"2026-03-02T10:00:00Z\"",
	    { CONFIRM("1", "4711", A10("2") "," B20),
		POSTED("801", "02", PIECES("10", "2")),
		ORDER("20260309000000",
		    "\"stage\":\"changed\",\"sales_document\":\"4711\","
		    "\"lines\":[" REJECTED("20") "]") } },
	{ "all lines rejected before any goods issue", "cancelled", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("2")),
		CHANGE("2", "4711", REJECTED("10")),
		PLANNED("801", "02", PIECES("10", "2")) } },
	{ "the rest of the only line is rejected", "shipped", 1, NULL,
	    "\"lines\":[{\"line\":\"10\"",
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02", PIECES("10", "3")),
		ORDER("20260309000000",
		    "\"stage\":\"confirmed\",\"sales_document\":\"4711\","
		    "\"status\":\"cancelled\",\"lines\":[{\"line\":\"10\","
		    "\"quantity\":\"5\",\"rejected\":\"Z1\"}]") } },
	{ "the whole document is refused when part of it has left", "shipped",
	    1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("5") "," B20),
		POSTED("801", "02", PIECES("10", "3")),
		ORDER("20260309000000",
		    "\"stage\":\"rejected\",\"sales_document\":\"4711\"") } },
	{ "its goods issue taken back it is cancelled", "cancelled", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02", PIECES("10", "3")),
		CHANGE("2", "4711", REJECTED("10")),
		PLANNED("801", "03", PIECES("10", "3")) } },
	{ "what was despatched of a rejected line leaves the rest open",
	    "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("5") "," B20),
		POSTED("801", "02", PIECES("10", "3")),
		CHANGE("2", "4711", REJECTED("10")) } },
};

static const struct expectation reversals[] = {
	{ "a posting date that is gone takes the quantity back", "part_shipped",
	    0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "1")),
		POSTED("802", "03", PIECES("10", "1")),
		PLANNED("802", "04", PIECES("10", "1")) } },
	{ "so does a deleted delivery, without items", "part_shipped", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "1")),
		POSTED("802", "03", PIECES("10", "1")),
		DELETED("802", "04") } },
	{ "posted again it counts once", "shipped", 1, NULL,
	    "\"at\":\"2026-03-05T10:00:00Z\"",
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "1")),
		POSTED("802", "03", PIECES("10", "1")),
		PLANNED("802", "04", PIECES("10", "1")),
		POSTED("802", "05", PIECES("10", "1")) } },
	{ "the newest message of a delivery counts", "part_shipped", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("2")),
		POSTED("801", "02", PIECES("10", "2")),
		POSTED("801", "03", PIECES("10", "1")) } },
};

static const struct expectation splits[] = {
	{ "splits carry the quantity, the main item none", "shipped", 1, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02",
		    PIECES("10", "0") "," SPLIT("900001", "10",
			"2") "," SPLIT("900002", "10", "3")) } },
	{ "both carry it", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02",
		    PIECES("10", "5") "," SPLIT("900001", "10",
			"2") "," SPLIT("900002", "10", "3")) } },
	{ "the main item carries it, the splits none", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02",
		    PIECES("10", "5") "," SPLIT("900001", "10",
			"0") "," SPLIT("900002", "10", "0")) } },
	{ "splits before their main item inherit, too", "part_shipped", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02",
		    SPLIT("900001", "10", "2") "," PIECES("10", "0")) } },
	{ "over two deliveries", "shipped", 1, NULL, "\"delivery_count\":2",
	    { CONFIRM("1", "4711", A10("5")),
		POSTED("801", "02",
		    PIECES("10", "3") "," SPLIT("900001", "10", "3")),
		POSTED("802", "03",
		    PIECES("10", "2") "," SPLIT("900001", "10",
			"1") "," SPLIT("900002", "10", "1")) } },
};

#define SET_LINES                                                              \
	LINE("10", "SET", "1", "PCE", "")                                      \
	"," LINE("20", "A", "2", "PCE", ",\"parent\":\"10\"") "," LINE("30",   \
	    "B", "1", "PCE", ",\"parent\":\"10\"")
#define FREE_LINES                                                             \
	A10("2")                                                               \
	"," LINE("11", "GIFT", "1", "PCE",                                     \
	    ",\"parent\":\"10\",\"category\":\"TANN\"")
#define TEXT_LINES                                                             \
	A10("1")                                                               \
	"," LINE("20", "T", "1", "PCE",                                        \
	    ",\"parent\":\"10\",\"category\":\"TAE\"")
#define DIGITAL LINE("30", "PDF", "1", "PCE", ",\"category\":\"ZDIG\"")

static const struct expectation sets[] = {
	{ "one component of a set", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", SET_LINES),
		POSTED("801", "02", PIECES("20", "2")) } },
	{ "a set is despatched when its components are", "shipped", 1, NULL,
	    NULL,
	    { CONFIRM("1", "4711", SET_LINES),
		POSTED("801", "02", PIECES("20", "2")),
		POSTED("802", "03", PIECES("30", "1")) } },
	{ "the set's own item is not enough", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", SET_LINES),
		POSTED("801", "02", PIECES("10", "1")) } },
	{ "a free item does not stand for the one that is paid", "part_shipped",
	    0, NULL, NULL,
	    { CONFIRM("1", "4711", FREE_LINES),
		POSTED("801", "02", PIECES("11", "1")) } },
	{ "both of them", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", FREE_LINES),
		POSTED("801", "02",
		    PIECES("11", "1") "," PIECES("10", "2")) } },
	{ "components that explain are not waited for", "shipped", 1, NULL,
	    NULL,
	    { CONFIRM("1", "4711", TEXT_LINES),
		POSTED("801", "02", PIECES("10", "1")) } },
	{ "nor do they make a set of it", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711",
		  TEXT_LINES "," LINE("40", "B", "1", "PCE", "")),
		POSTED("801", "02", PIECES("40", "1")) } },
	{ "a line that never ships", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", A10("1") "," DIGITAL),
		POSTED("801", "02", PIECES("10", "1")) } },
	{ "but others do", "confirmed", 0, NULL, NULL,
	    { CONFIRM("1", "4711", A10("1") "," DIGITAL) } },
	{ "an order of nothing else has no goods issue, no event", "confirmed",
	    0, NULL, NULL, { CONFIRM("1", "4711", DIGITAL) } },
};

#define PRICED(top, bottom)                                                    \
	LINE("10", "Z", "2", "KI",                                             \
	    ",\"price_unit\":\"ST\",\"price_numerator\":\"" top                \
	    "\",\"price_denominator\":\"" bottom "\"")
#define IN(unit, quantity) LINE("10", "A", quantity, unit, "")
#define OUT(quantity, unit, rest) ITEM("10", "4711", "10", quantity, unit, rest)

static const struct expectation units[] = {
	{ "names of one unit", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("PCE", "2")),
		POSTED("801", "02", OUT("1", "ST", "")),
		POSTED("802", "02", OUT("1", "PC", "")) } },
	{ "a name that the configuration takes out", "confirmed", 0,
	    "shipment-unit", NULL,
	    { CONFIRM("1", "4711", IN("PCE", "2")),
		POSTED("801", "02", OUT("2", "EA", "")) } },
	{ "ordered in pieces, delivered in boxes: the base unit", "shipped", 1,
	    NULL, NULL,
	    { CONFIRM("1", "4711", IN("PCE", "24")),
		POSTED("801", "02",
		    OUT("2", "KI",
			",\"base_quantity\":\"24\",\"base_unit\":\"ST\"")) } },
	{ "the delivery's own conversion", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("PCE", "24")),
		POSTED("801", "02",
		    OUT("2", "KI",
			",\"base_unit\":\"ST\",\"base_numerator\":\"12\","
			"\"base_denominator\":\"1\"")) } },
	{ "thirds of a base unit are not rounded", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("PCE", "1")),
		POSTED("801", "02",
		    OUT("1", "KI",
			",\"base_unit\":\"ST\",\"base_numerator\":\"1\","
			"\"base_denominator\":\"3\"")),
		POSTED("802", "02",
		    OUT("2", "KI",
			",\"base_unit\":\"ST\",\"base_numerator\":\"1\","
			"\"base_denominator\":\"3\"")) } },
	{ "ordered in boxes, delivered in pieces: the order's own conversion",
	    "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", PRICED("12", "1")),
		POSTED("801", "02", OUT("23", "PCE", "")),
		POSTED("802", "03", OUT("1", "PCE", "")) } },
	{ "one piece is missing", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", PRICED("12", "1")),
		POSTED("801", "02", OUT("23", "PCE", "")) } },
	{ "which goes before the configuration's", "part_shipped", 0, NULL,
	    NULL,
	    { CONFIRM("1", "4711",
		  LINE("10", "A", "2", "CAR",
		      ",\"price_unit\":\"ST\",\"price_numerator\":\"12\","
		      "\"price_denominator\":\"1\"")),
		POSTED("801", "02", OUT("23", "PCE", "")) } },
	{ "a negative conversion is none", "confirmed", 0, "shipment-unit",
	    NULL,
	    { CONFIRM("1", "4711", PRICED("-12", "1")),
		POSTED("801", "02", OUT("24", "PCE", "")) } },
	{ "a conversion by zero is none", "confirmed", 0, "shipment-unit", NULL,
	    { CONFIRM("1", "4711", PRICED("0", "1")),
		POSTED("801", "02", OUT("24", "PCE", "")) } },
	{ "the configuration's conversion", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("CT", "2")),
		POSTED("801", "02", OUT("5", "PCE", "")),
		POSTED("802", "02", OUT("7", "ST", "")) } },
	{ "of a SKU", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", LINE("10", "B", "2", "CAR", "")),
		POSTED("801", "02", OUT("19", "PCE", "")) } },
	{ "of a SKU, whole", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", LINE("10", "B", "2", "CAR", "")),
		POSTED("801", "02", OUT("20", "PCE", "")) } },
	{ "over two steps", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("PAL", "1")),
		POSTED("801", "02", OUT("240", "ST", "")) } },
	{ "one piece short of a pallet", "part_shipped", 0, NULL, NULL,
	    { CONFIRM("1", "4711", IN("PAL", "1")),
		POSTED("801", "02", OUT("239", "ST", "")) } },
	{ "thirds of the configuration", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("MTR", "10")),
		POSTED("801", "02", OUT("1", "ROL", "")),
		POSTED("802", "02", OUT("2", "RO", "")) } },
	{ "a line that names no unit", "shipped", 1, NULL, NULL,
	    { CONFIRM("1", "4711", IN("", "2")),
		POSTED("801", "02", OUT("2", "KI", "")) } },
	{ "no conversion at all", "confirmed", 0, "shipment-unit", NULL,
	    { CONFIRM("1", "4711", IN("PCE", "2")),
		POSTED("801", "02", OUT("2", "XYZ", "")) } },
	{ "a conversion that goes in a circle", "confirmed", 0, "shipment-unit",
	    NULL,
	    { CONFIRM("1", "4711", IN("PCE", "2")),
		POSTED("801", "02", OUT("2", "X1", "")) } },
	{ "quantities that do not fit", "part_shipped", 0, "shipment-unit",
	    NULL,
	    { CONFIRM("1", "4711", IN("PCE", "9223372036854775807")),
		POSTED("801", "02", OUT("9223372036854775806", "PCE", "")),
		POSTED("802", "02", OUT("9223372036854775806", "PCE", "")) } },
};

#define PARCELS(id, day, own, numbers)                                         \
	DELIVERY(id, "202603" day "100000",                                    \
	    "\"posted_at\":\"2026-03-" day "T10:00:00Z\","                     \
	    "\"tracking_number\":\"" own "\",\"parcels\":[" numbers            \
	    "],\"lines\":[" PIECES("10", "1") "]")
#define PARCEL(number) "{\"number\":\"" number "\"}"

static const struct expectation parcels[] = {
	{ "every parcel, by goods issue, each once", "shipped", 1, NULL,
	    "\"tracking_number\":\"P3\",\"delivery_count\":2,"
	    "\"tracking_numbers\":\"P1,P2,P3,P4\"}",
	    { CONFIRM("1", "4711", A10("2")),
		PARCELS("801", "03", "P3", PARCEL("P3") "," PARCEL("P4")),
		PARCELS("802", "02", "P1",
		    PARCEL("P1") "," PARCEL("P2") "," PARCEL("P3")) } },
	{ "none of a delivery that is not posted", "shipped", 1, NULL,
	    "\"tracking_numbers\":\"P1\"}",
	    { CONFIRM("1", "4711", A10("1")),
		PARCELS("801", "02", "P1", PARCEL("P1")),
		DELIVERY("802", "20260303100000",
		    "\"tracking_number\":\"P9\",\"lines\":[" PIECES("10",
			"1") "]") } },
	{ "what is no number is not listed", "shipped", 1, NULL,
	    "\"tracking_numbers\":\"P1\"}",
	    { CONFIRM("1", "4711", A10("1")),
		PARCELS("801", "02", "P1",
		    PARCEL("a\\\"b") "," PARCEL("a,b") "," PARCEL("")) } },
};

static void
expect(struct bench *bench, const struct expectation *want)
{
	size_t count = 0;
	char *text;

	while (want->messages[count] != NULL)
		count++;
	every_order_of_arrival(bench, want->messages, count, want->what);
	IS_STR(order_status_name(bench->view.status), want->status,
	    "with its status");
	IS_INT(bench->view.fulfilled, want->event,
	    want->event ? "and the event" : "and no event");
	OK(want->code != NULL
		? bench->view.remarks.count == 1 && remarked(bench, want->code)
		: bench->view.remarks.count == 0,
	    want->code != NULL ? want->code : "nothing to remark");
	if (bench->view.remarks.count != (want->code != NULL))
		for (size_t i = 0; i < bench->view.remarks.count; i++)
			printf("# %s\n", bench->view.remarks.list[i].code);
	if (want->has == NULL)
		return;
	text = outcome(bench);
	OK(strstr(text, want->has) != NULL, want->has);
	if (strstr(text, want->has) == NULL)
		printf("# %s\n", text);
	free(text);
}

#define EXPECT_ALL(bench, table)                                               \
	for (size_t row = 0; row < sizeof(table) / sizeof((table)[0]); row++)  \
	expect(bench, &(table)[row])

/* Numbers of many parcels: whole ones, and Ometria's limits hold. */
static void
test_limits(struct bench *bench, size_t url)
{
	struct buf record = BUF_INIT;
	const char *list, *properties;
	char *text;
	size_t len;

	buf_add_text(&record,
	    "{\"v\":1,\"type\":\"shipment\",\"id\":\"801\",\"seq\":"
	    "\"20260302100000.0000000000000001\",\"posted_at\":"
	    "\"2026-03-02T10:00:00Z\",\"lines\":[" PIECES("10",
		"1") "],\"tracking_url\":\"");
	for (size_t i = 0; i < url; i++)
		buf_add_char(&record, 'u');
	buf_add_text(&record, "\",\"parcels\":[");
	for (int i = 0; i < 300; i++)
		buf_add_format(&record, "%s" PARCEL("%018d"), i > 0 ? "," : "",
		    i);
	buf_add_text(&record, "]}");
	begin(bench);
	take(bench, CONFIRM("1", "4711", A10("1")));
	take(bench, record.data);
	text = outcome(bench);
	list = strstr(text, "\"tracking_numbers\":\"");
	properties = strstr(text, "\n");
	properties =
	    properties != NULL ? strstr(properties, "\"order_id\"") : NULL;
	OK(list != NULL && properties != NULL, "a list of many numbers");
	if (list != NULL && properties != NULL) {
		list += strlen("\"tracking_numbers\":\"");
		len = strcspn(list, "\"");
		OK(len <= 512, "is no longer than a property may be");
		IS_INT((len + 1) % 19, 0, "and ends with a whole number");
		OK(len > 180, "there is room for some");
		OK(strlen(properties) < 1000,
		    "and all properties fit beside it");
	}
	free(text);
	buf_free(&record);
}

static void
test_after_the_event(struct bench *bench)
{
	static const char *const messages[] = { CONFIRM("1", "4711", A10("1")),
		POSTED("801", "02", PIECES("10", "1")),
		PLANNED("801", "03", PIECES("10", "1")),
		POSTED("801", "04", PIECES("10", "1")) };

	begin(bench);
	for (size_t i = 0; i < 3; i++)
		take(bench, messages[i]);
	bench->event_sent = true;
	free(outcome(bench));
	IS_STR(order_status_name(bench->view.status), "shipped",
	    "goods taken back after the event: the order stays shipped");
	OK(remarked(bench, "shipment-reversed"), "and that is said");
	take(bench, messages[3]);
	free(outcome(bench));
	OK(!remarked(bench, "shipment-reversed"), "until they leave again");
}

static void
test_factors(void)
{
	static const char *const wrong[] = {
		"[unit \"CAR\"]\nbase = PCE\nfactor = 0\n",
		"[unit \"CAR\"]\nbase = PCE\nper = -1\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct config *config = config_from(wrong[i]);
		struct order_rules rules;
		struct diag diag = { .status = STATUS_OK };

		IS_INT(order_rules_open(&rules, config, &diag), STATUS_CONFIG,
		    "a factor that is not positive");
		order_rules_close(&rules);
		config_free(config);
	}
}

int
main(void)
{
	struct bench bench = { .event_sent = false };
	struct config *config = config_from(conf);
	struct diag diag;

	if (order_rules_open(&bench.rules, config, &diag) != STATUS_OK)
		return 1;
	EXPECT_ALL(&bench, quantities);
	EXPECT_ALL(&bench, references);
	EXPECT_ALL(&bench, rejections);
	EXPECT_ALL(&bench, reversals);
	EXPECT_ALL(&bench, splits);
	EXPECT_ALL(&bench, sets);
	EXPECT_ALL(&bench, units);
	EXPECT_ALL(&bench, parcels);
	test_limits(&bench, 0);
	test_limits(&bench, 512);
	test_after_the_event(&bench);
	test_factors();
	order_rules_close(&bench.rules);
	arena_free(&bench.arena);
	config_free(config);
	DONE();
}

#include "fold/order_reserve.h"

#include "config_text.h"
#include "tap.h"

/* What open lines keep back, in thousandths of the unit of stock. */

static const char conf[] = "[unit \"CAR\"]\nbase = PCE\nfactor = 6\n"
			   "[unit \"RO\"]\nbase = M\nfactor = 10\nper = 3\n";

static void
test_lines(const struct config *config)
{
	static const struct {
		const char *what;
		const char *quantity, *unit;
		struct ratio shipped;
		bool due;
		const char *base;
		int64_t reserves;
	} rows[] = {
		{ "all of it", "3", "PCE", { 0, 1 }, true, "PCE", 3000 },
		{ "no delivery is to come", "3", "PCE", { 0, 1 }, false, "PCE",
		    0 },
		{ "some has left", "3", "PCE", { 2, 1 }, true, "PCE", 1000 },
		{ "all has left", "3", "PCE", { 3, 1 }, true, "PCE", 0 },
		{ "more than all", "3", "PCE", { 4, 1 }, true, "PCE", 0 },
		{ "boxes in pieces", "2", "CAR", { 1, 2 }, true, "ST", 9000 },
		{ "boxes where stock is in boxes", "2", "CAR", { 0, 1 }, true,
		    "KAR", 2000 },
		{ "in the unit that a box is made of", "2", "CAR", { 0, 1 },
		    true, "", 12000 },
		{ "a third of a roll", "0.1", "RO", { 0, 1 }, true, "M", 333 },
		{ "what cannot be converted", "2", "CAR", { 0, 1 }, true, "KG",
		    2000 },
		{ "no unit at all", "2", "", { 0, 1 }, true, "PCE", 2000 },
		{ "taken back at a till", "-2", "PCE", { 0, 1 }, true, "PCE",
		    0 },
		{ "more than SAP can have", "99999999999", "PCE", { 0, 1 },
		    true, "PCE", INT64_C(9999999999999) },
	};
	struct order_view view = { .answered = true };
	struct order_document document = { .document = STR("1") };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct order_line line = { .document = STR("1"),
			.of = &document,
			.live = true,
			.due = rows[i].due,
			.shipped = rows[i].shipped };

		line.quantity.known = decimal_parse(str_of(rows[i].quantity),
		    &line.quantity.value);
		line.facts[LINE_UNIT].value = str_of(rows[i].unit);
		IS_INT(order_line_reserves(&view, &line, config,
			   str_of(rows[i].base)),
		    rows[i].reserves, rows[i].what);
	}
}

static void
test_orders(void)
{
	static const struct {
		const char *what;
		struct order_view view;
		bool reserves;
	} rows[] = {
		{ "the shop's word alone",
		    { .from_shop = true, .status = ORDER_IS_PENDING }, false },
		{ "confirmed",
		    { .answered = true, .status = ORDER_IS_CONFIRMED }, true },
		{ "some has left",
		    { .answered = true, .status = ORDER_IS_PART_SHIPPED },
		    true },
		{ "credited in part",
		    { .answered = true, .status = ORDER_IS_PARTIAL_REFUND },
		    true },
		{ "credited as a whole",
		    { .answered = true, .status = ORDER_IS_REFUNDED }, false },
		{ "cancelled",
		    { .answered = true, .status = ORDER_IS_CANCELLED }, false },
		{ "no sale",
		    { .answered = true,
			.status = ORDER_IS_CONFIRMED,
			.no_sale = true },
		    false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		OK(order_reserves(&rows[i].view) == rows[i].reserves,
		    rows[i].what);
}

int
main(void)
{
	struct config *config = config_from(conf);

	test_lines(config);
	test_orders();
	config_free(config);
	DONE();
}

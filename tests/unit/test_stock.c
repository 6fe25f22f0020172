#include "fold/stock.h"

#include "config_text.h"
#include "tap.h"

/* Availability from snapshots and movements; thousandths throughout. */

static const struct stock_rule plain = {
	.threshold = 1000,
	.restock = 1000,
	.skew = 300,
};
static const struct stock_rule slow = {
	.threshold = 1000,
	.restock = 5000,
	.skew = 300,
};

static enum stock_answer
answer(const struct stock_rule *rule, const struct stock_cell *cells,
    size_t count)
{
	struct stock_sum sum = stock_add_up(rule, cells, count, NULL, NULL);

	return stock_answer(rule, &sum);
}

static void
test_sum(void)
{
	struct stock_cell cells[] = {
		{ .plant = STR("1100"), .has_base = true, .quantity = 400 },
		{ .plant = STR("1100"), .location = STR("2"), .quantity = 500 },
		{ .plant = STR("1200"), .quantity = 9000 },
	};
	struct stock_rule zero = plain;

	zero.baseline_zero = true;
	IS_INT(answer(&plain, cells, 0), STOCK_UNKNOWN, "nothing known");
	IS_INT(answer(&plain, cells, 2), STOCK_OUT, "0.9 is out of stock");
	cells[1].quantity = 600;
	IS_INT(answer(&plain, cells, 2), STOCK_IN, "1 is in stock");
	cells[1].quantity = -500;
	IS_INT(answer(&plain, cells, 3), STOCK_OUT,
	    "a plant without a snapshot adds nothing");
	IS_INT(answer(&plain, cells + 2, 1), STOCK_UNKNOWN,
	    "and is unknown alone");
	IS_INT(answer(&zero, cells, 3), STOCK_IN,
	    "it counts under baseline zero");
}

/* Movements within skew of a snapshot may be in it or not. */
static void
test_drift(void)
{
	static const struct {
		int64_t level, sure, more, less, drift;
		const char *what;
	} rows[] = {
		{ 5000, 5000, 0, 0, 0, "the ledger's own" },
		{ 4000, 5000, 0, 0, -1000, "one too few" },
		{ 6000, 5000, 0, 0, 1000, "one too many" },
		{ 6000, 5000, 1000, 0, 0, "a receipt beside it is in it" },
		{ 3000, 5000, 1000, 2000, 0, "an issue beside it is in it" },
		{ 2000, 5000, 1000, 2000, -1000, "neither explains it" },
		{ 7000, 5000, 1000, 2000, 1000, "nor this" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		IS_INT(stock_drift(rows[i].level, rows[i].sure, rows[i].more,
			   rows[i].less),
		    rows[i].drift, rows[i].what);
}

static void
test_doubtful(void)
{
	struct stock_cell cell = { .plant = STR("1100"),
		.has_base = true,
		.base = 0,
		.quantity = 3000,
		.doubtful = 3000 };
	struct stock_sum sum = stock_add_up(&plain, &cell, 1, NULL, NULL);
	struct stock_replay replay = stock_replay_begin(&plain, &sum);

	IS_INT(stock_answer(&plain, &sum), STOCK_REPLAY,
	    "a receipt beside the snapshot is no proof");
	stock_replay_step(&replay, 3000, true);
	OK(!replay.in, "it does not bring the SKU back");
	stock_replay_step(&replay, 1000, false);
	OK(replay.in, "one later does");
}

static void
test_hysteresis(void)
{
	struct stock_cell cell = { .plant = STR("1100"),
		.has_base = true,
		.base = 2000,
		.quantity = 3000 };
	struct stock_sum sum = stock_add_up(&slow, &cell, 1, NULL, NULL);
	struct stock_replay replay = stock_replay_begin(&slow, &sum);

	IS_INT(stock_answer(&slow, &sum), STOCK_REPLAY, "between the limits");
	OK(replay.in, "a snapshot decides by the threshold");
	stock_replay_step(&replay, -2000, false);
	OK(!replay.in, "sold out");
	stock_replay_step(&replay, 3000, false);
	OK(!replay.in, "3 is not enough to come back");
	stock_replay_step(&replay, 2000, false);
	OK(replay.in, "5 is");
	stock_replay_step(&replay, -4000, false);
	OK(replay.in, "1 is enough to stay");
}

static void
test_levels(void)
{
	struct stock_cell cell = { .plant = STR("1100") };
	struct stock_fact fact = { .at = 100,
		.quantity = 5000,
		.seq = STR("2") };
	struct stock_fact older = fact, later = fact;

	IS_INT(stock_take_level(&cell, &fact), STOCK_TAKEN, "first snapshot");
	IS_INT(stock_take_level(&cell, &fact), STOCK_DUPLICATE, "again");
	older.at = 99;
	IS_INT(stock_take_level(&cell, &older), STOCK_SUPERSEDED, "older");
	later.seq = STR("3");
	later.quantity = 1000;
	IS_INT(stock_take_level(&cell, &later), STOCK_TAKEN,
	    "same time, greater seq");
	IS_INT(cell.base, 1000, "its quantity stands");
	OK(stock_covers(&cell, &fact), "covers a movement of its own second");
	fact.at = 101;
	OK(!stock_covers(&cell, &fact), "but not one behind it");
}

static void
read_movement(const char *line, struct stock_reading *reading,
    struct stock_fact *fact)
{
	static struct json_doc doc;
	static struct arena arena;
	struct record record;
	struct diag diag;

	if (record_parse(&record, &doc, &arena, str_of(line), &diag) ==
	    STATUS_OK)
		*reading = stock_read_movement(&plain, &record, fact, &arena);
}

#define MOVEMENT "{\"v\":1,\"type\":\"stock_movement\",\"id\":\"m\","

static void
test_reading(void)
{
	struct stock_reading reading = { 0 };
	struct stock_fact fact = { 0 }, other = { 0 };

	read_movement(MOVEMENT "\"material\":\"000000000000000042\","
			       "\"plant\":\"1\",\"sign\":\"-\",\"quantity\":"
			       "\"1.500\",\"posted_at\":"
			       "\"1970-01-01T00:01:40Z\"}",
	    &reading, &fact);
	IS_INT(reading.verdict, STOCK_TAKEN, "a movement");
	IS_INT(fact.quantity, -1500, "with its sign");
	IS_INT(fact.at, 100, "at its posting time");
	read_movement(MOVEMENT "\"material\":\"42\",\"plant\":\"1\","
			       "\"sign\":\"-\",\"quantity\":\"1.5\"}",
	    &reading, &other);
	OK(hash_equal(fact.hash, other.hash),
	    "padding does not make it another one");
	read_movement(MOVEMENT "\"material\":\"42\",\"plant\":\"1\","
			       "\"quantity\":\"1.5\"}",
	    &reading, &fact);
	IS_STR(reading.why, "stock-unknown-movement", "no sign");
	read_movement(MOVEMENT "\"stock_type\":\"quality\"}", &reading, &fact);
	IS_STR(reading.why, "not-unrestricted", "other stock is ignored");
	read_movement(MOVEMENT "\"delivery\":\"8\",\"movement_type\":\"\"}",
	    &reading, &fact);
	IS_STR(reading.why, "source-documents",
	    "a delivery is none where documents tell");
	read_movement(MOVEMENT "\"special_stock\":\"E\"}", &reading, &fact);
	IS_STR(reading.why, "special-stock", "special stock is ignored");
	read_movement(MOVEMENT "\"plant\":\"1\",\"sign\":\"+\","
			       "\"quantity\":\"1\"}",
	    &reading, &fact);
	IS_STR(reading.why, "sku-missing", "no material");
	read_movement(MOVEMENT "\"sku\":\"4\",\"plant\":\"1\","
			       "\"sign\":\"+\",\"quantity\":\"1,5\"}",
	    &reading, &fact);
	IS_STR(reading.why, "record-invalid", "no number");
}

/* What is said, by what was said and how often it flipped. */
static void
test_damping(void)
{
	static const struct stock_rule rule = { .damping = 600, .flips = 3 };
	static const struct {
		const char *what;
		enum stock_answer said;
		instant until;
		enum stock_answer answer;
		uint64_t flips;
		bool flip;
		enum stock_answer now_said;
		instant now_until;
	} rows[] = {
		{ "the first answer", STOCK_UNKNOWN, INSTANT_NONE, STOCK_IN, 0,
		    false, STOCK_IN, INSTANT_NONE },
		{ "nothing new", STOCK_IN, INSTANT_NONE, STOCK_IN, 0, false,
		    STOCK_IN, INSTANT_NONE },
		{ "out", STOCK_IN, INSTANT_NONE, STOCK_OUT, 1, true, STOCK_OUT,
		    INSTANT_NONE },
		{ "back", STOCK_OUT, INSTANT_NONE, STOCK_IN, 2, true, STOCK_IN,
		    INSTANT_NONE },
		{ "out is never held back", STOCK_IN, INSTANT_NONE, STOCK_OUT,
		    9, true, STOCK_OUT, INSTANT_NONE },
		{ "back too often", STOCK_OUT, INSTANT_NONE, STOCK_IN, 3, true,
		    STOCK_OUT, 1600 },
		{ "held and still in", STOCK_OUT, 1001, STOCK_IN, 0, false,
		    STOCK_OUT, 1001 },
		{ "its time has come", STOCK_OUT, 1000, STOCK_IN, 0, false,
		    STOCK_IN, INSTANT_NONE },
		{ "held and out again", STOCK_OUT, 1500, STOCK_OUT, 4, true,
		    STOCK_OUT, INSTANT_NONE },
		{ "not known any more", STOCK_OUT, 1500, STOCK_UNKNOWN, 0,
		    false, STOCK_UNKNOWN, INSTANT_NONE },
	};
	const struct stock_rule off = { .flips = 1 };
	struct availability held = { STOCK_OUT, 1500 }, now;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct availability before = { rows[i].said,
			rows[i].until };

		IS_INT(stock_flips(&before, rows[i].answer), rows[i].flip,
		    rows[i].what);
		now = stock_damp(&rule, &before, rows[i].answer, rows[i].flips,
		    1000);
		IS_INT(now.said, rows[i].now_said, rows[i].what);
		IS_INT(now.held_until, rows[i].now_until, rows[i].what);
	}
	now = stock_damp(&off, &held, STOCK_IN, 0, 1000);
	IS_INT(now.said, STOCK_IN, "without damping nothing is held");
}

/* Movements in the unit of the stock: thousandths of it. */
static void
test_units(void)
{
	static const struct {
		const char *what, *unit, *base;
		int64_t quantity, is;
		const char *why;
	} rows[] = {
		{ "the same", "PCE", "PCE", 2000, 2000, NULL },
		{ "another name of it", "ST", "PCE", 2000, 2000, NULL },
		{ "a box", "CAR", "PCE", -2000, -12000, NULL },
		{ "a box of this product", "PAK", "PCE", 1000, 10000, NULL },
		{ "stock in boxes", "PCE", "CAR", 6000, 1000, NULL },
		{ "a part of a box", "PCE", "CAR", 1000, 167, NULL },
		{ "no unit: that of the stock", "", "CAR", 1000, 1000, NULL },
		{ "base unit not known: what it is made of", "CAR", "", 1000,
		    6000, NULL },
		{ "neither known", "X", "", 1000, 1000, NULL },
		{ "not to be converted", "KG", "PCE", 1000, 1000,
		    "stock-unit" },
		{ "more than SAP can have", "CAR", "PCE",
		    INT64_C(9999999999999), INT64_C(9999999999999),
		    "stock-unit" },
	};
	struct config *config =
	    config_from("[unit \"CAR\"]\nbase = PCE\nfactor = 6\n"
			"[unit \"B:PAK\"]\nbase = ST\nfactor = 10\n");
	const struct stock_rule rule = stock_rule_of(config);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stock_fact fact = { .quantity = rows[i].quantity,
			.unit = str_of(rows[i].unit) };
		struct stock_reading reading =
		    stock_in_base(&rule, &fact, STR("B"), str_of(rows[i].base));

		IS_INT(fact.quantity, rows[i].is, rows[i].what);
		IS_STR(reading.why != NULL ? reading.why : "",
		    rows[i].why != NULL ? rows[i].why : "", rows[i].what);
	}
	config_free(config);
}

static void
test_any(void)
{
	IS_INT(stock_any(STOCK_OUT, STOCK_IN), STOCK_IN, "any variant");
	IS_INT(stock_any(STOCK_OUT, STOCK_UNKNOWN), STOCK_OUT,
	    "unknown ones do not count");
}

int
main(void)
{
	struct diag diag;

	zone_use("UTC", &diag);
	test_sum();
	test_drift();
	test_doubtful();
	test_hysteresis();
	test_levels();
	test_reading();
	test_damping();
	test_units();
	test_any();
	DONE();
}

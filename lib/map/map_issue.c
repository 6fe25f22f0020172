#include "map/row.h"
#include "map/value.h"

/*
 * Goods issues of deliveries as movements, where [stock] source says so: each
 * item of a delivery is one, of nothing while goods issue is not posted or when
 * it is taken back. The newest message of a delivery counts.
 */

/* What is not looked at of a delivery: twice as long takes four times as long.
 */
#define SPLITS_MAX 1000

static bool
has_goods(const struct idoc_segment *item)
{
	struct decimal quantity;

	return (decimal_parse(idoc_named(item, "LFIMG"), &quantity) &&
		   decimal_sign(quantity) > 0) ||
	       (decimal_parse(idoc_named(item, "LGMNG"), &quantity) &&
		   decimal_sign(quantity) > 0);
}

/* Whether batch splits behind an item carry its quantity: items that name it
 * and stand for the same item of the order. */
static bool
is_split(const struct idoc_segment *item)
{
	struct str number = str_alpha_out(idoc_named(item, "POSNR"));
	const struct idoc_segment *other = idoc_next(item);

	for (int i = 0; i < SPLITS_MAX && other != NULL;
	     i++, other = idoc_next(other))
		if (other->type == item->type && number.len > 0 &&
		    str_eq(str_alpha_out(idoc_named(other, "HIPOS")), number) &&
		    str_eq(idoc_named(other, "VGPOS"),
			idoc_named(item, "VGPOS")) &&
		    has_goods(other))
			return true;
	return false;
}

/* raw: LGMNG or LFIMG. */
static struct row_result
rule_quantity(const struct row_at *at, const struct str *raw)
{
	struct decimal quantity;

	if (!decimal_parse(raw[0], &quantity))
		return VALUE_NOTHING;
	if (row_value(at, ".issued").len == 0 || row_true(at, ".reversed") ||
	    is_split(at->scope.anchor))
		return value_number(DECIMAL_ZERO);
	if (decimal_sign(quantity) < 0)
		quantity = decimal_neg(quantity);
	return value_number(decimal_trim(quantity));
}

/* Goods that come back wait for a decision. */
static struct row_result
rule_stock_type(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(
	    row_true(at, ".back") ? STR("other") : STR("unrestricted"));
}

static struct row_result
rule_sign(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(row_true(at, ".back") ? STR("+") : STR("-"));
}

/* While it is not posted, the message's own time counts. */
static struct row_result
rule_posted_at(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return row_true(at, ".reversed") ? VALUE_NOTHING
					 : value_of(row_value(at, ".issued"));
}

/* clang-format off */
static const struct row issue_rows[] = {
	{".delivery", "E1EDL20/VBELN", .value = value_alpha},
	{".item", "E1EDL24/POSNR", .value = value_item},
	{".issued", "E1EDL20/E1EDT13[QUALF=006]/ISDD+ISDZ", .value = value_date_time},
	{".reversed", "E1EDL20/E1EDL18[QUALF=DEL]/QUALF", .value = value_present},
	{".back", "E1EDL26[SHKZG=S]/SHKZG | E1EDL26[SHKZG=X]/SHKZG | E1EDL43[QUALF=H]/QUALF",
	    .value = value_present},
	/* For is_split: a field that no row names is not kept. */
	{".parent", "E1EDL24/HIPOS", .value = value_item},
	{".reference", "E1EDL24/VGPOS", .value = value_item},

	{"delivery", "E1EDL20/VBELN", .value = value_alpha},
	{"sku", NULL, .value = value_text},
	{"material", "E1EDL26/MATNR_LONG | E1EDL24/MATNR_LONG | E1EDL24/MATNR_EXTERNAL"
	    " | E1EDL24/MATNR", .limit = 40},
	{"matnr", "E1EDL24/MATNR", .rule = value_matnr, .limit = 18},
	{"plant", "E1EDL24/WERKS", .limit = 4},
	{"location", "E1EDL24/LGORT", .limit = 4},
	{"sign", NULL, .rule = rule_sign},
	{"stock_type", NULL, .rule = rule_stock_type},
	{"special_stock", "E1EDL26/SOBKZ", .value = value_text},
	{"quantity", "E1EDL24[MEINS!=]/LGMNG | E1EDL24/LFIMG", .value = value_quantity,
	    .rule = rule_quantity},
	{"unit", "E1EDL24[LGMNG!=]/MEINS | E1EDL24/VRKME", .limit = 3},
	{"posted_at", NULL, .rule = rule_posted_at},
	{.key = NULL},
};
/* clang-format on */

static const char *const issue_outer[] = { "E1EDL20", NULL };

static struct str
issue_id(const struct row_at *at)
{
	struct str item = row_value(at, ".item");

	if (item.len == 0)
		return arena_format(at->arena, "delivery-%.*s-@%llu",
		    STR_ARGS(row_value(at, ".delivery")),
		    (unsigned long long)at->position);
	return arena_format(at->arena, "delivery-%.*s-%.*s",
	    STR_ARGS(row_value(at, ".delivery")), STR_ARGS(item));
}

/* What is wrong with the delivery its own record has said. */
static const char *
issue_check(const struct row_at *at, struct str *subject)
{
	(void)at;
	(void)subject;
	return NULL;
}

/* A text, say, moves no goods. */
static unsigned
issue_sides(const struct row_at *at)
{
	return row_value(at, "material").len > 0 &&
		       row_value(at, "quantity").len > 0
		   ? 1
		   : 0;
}

const struct row_record map_issue_record = {
	.type = RECORD_STOCK_MOVEMENT,
	.anchor = "E1EDL24",
	.outer = issue_outer,
	.fault = "idoc-malformed",
	.rows = issue_rows,
	.id = issue_id,
	.check = issue_check,
	.sides = issue_sides,
};

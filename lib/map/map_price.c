#include "map/value.h"

/*
 * COND_A: condition records. Those of sales prices of one material become a
 * product that says its prices and nothing else; all others are none of it.
 */

#define PRICE_SCALE 4

/* raw: KBETR, KPEIN. The price of one: KBETR is for KPEIN units. */
static struct row_result
rule_price(const struct row_at *at, const struct str *raw)
{
	struct decimal price, per;

	if (!decimal_parse(raw[0], &price))
		return VALUE_NOTHING;
	if (decimal_parse(raw[1], &per) && decimal_sign(per) > 0 &&
	    !decimal_div(price, per, PRICE_SCALE, &price))
		return VALUE_NOTHING;
	return value_amount(at, price);
}

/* clang-format off */
static const struct row price_rows[] = {
	{".application", "E1KOMG/KAPPL", .value = value_text},
	{".usage", "E1KOMG/KVEWE", .value = value_text},
	{"material", "E1KOMG/MATNR_LONG | E1KOMG/MATNR_EXTERNAL | E1KOMG/MATNR", .limit = 40},
	{"matnr", "E1KOMG/MATNR", .rule = value_matnr, .limit = 18},
	{"prices", "E1KONH", .mode = ROW_LIST},
	{"prices.sales_org", "E1KOMG/VKORG", .value = value_text},
	{"prices.channel", "E1KOMG/VTWEG", .value = value_text},
	{"prices.condition", "E1KOMG/KSCHL", .value = value_text},
	{"prices.table", "E1KOMG/KOTABNR", .value = value_text},
	{"prices.from", "E1KONH/DATAB", .value = value_date},
	{"prices.to", "E1KONH/DATBI", .value = value_date},
	{"prices.price", "E1KONP/KBETR+KPEIN", .value = value_money, .rule = rule_price},
	{"prices.currency", "E1KONP/KONWA", .value = value_text},
	{"prices.unit", "E1KONP/KMEIN", .value = value_text},
	{"prices.deleted", "E1KONP/LOEVM_KO", .value = value_flag, .no = true},
	{.key = NULL},
};
/* clang-format on */

static struct str
price_id(const struct row_at *at)
{
	return str_alpha_out(row_value(at, "material"));
}

static const char *
price_check(const struct row_at *at, struct str *subject)
{
	(void)at;
	(void)subject;
	return NULL;
}

/* Usage A is pricing, application V sales. */
static unsigned
price_sides(const struct row_at *at)
{
	return price_id(at).len > 0 &&
	       (row_value(at, ".usage").len == 0 ||
		   str_is(row_value(at, ".usage"), "A")) &&
	       (row_value(at, ".application").len == 0 ||
		   str_is(row_value(at, ".application"), "V"));
}

const struct row_record map_price_record = {
	.type = RECORD_PRODUCT,
	.anchor = "E1KOMG",
	.fault = "idoc-malformed",
	.rows = price_rows,
	.id = price_id,
	.check = price_check,
	.sides = price_sides,
	.none = "no-material-price",
};

#include "map/row.h"
#include "map/value.h"

/*
 * Receipts of tills: WPUBON on WPUBON01, one order for each E1WPB01. An item
 * whose sign is '-' was sold (goods left), '+' came back; the amounts of its
 * conditions have no sign of their own that could be relied on, so that lists
 * in the configuration say which are prices and which discounts. Signs of
 * payments are not used either.
 */

#define ID_MAX 36 /* what an order number may have */
#define DAY_LENGTH 8
#define KUNNR_LENGTH 10

static struct row_result
rule_stage(const struct row_at *at, const struct str *raw)
{
	(void)at;
	(void)raw;
	return value_of(STR("confirmed"));
}

static struct row_result
rule_status(const struct row_at *at, const struct str *raw)
{
	(void)at;
	(void)raw;
	return value_of(STR("open"));
}

/* The site: of the till, else the sender, which is the site's number. */
static struct row_result
rule_site(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(str_alpha_out(row_value(at, ".till_group").len > 0
					  ? row_value(at, ".till_group")
					  : at->src->sys));
}

static struct row_result
rule_known_site(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(row_value(at, ".site"));
}

static bool
is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if ((c < '0' || c > '9') && (c < 'A' || c > 'Z') &&
		    (c < 'a' || c > 'z') && c != '_' && c != '.' && c != '-')
			return false;
	}
	return true;
}

/* Site, till, receipt and day; a hash of them where they are too long or hold
 * what no number holds. */
static struct row_result
rule_number(const struct row_at *at, const struct str *raw)
{
	struct str day = row_value(at, ".day");
	struct str number = arena_format(at->arena, "%.*s-%.*s-%.*s-%.*s",
	    STR_ARGS(row_value(at, ".site")), STR_ARGS(row_value(at, ".till")),
	    STR_ARGS(row_value(at, ".receipt")), STR_ARGS(day));
	char hex[HASH_HEX];

	(void)raw;
	if (number.len <= ID_MAX && is_plain(number))
		return value_of(number);
	hash_hex(hash_of(number), hex);
	return value_of(
	    arena_format(at->arena, "R%.24s-%.*s", hex, STR_ARGS(day)));
}

static bool
is_return(const struct row_at *at)
{
	return row_true(at, ".has_returned") && !row_true(at, ".has_sold");
}

static struct row_result
rule_kind(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(is_return(at) ? STR("return") : STR("order"));
}

/* The receipt that a return takes back. */
static struct row_result
rule_receipt(const struct row_at *at, const struct str *raw)
{
	return is_return(at) ? value_alpha(at, raw) : VALUE_NOTHING;
}

/* raw: KUNDNR, QUALKDNR. Only SAP's customer number: others, such as a card's
 * or a tax number, are the person's secret. Without a qualifier it is one in
 * SAP's form of ten characters. */
static struct row_result
rule_customer(const struct row_at *at, const struct str *raw)
{
	bool certain = raw[1].len > 0 ? config_lists(at->config, "till", NULL,
					    "customer-qualifiers", raw[1])
				      : raw[0].len == KUNNR_LENGTH;

	if (!certain || raw[0].len > KUNNR_LENGTH || !is_plain(raw[0]))
		return VALUE_NOTHING;
	return str_is(str_alpha_out(raw[0]), "0") ? VALUE_NOTHING
						  : value_alpha(at, raw);
}

/* What [sales-area "SITE"] says. */
static const char *
of_site(const struct row_at *at, const char *key)
{
	const char *site = arena_str(at->arena, row_value(at, ".site")).data;

	return config_labelled(at->config, "sales-area", site)
		   ? config_text(at->config, "sales-area", site, key)
		   : NULL;
}

static struct row_result
rule_store(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(str_of(of_site(at, "store")));
}

static struct row_result
rule_channel(const struct row_at *at, const struct str *raw)
{
	struct str channel = str_of(of_site(at, "channel"));

	/* "online" is the default of a sales area; no till is. */
	(void)raw;
	return value_of(channel.len == 0 || str_is(channel, "online")
			    ? STR("in store")
			    : channel);
}

/* Known only where all was paid in one way. */
static struct row_result
rule_payment(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return row_value(at, ".other_payment").len > 0
		   ? VALUE_NOTHING
		   : value_of(row_value(at, ".payment"));
}

static struct row_result
rule_other_payment(const struct row_at *at, const struct str *raw)
{
	return str_eq(raw[0], row_value(at, ".payment")) ? VALUE_NOTHING
							 : value_of(raw[0]);
}

static struct row_result
rule_bad_sign(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return str_is(raw[1], "-") || str_is(raw[1], "+") ? VALUE_NOTHING
							  : value_bool(true);
}

/* --- amounts; raw: KONDVALUE, KONDITION --- */

static bool
listed(const struct row_at *at, const struct str *raw, const char *list,
    struct decimal *amount)
{
	if (!decimal_parse(raw[0], amount) ||
	    !config_lists(at->config, "till", NULL, list, raw[1]))
		return false;
	if (decimal_sign(*amount) < 0)
		*amount = decimal_neg(*amount);
	return true;
}

static struct row_result
rule_price(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	return listed(at, raw, "price-conditions", &amount)
		   ? value_amount(at, amount)
		   : VALUE_NOTHING;
}

static struct row_result
rule_condition_discount(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	return listed(at, raw, "discount-conditions", &amount)
		   ? value_amount(at, decimal_neg(amount))
		   : VALUE_NOTHING;
}

/* A condition that is in neither list, or no number. */
static struct row_result
rule_unknown(const struct row_at *at, const struct str *raw)
{
	return rule_price(at, raw).kind != ROW_NOTHING ||
		       rule_condition_discount(at, raw).kind != ROW_NOTHING
		   ? VALUE_NOTHING
		   : value_bool(true);
}

static bool
is_gross(const struct row_at *at)
{
	return str_is(str_of(config_text(at->config, "till", NULL, "prices")),
	    "gross");
}

/* A record's amount is what was sold less what came back; in a return, where
 * nothing was sold, what came back. */
static bool
balance(const struct row_at *at, const char *sold, const char *returned,
    struct decimal *sum)
{
	struct decimal minus = DECIMAL_ZERO;
	bool any;

	*sum = DECIMAL_ZERO;
	any = row_decimal(at, sold, sum);
	any = row_decimal(at, returned, &minus) || any;
	if (is_return(at))
		minus = decimal_neg(minus);
	return any && decimal_sub(*sum, minus, sum);
}

/* A line's amount has the sign of its quantity. */
static struct row_result
line_amount(const struct row_at *at, struct decimal amount)
{
	bool back = row_true(at, "lines..returned") && !is_return(at);

	return value_amount(at, back ? decimal_neg(amount) : amount);
}

static struct row_result
rule_quantity(const struct row_at *at, const struct str *raw)
{
	struct decimal quantity;

	if (!decimal_parse(raw[0], &quantity))
		return VALUE_NOTHING;
	if (row_true(at, "lines..returned") && !is_return(at))
		quantity = decimal_neg(quantity);
	return value_number(decimal_trim(quantity));
}

/* What the line's price is without tax. */
static bool
net_price(const struct row_at *at, struct decimal *net)
{
	struct decimal tax;

	return row_decimal(at, "lines..price", net) &&
	       (!is_gross(at) || !row_decimal(at, "lines..tax", &tax) ||
		   decimal_sub(*net, tax, net));
}

#define PRICE_SCALE 6

static struct row_result
rule_unit_price(const struct row_at *at, const struct str *raw)
{
	struct decimal net, quantity;

	if (!net_price(at, &net) || !decimal_parse(raw[0], &quantity) ||
	    decimal_sign(quantity) <= 0 ||
	    !decimal_div(net, quantity, PRICE_SCALE, &net))
		return VALUE_NOTHING;
	return value_amount(at, net);
}

static struct row_result
rule_subtotal(const struct row_at *at, const struct str *raw)
{
	struct decimal net;

	(void)raw;
	return net_price(at, &net) ? line_amount(at, net) : VALUE_NOTHING;
}

static struct row_result
rule_line_discount(const struct row_at *at, const struct str *raw)
{
	struct decimal discount;

	(void)raw;
	return row_decimal(at, "lines..discount", &discount)
		   ? line_amount(at, discount)
		   : VALUE_NOTHING;
}

static struct row_result
rule_line_tax(const struct row_at *at, const struct str *raw)
{
	struct decimal tax;

	(void)raw;
	return row_decimal(at, "lines..tax", &tax) ? line_amount(at, tax)
						   : VALUE_NOTHING;
}

/* Add what is known of a row; false when it does not fit. */
static bool
add(const struct row_at *at, const char *key, struct decimal *sum)
{
	struct decimal value;

	return !row_decimal(at, key, &value) || decimal_add(*sum, value, sum);
}

static struct row_result
rule_line_total(const struct row_at *at, const struct str *raw)
{
	struct decimal sum;

	(void)raw;
	if (row_true(at, "lines..unknown") || !net_price(at, &sum) ||
	    !add(at, "lines..discount", &sum) || !add(at, "lines..tax", &sum))
		return VALUE_NOTHING;
	return line_amount(at, sum);
}

static struct row_result
rule_tax(const struct row_at *at, const struct str *raw)
{
	struct decimal tax;

	(void)raw;
	return balance(at, ".tax_sold", ".tax_returned", &tax)
		   ? value_amount(at, tax)
		   : VALUE_NOTHING;
}

static struct row_result
rule_net(const struct row_at *at, const struct str *raw)
{
	struct decimal net, tax;

	(void)raw;
	if (!balance(at, ".price_sold", ".price_returned", &net))
		return VALUE_NOTHING;
	if (is_gross(at) && balance(at, ".tax_sold", ".tax_returned", &tax) &&
	    !decimal_sub(net, tax, &net))
		return VALUE_NOTHING;
	return value_amount(at, net);
}

static struct row_result
rule_discount(const struct row_at *at, const struct str *raw)
{
	struct decimal sum, receipt;
	bool any = balance(at, ".discount_sold", ".discount_returned", &sum);

	(void)raw;
	if (row_decimal(at, ".receipt_discount", &receipt)) {
		if (!decimal_add(sum, receipt, &sum))
			return VALUE_NOTHING;
		any = true;
	}
	return any ? value_amount(at, sum) : VALUE_NOTHING;
}

static struct row_result
rule_grand_total(const struct row_at *at, const struct str *raw)
{
	struct decimal sum;

	(void)raw;
	if (row_true(at, ".unknown") ||
	    !row_decimal(at, "totals.subtotal", &sum) ||
	    !add(at, "totals.discount", &sum) || !add(at, "totals.tax", &sum))
		return VALUE_NOTHING;
	return value_amount(at, sum);
}

static struct row_result
rule_incomplete(const struct row_at *at, const struct str *raw)
{
	struct decimal total;

	(void)raw;

	return row_decimal(at, "totals.grand_total", &total) ? VALUE_NOTHING
							     : value_bool(true);
}

/* clang-format off */
#define ITEM "E1WPB02"
#define AMOUNT "/E1WPB03/KONDVALUE+KONDITION"
/* What items of one sign come to. */
#define SUM(key, fields, ...)                                                  \
	{key "_sold", ITEM "[VORZEICHEN=-]" fields, .mode = ROW_SUM, __VA_ARGS__}, \
	{key "_returned", ITEM "[VORZEICHEN=+]" fields, .mode = ROW_SUM, __VA_ARGS__}

static const struct row till_rows[] = {
	{".till_group", "E1WPB01/POSKREIS", .value = value_text},
	{".till", "E1WPB01/KASSID", .value = value_alpha},
	{".receipt", "E1WPB01/BONNUMMER", .value = value_alpha},
	{".day", "E1WPB01/VORGDATUM", .value = value_digits},
	{".has_sold", ITEM "[VORZEICHEN=-]/VORZEICHEN", .value = value_present},
	{".has_returned", ITEM "[VORZEICHEN=+]/VORZEICHEN", .value = value_present},
	{".bad_sign", ITEM "/*+VORZEICHEN", .rule = rule_bad_sign},
	{".unknown", ITEM AMOUNT, .rule = rule_unknown},
	{".payment", "E1WPB06/ZAHLART", .value = value_text},
	{".other_payment", "E1WPB06/ZAHLART", .rule = rule_other_payment},
	SUM(".price", AMOUNT, .rule = rule_price),
	SUM(".discount", AMOUNT, .rule = rule_condition_discount),
	SUM(".tax", "/E1WPB04/MWSBT", .value = value_money),
	{".receipt_discount", "E1WPB05/RABVALUE", .value = value_discount, .mode = ROW_SUM},

	{".site", NULL, .rule = rule_site},
	{"stage", NULL, .rule = rule_stage},
	{"sales_document", NULL, .rule = rule_number},
	{"kind", NULL, .rule = rule_kind},
	{"refers_to.receipt", ITEM "/REFBONNR", .rule = rule_receipt},
	{"placed_at", "E1WPB01/VORGDATUM+VORGZEIT", .value = value_date_time},
	{"currency", "E1WPB01/BELEGWAERS", .limit = 3},
	{"customer.id", "E1WPB01/KUNDNR+QUALKDNR", .rule = rule_customer},
	{"customer.email", NULL, .value = value_text},
	{"customer.first_name", NULL, .value = value_text},
	{"customer.last_name", NULL, .value = value_text},
	{"status", NULL, .rule = rule_status},
	{"store", NULL, .rule = rule_store},
	{"channel", NULL, .rule = rule_channel},
	{"coupon", NULL, .value = value_text},
	{"payment_method", NULL, .rule = rule_payment},

	{"totals.subtotal", NULL, .rule = rule_net},
	{"totals.discount", NULL, .rule = rule_discount},
	{"totals.tax", NULL, .rule = rule_tax},
	{"totals.grand_total", NULL, .rule = rule_grand_total},
	{"totals.incomplete", NULL, .rule = rule_incomplete},

	{"lines", ITEM, .mode = ROW_LIST},
	{"lines..returned", ITEM "[VORZEICHEN=+]/VORZEICHEN", .value = value_present},
	{"lines..price", "E1WPB03/KONDVALUE+KONDITION", .rule = rule_price, .mode = ROW_SUM},
	{"lines..discount", "E1WPB03/KONDVALUE+KONDITION", .rule = rule_condition_discount, .mode = ROW_SUM},
	{"lines..unknown", "E1WPB03/KONDVALUE+KONDITION", .rule = rule_unknown},
	{"lines..tax", "E1WPB04/MWSBT", .value = value_money, .mode = ROW_SUM},
	{"lines.line", NULL, .rule = value_element},
	{"lines.sku", NULL, .value = value_text},
	{"lines.material", ITEM "[QUALARTNR=ARTN]/ARTNR_LONG | " ITEM "[QUALARTNR=ARTN]/ARTNR | "
	    ITEM "[QUALARTNR=]/ARTNR_LONG | " ITEM "[QUALARTNR=]/ARTNR", .limit = 40},
	{"lines.ean", ITEM "[QUALARTNR=EANN]/ARTNR", .limit = 18},
	{"lines.title", NULL, .value = value_text},
	{"lines.quantity", ITEM "/MENGE", .rule = rule_quantity},
	{"lines.unit", ITEM "/SALES_UOM", .limit = 3},
	{"lines.unit_price", ITEM "/MENGE", .rule = rule_unit_price},
	{"lines.subtotal", NULL, .rule = rule_subtotal},
	{"lines.discount", NULL, .rule = rule_line_discount},
	{"lines.tax", NULL, .rule = rule_line_tax},
	{"lines.total", NULL, .rule = rule_line_total},

	{"site", NULL, .rule = rule_known_site},
	{.key = NULL},
};
/* clang-format on */

static struct str
till_id(const struct row_at *at)
{
	return row_value(at, "sales_document");
}

static const char *
till_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	if (row_value(at, ".site").len == 0)
		return "a receipt has no site, and the IDoc no sender";
	if (row_value(at, ".receipt").len == 0)
		return "a receipt has no number";
	if (row_value(at, ".day").len != DAY_LENGTH)
		return "a receipt has no date";
	if (row_true(at, ".bad_sign"))
		return "an item of a receipt has no sign: it was neither sold "
		       "nor returned";
	return NULL;
}

const struct row_record map_till_record = {
	.type = RECORD_ORDER,
	.anchor = "E1WPB01",
	.fault = "idoc-malformed",
	.rows = till_rows,
	.id = till_id,
	.check = till_check,
};

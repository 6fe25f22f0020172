#include "base/currency.h"
#include "map/row.h"
#include "map/value.h"

/* A purchase order number that is no web order number stays known. */
static struct row_result
rule_po_number(const struct row_at *at, const struct str *raw)
{
	if (str_eq(raw[0], row_value(at, "web_order")) ||
	    value_web_order(at, raw).kind != ROW_NOTHING)
		return VALUE_NOTHING;
	return value_of(raw[0]);
}

/* E1EDK01-BELNR of an ORDRSP is the sales document, unless the sender put the
 * customer's number there again. */
static struct row_result
rule_sales_document(const struct row_at *at, const struct str *raw)
{
	if (str_eq(raw[0], row_value(at, "web_order")) ||
	    str_eq(raw[0], row_value(at, ".customer_number")))
		return VALUE_NOTHING;
	return value_alpha(at, raw);
}

/* By the message type, or by ACTION 002 to 004: header or items changed. */
static bool
is_change(const struct row_at *at)
{
	struct str action = row_value(at, ".action");

	return str_is(at->mestyp, "ORDCHG") || str_is(action, "002") ||
	       str_is(action, "003") || str_is(action, "004");
}

/*
 * Whether a confirmation holds only the lines that changed: its message type is
 * configured to, or each of its lines is marked as changed or deleted. ACTION
 * of one line tells nothing: a first confirmation marks what differs from the
 * customer's order.
 */
static bool
is_partial(const struct row_at *at)
{
	return row_true(at, ".lined") && !is_change(at) &&
	       (config_lists(at->config, "order", NULL, "partial-messages",
		    at->mestyp) ||
		   !row_true(at, ".whole"));
}

/* ACTION 001 takes the document back. */
static struct row_result
rule_stage(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	if (str_is(row_value(at, ".action"), "001"))
		return value_of(STR("rejected"));
	return value_of(is_change(at) ? STR("changed") : STR("confirmed"));
}

static struct row_result
rule_partial(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return is_partial(at) ? value_bool(true) : VALUE_NOTHING;
}

/* raw: "*", ABGRU. A line that stands: not rejected, or for a reason that
 * leaves it open. */
static struct row_result
rule_live(const struct row_at *at, const struct str *raw)
{
	return raw[0].len > 0 &&
		       (raw[1].len == 0 || config_lists(at->config, "order",
					       NULL, "open-rejections", raw[1]))
		   ? value_bool(true)
		   : VALUE_NOTHING;
}

static struct row_result
rule_kind(const struct row_at *at, const struct str *raw)
{
	struct str category = row_value(at, ".category");
	struct str type = row_value(at, "order_type");

	(void)raw;
	if (str_is(category, "H"))
		return value_of(STR("return"));
	if (str_is(category, "K"))
		return value_of(STR("credit"));
	if (type.len > 0 &&
	    config_lists(at->config, "order", NULL, "return-types", type))
		return value_of(STR("return"));
	if (type.len > 0 &&
	    config_lists(at->config, "order", NULL, "credit-types", type))
		return value_of(STR("credit"));
	return value_of(STR("order"));
}

static bool
is_order(const struct row_at *at)
{
	/* The kind itself is known later than what stands in the IDoc. */
	return str_is(rule_kind(at, NULL).text, "order");
}

/* What a return order or credit memo request refers to. */
static struct row_result
rule_original(const struct row_at *at, const struct str *raw)
{
	struct row_result number = value_alpha(at, raw);

	return is_order(at) ||
		       str_eq(number.text, row_value(at, "sales_document"))
		   ? VALUE_NOTHING
		   : number;
}

static struct row_result
rule_original_web(const struct row_at *at, const struct str *raw)
{
	return is_order(at) ? VALUE_NOTHING : value_web_order(at, raw);
}

static struct row_result
rule_original_item(const struct row_at *at, const struct str *raw)
{
	return is_order(at) ? VALUE_NOTHING : value_item(at, raw);
}

/* All lines rejected is a cancelled order; a message that only has some lines
 * cannot tell. */
static struct row_result
rule_status(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	if (str_is(row_value(at, ".action"), "001"))
		return value_of(STR("cancelled"));
	if (row_true(at, ".live") || !row_true(at, ".lined"))
		return value_of(STR("open"));
	if (is_change(at) || is_partial(at))
		return VALUE_NOTHING;
	return value_of(STR("cancelled"));
}

/* Why it was cancelled: the reason of its first line. */
static struct row_result
rule_reason(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return str_is(row_value(at, "status"), "cancelled")
		   ? value_of(row_value(at, ".rejection"))
		   : VALUE_NOTHING;
}

#define PRICE_SCALE 6

/* raw: VPREI, PEINH. The price of one: VPREI is for PEINH units. */
static bool
unit_price(const struct str *raw, struct decimal *price)
{
	struct decimal per;

	if (!decimal_parse(raw[0], price))
		return false;
	if (!decimal_parse(raw[1], &per) || decimal_sign(per) <= 0 ||
	    decimal_cmp(per, (struct decimal){ 1, 0 }) == 0)
		return true;
	return decimal_div(*price, per, PRICE_SCALE, price);
}

static struct row_result
rule_unit_price(const struct row_at *at, const struct str *raw)
{
	struct decimal price;

	return unit_price(raw, &price) ? value_amount(at, price)
				       : VALUE_NOTHING;
}

/* raw: NETWR, MENGE, VPREI, PEINH. The net value, else quantity and price. */
static struct row_result
rule_subtotal(const struct row_at *at, const struct str *raw)
{
	struct decimal net, quantity, price;

	if (decimal_parse(raw[0], &net))
		return value_amount(at, net);
	if (!decimal_parse(raw[1], &quantity) || !unit_price(raw + 2, &price) ||
	    !decimal_mul(quantity, price, &net) ||
	    !decimal_rescale(net, currency_digits(row_value(at, "currency")),
		&net))
		return VALUE_NOTHING;
	return value_amount(at, net);
}

/* raw: NETWR, MENGE, VPREI, PEINH, ABGRU. Lines that stand; some of the lines
 * add up to nothing. */
static struct row_result
rule_subtotals(const struct row_at *at, const struct str *raw)
{
	const struct str line[] = { STR("*"), raw[4] };

	if (is_change(at) || is_partial(at) ||
	    rule_live(at, line).kind == ROW_NOTHING)
		return VALUE_NOTHING;
	return rule_subtotal(at, raw);
}

/* raw: BETRG, ALCKZ. Deductions: by their mark or by their own sign. */
static struct row_result
rule_discount(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	if (!decimal_parse(raw[0], &amount) ||
	    (!str_is(raw[1], "-") && decimal_sign(amount) >= 0))
		return VALUE_NOTHING;
	return value_discount(at, raw);
}

/* raw: BETRG, ALCKZ, KSCHL. Surcharges of the configured condition types. */
static struct row_result
rule_shipping(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	if (!decimal_parse(raw[0], &amount) || str_is(raw[1], "-") ||
	    decimal_sign(amount) < 0 ||
	    !config_lists(at->config, "order", NULL, "shipping-conditions",
		raw[2]))
		return VALUE_NOTHING;
	return value_money(at, raw);
}

/* raw: BETRG, ALCKZ, KSCHL. A surcharge that may be part of the total, a
 * subtotal or statistical: SAP does not say which. */
static struct row_result
rule_surcharge(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	return raw[2].len > 0 && decimal_parse(raw[0], &amount) &&
		       decimal_sign(amount) > 0 && !str_is(raw[1], "-") &&
		       rule_shipping(at, raw).kind == ROW_NOTHING
		   ? value_bool(true)
		   : VALUE_NOTHING;
}

/* raw: "*", NETWR, MENGE, VPREI, PEINH. A line without any amount. */
static struct row_result
rule_unpriced(const struct row_at *at, const struct str *raw)
{
	return rule_subtotal(at, raw + 1).kind == ROW_NOTHING ? value_bool(true)
							      : VALUE_NOTHING;
}

/* raw: WKURS, HWAER, CURCY. What one unit of the order's currency is in the
 * company's; SAP marks a quotation the other way round by a slash or a minus.
 */
static bool
exchange_rate(const struct str *raw, struct decimal *rate)
{
	const struct decimal one = { 1, 0 };
	struct str text = raw[0];
	bool slash = text.len > 0 && text.data[0] == '/';

	if (slash) {
		text.data++;
		text.len--;
	}
	if (raw[1].len == 0 || str_eq(raw[1], raw[2]) ||
	    !decimal_parse(text, rate) || decimal_sign(*rate) == 0)
		return false;
	if (decimal_sign(*rate) > 0)
		return !slash ||
		       decimal_div(one, *rate, DECIMAL_SCALE_MAX, rate);
	return decimal_div(one, decimal_neg(*rate), DECIMAL_SCALE_MAX, rate);
}

static struct row_result
rule_exchange_rate(const struct row_at *at, const struct str *raw)
{
	struct decimal rate;

	(void)at;
	return exchange_rate(raw, &rate) ? value_number(decimal_trim(rate))
					 : VALUE_NOTHING;
}

static struct row_result
rule_base_currency(const struct row_at *at, const struct str *raw)
{
	struct decimal rate;

	(void)at;
	return exchange_rate(raw, &rate) ? value_of(raw[1]) : VALUE_NOTHING;
}

/* Add what is known of these rows to sum; false when it does not fit. */
static bool
add_rows(const struct row_at *at, const char *const *keys, struct decimal *sum)
{
	struct decimal value;

	for (; *keys != NULL; keys++)
		if (row_decimal(at, *keys, &value) &&
		    !decimal_add(*sum, value, sum))
			return false;
	return true;
}

/* SUMID 011, else 002 and tax, else the sum of the parts
 * (sap-ometria-record(5)). */
static struct row_result
rule_grand_total(const struct row_at *at, const struct str *raw)
{
	static const char *const tax[] = { "totals.tax", NULL };
	static const char *const parts[] = { "totals.discount",
		"totals.shipping", "totals.tax", NULL };
	struct decimal sum;

	(void)raw;
	if (row_decimal(at, ".billed_value", &sum))
		return value_amount(at, sum);
	if (row_decimal(at, ".net_value", &sum))
		return add_rows(at, tax, &sum) ? value_amount(at, sum)
					       : VALUE_NOTHING;
	if (!row_decimal(at, "totals.subtotal", &sum) ||
	    !add_rows(at, parts, &sum))
		return VALUE_NOTHING;
	return value_amount(at, sum);
}

/* Totals that SAP did not send and that do not follow from what it sent. A
 * change of some lines and a cancellation say nothing of them. */
static struct row_result
rule_incomplete(const struct row_at *at, const struct str *raw)
{
	struct decimal total;

	(void)raw;
	if (!row_true(at, ".lined") || is_change(at) || is_partial(at) ||
	    str_is(row_value(at, "status"), "cancelled") ||
	    row_decimal(at, ".billed_value", &total) ||
	    row_decimal(at, ".net_value", &total))
		return VALUE_NOTHING;
	return !row_decimal(at, "totals.grand_total", &total) ||
		       row_true(at, ".unpriced") || row_true(at, ".surcharge")
		   ? value_bool(true)
		   : VALUE_NOTHING;
}

/* raw: NETWR. Net and tax; discounts are in NETWR, but not in a price. */
static struct row_result
rule_line_total(const struct row_at *at, const struct str *raw)
{
	static const char *const net[] = { "lines.tax", NULL };
	static const char *const gross[] = { "lines.discount", "lines.tax",
		NULL };
	struct decimal sum, sent;
	bool has_net = decimal_parse(raw[0], &sent);

	if (!row_decimal(at, "lines.subtotal", &sum) ||
	    !add_rows(at, has_net ? net : gross, &sum))
		return VALUE_NOTHING;
	return value_amount(at, sum);
}

/* raw: PMENE, MENEE. How the order's unit relates to the price's is only said
 * when they differ. */
static struct row_result
rule_price_unit(const struct row_at *at, const struct str *raw)
{
	return str_eq(raw[0], raw[1]) ? VALUE_NOTHING : value_text(at, raw);
}

static struct row_result
rule_price_factor(const struct row_at *at, const struct str *raw)
{
	return row_value(at, "lines.price_unit").len > 0
		   ? value_quantity(at, raw)
		   : VALUE_NOTHING;
}

/* ORDERS, ORDRSP, ORDCHG on ORDERS05. */
/* clang-format off */
static const struct row order_rows[] = {
	{".action", "E1EDK01/ACTION", .value = value_text},
	{".customer_number", "E1EDK02[QUALF=001]/BELNR", .value = value_text},
	{".category", "E1EDK14[QUALF=021]/ORGID", .value = value_text},
	{".rejection", "E1EDP01/ABGRT | E1EDP01/ABGRU", .value = value_text},
	{".lined", "E1EDP01/*", .value = value_present},
	{".live", "E1EDP01[ACTION!=003]/*+ABGRU", .rule = rule_live},
	{".whole", "E1EDP01[ACTION!=002][ACTION!=003]/*", .value = value_present},
	{".billed_value", "E1EDS01[SUMID=011]/SUMME", .value = value_money},
	{".net_value", "E1EDS01[SUMID=002]/SUMME", .value = value_money},
	{".surcharge", "E1EDK05/BETRG+ALCKZ+KSCHL", .rule = rule_surcharge},
	{".unpriced", "E1EDP01[ABGRU=][ACTION!=003]/*+NETWR+MENGE+VPREI+PEINH", .rule = rule_unpriced},

	{"stage", NULL, .rule = rule_stage},
	{"web_order", "E1EDK02[QUALF=001]/BELNR | E1EDK02[QUALF=066]/BELNR"
	    " | E1EDP01/E1EDP02[QUALF=001]/BELNR", .value = value_web_order},
	{"sales_document", "E1EDK02[QUALF=002]/BELNR | E1EDP01/E1EDP02[QUALF=002]/BELNR",
	    .value = value_alpha},
	{"sales_document", "E1EDK02[QUALF=002]/BELNR | E1EDP01/E1EDP02[QUALF=002]/BELNR"
	    " | E1EDK01/BELNR", .value = value_alpha, .rule = rule_sales_document, .only = "ORDRSP"},
	{"partial", NULL, .value = value_flag, .rule = rule_partial},
	{"kind", NULL, .rule = rule_kind},
	{"order_type", "E1EDK14[QUALF=012]/ORGID | E1EDK01/BSART", .value = value_text},
	{"refers_to.sales_document", "E1EDK02[QUALF=011]/BELNR | E1EDP01/E1EDP02[QUALF=011]/BELNR"
	    " | E1EDK02[QUALF=016]/BELNR | E1EDP01/E1EDP02[QUALF=016]/BELNR",
	    .value = value_alpha, .rule = rule_original},
	{"refers_to.web_order", "E1EDK02[QUALF=001]/BELNR | E1EDK02[QUALF=066]/BELNR"
	    " | E1EDP01/E1EDP02[QUALF=001]/BELNR", .value = value_web_order, .rule = rule_original_web},
	{"sales_area.sales_org", "E1EDK14[QUALF=008]/ORGID", .value = value_text},
	{"sales_area.channel", "E1EDK14[QUALF=007]/ORGID", .value = value_text},
	{"sales_area.division", "E1EDK14[QUALF=006]/ORGID", .value = value_text},
	{"placed_at", "E1EDK03[IDDAT=022]/DATUM+UZEIT | E1EDK03[IDDAT=012]/DATUM+UZEIT"
	    " | E1EDK03[IDDAT=025]/DATUM+UZEIT", .value = value_date_time},
	{"currency", "E1EDK01/CURCY | E1EDS01/WAERQ | E1EDP01/CURCY", .limit = 3},
	{"base_currency", "E1EDK01/WKURS+HWAER+CURCY", .value = value_text, .rule = rule_base_currency},
	{"exchange_rate", "E1EDK01/WKURS+HWAER+CURCY", .value = value_text, .rule = rule_exchange_rate},
	{"customer.id", "E1EDKA1[PARVW=AG]/PARTN", .value = value_alpha},
	{"customer.email", NULL, .value = value_text},
	{"customer.first_name", NULL, .value = value_text},
	{"customer.last_name", NULL, .value = value_text},
	{"customer.one_time", NULL, .value = value_flag},
	{"status", NULL, .rule = rule_status},
	{"reason", NULL, .value = value_text, .rule = rule_reason},
	{"store", NULL, .value = value_text},
	{"channel", NULL, .value = value_text},
	{"coupon", NULL, .value = value_text},
	{"payment_method", NULL, .value = value_text},
	{"shipping_method", "E1EDK01/VSART_BEZ | E1EDK01/VSART", .limit = 32},
	{"shipping_address.city", "E1EDKA1[PARVW=WE]/ORT01", .limit = 70},
	{"shipping_address.region", "E1EDKA1[PARVW=WE]/REGIO", .limit = 3},
	{"shipping_address.postcode", "E1EDKA1[PARVW=WE]/PSTLZ", .limit = 10},
	{"shipping_address.country", "E1EDKA1[PARVW=WE]/ISOAL | E1EDKA1[PARVW=WE]/LAND1",
	    .value = value_country},
	{"billing_address.city", "E1EDKA1[PARVW=RE]/ORT01", .limit = 70},
	{"billing_address.region", "E1EDKA1[PARVW=RE]/REGIO", .limit = 3},
	{"billing_address.postcode", "E1EDKA1[PARVW=RE]/PSTLZ", .limit = 10},
	{"billing_address.country", "E1EDKA1[PARVW=RE]/ISOAL | E1EDKA1[PARVW=RE]/LAND1",
	    .value = value_country},

	{"totals.subtotal", "E1EDP01[ACTION!=003]/NETWR+MENGE+VPREI+PEINH+ABGRU",
	    .value = value_money, .mode = ROW_SUM, .rule = rule_subtotals},
	{"totals.discount", "E1EDK05/BETRG+ALCKZ", .value = value_discount, .mode = ROW_SUM,
	    .rule = rule_discount},
	{"totals.shipping", "E1EDK05/BETRG+ALCKZ+KSCHL", .value = value_money, .mode = ROW_SUM,
	    .rule = rule_shipping},
	{"totals.tax", "E1EDK04/MWSBT | E1EDS01[SUMID=005]/SUMME", .value = value_money, .mode = ROW_SUM},
	{"totals.grand_total", NULL, .value = value_money, .rule = rule_grand_total},
	{"totals.incomplete", NULL, .value = value_flag, .rule = rule_incomplete},

	{"lines", "E1EDP01", .mode = ROW_LIST},
	{"lines.line", "E1EDP02[QUALF=002]/ZEILE | E1EDP01/POSEX", .value = value_item},
	{"lines.sales_document", "E1EDP02[QUALF=011]/BELNR | E1EDP02[QUALF=016]/BELNR",
	    .value = value_alpha, .rule = rule_original},
	{"lines.sales_line", "E1EDP02[QUALF=011]/ZEILE | E1EDP02[QUALF=016]/ZEILE",
	    .value = value_item, .rule = rule_original_item},
	{"lines.sku", NULL, .value = value_text},
	{"lines.material", "E1EDP19[QUALF=002]/IDTNR_LONG | E1EDP19[QUALF=002]/IDTNR_EXTERNAL"
	    " | E1EDP19[QUALF=002]/IDTNR | E1EDP01/MATNR_LONG | E1EDP01/MATNR_EXTERNAL"
	    " | E1EDP01/MATNR | E1EDP19[QUALF=001]/IDTNR_LONG | E1EDP19[QUALF=001]/IDTNR",
	    .limit = 40},
	{"lines.matnr", "E1EDP19[QUALF=002]/IDTNR+IDTNR_LONG+IDTNR_EXTERNAL"
	    " | E1EDP01/MATNR+MATNR_LONG+MATNR_EXTERNAL", .rule = value_line_matnr, .limit = 18},
	{"lines.ean", "E1EDP19[QUALF=003]/IDTNR", .limit = 18},
	{"lines.title", "E1EDP19[QUALF=002]/KTEXT | E1EDP19/KTEXT", .limit = 255},
	{"lines.quantity", "E1EDP01/MENGE", .value = value_quantity},
	{"lines.confirmed_quantity", "E1EDP20/WMENG", .value = value_quantity, .mode = ROW_SUM,
	    .only = "ORDRSP"},
	{"lines.unit", "E1EDP01/MENEE", .limit = 3},
	{"lines.unit_price", "E1EDP01/VPREI+PEINH", .value = value_money, .rule = rule_unit_price},
	{"lines.subtotal", "E1EDP01/NETWR+MENGE+VPREI+PEINH", .value = value_money, .rule = rule_subtotal},
	{"lines.discount", "E1EDP05/BETRG+ALCKZ", .value = value_discount, .mode = ROW_SUM,
	    .rule = rule_discount},
	{"lines.tax", "E1EDP04/MWSBT", .value = value_money, .mode = ROW_SUM},
	{"lines.total", "E1EDP01/NETWR+MENGE", .value = value_money, .rule = rule_line_total},
	{"lines.rejected", "E1EDP01/ABGRU", .value = value_text},
	{"lines.parent", "E1EDP01/UEPOS", .value = value_item},
	{"lines.category", "E1EDP01/PSTYV", .value = value_text},
	{"lines.action", "E1EDP01/ACTION", .value = value_action},
	{"lines.price_unit", "E1EDP01/PMENE+MENEE", .limit = 3, .rule = rule_price_unit},
	{"lines.price_numerator", "E1EDP01/BPUMZ", .value = value_quantity,
	    .rule = rule_price_factor},
	{"lines.price_denominator", "E1EDP01/BPUMN", .value = value_quantity,
	    .rule = rule_price_factor},

	{"po_number", "E1EDK02[QUALF=001]/BELNR", .rule = rule_po_number},
	{.key = NULL},
};
/* clang-format on */

static struct str
order_id(const struct row_at *at)
{
	struct str web = row_value(at, "web_order");

	return web.len > 0 ? web : row_value(at, "sales_document");
}

static const char *
order_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	if (order_id(at).len == 0)
		return "it has neither a web order number nor a sales document "
		       "number";
	return NULL;
}

const struct row_record map_order_record = {
	.type = RECORD_ORDER,
	.anchor = "E1EDK01",
	.siblings = true,
	.fault = "idoc-malformed",
	.rows = order_rows,
	.id = order_id,
	.check = order_check,
};

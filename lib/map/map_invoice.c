#include "map/row.h"
#include "map/value.h"

#define INVOICE "invoice"
#define CREDIT "credit"
#define CANCELLATION "cancellation"

/*
 * What a billing document is, by its document category (VBTYP), else by the
 * billing types that SAP delivers (TVFK), else by what E1EDK01 calls it. Pro
 * forma invoices, invoice lists and what companies of one group bill each other
 * never change an order: they count as invoices.
 */
/* clang-format off */
static const struct {
	const char *source; /* hidden key */
	const char *code;
	const char *kind;
} kinds[] = {
	{".category", "M", INVOICE}, {".category", "P", INVOICE}, /* debit memo */
	{".category", "O", CREDIT},
	{".category", "N", CANCELLATION}, /* of an invoice */
	{".category", "S", CANCELLATION}, /* of a credit memo */
	{".category", "U", INVOICE}, /* pro forma */
	{".category", "3", INVOICE}, {".category", "4", INVOICE}, /* lists */
	{".category", "5", INVOICE}, {".category", "6", INVOICE}, /* intercompany */
	{"billing_type", "G2", CREDIT}, {"billing_type", "RE", CREDIT},
	{"billing_type", "S1", CANCELLATION}, {"billing_type", "S2", CANCELLATION},
	{"billing_type", "F1", INVOICE}, {"billing_type", "F2", INVOICE},
	{"billing_type", "F5", INVOICE}, {"billing_type", "F8", INVOICE},
	{"billing_type", "L2", INVOICE}, {"billing_type", "IV", INVOICE},
	{"billing_type", "IG", INVOICE},
	{".purpose", "INVO", INVOICE}, {".purpose", "CRME", CREDIT},
};
/* clang-format on */

static struct row_result
rule_kind(const struct row_at *at, const struct str *raw)
{
	struct str type = row_value(at, "billing_type");
	bool known = row_value(at, ".category").len > 0;

	(void)raw;
	if (!known && type.len > 0 &&
	    config_lists(at->config, "order", NULL, "credit-types", type))
		return value_of(STR(CREDIT));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(row_value(at, kinds[i].source), kinds[i].code))
			return value_of(str_of(kinds[i].kind));
	return value_of(STR(INVOICE));
}

/* raw: the reference. SAP repeats a document's own number in 087. */
static struct row_result
rule_refers_invoice(const struct row_at *at, const struct str *raw)
{
	struct row_result number = value_alpha(at, raw);

	return str_eq(number.text, row_value(at, ".invoice")) ? VALUE_NOTHING
							      : number;
}

static struct row_result
rule_grand_total(const struct row_at *at, const struct str *raw)
{
	struct decimal sum, tax;

	(void)raw;
	if (row_decimal(at, ".billed_value", &sum))
		return value_amount(at, sum);
	if (!row_decimal(at, "totals.subtotal", &sum) ||
	    (row_decimal(at, "totals.tax", &tax) &&
		!decimal_add(sum, tax, &sum)))
		return VALUE_NOTHING;
	return value_amount(at, sum);
}

/* INVOIC on INVOIC01 and 02. */
/* clang-format off */
static const struct row invoice_rows[] = {
	{".invoice", "E1EDK02[QUALF=009]/BELNR | E1EDK01/BELNR", .value = value_alpha},
	{".category", "E1EDK14[QUALF=021]/ORGID", .value = value_text},
	{".purpose", "E1EDK01/BSART", .value = value_text},
	{".billed_value", "E1EDS01[SUMID=011]/SUMME", .value = value_money},

	{"kind", NULL, .rule = rule_kind},
	{"billing_type", "E1EDK14[QUALF=015]/ORGID", .value = value_text},
	{"refers_to.sales_document", "E1EDK02[QUALF=002]/BELNR | E1EDP01/E1EDP02[QUALF=002]/BELNR",
	    .value = value_alpha},
	{"refers_to.web_order", "E1EDK02[QUALF=001]/BELNR | E1EDK02[QUALF=066]/BELNR"
	    " | E1EDP01/E1EDP02[QUALF=001]/BELNR", .value = value_web_order},
	{"refers_to.invoice", "E1EDK02[QUALF=087]/BELNR | E1EDK02[QUALF=010]/BELNR",
	    .rule = rule_refers_invoice},
	{"date", "E1EDK03[IDDAT=026]/DATUM | E1EDK03[IDDAT=016]/DATUM | E1EDK03[IDDAT=012]/DATUM"
	    " | E1EDK03[IDDAT=011]/DATUM", .value = value_date},
	{"currency", "E1EDK01/CURCY | E1EDS01[SUMID=011]/WAERQ | E1EDS01/WAERQ", .limit = 3},

	{"lines", "E1EDP01", .mode = ROW_LIST},
	{"lines.line", "E1EDP01/POSEX", .value = value_item},
	{"lines.sales_document", "E1EDP02[QUALF=002]/BELNR", .value = value_alpha},
	{"lines.sales_line", "E1EDP02[QUALF=002]/ZEILE", .value = value_item},
	{"lines.web_order", "E1EDP02[QUALF=001]/BELNR", .value = value_web_order},
	{"lines.sku", NULL, .value = value_text},
	{"lines.material", "E1EDP19[QUALF=002]/IDTNR_LONG | E1EDP19[QUALF=002]/IDTNR_EXTERNAL"
	    " | E1EDP19[QUALF=002]/IDTNR | E1EDP01/MATNR_LONG | E1EDP01/MATNR_EXTERNAL"
	    " | E1EDP01/MATNR", .limit = 40},
	{"lines.matnr", "E1EDP19[QUALF=002]/IDTNR+IDTNR_LONG+IDTNR_EXTERNAL"
	    " | E1EDP01/MATNR+MATNR_LONG+MATNR_EXTERNAL", .rule = value_line_matnr, .limit = 18},
	{"lines.quantity", "E1EDP01/MENGE", .value = value_quantity},
	{"lines.unit", "E1EDP01/MENEE", .limit = 3},
	{"lines.net", "E1EDP26[QUALF=003]/BETRG | E1EDP26[QUALF=005]/BETRG | E1EDP01/NETWR",
	    .value = value_money},
	{"lines.tax", "E1EDP04/MWSBT", .value = value_money, .mode = ROW_SUM},
	{"lines.parent", "E1EDP01/UEPOS", .value = value_item},

	{"totals.subtotal", "E1EDS01[SUMID=010]/SUMME | E1EDS01[SUMID=017]/SUMME"
	    " | E1EDS01[SUMID=002]/SUMME", .value = value_money},
	{"totals.tax", "E1EDK04/MWSBT | E1EDS01[SUMID=005]/SUMME", .value = value_money,
	    .mode = ROW_SUM},
	{"totals.grand_total", NULL, .value = value_money, .rule = rule_grand_total},
	{.key = NULL},
};
/* clang-format on */

static struct str
invoice_id(const struct row_at *at)
{
	return row_value(at, ".invoice");
}

static const char *
invoice_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	return invoice_id(at).len == 0 || str_is(invoice_id(at), "0")
		   ? "the number of the billing document is missing"
		   : NULL;
}

const struct row_record map_invoice_record = {
	.type = RECORD_INVOICE,
	.anchor = "E1EDK01",
	.siblings = true,
	.fault = "idoc-malformed",
	.rows = invoice_rows,
	.id = invoice_id,
	.check = invoice_check,
};

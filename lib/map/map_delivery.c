#include "map/row.h"
#include "map/value.h"

/* raw: LFIMG or LGMNG. Goods of a returns delivery come in. */
static struct row_result
rule_quantity(const struct row_at *at, const struct str *raw)
{
	struct decimal quantity;

	if (!decimal_parse(raw[0], &quantity))
		return VALUE_NOTHING;
	if (row_true(at, "lines..back") && decimal_sign(quantity) > 0)
		quantity = decimal_neg(quantity);
	return value_number(decimal_trim(quantity));
}

/* DESADV, SHPCON, WHSCON ... on DELVRY01 to 07. */
/* clang-format off */
static const struct row delivery_rows[] = {
	{".delivery", "E1EDL20/VBELN", .value = value_alpha},

	{"posted_at", "E1EDT13[QUALF=006]/ISDD+ISDZ", .value = value_date_time},
	{"reversed", "E1EDL18[QUALF=DEL]/QUALF", .value = value_present},
	{"carrier", "E1ADRM1[PARTNER_Q=SP]/NAME1", .limit = 40},
	{"tracking_number", "E1EDL20/BOLNR | E1EDL20/TRAID | E1EDL37/EXIDV2 | E1EDL37/EXIDV",
	    .limit = 35},
	{"tracking_url", NULL, .value = value_text},

	{"lines", "E1EDL24", .mode = ROW_LIST},
	{"lines..back", "E1EDL26[SHKZG=S]/SHKZG | E1EDL26[SHKZG=X]/SHKZG | E1EDL43[QUALF=H]/QUALF",
	    .value = value_present},
	{"lines.line", "E1EDL24/POSNR", .value = value_item},
	{"lines.sales_document", "E1EDL43[QUALF=C]/BELNR | E1EDL43[QUALF=I]/BELNR"
	    " | E1EDL43[QUALF=H]/BELNR | E1EDL24/VGBEL", .value = value_alpha},
	{"lines.sales_line", "E1EDL43[QUALF=C]/POSNR | E1EDL43[QUALF=I]/POSNR"
	    " | E1EDL43[QUALF=H]/POSNR | E1EDL24/VGPOS", .value = value_item},
	{"lines.web_order", "E1EDL41[QUALI=001]/BSTNR", .value = value_web_order},
	{"lines.sku", NULL, .value = value_text},
	{"lines.material", "E1EDL26/MATNR_LONG | E1EDL24/MATNR_LONG | E1EDL24/MATNR_EXTERNAL"
	    " | E1EDL24/MATNR", .limit = 40},
	{"lines.matnr", "E1EDL24/MATNR+MATNR_LONG+MATNR_EXTERNAL", .rule = value_line_matnr,
	    .limit = 18},
	{"lines.quantity", "E1EDL24[VRKME!=]/LFIMG | E1EDL24[MEINS!=]/LGMNG | E1EDL24/LFIMG",
	    .value = value_quantity, .rule = rule_quantity},
	{"lines.unit", "E1EDL24[LFIMG!=]/VRKME | E1EDL24[LGMNG!=]/MEINS", .limit = 3},
	{"lines.parent", "E1EDL24/HIPOS", .value = value_item},
	{"lines.base_quantity", "E1EDL24/LGMNG", .value = value_quantity},
	{"lines.base_unit", "E1EDL24/MEINS", .limit = 3},
	{"lines.base_numerator", "E1EDL26/UMVKZ", .value = value_quantity},
	{"lines.base_denominator", "E1EDL26/UMVKN", .value = value_quantity},

	{"parcels", "E1EDL37", .mode = ROW_LIST},
	{"parcels.number", "E1EDL37/EXIDV2 | E1EDL37/EXIDV", .limit = 35},
	{.key = NULL},
};
/* clang-format on */

static struct str
delivery_id(const struct row_at *at)
{
	return row_value(at, ".delivery");
}

static const char *
delivery_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	if (delivery_id(at).len == 0 || str_is(delivery_id(at), "0"))
		return "the delivery number is missing";
	return NULL;
}

const struct row_record map_delivery_record = {
	.type = RECORD_SHIPMENT,
	.anchor = "E1EDL20",
	.fault = "idoc-malformed",
	.rows = delivery_rows,
	.id = delivery_id,
	.check = delivery_check,
};

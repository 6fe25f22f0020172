#include "map/row.h"
#include "map/value.h"

/* raw: SPRAS_ISO, SPRAS, MAKTX. The key is the language. */
static struct row_result
rule_titles(const struct row_at *at, const struct str *raw)
{
	struct row_result iso = value_language(at, raw);

	return iso.kind != ROW_NOTHING ? iso : value_language(at, raw + 1);
}

/* MATMAS: there is neither stock nor a price in it. */
/* clang-format off */
static const struct row material_rows[] = {
	{"material", "E1MARAM/MATNR_LONG | E1MARA1/MATNR_EXTERNAL | E1MARAM/MATNR", .limit = 40},
	{"ean", "E1MARAM/EAN11", .limit = 18},
	{"titles", "E1MAKTM/SPRAS_ISO+SPRAS+MAKTX", .mode = ROW_TABLE, .rule = rule_titles,
	    .limit = 255},
	{"unit", "E1MARAM/MEINS", .limit = 3},
	{"deleted", "E1MARAM/LVORM | E1MARAM[MSGFN=003]/MSGFN", .value = value_flag, .no = true},
	{"status", "E1MARAM/MSTAE", .limit = 2},
	{"parent", "E1MARAM/SATNR", .value = value_alpha, .limit = 40},
	{.key = NULL},
};
/* clang-format on */

/* Provisional: sku-normalise completes it (sap-ometria-record(5)). */
static struct str
material_id(const struct row_at *at)
{
	return str_alpha_out(row_value(at, "material"));
}

static const char *
material_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	return material_id(at).len == 0 ? "the material number is missing"
					: NULL;
}

const struct row_record map_material_record = {
	.type = RECORD_PRODUCT,
	.anchor = "E1MARAM",
	.fault = "idoc-malformed",
	.rows = material_rows,
	.id = material_id,
	.check = material_check,
};

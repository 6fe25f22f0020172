#include "map/article.h"
#include "map/value.h"

/* A segment's MSGFN takes what it is about away. */
static struct row_result
unless_deleted(struct row_result key, struct str function)
{
	if (key.kind == ROW_TEXT && str_is(function, "003"))
		key.kind = ROW_NULL;
	return key;
}

/* raw: SPRAS_ISO, SPRAS, MSGFN, MAKTX. The key is the language. */
static struct row_result
rule_titles(const struct row_at *at, const struct str *raw)
{
	struct row_result key = value_language(at, raw);

	if (key.kind == ROW_NOTHING)
		key = value_language(at, raw + 1);
	key = unless_deleted(key, raw[2]);
	return key.kind == ROW_TEXT && str_is(raw[3], VALUE_UNSENT)
		   ? VALUE_NOTHING
		   : key;
}

/* raw: EAN11, MSGFN, MEINH. */
static struct row_result
rule_eans(const struct row_at *at, const struct str *raw)
{
	return unless_deleted(value_text(at, raw), raw[1]);
}

/* raw: a field of E1MARAM, and one that is never empty. In a reduced message
 * a field that is sent without a value has none. */
static struct row_result
rule_named(const struct row_at *at, const struct str *raw)
{
	if (raw[0].len > 0)
		return value_of(raw[0]);
	return (struct row_result){
		.kind = row_true(at, "reduced") ? ROW_NULL : ROW_NOTHING
	};
}

static struct row_result
rule_generic(const struct row_at *at, const struct str *raw)
{
	struct row_result result = rule_named(at, raw);

	result.text = str_alpha_out(result.text);
	return result;
}

/* raw: a number and the unit that it is for; ours is that of the base unit. The
 * last branch is there for the field that has none: it has a third. */
static struct row_result
rule_ean(const struct row_at *at, const struct str *raw)
{
	if (raw[2].len > 0)
		return rule_named(at, raw);
	return raw[1].len == 0 || str_eq(raw[1], row_value(at, ".base_unit"))
		   ? value_of(raw[0])
		   : VALUE_NOTHING;
}

static struct row_result
rule_kept(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return str_is(raw[0], VALUE_UNSENT) ? value_bool(true) : VALUE_NOTHING;
}

/* In a reduced message the flag may not be sent at all. */
static struct row_result
rule_flag(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	if (row_true(at, ".deleted"))
		return value_bool(true);
	return row_true(at, ".kept") ? VALUE_NOTHING : value_bool(false);
}

/* MATMAS: there is neither stock nor a price in it; prices are in COND_A. */
/* clang-format off */
static const struct row material_rows[] = {
	{".base_unit", "E1MARAM/MEINS", .value = value_text},
	{".deleted", "E1MARAM/MSGFN | E1MARAM/LVORM", .value = value_flag, .rule = value_deleted},
	{".kept", "E1MARAM/LVORM", .rule = rule_kept},
	{"material", "E1MARAM/MATNR_LONG | E1MARA1/MATNR_EXTERNAL | E1MARAM/MATNR", .limit = 40},
	{"matnr", "E1MARAM/MATNR", .rule = value_matnr, .limit = 18},
	{"function", "E1MARAM/MSGFN", .value = value_text, .limit = 3},
	{"reduced", "E1MARAM/LVORM+MSTAE+MATKL+EAN11+SATNR", .value = value_flag,
	    .rule = value_reduced},
	{"ean", "E1MARAM/EAN11 | E1MARMM[MSGFN!=003]/EAN11+MEINH"
	    " | E1MARMM/E1MEANM[HPEAN=X][MSGFN!=003]/EAN11+MEINH"
	    " | E1MARAM/EAN11+MEINS+MATNR", .rule = rule_ean, .limit = 18},
	{"eans", "E1MARMM/E1MEANM/EAN11+MSGFN+MEINH | E1MARMM/EAN11+MSGFN+MEINH",
	    .mode = ROW_TABLE, .rule = rule_eans},
	{"titles", "E1MAKTM/SPRAS_ISO+SPRAS+MSGFN+MAKTX", .mode = ROW_TABLE, .rule = rule_titles,
	    .limit = 255},
	{"unit", "E1MARAM/MEINS", .limit = 3},
	{"deleted", NULL, .value = value_flag, .rule = rule_flag},
	{"status", "E1MARAM/MSTAE+MSGFN", .rule = rule_named, .limit = 2},
	{"parent", "E1MARAM/SATNR+MSGFN", .value = value_alpha, .rule = rule_generic, .limit = 40},
	{"attributes.category", "E1MARAM/MATKL+MSGFN", .value = value_text, .rule = rule_named},
	{"sales_areas", "E1MVKEM", .mode = ROW_LIST},
	{"sales_areas.sales_org", "E1MVKEM/VKORG", .value = value_text},
	{"sales_areas.channel", "E1MVKEM/VTWEG", .value = value_text},
	{"sales_areas.status", "E1MVKEM/VMSTA", .value = value_text},
	{"sales_areas.deleted", "E1MVKEM/MSGFN | E1MVKEM/LVORM", .value = value_flag,
	    .rule = value_deleted, .no = true},
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

/* FUNCTION 003 on an article's head, basic data or variant takes it away. */
static struct row_result
rule_deleted(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	if (row_true(at, ".deleted"))
		return value_bool(true);
	return row_true(at, ".described") ? value_bool(false) : VALUE_NOTHING;
}

/* An article is no variant of itself. */
static struct row_result
rule_parent(const struct row_at *at, const struct str *raw)
{
	struct row_result parent = value_alpha(at, raw);

	return str_eq(parent.text, str_alpha_out(row_value(at, "material")))
		   ? VALUE_NOTHING
		   : parent;
}

/* A number of 40 characters where it is filled, else the one of 18. */
#define NUMBER(segment, field)                                                 \
	segment "/" field "_LONG | " segment "/" field "_EXTERNAL | " segment  \
		"/" field

/* ARTMAS: what article_arrange() put below one segment for each article. */
/* clang-format off */
static const struct row article_rows[] = {
	{".base_unit", "E1BPE1MARART/BASE_UOM | E1BPE1MARART/BASE_UOM_ISO", .value = value_text},
	{".deleted", "E1BPE1MARART/DEL_FLAG | E1BPE1MARART/FUNCTION | E1BPE1MATHEAD/FUNCTION"
	    " | E1BPE1VARKEY/FUNCTION", .value = value_flag, .rule = value_deleted},
	{".described", "E1BPE1MARART/*", .value = value_present},
	{"material", NUMBER("E1BPE1MATHEAD", "MATERIAL") " | " NUMBER("E1BPE1VARKEY", "VARIANT") " | "
	    NUMBER("E1BPE1MARART", "MATERIAL") " | " NUMBER("E1BPE1MAKTRT", "MATERIAL"), .limit = 40},
	{"matnr", "E1BPE1MATHEAD/MATERIAL | E1BPE1VARKEY/VARIANT | E1BPE1MARART/MATERIAL"
	    " | E1BPE1MAKTRT/MATERIAL", .rule = value_matnr, .limit = 18},
	{"ean", "E1BPE1MARART/EAN_UPC | E1BPE1MARART1/EAN_UPC"
	    " | E1BPE1MARMRT[FUNCTION!=003]/EAN_UPC+ALT_UNIT"
	    " | E1BPE1MEANRT[MAIN_EAN=X][FUNCTION!=003]/EAN_UPC+UNIT"
	    " | E1BPE1MEANRT[FUNCTION!=003]/EAN_UPC+UNIT", .rule = rule_ean, .limit = 18},
	{"eans", "E1BPE1MEANRT/EAN_UPC+FUNCTION+UNIT"
	    " | E1BPE1MARMRT/EAN_UPC+FUNCTION+ALT_UNIT", .mode = ROW_TABLE, .rule = rule_eans},
	{"titles", "E1BPE1MAKTRT/LANGU_ISO+LANGU+FUNCTION+MATL_DESC", .mode = ROW_TABLE,
	    .rule = rule_titles, .limit = 255},
	{"unit", "E1BPE1MARART/BASE_UOM | E1BPE1MARART/BASE_UOM_ISO", .limit = 3},
	{"deleted", NULL, .value = value_flag, .rule = rule_deleted},
	{"status", "E1BPE1MARART/PUR_STATUS", .limit = 2},
	{"parent", NUMBER("E1BPE1VARKEY", "MATERIAL"), .rule = rule_parent, .limit = 40},
	{"attributes.category", "E1BPE1MATHEAD/MATL_GROUP", .value = value_text},
	{"sales_areas", "E1BPE1MVKERT", .mode = ROW_LIST},
	{"sales_areas.sales_org", "E1BPE1MVKERT/SALES_ORG", .value = value_text},
	{"sales_areas.channel", "E1BPE1MVKERT/DISTR_CHAN", .value = value_text},
	{"sales_areas.status", "E1BPE1MVKERT/SAL_STATUS", .value = value_text},
	{"sales_areas.deleted", "E1BPE1MVKERT/FUNCTION | E1BPE1MVKERT/DEL_FLAG",
	    .value = value_flag, .rule = value_deleted, .no = true},
	{.key = NULL},
};
/* clang-format on */

const struct row_record map_article_record = {
	.type = RECORD_PRODUCT,
	.anchor = "E1BPE1MATHEAD",
	.arrange = article_arrange,
	.fault = "idoc-malformed",
	.rows = article_rows,
	.id = material_id,
	.check = material_check,
};

const struct row_record map_material_record = {
	.type = RECORD_PRODUCT,
	.anchor = "E1MARAM",
	.fault = "idoc-malformed",
	.rows = material_rows,
	.id = material_id,
	.check = material_check,
};

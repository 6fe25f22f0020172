#include "map/movement_type.h"
#include "map/row.h"
#include "map/value.h"

/* On the receiving side of a transfer, the receiver's where it is given. */
static struct row_result
on_side(const struct row_at *at, const char *issuer, const char *receiver)
{
	struct str other = row_value(at, receiver);

	return value_of(at->side == ROW_TO && other.len > 0
			    ? other
			    : row_value(at, issuer));
}

static struct row_result
rule_material(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return on_side(at, ".material", ".to_material");
}

/* The number beside a long one. */
static struct row_result
rule_matnr(const struct row_at *at, const struct str *raw)
{
	bool other =
	    at->side == ROW_TO && row_value(at, ".to_material").len > 0;
	struct str matnr = row_value(at, other ? ".to_matnr" : ".matnr");

	(void)raw;
	return value_matnr(at, &matnr);
}

static struct row_result
rule_plant(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return on_side(at, ".plant", ".to_plant");
}

static struct row_result
rule_location(const struct row_at *at, const struct str *raw)
{
	struct str plant = row_value(at, ".to_plant");

	/* The issuer's location says nothing of another plant. */
	(void)raw;
	if (at->side == ROW_TO && plant.len > 0 &&
	    !str_eq(plant, row_value(at, ".plant")) &&
	    row_value(at, ".to_location").len == 0)
		return VALUE_NOTHING;
	return on_side(at, ".location", ".to_location");
}

static enum movement_effect
effect_of(const struct row_at *at)
{
	return movement_type_effect(row_value(at, "movement_type"), at->config);
}

/* The sign at the line's own place: '+', '-', or NUL when it is not known.
 * SHKZG wins: S raises, H lowers. XSTOB turns what the type says, unless the
 * type is a reversal itself. A document that cancels another (GM_CODE 06) and
 * names neither leaves open which of the two types is meant. */
static char
own_sign(const struct row_at *at)
{
	struct str mark = row_value(at, ".debit_credit");
	bool reverses = movement_type_reverses(row_value(at, "movement_type"));
	bool turned = row_true(at, ".reversal") && !reverses;
	bool plus = false;

	if (str_is(mark, "S") || str_is(mark, "H"))
		return mark.data[0] == 'S' ? '+' : '-';
	if (str_is(row_value(at, ".purpose"), "06") && !reverses && !turned)
		return '\0';
	switch (effect_of(at)) {
	case MOVEMENT_UNKNOWN:
		return '\0';
	case MOVEMENT_NONE:
		plus = !reverses;
		break;
	case MOVEMENT_PLUS:
	case MOVEMENT_TRANSFER_BACK:
		plus = true;
		break;
	case MOVEMENT_MINUS:
	case MOVEMENT_TRANSFER:
		break;
	}
	return plus != turned ? '+' : '-';
}

static struct row_result
rule_sign(const struct row_at *at, const struct str *raw)
{
	char sign = own_sign(at);

	(void)raw;
	if (sign == '\0')
		return VALUE_NOTHING;
	return value_of(
	    (sign == '+') != (at->side == ROW_TO) ? STR("+") : STR("-"));
}

/* A movement that does not touch unrestricted stock must not count as one,
 * even where its stock type is blank. */
static struct row_result
rule_stock_type(const struct row_at *at, const struct str *raw)
{
	struct str mark = row_value(at, ".stock_type");
	bool none = row_value(at, ".debit_credit").len == 0 &&
		    effect_of(at) == MOVEMENT_NONE;

	(void)raw;
	if (str_is(mark, "X") || str_is(mark, "2"))
		return value_of(STR("quality"));
	if (str_is(mark, "S") || str_is(mark, "3"))
		return value_of(STR("blocked"));
	if (mark.len == 0 || str_is(mark, "F") || str_is(mark, "1"))
		return value_of(none ? STR("other") : STR("unrestricted"));
	return value_of(STR("other"));
}

/* raw: SOBKZ. Where it says whose stock the other side is, the line itself is
 * about own stock; posted lines (with a sign) have a line for each side. */
static struct row_result
rule_special_stock(const struct row_at *at, const struct str *raw)
{
	return row_value(at, ".debit_credit").len == 0 &&
		       movement_type_other(row_value(at, "movement_type"))
		   ? VALUE_NOTHING
		   : value_of(raw[0]);
}

/* Stock is kept in base units: the quantity in them where it was sent. */
static bool
in_base_unit(const struct row_at *at)
{
	struct decimal base, entered;

	return row_decimal(at, ".base_quantity", &base) &&
	       (decimal_sign(base) != 0 ||
		   !row_decimal(at, ".entered_quantity", &entered) ||
		   decimal_sign(entered) == 0);
}

static struct row_result
rule_quantity(const struct row_at *at, const struct str *raw)
{
	struct decimal quantity;

	(void)raw;
	return row_decimal(at,
		   in_base_unit(at) ? ".base_quantity" : ".entered_quantity",
		   &quantity)
		   ? value_number(quantity)
		   : VALUE_NOTHING;
}

static struct row_result
rule_unit(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(
	    row_value(at, in_base_unit(at) ? ".base_unit" : ".entered_unit"));
}

/* Whether the line takes another document back. */
static bool
takes_back(const struct row_at *at)
{
	return row_true(at, ".reversal") ||
	       str_is(row_value(at, ".purpose"), "06") ||
	       movement_type_reverses(row_value(at, "movement_type"));
}

/* raw: the posting date, which has no time: the IDoc's own when it was made
 * on that day, else the day's beginning. A cancellation bears the posting date
 * of what it cancels, but the stock is back only when it is made; and what is
 * posted to a day that is yet to come has changed the stock already. */
static struct row_result
rule_posted_at(const struct row_at *at, const struct str *raw)
{
	const struct idoc_control *made = &at->idoc->control;
	struct str when[PATH_FIELDS] = { raw[0] };
	int later = str_cmp(made->credat, raw[0]);
	instant day;

	if ((takes_back(at) && later > 0) ||
	    (later < 0 && zone_from_sap(made->credat, STR_NONE, &day)))
		when[0] = made->credat;
	if (str_eq(when[0], made->credat))
		when[1] = made->cretim;
	return value_date_time(at, when);
}

/* WMMBXY on WMMBID01 and 02. */
/* clang-format off */
static const struct row goods_rows[] = {
	{".document", "E1MBXYI/MBLNR | E1MBXYJ/MBLNR", .value = value_item},
	{".year", "E1MBXYI/MJAHR | E1MBXYJ/MJAHR", .value = value_item},
	{".item", "E1MBXYI/MBLPO | E1MBXYJ/MBLPO", .value = value_item},
	{".reference", "E1MBXYH/XABLN", .value = value_alpha},
	{".posting_date", "E1MBXYH/BUDAT", .value = value_date},
	{".debit_credit", "E1MBXYI/SHKZG", .value = value_text},
	{".reversal", "E1MBXYI/XSTOB", .value = value_flag},
	{".stock_type", "E1MBXYI/INSMK", .value = value_text},
	{".material", "E1MBXYI/MATNR_LONG | E1MBXYI/MATNR", .value = value_text},
	{".matnr", "E1MBXYI/MATNR", .value = value_text},
	{".plant", "E1MBXYI/WERKS", .value = value_text},
	{".location", "E1MBXYI/LGORT", .value = value_text},
	{".to_material", "E1MBXYI/UMMAT_LONG | E1MBXYI/UMMAT", .value = value_text},
	{".to_matnr", "E1MBXYI/UMMAT", .value = value_text},
	{".to_plant", "E1MBXYI/UMWRK", .value = value_text},
	{".to_location", "E1MBXYI/UMLGO", .value = value_text},
	{".base_quantity", "E1MBXYI/MENGE", .value = value_quantity},
	{".base_unit", "E1MBXYI/MEINS", .value = value_text},
	{".entered_quantity", "E1MBXYI/ERFMG", .value = value_quantity},
	{".entered_unit", "E1MBXYI/ERFME", .value = value_text},

	{"sku", NULL, .value = value_text},
	{"material", NULL, .rule = rule_material, .limit = 40},
	{"matnr", NULL, .rule = rule_matnr, .limit = 18},
	{"plant", NULL, .rule = rule_plant, .limit = 4},
	{"location", NULL, .rule = rule_location, .limit = 4},
	{"movement_type", "E1MBXYI/BWART", .value = value_text},
	{"sign", NULL, .rule = rule_sign},
	{"stock_type", NULL, .rule = rule_stock_type},
	{"special_stock", "E1MBXYI/SOBKZ", .value = value_text, .rule = rule_special_stock},
	{"quantity", NULL, .value = value_quantity, .rule = rule_quantity},
	{"unit", NULL, .rule = rule_unit, .limit = 3},
	{"posted_at", "E1MBXYH/BUDAT", .value = value_date_time, .rule = rule_posted_at},
	{.key = NULL},
};

#define HEAD "E1BP2017_GM_HEAD_01"
#define ITEM "E1BP2017_GM_ITEM_CREATE"
/* A BAPI structure of more than 1,000 characters goes on in a second segment. */
#define MORE "E1BP2017_GM_ITEM_CREATE1"

/* MBGMCR (BAPI_GOODSMVT_CREATE) has no sign: the movement type decides. */
static const struct row bapi_rows[] = {
	{".purpose", "E1BP2017_GM_CODE/GM_CODE", .value = value_text},
	{".reference", HEAD "/REF_DOC_NO", .value = value_alpha},
	{".posting_date", HEAD "/PSTNG_DATE", .value = value_date},
	{".reversal", ITEM "/XSTOB", .value = value_flag},
	{".stock_type", ITEM "/STCK_TYPE", .value = value_text},
	{".material", ITEM "/MATERIAL_LONG | " MORE "/MATERIAL_LONG | " ITEM "/MATERIAL_EXTERNAL | "
	    MORE "/MATERIAL_EXTERNAL | " ITEM "/MATERIAL", .value = value_text},
	{".matnr", ITEM "/MATERIAL", .value = value_text},
	{".plant", ITEM "/PLANT", .value = value_text},
	{".location", ITEM "/STGE_LOC", .value = value_text},
	{".to_material", ITEM "/MOVE_MAT_LONG | " MORE "/MOVE_MAT_LONG | " ITEM "/MOVE_MAT_EXTERNAL | "
	    MORE "/MOVE_MAT_EXTERNAL | " ITEM "/MOVE_MAT | " MORE "/MOVE_MAT", .value = value_text},
	{".to_matnr", ITEM "/MOVE_MAT | " MORE "/MOVE_MAT", .value = value_text},
	{".to_plant", ITEM "/MOVE_PLANT | " MORE "/MOVE_PLANT", .value = value_text},
	{".to_location", ITEM "/MOVE_STLOC | " MORE "/MOVE_STLOC", .value = value_text},

	{"sku", NULL, .value = value_text},
	{"material", NULL, .rule = rule_material, .limit = 40},
	{"matnr", NULL, .rule = rule_matnr, .limit = 18},
	{"plant", NULL, .rule = rule_plant, .limit = 4},
	{"location", NULL, .rule = rule_location, .limit = 4},
	{"movement_type", ITEM "/MOVE_TYPE", .value = value_text},
	{"sign", NULL, .rule = rule_sign},
	{"stock_type", NULL, .rule = rule_stock_type},
	{"special_stock", ITEM "/SPEC_STOCK", .value = value_text, .rule = rule_special_stock},
	{"quantity", ITEM "/ENTRY_QNT", .value = value_quantity},
	{"unit", ITEM "/ENTRY_UOM | " ITEM "/ENTRY_UOM_ISO", .limit = 3},
	{"posted_at", HEAD "/PSTNG_DATE", .value = value_date_time, .rule = rule_posted_at},
	{.key = NULL},
};
/* clang-format on */

static const char *const goods_outer[] = { "E1MBXYH", NULL };
static const char *const bapi_outer[] = { HEAD, "E1BP2017_GM_CODE", NULL };

/*
 * Year-document-item: of the material document, else of the reference with
 * the posting year and the item's position, else sender, client, IDoc and
 * position (sap-ometria-record(5)).
 */
static struct str
movement_id(const struct row_at *at)
{
	static const char *const sides[] = { "", "-from", "-to" };
	struct str document = row_value(at, ".document");
	struct str year = row_value(at, ".year");
	struct str item = row_value(at, ".item");

	if (document.len > 0 && year.len > 0 && item.len > 0)
		return arena_format(at->arena, "%.*s-%.*s-%.*s%s",
		    STR_ARGS(year), STR_ARGS(document), STR_ARGS(item),
		    sides[at->side]);
	document = row_value(at, ".reference");
	year = row_value(at, ".posting_date");
	if (document.len > 0 && year.len > 0)
		return arena_format(at->arena, "%.4s-%.*s-%llu%s", year.data,
		    STR_ARGS(document), (unsigned long long)at->position,
		    sides[at->side]);
	return arena_format(at->arena, "%.*s-%.*s-%.*s-%llu%s",
	    STR_ARGS(at->src->sys), STR_ARGS(at->src->client),
	    STR_ARGS(at->src->docnum), (unsigned long long)at->position,
	    sides[at->side]);
}

static const char *
movement_check(const struct row_at *at, struct str *subject)
{
	(void)subject;
	if (row_value(at, "movement_type").len == 0)
		return "an item has no movement type";
	if (row_value(at, "material").len == 0)
		return "an item has no material number";
	if (row_value(at, "quantity").len == 0)
		return "an item has no quantity";
	return NULL;
}

/* Two for a transfer that names its receiver. In a posted document (with its
 * number and a sign in each line) the other side is a line of its own. */
static unsigned
movement_sides(const struct row_at *at)
{
	enum movement_effect effect = effect_of(at);

	if (effect != MOVEMENT_TRANSFER && effect != MOVEMENT_TRANSFER_BACK)
		return 1;
	if (row_value(at, ".document").len > 0 &&
	    row_value(at, ".debit_credit").len > 0)
		return 1;
	return row_value(at, ".to_plant").len > 0 ||
		       row_value(at, ".to_location").len > 0 ||
		       row_value(at, ".to_material").len > 0
		   ? 2
		   : 1;
}

const struct row_record map_movement_record = {
	.type = RECORD_STOCK_MOVEMENT,
	.anchor = "E1MBXYI",
	.outer = goods_outer,
	.fault = "idoc-malformed",
	.rows = goods_rows,
	.id = movement_id,
	.check = movement_check,
	.sides = movement_sides,
};

const struct row_record map_movement_bapi_record = {
	.type = RECORD_STOCK_MOVEMENT,
	.anchor = ITEM,
	.outer = bapi_outer,
	.fault = "idoc-malformed",
	.rows = bapi_rows,
	.id = movement_id,
	.check = movement_check,
	.sides = movement_sides,
};

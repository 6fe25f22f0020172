#include "fold/unit.h"

#define SECTION "unit"
#define LABEL_MAX 128
#define STEPS_MAX 4 /* pallet, layer, box, piece */

/* Other names of a unit: SAP's internal and external ones, and ISO codes. */
static const struct {
	const char *unit;
	const char *base;
} synonyms[] = {
	{ "ST", "PCE" },
	{ "PC", "PCE" },
	{ "EA", "PCE" },
	{ "C62", "PCE" },
	{ "H87", "PCE" },
	{ "KAR", "CAR" },
	{ "CT", "CAR" },
	{ "PAK", "PAC" },
	{ "PK", "PAC" },
	{ "PAA", "PR" },
	{ "DZ", "DZN" },
	{ "FLA", "BOT" },
	{ "BO", "BOT" },
	{ "PF", "PAL" },
	{ "ROL", "RO" },
	{ "KGM", "KG" },
	{ "GRM", "G" },
	{ "MTR", "M" },
	{ "CMT", "CM" },
	{ "LTR", "L" },
	{ "MLT", "ML" },
};

enum status
unit_rules_check(const struct config *config, struct diag *diag)
{
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++) {
		struct decimal value;

		if (strcmp(entry->section, SECTION) != 0 ||
		    strcmp(entry->key, "base") == 0)
			continue;
		if (decimal_parse(str_of(entry->value), &value) &&
		    decimal_sign(value) > 0)
			continue;
		return diag_set(diag, STATUS_CONFIG,
		    "%s:%zu: [unit \"%s\"] %s is not greater than 0",
		    config_file(config), entry->line, entry->label, entry->key);
	}
	return STATUS_OK;
}

struct hash
unit_rules_hash(const struct config *config)
{
	static const unsigned char key[HASH_BYTES];
	const struct config_entry *entry;
	struct hasher hasher;

	hash_begin(&hasher, key);
	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++) {
		if (strcmp(entry->section, SECTION) != 0)
			continue;
		hash_add(&hasher, entry->label, strlen(entry->label) + 1);
		hash_add(&hasher, entry->key, strlen(entry->key) + 1);
		hash_add(&hasher, entry->value, strlen(entry->value) + 1);
	}
	return hash_end(&hasher);
}

/* A unit as what it is made of: factor of base. */
struct measure {
	struct str base;
	struct ratio factor;
};

static const char *
labelled(const struct config *config, struct str of, struct str unit,
    char label[LABEL_MAX])
{
	if (of.len + unit.len + sizeof(":") > LABEL_MAX)
		return NULL;
	snprintf(label, LABEL_MAX, "%.*s%s%.*s", STR_ARGS(of),
	    of.len > 0 ? ":" : "", STR_ARGS(unit));
	return config_labelled(config, SECTION, label) ? label : NULL;
}

/* The section that speaks of a unit of this product, or NULL. */
static const char *
section_of(const struct config *config, const struct unit_product *product,
    struct str unit, char label[LABEL_MAX])
{
	for (size_t i = 0; i < UNIT_NAMES; i++)
		if (product->names[i].len > 0 &&
		    labelled(config, product->names[i], unit, label) != NULL)
			return label;
	return labelled(config, STR_NONE, unit, label);
}

static struct str
synonym_of(struct str unit)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
		if (str_is(unit, synonyms[i].unit))
			return str_of(synonyms[i].base);
	return unit;
}

/* Times factor / per; the unit's own name as its base ends the way. */
static bool
take_section(const struct config *config, const char *label,
    struct measure *measure)
{
	const char *base = config_text(config, SECTION, label, "base");
	struct ratio factor, per;

	if (base != NULL)
		measure->base = str_of(base);
	return ratio_of(config_decimal(config, SECTION, label, "factor"),
		   &factor) &&
	       ratio_of(config_decimal(config, SECTION, label, "per"), &per) &&
	       ratio_mul(measure->factor, factor, &measure->factor) &&
	       ratio_div(measure->factor, per, &measure->factor);
}

static bool
resolve(const struct config *config, const struct unit_product *product,
    struct str unit, struct measure *measure)
{
	*measure = (struct measure){ unit, RATIO_ONE };
	/* Each name once by the configuration and once by the table. */
	for (int step = 0; step < 2 * STEPS_MAX; step++) {
		struct str from = measure->base;
		char text[LABEL_MAX];
		const char *label = section_of(config, product, from, text);

		if (label == NULL)
			measure->base = synonym_of(from);
		else if (!take_section(config, label, measure))
			return false;
		if (str_eq(measure->base, from))
			return true;
	}
	return false;
}

/* A quantity of one unit in another; `exact`: only when they are the same. */
static bool
convert(const struct config *config, const struct unit_product *product,
    struct str from, struct str to, bool exact, struct ratio *quantity)
{
	struct measure a, b;

	if (str_eq(from, to))
		return true;
	if (!resolve(config, product, from, &a) ||
	    !resolve(config, product, to, &b))
		return false;
	if (!str_eq(a.base, b.base) ||
	    (exact && ratio_cmp(a.factor, b.factor) != 0))
		return false;
	return ratio_mul(*quantity, a.factor, quantity) &&
	       ratio_div(*quantity, b.factor, quantity);
}

bool
unit_convert(const struct config *config, const struct unit_product *product,
    struct str from, struct str to, struct ratio *quantity)
{
	struct measure measure;

	if (from.len == 0)
		return true;
	if (to.len > 0)
		return convert(config, product, from, to, false, quantity);
	return resolve(config, product, from, &measure) &&
	       ratio_mul(*quantity, measure.factor, quantity);
}

static struct unit_product
product_of(const struct order_line *line)
{
	return (struct unit_product){ { line->product,
	    line->facts[LINE_MATERIAL].value, line->facts[LINE_SKU].value } };
}

/* By the order: one of its unit is numerator / denominator price units. */
static bool
convert_by_price(const struct config *config, const struct order_line *line,
    struct str from, struct ratio *quantity)
{
	struct str unit = line->facts[LINE_PRICE_UNIT].value;
	const struct unit_product product = product_of(line);
	struct ratio top, bottom;

	return unit.len > 0 &&
	       ratio_parse(line->facts[LINE_PRICE_NUMERATOR].value, &top) &&
	       ratio_parse(line->facts[LINE_PRICE_DENOMINATOR].value,
		   &bottom) &&
	       ratio_sign(top) > 0 && ratio_sign(bottom) > 0 &&
	       convert(config, &product, from, unit, true, quantity) &&
	       ratio_mul(*quantity, bottom, quantity) &&
	       ratio_div(*quantity, top, quantity);
}

enum way {
	WAY_SAME,
	WAY_PRICE,
	WAY_CONFIGURED,
	WAY_COUNT
};

static bool
go(enum way way, const struct config *config, const struct order_line *line,
    struct str from, struct str quantity, struct ratio *to)
{
	const struct unit_product product = product_of(line);

	if (from.len == 0 || !ratio_parse(quantity, to))
		return false;
	return way == WAY_PRICE
		   ? convert_by_price(config, line, from, to)
		   : convert(config, &product, from,
			 line->facts[LINE_UNIT].value, way == WAY_SAME, to);
}

bool
unit_despatched(const struct config *config, const struct order_line *line,
    const struct shipment_line *shipped, struct ratio *quantity)
{
	if (line->facts[LINE_UNIT].value.len == 0 || shipped->unit.len == 0)
		return ratio_parse(shipped->quantity, quantity);
	for (enum way way = WAY_SAME; way < WAY_COUNT; way++)
		if (go(way, config, line, shipped->unit, shipped->quantity,
			quantity) ||
		    go(way, config, line, shipped->base_unit,
			shipped->base_quantity, quantity))
			return true;
	return false;
}

#include "fold/product_said.h"

bool
product_is_of_shop(const struct record *record)
{
	return record->src.sys.len == 0 || str_is(record->src.sys, "shop");
}

bool
product_says_all(const struct record *record, bool stamped)
{
	const struct json *root = record->root;

	return !stamped && !json_true(json_get(root, "reduced"), false) &&
	       json_get(root, "deleted")->type != JSON_ABSENT;
}

struct visiting {
	const struct record *record;
	struct arena *arena;
	product_part_visit *visit;
	void *user;
};

static bool
visit(const struct visiting *v, struct str name, const struct json *value)
{
	const struct product_part part = {
		.name = name,
		.value = value->raw,
		.seq = v->record->seq,
		.shop = product_is_of_shop(v->record),
	};

	return v->visit(v->user, &part);
}

/* The members of an object, each a part of its own. */
static bool
visit_members(const struct visiting *v, const char *word,
    const struct json *object)
{
	JSON_EACH(member, object)
	{
		struct str name = arena_format(v->arena, "%s %.*s", word,
		    STR_ARGS(member->key));

		if (object->type == JSON_OBJECT && !visit(v, name, member))
			return false;
	}
	return true;
}

static struct str
area_of(const struct json *object, struct arena *arena)
{
	struct str org = json_text(object, "sales_org", arena);

	return org.len == 0
		   ? STR_NONE
		   : arena_format(arena, "%.*s/%.*s", STR_ARGS(org),
			 STR_ARGS(json_text(object, "channel", arena)));
}

static bool
visit_areas(const struct visiting *v, const struct json *areas)
{
	JSON_EACH(area, areas)
	{
		struct str label = area_of(area, v->arena);
		struct str name =
		    arena_format(v->arena, "area %.*s", STR_ARGS(label));

		if (label.len > 0 && !visit(v, name, area))
			return false;
	}
	return true;
}

/* What else a record says that describes not all: SAP's unit, no other. */
static bool
visit_flags(const struct visiting *v)
{
	static const char *const flags[] = { "deleted", "status", "unit" };
	size_t count = product_is_of_shop(v->record) ? 2 : 3;

	for (size_t i = 0; i < count; i++) {
		const struct json *value = json_get(v->record->root, flags[i]);

		if (value->type != JSON_ABSENT &&
		    !visit(v, str_of(flags[i]), value))
			return false;
	}
	return true;
}

/* MSGFN 005 and 009: the message says all that there is. An E1MARAM says all
 * of its own fields, unless it is reduced or takes the material away. */
static bool
visit_extent(const struct visiting *v)
{
	static const struct json yes = { .raw = { "true", 4 } };
	const struct json *root = v->record->root;
	struct str function = json_text(root, "function", v->arena);

	if (product_is_of_shop(v->record) || str_is(function, "003") ||
	    json_true(json_get(root, "reduced"), false))
		return true;
	if ((str_is(function, "005") || str_is(function, "009")) &&
	    !visit(v, STR("whole"), &yes))
		return false;
	return json_get(root, "deleted")->type == JSON_ABSENT ||
	       visit(v, STR("basic"), &yes);
}

void
product_each_part(const struct record *record, bool stamped,
    struct arena *arena, product_part_visit *visit_part, void *user)
{
	static const char *const single[] = { "ean", "url", "image_url" };
	const struct visiting v = { record, arena, visit_part, user };
	const struct json *root = record->root;

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		const struct json *value = json_get(root, single[i]);

		if ((value->type == JSON_STRING || value->type == JSON_NULL) &&
		    !visit(&v, str_of(single[i]), value))
			return;
	}
	if ((product_says_all(record, stamped) || visit_flags(&v)) &&
	    visit_extent(&v) &&
	    visit_members(&v, "title", json_get(root, "titles")) &&
	    visit_members(&v, "attribute", json_get(root, "attributes")))
		visit_areas(&v, json_get(root, "sales_areas"));
}

static bool
is_currency(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 'A' || text.data[i] > 'Z')
			return false;
	return text.len == 3;
}

static bool
is_price(const struct product_price *price, bool amount)
{
	return price->deleted || (amount && decimal_sign(price->price) > 0 &&
				     is_currency(price->currency));
}

void
product_each_price(const struct record *record, struct arena *arena,
    product_price_visit *visit_price, void *user)
{
	const struct json *list = json_get(record->root, "prices");

	if (list->type != JSON_ARRAY)
		return;
	JSON_EACH(one, list)
	{
		struct product_price price = {
			.place = area_of(one, arena),
			.condition = json_text(one, "condition", arena),
			.table = json_text(one, "table", arena),
			.from = json_text(one, "from", arena),
			.to = json_text(one, "to", arena),
			.unit = json_text(one, "unit", arena),
			.currency = json_text(one, "currency", arena),
			.seq = record->seq,
			.deleted = json_true(json_get(one, "deleted"), false),
		};
		bool amount =
		    decimal_parse(json_text(one, "price", arena), &price.price);

		if (price.place.len == 0)
			price.place = json_text(one, "store", arena);
		if (is_price(&price, amount) && !visit_price(user, &price))
			return;
	}
}

#include "fold/product_whole.h"

#include "base/json.h"
#include "base/jsonw.h"

/* --- prices --- */

/* How good a price is: of two the one that is greater in the first that
 * differs. */
struct merit {
	bool holds; /* today */
	size_t rank; /* of its condition; the shop's come last */
	struct str age; /* of what holds: when it was said; else its end */
	struct str from;
};

static size_t
rank_of(const struct product_whole *whole, struct str condition)
{
	const char *list =
	    config_text(whole->config, "product", NULL, "price-conditions");
	struct str word;
	size_t rank = SIZE_MAX;

	while (config_word(&list, &word)) {
		if (str_eq(word, condition))
			return rank;
		rank--;
	}
	return condition.len == 0 ? 1 : 0;
}

/* Of SAP's: the unit must be the product's own, the table one of all buyers. */
static bool
may_count(const struct product_whole *whole, const struct product_price *price)
{
	struct str unit = whole->product->unit;

	return !price->deleted && rank_of(whole, price->condition) > 0 &&
	       (price->from.len == 0 ||
		   str_cmp(price->from, whole->today) <= 0) &&
	       (price->table.len == 0 ||
		   config_lists(whole->config, "product", NULL, "price-tables",
		       price->table)) &&
	       (price->unit.len == 0 || unit.len == 0 ||
		   str_eq(price->unit, unit));
}

static struct merit
merit_of(const struct product_whole *whole, const struct product_price *price)
{
	bool holds =
	    price->to.len == 0 || str_cmp(price->to, whole->today) >= 0;

	return (struct merit){ holds, rank_of(whole, price->condition),
		holds ? price->seq : price->to, price->from };
}

static bool
is_better(struct merit a, struct merit b)
{
	int order;

	if (a.holds != b.holds)
		return a.holds;
	if (a.rank != b.rank)
		return a.rank > b.rank;
	order = str_cmp(a.age, b.age);
	return order != 0 ? order > 0 : str_cmp(a.from, b.from) > 0;
}

/* The best of one item at a place, from index *at on, which moves behind the
 * item. */
static const struct product_price *
best_of_item(const struct product_whole *whole, size_t *at, struct str place)
{
	const struct product_price *first = &whole->prices[*at], *best = NULL;

	for (; *at < whole->price_count; ++*at) {
		const struct product_price *price = &whole->prices[*at];

		if (price->of != first->of || !str_eq(price->item, first->item))
			break;
		if (str_eq(price->place, place) && may_count(whole, price) &&
		    (best == NULL || is_better(merit_of(whole, price),
					 merit_of(whole, best))))
			best = price;
	}
	return best;
}

const struct product_price *
product_price_at(const struct product_whole *whole, struct str place)
{
	const struct product_price *lowest = NULL;
	size_t at = 0;

	while (at < whole->price_count) {
		const struct product_price *best =
		    best_of_item(whole, &at, place);

		if (best == NULL)
			continue;
		if (lowest != NULL && best->of != lowest->of)
			break;
		if (lowest == NULL ||
		    (str_eq(best->currency, lowest->currency) &&
			decimal_cmp(best->price, lowest->price) < 0))
			lowest = best;
	}
	return lowest;
}

/* The product's own: of the sales area that is named, else of no place, else
 * of the first that has one. */
static const struct product_price *
own_price(const struct product_whole *whole)
{
	const char *area =
	    config_text(whole->config, "product", NULL, "sales-area");
	const struct product_price *price =
	    area != NULL ? product_price_at(whole, str_of(area)) : NULL;
	struct str first = STR_NONE;

	if (price == NULL)
		price = product_price_at(whole, STR_NONE);
	for (size_t i = 0; i < whole->price_count && price == NULL; i++) {
		struct str place = whole->prices[i].place;

		if (product_price_at(whole, place) != NULL &&
		    (first.len == 0 || str_cmp(place, first) < 0))
			first = place;
	}
	return price != NULL || first.len == 0 ? price
					       : product_price_at(whole, first);
}

/* --- parts --- */

/* The part of that name, SAP's before the shop's. */
static const struct product_part *
part_of(const struct product_whole *whole, struct str name)
{
	for (size_t i = 0; i < whole->part_count; i++)
		if (str_eq(whole->parts[i].name, name))
			return &whole->parts[i];
	return NULL;
}

static struct str
text_of(const struct product_whole *whole, const struct product_part *part)
{
	const struct json *value =
	    part != NULL ? json_parse(whole->doc, part->value) : NULL;

	return value != NULL ? str_trim(json_str(value, whole->arena))
			     : STR_NONE;
}

static struct str
part_text(const struct product_whole *whole, const char *name)
{
	return text_of(whole, part_of(whole, str_of(name)));
}

/* A part "word NAME" that SAP says, or of which SAP says nothing; *name is
 * what stands behind the word. */
static bool
is_member(const struct product_whole *whole, size_t i, const char *word,
    struct str *name)
{
	struct str whole_name = whole->parts[i].name;
	size_t len = strlen(word);

	if (whole_name.len <= len + 1 || !str_starts(whole_name, word) ||
	    whole_name.data[len] != ' ' ||
	    (i > 0 && str_eq(whole->parts[i - 1].name, whole_name)))
		return false;
	*name =
	    (struct str){ whole_name.data + len + 1, whole_name.len - len - 1 };
	return true;
}

/* In the first language that there is a title in, else any. */
static struct str
title_of(const struct product_whole *whole, const char *first)
{
	const char *list =
	    config_text(whole->config, "product", NULL, "language");
	struct str language = str_of(first != NULL ? first : "");
	struct str title = STR_NONE;

	do {
		title = text_of(whole,
		    part_of(whole, arena_format(whole->arena, "title %.*s",
				       STR_ARGS(language))));
	} while (title.len == 0 && config_word(&list, &language));
	for (size_t i = 0; i < whole->part_count && title.len == 0; i++)
		if (is_member(whole, i, "title", &language))
			title = text_of(whole, &whole->parts[i]);
	return title;
}

/* --- the body --- */

static void
add_attributes(const struct product_whole *whole, struct jsonw *w)
{
	struct str type;

	jsonw_key(w, "attributes");
	jsonw_open(w, '[');
	for (size_t i = 0; i < whole->part_count; i++) {
		struct str value;

		if (!is_member(whole, i, "attribute", &type))
			continue;
		value = text_of(whole, &whole->parts[i]);
		if (value.len == 0)
			continue;
		jsonw_open(w, '{');
		jsonw_member(w, "type", type);
		jsonw_member(w, "id", value);
		jsonw_member(w, "label", value);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

struct listing {
	struct str store, title;
	const struct product_price *price; /* NULL: unknown */
	bool active;
};

/* The listing of a part "area LABEL"; false when it is of no store. */
static bool
listing_of(const struct product_whole *whole, size_t i, struct listing *listing)
{
	const char *store, *language;
	const struct json *area;
	struct str label, status;

	if (!is_member(whole, i, "area", &label))
		return false;
	label = arena_str(whole->arena, label);
	store = config_text(whole->config, "sales-area", label.data, "store");
	if (store == NULL)
		return false;
	language =
	    config_text(whole->config, "sales-area", label.data, "language");
	area = json_parse(whole->doc, whole->parts[i].value);
	listing->active =
	    area != NULL && !json_true(json_get(area, "deleted"), false);
	status =
	    area != NULL ? json_text(area, "status", whole->arena) : STR_NONE;
	if (status.len > 0 && config_lists(whole->config, "product", NULL,
				  "inactive-status", status))
		listing->active = false;
	listing->store = str_of(store);
	listing->title = title_of(whole, language);
	listing->price = product_price_at(whole, label);
	if (listing->price == NULL)
		listing->price = product_price_at(whole, listing->store);
	if (listing->price == NULL)
		listing->price = product_price_at(whole, STR_NONE);
	return true;
}

static void
add_price(struct jsonw *w, const struct product_price *price)
{
	jsonw_key(w, "price");
	jsonw_decimal_text(w, price->price);
	jsonw_member(w, "currency", price->currency);
}

/* Of several sales areas with one store an active one counts, of those the
 * first. */
static bool
is_shadowed(const struct product_whole *whole, size_t i,
    const struct listing *listing)
{
	struct listing other;

	for (size_t j = 0; j < whole->part_count; j++)
		if (j != i && listing_of(whole, j, &other) &&
		    str_eq(other.store, listing->store) &&
		    other.price != NULL &&
		    (other.active != listing->active ? other.active : j < i))
			return true;
	return false;
}

static void
add_listings(const struct product_whole *whole, struct jsonw *w)
{
	struct listing listing;

	jsonw_key(w, "listings");
	jsonw_open(w, '[');
	for (size_t i = 0; i < whole->part_count; i++) {
		if (!listing_of(whole, i, &listing) || listing.price == NULL ||
		    is_shadowed(whole, i, &listing))
			continue;
		jsonw_open(w, '{');
		jsonw_member(w, "store", listing.store);
		jsonw_member(w, "title", listing.title);
		add_price(w, listing.price);
		jsonw_member_bool(w, "active", listing.active);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static bool
had(const struct json *object, const char *key)
{
	return object != NULL && json_get(object, key)->type != JSON_ABSENT;
}

/* A member; null when it is none any more. */
static void
add_text(struct jsonw *w, const struct json *before, const char *key,
    struct str text)
{
	if (text.len == 0 && had(before, key))
		jsonw_member_raw(w, key, STR("null"));
	jsonw_member(w, key, text);
}

static void
add_properties(const struct product_whole *whole, struct jsonw *w)
{
	const struct json *before = whole->before != NULL
					? json_get(whole->before, "properties")
					: NULL;
	struct str ean = part_text(whole, "ean");

	if (ean.len == 0 && !had(before, "ean"))
		return;
	jsonw_key(w, "properties");
	jsonw_open(w, '{');
	add_text(w, before, "ean", ean);
	jsonw_close(w, '}');
}

static bool
has_stores(const struct config *config)
{
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++)
		if (strcmp(entry->section, "sales-area") == 0 &&
		    strcmp(entry->key, "store") == 0)
			return true;
	return false;
}

/* Whether it is sold in a store; *active: in one where it is not deleted.
 * Without sales areas, or without stores, that is not known. */
static bool
is_sold(const struct product_whole *whole, bool *active)
{
	struct listing listing;
	bool known = false, sold = false;
	struct str label;

	*active = false;
	for (size_t i = 0; i < whole->part_count; i++) {
		known |= is_member(whole, i, "area", &label);
		if (!listing_of(whole, i, &listing))
			continue;
		sold = true;
		*active |= listing.active;
	}
	known = known && has_stores(whole->config);
	*active |= !known;
	return sold || !known;
}

static struct jsonw
begin(const struct product_whole *whole, bool active, struct buf *body)
{
	struct jsonw w;

	buf_clear(body);
	w = jsonw_start(body);
	jsonw_open(&w, '{');
	jsonw_member(&w, "sku", whole->sku);
	if (whole->in_stock == STOCK_IN || whole->in_stock == STOCK_OUT)
		jsonw_member_bool(&w, "in_stock", whole->in_stock == STOCK_IN);
	jsonw_member_bool(&w, "active", active && !whole->product->inactive);
	jsonw_member_true(&w, "merge", true);
	add_attributes(whole, &w);
	return w;
}

enum product_lack
product_whole_body(const struct product_whole *whole, struct buf *body)
{
	const struct product_price *price = own_price(whole);
	struct str title = title_of(whole, NULL);
	struct str parent = whole->product->parent;
	bool active, sold = is_sold(whole, &active);
	struct jsonw w;

	if (whole->part_count == 0 && price == NULL)
		return PRODUCT_UNKNOWN;
	if (!sold)
		return PRODUCT_NOT_SOLD;
	if (title.len == 0)
		return PRODUCT_NO_TITLE;
	if (price == NULL)
		return PRODUCT_NO_PRICE;
	w = begin(whole, active, body);
	jsonw_member(&w, "title", title);
	add_price(&w, price);
	jsonw_member_bool(&w, "variant", parent.len > 0);
	add_text(&w, whole->before, "parent", parent);
	add_text(&w, whole->before, "url", part_text(whole, "url"));
	add_text(&w, whole->before, "image_url", part_text(whole, "image_url"));
	add_properties(whole, &w);
	if (parent.len == 0)
		add_listings(whole, &w);
	else if (had(whole->before, "listings"))
		jsonw_member_raw(&w, "listings", STR("[]"));
	jsonw_close(&w, '}');
	return PRODUCT_WHOLE;
}

void
product_part_body(const struct product_whole *whole, enum product_lack lack,
    struct buf *body)
{
	struct jsonw w = begin(whole, lack != PRODUCT_NOT_SOLD, body);

	jsonw_close(&w, '}');
}

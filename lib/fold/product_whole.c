#include "fold/product_whole.h"

#include "base/instant.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "fold/product_price.h"

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

/* When special prices are in force; empty: no limit. */
struct window {
	struct str from, to;
};

/* All of them hold then. */
static void
narrow(struct window *window, const struct product_price *special)
{
	if (str_cmp(special->from, window->from) > 0)
		window->from = special->from;
	if (special->to.len > 0 &&
	    (window->to.len == 0 || str_cmp(special->to, window->to) < 0))
		window->to = special->to;
}

static void
add_special(const struct product_whole *whole, struct jsonw *w,
    const struct product_price *price, struct window *window)
{
	const struct product_price *special =
	    product_price_special(whole, price);

	if (special == NULL)
		return;
	narrow(window, special);
	jsonw_key(w, "special_price");
	jsonw_decimal_text(w, special->price);
}

static void
add_listings(const struct product_whole *whole, struct jsonw *w,
    struct window *window)
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
		add_special(whole, w, listing.price, window);
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

/* The beginning of a day, or its last second. */
static struct str
day_text(const struct product_whole *whole, struct str day, bool last)
{
	char text[INSTANT_TEXT];
	struct str digits = day.len == 10
				? arena_format(whole->arena, "%.4s%.2s%.2s",
				      day.data, day.data + 5, day.data + 8)
				: STR_NONE;
	instant at;

	if (!zone_from_sap(digits, last ? STR("235959") : STR("000000"), &at))
		return STR_NONE;
	instant_format(at, text);
	return arena_str(whole->arena, str_of(text));
}

/* With listings the window stands on the product, the price on each. */
static void
add_window(const struct product_whole *whole, struct jsonw *w,
    const struct window *window)
{
	add_text(w, whole->before, "special_from",
	    day_text(whole, window->from, false));
	add_text(w, whole->before, "special_to",
	    day_text(whole, window->to, true));
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
	const struct product_price *price = product_price_own(whole);
	struct str title = title_of(whole, NULL);
	struct str parent = whole->product->parent;
	struct window window = { .to = STR_NONE };
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
	if (product_price_special(whole, price) == NULL)
		add_text(&w, whole->before, "special_price", STR_NONE);
	add_special(whole, &w, price, &window);
	jsonw_member_bool(&w, "variant", parent.len > 0);
	add_text(&w, whole->before, "parent", parent);
	add_text(&w, whole->before, "url", part_text(whole, "url"));
	add_text(&w, whole->before, "image_url", part_text(whole, "image_url"));
	add_properties(whole, &w);
	if (parent.len == 0)
		add_listings(whole, &w, &window);
	else if (had(whole->before, "listings"))
		jsonw_member_raw(&w, "listings", STR("[]"));
	add_window(whole, &w, &window);
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

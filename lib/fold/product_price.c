#include "fold/product_price.h"

/* Which prices are looked for. */
struct search {
	const struct product_whole *whole;
	bool special; /* lower ones for a time */
};

/* How good a price is: of two the one that is greater in the first that
 * differs. */
struct merit {
	bool holds; /* today */
	size_t rank; /* of its condition; the shop's come last */
	struct str age; /* of what holds: when it was said; else its end */
	struct str from;
};

static bool
holds(const struct product_whole *whole, const struct product_price *price)
{
	return price->to.len == 0 || str_cmp(price->to, whole->today) >= 0;
}

static size_t
rank_of(const struct search *search, struct str condition)
{
	const char *list = config_text(search->whole->config, "product", NULL,
	    search->special ? "special-price-conditions" : "price-conditions");
	struct str word;
	size_t rank = SIZE_MAX;

	while (config_word(&list, &word)) {
		if (str_eq(word, condition))
			return rank;
		rank--;
	}
	return condition.len == 0 && !search->special ? 1 : 0;
}

/* Of SAP's: the unit must be the product's own, the table one of all buyers. */
static bool
may_count(const struct search *search, const struct product_price *price)
{
	const struct product_whole *whole = search->whole;
	struct str unit = whole->product->unit;

	return !price->deleted && rank_of(search, price->condition) > 0 &&
	       (!search->special || holds(whole, price)) &&
	       (price->from.len == 0 ||
		   str_cmp(price->from, whole->today) <= 0) &&
	       (price->table.len == 0 ||
		   config_lists(whole->config, "product", NULL, "price-tables",
		       price->table)) &&
	       (price->unit.len == 0 || unit.len == 0 ||
		   str_eq(price->unit, unit));
}

static struct merit
merit_of(const struct search *search, const struct product_price *price)
{
	bool now = holds(search->whole, price);

	return (struct merit){ now, rank_of(search, price->condition),
		now ? price->seq : price->to, price->from };
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
best_of_item(const struct search *search, size_t *at, struct str place)
{
	const struct product_whole *whole = search->whole;
	const struct product_price *first = &whole->prices[*at], *best = NULL;

	for (; *at < whole->price_count; ++*at) {
		const struct product_price *price = &whole->prices[*at];

		if (price->of != first->of || !str_eq(price->item, first->item))
			break;
		if (str_eq(price->place, place) && may_count(search, price) &&
		    (best == NULL || is_better(merit_of(search, price),
					 merit_of(search, best))))
			best = price;
	}
	return best;
}

static const struct product_price *
best_at(const struct search *search, struct str place)
{
	const struct product_whole *whole = search->whole;
	const struct product_price *lowest = NULL;
	size_t at = 0;

	while (at < whole->price_count) {
		const struct product_price *best =
		    best_of_item(search, &at, place);

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

const struct product_price *
product_price_at(const struct product_whole *whole, struct str place)
{
	const struct search search = { whole, false };

	return best_at(&search, place);
}

const struct product_price *
product_price_special(const struct product_whole *whole,
    const struct product_price *price)
{
	const struct search search = { whole, true };
	const struct product_price *special = best_at(&search, price->place);

	return special != NULL && str_eq(special->currency, price->currency) &&
		       decimal_cmp(special->price, price->price) < 0
		   ? special
		   : NULL;
}

const struct product_price *
product_price_own(const struct product_whole *whole)
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

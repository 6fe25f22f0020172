#include "price.h"

#include "entry.h"

#define HOUR 3600
#define VIEWED (42 * 86400) /* seconds */

/* Nothing is kept unless somebody wants to know. */
static bool
is_wanted(struct store *store)
{
	sqlite3_stmt *find = store_get(store, STORE_PRICE_WANTED);
	bool wanted = store_step(find);

	sqlite3_reset(find);
	return wanted;
}

static void
keep(struct store *store, struct str product)
{
	sqlite3_stmt *step = store_get(store, STORE_PRICE_FORGET);

	bind_str(step, 1, product);
	store_run(step);
	step = store_get(store, STORE_PRICE_KEEP);
	bind_str(step, 1, product);
	bind_int(step, 2, instant_now());
	store_run(step);
}

static bool
has_bought(struct store *store, int64_t profile, struct str product)
{
	sqlite3_stmt *find = store_get(store, STORE_PRICE_BOUGHT);
	bool bought;

	bind_int(find, 1, profile);
	bind_str(find, 2, product);
	bind_int(find, 3, instant_now() - VIEWED);
	bought = store_step(find);
	sqlite3_reset(find);
	return bought;
}

/* Of this store; an empty one is all. */
static void
tell_viewers(struct store *store, struct str product, struct str shop)
{
	sqlite3_stmt *viewers = store_get(store, STORE_PRICE_VIEWERS);
	instant now = instant_now();
	struct candidate who = { .kind = "price",
		.key = product,
		.at = now - now % HOUR + HOUR,
		.tick = HOUR,
		.visit = true };

	bind_str(viewers, 1, product);
	bind_str(viewers, 2, shop);
	bind_int(viewers, 3, now - VIEWED);
	while (store_step(viewers)) {
		sqlite3_stmt *campaigns;

		who.profile = entry_profile(store, column_str(viewers, 0),
		    column_str(viewers, 1), STR_NONE);
		who.reason =
		    has_bought(store, who.profile, product) ? "bought" : NULL;
		campaigns = store_get(store, STORE_CAMPAIGN_PRICES);
		bind_str(campaigns, 1, shop);
		(void)entry_add_all(store, campaigns, &who);
	}
}

static void
compare(struct store *store, struct str product)
{
	sqlite3_stmt *drops = store_get(store, STORE_PRICE_DROPS);

	bind_str(drops, 1, product);
	bind_int(drops, 2, instant_now());
	while (store_step(drops))
		tell_viewers(store, product, column_str(drops, 0));
	keep(store, product);
}

void
price_before(struct store *store, struct str product)
{
	if (is_wanted(store))
		keep(store, product);
}

void
price_after(struct store *store, struct str product)
{
	if (is_wanted(store))
		compare(store, product);
}

void
price_tick(struct store *store)
{
	struct buf product = BUF_INIT;

	for (;;) {
		sqlite3_stmt *due = store_get(store, STORE_PRICE_IS_DUE);

		bind_int(due, 1, instant_now());
		if (!store_step(due))
			break;
		buf_clear(&product);
		buf_add_str(&product, column_str(due, 0));
		sqlite3_reset(due);
		compare(store, buf_str(&product));
	}
	buf_free(&product);
}

#include "fold/order_view.h"

/* Among SAP's documents the newest word, the lowest document on a tie. */
static struct str
sap_value(const struct order_view *view, const struct order_state *order,
    enum order_key key)
{
	const struct order_fact *best = NULL;

	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];
		const struct order_fact *fact = &document->facts[key];

		if (order_is_shop(document->document) || fact->value.len == 0 ||
		    (document->no_sale && !view->no_sale))
			continue;
		if (best == NULL || str_cmp(fact->seq, best->seq) > 0)
			best = fact;
	}
	return best != NULL ? best->value : STR_NONE;
}

/* An address comes whole from one document: the city decides which. */
static bool
sap_has_address(const struct order_view *view, const struct order_state *order,
    enum order_key city)
{
	return sap_value(view, order, city).len > 0 ||
	       sap_value(view, order, city + 2).len > 0 ||
	       sap_value(view, order, city + 3).len > 0;
}

static struct str
shop_value(const struct order_state *order, enum order_key key)
{
	const struct order_document *shop =
	    order_document_find(order, STR(ORDER_SHOP));

	return shop != NULL ? shop->facts[key].value : STR_NONE;
}

static void
derive_values(struct order_view *view, const struct order_state *order)
{
	bool ship = sap_has_address(view, order, ORDER_SHIP_CITY);
	bool bill = sap_has_address(view, order, ORDER_BILL_CITY);

	for (enum order_key key = 0; key < ORDER_KEY_COUNT; key++) {
		struct str value = sap_value(view, order, key);
		bool whole = (ship && key >= ORDER_SHIP_CITY &&
				 key <= ORDER_SHIP_COUNTRY) ||
			     (bill && key >= ORDER_BILL_CITY &&
				 key <= ORDER_BILL_COUNTRY);

		view->values[key] =
		    value.len > 0 || whole ? value : shop_value(order, key);
	}
}

static void
derive_customer(struct order_view *view, const struct order_state *order,
    bool one_time)
{
	view->shop_email = shop_value(order, ORDER_EMAIL);
	view->guest = one_time ||
		      str_is(view->values[ORDER_ONE_TIME], "true") ||
		      view->values[ORDER_CUSTOMER].len == 0;
	/* A guest has no master; the order document is all there is. */
	if (view->guest && view->shop_email.len == 0)
		view->shop_email = view->values[ORDER_EMAIL];
}

static void
derive_store(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, struct arena *arena)
{
	struct str shop = shop_value(order, ORDER_CHANNEL);
	const char *area = arena_format(arena, "%.*s/%.*s",
	    STR_ARGS(view->values[ORDER_SALES_ORG]),
	    STR_ARGS(view->values[ORDER_SALES_CHANNEL]))
			       .data;
	const char *text;

	view->store = view->values[ORDER_STORE];
	view->channel = view->values[ORDER_CHANNEL];
	if (!config_labelled(rules->config, "sales-area", area))
		return;
	text = config_text(rules->config, "sales-area", area, "store");
	if (text != NULL)
		view->store = str_of(text);
	text = config_text(rules->config, "sales-area", area, "channel");
	/* "online" may be the default: the shop knows better which one. */
	if (text != NULL && (strcmp(text, "online") != 0 || shop.len == 0))
		view->channel = str_of(text);
}

static instant
shop_placed(const struct order_state *order)
{
	instant at;

	return instant_parse(shop_value(order, ORDER_PLACED_AT), &at)
		   ? at
		   : order->provisional_at;
}

/* SAP's dates mostly come without a time, as the midnight they begin with: the
 * shop's word of the same day is the more exact one. */
static bool
is_day_of(instant midnight, instant at)
{
	char day[15], digits[15];

	if (midnight == INSTANT_NONE || at == INSTANT_NONE)
		return false;
	zone_to_digits(midnight, day);
	zone_to_digits(at, digits);
	return strcmp(day + 8, "000000") == 0 && memcmp(day, digits, 8) == 0;
}

static void
derive_placed(struct order_view *view, const struct order_state *order)
{
	instant shop = shop_placed(order);

	view->placed_at = INSTANT_NONE;
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *document = &order->documents[i];
		instant at;

		if (!order_is_shop(document->document) &&
		    instant_parse(document->facts[ORDER_PLACED_AT].value,
			&at) &&
		    (view->placed_at == INSTANT_NONE || at < view->placed_at))
			view->placed_at = at;
	}
	if (view->placed_at == INSTANT_NONE || is_day_of(view->placed_at, shop))
		view->placed_at = shop;
}

void
order_values(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, bool one_time, struct arena *arena)
{
	derive_values(view, order);
	derive_customer(view, order, one_time);
	derive_store(view, order, rules, arena);
	derive_placed(view, order);
}

#include "fold/order_body.h"

#include "record/desired.h"

#include "base/hash.h"
#include "fold/shipment.h"

static const char *const total_names[] = { "subtotal", "discount", "shipping",
	"tax", "grand_total" };

/* Ometria's limit for the id of a custom event. */
/* And for the properties of one, as JSON. */
#define EVENT_PROPERTIES_MAX 1000

static void
money(struct jsonw *w, const char *key, struct order_amount amount,
    unsigned digits)
{
	struct decimal rounded;

	if (!amount.known || !decimal_rescale(amount.value, digits, &rounded))
		return;
	jsonw_key(w, key);
	jsonw_decimal_text(w, rounded);
}

static void
quantity(struct jsonw *w, const char *key, struct order_amount amount)
{
	if (!amount.known)
		return;
	jsonw_key(w, key);
	jsonw_decimal_text(w, decimal_trim(amount.value));
}

static void
add_customer(struct jsonw *w, const struct order_view *view)
{
	const struct str *values = view->values;

	if (view->guest && view->shop_email.len == 0 &&
	    values[ORDER_FIRST_NAME].len == 0 &&
	    values[ORDER_LAST_NAME].len == 0)
		return;
	jsonw_key(w, "customer");
	jsonw_open(w, '{');
	if (!view->guest)
		jsonw_member(w, "id", values[ORDER_CUSTOMER]);
	jsonw_member(w, "email", view->shop_email);
	/* Who is known by a number has no name but the customer master's. */
	if (view->guest) {
		jsonw_member(w, "first_name", values[ORDER_FIRST_NAME]);
		jsonw_member(w, "last_name", values[ORDER_LAST_NAME]);
	}
	jsonw_close(w, '}');
}

static void
add_address(struct jsonw *w, const char *key, const struct str *part)
{
	static const char *const names[] = { "city", "region", "postcode",
		"country" };
	bool any = false;

	for (size_t i = 0; i < 4; i++)
		any |= part[i].len > 0;
	if (!any)
		return;
	jsonw_key(w, key);
	jsonw_open(w, '{');
	for (size_t i = 0; i < 4; i++)
		jsonw_member(w, names[i], part[i]);
	jsonw_close(w, '}');
}

/* --- lines --- */

static int
by_number(const void *left, const void *right)
{
	return order_line_cmp(*(const struct order_line *const *)left,
	    *(const struct order_line *const *)right);
}

/* The lines that leave, sorted: the live ones; of an order that was rejected
 * line by line, or in its rest, all: it keeps its last lines. */
static size_t
choose_lines(const struct order_line **chosen, const struct order_state *order,
    const struct order_view *view)
{
	size_t count = 0;

	for (int all = 0; all <= 1 && count == 0; all++)
		for (size_t i = 0; i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];

			if (order_view_uses(view, line) && (line->live || all))
				chosen[count++] = line;
		}
	if (count > 1)
		qsort(chosen, count, sizeof(*chosen), by_number);
	return count;
}

/* SAP's items often have no text: the shop's line of the same product has. */
struct titles {
	const struct order_line **lines; /* sorted by product */
	size_t count;
};

static int
by_product(const void *left, const void *right)
{
	const struct order_line *a = *(const struct order_line *const *)left;
	const struct order_line *b = *(const struct order_line *const *)right;
	int order = str_cmp(a->product, b->product);

	return order != 0 ? order : by_number(left, right);
}

static struct titles
find_titles(const struct order_state *order, struct arena *arena)
{
	struct titles titles = { .count = 0 };

	titles.lines = arena_array(arena, order->line_count + 1,
	    sizeof(struct order_line *));
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];

		if (str_is(line->document, ORDER_SHOP) &&
		    line->product.len > 0 &&
		    line->facts[LINE_TITLE].value.len > 0)
			titles.lines[titles.count++] = line;
	}
	if (titles.count > 1)
		qsort(titles.lines, titles.count, sizeof(*titles.lines),
		    by_product);
	return titles;
}

static struct str
title_of(const struct titles *titles, const struct order_line *line)
{
	size_t from = 0, to = titles->count;

	if (line->facts[LINE_TITLE].value.len > 0)
		return line->facts[LINE_TITLE].value;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (str_cmp(titles->lines[middle]->product, line->product) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < titles->count &&
		       str_eq(titles->lines[from]->product, line->product)
		   ? titles->lines[from]->facts[LINE_TITLE].value
		   : STR_NONE;
}

enum line_money {
	MONEY_UNIT_PRICE,
	MONEY_SUBTOTAL,
	MONEY_DISCOUNT,
	MONEY_TAX,
	MONEY_TOTAL,
	MONEY_REFUNDED,
	MONEY_COUNT
};

static const char *const line_moneys[] = { "unit_price", "subtotal", "discount",
	"tax", "total", "refunded" };

static void
line_amounts(const struct order_line *line,
    struct order_amount amounts[MONEY_COUNT])
{
	amounts[MONEY_UNIT_PRICE] = line->price;
	amounts[MONEY_SUBTOTAL] = line->subtotal;
	amounts[MONEY_DISCOUNT] = line->discount;
	amounts[MONEY_TAX] = line->tax;
	amounts[MONEY_TOTAL] = line->total;
	amounts[MONEY_REFUNDED] =
	    (struct order_amount){ decimal_sign(line->refunded) != 0,
		    line->refunded };
}

static void
add_amounts(struct jsonw *w, const char *const *keys,
    const struct order_amount *amounts, size_t count, unsigned digits)
{
	for (size_t i = 0; i < count; i++)
		money(w, keys[i], amounts[i], digits);
}

/* The same amounts in the base currency and in the order's own. */
static void
add_currencies(struct jsonw *w, const struct order_view *view,
    const char *const *keys, const struct order_amount *local,
    const struct order_amount *base, size_t count)
{
	jsonw_key(w, "totals");
	jsonw_open(w, '{');
	jsonw_key(w, "base");
	jsonw_open(w, '{');
	add_amounts(w, keys, base, count, view->base_digits);
	jsonw_close(w, '}');
	jsonw_key(w, "local");
	jsonw_open(w, '{');
	jsonw_member(w, "currency", view->values[ORDER_CURRENCY]);
	add_amounts(w, keys, local, count, view->digits);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void
add_line_currencies(struct jsonw *w, const struct order_view *view,
    const struct order_line *line, const struct order_amount *amounts)
{
	struct order_amount base[MONEY_COUNT];

	for (size_t i = 0; i < MONEY_COUNT; i++)
		base[i] = order_in_base(view, amounts[i], line->of->rate);
	add_currencies(w, view, line_moneys, amounts, base, MONEY_COUNT);
}

static void
add_line(struct jsonw *w, const struct order_view *view,
    const struct titles *titles, const struct order_line *line)
{
	struct order_amount amounts[MONEY_COUNT];
	struct order_amount returned = { decimal_sign(
					     line->refunded_quantity) != 0,
		line->refunded_quantity };

	line_amounts(line, amounts);
	jsonw_open(w, '{');
	jsonw_member(w, "line", line->line);
	jsonw_member(w, "sku", line->product);
	jsonw_member(w, "title", title_of(titles, line));
	quantity(w, "quantity", line->quantity);
	add_amounts(w, line_moneys, amounts, MONEY_REFUNDED, view->digits);
	quantity(w, "quantity_refunded", returned);
	money(w, "refunded", amounts[MONEY_REFUNDED], view->digits);
	if (view->has_base)
		add_line_currencies(w, view, line, amounts);
	jsonw_close(w, '}');
}

static void
add_lines(struct jsonw *w, const struct order_state *order,
    const struct order_view *view, struct arena *arena)
{
	const struct order_line **lines =
	    arena_array(arena, order->line_count + 1, sizeof(*lines));
	size_t count = choose_lines(lines, order, view);
	struct titles titles;

	if (count == 0)
		return;
	titles = find_titles(order, arena);
	jsonw_key(w, "lines");
	jsonw_open(w, '[');
	for (size_t i = 0; i < count; i++)
		add_line(w, view, &titles, lines[i]);
	jsonw_close(w, ']');
}

/* --- properties --- */

static int
by_text(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static struct str
sales_documents(const struct order_state *order, struct arena *arena)
{
	struct str *numbers =
	    arena_array(arena, order->document_count + 1, sizeof(*numbers));
	struct buf text = BUF_INIT;
	size_t count = 0;
	struct str kept;

	for (size_t i = 0; i < order->document_count; i++)
		if (order->documents[i].document.data[0] != '@')
			numbers[count++] = order->documents[i].document;
	if (count > 1)
		qsort(numbers, count, sizeof(*numbers), by_text);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(&text, ',');
		buf_add_str(&text, numbers[i]);
	}
	kept = arena_str(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* Lines of which SAP has confirmed no quantity yet. */
static int64_t
unconfirmed_lines(const struct order_state *order,
    const struct order_view *view)
{
	int64_t count = 0;

	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];
		struct decimal quantity;

		count += line->live && order_view_uses(view, line) &&
			 decimal_parse(line->facts[LINE_CONFIRMED].value,
			     &quantity) &&
			 decimal_sign(quantity) == 0;
	}
	return count;
}

static void
add_properties(struct jsonw *w, const struct order_state *order,
    const struct order_view *view, struct arena *arena)
{
	struct str documents = sales_documents(order, arena);
	struct str type = view->values[ORDER_TYPE];
	struct str web = view->values[ORDER_WEB_ORDER];
	int64_t unconfirmed = unconfirmed_lines(order, view);

	if (str_eq(web, order->id))
		web = STR_NONE;
	if (documents.len == 0 && type.len == 0 && web.len == 0 &&
	    unconfirmed == 0 && !view->refunded_other.known &&
	    !view->return_requested.known)
		return;
	jsonw_key(w, "properties");
	jsonw_open(w, '{');
	jsonw_member(w, "sap_sales_document", documents);
	jsonw_member(w, "sap_order_type", type);
	jsonw_member(w, "web_order", web);
	if (unconfirmed > 0)
		jsonw_member_int(w, "sap_unconfirmed_lines", unconfirmed);
	quantity(w, "return_requested", view->return_requested);
	money(w, "refunded_other", view->refunded_other, view->digits);
	jsonw_close(w, '}');
}

void
order_body(struct buf *to, const struct order_state *order,
    const struct order_view *view, struct arena *arena)
{
	struct jsonw w = jsonw_start(to);
	const struct str *values = view->values;

	jsonw_open(&w, '{');
	jsonw_member(&w, "order_id", order->id);
	jsonw_member_time(&w, "placed_at", view->placed_at);
	jsonw_member(&w, "status", str_of(order_status_name(view->status)));
	jsonw_member_bool(&w, "valid", view->valid);
	jsonw_member(&w, "currency", values[ORDER_CURRENCY]);
	add_amounts(&w, total_names, view->totals, TOTAL_COUNT, view->digits);
	if (view->has_base)
		add_currencies(&w, view, total_names, view->totals, view->base,
		    TOTAL_COUNT);
	jsonw_member(&w, "store", view->store);
	jsonw_member(&w, "channel", view->channel);
	jsonw_member(&w, "coupon", values[ORDER_COUPON]);
	jsonw_member(&w, "payment_method", values[ORDER_PAYMENT_METHOD]);
	jsonw_member(&w, "shipping_method", values[ORDER_SHIPPING_METHOD]);
	add_customer(&w, view);
	add_address(&w, "shipping_address", &values[ORDER_SHIP_CITY]);
	add_address(&w, "billing_address", &values[ORDER_BILL_CITY]);
	add_lines(&w, order, view, arena);
	add_properties(&w, order, view, arena);
	jsonw_close(&w, '}');
}

/* All parcels' numbers, as many whole ones as fit beside what is `used`. */
static void
add_tracking(struct jsonw *w, struct str numbers, size_t used)
{
	size_t room =
	    EVENT_PROPERTIES_MAX - sizeof("{\"tracking_numbers\":\"\",}");
	struct buf list = BUF_INIT;

	room = used < room ? room - used : 0;
	shipment_track(&list, numbers,
	    room < SHIPMENT_TRACKING_MAX ? room : SHIPMENT_TRACKING_MAX);
	jsonw_member(w, "tracking_numbers", buf_str(&list));
	buf_free(&list);
}

void
order_event_body(struct buf *to, const struct order_state *order,
    const struct order_view *view)
{
	struct jsonw w = jsonw_start(to);
	struct buf id = BUF_INIT;
	size_t properties;

	desired_event_id(&id, order->id);
	jsonw_open(&w, '{');
	jsonw_member(&w, "event", STR("order_shipped"));
	jsonw_member(&w, "event_id", buf_str(&id));
	jsonw_member_time(&w, "at", view->shipped_at);
	if (!view->guest)
		jsonw_member(&w, "customer_id", view->values[ORDER_CUSTOMER]);
	else
		jsonw_member(&w, "email", view->shop_email);
	properties = to->len;
	jsonw_member(&w, "order_id", order->id);
	if (view->last != NULL) {
		jsonw_member(&w, "carrier", view->last->carrier);
		jsonw_member(&w, "tracking_number",
		    view->last->tracking_number);
		jsonw_member(&w, "tracking_url", view->last->tracking_url);
	}
	jsonw_member_int(&w, "delivery_count", (int64_t)view->deliveries);
	add_tracking(&w, view->tracking, to->len - properties);
	jsonw_close(&w, '}');
	buf_free(&id);
}

#include "fold/shipment.h"

#include "fold/amount.h"

static struct str
web_order(const struct json *node, const struct order_rules *rules,
    struct arena *arena)
{
	struct str text = str_trim(json_text(node, "web_order", arena));

	return order_web_number(rules, text, arena) ? text : STR_NONE;
}

static struct str
number(const struct json *node, const char *key, struct arena *arena)
{
	return order_number(json_text(node, key, arena));
}

static struct str
line_number(const struct json *node, size_t position, struct arena *arena)
{
	struct str line = number(node, "line", arena);

	return line.len > 0 ? line : arena_format(arena, "%zu", position);
}

static bool
may_be_same(struct str a, struct str b)
{
	return a.len == 0 || b.len == 0 || str_eq(a, b);
}

static int
by_line(const void *left, const void *right)
{
	const struct shipment_line *a = *(struct shipment_line *const *)left;
	const struct shipment_line *b = *(struct shipment_line *const *)right;

	return str_cmp(a->line, b->line);
}

struct shipment_line **
shipment_sort(const struct shipment *shipment, struct arena *arena)
{
	struct shipment_line **sorted =
	    arena_array(arena, shipment->count + 1, sizeof(*sorted));

	for (size_t i = 0; i < shipment->count; i++)
		sorted[i] = &shipment->lines[i];
	if (shipment->count > 1)
		qsort(sorted, shipment->count, sizeof(*sorted), by_line);
	return sorted;
}

struct shipment_line *
shipment_find(struct shipment_line *const *sorted, size_t count,
    struct str line)
{
	size_t from = 0, to = line.len > 0 ? count : 0;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_cmp(sorted[middle]->line, line);

		if (order == 0)
			return sorted[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Batch splits often name nothing but their main item: its reference is
 * theirs. A component of another material is no split. */
static void
inherit(struct shipment_line *line, const struct shipment_line *main)
{
	if (main == NULL || main == line ||
	    !may_be_same(main->material, line->material) ||
	    !may_be_same(main->sku, line->sku))
		return;
	line->sales_line = main->sales_line;
	if (line->document.len == 0)
		line->document = main->document;
	if (line->web_order.len == 0)
		line->web_order = main->web_order;
}

static void
inherit_references(const struct shipment *shipment, struct arena *arena)
{
	struct shipment_line **sorted = shipment_sort(shipment, arena);

	for (size_t i = 0; i < shipment->count; i++) {
		struct shipment_line *line = &shipment->lines[i];

		if (line->parent.len > 0 && line->sales_line.len == 0)
			inherit(line, shipment_find(sorted, shipment->count,
					  line->parent));
	}
}

/* Goods that come back with a returns delivery; credits tell what they change.
 */
static bool
comes_back(const struct json *line, struct arena *arena)
{
	struct decimal quantity;

	return decimal_parse(json_text(line, "quantity", arena), &quantity) &&
	       decimal_sign(quantity) < 0;
}

/* What may stand among the numbers of a property: it needs no escape in JSON
 * and is no list itself. */
static bool
is_tracking_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < ' ' || c == '"' || c == '\\' ||
		    c == ORDER_TRACKING_SEPARATOR)
			return false;
	}
	return text.len > 0;
}

/* The first number of a list, taken off it. */
static struct str
next_number(struct str *list)
{
	const char *end =
	    memchr(list->data, ORDER_TRACKING_SEPARATOR, list->len);
	struct str first = *list;

	if (end != NULL)
		first.len = (size_t)(end - list->data);
	list->data += first.len + (end != NULL);
	list->len -= first.len + (end != NULL);
	return first;
}

static bool
is_listed(struct str list, struct str number)
{
	while (list.len > 0)
		if (str_eq(next_number(&list), number))
			return true;
	return false;
}

/* False when the list would grow over the limit. */
static bool
track(struct buf *list, struct str number, size_t limit)
{
	size_t before = list->len > 0 ? list->len + 1 : 0;

	if (!is_tracking_number(number) || is_listed(buf_str(list), number))
		return true;
	if (before + number.len > limit)
		return false;
	if (before > 0)
		buf_add_char(list, ORDER_TRACKING_SEPARATOR);
	buf_add_str(list, number);
	return true;
}

void
shipment_track(struct buf *list, struct str numbers, size_t limit)
{
	while (numbers.len > 0)
		if (!track(list, next_number(&numbers), limit))
			return;
}

/* The delivery's own number, then each parcel's. */
static struct str
tracking_numbers(const struct json *root, struct str own, struct arena *arena)
{
	struct buf list = BUF_INIT;
	struct str kept;

	track(&list, own, SHIPMENT_TRACKING_MAX);
	JSON_EACH(parcel, json_get(root, "parcels"))
	{
		if (!track(&list, json_text(parcel, "number", arena),
			SHIPMENT_TRACKING_MAX))
			break;
	}
	kept = arena_str(arena, buf_str(&list));
	buf_free(&list);
	return kept;
}

/* The quantity in the base unit: as the delivery says it, else by its own
 * numerator and denominator, which may make a fraction of it. */
static struct str
base_quantity(const struct json *line, struct arena *arena)
{
	struct str said = json_text(line, "base_quantity", arena);
	struct ratio quantity, top, bottom;

	if (said.len > 0 ||
	    !ratio_parse(json_text(line, "quantity", arena), &quantity) ||
	    !ratio_parse(json_text(line, "base_numerator", arena), &top) ||
	    !ratio_parse(json_text(line, "base_denominator", arena), &bottom) ||
	    !ratio_mul(quantity, top, &quantity) ||
	    !ratio_div(quantity, bottom, &quantity))
		return said;
	return arena_format(arena, "%lld/%lld", (long long)quantity.top,
	    (long long)quantity.bottom);
}

void
shipment_read(struct shipment *shipment, const struct record *record,
    struct str seq, const struct order_rules *rules, struct arena *arena)
{
	const struct json *root = record->root;
	const struct json *lines = json_get(root, "lines");
	size_t at = 0;

	*shipment = (struct shipment){
		.delivery = order_number(record->id),
		.seq = seq,
		.posted_at = INSTANT_NONE,
		.reversed = json_true(json_get(root, "reversed"), false),
		.carrier = json_text(root, "carrier", arena),
		.tracking_number = json_text(root, "tracking_number", arena),
		.tracking_url = json_text(root, "tracking_url", arena),
	};
	shipment->tracking_numbers =
	    tracking_numbers(root, shipment->tracking_number, arena);
	if (!instant_parse(json_text(root, "posted_at", arena),
		&shipment->posted_at))
		shipment->posted_at = INSTANT_NONE;
	shipment->lines =
	    arena_array(arena, lines->count + 1, sizeof(*shipment->lines));
	JSON_EACH(line, lines)
	{
		if (line->type != JSON_OBJECT || comes_back(line, arena))
			continue;
		shipment->lines[at] = (struct shipment_line){
			.line = line_number(line, at + 1, arena),
			.document = number(line, "sales_document", arena),
			.sales_line = number(line, "sales_line", arena),
			.web_order = web_order(line, rules, arena),
			.sku = json_text(line, "sku", arena),
			.material = json_text(line, "material", arena),
			.quantity = json_text(line, "quantity", arena),
			.unit = json_text(line, "unit", arena),
			.base_quantity = base_quantity(line, arena),
			.base_unit = json_text(line, "base_unit", arena),
			.parent = number(line, "parent", arena),
		};
		at++;
	}
	shipment->count = at;
	inherit_references(shipment, arena);
}

/* A line's own reference, else the one in the record's head. */
static struct str
credit_document(const struct json *line, const struct json *refers,
    struct arena *arena)
{
	struct str own = number(line, "sales_document", arena);

	return own.len > 0 ? own : number(refers, "sales_document", arena);
}

static struct str
credit_web_order(const struct json *line, const struct json *refers,
    const struct order_rules *rules, struct arena *arena)
{
	struct str own = web_order(line, rules, arena);

	return own.len > 0 ? own : web_order(refers, rules, arena);
}

/* --- amounts of a credit memo --- */

static struct order_amount
amount_of(const struct json *node, const char *key, struct arena *arena)
{
	return amount_said(
	    &(struct order_fact){ .value = json_text(node, key, arena) });
}

static struct order_amount
absolute(struct order_amount amount)
{
	if (amount.known && decimal_sign(amount.value) < 0)
		amount.value = decimal_neg(amount.value);
	return amount;
}

static struct str
amount_text(struct order_amount amount, struct arena *arena)
{
	struct buf text = BUF_INIT;
	struct str kept = STR_NONE;

	if (amount.known) {
		decimal_add_to(&text, amount.value);
		kept = arena_str(arena, buf_str(&text));
	}
	buf_free(&text);
	return kept;
}

/* What the lines of a credit memo come to. */
struct credit_sums {
	struct amount_sum net, tax;
	bool negative; /* written as minus what is credited */
};

static struct credit_sums
credit_sums(const struct json *lines, struct arena *arena)
{
	struct credit_sums sums = { .negative = false };

	JSON_EACH(line, lines)
	{
		amount_add(&sums.net, amount_of(line, "net", arena));
		amount_add(&sums.tax, absolute(amount_of(line, "tax", arena)));
	}
	sums.negative = decimal_sign(sums.net.value) < 0;
	return sums;
}

/* An item against the others' sign is a charge, such as for restocking. */
static bool
is_charge(const struct credit_sums *sums, struct order_amount net)
{
	return net.known && decimal_sign(net.value) != 0 &&
	       (decimal_sign(net.value) < 0) != sums->negative;
}

static void
set_amounts(struct credit_line *to, const struct json *line,
    const struct credit_sums *sums, struct arena *arena)
{
	struct order_amount net = amount_of(line, "net", arena);
	struct order_amount tax = absolute(amount_of(line, "tax", arena));
	struct order_amount quantity =
	    absolute(amount_of(line, "quantity", arena));
	bool charge = is_charge(sums, net);

	net = absolute(net);
	if (charge) {
		net.value = decimal_neg(net.value);
		tax.value = decimal_neg(tax.value);
		quantity.known = false;
	}
	to->net = amount_text(net, arena);
	to->tax = amount_text(tax, arena);
	to->quantity = amount_text(quantity, arena);
}

/* The tax of a memo whose lines have none, by their net values. */
static void
spread_tax(struct credit *credit, const struct json *root,
    const struct credit_sums *sums, struct arena *arena)
{
	const struct json *totals = json_get(root, "totals");
	struct order_amount net = absolute(amount_sum(&sums->net));
	struct order_amount left = absolute(amount_of(totals, "tax", arena));
	struct order_amount tax;

	if (!left.known)
		left = amount_plus(
		    absolute(amount_of(totals, "grand_total", arena)), net, -1);
	if (sums->tax.known > 0 || !left.known ||
	    decimal_sign(left.value) <= 0 || decimal_sign(net.value) <= 0)
		return;
	tax = left;
	for (size_t i = 0; i < credit->count; i++) {
		struct order_amount part = amount_said(
		    &(struct order_fact){ .value = credit->lines[i].net });

		part.known = part.known &&
			     decimal_mul(part.value, tax.value, &part.value) &&
			     decimal_div(part.value, net.value, tax.value.scale,
				 &part.value);
		if (i + 1 == credit->count)
			part = left;
		credit->lines[i].tax = amount_text(part, arena);
		left = amount_plus(left, amount_or_zero(part), -1);
	}
}

/* What the total holds beside the lines: freight, or all of it when there are
 * none. It is an item that names no line. */
static void
add_rest(struct credit *credit, const struct json *root,
    const struct order_rules *rules, struct arena *arena)
{
	const struct json *totals = json_get(root, "totals");
	const struct json *refers = json_get(root, "refers_to");
	struct order_amount rest =
	    absolute(amount_of(totals, "grand_total", arena));

	if (!rest.known)
		rest = amount_plus(
		    absolute(amount_of(totals, "subtotal", arena)),
		    amount_or_zero(absolute(amount_of(totals, "tax", arena))),
		    1);
	for (size_t i = 0; i < credit->count; i++) {
		const struct credit_line *line = &credit->lines[i];

		rest = amount_plus(rest,
		    amount_or_zero(amount_said(
			&(struct order_fact){ .value = line->net })),
		    -1);
		rest = amount_plus(rest,
		    amount_or_zero(amount_said(
			&(struct order_fact){ .value = line->tax })),
		    -1);
	}
	if (!rest.known || decimal_sign(rest.value) <= 0)
		return;
	credit->lines[credit->count++] = (struct credit_line){
		.line = STR("@rest"),
		.document = number(refers, "sales_document", arena),
		.web_order = web_order(refers, rules, arena),
		.net = amount_text(rest, arena),
	};
}

static void
read_lines(struct credit *credit, const struct json *root,
    const struct order_rules *rules, struct arena *arena)
{
	const struct json *refers = json_get(root, "refers_to");
	const struct json *lines = json_get(root, "lines");
	struct credit_sums sums = credit_sums(lines, arena);

	credit->lines =
	    arena_array(arena, lines->count + 1, sizeof(*credit->lines));
	JSON_EACH(line, lines)
	{
		struct credit_line *to = &credit->lines[credit->count];

		if (line->type != JSON_OBJECT)
			continue;
		*to = (struct credit_line){
			.line = line_number(line, credit->count + 1, arena),
			.document = credit_document(line, refers, arena),
			.sales_line = number(line, "sales_line", arena),
			.web_order =
			    credit_web_order(line, refers, rules, arena),
			.sku = json_text(line, "sku", arena),
		};
		set_amounts(to, line, &sums, arena);
		credit->count++;
	}
	if (credit->kind != CREDIT_MEMO)
		return;
	spread_tax(credit, root, &sums, arena);
	add_rest(credit, root, rules, arena);
}

bool
credit_read(struct credit *credit, const struct record *record, struct str seq,
    const struct order_rules *rules, struct arena *arena)
{
	const struct json *root = record->root;
	struct str kind = json_text(root, "kind", arena);

	if (!str_is(kind, "credit") && !str_is(kind, "cancellation"))
		return false;
	*credit = (struct credit){
		.invoice = order_number(record->id),
		.seq = seq,
		.kind =
		    str_is(kind, "credit") ? CREDIT_MEMO : CREDIT_CANCELLATION,
		.refers = number(json_get(root, "refers_to"), "invoice", arena),
	};
	read_lines(credit, root, rules, arena);
	return true;
}

/* --- return orders --- */

static bool
names_original(const struct credit *credit)
{
	for (size_t i = 0; i < credit->count; i++)
		if (credit->lines[i].document.len > 0 ||
		    credit->lines[i].web_order.len > 0)
			return true;
	return false;
}

/* A till knows the number of the receipt that it took back, but not its day: it
 * names an original that is never found. */
static struct str
receipt(const struct json *refers, struct arena *arena)
{
	struct str number = json_text(refers, "receipt", arena);

	return number.len > 0
		   ? arena_format(arena, "receipt %.*s", STR_ARGS(number))
		   : STR_NONE;
}

bool
return_read(struct credit *credit, const struct record *record,
    const struct order_input *input, const struct order_rules *rules,
    struct arena *arena)
{
	const struct json *root = record->root;
	const struct json *refers = json_get(root, "refers_to");
	struct str own = input->sales_document.len > 0
			     ? input->sales_document
			     : order_number(record->id);
	struct str web = web_order(refers, rules, arena);

	*credit = (struct credit){
		.invoice =
		    arena_format(arena, ORDER_RETURN "%.*s", STR_ARGS(own)),
		.seq = input->seq,
		.kind = CREDIT_RETURN,
		.refers = own,
	};
	read_lines(credit, root, rules, arena);
	if (credit->count == 0)
		credit->lines[credit->count++] = (struct credit_line){
			.line = STR("@rest"),
			.document = number(refers, "sales_document", arena),
		};
	if (web.len == 0)
		web = web_order(root, rules, arena);
	for (size_t i = 0; i < credit->count; i++) {
		struct credit_line *line = &credit->lines[i];

		if (line->web_order.len == 0)
			line->web_order = web;
		if (line->document.len == 0 && web.len == 0)
			line->document = receipt(refers, arena);
	}
	if (!names_original(credit))
		return false;
	if (input->cancelled)
		credit->count = 0; /* it announces nothing any more */
	return true;
}

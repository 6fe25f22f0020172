#include "fold/shipment.h"

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

bool
credit_read(struct credit *credit, const struct record *record, struct str seq,
    const struct order_rules *rules, struct arena *arena)
{
	const struct json *root = record->root;
	const struct json *refers = json_get(root, "refers_to");
	const struct json *lines = json_get(root, "lines");
	struct str kind = json_text(root, "kind", arena);
	size_t at = 0;

	if (!str_is(kind, "credit") && !str_is(kind, "cancellation"))
		return false;
	*credit = (struct credit){
		.invoice = order_number(record->id),
		.seq = seq,
		.cancellation = str_is(kind, "cancellation"),
		.refers = number(refers, "invoice", arena),
		.lines = arena_array(arena, lines->count + 1,
		    sizeof(*credit->lines)),
	};
	JSON_EACH(line, lines)
	{
		if (line->type != JSON_OBJECT)
			continue;
		credit->lines[at] = (struct credit_line){
			.line = line_number(line, at + 1, arena),
			.document = credit_document(line, refers, arena),
			.sales_line = number(line, "sales_line", arena),
			.web_order =
			    credit_web_order(line, refers, rules, arena),
			.sku = json_text(line, "sku", arena),
			.quantity = json_text(line, "quantity", arena),
			.net = json_text(line, "net", arena),
			.tax = json_text(line, "tax", arena),
		};
		at++;
	}
	credit->count = at;
	return true;
}

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

/* Batch splits often name nothing but their main item: its reference is
 * theirs. A component of another material is no split. */
static void
inherit(const struct shipment *shipment, struct shipment_line *line)
{
	for (size_t i = 0; i < shipment->count; i++) {
		const struct shipment_line *main = &shipment->lines[i];

		if (main == line || !str_eq(main->line, line->parent) ||
		    !may_be_same(main->material, line->material) ||
		    !may_be_same(main->sku, line->sku))
			continue;
		line->sales_line = main->sales_line;
		if (line->document.len == 0)
			line->document = main->document;
		if (line->web_order.len == 0)
			line->web_order = main->web_order;
		return;
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
			.base_quantity =
			    json_text(line, "base_quantity", arena),
			.base_unit = json_text(line, "base_unit", arena),
			.parent = number(line, "parent", arena),
		};
		at++;
	}
	shipment->count = at;
	for (size_t i = 0; i < at; i++) {
		struct shipment_line *line = &shipment->lines[i];

		if (line->parent.len > 0 && line->sales_line.len == 0)
			inherit(shipment, line);
	}
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

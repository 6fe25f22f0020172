/* Products as a whole: [product] master = sap. */

#include "stock.h"

#include "fold/product_said.h"
#include "fold/product_whole.h"
#include "state/exceptions.h"
#include "state/outbox.h"

struct saying {
	struct stocks *s;
	struct str item;
	bool news;
	enum status status;
	struct diag *diag;
};

static bool
say_part(void *user, const struct product_part *part)
{
	struct saying *saying = user;
	bool news = false;

	saying->status = product_say(saying->s->aggregate.state, saying->item,
	    part, &news, saying->diag);
	saying->news |= news;
	return saying->status == STATUS_OK;
}

static bool
say_price(void *user, const struct product_price *price)
{
	struct saying *saying = user;
	bool news = false;

	saying->status = product_say_price(saying->s->aggregate.state,
	    saying->item, price, &news, saying->diag);
	saying->news |= news;
	return saying->status == STATUS_OK;
}

enum status
stocks_note(struct stocks *s, const struct record *record, bool stamped,
    struct str item, bool *news, struct diag *diag)
{
	struct saying saying = { s, item, false, STATUS_OK, diag };

	product_each_part(record, stamped, &s->record, say_part, &saying);
	if (saying.status == STATUS_OK)
		product_each_price(record, &s->record, say_price, &saying);
	*news = saying.news;
	return saying.status;
}

struct str
stocks_today(struct stocks *s)
{
	char digits[15];

	zone_to_digits(instant_now(), digits);
	return arena_format(&s->record, "%.4s-%.2s-%.2s", digits, digits + 4,
	    digits + 6);
}

/* Why a product has to wait; NULL: it need not, or none is expected. */
static const char *
why_incomplete(enum product_lack lack, bool orphan, bool circle)
{
	switch (lack) {
	case PRODUCT_WHOLE:
		if (circle)
			return "it is among the parents of its own parent";
		return orphan ? "its parent is not complete" : NULL;
	case PRODUCT_NO_TITLE:
		return "no title is known";
	case PRODUCT_NO_PRICE:
		return "no price is known";
	case PRODUCT_UNKNOWN:
	case PRODUCT_NOT_SOLD:
		break;
	}
	return NULL;
}

static enum status
tell(struct stocks *s, struct str sku, const char *why, struct buf *output,
    struct diag *diag)
{
	static const char code[] = "product-incomplete";

	if (why == NULL)
		return exceptions_heal(s->aggregate.state, code, "sku", sku,
		    diag);
	return stocks_remark(s, code, "sku", sku,
	    arena_format(&s->record, "cannot be sent as a whole: %s", why).data,
	    output, diag);
}

static enum status
load(struct stocks *s, struct product_whole *whole, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	const struct product_state *product = whole->product;
	struct product_part *parts;
	struct product_price *prices = NULL;
	enum status status = product_parts(state, product->item, &s->record,
	    &parts, &whole->part_count, diag);

	if (status == STATUS_OK)
		status = product_prices(state, product->item, whole->sku,
		    product->parent, &s->record, &prices, &whole->price_count,
		    diag);
	whole->parts = parts;
	whole->prices = prices;
	return status;
}

/* The product as it is desired so far. */
static enum status
load_before(struct stocks *s, struct product_whole *whole, bool *found,
    struct diag *diag)
{
	struct outbox_row row;
	enum status status = outbox_get(s->aggregate.state, DESIRED_PRODUCT,
	    whole->sku, &s->record, &row, found, diag);

	whole->before = status == STATUS_OK && *found
			    ? json_parse(&s->before, row.body)
			    : NULL;
	return status;
}

/* More generations than articles have. */
#define GENERATIONS 8

/* Whether its parents lead back to it: none of them can ever go first. */
static enum status
is_circle(struct stocks *s, struct str sku, struct str parent, bool *yes,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	*yes = false;
	for (int i = 0; i < GENERATIONS && parent.len > 0 && !*yes; i++) {
		struct product_state product;

		status = product_of_sku(s->aggregate.state, parent, &s->record,
		    &product, diag);
		if (status != STATUS_OK)
			break;
		parent = product.parent;
		*yes = str_eq(parent, sku);
	}
	return status;
}

enum status
stocks_make_whole(struct stocks *s, struct str sku,
    const struct product_state *product, enum stock_answer in_stock, bool *made,
    struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct product_whole whole = {
		.config = state_config(state),
		.today = stocks_today(s),
		.sku = sku,
		.product = product,
		.in_stock = in_stock,
		.doc = &s->doc,
		.arena = &s->record,
	};
	enum product_lack lack = PRODUCT_UNKNOWN;
	struct str missing = STR_NONE;
	bool circle = false, found = false;
	enum status status = load(s, &whole, diag);

	if (status == STATUS_OK)
		status = load_before(s, &whole, &found, diag);
	if (status == STATUS_OK)
		status = stocks_missing_parent(s, sku, &missing, diag);
	if (status == STATUS_OK && missing.len > 0)
		status = is_circle(s, sku, missing, &circle, diag);
	if (status != STATUS_OK)
		return status;
	lack = product_whole_body(&whole, &s->body);
	*made = lack == PRODUCT_WHOLE && missing.len == 0;
	status = tell(s, sku, why_incomplete(lack, missing.len > 0, circle),
	    output, diag);
	if (status != STATUS_OK || *made)
		return status;
	product_part_body(&whole, lack, &s->body);
	*made = found;
	return status;
}

static bool
differs(const struct json *a, const struct json *b)
{
	return b->type == JSON_BOOL && json_true(a, true) != json_true(b, true);
}

enum status
stocks_is_flip(struct stocks *s, struct str sku, bool *flip, struct diag *diag)
{
	struct json_doc old = JSON_DOC_INIT;
	const struct json *was, *is;
	struct outbox_row row;
	bool found = false;
	enum status status = outbox_get(s->aggregate.state, DESIRED_PRODUCT,
	    sku, &s->record, &row, &found, diag);

	*flip = false;
	if (status != STATUS_OK || !found || row.accepted_rev == 0)
		return status;
	was = json_parse(&old, row.body);
	is = json_parse(&s->doc, buf_str(&s->body));
	*flip = was != NULL && is != NULL &&
		(differs(json_get(was, "in_stock"), json_get(is, "in_stock")) ||
		    differs(json_get(was, "active"), json_get(is, "active")));
	json_doc_free(&old);
	return STATUS_OK;
}

enum status
stocks_missing_parent(struct stocks *s, struct str sku, struct str *parent,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct product_state product;
	struct outbox_row row;
	bool found = false;
	enum status status =
	    product_of_sku(state, sku, &s->record, &product, diag);

	*parent = STR_NONE;
	if (status == STATUS_OK && product.parent.len > 0)
		status = outbox_get(state, DESIRED_PRODUCT, product.parent,
		    &s->record, &row, &found, diag);
	if (status == STATUS_OK && !found)
		*parent = product.parent;
	return status;
}

enum status
stocks_renew_variants(struct stocks *s, struct str sku, struct diag *diag)
{
	struct arena arena = ARENA_INIT;
	struct buf last = BUF_INIT;
	struct str variant = sku;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && variant.len > 0) {
		arena_reset(&arena);
		status = product_next_variant(s->aggregate.state, sku,
		    buf_str(&last), &arena, &variant, diag);
		names_add(&s->renewed, variant);
		buf_clear(&last);
		buf_add_str(&last, variant);
	}
	arena_free(&arena);
	buf_free(&last);
	return status;
}

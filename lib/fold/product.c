#include "fold/product.h"

static bool
same(const struct product_state *a, const struct product_state *b)
{
	return a->deleted == b->deleted && str_eq(a->parent, b->parent) &&
	       str_eq(a->status, b->status);
}

/* Any total order will do: it only has to be the same one everywhere. */
static bool
greater(const struct product_state *a, const struct product_state *b)
{
	int order = str_cmp(a->parent, b->parent);

	if (a->deleted != b->deleted)
		return a->deleted;
	return order != 0 ? order > 0 : str_cmp(a->status, b->status) > 0;
}

enum stock_verdict
product_fold(struct product_state *product, const struct record *record,
    struct str parent, bool stamped, const struct config *config,
    struct arena *arena)
{
	struct product_state new = {
		.seq = record->seq,
		.parent = parent,
		.status = json_text(record->root, "status", arena),
		.deleted = json_true(json_get(record->root, "deleted"), false),
	};
	int age = product->seq.len > 0 ? str_cmp(new.seq, product->seq) : 1;
	bool ever;

	if (new.status.len > 0 && config_lists(config, "product", NULL,
				      "inactive-status", new.status))
		new.deleted = true;
	ever = product->ever_deleted || new.deleted;
	product->ever_deleted = ever;
	if (age < 0)
		return STOCK_SUPERSEDED;
	if (age == 0 && same(&new, product))
		return STOCK_DUPLICATE;
	if (age == 0 && !stamped && !greater(&new, product))
		return STOCK_SUPERSEDED;
	*product = new;
	product->ever_deleted = ever;
	return STOCK_TAKEN;
}

bool
product_body(struct str sku, enum stock_answer in_stock,
    const struct product_state *product, struct buf *body)
{
	bool known = in_stock == STOCK_IN || in_stock == STOCK_OUT;
	struct jsonw w;

	buf_clear(body);
	if (!known && !product->ever_deleted)
		return false;
	w = jsonw_start(body);
	jsonw_open(&w, '{');
	jsonw_member(&w, "sku", sku);
	if (known)
		jsonw_member_bool(&w, "in_stock", in_stock == STOCK_IN);
	if (product->ever_deleted)
		jsonw_member_bool(&w, "active", !product->deleted);
	jsonw_member_true(&w, "merge", true);
	jsonw_close(&w, '}');
	return true;
}

#include "fold/product.h"

#include "fold/product_said.h"

/* Put a status into the list of those that were, which is in order. */
static struct str
with_status(struct str list, struct str status, struct arena *arena)
{
	struct str rest = list, before;

	if (status.len == 0)
		return list;
	while (rest.len > 0) {
		struct str word = rest;
		const char *comma = memchr(rest.data, ',', rest.len);

		if (comma != NULL)
			word.len = (size_t)(comma - rest.data);
		if (str_eq(word, status))
			return list;
		if (str_cmp(word, status) > 0)
			break;
		rest.data += word.len + (comma != NULL);
		rest.len -= word.len + (comma != NULL);
	}
	before = (struct str){ list.data, list.len - rest.len };
	if (before.len > 0 && rest.len > 0)
		before.len--; /* its comma */
	return arena_format(arena, "%.*s%s%.*s%s%.*s", STR_ARGS(before),
	    before.len > 0 ? "," : "", STR_ARGS(status),
	    rest.len > 0 ? "," : "", STR_ARGS(rest));
}

/* Whether a part is to be taken: newer, or at a tie greater. */
static enum stock_verdict
judge(struct str new_seq, struct str seq, int order, bool stamped)
{
	int age = seq.len > 0 ? str_cmp(new_seq, seq) : 1;

	if (age < 0)
		return STOCK_SUPERSEDED;
	if (age == 0 && order == 0)
		return STOCK_DUPLICATE;
	return age > 0 || stamped || order > 0 ? STOCK_TAKEN : STOCK_SUPERSEDED;
}

/* Any total order will do: it only has to be the same one everywhere. */
static int
compare(const struct product_state *a, const struct product_state *b)
{
	if (a->deleted != b->deleted)
		return a->deleted ? 1 : -1;
	return str_cmp(a->status, b->status);
}

static enum stock_verdict
fold_parent(struct product_state *product, struct str seq, struct str parent,
    bool stamped)
{
	enum stock_verdict verdict = judge(seq, product->parent_seq,
	    str_cmp(parent, product->said_parent), stamped);

	if (verdict != STOCK_TAKEN)
		return verdict;
	product->parent_seq = seq;
	product->said_parent = parent;
	return STOCK_TAKEN;
}

/* What was ever said is remembered, whichever came first. */
static bool
remember(struct product_state *product, const struct product_state *said,
    struct arena *arena)
{
	struct str before = product->statuses;
	bool deleted = product->ever_deleted;

	product->ever_deleted = deleted || said->deleted;
	product->statuses = with_status(before, said->status, arena);
	return product->ever_deleted != deleted ||
	       !str_eq(product->statuses, before);
}

static enum stock_verdict
fold_description(struct product_state *product, const struct record *record,
    bool stamped, struct arena *arena)
{
	const struct json *root = record->root;
	const struct product_state new = {
		.status = json_text(root, "status", arena),
		.unit = json_text(root, "unit", arena),
		.deleted = json_true(json_get(root, "deleted"), false),
	};
	bool remembers = remember(product, &new, arena);
	enum stock_verdict verdict;

	/* The rest ages apart (product_said.h). */
	if (!product_says_all(record, stamped))
		return remembers ? STOCK_SUPERSEDED : STOCK_DUPLICATE;
	verdict =
	    judge(record->seq, product->seq, compare(&new, product), stamped);
	if (verdict != STOCK_TAKEN)
		return verdict;
	product->seq = record->seq;
	product->status = new.status;
	product->deleted = new.deleted;
	product->unit = new.unit;
	return STOCK_TAKEN;
}

enum stock_verdict
product_fold(struct product_state *product, const struct record *record,
    struct str parent, bool stamped, struct arena *arena)
{
	enum stock_verdict whole, part = STOCK_DUPLICATE;
	const struct json *named = json_get(record->root, "parent");

	whole = fold_description(product, record, stamped, arena);
	if (parent.len > 0 || named->type == JSON_NULL ||
	    product_says_all(record, stamped))
		part = fold_parent(product, record->seq, parent, stamped);
	if (whole == STOCK_TAKEN || part == STOCK_TAKEN)
		return STOCK_TAKEN;
	return whole == STOCK_DUPLICATE ? part : whole;
}

static bool
makes_inactive(const struct config *config, struct str status)
{
	return status.len > 0 &&
	       config_lists(config, "product", NULL, "inactive-status", status);
}

void
product_decide(struct product_state *product, const struct config *config,
    struct str listed)
{
	struct str rest = product->statuses;
	bool ever = product->ever_deleted;

	product->parent = listed.len > 0 ? listed : product->said_parent;
	product->inactive =
	    product->deleted || makes_inactive(config, product->status);
	while (rest.len > 0 && !ever) {
		const char *comma = memchr(rest.data, ',', rest.len);
		size_t len =
		    comma != NULL ? (size_t)(comma - rest.data) : rest.len;

		ever = makes_inactive(config, (struct str){ rest.data, len });
		rest.data += len + (comma != NULL);
		rest.len -= len + (comma != NULL);
	}
	/* What was told once is taken back, whatever the list says now. */
	product->ever_inactive = product->ever_inactive || ever;
}

bool
product_body(struct str sku, enum stock_answer in_stock,
    const struct product_state *product, bool retired, struct buf *body)
{
	bool known = in_stock == STOCK_IN || in_stock == STOCK_OUT;
	bool told = product->ever_inactive || retired;
	struct jsonw w;

	buf_clear(body);
	if (!known && !told)
		return false;
	w = jsonw_start(body);
	jsonw_open(&w, '{');
	jsonw_member(&w, "sku", sku);
	if (known)
		jsonw_member_bool(&w, "in_stock", in_stock == STOCK_IN);
	if (told)
		jsonw_member_bool(&w, "active", !product->inactive);
	jsonw_member_true(&w, "merge", true);
	jsonw_close(&w, '}');
	return true;
}

void
product_body_retired(struct str sku, struct buf *body)
{
	const struct product_state none = { .inactive = true };

	product_body(sku, STOCK_UNKNOWN, &none, true, body);
}

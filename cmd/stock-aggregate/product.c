#include "stock.h"

#include "base/limits.h"
#include "state/product_said.h"
#include "state/sku_register.h"

enum status
stocks_load(struct stocks *s, const struct config *config, struct diag *diag)
{
	const char *master = config_text(config, "product", NULL, "master");
	const char *file = config_text(config, "product", NULL, "parents");
	struct buf path = BUF_INIT;
	enum status status = STATUS_OK;

	if (file != NULL) {
		config_beside(config, str_of(file), &path);
		status = sku_map_load(&s->generics, &sku_map_parents, path.data,
		    &s->sku_rule, diag);
	}
	buf_free(&path);
	s->whole_products = strcmp(master, "sap") == 0;
	return status;
}

/* The parent that the file gives an SKU, by the SKU that it has itself. */
static enum status
listed_parent(struct stocks *s, struct str sku, struct str *parent,
    struct diag *diag)
{
	struct str named = sku_map_find(s->generics, sku);
	bool found = false;
	enum status status = STATUS_OK;

	if (named.len > 0)
		status = sku_register_find(s->aggregate.state, named,
		    &s->record, parent, &found, diag);
	if (!found || parent->len == 0)
		*parent = named;
	return status;
}

/* What follows for a product, and whose parents it has to do with. */
static enum status
decide(struct stocks *s, struct str item, struct str sku,
    struct product_state *product, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct product_state latest = *product;
	struct str listed = STR_NONE;
	enum status status = listed_parent(s, sku, &listed, diag);

	if (status == STATUS_OK)
		status = product_latest(state, item, &s->record, &latest, diag);
	names_add(&s->renewed, product->parent);
	product_decide(&latest, state_config(state), listed);
	product->unit = latest.unit;
	product->parent = latest.parent;
	product->inactive = latest.inactive;
	product->ever_inactive = latest.ever_inactive;
	if (str_eq(product->parent, sku)) /* nothing is its own variant */
		product->parent = STR_NONE;
	names_add(&s->renewed, product->parent);
	stocks_renew(s, sku);
	return status == STATUS_OK ? product_store(state, item, product, diag)
				   : status;
}

enum status
stocks_decide(struct stocks *s, struct str item, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct product_state product;
	struct str sku;
	enum status status =
	    product_load(state, item, &s->record, &product, diag);

	stocks_forget_names(s);
	if (status == STATUS_OK)
		status = product_sku(state, item, &s->record, &sku, diag);
	return status == STATUS_OK && product.known
		   ? decide(s, item, sku, &product, diag)
		   : status;
}

enum status
stocks_take_product(struct stocks *s, const struct record *record, bool stamped,
    enum stock_verdict *verdict, struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct str material =
	    str_trim(json_text(record->root, "material", &s->record));
	struct product_state product;
	struct stock_name name;
	struct str parent;
	enum status status;
	bool news = false;

	status =
	    stocks_name(s, record, material, record->id, &name, output, diag);
	if (status == STATUS_OK)
		status =
		    product_load(state, name.item, &s->record, &product, diag);
	if (status != STATUS_OK)
		return status;
	parent = sku_normalise(&s->sku_rule,
	    json_text(record->root, "parent", &s->record), &s->scratch);
	*verdict = product_fold(&product, record, arena_str(&s->record, parent),
	    stamped, &s->record);
	status = stocks_note(s, record, stamped, name.item, &news, diag);
	if (news)
		*verdict = STOCK_TAKEN;
	if (status != STATUS_OK || *verdict == STOCK_DUPLICATE)
		return status;
	stocks_change(s, record, name.sku);
	if (s->whole_products)
		status = stocks_renew_variants(s, name.sku, diag);
	if (status != STATUS_OK)
		return status;
	return decide(s, name.item, name.sku, &product, diag);
}

/* What stood under one number goes to the item. A plant may have a snapshot of
 * all its materials then. */
static enum status
join_one(struct stocks *s, struct str number, struct str item,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct str sku, before;
	struct stock_cell *cells;
	size_t count;
	bool found;
	enum status status =
	    sku_register_find(state, item, &s->record, &sku, &found, diag);

	if (status == STATUS_OK)
		status = product_join(state, number, item, sku, &s->record,
		    &before, diag);
	if (status == STATUS_OK)
		status = stock_cells(state, sku, 0, &s->record, &cells, &count,
		    diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		names_add(&s->levels, cells[i].plant);
	stocks_renew(s, before);
	stocks_renew(s, sku);
	return stocks_decide(s, item, diag);
}

/* What stood under the long numbers of materials goes to them. */
static enum status
join(struct stocks *s, bool *more, struct diag *diag)
{
	enum status status = STATUS_OK;
	struct str number, item;

	*more = true;
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		arena_reset(&s->record);
		status = sku_register_take_joined(s->aggregate.state,
		    &s->record, &number, &item, diag);
		*more = status == STATUS_OK && item.len > 0;
		if (*more)
			status = join_one(s, number, item, diag);
	}
	return status;
}

enum status
stocks_rename(struct stocks *s, bool *more, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	bool joined;
	enum status status = join(s, &joined, diag);
	struct str item, sku, before;

	*more = true;
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		arena_reset(&s->record);
		status = sku_register_take_moved(state, &s->record, &item, &sku,
		    diag);
		*more = status == STATUS_OK && item.len > 0;
		if (*more)
			status = product_rename(state, item, sku, &s->record,
			    &before, diag);
		if (!*more || status != STATUS_OK)
			break;
		stocks_renew(s, before);
		status = stocks_decide(s, item, diag);
	}
	*more |= joined;
	return status;
}

static enum status
refold(struct stocks *s, bool *more, struct diag *diag)
{
	enum status status = STATUS_OK;
	struct str item;

	*more = true;
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		arena_reset(&s->record);
		status =
		    product_due(s->aggregate.state, &s->record, &item, diag);
		*more = status == STATUS_OK && item.len > 0;
		if (*more)
			status = stocks_decide(s, item, diag);
	}
	return status;
}

enum status
stocks_begin(void *user, struct diag *diag)
{
	static const char *const sections[] = { "product", "stock", "plant",
		"sales-area", NULL };
	struct stocks *s = user;
	struct state *state = s->aggregate.state;
	/* Prices begin and end. */
	struct str today = s->whole_products ? stocks_today(s) : STR_NONE;
	struct hash parts[] = {
		config_fingerprint(state_config(state), sections),
		sku_map_hash(s->generics),
		hash_of(today),
	};
	enum status status = product_configure(state,
	    hash_of((struct str){ (const char *)parts, sizeof(parts) }), diag);

	if (status == STATUS_OK)
		status = stocks_begin_source(s, diag);
	return status == STATUS_OK ? stocks_heal_types(s, diag) : status;
}

enum status
stocks_due(void *user, bool *more, struct buf *output, struct diag *diag)
{
	struct stocks *s = user;
	bool moved = false, due = false, calm = false, reserved = false;
	bool absent = false;
	enum status status = stocks_begin(s, diag);

	if (status == STATUS_OK)
		status = stocks_rename(s, &moved, diag);
	if (status == STATUS_OK)
		status = refold(s, &due, diag);
	if (status == STATUS_OK)
		status = stocks_take_calm(s, &calm, diag);
	if (status == STATUS_OK)
		status = stocks_expire_reserved(s, diag);
	if (status == STATUS_OK)
		status = stocks_take_reserved(s, &reserved, diag);
	if (status == STATUS_OK)
		status = stocks_batch_end(s, output, diag);
	if (status == STATUS_OK && s->whole)
		status = stocks_absent(s, &absent, output, diag);
	*more = moved || due || calm || reserved || absent;
	return status;
}

enum status
stocks_idle(void *user, struct diag *diag)
{
	struct stocks *s = user;

	return aggregate_idle(&s->aggregate, diag);
}

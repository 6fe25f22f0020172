#include "stock.h"

#include "state/product.h"
#include "state/sku_tell.h"

void
names_add(struct names *names, struct str text)
{
	if (text.len == 0)
		return;
	for (size_t i = names->count; i > 0; i--)
		if (str_eq(names->list[i - 1], text))
			return;
	if (names->count == names->size) {
		names->size = names->size != 0 ? names->size * 2 : 64;
		names->list =
		    mem_grow(names->list, names->size, sizeof(*names->list));
	}
	names->list[names->count++] = arena_str(&names->arena, text);
}

void
names_clear(struct names *names)
{
	names->count = 0;
	arena_reset(&names->arena);
}

void
names_free(struct names *names)
{
	free(names->list);
	arena_free(&names->arena);
}

/* What the register says comes first, else the rule. */
static enum status
sku_of(struct stocks *s, const struct record *record, struct str material,
    struct str *sku, struct buf *output, struct diag *diag)
{
	struct sku_sight sight = {
		.material = material,
		.sku = arena_str(&s->record,
		    sku_normalise(&s->sku_rule, material, &s->scratch)),
		.seq = record->seq,
		.source = SKU_GUESSED,
	};
	struct sku_standing standing;
	enum status status = sku_register_see(s->aggregate.state, &sight,
	    &s->record, &standing, diag);

	*sku = standing.sku;
	return status == STATUS_OK
		   ? sku_tell(&s->aggregate.filter, material, &standing,
			 &record->src, &s->record, output, diag)
		   : status;
}

enum status
stocks_name(struct stocks *s, const struct record *record, struct str material,
    struct str given, struct str *item, struct str *sku, struct buf *output,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	bool by_sku = material.len == 0;
	struct str before;
	enum status status;

	if (by_sku) {
		*sku = arena_str(&s->record,
		    sku_normalise(&s->sku_rule, given, &s->scratch));
		status = product_item_of(state, *sku, &s->record, item, diag);
	} else {
		*item = sku_register_key(material);
		status = sku_of(s, record, material, sku, output, diag);
	}
	if (status == STATUS_OK)
		status = product_name(state, *item, *sku, by_sku, &s->record,
		    &before, diag);
	if (status == STATUS_OK && !str_eq(before, *sku)) {
		names_add(&s->changed, *sku);
		names_add(&s->changed, before);
	}
	return status;
}

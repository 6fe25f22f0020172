#include "stock.h"

#include "state/product.h"
#include "state/sku_tell.h"

/* The slot of a text, or the free one that it would take. */
static size_t
slot_of(const struct names *names, struct str text)
{
	size_t last = 2 * names->size - 1;
	struct hash hash = hash_of(text);
	size_t at;

	memcpy(&at, hash.bytes, sizeof(at));
	for (at &= last; names->slots[at] != 0; at = (at + 1) & last)
		if (str_eq(names->list[names->slots[at] - 1], text))
			break;
	return at;
}

static void
grow(struct names *names)
{
	names->size = names->size != 0 ? names->size * 2 : 64;
	names->list = mem_grow(names->list, names->size, sizeof(*names->list));
	free(names->slots);
	names->slots = mem_zero(2 * names->size, sizeof(*names->slots));
	for (size_t i = 0; i < names->count; i++)
		names->slots[slot_of(names, names->list[i])] = (uint32_t)i + 1;
}

void
names_add(struct names *names, struct str text)
{
	size_t slot;

	if (text.len == 0)
		return;
	if (names->count == names->size)
		grow(names);
	slot = slot_of(names, text);
	if (names->slots[slot] != 0)
		return;
	names->list[names->count++] = arena_str(&names->arena, text);
	names->slots[slot] = (uint32_t)names->count;
}

bool
names_have(const struct names *names, struct str text)
{
	return names->count > 0 && names->slots[slot_of(names, text)] != 0;
}

void
names_clear(struct names *names)
{
	if (names->count > 0)
		memset(names->slots, 0,
		    2 * names->size * sizeof(*names->slots));
	names->count = 0;
	arena_reset(&names->arena);
}

void
names_free(struct names *names)
{
	free(names->list);
	free(names->slots);
	arena_free(&names->arena);
}

void
stocks_renew(struct stocks *s, struct str sku)
{
	names_add(&s->changed, sku);
	names_add(&s->renewed, sku);
}

/* What the register says comes first, else what the rule made. */
static enum status
sku_of(struct stocks *s, const struct record *record, struct str material,
    struct str matnr, struct stock_name *name, struct buf *output,
    struct diag *diag)
{
	struct sku_sight sight = {
		.material = material,
		.matnr = matnr,
		.sku = name->sku,
		.seq = record->seq,
		.source = SKU_GUESSED,
	};
	struct sku_standing standing;
	enum status status = sku_register_see(s->aggregate.state, &sight,
	    &s->record, &standing, diag);

	name->item = standing.item;
	name->sku = standing.sku;
	return status == STATUS_OK
		   ? sku_tell(&s->aggregate.filter, material, &standing,
			 &record->src, &s->record, output, diag)
		   : status;
}

enum status
stocks_name(struct stocks *s, const struct record *record, struct str material,
    struct str given, struct stock_name *name, struct buf *output,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	bool by_sku = material.len == 0, known;
	struct str matnr = json_text(record->root, "matnr", &s->record);
	struct str before;
	enum status status;

	name->unit = STR_NONE;
	if (by_sku) {
		name->sku = arena_str(&s->record,
		    sku_normalise(&s->sku_rule, given, &s->scratch));
		status = product_item_of(state, name->sku, &s->record,
		    &name->item, diag);
	} else {
		name->item = sku_register_key(matnr.len > 0 ? matnr : material);
		name->sku = arena_str(&s->record,
		    sku_normalise(&s->sku_rule, material, &s->scratch));
		if (stocks_knows(s, record->seq, name))
			return STATUS_OK;
		status = product_is_named(state, name->item, name->sku,
		    record->seq, &s->record, &name->unit, &known, diag);
		if (status == STATUS_OK && known)
			stocks_know(s, record->seq, name);
		if (status != STATUS_OK || known)
			return status;
		status = sku_of(s, record, material, matnr, name, output, diag);
	}
	if (status == STATUS_OK)
		status = product_name(state, name->item, name->sku, by_sku,
		    &s->record, &before, diag);
	if (status == STATUS_OK)
		status = product_unit(state, name->item, &s->record,
		    &name->unit, diag);
	if (status == STATUS_OK && !str_eq(before, name->sku)) {
		stocks_renew(s, name->sku);
		stocks_renew(s, before);
		status = stocks_decide(s, name->item, diag);
	}
	return status;
}

#ifndef STATE_SKU_OTHER_H
#define STATE_SKU_OTHER_H

/*
 * The other names of products in the SKU register: the EANs of each material,
 * and the SKUs by which the shop calls products, each as it was written. GTINs
 * of all lengths are one: GTIN-8, -12, -13 and -14 differ in leading zeros.
 * What SAP has as an EAN and is no GTIN (numbers of the house, whatever their
 * range and check digit) is one all the same, compared as a whole.
 *
 * All calls stand inside a transaction of the caller, or read only.
 */

#include "base/arena.h"
#include "state/state.h"

extern const char sku_other_schema_7[]; /* sku_ean, sku_shop */

/* The form under which an EAN stands in the register; replaces what was in the
 * buf. Empty: it is zero, which is none. */
struct str sku_ean_key(struct str ean, struct buf *key);

/* The materials of one EAN, told by their SKUs. */
struct sku_sharing {
	struct str ean; /* its key */
	struct str skus[2]; /* the first two in order */
	size_t count; /* of them: 2 is too many */
};

/*
 * A record of this seq gives a material (its item) these EANs (keys, each
 * once): they are all that it has, unless a newer record came before. *sharing:
 * how it stands now with each that came or went; lives in the arena.
 */
enum status sku_ean_see(struct state *state, struct str key, struct str seq,
    const struct str *eans, size_t count, struct arena *arena,
    struct sku_sharing **sharing, size_t *touched, struct diag *diag);

/* How it stands with all EANs of a material, now that its SKU is another. */
enum status sku_ean_again(struct state *state, struct str key,
    struct arena *arena, struct sku_sharing **sharing, size_t *count,
    struct diag *diag);

/* The first material that has an EAN, as it may be written; empty when there is
 * none, or when materials of several SKUs have it. */
enum status sku_ean_material(struct state *state, struct str ean,
    struct arena *arena, struct str *material, struct diag *diag);

/* The shop called the product with this canonical SKU so. */
enum status sku_shop_see(struct state *state, struct str name, struct str sku,
    struct diag *diag);

/*
 * The canonical SKU of what may be an EAN, a material number or an SKU of the
 * shop, in this order; empty when the register knows none, or several.
 */
enum status sku_other_find(struct state *state, struct str name,
    struct arena *arena, struct str *sku, struct diag *diag);

#endif

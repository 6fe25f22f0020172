#ifndef STATE_SKU_TELL_H
#define STATE_SKU_TELL_H

/* What the register has to say of a material, as exceptions. */

#include "state/filter.h"
#include "state/sku_other.h"
#include "state/sku_register.h"

/*
 * sku-collision where the material shares its SKU, healed where one is free
 * again; sku-mapping-changed where a mapping or its long number gave it another
 * one before; material-ambiguous.
 * Remarks on the record of src (NULL: on none). Inside a transaction.
 */
enum status sku_tell(struct filter *filter, struct str material,
    const struct sku_standing *standing, const struct record_src *src,
    struct arena *arena, struct buf *output, struct diag *diag);

/* ean-collision of each EAN that materials of several SKUs have, healed where
 * they do no longer. */
enum status sku_tell_eans(struct filter *filter,
    const struct sku_sharing *sharing, size_t count,
    const struct record_src *src, struct arena *arena, struct buf *output,
    struct diag *diag);

#endif

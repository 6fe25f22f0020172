#ifndef STATE_SKU_TELL_H
#define STATE_SKU_TELL_H

/* What the register has to say of a material, as exceptions. */

#include "state/filter.h"
#include "state/sku_register.h"

/*
 * sku-collision where the material shares its SKU, healed where one is free
 * again; sku-mapping-changed where a mapping gave it another one before.
 * Remarks on the record of src (NULL: on none). Inside a transaction.
 */
enum status sku_tell(struct filter *filter, struct str material,
    const struct sku_standing *standing, const struct record_src *src,
    struct arena *arena, struct buf *output, struct diag *diag);

#endif

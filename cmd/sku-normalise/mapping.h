#ifndef SKU_NORMALISE_MAPPING_H
#define SKU_NORMALISE_MAPPING_H

/*
 * A mapping that is new to a state: materials that were seen before get their
 * SKU by it, so that it heals the past; what it changes or no longer names is a
 * sku-mapping-changed exception.
 */

#include "sku/sku_map.h"
#include "state/filter.h"

/* rule: makes the SKU of a material that the mapping no longer names. */
enum status mapping_apply(struct filter *filter, const struct sku_rule *rule,
    struct diag *diag);

/* The file of --map, else of [sku] map beside the configuration; empty when
 * there is none. */
void mapping_name(const struct config *config, const char *option,
    struct buf *name);

#endif

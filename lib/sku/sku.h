#ifndef SKU_SKU_H
#define SKU_SKU_H

/*
 * One SKU for one material: the configured characters are stripped, letters
 * raised when configured, then leading zeros fall off, but only when the whole
 * number is digits (SAP's MATN1 exit; sap-ometria-record(5)). "0" stays "0".
 */

#include "base/config.h"

struct sku_map;

struct sku_rule {
	const char *strip; /* characters removed wherever they stand */
	bool upper;
	const struct sku_map *map; /* rows that win, or NULL (sku_map.h) */
};

/* [sku] strip and upper; NULL config gives the defaults. */
struct sku_rule sku_rule_of(const struct config *config);

/*
 * The canonical SKU of a material number. The result is text itself (cut) when
 * nothing else had to change, else it lives in scratch. Empty stays empty.
 */
struct str sku_normalise(const struct sku_rule *rule, struct str text,
    struct buf *scratch);

#endif

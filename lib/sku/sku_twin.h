#ifndef SKU_SKU_TWIN_H
#define SKU_SKU_TWIN_H

/*
 * SKUs that are meant to be one and are written in two ways: the forms in which
 * they are alike, and what tells them apart. Pure.
 */

#include "base/buf.h"

/* The form in which twins are one: letters small, separators and blanks gone,
 * leading zeros gone from what is digits then. Replaces what was in the buf. */
void sku_twin_key(struct str sku, struct buf *key);

/*
 * Whether a key is a GTIN (GTIN-8, -12, -13 or -14, leading zeros or not) whose
 * check digit is right (GS1 General Specifications, 7.9).
 */
bool sku_twin_is_gtin(struct str key);

/* Why two that are not the same are one: "padding", "case", "separators", "case
 * and separators", else "check digit". */
const char *sku_twin_why(struct str a, struct str b);

#endif

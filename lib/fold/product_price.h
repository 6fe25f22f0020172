#ifndef FOLD_PRODUCT_PRICE_H
#define FOLD_PRODUCT_PRICE_H

/*
 * Which of the prices of a product counts (fold/product_whole.h). Pure. NULL is
 * none that is known; what is returned is one of the prices given.
 */

#include "fold/product_whole.h"

/* The price at a place: a sales area, a store, or empty. */
const struct product_price *product_price_at(const struct product_whole *whole,
    struct str place);
/* The product's own: of the sales area that is named, else of no place, else
 * of the first that has one. */
const struct product_price *product_price_own(
    const struct product_whole *whole);
/*
 * The one that is in force instead of a price today: at its place the best
 * condition of [product] special-price-conditions, if it is in the same
 * currency and lower.
 */
const struct product_price *product_price_special(
    const struct product_whole *whole, const struct product_price *price);

#endif

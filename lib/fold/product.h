#ifndef FOLD_PRODUCT_H
#define FOLD_PRODUCT_H

/*
 * Folding product records (MATMAS), and the desired product: what SAP owns of
 * it, which is availability and deletion. Pure. A deletion that was ever said
 * is remembered, so that taking it back is sent as well, whatever the order of
 * arrival.
 */

#include "fold/stock.h"
#include "state/product.h"

/* parent: the SKU of the generic article that the record names, or empty. A
 * cross-plant status of [product] inactive-status counts as a deletion. Texts
 * of the new state live in the arena; at a tie the later one wins only when its
 * seq is the time of arrival (stamped). */
enum stock_verdict product_fold(struct product_state *product,
    const struct record *record, struct str parent, bool stamped,
    const struct config *config, struct arena *arena);

/* The desired product; false when nothing is known that could be sent. */
bool product_body(struct str sku, enum stock_answer in_stock,
    const struct product_state *product, struct buf *body);

#endif

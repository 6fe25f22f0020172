#ifndef FOLD_PRODUCT_H
#define FOLD_PRODUCT_H

/*
 * Folding product records (MATMAS, ARTMAS), what the configuration makes of
 * them, and the desired product: what SAP owns of it, which is availability and
 * deletion. Pure. A deletion or status that was ever said is remembered, so
 * that taking it back is sent as well, whatever the order of arrival.
 */

#include "fold/stock.h"
#include "state/product.h"

/*
 * parent: the SKU of the generic article that the record names, or empty. A
 * record that says nothing but that only names a variant, one of prices, a
 * reduced one or one of the shop (stamped) only what it says: nothing else of
 * it is taken. Texts of the new state live in the arena; at a tie the later one
 * wins only when its seq is the time of arrival (stamped).
 */
enum stock_verdict product_fold(struct product_state *product,
    const struct record *record, struct str parent, bool stamped,
    struct arena *arena);

/* What follows from what is known: a cross-plant status of [product]
 * inactive-status counts as a deletion, and the parent of the file of parents
 * (empty: it names none) goes before the one that SAP says. */
void product_decide(struct product_state *product, const struct config *config,
    struct str listed);

/* The desired product; false when nothing is known that could be sent.
 * retired: Ometria was told before that there is no such product. */
bool product_body(struct str sku, enum stock_answer in_stock,
    const struct product_state *product, bool retired, struct buf *body);
/* The desired product of a SKU that is nobody's any more. */
void product_body_retired(struct str sku, struct buf *body);

#endif

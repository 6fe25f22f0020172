#ifndef FOLD_ORDER_RESERVE_H
#define FOLD_ORDER_RESERVE_H

/*
 * What an order will still take out of stock: of each line that a delivery is
 * to come of, what was ordered and has not left yet. Pure.
 */

#include "fold/order_view.h"

/* Whether it takes anything: SAP has confirmed it, it is a sale, and neither
 * cancelled nor credited as a whole. */
bool order_reserves(const struct order_view *view);

/*
 * What a line of it still takes, in thousandths of the unit in which its stock
 * is kept (unit_convert: empty = not known); 0 for one that takes nothing. A
 * quantity that cannot be converted counts as it is: rather too much is kept
 * back than sold twice.
 */
int64_t order_line_reserves(const struct order_view *view,
    const struct order_line *line, const struct config *config,
    struct str unit);

#endif

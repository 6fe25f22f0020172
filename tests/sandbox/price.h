#ifndef SANDBOX_PRICE_H
#define SANDBOX_PRICE_H

/*
 * Campaigns of a price drop. A price falls when a product is pushed with a
 * lower one, or when its special price begins; of each listing it is that of
 * its store alone. Who saw the product within six weeks and did not buy it
 * enters at the next full hour, a thousand an hour at most. A price that is
 * wrong for a moment counts.
 */

#include "store.h"

/* Around the change of a product: what it cost, and what it costs. */
void price_before(struct store *store, struct str product);
void price_after(struct store *store, struct str product);
/* Time went by: special prices begin and end. */
void price_tick(struct store *store);

#endif

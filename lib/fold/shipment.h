#ifndef FOLD_SHIPMENT_H
#define FOLD_SHIPMENT_H

/*
 * Shipment and invoice records. The newest message of a delivery or billing
 * document replaces the older one whole (order_merge decides by seq).
 */

#include "fold/order.h"

/* Read a shipment record; seq as the caller decided. */
void shipment_read(struct shipment *shipment, const struct record *record,
    struct str seq, const struct order_rules *rules, struct arena *arena);

/* False: an invoice of kind invoice, which says nothing of orders here. */
bool credit_read(struct credit *credit, const struct record *record,
    struct str seq, const struct order_rules *rules, struct arena *arena);

#endif
